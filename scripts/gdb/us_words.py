# SPDX-License-Identifier: BSD-2-Clause
#
# Numbers in words: causes, hstatus, htinst, requests to a vCPU. Pure functions; what reads the
# numbers is us_trap.py and us_data.py. No GDB here, so that any Python can test it.

from us_tables import INTERRUPT, cause, csr

# Names of causes, as in hyp/riscv/cause.h, which people type. Priv 21.6.1 (Trap Cause Codes)
EXCEPTIONS = {
    0: "insn_misaligned",
    1: "insn_access_fault",
    2: "illegal_insn",
    3: "breakpoint",
    4: "load_misaligned",
    5: "load_access_fault",
    6: "store_misaligned",
    7: "store_access_fault",
    8: "ecall_u",
    9: "ecall_s",
    10: "ecall_vs",
    11: "ecall_m",
    12: "insn_page_fault",
    13: "load_page_fault",
    15: "store_page_fault",
    16: "double_trap",
    18: "software_check",
    19: "hardware_error",
    20: "insn_guest_page_fault",
    21: "load_guest_page_fault",
    22: "virtual_insn",
    23: "store_guest_page_fault",
}
INTERRUPTS = {
    1: "ssi",
    2: "vssi",
    5: "sti",
    6: "vsti",
    9: "sei",
    10: "vsei",
    12: "sgei",
    13: "lcofi",
}
GUEST_PAGE_FAULTS = (20, 21, 23)

REGISTERS = (
    "zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 "
    "a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6"
).split()
LOADS = ("lb", "lh", "lw", "ld", "lbu", "lhu", "lwu")
STORES = ("sb", "sh", "sw", "sd")
FLOATS = {2: "w", 3: "d"}
AMOS = {
    0x00: "amoadd",
    0x01: "amoswap",
    0x02: "lr",
    0x03: "sc",
    0x04: "amoxor",
    0x08: "amoor",
    0x0C: "amoand",
    0x10: "amomin",
    0x14: "amomax",
    0x18: "amominu",
    0x1C: "amomaxu",
}
HLVS = {  # bits 31:20 of a hypervisor load
    0x600: "hlv.b",
    0x601: "hlv.bu",
    0x640: "hlv.h",
    0x641: "hlv.hu",
    0x643: "hlvx.hu",
    0x680: "hlv.w",
    0x681: "hlv.wu",
    0x683: "hlvx.wu",
    0x6C0: "hlv.d",
}
HSVS = {0x31: "hsv.b", 0x33: "hsv.h", 0x35: "hsv.w", 0x37: "hsv.d"}  # bits 31:25
# vcpu/vcpu.h, bit 0 up
REQUESTS = ("interrupt", "fence.vvma", "fence.i", "start", "stop", "timer", "fence.range", "state")
HVIP = {2: "VSSI", 6: "VSTI", 10: "VSEI"}
PSEUDO = {
    0x3000: "pseudoinstruction: a read of the VS-stage's page table",
    0x3020: "pseudoinstruction: a write of the VS-stage's page table (A or D)",
}


def bits(word, high, low):
    """The field [high:low]."""
    return word >> low & ((1 << (high - low + 1)) - 1)


def cause_words(scause):
    """As "exception 10: environment call from VS-mode"."""
    kind = "interrupt" if scause & INTERRUPT else "exception"
    return f"{kind} {scause & ~INTERRUPT}: {cause(scause) or 'not known here'}"


def cause_number(text):
    """The scause that a number or a name means; None where the text is neither."""
    names = {name: code for code, name in EXCEPTIONS.items()}
    names |= {name: code | INTERRUPT for code, name in INTERRUPTS.items()}
    try:
        return names[text] if text in names else int(text, 0)
    except ValueError:
        return None


def cause_names():
    """What cause_number knows, in order."""
    return [*EXCEPTIONS.values(), *INTERRUPTS.values()]


def gpa_of(htval, stval, htinst):
    """The guest physical address of a guest-page fault. Priv 21.2.8 (htval), 21.6.3"""
    return htval << 2 | (0 if htinst in PSEUDO else stval & 3)


def _operation(word):
    """Mnemonic and registers of a transformed instruction; None where it is not one."""
    opcode, funct3 = word & 0x7F, bits(word, 14, 12)
    rd, rs2 = REGISTERS[bits(word, 11, 7)], REGISTERS[bits(word, 24, 20)]
    if opcode == 0x03 and funct3 < len(LOADS):
        return f"{LOADS[funct3]} into {rd}"
    if opcode == 0x23 and funct3 < len(STORES):
        return f"{STORES[funct3]} of {rs2}"
    if opcode == 0x07 and funct3 in FLOATS:
        return f"fl{FLOATS[funct3]} into f{bits(word, 11, 7)}"
    if opcode == 0x27 and funct3 in FLOATS:
        return f"fs{FLOATS[funct3]} of f{bits(word, 24, 20)}"
    if opcode == 0x2F and bits(word, 31, 27) in AMOS and funct3 in FLOATS:
        return f"{AMOS[bits(word, 31, 27)]}.{FLOATS[funct3]} of {rs2} into {rd}"
    if opcode == 0x73 and funct3 == 4 and bits(word, 31, 20) in HLVS:
        return f"{HLVS[bits(word, 31, 20)]} into {rd}"
    if opcode == 0x73 and funct3 == 4 and bits(word, 31, 25) in HSVS:
        return f"{HSVS[bits(word, 31, 25)]} of {rs2}"
    return None


def htinst_words(htinst):
    """Priv 21.6.3 (Transformed Instruction or Pseudoinstruction for mtinst or htinst)."""
    if htinst == 0:
        return "zero: nothing said, fetch the instruction at sepc"
    if htinst in PSEUDO:
        return PSEUDO[htinst]
    operation = _operation(htinst | 2) if htinst & 1 and htinst < 1 << 32 else None
    if operation is None:
        return "not a value that the manual knows: treat as zero"
    size = 4 if htinst & 2 else 2
    offset = bits(htinst, 19, 15)
    return f"transformed: {operation}, {size} bytes" + (f", {offset} bytes into it" * bool(offset))


def requests_words(asked, changed, level):
    """A vCPU's requests, and the interrupts that hvip does not show yet."""
    words = [name for n, name in enumerate(REQUESTS) if asked >> n & 1]
    for n, name in HVIP.items():
        if changed >> n & 1:
            words.append(f"{name} {'raised' if level >> n & 1 else 'lowered'}")
    return ", ".join(words) or "-"


def hstatus_lines(hstatus):
    """All fields on one line, then the meaning of the flags that are set."""
    fields = [(f, bits(hstatus, f["high"], f["low"])) for f in csr("hstatus")["fields"]]
    yield " ".join(f"{field['name']}={value}" for field, value in fields)
    for field, value in fields:
        if value and field["high"] == field["low"]:
            own = [each["words"] for each in field["values"] if each["value"] == value]
            yield f"{field['name']}: {(own or [field['words']])[0]}"
