/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CSRs of the H extension by which HS-mode keeps a guest, and in which a trap is told.
 */
#include "explain/tables.h"

#include "riscv/cause.h"

static const struct explain_value widths[] = {{1, "32 bits"}, {2, "64 bits"}};
static const struct explain_value endians[] = {{0, "little-endian"}, {1, "big-endian"}};
static const struct explain_value vtsr[] = {{0, "SRET in VS-mode is the guest's own"},
                                            {1, "SRET in VS-mode traps (cause 22)"}};
static const struct explain_value vtw[] = {{0, "WFI in VS-mode sleeps on the hart"},
                                           {1,
                                            "WFI in VS-mode traps (cause 22): others are ready"}};
static const struct explain_value vtvm[] = {
    {0, "SFENCE.VMA and satp in VS-mode are the guest's own"},
    {1, "SFENCE.VMA, SINVAL.VMA and satp in VS-mode trap (cause 22)"},
};
static const struct explain_value vgein[] = {{0, "no interrupt file of the guest"}};
static const struct explain_value spvp[] = {{0, "the guest was in VU-mode"},
                                            {1, "the guest was in VS-mode"}};
static const struct explain_value spv[] = {{0, "the trap came from V=0: from us"},
                                           {1, "the trap came from V=1: from a guest"}};
static const struct explain_value gva[] = {{0, "stval is no guest virtual address"},
                                           {1, "stval is a guest virtual address"}};

static const struct explain_field hstatus_fields[] = {
    FIELD_OF("VSXL", 33, 32, widths, "XLEN of VS-mode"),
    FLAG_OF("VTSR", 22, vtsr, "trap SRET"),
    FLAG_OF("VTW", 21, vtw, "trap WFI"),
    FLAG_OF("VTVM", 20, vtvm, "trap virtual memory management"),
    FIELD_OF("VGEIN", 17, 12, vgein, "the interrupt file that VSEIP follows (AIA)"),
    FLAG("HU", 9, "HLV, HLVX and HSV are allowed in U-mode"),
    FLAG_OF("SPVP", 8, spvp, "the guest's privilege before the trap; HLV and HSV use its rights"),
    FLAG_OF("SPV", 7, spv, "V before the trap; SRET sets V to it"),
    FLAG_OF("GVA", 6, gva, "what stval is"),
    FLAG_OF("VSBE", 5, endians, "loads and stores of VS-mode, and its page tables"),
};

static const struct explain_field hideleg_fields[] = {
    FLAG("VSEI", INTERRUPT_VSEI, "the guest takes its external interrupt itself"),
    FLAG("VSTI", INTERRUPT_VSTI, "the guest takes its timer interrupt itself"),
    FLAG("VSSI", INTERRUPT_VSSI, "the guest takes its software interrupt itself"),
};

static const struct explain_field hie_fields[] = {
    FLAG("SGEIE", INTERRUPT_SGEI, "guest external interrupts come to HS-mode"),
    FLAG("VSEIE", INTERRUPT_VSEI, "VS external: the guest's sie.SEIE"),
    FLAG("VSTIE", INTERRUPT_VSTI, "VS timer: the guest's sie.STIE"),
    FLAG("VSSIE", INTERRUPT_VSSI, "VS software: the guest's sie.SSIE"),
};

static const struct explain_field hip_fields[] = {
    FLAG("SGEIP", INTERRUPT_SGEI, "hgeip and hgeie have a bit in common"),
    FLAG("VSEIP", INTERRUPT_VSEI, "VS external pends: hvip, or the interrupt file of VGEIN"),
    FLAG("VSTIP", INTERRUPT_VSTI, "VS timer pends: hvip, or vstimecmp was reached"),
    FLAG("VSSIP", INTERRUPT_VSSI, "VS software pends: hvip"),
};

static const struct explain_field hvip_fields[] = {
    FLAG("VSEIP", INTERRUPT_VSEI, "we show the guest an external interrupt: its PLIC has one"),
    FLAG("VSTIP", INTERRUPT_VSTI, "we show the guest a timer interrupt (without Sstc)"),
    FLAG("VSSIP", INTERRUPT_VSSI, "we show the guest a software interrupt: an IPI"),
};

static const struct explain_value cbie[] = {{0, "CBO.INVAL traps"},
                                            {1, "CBO.INVAL flushes"},
                                            {3, "CBO.INVAL invalidates"}};

static const struct explain_field henvcfg_fields[] = {
    FLAG("STCE", 63, "stimecmp is the guest's own (Sstc); 0: its use traps"),
    FLAG("PBMTE", 62, "memory types in the guest's page tables (Svpbmt)"),
    FLAG("ADUE", 61, "the hart sets A and D in the guest's page tables (Svadu); 0: page faults"),
    FLAG("DTE", 59, "double traps of the guest (Ssdbltrp)"),
    FIELD("PMM", 33, 32, "pointer masking (Ssnpm)"),
    FLAG("CBZE", 7, "CBO.ZERO is allowed"),
    FLAG("CBCFE", 6, "CBO.CLEAN and CBO.FLUSH are allowed"),
    FIELD_OF("CBIE", 5, 4, cbie, "CBO.INVAL"),
    FLAG("SSE", 3, "shadow stacks (Zicfiss)"),
    FLAG("LPE", 2, "landing pads (Zicfilp)"),
    FLAG("FIOM", 0, "a fence of I/O is one of memory too"),
};

