/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: SBI calls of a guest of three harts, one after the other, whatever their arguments,
 * while what they ask for is done in between. Claimed: the calling convention (which registers
 * change, which errors there are), that only a call which ends the machine ends it, that memory
 * next to a call's buffer stays as it was, and that the harts' states are ones of the manual.
 */
#include "sbi/sbi.h"
#include "exit/exit.h"
#include "fuzz/vm.h"
#include "vcpu/fence_slot.h"
#include "vcpu/request.h"
#include "vm/steal.h"

#define GUARD 32 /* bytes on both sides of a buffer */

static const uint32_t ids[] = {
    SBI_EXT_BASE, SBI_EXT_TIME, SBI_EXT_IPI, SBI_EXT_RFENCE, SBI_EXT_HSM,
    SBI_EXT_SRST, SBI_EXT_DBCN, SBI_EXT_PMU, SBI_EXT_STA,    SBI_EXT_FWFT,
};

static bool is_legacy(uint64_t id)
{
    return id <= SBI_LEGACY_SHUTDOWN;
}

/* What the mail says, and the requests behind it: as sched/sleep.c settles a vCPU. */
static void serve(struct vcpu *target)
{
    uint64_t requests = vcpu_take_requests(target, UINT64_MAX);
    uint32_t state = target->hsm_state;

    if (requests & VCPU_REQUEST_START) {
        fuzz_claim(state == SBI_HSM_START_PENDING && target != vscsr_hart.loaded);
        vm_begin(target, target->start_pc, target->start_opaque);
    } else if (state == SBI_HSM_SUSPENDED && target != vscsr_hart.loaded) {
        if (target->resumes_at_start)
            vm_begin(target, target->start_pc, target->start_opaque);
        target->resumes_at_start = false;
        target->hsm_state = SBI_HSM_STARTED;
        target->is_blocked = 0;
    }
    if (requests & VCPU_REQUEST_FENCE_RANGE)
        fuzz_claim(fence_slot_take(target).pages <= VMA_PAGES_MAX);
}

static void serve_all(void)
{
    unsigned letters = 0;

    for (struct vcpu *mail = vcpu_take_mail(&home), *next; mail; mail = next) {
        next = mail->mail_next;
        fuzz_claim(++letters <= VM_VCPUS);
    }
    for (unsigned i = 0; i < VM_VCPUS; i++)
        serve(&vm->vcpus[i]);
}

static void check_harts(void)
{
    for (unsigned i = 0; i < VM_VCPUS; i++) {
        uint32_t state = vm->vcpus[i].hsm_state;

        fuzz_claim(state == SBI_HSM_STARTED || state == SBI_HSM_STOPPED ||
                   state == SBI_HSM_START_PENDING || state == SBI_HSM_SUSPENDED);
        fuzz_claim(vm->vcpus[i].regs.x[0] == 0);
        fuzz_claim(!(vm->vcpus[i].pmu.running & ~(pmu_all() | BIT(PMU_CYCLE) | BIT(PMU_INSTRET))));
    }
}

/* What is around a call's buffer; guards that no memory stands behind are all zero both times. */
struct guards {
    uint8_t below[GUARD], above[GUARD];
};

static struct guards read_guards(uint64_t start, uint64_t size)
{
    struct guards guards = {0};

    (void)guest_mem_read(&vm->gstage, start - GUARD, guards.below, GUARD);
    (void)guest_mem_read(&vm->gstage, start + size, guards.above, GUARD);
    return guards;
}

/* The error is of the list; where there is one, a1 is 0. */
static void check_answer(const struct vcpu_regs *before)
{
    int64_t error = (int64_t)vcpu->regs.x[REG_A0];

    fuzz_claim(error <= 0 && error >= SBI_ERR_NO_SHMEM);
    fuzz_claim(error == 0 || vcpu->regs.x[REG_A1] == 0);
    fuzz_claim(error == 0 || error == SBI_ERR_NOT_SUPPORTED || sbi_find(before->x[REG_A7]));
    if (before->x[REG_A7] == SBI_EXT_BASE && before->x[REG_A6] == SBI_BASE_PROBE_EXTENSION)
        fuzz_claim(!vcpu->regs.x[REG_A1] == !sbi_find(before->x[REG_A0]));
    if (before->x[REG_A7] == SBI_EXT_DBCN && error == 0)
        fuzz_claim(vcpu->regs.x[REG_A1] <= before->x[REG_A0]);
}

static void check_advance(const struct vcpu_regs *before)
{
    struct vcpu_regs after = vcpu->regs;

    fuzz_claim(after.sepc == before->sepc + 4);
    if (!is_legacy(before->x[REG_A7]))
        check_answer(before);
    else
        fuzz_claim(after.x[REG_A1] == before->x[REG_A1]);
    after.sepc = before->sepc;
    after.x[REG_A0] = before->x[REG_A0];
    after.x[REG_A1] = before->x[REG_A1];
    fuzz_claim(memcmp(&after, before, sizeof(after)) == 0);
}

