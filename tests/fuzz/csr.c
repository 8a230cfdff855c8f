/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: the table of emulated CSRs. An input is a machine and then CSR instructions, each
 * in VS- or VU-mode, while the hart's counters run. Claimed is what the table says, written as
 * arithmetic: which number may be read by whom, what it reads, and that nothing else changes.
 */
#include "exit/csr.h"
#include "fakes/caps.h"
#include "fakes/vscsr.h"
#include "fuzz/fuzz.h"
#include "riscv/csr.h"
#include "riscv/csr_num.h"

static struct vcpu vcpu;
static uint64_t cycles, instructions; /* what the vCPU must have counted */

static void start_over(struct fuzz *fuzz)
{
    uint64_t bits = fuzz_take(fuzz, 1);

    caps_reset();
    caps.cycle = bits & 1;
    caps.instret = bits & 2;
    vscsr_reset();
    memset(&vcpu, 0, sizeof(vcpu));
    vcpu_reset(&vcpu);
    vcpu.csrs.htimedelta = fuzz_take(fuzz, 8);
    vscsr_load(&vcpu, false);
    cycles = instructions = 0;
}

/* The time of the machine goes on; a counter that is stopped stands still, and so do both until the
 * guest has looked at one. */
static void pass_time(struct fuzz *fuzz)
{
    uint64_t step = fuzz_take(fuzz, 4);
    uint64_t running = vcpu.pmu.is_used ? vcpu.pmu.running : 0;

    if (running & BIT(PMU_CYCLE))
        cycles += step;
    if (running & BIT(PMU_INSTRET))
        instructions += step / 2;
    vscsr_hart.time += step;
    vscsr_hart.counters.cycle += step;
    vscsr_hart.counters.instret += step / 2;
}

static void switch_counter(struct fuzz *fuzz)
{
    uint64_t bits = fuzz_take(fuzz, 1);
    uint64_t counter = BIT(bits & 1 ? PMU_CYCLE : PMU_INSTRET);

    pmu_update(&vcpu.pmu, vscsr_counters());
    if (bits & 2)
        pmu_start(&vcpu.pmu, counter);
    else
        pmu_stop(&vcpu.pmu, counter);
}

static bool is_readable(unsigned csr)
{
    bool is_offered = vscsr_hart.csrs.scounteren & BIT(csr % 32);

    if (csr < CSR_NUM_CYCLE || csr > CSR_NUM_HPMCOUNTER31)
        return false;
    if ((csr == CSR_NUM_CYCLE && !caps.cycle) || (csr == CSR_NUM_INSTRET && !caps.instret))
        return false;
    return is_offered || !vcpu_was_user(&vcpu);
}

static uint64_t value_of(unsigned csr)
{
    switch (csr) {
    case CSR_NUM_CYCLE:
        return cycles;
    case CSR_NUM_TIME:
        return vscsr_hart.time + vcpu.csrs.htimedelta;
    case CSR_NUM_INSTRET:
        return instructions;
    default:
        return 0;
    }
}

/* All that can be emulated is read-only: what writes is refused. */
static void check_instruction(const struct insn *insn)
{
    bool writes = insn->csr_op == INSN_CSR_WRITE || insn->csr_source != 0;
    struct vcpu_regs expected = vcpu.regs;
    bool is_done = csr_emulate(&vcpu, insn);

    fuzz_claim(is_done == (is_readable(insn->csr) && !writes));
    if (is_done && insn->reg != 0)
        expected.x[insn->reg] = value_of(insn->csr);
    fuzz_claim(memcmp(&vcpu.regs, &expected, sizeof(expected)) == 0);
    fuzz_claim(vcpu.regs.x[0] == 0);
}

static void play_instruction(struct fuzz *fuzz)
{
    uint64_t bits = fuzz_take(fuzz, 8);
    uint32_t word = ((uint32_t)bits & ~0x7fU) | 0x73;
    struct insn insn;

    /* Every other one among the counters, every fourth one without a source. */
    if (bits & BIT(32))
        word = (word & 0x01ffffff) | 0xc0000000;
    if ((bits >> 33 & 3) == 0)
        word = (word & ~0xfc000U) | 0x2000;
    insn = insn_decode(word);
    if (insn.kind != INSN_CSR)
        return;
    vcpu.regs.sstatus =
        bits & BIT(35) ? vcpu.regs.sstatus | SSTATUS_SPP : vcpu.regs.sstatus & ~SSTATUS_SPP;
    vscsr_hart.csrs.scounteren = bits & BIT(36) ? bits >> 40 : UINT32_MAX;
    check_instruction(&insn);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};

    start_over(&fuzz);
    while (fuzz.left > 0) {
        switch (fuzz_take_below(&fuzz, 8)) {
        case 0:
            switch_counter(&fuzz);
            break;
        case 1:
            pass_time(&fuzz);
            break;
        default:
            play_instruction(&fuzz);
            break;
        }
    }
    return 0;
}
