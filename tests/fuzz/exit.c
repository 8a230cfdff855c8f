/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: exits of any cause, with any address, htinst and instruction, out of VS- and
 * VU-mode, with a board behind them. Claimed: pc stays, moves by the instruction's length, or is
 * the guest's trap vector with the trap told; a load changes its register only; who waits asked
 * to; and a machine that ends says why.
 */
#include "exit/exit.h"
#include "fuzz/vm.h"
#include "riscv/insn.h"
#include "vcpu/request.h"

static struct vcpu_regs before;
static struct trap trap;

static uint64_t take_gpa(struct fuzz *fuzz)
{
    static const uint64_t bases[] = {BOARD_UART_BASE,          BOARD_PLIC_BASE,
                                     BOARD_PLIC_BASE + 0x2000, BOARD_PLIC_BASE + 0x200000,
                                     BOARD_RTC_BASE,           BOARD_TEST_BASE};
    uint64_t choice = fuzz_take(fuzz, 1);

    if (choice < 32)
        return vm_take_number(fuzz);
    return bases[choice % ARRAY_SIZE(bases)] + fuzz_take(fuzz, choice & 64 ? 2 : 1) % 0x1010;
}

/* A load, a store, or something else, often in the form that htinst gives it. */
static uint32_t take_word(struct fuzz *fuzz)
{
    static const uint8_t opcodes[] = {0x03, 0x03, 0x23, 0x23, 0x73, 0x2f, 0x07, 0x27};
    uint64_t bits = fuzz_take(fuzz, 5);
    uint32_t word = (uint32_t)bits;

    if (bits >> 32 < 224)
        word = (word & ~0x7fU) | opcodes[bits >> 32 & 7];
    return word;
}

static void take_trap(struct fuzz *fuzz)
{
    static const uint8_t causes[] = {CAUSE_LOAD_GUEST_PAGE_FAULT, CAUSE_STORE_GUEST_PAGE_FAULT,
                                     CAUSE_VIRTUAL_INSN, CAUSE_INSN_GUEST_PAGE_FAULT};
    uint64_t bits = fuzz_take(fuzz, 1);
    uint64_t gpa = take_gpa(fuzz);

    trap = (struct trap){.stval = gpa, .htval = gpa >> 2, .insn_len = 4};
    trap.scause = bits & 7 ? causes[bits % ARRAY_SIZE(causes)] : fuzz_take(fuzz, 1);
    if (bits & 8)
        trap.scause ^= bits & 16 ? 2 : 0; /* loads told as stores, and so on */
    if (bits & 32)
        trap.htinst = bits & 64 ? take_word(fuzz) & ~0xf8000U : vm_take_number(fuzz);
    if (trap.scause == 31)
        trap.scause = CAUSE_INTERRUPT | 9;
    fetch_fake.word = take_word(fuzz);
    fetch_fake.result = bits & 128 ? (enum fetch_result)(fuzz_take(fuzz, 1) % 3) : FETCH_OK;
    fetch_fake.fault = (struct exception){.cause = CAUSE_LOAD_PAGE_FAULT, .tval = gpa};
}

static void take_registers(struct fuzz *fuzz)
{
    uint64_t bits = fuzz_take(fuzz, 1);

    for (unsigned i = 0; i < 4; i++)
        vcpu->regs.x[1 + fuzz_take(fuzz, 1) % 31] = vm_take_number(fuzz);
    vcpu->regs.sepc = bits & 1 ? VM_PC : vm_take_number(fuzz);
    vscsr_hart.csrs.vstvec = VM_STVEC | (bits & 2 ? 1 : 0);
    vscsr_hart.csrs.vsstatus = bits & 4 ? SSTATUS_SIE : 0;
    vscsr_hart.csrs.scounteren = bits & 8 ? UINT32_MAX : 0;
    vcpu->regs.sstatus &= ~SSTATUS_SPP;
    vcpu->regs.hstatus &= ~HSTATUS_SPVP;
    if (bits & 16) {
        vcpu->regs.sstatus |= SSTATUS_SPP;
        vcpu->regs.hstatus |= HSTATUS_SPVP;
    }
}

