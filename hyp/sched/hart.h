/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One physical hart: what it runs, what waits for it. Touched by that hart alone, but for
 * home.mail and its sign.
 */
#ifndef SCHED_HART_H
#define SCHED_HART_H

#include "riscv/hart_head.h"
#include "sched/policy.h"
#include "trace/ring.h"
#include "vcpu/vcpu.h"
#include "vm/vm.h"

/* What a hart says of itself to the others, atomically: sched/balance.h. */
struct hart_sign {
    uint32_t is_idle; /* it has nobody to run, and takes what it is given */
    uint32_t count;   /* vCPUs that it could run */
    struct policy_pace pace;
};

struct hart {
    /* What assembly knows; first, as tp points here. */
    struct hart_head head;
    /* Where vCPUs are called to. */
    struct vcpu_home home;
    /* The vCPU whose CSRs are in the hart, or NULL. */
    struct vcpu *loaded;
    /* The vCPU whose turn it is, or NULL; until when, and up to when it has been charged. */
    struct vcpu *running;
    uint64_t slice_end; /* host time; the end of a turn only if others wait */
    uint64_t now;       /* host time of the last look at the queues */
    bool passes;        /* it lets others go first */
    /* vCPUs that could run and wait for their turn. */
    const struct policy *policy;
    struct policy_queue ready;
    unsigned ready_count; /* of them, and the one whose turn it is */
    uint64_t weight;      /* theirs together */
    /* vCPUs blocked with a deadline, or held back by a cap, by the time of their waking. */
    struct heap sleepers;
    struct vmid_pool vmids;
    unsigned index; /* of this hart, from 0 */
    struct hart_sign sign;
    uint64_t balance_at; /* host time of the next look at who is ahead */
    struct hart *next;   /* fixed after boot */
    /* What this hart does beside running vCPUs, with no lock held, where it leaves one and
     * home.has_work is set. Set by boot/, if ever. */
    void (*work)(void);
    /* What it recorded, once head.ring leads here: monitor/tracing.c. */
    struct trace_ring ring;
    bool is_up; /* atomic: it came to main_secondary */
};

#endif
