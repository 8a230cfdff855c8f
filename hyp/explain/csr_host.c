/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HS-mode's CSRs that have to do with an exit, and M-mode's that decide what comes to HS-mode.
 */
#include "explain/tables.h"

#include "riscv/cause.h"

static const struct explain_field mideleg_fields[] = {
    FLAG("LCOFI", 13, "counter overflow"),
    FLAG("SGEI", INTERRUPT_SGEI, "guest external: read-only 1 with H"),
    FLAG("VSEI", INTERRUPT_VSEI, "VS external: read-only 1 with H"),
    FLAG("SEI", INTERRUPT_SEI, "supervisor external"),
    FLAG("VSTI", INTERRUPT_VSTI, "VS timer: read-only 1 with H"),
    FLAG("STI", INTERRUPT_STI, "supervisor timer"),
    FLAG("VSSI", INTERRUPT_VSSI, "VS software: read-only 1 with H"),
    FLAG("SSI", INTERRUPT_SSI, "supervisor software"),
};

const struct explain_csr explain_csr_host[] = {
    {
        .number = 0x100,
        .name = "sstatus",
        .words = "the state of the hart in HS-mode; at an exit, of the guest's FS and VS too, as "
                 "both this and vsstatus must be on",
        .source = "Priv 12.1.1 (sstatus)",
        FIELDS(explain_status_fields),
    },
    {
        .number = 0x104,
        .name = "sie",
        .words = "which interrupts of HS-mode are taken",
        .source = "Priv 12.1.3 (sip and sie)",
        FIELDS(explain_sie_fields),
    },
    {
        .number = 0x105,
        .name = "stvec",
        .words = "where traps to HS-mode go: vcpu_exit while a guest runs, else hyp_trap",
        .source = "Priv 12.1.2 (stvec)",
        FIELDS(explain_vector_fields),
    },
    {
        .number = 0x106,
        .name = "scounteren",
        .words = "which counters the guest's kernel lets its programs read; there is no VS copy, "
                 "so it is the guest's own, swapped by hand",
        .source = "Priv 12.1.5 (scounteren)",
        FIELDS(explain_counter_fields),
    },
    {
        .number = 0x10a,
        .name = "senvcfg",
        .words = "what the guest's kernel offers its programs: cache operations and the like; "
                 "swapped by hand as scounteren is",
        .source = "Priv 12.1.10 (senvcfg)",
    },
    {
        .number = 0x10c,
        .name = "sstateen0",
        .words = "which state the guest's kernel lets its programs touch; swapped by hand",
        .source = "Priv 4 (Smstateen)",
    },
    {
        .number = 0x140,
        .name = "sscratch",
        .words = "while a guest runs, the address of its struct vcpu",
        .source = "Priv 12.1.6 (sscratch)",
    },
    {
        .number = 0x141,
        .name = "sepc",
        .words = "the address of the instruction that trapped, or before which the interrupt came",
        .source = "Priv 12.1.7 (sepc)",
    },
    {
        .number = 0x142,
        .name = "scause",
        .words = "why the trap came",
        .source = "Priv 12.1.8 (scause), 21.6.1 (Trap Cause Codes)",
        FIELDS(explain_cause_fields),
    },
    {
        .number = 0x143,
        .name = "stval",
        .words = "what the trap is about: the address of an access, or the bits of an instruction",
        .source = "Priv 12.1.9 (stval)",
    },
    {
        .number = 0x144,
        .name = "sip",
        .words = "which interrupts of HS-mode pend",
        .source = "Priv 12.1.3 (sip and sie)",
        FIELDS(explain_sip_fields),
    },
    {
        .number = 0x14d,
        .name = "stimecmp",
        .words = "when the timer interrupt comes. In a guest it stands for vstimecmp, where "
                 "henvcfg.STCE and hcounteren.TM are set",
        .source = "Priv 19 (Sstc)",
    },
    {
        .number = 0x180,
        .name = "satp",
        .words = "our own page tables: one to one. In a guest it stands for vsatp; with "
                 "hstatus.VTVM its use would trap",
        .source = "Priv 12.1.11 (satp)",
        FIELDS(explain_satp_fields),
    },
    {
        .number = 0x302,
        .name = "medeleg",
        .words = "M-mode's: which exceptions go to HS-mode. A 1 lets hedeleg decide further",
        .source = "Priv 3.1.8 (medeleg and mideleg)",
        FIELDS(explain_exception_fields),
    },
    {
        .number = 0x303,
        .name = "mideleg",
        .words = "M-mode's: which interrupts go to HS-mode. A 1 lets hideleg decide further",
        .source = "Priv 3.1.8 (medeleg and mideleg)",
        FIELDS(mideleg_fields),
    },
    {
        .number = 0x306,
        .name = "mcounteren",
        .words = "M-mode's: which counters HS-mode and guests may read. Where it says 0, reading "
                 "is an illegal instruction, whatever hcounteren says",
        .source = "Priv 3.1.11 (mcounteren)",
        FIELDS(explain_counter_fields),
    },
};

const size_t explain_csr_host_count = ARRAY_SIZE(explain_csr_host);