static const struct explain_field hstateen0_fields[] = {
    FLAG("SE0", 63, "sstateen0; 0: its use traps"),
    FLAG("ENVCFG", 62, "senvcfg; 0: its use traps"),
    FLAG("CSRIND", 60, "siselect and sireg; 0: their use traps"),
    FLAG("AIA", 59, "further state of AIA"),
    FLAG("IMSIC", 58, "the guest's interrupt file"),
    FLAG("FCSR", 1, "fcsr, with floating point in integer registers"),
    FLAG("C", 0, "custom state"),
};

static const struct explain_value schemes[] = {
    {0, "Bare: no translation, no protection"},
    {8, "Sv39x4: 41 bits of guest physical address"},
    {9, "Sv48x4: 50 bits of guest physical address"},
    {10, "Sv57x4: 59 bits of guest physical address"},
};

static const struct explain_field hgatp_fields[] = {
    FIELD_OF("MODE", 63, 60, schemes, "the scheme of the G-stage"),
    FIELD("VMID", 57, 44, "names the guest, for fences"),
    FIELD("PPN", 43, 0, "the root table's address / 4096"),
};

const struct explain_csr explain_csr_hypervisor[] = {
    {
        .number = 0x600,
        .name = "hstatus",
        .words = "how the hart behaves in a guest, and what it was doing when it trapped",
        .source = "Priv 21.2.1 (hstatus)",
        FIELDS(hstatus_fields),
    },
    {
        .number = 0x602,
        .name = "hedeleg",
        .words = "which exceptions of a guest go to it without us; 9 to 11, 16 and 20 to 23 never",
        .source = "Priv 21.2.2 (hedeleg and hideleg)",
        FIELDS(explain_exception_fields),
    },
    {
        .number = 0x603,
        .name = "hideleg",
        .words = "which interrupts go to the guest: those of VS-mode. The host's are read-only 0",
        .source = "Priv 21.2.2 (hedeleg and hideleg)",
        FIELDS(hideleg_fields),
    },
    {
        .number = 0x604,
        .name = "hie",
        .words = "which interrupts of VS-mode are enabled: another view of vsie",
        .source = "Priv 21.2.3 (hvip, hip, and hie)",
        FIELDS(hie_fields),
    },
    {
        .number = 0x605,
        .name = "htimedelta",
        .words = "what is added to time where a guest reads it: minus the time of its start",
        .source = "Priv 21.2.7 (htimedelta)",
    },
    {
        .number = 0x606,
        .name = "hcounteren",
        .words = "which counters a guest reads without us. time alone: cycle and instret of the "
                 "hart are not the vCPU's, so their reading traps (cause 22) and is emulated",
        .source = "Priv 21.2.6 (hcounteren)",
        FIELDS(explain_counter_fields),
    },
    {
        .number = 0x607,
        .name = "hgeie",
        .words = "which guests' interrupt files wake HS-mode, a bit each; none",
        .source = "Priv 21.2.4 (hgeip and hgeie)",
    },
    {
        .number = 0x60a,
        .name = "henvcfg",
        .words = "which extensions a guest has that need our leave",
        .source = "Priv 21.2.5 (henvcfg)",
        FIELDS(henvcfg_fields),
    },
    {
        .number = 0x60c,
        .name = "hstateen0",
        .words = "which state a guest may touch",
        .source = "Priv 4.2 (State Enable 0 Registers)",
        FIELDS(hstateen0_fields),
    },
    {
        .number = 0x643,
        .name = "htval",
        .words = "at a guest-page fault the guest physical address >> 2, or 0; else 0",
        .source = "Priv 21.2.8 (htval)",
    },
    {
        .number = 0x644,
        .name = "hip",
        .words = "which interrupts of VS-mode pend, from all their sources",
        .source = "Priv 21.2.3 (hvip, hip, and hie)",
        FIELDS(hip_fields),
    },
    {
        .number = 0x645,
        .name = "hvip",
        .words = "the interrupts that we show the guest",
        .source = "Priv 21.2.3 (hvip, hip, and hie)",
        FIELDS(hvip_fields),
    },
    {
        .number = 0x64a,
        .name = "htinst",
        .words = "the access that trapped as an instruction with its address taken out; or that "
                 "the walk of the guest's page tables trapped; or 0: fetch it",
        .source = "Priv 21.6.3 (Transformed Instruction or Pseudoinstruction for mtinst or htinst)",
    },
    {
        .number = 0x680,
        .name = "hgatp",
        .words = "the G-stage's tables: guest physical to host physical addresses",
        .source = "Priv 21.2.10 (hgatp)",
        FIELDS(hgatp_fields),
    },
    {
        .number = 0xe12,
        .name = "hgeip",
        .words = "which guests' interrupt files have something, a bit each (AIA)",
        .source = "Priv 21.2.4 (hgeip and hgeie)",
    },
};

const size_t explain_csr_hypervisor_count = ARRAY_SIZE(explain_csr_hypervisor);