/* The guest's own fault at its ECALL: only where legacy calls read a mask of its memory. */
static void check_injected(const struct vcpu_regs *before)
{
    uint64_t id = before->x[REG_A7];

    fuzz_claim(id >= SBI_LEGACY_SEND_IPI && id <= SBI_LEGACY_REMOTE_SFENCE_VMA_ASID);
    fuzz_claim(fetch_fake.result == FETCH_FAULT && before->x[REG_A0] != 0);
    fuzz_claim(vcpu->csrs.vsepc == before->sepc && vcpu->csrs.vscause == fetch_fake.fault.cause);
    vcpu->regs.sepc = before->sepc + 4;
}

/* Where the call may write: DBCN's buffer by what it read, STA's page. */
static uint64_t buffer_of(const struct vcpu_regs *regs, uint64_t *size)
{
    bool is_read = regs->x[REG_A7] == SBI_EXT_DBCN && regs->x[REG_A6] == SBI_DBCN_READ;
    bool is_sta = regs->x[REG_A7] == SBI_EXT_STA;

    *size = is_sta ? STEAL_SIZE : regs->x[REG_A0];
    if (is_read)
        return regs->x[REG_A1];
    return is_sta ? regs->x[REG_A0] : 0;
}

/* False where the machine is over. */
static bool call(void)
{
    struct vcpu_regs before = vcpu->regs;
    struct trap trap = {.scause = CAUSE_ECALL_VS, .insn_len = 4};
    uint64_t size, buffer = buffer_of(&before, &size);
    struct guards guards = read_guards(buffer, size), guards_after;
    enum exit_verdict verdict = exit_handle(vcpu, &trap);

    guards_after = read_guards(buffer, size);
    fuzz_claim(memcmp(&guards, &guards_after, sizeof(guards)) == 0);
    switch (verdict) {
    case EXIT_RESUME:
        if (vcpu->regs.sepc == VM_STVEC)
            check_injected(&before);
        else
            check_advance(&before);
        fuzz_claim(vm->state == VM_RUNNING);
        return true;
    case EXIT_PASS:
        check_advance(&before);
        vm_check_called();
        return true;
    case EXIT_WAIT:
        fuzz_claim(before.x[REG_A7] == SBI_EXT_HSM);
        fuzz_claim(vcpu->hsm_state == SBI_HSM_STOPPED || vcpu->hsm_state == SBI_HSM_SUSPENDED);
        return true;
    default:
        fuzz_claim(verdict == EXIT_HALT);
        fuzz_claim(before.x[REG_A7] == SBI_EXT_SRST || before.x[REG_A7] == SBI_LEGACY_SHUTDOWN);
        vm_check_stopped();
        return false;
    }
}

static void take_call(struct fuzz *fuzz)
{
    uint64_t id = fuzz_take(fuzz, 1), function = fuzz_take(fuzz, 1);

    for (unsigned reg = REG_A0; reg <= REG_A5; reg++)
        vcpu->regs.x[reg] = fuzz_take_below(fuzz, 4) ? vm_take_number(fuzz) : 0;
    vcpu->regs.x[REG_A6] = function < 240 ? function % 12 : vm_take_number(fuzz);
    if (id < 200)
        vcpu->regs.x[REG_A7] = ids[id % ARRAY_SIZE(ids)];
    else
        vcpu->regs.x[REG_A7] = id < 240 ? id % 16 : vm_take_number(fuzz);
    fetch_fake.result = function & 16 ? FETCH_FAULT : FETCH_OK;
    fetch_fake.fault = (struct exception){.cause = CAUSE_LOAD_PAGE_FAULT, .tval = id};
    fetch_fake.value = vcpu->regs.x[REG_A5];
    vcpu->regs.sepc = VM_PC;
}

/* The next vCPU that could run, if the loaded one can not. False where all of them wait. */
static bool find_runner(unsigned wish)
{
    for (unsigned i = 0; i < VM_VCPUS; i++) {
        struct vcpu *next = &vm->vcpus[(wish + i) % VM_VCPUS];

        if (next->hsm_state == SBI_HSM_STARTED) {
            vm_switch(next);
            return true;
        }
    }
    return false;
}

/* Out of its hart if it left by its own call, as the run loop does it. */
static void leave_hart(void)
{
    if (vcpu->hsm_state == SBI_HSM_STARTED)
        return;
    vscsr_save(vcpu);
    vcpu->is_blocked = 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};

    vm_start_over();
    while (fuzz.left > 0) {
        uint64_t bits = fuzz_take(&fuzz, 1);

        machine_ttys[0].out_count = machine_ttys[0].in_count = 0;
        if (bits & 1)
            tty_type(&machine_ttys[0], "input");
        if (bits & 2)
            vm_console_poke(vm);
        take_call(&fuzz);
        vscsr_hart.time += bits;
        vscsr_hart.counters.cycle += bits;
        if (!call())
            return 0;
        check_harts();
        leave_hart();
        if (bits & 12)
            serve_all();
        if (!find_runner((unsigned)(bits >> 4))) {
            serve_all();
            if (!find_runner(0))
                return 0;
        }
    }
    return 0;
}
