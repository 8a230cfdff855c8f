/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields that several CSRs have alike: sstatus and vsstatus, satp and vsatp, and so on.
 */
#include "explain/tables.h"

#include "riscv/cause.h"

static const struct explain_value extension_states[] = {
    {0, "off: its instructions are illegal"},
    {1, "initial: on, the registers as after a reset"},
    {2, "clean: on, nothing was changed since it was saved"},
    {3, "dirty: on, registers were changed"},
};
static const struct explain_value privileges[] = {{0, "from U- or VU-mode"},
                                                  {1, "from S- or VS-mode"}};
static const struct explain_value widths[] = {{1, "32 bits"}, {2, "64 bits"}};
static const struct explain_value endians[] = {{0, "little-endian"}, {1, "big-endian"}};
static const struct explain_value enables[] = {{0, "interrupts are off"}, {1, "interrupts are on"}};
static const struct explain_value was_enabled[] = {
    {0, "interrupts were off before the trap"},
    {1, "interrupts were on before the trap, and SRET turns them on again"},
};

const struct explain_field explain_status_fields[EXPLAIN_STATUS_FIELDS] = {
    FLAG("SD", 63, "FS, VS or XS is dirty"),
    FIELD_OF("UXL", 33, 32, widths, "XLEN of user mode"),
    FLAG("MXR", 19, "loads may read pages that are executable only"),
    FLAG("SUM", 18, "supervisor loads and stores may touch user pages"),
    FIELD_OF("XS", 16, 15, extension_states, "state of further extensions"),
    FIELD_OF("FS", 14, 13, extension_states, "state of F and D"),
    FIELD_OF("VS", 10, 9, extension_states, "state of V"),
    FLAG_OF("SPP", 8, privileges, "where the trap came from, and where SRET goes"),
    FLAG_OF("UBE", 6, endians, "loads and stores of user mode"),
    FLAG_OF("SPIE", 5, was_enabled, "SIE before the trap"),
    FLAG_OF("SIE", 1, enables, "interrupts of this mode"),
};

static const struct explain_value kinds[] = {{0, "an exception"}, {1, "an interrupt"}};

const struct explain_field explain_cause_fields[EXPLAIN_CAUSE_FIELDS] = {
    FLAG_OF("Interrupt", 63, kinds, "which of the two lists of codes"),
    FIELD("Code", 62, 0, "the cause: see explain cause"),
};

static const struct explain_value modes[] = {
    {0, "direct: all traps go to BASE"},
    {1, "vectored: interrupts go to BASE + 4 * code"},
};

const struct explain_field explain_vector_fields[EXPLAIN_VECTOR_FIELDS] = {
    FIELD("BASE", 63, 2, "the trap handler's address / 4"),
    FIELD_OF("MODE", 1, 0, modes, "where interrupts go"),
};

static const struct explain_value schemes[] = {
    {0, "Bare: no translation"},
    {8, "Sv39: three levels of tables"},
    {9, "Sv48: four levels of tables"},
    {10, "Sv57: five levels of tables"},
};

const struct explain_field explain_satp_fields[EXPLAIN_ADDRESS_FIELDS] = {
    FIELD_OF("MODE", 63, 60, schemes, "the scheme of translation"),
    FIELD("ASID", 59, 44, "names the address space, for fences"),
    FIELD("PPN", 43, 0, "the root table's address / 4096"),
};

#define EXCEPTION(name, cause, words) FLAG(name, cause, words)

const struct explain_field explain_exception_fields[EXPLAIN_EXCEPTION_FIELDS] = {
    EXCEPTION("store_guest_page_fault", CAUSE_STORE_GUEST_PAGE_FAULT, "of the G-stage: ours"),
    EXCEPTION("virtual_insn", CAUSE_VIRTUAL_INSN, "what a guest may not do: ours"),
    EXCEPTION("load_guest_page_fault", CAUSE_LOAD_GUEST_PAGE_FAULT, "of the G-stage: ours"),
    EXCEPTION("insn_guest_page_fault", CAUSE_INSN_GUEST_PAGE_FAULT, "of the G-stage: ours"),
    EXCEPTION("hardware_error", CAUSE_HARDWARE_ERROR, "broken data"),
    EXCEPTION("software_check", CAUSE_SOFTWARE_CHECK, "Zicfilp, Zicfiss"),
    EXCEPTION("double_trap", CAUSE_DOUBLE_TRAP, "a trap while one was taken"),
    EXCEPTION("store_page_fault", CAUSE_STORE_PAGE_FAULT, "of the guest's own tables"),
    EXCEPTION("load_page_fault", CAUSE_LOAD_PAGE_FAULT, "of the guest's own tables"),
    EXCEPTION("insn_page_fault", CAUSE_INSN_PAGE_FAULT, "of the guest's own tables"),
    EXCEPTION("ecall_m", CAUSE_ECALL_M, "ECALL in M-mode"),
    EXCEPTION("ecall_vs", CAUSE_ECALL_VS, "ECALL in VS-mode: a guest calls its SBI"),
    EXCEPTION("ecall_s", CAUSE_ECALL_S, "ECALL in HS-mode: a call to the firmware"),
    EXCEPTION("ecall_u", CAUSE_ECALL_U, "ECALL in U- or VU-mode"),
    EXCEPTION("store_access_fault", CAUSE_STORE_ACCESS_FAULT, "the machine below refused"),
    EXCEPTION("store_misaligned", CAUSE_STORE_MISALIGNED, "a store or AMO"),
    EXCEPTION("load_access_fault", CAUSE_LOAD_ACCESS_FAULT, "the machine below refused"),
    EXCEPTION("load_misaligned", CAUSE_LOAD_MISALIGNED, "a load"),
    EXCEPTION("breakpoint", CAUSE_BREAKPOINT, "EBREAK or a trigger"),
    EXCEPTION("illegal_insn", CAUSE_ILLEGAL_INSN, "an instruction that there is not"),
    EXCEPTION("insn_access_fault", CAUSE_INSN_ACCESS_FAULT, "the machine below refused"),
    EXCEPTION("insn_misaligned", CAUSE_INSN_MISALIGNED, "a jump"),
};

const struct explain_field explain_counter_fields[EXPLAIN_COUNTER_FIELDS] = {
    FIELD("HPM", 31, 3, "hpmcounter3 to 31, a bit each"),
    FLAG("IR", 2, "instret may be read"),
    FLAG("TM", 1, "time may be read, and stimecmp used"),
    FLAG("CY", 0, "cycle may be read"),
};

const struct explain_field explain_sip_fields[EXPLAIN_PENDING_FIELDS] = {
    FLAG("SEIP", INTERRUPT_SEI, "an external interrupt pends"),
    FLAG("STIP", INTERRUPT_STI, "a timer interrupt pends"),
    FLAG("SSIP", INTERRUPT_SSI, "a software interrupt pends"),
};

const struct explain_field explain_sie_fields[EXPLAIN_PENDING_FIELDS] = {
    FLAG("SEIE", INTERRUPT_SEI, "external interrupts are taken"),
    FLAG("STIE", INTERRUPT_STI, "timer interrupts are taken"),
    FLAG("SSIE", INTERRUPT_SSI, "software interrupts are taken"),
};
