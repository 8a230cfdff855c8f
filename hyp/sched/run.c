/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The run loop: pick a vCPU, show it its interrupts, enter, handle the exit; again, or switch.
 * This is where the trap path begins (docs/TRAP.md); the next stop is vcpu/enter.S.
 */
#include "sched/run.h"

#include "exit/exit.h"
#include "exit/exit_observe.h"
#include "platform.h"
#include "riscv/caps.h"
#include "riscv/csr.h"
#include "sched/queue.h"
#include "sched/tick.h"
#include "trace/trace.h"
#include "vcpu/deadline.h"
#include "vcpu/enter.h"
#include "vcpu/pending.h"
#include "vcpu/request.h"
#include "vcpu/vscsr.h"
#include "vm/steal.h"

/* What the guest was shown. hvip is read only where somebody wants it. */
static void note_interrupts(struct vcpu *vcpu, uint64_t raised, uint64_t lowered)
{
    if (!trace_wants(TRACE_INTERRUPT))
        return;
    vscsr_save_hvip(vcpu);
    trace_interrupt(vcpu->who, raised, lowered, vcpu->csrs.hvip);
}

/* Without Sstc the guest's timer is ours to watch: it is due, and shown, or it is not, and our
 * timer is set to it, or to `next` if that is before. Both by one reading of the time, so that it
 * cannot slip in between. */
static __attribute__((noinline)) void watch_timer(struct vcpu *vcpu, uint64_t next)
{
    uint64_t now = vscsr_time();

    if (deadline_is_due(vcpu, now)) {
        vscsr_change_hvip(HVIP_VSTIP, 0);
        note_interrupts(vcpu, HVIP_VSTIP, 0);
    }
    platform_timer_set(tick_with_guest(next, vcpu, now));
}

/* The hart's timer is set to what comes first. */
static inline void arm_timer(const struct hart *hart, struct vcpu *vcpu, bool may_sleep)
{
    uint64_t next = tick_next(hart, vcpu, may_sleep);

    if (caps.sstc)
        platform_timer_set(next);
    else
        watch_timer(vcpu, next);
}

static void show_interrupts(struct vcpu *vcpu)
{
    uint64_t raise, lower;

    pending_take(vcpu, &raise, &lower);
    vscsr_change_hvip(raise, lower);
    note_interrupts(vcpu, raise, lower);
}

/* What others asked of the vCPU, before it may run on. */
static __attribute__((noinline)) enum exit_verdict serve(struct hart *hart, struct vcpu *vcpu,
                                                         uint64_t requests)
{
    if ((requests & VCPU_REQUEST_STOP) || ((requests & VCPU_REQUEST_STATE) && vm_holds(vcpu))) {
        vcpu_request(vcpu, requests); /* it leaves its hart; the queue looks at them again */
        return EXIT_HALT;
    }
    vm_fence(vcpu, requests);
    if (requests & VCPU_REQUEST_INTERRUPT)
        show_interrupts(vcpu);
    if (requests & VCPU_REQUEST_TIMER) {
        vm_service_due(vcpu, vscsr_time());
        arm_timer(hart, vcpu, queue_may_sleep(hart));
    }
    return EXIT_RESUME;
}

/* The same path, under the eyes of statistics and traces. */
static enum exit_verdict run_observed(struct vcpu *vcpu)
{
    struct trap *trap;

    trace_entry(vcpu->who, vcpu->regs.sepc, vcpu->regs.hstatus, vcpu->regs.sstatus);
    trap = vcpu_enter(vcpu);
    vcpu_announce_exit(vcpu);
    return exit_observe(vcpu, trap);
}

static enum exit_verdict run_once(struct hart *hart, struct vcpu *vcpu)
{
    uint64_t requests = vcpu_announce_entry(vcpu);
    struct trap *trap;

    if (requests)
        return serve(hart, vcpu, requests);
    if (word_load_u32(&vcpu->is_observed))
        return run_observed(vcpu);
    trap = vcpu_enter(vcpu);
    vcpu_announce_exit(vcpu);
    return exit_take(vcpu, trap);
}

/* The vCPU's CSRs into the hart, if another's are there. */
static void load(struct hart *hart, struct vcpu *vcpu)
{
    struct vcpu *from = hart->loaded;
    bool drop_translations;

    if (from == vcpu)
        return;
    if (trace_wants(TRACE_SCHED))
        trace_switch(vcpu->who, from ? from->who : TRACE_NOBODY);
    drop_translations = vm_bind(vcpu, &hart->vmids);
    steal_end(vcpu, hart->now);
    if (from) {
        steal_begin(from, hart->now); /* it is ready, or it would not be loaded */
        vscsr_exchange(from, vcpu, drop_translations);
    } else {
        vscsr_load(vcpu, drop_translations);
    }
    vcpu->regs.host_tp = (uintptr_t)hart;
    hart->loaded = vcpu;
}

/* With nobody else waiting, WFI of the guest is the hart's own. Priv 21.2.1 (hstatus), VTW */
static inline void choose_wfi(struct vcpu *vcpu, bool may_sleep)
{
    if (may_sleep)
        vcpu->regs.hstatus &= ~HSTATUS_VTW;
    else
        vcpu->regs.hstatus |= HSTATUS_VTW;
}

/* QEMU traps WFI also with an interrupt pending; then the guest goes on at once. */
static bool may_continue(const struct vcpu *vcpu)
{
    return __atomic_load_n(&vcpu->hsm_state, __ATOMIC_SEQ_CST) == SBI_HSM_STARTED &&
           vscsr_pending(vcpu);
}

/* Until the hart has something else to look at. */
static void run(struct hart *hart, struct vcpu *vcpu)
{
    enum exit_verdict verdict;
    bool may_sleep;

    vm_service_due(vcpu, hart->now);
    load(hart, vcpu);
    may_sleep = queue_may_sleep(hart);
    choose_wfi(vcpu, may_sleep);
    arm_timer(hart, vcpu, may_sleep);
    do {
        verdict = run_once(hart, vcpu);
    } while (verdict == EXIT_RESUME && !vcpu_has_mail(&hart->home));

    if (verdict == EXIT_YIELD)
        return;
    if (verdict == EXIT_PASS)
        queue_pass(hart);
    if (verdict == EXIT_HALT || (verdict == EXIT_WAIT && !may_continue(vcpu)))
        queue_block(hart, vcpu);
}

_Noreturn void run_forever(struct hart *hart)
{
    for (;;) {
        struct vcpu *vcpu;

        if (word_load_u32(&hart->home.has_work))
            hart->work();
        vcpu = queue_pick(hart);
        if (vcpu) {
            run(hart, vcpu);
        } else if (!vcpu_has_mail(&hart->home)) { /* one's own comes without a kick */
            trace_sched(TRACE_NOBODY, TRACE_SCHED_IDLE, 0);
            vscsr_leave();
            platform_timer_set(tick_next(hart, NULL, true));
            platform_wait();
            platform_interrupts();
        }
    }
}
