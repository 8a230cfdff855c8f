/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of emulated CSRs. Most CSRs never come here: VS-mode has its own copies, or the hart
 * offers them to it (henvcfg, hcounteren, hstateen0). A new CSR is one line.
 */
#include "exit/csr.h"

#include "riscv/caps.h"
#include "riscv/csr_num.h"
#include "trace/trace.h"
#include "vcpu/vscsr.h"

/* `write` is NULL where the CSR can only be read. */
struct csr {
    uint16_t first, last; /* numbers */
    bool is_counter;      /* from VU-mode scounteren must allow it: Priv 12.1.5 (scounteren) */
    uint64_t (*read)(struct vcpu *vcpu);
    void (*write)(struct vcpu *vcpu, uint64_t value);
};

static uint64_t read_time(struct vcpu *vcpu)
{
    return vscsr_time() + vcpu->csrs.htimedelta;
}

static uint64_t read_cycle(struct vcpu *vcpu)
{
    pmu_update(&vcpu->pmu, vscsr_counters());
    return vcpu->pmu.counters[PMU_CYCLE].value;
}

static uint64_t read_instret(struct vcpu *vcpu)
{
    pmu_update(&vcpu->pmu, vscsr_counters());
    return vcpu->pmu.counters[PMU_INSTRET].value;
}

static uint64_t read_zero(struct vcpu *vcpu)
{
    (void)vcpu;
    return 0;
}

static const struct csr csrs[] = {
    {CSR_NUM_CYCLE, CSR_NUM_CYCLE, true, read_cycle, NULL},
    {CSR_NUM_TIME, CSR_NUM_TIME, true, read_time, NULL},
    {CSR_NUM_INSTRET, CSR_NUM_INSTRET, true, read_instret, NULL},
    /* Counters that count nothing: Priv 3.1.10 (Hardware Performance Monitor). */
    {CSR_NUM_HPMCOUNTER3, CSR_NUM_HPMCOUNTER31, true, read_zero, NULL},
};

static const struct csr *find(uint16_t number)
{
    for (unsigned i = 0; i < ARRAY_SIZE(csrs); i++) {
        if (number >= csrs[i].first && number <= csrs[i].last)
            return &csrs[i];
    }
    return NULL;
}

/* False for a counter that the machine keeps from us. */
static bool exists(uint16_t number)
{
    if (number == CSR_NUM_CYCLE)
        return caps.cycle;
    return number != CSR_NUM_INSTRET || caps.instret;
}

static bool is_allowed(const struct vcpu *vcpu, const struct csr *csr, const struct insn *insn)
{
    if (insn_csr_writes(insn) && !csr->write)
        return false;
    if (!vcpu_was_user(vcpu) || !csr->is_counter)
        return true;
    return vscsr_scounteren() & BIT(insn->csr & CSR_NUM_COUNTER_MASK);
}

static uint64_t new_value(const struct vcpu *vcpu, const struct insn *insn, uint64_t old)
{
    uint64_t source = insn->csr_is_immediate ? insn->csr_source : vcpu->regs.x[insn->csr_source];

    switch (insn->csr_op) {
    case INSN_CSR_SET:
        return old | source;
    case INSN_CSR_CLEAR:
        return old & ~source;
    default:
        return source;
    }
}

bool csr_emulate(struct vcpu *vcpu, const struct insn *insn)
{
    const struct csr *csr = find(insn->csr);
    uint64_t old;

    if (!csr || !exists(insn->csr) || !is_allowed(vcpu, csr, insn))
        return false;
    old = csr->read(vcpu);
    if (insn_csr_writes(insn)) {
        uint64_t new = new_value(vcpu, insn, old);

        csr->write(vcpu, new);
        trace_csr(vcpu->who, TRACE_CSR_WRITE, insn->csr, old, new);
    } else {
        trace_csr(vcpu->who, 0, insn->csr, old, 0);
    }
    if (insn->reg != REG_ZERO)
        vcpu->regs.x[insn->reg] = old;
    return true;
}
