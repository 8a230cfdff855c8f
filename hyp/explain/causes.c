/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exceptions of a guest. All traps begin in M-mode's hands: medeleg and mideleg give
 * them to HS-mode, hedeleg and hideleg on to the guest. Priv 21.6.2 (Trap Entry)
 */
#include "explain/tables.h"

#include "riscv/cause.h"

#define CODES  "Priv 21.6.1 (Trap Cause Codes)"
#define DELEG  "Priv 21.2.2 (hedeleg and hideleg)"
#define SCAUSE "Priv 12.1.8 (scause)"

#define OWN(bit)                                                                                   \
    "it is the guest's own, and hedeleg bit " #bit " is set where the hart has it, so that it "    \
    "goes to the guest without us. It came here as that bit cannot be set on this hart, or "       \
    "M-mode kept the trap (medeleg bit " #bit " is 0) and passed it on"
#define REFLECTED                                                                                  \
    "the guest gets it as the hart would have given it: vsepc, vscause, vstval and vsstatus are "  \
    "set, and it goes on at vstvec"
#define NEVER                                                                                      \
    "it cannot come from a guest: hedeleg cannot hand it on, and nothing in VS- or VU-mode "       \
    "raises it"
#define OVER "the VM is over, with a crash report: this is no trap that a guest can raise"

