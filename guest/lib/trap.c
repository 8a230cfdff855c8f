// SPDX-License-Identifier: BSD-2-Clause
/*
 * What happens to a trap of the guest's kernel: reported to a try, given to the guest's handler,
 * or the end. trap.S comes before; the traps of user programs do not pass here.
 */
#include "lib/trap.h"

#include "lib/harts.h"
#include "lib/tap.h"
#include "riscv/cause.h"
#include "riscv/csr.h"
#include "riscv/hart.h"

#include <stddef.h>

_Static_assert(offsetof(struct trap_frame, x[REG_SP]) == FRAME_SP, "trap_layout.h");
_Static_assert(offsetof(struct trap_frame, sepc) == FRAME_SEPC, "trap_layout.h");
_Static_assert(offsetof(struct trap_frame, sstatus) == FRAME_SSTATUS, "trap_layout.h");
_Static_assert(offsetof(struct trap_frame, scause) == FRAME_SCAUSE, "trap_layout.h");
_Static_assert(offsetof(struct trap_frame, stval) == FRAME_STVAL, "trap_layout.h");
_Static_assert(offsetof(struct trap_frame, kernel_sp) == FRAME_KERNEL_SP, "trap_layout.h");
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "trap_layout.h");

/* trap.S */
uint64_t trap_call(trap_try_fn *fn, uint64_t a, uint64_t b, uint64_t *recover);
extern const char trap_call_end[];
void trap_dispatch(struct trap_frame *frame);

static trap_handler *handler_now;

void trap_set_handler(trap_handler *handler)
{
    handler_now = handler;
}

struct trap_seen trap_try(trap_try_fn *fn, uint64_t a, uint64_t b)
{
    struct hart *hart = hart_self();

    hart->seen.taken = false;
    uint64_t value = trap_call(fn, a, b, &hart->recover);
    struct trap_seen seen = hart->seen;

    seen.value = value;
    return seen;
}

static void report_to_try(struct hart *hart, struct trap_frame *frame)
{
    hart->seen = (struct trap_seen){
        .taken = true,
        .cause = frame->scause,
        .tval = frame->stval,
        .epc = frame->sepc,
    };
    frame->sepc = (uint64_t)trap_call_end;
    frame->x[REG_SP] = hart->recover;
}

static _Noreturn void unexpected(const struct trap_frame *frame)
{
    tap_diag("unexpected trap: scause %lx stval %lx sepc %lx", frame->scause, frame->stval,
             frame->sepc);
    tap_fail();
}

void trap_dispatch(struct trap_frame *frame)
{
    struct hart *hart = hart_self();

    if (!(frame->scause & CAUSE_INTERRUPT) && hart->recover)
        report_to_try(hart, frame);
    else if (handler_now)
        handler_now(frame);
    else
        unexpected(frame);
}

void trap_user_init(struct trap_frame *frame, uint64_t pc, uint64_t sp)
{
    *frame = (struct trap_frame){.sepc = pc};
    frame->x[REG_SP] = sp;
    frame->sstatus = (csr_read(sstatus) & ~(SSTATUS_SPP | SSTATUS_SIE)) | SSTATUS_SPIE;
}

bool trap_interrupts_on(void)
{
    uint64_t old;

    __asm__ volatile("csrrsi %0, sstatus, 2" : "=r"(old) : : "memory");
    return old & SSTATUS_SIE;
}

bool trap_interrupts_off(void)
{
    uint64_t old;

    __asm__ volatile("csrrci %0, sstatus, 2" : "=r"(old) : : "memory");
    return old & SSTATUS_SIE;
}

void trap_interrupts_restore(bool were_on)
{
    if (were_on)
        csr_set(sstatus, SSTATUS_SIE);
    else
        csr_clear(sstatus, SSTATUS_SIE);
}
