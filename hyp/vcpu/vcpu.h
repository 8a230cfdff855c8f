/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One virtual hart: its whole state, grouped by when it moves. Which hart runs it and when is
 * not here (sched/), nor what its exits mean (exit/).
 */
#ifndef VCPU_VCPU_H
#define VCPU_VCPU_H

#include "lib/archive.h"
#include "lib/heap.h"
#include "lib/list.h"
#include "riscv/insn.h"
#include "riscv/sbi.h"
#include "riscv/trap.h"
#include "riscv/vma_range.h"
#include "vcpu/pmu.h"
#include "vcpu/vcpu_layout.h"

#include <stdbool.h>
#include <stdint.h>

struct vm;
struct vmid;
struct exit_counts;

/* Numbers of the integer registers, by their ABI names. */
enum reg {
    REG_ZERO,
    REG_RA,
    REG_SP,
    REG_GP,
    REG_TP,
    REG_A0 = 10,
    REG_A1,
    REG_A2,
    REG_A3,
    REG_A4,
    REG_A5,
    REG_A6,
    REG_A7,
};

/* Register n lives at 8n; x[0] is always zero. The offsets are pinned in vcpu_layout.h. */
struct vcpu_regs {
    uint64_t x[32];
    uint64_t sepc;
    uint64_t sstatus;
    uint64_t hstatus;
    /* Where the hypervisor goes on when the guest traps: enter.S. */
    uint64_t host_sp;
    uint64_t host_tp;
};

/* The CSRs that VS-mode sees as its own, and what HS-mode sets up for it. */
struct vcpu_csrs {
    uint64_t vsstatus;
    uint64_t vsie;
    uint64_t vstvec;
    uint64_t vsscratch;
    uint64_t vsepc;
    uint64_t vscause;
    uint64_t vstval;
    uint64_t vsatp;
    uint64_t vstimecmp; /* in guest time; without Sstc the software's copy of it */
    uint64_t hvip;
    uint64_t scounteren; /* no VS copy exists of these three: swapped by hand */
    uint64_t senvcfg;
    uint64_t sstateen0;
    uint64_t hedeleg; /* from here to hstateen0: its environment */
    uint64_t hideleg;
    uint64_t henvcfg;
    uint64_t hcounteren;
    uint64_t hstateen0;
    uint64_t htimedelta;
    uint64_t hgatp; /* the ready word, from vm_bind */
};

/* Names for the values of an environment. A hart knows the name of what it holds, and is not
 * written where a vCPU has the same: vscsr.c. Who lets the values of a vCPU differ gives them
 * another name. */
enum vcpu_environment {
    VCPU_ENVIRONMENT_UNKNOWN, /* of a hart at first */
    VCPU_ENVIRONMENT_USUAL,
    VCPU_ENVIRONMENT_BREAKPOINTS, /* its breakpoint exceptions come to us */
};

/* Floating-point state; offsets are pinned in vcpu_layout.h. */
struct vcpu_fp {
    uint64_t f[32];
    uint64_t fcsr;
};

/* Vector state but for the registers; offsets are pinned in vcpu_layout.h. */
struct vcpu_vector {
    uint64_t vstart;
    uint64_t vcsr;
    uint64_t vl;
    uint64_t vtype;
    void *registers; /* 32 * caps.vlenb bytes; NULL without V */
};

/* What other harts ask of a vCPU: bits of vcpu->requests. */
#define VCPU_REQUEST_INTERRUPT   BIT(0) /* vcpu->pending changed */
#define VCPU_REQUEST_FENCE_VVMA  BIT(1) /* drop its VS-stage translations before it runs on */
#define VCPU_REQUEST_FENCE_I     BIT(2) /* see stores to code before it runs on */
#define VCPU_REQUEST_START       BIT(3) /* hart_start was called for it */
#define VCPU_REQUEST_STOP        BIT(4) /* its machine stops: leave the hart for good */
#define VCPU_REQUEST_TIMER       BIT(5) /* csrs.vstimecmp or device_deadline changed: arm anew */
#define VCPU_REQUEST_FENCE_RANGE BIT(6) /* as FENCE_VVMA, for what vcpu->fence says */
#define VCPU_REQUEST_STATE       BIT(7) /* held, or not any more: vm_holds */