const struct explain_cause explain_exceptions[] = {
    {
        .code = CAUSE_INSN_MISALIGNED,
        .words = "a jump or a taken branch to an address where no instruction can begin; not on "
                 "harts with compressed instructions",
        .why = OWN(0),
        .done = REFLECTED,
        .source = SCAUSE,
    },
    {
        .code = CAUSE_INSN_ACCESS_FAULT,
        .words = "an instruction was fetched from a physical address that the machine below does "
                 "not let be executed (PMP, or nothing there)",
        .why = OWN(1),
        .done = REFLECTED,
        .source = SCAUSE,
    },
    {
        .code = CAUSE_ILLEGAL_INSN,
        .words = "an instruction that is valid nowhere, or that is off (FS or VS of sstatus or "
                 "vsstatus is 0); stval may hold it",
        .why = OWN(2) ". Firmware often keeps it to emulate instructions that the hart lacks",
        .done = REFLECTED,
        .source = CODES,
    },
    {
        .code = CAUSE_BREAKPOINT,
        .words = "EBREAK, or a trigger of the debug extension",
        .why = OWN(3) "; or hedeleg bit 3 was cleared while a debugger holds breakpoints in the "
                      "guest",
        .done = REFLECTED "; a debugger's own breakpoint stops the vCPU instead",
        .source = SCAUSE,
    },
    {
        .code = CAUSE_LOAD_MISALIGNED,
        .words = "a load from an address that is not a multiple of its size, on a hart that does "
                 "not do it; stval is the address",
        .why = OWN(4) ". Firmware often keeps it to do the load byte by byte",
        .done = REFLECTED,
        .source = SCAUSE,
    },
    {
        .code = CAUSE_LOAD_ACCESS_FAULT,
        .words = "a load from a physical address that the machine below does not let be read; "
                 "stval is the address",
        .why = OWN(5),
        .done = REFLECTED,
        .source = SCAUSE,
    },
    {
        .code = CAUSE_STORE_MISALIGNED,
        .words = "a store or AMO to an address that is not a multiple of its size, on a hart that "
                 "does not do it; stval is the address",
        .why = OWN(6) ". Firmware often keeps it to do the store byte by byte",
        .done = REFLECTED,
        .source = SCAUSE,
    },
    {
        .code = CAUSE_STORE_ACCESS_FAULT,
        .words = "a store or AMO to a physical address that the machine below does not let be "
                 "written; stval is the address",
        .why = OWN(7),
        .done = REFLECTED,
        .source = SCAUSE,
    },
    {
        .code = CAUSE_ECALL_U,
        .words = "ECALL in VU-mode: a program calls its kernel",
        .why = OWN(8),
        .done = REFLECTED,
        .source = CODES,
    },
    {
        .code = CAUSE_ECALL_S,
        .words = "ECALL in HS-mode: a call of ours to the firmware, which M-mode answers",
        .why = NEVER "; medeleg bit 9 is 0 so that M-mode gets it",
        .done = OVER,
        .source = CODES,
    },
    {
        .code = CAUSE_ECALL_VS,
        .words = "ECALL in VS-mode: the guest's kernel calls its SBI, which we are to it",
        .why = "hedeleg bit 10 is read-only zero: such a call is never the guest's own. It has a "
               "cause apart from HS-mode's so that medeleg bit 10 can give it to HS-mode alone",
        .done = "a7 names the extension, a6 the function, a0 to a5 are arguments; error and value "
                "go to a0 and a1, and pc moves past the ECALL",
        .source = CODES ", SBI 3 (Binary Encoding)",
    },
    {
        .code = CAUSE_ECALL_M,
        .words = "ECALL in M-mode",
        .why = NEVER,
        .done = OVER,
        .source = CODES,
    },
    {
        .code = CAUSE_INSN_PAGE_FAULT,
        .words = "an instruction was fetched where the guest's own page tables (vsatp) do not let "
                 "it: not mapped, no X, or U and privilege disagree; stval is the address",
        .why = OWN(12),
        .done = REFLECTED,
        .source = "Priv 12.3.2 (Virtual Address Translation Process)",
    },
    {
        .code = CAUSE_LOAD_PAGE_FAULT,
        .words = "a load that the guest's own page tables (vsatp) do not let be: not mapped, no R, "
                 "A clear, or U and privilege disagree; stval is the address",
        .why = OWN(13),
        .done = REFLECTED,
        .source = "Priv 12.3.2 (Virtual Address Translation Process)",
    },
    {
        .code = CAUSE_RESERVED_14,
        .words = "reserved: no hart of today raises it",
        .why = NEVER,
        .done = OVER,
        .source = CODES,
    },
    {
        .code = CAUSE_STORE_PAGE_FAULT,
        .words = "a store or AMO that the guest's own page tables (vsatp) do not let be: not "
                 "mapped, no W, D clear, or U and privilege disagree; stval is the address",
        .why = OWN(15),
        .done = REFLECTED,
        .source = "Priv 12.3.2 (Virtual Address Translation Process)",
    },
    {
        .code = CAUSE_DOUBLE_TRAP,
        .words = "a trap while one was being taken (Ssdbltrp, Smdbltrp)",
        .why = NEVER "; henvcfg.DTE is 0, so a guest has no double traps, and hedeleg bit 16 is "
                     "read-only zero",
        .done = OVER,
        .source = DELEG,
    },
    {
        .code = CAUSE_RESERVED_17,
        .words = "reserved: no hart of today raises it",
        .why = NEVER,
        .done = OVER,
        .source = CODES,
    },
    {
        .code = CAUSE_SOFTWARE_CHECK,
        .words = "a check of control flow failed: a landing pad (Zicfilp) or the shadow stack "
                 "(Zicfiss)",
        .why = "it is the guest's own, but henvcfg.LPE and SSE are 0, so it should not come at "
               "all; hedeleg bit 18 is left at 0",
        .done = REFLECTED,
        .source = DELEG,
    },
    {
        .code = CAUSE_HARDWARE_ERROR,
        .words = "the machine below found data that is broken, in memory or on a bus",
        .why = "hedeleg bit 19 could hand it on, but it is no affair of the guest's and is left "
               "at 0; medeleg bit 19 gave it to HS-mode",
        .done = OVER,
        .source = DELEG,
    },
    {
        .code = CAUSE_INSN_GUEST_PAGE_FAULT,
        .words = "an instruction was fetched where the G-stage (hgatp) maps nothing that can be "
                 "executed: htval << 2 is the guest physical address, stval the virtual one",
        .why = "hedeleg bit 20 is read-only zero: the G-stage's tables are ours, and the guest "
               "does not know of them. medeleg bit 20 gave it to HS-mode",
        .done = "no device runs code: the guest gets an instruction access fault. Where it was "
                "the trap handler itself that could not be fetched, the VM is over",
        .source = "Priv 21.5.1 (Guest Physical Address Translation)",
    },
    {
        .code = CAUSE_LOAD_GUEST_PAGE_FAULT,
        .words = "a load from a guest physical address that the G-stage (hgatp) does not map: "
                 "htval << 2, with the low two bits of stval; stval is the virtual address",
        .why = "hedeleg bit 21 is read-only zero: the G-stage's tables are ours, and the guest "
               "does not know of them. medeleg bit 21 gave it to HS-mode",
        .done = "the load is decoded, from htinst or, where that is 0, from the guest's memory; "
                "the device at the address is read, the register written, and pc moves past it. "
                "Without a device the guest gets a load access fault",
        .source = "Priv 21.5.1 (Guest Physical Address Translation)",
    },
    {
        .code = CAUSE_VIRTUAL_INSN,
        .words = "an instruction that is valid in HS-mode but not in the guest, at its privilege "
                 "and with what we allow; stval may hold the instruction",
        .why = "hedeleg bit 22 is read-only zero. One of ours forbade it: hstatus.VTW (WFI), VTSR "
               "(SRET), VTVM (SFENCE.VMA, satp), hcounteren (counters, time), henvcfg (stimecmp, "
               "cbo), hstateen0 (senvcfg, sstateen0); or it is of the H extension, which guests "
               "do not have; or VU-mode tried what is VS-mode's",
        .done = "WFI leaves the hart until an interrupt, WRS.NTO lets others go first, CSRs of our "
                "table are emulated; all else the guest gets as an illegal instruction",
        .source = CODES,
    },
    {
        .code = CAUSE_STORE_GUEST_PAGE_FAULT,
        .words = "a store or AMO to a guest physical address that the G-stage (hgatp) does not "
                 "map, or not writable: htval << 2, with the low two bits of stval; stval is the "
                 "virtual address",
        .why = "hedeleg bit 23 is read-only zero: the G-stage's tables are ours, and the guest "
               "does not know of them. medeleg bit 23 gave it to HS-mode",
        .done = "the store is decoded, from htinst or, where that is 0, from the guest's memory; "
                "the device at the address is written, and pc moves past it. An AMO, or a store "
                "where no device is, gives the guest a store access fault",
        .source = "Priv 21.5.1 (Guest Physical Address Translation)",
    },
};

const size_t explain_exception_count = ARRAY_SIZE(explain_exceptions);
