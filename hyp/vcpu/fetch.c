/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest loads by the hypervisor, which may fault. A fault overwrites hstatus.SPV and GVA and
 * sstatus.SPP and SPIE; vcpu->regs holds the guest's, and the next entry writes them back.
 * Priv 21.3.1 (HLV, HLVX, HSV).
 */
#include "vcpu/fetch.h"

#include "riscv/hart.h"
#include "riscv/hart_head.h"

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

/* Runs one guest load; a trap goes on at label 1 with `failed` still set. */
#define GUEST_LOAD(insn, gva, value, failed)                                                       \
    __asm__ volatile(HART_ASM("lla  %1, 1f\n"                                                      \
                              "sd   %1, " TEXT(HART_RECOVER) "(tp)\n"                              \
                                                             "li   %1, 1\n" insn " %0, (%2)\n"     \
                                                             "li   %1, 0\n"                        \
                                                             "1: sd   zero, " TEXT(                \
                                                                 HART_RECOVER) "(tp)")             \
                     : "=&r"(value), "=&r"(failed)                                                 \
                     : "r"(gva)                                                                    \
                     : "memory")

/* SPVP says with whose rights the load is made. */
static void use_guest_rights(const struct vcpu *vcpu)
{
    csr_write(hstatus, vcpu->regs.hstatus);
}

/* QEMU 10 reports a failing HLVX as cause 12 at both stages; htval tells them apart there. */
static bool is_gstage_fault(void)
{
    uint64_t cause = csr_read(scause);

    return cause == CAUSE_LOAD_GUEST_PAGE_FAULT || cause == CAUSE_INSN_GUEST_PAGE_FAULT ||
           csr_read(htval) != 0;
}

static enum fetch_result fetch_half(uint64_t gva, uint32_t *half, struct exception *exception)
{
    uint64_t value, failed;

    GUEST_LOAD("hlvx.hu", gva, value, failed);
    if (!failed) {
        *half = (uint32_t)value;
        return FETCH_OK;
    }
    if (is_gstage_fault())
        return FETCH_RETRY;
    exception->cause = csr_read(scause) == CAUSE_LOAD_ACCESS_FAULT ? CAUSE_INSN_ACCESS_FAULT
                                                                   : CAUSE_INSN_PAGE_FAULT;
    exception->tval = gva;
    return FETCH_FAULT;
}

enum fetch_result fetch_insn(const struct vcpu *vcpu, uint32_t *word, struct exception *exception)
{
    uint64_t gva = vcpu->regs.sepc;
    enum fetch_result result;
    uint32_t high;

    use_guest_rights(vcpu);
    result = fetch_half(gva, word, exception);
    if (result != FETCH_OK || (*word & 3) != 3)
        return result;
    result = fetch_half(gva + 2, &high, exception);
    if (result == FETCH_OK)
        *word |= high << 16;
    return result;
}

enum fetch_result fetch_u64(const struct vcpu *vcpu, uint64_t gva, uint64_t *value,
                            struct exception *exception)
{
    uint64_t failed;

    use_guest_rights(vcpu);
    GUEST_LOAD("hlv.d", gva, *value, failed);
    if (!failed)
        return FETCH_OK;
    exception->cause = csr_read(scause);
    if (exception->cause == CAUSE_LOAD_GUEST_PAGE_FAULT)
        exception->cause = CAUSE_LOAD_ACCESS_FAULT;
    exception->tval = gva;
    return FETCH_FAULT;
}
