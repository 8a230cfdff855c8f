/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One physical hart: what it runs, what waits for it. Touched by that hart alone, but for
 * home.mail.
 */
#ifndef SCHED_HART_H
#define SCHED_HART_H

#include "lib/list.h"
#include "riscv/hart_head.h"
#include "vcpu/vcpu.h"
#include "vm/vm.h"

struct hart {
    /* What assembly knows; first, as tp points here. */
    struct hart_head head;
    /* Where vCPUs are called to. */
    struct vcpu_home home;
    /* The vCPU whose CSRs are in the hart, or NULL. */
    struct vcpu *loaded;
    /* vCPUs that could run, in turn, the current one first. */
    struct list ready;
    unsigned ready_count;
    /* Blocked vCPUs with a deadline, the earliest first. */
    struct list sleepers;
    struct vmid_pool vmids;
    unsigned index; /* of this hart, from 0 */
    /* What this hart does beside running vCPUs, with no lock held, whenever it leaves one; or NULL.
     * Set by boot/. */
    void (*work)(void);
    bool is_up; /* atomic: it came to main_secondary */
};

#endif
