/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CSRs that a guest has of its own: the VS CSRs, which stand for the supervisor's while V=1,
 * and the counters, some of which we emulate (exit/csr.c).
 */
#include "explain/tables.h"

const struct explain_csr explain_csr_guest[] = {
    {
        .number = 0x200,
        .name = "vsstatus",
        .words = "the guest's sstatus",
        .source = "Priv 21.2.11 (vsstatus)",
        FIELDS(explain_status_fields),
    },
    {
        .number = 0x204,
        .name = "vsie",
        .words = "the guest's sie: which of its interrupts it takes; where hideleg has a 0, a 0",
        .source = "Priv 21.2.12 (vsip and vsie)",
        FIELDS(explain_sie_fields),
    },
    {
        .number = 0x205,
        .name = "vstvec",
        .words = "the guest's stvec: where its traps go, injected ones too",
        .source = "Priv 21.2.13 (vstvec)",
        FIELDS(explain_vector_fields),
    },
    {
        .number = 0x240,
        .name = "vsscratch",
        .words = "the guest's sscratch",
        .source = "Priv 21.2.14 (vsscratch)",
    },
    {
        .number = 0x241,
        .name = "vsepc",
        .words = "the guest's sepc: where its last own trap came from",
        .source = "Priv 21.2.15 (vsepc)",
    },
    {
        .number = 0x242,
        .name = "vscause",
        .words = "the guest's scause: why its last own trap came; interrupts 2, 6 and 10 are its "
                 "1, 5 and 9",
        .source = "Priv 21.2.16 (vscause)",
        FIELDS(explain_cause_fields),
    },
    {
        .number = 0x243,
        .name = "vstval",
        .words = "the guest's stval: what its last own trap was about",
        .source = "Priv 21.2.17 (vstval)",
    },
    {
        .number = 0x244,
        .name = "vsip",
        .words = "the guest's sip: which of its interrupts pend; where hideleg has a 0, a 0",
        .source = "Priv 21.2.12 (vsip and vsie)",
        FIELDS(explain_sip_fields),
    },
    {
        .number = 0x24d,
        .name = "vstimecmp",
        .words =
            "the guest's stimecmp: its timer interrupt comes when time + htimedelta reaches it",
        .source = "Priv 19 (Sstc)",
    },
    {
        .number = 0x280,
        .name = "vsatp",
        .words = "the guest's satp: its own page tables, virtual to guest physical addresses",
        .source = "Priv 21.2.18 (vsatp)",
        FIELDS(explain_satp_fields),
    },
    {
        .number = 0xc00,
        .name = "cycle",
        .words = "cycles that the vCPU had its hart. hcounteren.CY is 0, so reading it traps "
                 "(cause 22); emulated: the hart's count while the vCPU had it",
        .source = "Priv 21.2.6 (hcounteren), 3.1.10 (Hardware Performance Monitor)",
    },
    {
        .number = 0xc01,
        .name = "time",
        .words =
            "the guest's time: the hart's plus htimedelta. hcounteren.TM is 1, so reading it does "
            "not trap; where the hart cannot set that bit it does, and is emulated",
        .source = "Priv 21.2.7 (htimedelta)",
    },
    {
        .number = 0xc02,
        .name = "instret",
        .words = "instructions retired while the vCPU had its hart. hcounteren.IR is 0, so "
                 "reading it traps (cause 22); emulated as cycle is",
        .source = "Priv 21.2.6 (hcounteren), 3.1.10 (Hardware Performance Monitor)",
    },
    {
        .number = 0xc03,
        .last = 0xc1f,
        .name = "hpmcounter3",
        .words = "a counter of events that counts nothing. Its bit of hcounteren is 0, so reading "
                 "it traps (cause 22); emulated: always 0",
        .source = "Priv 3.1.10 (Hardware Performance Monitor)",
    },
};

const size_t explain_csr_guest_count = ARRAY_SIZE(explain_csr_guest);