/* The requests that a vCPU off its hart must be woken for; fences can wait until it runs. */
#define VCPU_REQUESTS_WAKING                                                                       \
    (VCPU_REQUEST_INTERRUPT | VCPU_REQUEST_START | VCPU_REQUEST_TIMER | VCPU_REQUESTS_HELD)

/* Those that a vCPU of a paused machine is woken for; the others wait. */
#define VCPU_REQUESTS_HELD (VCPU_REQUEST_STOP | VCPU_REQUEST_STATE)

/* A load or store of a device, and the htinst that told it; 0 where nothing is kept. */
struct vcpu_access {
    uint64_t htinst;
    struct insn insn;
};

/* Interrupts that others raised or lowered and that hvip does not show yet. */
struct vcpu_pending {
    uint64_t changed; /* atomic: bits of HVIP_ALL */
    uint64_t level;   /* atomic */
};

/* What VCPU_REQUEST_FENCE_RANGE is about: vcpu/fence_slot.h. */
struct vcpu_fence {
    uint32_t is_taken; /* atomic */
    struct vma_range range;
};

/* What a debugger does with it: vm/debug.h. */
struct vcpu_debug {
    uint32_t is_held;       /* atomic: it may not run */
    uint8_t has_event;      /* atomic: its last exit is for the debugger, who has not looked yet */
    bool takes_breakpoints; /* they come to us instead of to its guest */
    bool runs;              /* the debugger's: it lets it run */
};

/* Time that the vCPU could have run in while another had its hart: vm/steal.h. */
struct vcpu_steal {
    uint64_t gpa; /* where the guest is told, or VCPU_STEAL_NOWHERE */
    uint64_t stolen_ns;
    uint64_t since; /* host time: it could run, and waits for its hart */
    uint32_t sequence;
};

#define VCPU_STEAL_NOWHERE UINT64_MAX

/* Its turns on its home hart, which alone touches this: sched/. */
struct vcpu_turn {
    struct heap_node node; /* among those that wait for the hart, or sleep */
    uint64_t virtual_time; /* by which it waits; the policy's */
    uint64_t pace;         /* virtual time in a tick of its turn; the policy's */
    uint32_t weight;       /* 1 and up; its part of the hart is in proportion */
    bool is_ready;         /* it has its turn, or waits for it in the policy's queue */
    bool is_held;          /* it sleeps as its VM had its cap, and is not blocked */
    bool is_moving;        /* it is in the mail of another hart, which will be its home */
};

/* One physical hart, as its vCPUs see it: where they are called to. */
struct vcpu_home {
    uint64_t hartid;
    uint32_t index;                    /* of that hart, from 0 */
    struct vcpu *mail;                 /* atomic: woken vCPUs, linked through mail_next */
    struct vcpu *wanted;               /* atomic: vm/prefer.h */
    uint64_t fp_values;                /* what the hart's F, D and V registers hold: fpu.h */
    enum vcpu_environment environment; /* what its hedeleg and so on hold */
    uint32_t has_work; /* atomic: it has something to do beside running vCPUs, or may have */
};

struct vcpu {
    /* Saved on every exit: enter.S. First, so that a vcpu's address is its registers'. */
    struct vcpu_regs regs;
    uint64_t traps_at; /* the number of exits so far, times the size of a trap */

    /* Saved and loaded when another vCPU takes the hart: vscsr.c. While it is loaded, the
     * hardware holds the current values. */
    struct vcpu_csrs csrs;
    enum vcpu_environment environment;

