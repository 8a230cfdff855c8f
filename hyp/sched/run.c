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
 * timer is set to it. Both by one reading of the time, so that it cannot slip in between. */
static __attribute__((noinline)) void watch_timer(struct hart *hart, struct vcpu *vcpu,
                                                  uint64_t now)
{
    if (deadline_is_due(vcpu, now)) {
        vscsr_change_hvip(HVIP_VSTIP, 0);
        note_interrupts(vcpu, HVIP_VSTIP, 0);
    }
    tick_arm(hart, vcpu, now);
}

static void update_timer(struct hart *hart, struct vcpu *vcpu, uint64_t now)
{
    vm_service_due(vcpu, now);
    if (caps.sstc)
        tick_arm(hart, vcpu, now);
    else
        watch_timer(hart, vcpu, now);
}

static void show_interrupts(struct vcpu *vcpu)
{
    uint64_t raise, lower;

    pending_take(vcpu, &raise, &lower);
    vscsr_change_hvip(raise, lower);
    note_interrupts(vcpu, raise, lower);
}

/* What others asked of the vCPU, before it may run on. */
static enum exit_verdict serve(struct hart *hart, struct vcpu *vcpu, uint64_t requests)
{
    if ((requests & VCPU_REQUEST_STOP) || ((requests & VCPU_REQUEST_STATE) && vm_holds(vcpu))) {
        vcpu_request(vcpu, requests); /* it leaves its hart; the queue looks at them again */
        return EXIT_HALT;
    }
    vm_fence(vcpu, requests);
    if (requests & VCPU_REQUEST_INTERRUPT)
        show_interrupts(vcpu);
    if (requests & VCPU_REQUEST_TIMER)
        update_timer(hart, vcpu, vscsr_time());
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
    if (__atomic_load_n(&vcpu->is_observed, __ATOMIC_RELAXED))
        return run_observed(vcpu);
    trap = vcpu_enter(vcpu);
    vcpu_announce_exit(vcpu);
    return exit_take(vcpu, trap);
}

/* The vCPU's CSRs into the hart, if another's are there. */
static void load(struct hart *hart, struct vcpu *vcpu)
{
    uint64_t now = hart->now;

    if (hart->loaded == vcpu)
        return;
    if (trace_wants(TRACE_SCHED))
        trace_switch(vcpu->who, hart->loaded ? hart->loaded->who : TRACE_NOBODY);
    if (hart->loaded) {
        vscsr_save(hart->loaded);
        steal_begin(hart->loaded, now); /* it is ready, or it would not be loaded */
    }
    steal_end(vcpu, now);
    vscsr_load(vcpu, vm_bind(vcpu, &hart->vmids));
    vcpu->regs.host_tp = (uintptr_t)hart;
    hart->loaded = vcpu;
}

/* With nobody else waiting, WFI of the guest is the hart's own. Priv 21.2.1 (hstatus), VTW */
static void choose_wfi(const struct hart *hart, struct vcpu *vcpu)
{
    if (queue_may_sleep(hart))
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

    load(hart, vcpu);
    choose_wfi(hart, vcpu);
    update_timer(hart, vcpu, hart->now);
    do {
        verdict = run_once(hart, vcpu);
    } while (verdict == EXIT_RESUME && !vcpu_has_mail(&hart->home));

    if (verdict == EXIT_PASS)
        queue_pass(hart);
    if (verdict == EXIT_HALT || (verdict == EXIT_WAIT && !may_continue(vcpu)))
        queue_block(hart, vcpu);
}

_Noreturn void run_forever(struct hart *hart)
{
    for (;;) {
        struct vcpu *vcpu;

        if (__atomic_load_n(&hart->home.has_work, __ATOMIC_RELAXED))
            hart->work();
        vcpu = queue_pick(hart);
        if (vcpu) {
            run(hart, vcpu);
        } else if (!vcpu_has_mail(&hart->home)) { /* one's own comes without a kick */
            trace_sched(TRACE_NOBODY, TRACE_SCHED_IDLE, 0);
            vscsr_leave();
            tick_arm(hart, NULL, vscsr_time());
            platform_wait();
            platform_interrupts();
        }
    }
}