static unsigned changed_registers(void)
{
    unsigned count = 0;

    for (unsigned i = 0; i < 32; i++)
        count += vcpu->regs.x[i] != before.x[i];
    return count;
}

/* Priv 21.6.2 (Trap Entry): what a trap into VS-mode leaves. */
static void check_injected(void)
{
    const struct vcpu_csrs *csrs = &vscsr_hart.csrs;
    bool was_user = !(before.sstatus & SSTATUS_SPP);

    fuzz_claim(csrs->vsepc == before.sepc && csrs->vscause < CAUSE_COUNT);
    fuzz_claim(csrs->vscause != CAUSE_VIRTUAL_INSN && csrs->vscause != CAUSE_ECALL_VS);
    fuzz_claim(csrs->vscause < CAUSE_INSN_GUEST_PAGE_FAULT);
    fuzz_claim(!(csrs->vsstatus & SSTATUS_SPP) == was_user && !(csrs->vsstatus & SSTATUS_SIE));
    fuzz_claim((vcpu->regs.sstatus & SSTATUS_SPP) && (vcpu->regs.hstatus & HSTATUS_SPVP));
    fuzz_claim(changed_registers() == 0);
}

static void check_resumed(void)
{
    uint64_t step = vcpu->regs.sepc - before.sepc;

    if (vcpu->regs.sepc == VM_STVEC && step != 0 && step != 2 && step != 4) {
        check_injected();
        return;
    }
    fuzz_claim(step == 0 || step == 2 || step == 4 || vcpu->regs.sepc == VM_STVEC);
    if (trap.scause != CAUSE_ECALL_VS)
        fuzz_claim(changed_registers() <= 1);
    if (trap.scause == CAUSE_STORE_GUEST_PAGE_FAULT)
        fuzz_claim(changed_registers() == 0);
}

/* Only WFI of VS-mode and the calls of HSM give the hart away. */
static void check_waiting(void)
{
    bool is_call = trap.scause == CAUSE_ECALL_VS;

    fuzz_claim(is_call || (trap.scause == CAUSE_VIRTUAL_INSN && (before.sstatus & SSTATUS_SPP) &&
                           insn_decode(fetch_fake.word).kind == INSN_WFI));
}

/* False where the machine is over. */
static bool play(void)
{
    enum exit_verdict verdict;

    before = vcpu->regs;
    verdict = exit_take(vcpu, &trap);
    fuzz_claim(vcpu->regs.x[0] == 0);
    switch (verdict) {
    case EXIT_RESUME:
        check_resumed();
        return vm->state == VM_RUNNING; /* a store to the test device ends it at the next look */
    case EXIT_WAIT:
        check_waiting();
        return vcpu->hsm_state == SBI_HSM_STARTED;
    case EXIT_YIELD:
        fuzz_claim(trap.scause & CAUSE_INTERRUPT);
        return true;
    case EXIT_PASS:
        if (trap.scause == CAUSE_ECALL_VS)
            vm_check_called();
        else
            fuzz_claim(insn_decode(fetch_fake.word).kind == INSN_WRS_NTO);
        return true;
    default:
        fuzz_claim(verdict == EXIT_HALT);
        vm_check_stopped();
        return false;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};

    vm_start_over();
    while (fuzz.left > 0) {
        machine_ttys[0].out_count = 0;
        take_registers(&fuzz);
        take_trap(&fuzz);
        vscsr_hart.time += fuzz_take(&fuzz, 2);
        vm_service_due(vcpu, vscsr_hart.time);
        if (!play())
            break;
        (void)vcpu_take_requests(vcpu, UINT64_MAX);
    }
    if (vm->state != VM_RUNNING)
        vm_check_stopped();
    return 0;
}