    /* Saved when another vCPU takes the hart, if they changed, and loaded where the hart holds
     * others: fpu.c. fcsr, vcsr and vstart move always: vscsr.c. */
    struct vcpu_fp fp;
    struct vcpu_vector vector;
    uint64_t fp_values; /* the name of these values: fpu.h */

    /* Written by any hart, atomically: request.c, pending.c, fence_slot.c. */
    uint64_t requests;
    struct vcpu_pending pending;
    struct vcpu_fence fence;
    uint32_t in_guest;     /* it is between vcpu_announce_entry and its exit */
    uint32_t is_blocked;   /* off the run queue until somebody wakes it */
    uint32_t hsm_state;    /* enum sbi_hsm_state */
    bool resumes_at_start; /* SUSPENDED without retention: wakes as if started. Its hart's alone */
    struct vcpu *mail_next;
    uint64_t device_deadline; /* host time at which a device of its VM wants vm_service */

    /* The caller's arguments of hart_start, written before VCPU_REQUEST_START. */
    uint64_t start_pc;
    uint64_t start_opaque;

    /* Its counters; the home hart's alone. While it is loaded, cycle and instret count in the
     * hardware: pmu.h. */
    struct pmu pmu;

    /* Changes when another vCPU takes the hart, or this one; home hart only: vm/steal.c. */
    struct vcpu_steal steal;
    uint64_t usage; /* atomic: usage.h. It stays through resets */

    /* Changed by a debugger, and at exits that are for it. It stays through resets. */
    struct vcpu_debug debug;

    /* The last ones, as the next may be the same: exit_page_fault.c. What a word tells does not
     * change, so they are true for ever. */
    struct vcpu_access load, store;

    /* What EXIT_INJECT delivers. */
    struct exception inject;

    struct vcpu_turn turn;

    /* Atomic: somebody counts its exits, or traces them: exit/exit_observe.h. */
    uint32_t is_observed;

    /* Fixed at creation. */
    uint32_t id;  /* the guest's hartid */
    uint32_t who; /* it and its VM, for traces: trace_who */
    struct vm *vm;
    struct vmid *vmid; /* one of its VM's */
    struct vcpu_home *home;
    struct exit_counts *counts; /* or NULL: its exits are not counted */

    /* Its last exits, in turn: enter.S. At `traps_at`, modulo their size, the next one goes. Behind
     * the rest, as they are large. */
    struct trap traps[VCPU_TRAPS_COUNT];
};

/* How often it left its guest. */
static inline uint64_t vcpu_exits(const struct vcpu *vcpu)
{
    return vcpu->traps_at / sizeof(struct trap);
}

/* The exit before the last `back` ones, or NULL where so many are not kept; those before a reset
 * are not. Its hart does not run its guest. */
const struct trap *vcpu_trap_back(const struct vcpu *vcpu, unsigned back);

/*
 * The state of a hart that has not started: registers zero, delegation and environment as
 * caps allows, HSM state STOPPED. The vCPU is not loaded; id, vm, home, debug,
 * vector.registers, load and store are kept, everything else is overwritten.
 */
void vcpu_reset(struct vcpu *vcpu);

/*
 * The start state of SBI 9.1 (hart_start): pc, a0 = id, a1 = opaque, satp = 0, SIE = 0; HSM
 * state STARTED. The vCPU is not loaded and runs on no hart.
 */
void vcpu_start(struct vcpu *vcpu, uint64_t pc, uint64_t opaque);

/* From now on its breakpoint exceptions come to us, or are its guest's own. It is not loaded. */
void vcpu_take_breakpoints(struct vcpu *vcpu, bool takes);

/* True where the trap came from VU-mode rather than VS-mode. */
bool vcpu_was_user(const struct vcpu *vcpu);

/* Everything a snapshot needs; the vCPU is not loaded. */
void vcpu_archive(struct vcpu *vcpu, struct archive *archive);

#endif
