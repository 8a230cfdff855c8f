# SPDX-License-Identifier: BSD-2-Clause
#
# The GDB commands of scripts/gdb: their pure parts by themselves, then GDB on real QEMU runs of the
# built image, and scripts/debug. What QEMU itself says of an address is the judge of `us walk`.

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import ROOT
from debugger import GUESTS, PATIENCE, ask, gdb_ask, started

import us_walk  # isort: skip
import us_words  # isort: skip

ELF = ROOT / "build" / "understudy.elf"
BASE = 0x80200000  # of the hypervisor in host, of our guests in guest physical memory
ECALL = b"\x73\0\0\0"
SPACE_MODE = "maintenance packet qqemu.PhyMemMode"


# --- words ---------------------------------------------------------------------------------


def enumerators(header, prefix):
    """{name in lower case: number} of the enumerators there, all with a number."""
    text = (ROOT / "hyp" / header).read_text()
    found = re.findall(rf"\b{prefix}(\w+) = (\d+),", text)
    return {name.lower(): int(value) for name, value in found if "RESERVED" not in name}


def test_causes_are_the_headers():
    named = enumerators("riscv/cause.h", "CAUSE_")
    assert named.pop("count") and len(named) > 20
    assert named == {name: code for code, name in us_words.EXCEPTIONS.items()}
    ours = {name: code for code, name in us_words.INTERRUPTS.items()}
    assert enumerators("riscv/cause.h", "INTERRUPT_").items() <= ours.items()


def test_requests_are_the_headers():
    text = (ROOT / "hyp" / "vcpu" / "vcpu.h").read_text()
    found = re.findall(r"#define VCPU_REQUEST_(\w+) +BIT\((\d)\)", text)
    names = [n.lower().replace("fence_", "fence.") for n, _ in sorted(found, key=lambda f: f[1])]
    assert names == list(us_words.REQUESTS)


def test_requests_words():
    assert us_words.requests_words(0, 0, 0) == "-"
    words = us_words.requests_words(0b10001, 0x44, 0x40)
    assert words == "interrupt, stop, VSSI lowered, VSTI raised"


@pytest.mark.parametrize(
    "scause, text",
    [
        (10, "exception 10: environment call from VS-mode"),
        (22, "exception 22: virtual instruction"),
        (1 << 63 | 5, "interrupt 5: supervisor timer interrupt"),
        (24, "exception 24: not known here"),
    ],
)
def test_cause_words(scause, text):
    assert us_words.cause_words(scause) == text


def test_cause_number():
    number = us_words.cause_number
    assert number("ecall_vs") == 10 and number("0x15") == 21
    assert number("load_guest_page_fault") == 21 and number("sti") == 1 << 63 | 5
    assert number("ecall-vs") is None and number("") is None


@pytest.mark.parametrize(
    "htinst, text",
    [
        (0, "zero: nothing said, fetch the instruction at sepc"),
        (0x3000, "pseudoinstruction: a read of the VS-stage's page table"),
        (0x3020, "pseudoinstruction: a write of the VS-stage's page table (A or D)"),
        (0x00004783, "transformed: lbu into a5, 4 bytes"),
        (0x00002501, "transformed: lw into a0, 2 bytes"),
        (0x00B53023, "transformed: sd of a1, 4 bytes, 10 bytes into it"),
        (0x00053503, "transformed: ld into a0, 4 bytes, 10 bytes into it"),
        (0x00003007 | 8 << 7, "transformed: fld into f8, 4 bytes"),
        (0x00B0252F, "transformed: amoadd.w of a1 into a0, 4 bytes"),
        (0x1000352F, "transformed: lr.d of zero into a0, 4 bytes"),
        (0x6C004573, "transformed: hlv.d into a0, 4 bytes"),
        (0x6AA04073, "transformed: hsv.w of a0, 4 bytes"),
        (0x00007003, "not a value that the manual knows: treat as zero"),  # a load of funct3 7
        (0x1_00004783, "not a value that the manual knows: treat as zero"),
        (0x3002, "not a value that the manual knows: treat as zero"),
    ],
)
def test_htinst_words(htinst, text):
    assert us_words.htinst_words(htinst) == text


def test_gpa():
    assert us_words.gpa_of(0x4000001, 0x10000007, 0x4783) == 0x10000007
    assert us_words.gpa_of(0x4000001, 0x10000007, 0x3000) == 0x10000004  # the entry's address


def test_hstatus_lines():
    lines = list(us_words.hstatus_lines(2 << 32 | 1 << 21 | 5 << 12 | 1 << 7))
    assert lines[0] == "VSXL=2 VTSR=0 VTW=1 VTVM=0 VGEIN=5 HU=0 SPVP=0 SPV=1 GVA=0 VSBE=0"
    assert [line.split(":")[0] for line in lines[1:]] == ["VTW", "SPV"]
    assert lines[2] == "SPV: the trap came from V=1: from a guest"


# --- walks of tables made here -------------------------------------------------------------


class Memory(dict):
    """Eight-byte words; what was never written is zero."""

    def __missing__(self, _address):
        return 0

    def read(self, address):
        assert address % 8 == 0
        return self[address]


V, R, W, X, U, G, A, D = (1 << n for n in range(8))
LEAF = V | R | W | X | U | A | D
BARE = 0
POINTER = V


def pte(address, flags):
    return address >> 12 << 10 | flags


def single_path(mode, gva, leaf, level=0, root=0x1000):
    """Tables of the VS-stage that lead to one leaf: memory and vsatp."""
    memory, table = Memory(), root
    for at in range(us_walk.LEVELS[mode] - 1, level - 1, -1):
        entry = table + 8 * (gva >> 12 + 9 * at & 511)
        memory[entry] = leaf if at == level else pte(table + 0x1000, POINTER)
        table += 0x1000
    return memory, mode << 60 | root >> 12


@pytest.mark.parametrize("mode", [8, 9, 10])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_walk_finds_leaves(mode, level):
    size = 4096 << 9 * level
    gva = (1 << 64) - (3 << 32) + 0x123ABC  # high bits all ones
    memory, vsatp = single_path(mode, gva, pte(5 * size, LEAF), level)
    walk = us_walk.walk_vsstage(vsatp, BARE, gva, memory.read)
    assert (walk.fault, walk.size) == (None, size)
    assert walk.result == 5 * size + gva % size
    assert len(walk.steps) == us_walk.LEVELS[mode] - level


def test_walk_napot():
    gva = 0x12345678
    memory, vsatp = single_path(8, gva, pte(0x80008000, LEAF) | 1 << 63)
    walk = us_walk.walk_vsstage(vsatp, BARE, gva, memory.read)
    assert (walk.result, walk.size) == (0x80005678, 0x10000)
    assert us_walk.size_text(walk) == "64 KiB leaf"


@pytest.mark.parametrize(
    "mode, gva, leaf, level, why",
    [
        (8, 0x4000, 0, 0, "entry not valid"),
        (8, 0x4000, pte(0x1000, V | W | X), 0, "reserved bits in the entry"),
        (8, 0x4000, pte(0x1000, LEAF) | 1 << 54, 0, "reserved bits in the entry"),
        (8, 0x4000, pte(0x1000, LEAF), 1, "leaf not aligned to its size"),
        (8, 0x4000, pte(0x1000, V), 0, "pointer instead of a leaf"),
        (8, 0x4000, pte(0x1000, V | A), 1, "reserved bits in the entry"),
        (8, 1 << 38, pte(0x1000, LEAF), 0, "address too wide for the mode"),
        (9, 1 << 47, pte(0x1000, LEAF), 0, "address too wide for the mode"),
        (8, 0x4000, pte(0x1000, LEAF) | 1 << 63, 0, "reserved bits in the entry"),
    ],
)
def test_walk_refuses(mode, gva, leaf, level, why):
    memory, vsatp = single_path(mode, gva, leaf, level)
    walk = us_walk.walk_vsstage(vsatp, BARE, gva, memory.read)
    assert walk.fault == f"page fault (12 fetch, 13 load, 15 store): {why}"
    assert walk.result is None


GUEST_PAGE_FAULT = "guest-page fault (20 fetch, 21 load, 23 store)"


def gstage_tables(memory, gpa, leaf):
    """Sv39x4 at 0x100000 with one 2 MiB leaf; hgatp."""
    memory[0x100000 + 8 * (gpa >> 30)] = pte(0x104000, POINTER)
    memory[0x104000 + 8 * (gpa >> 21 & 511)] = leaf
    return 8 << 60 | 7 << 44 | 0x100


@pytest.mark.parametrize(
    "gpa, flags, fault",
    [
        (0x80212340, LEAF, None),
        (0x1FF_80212340, LEAF, None),  # entry 2046 of the root's 2048
        (0x80212340, LEAF & ~U, us_walk.NO_USER),
        (0x200_00000000, LEAF, us_walk.WIDTH),
    ],
)
def test_walk_gstage(gpa, flags, fault):
    memory = Memory()
    hgatp = gstage_tables(memory, gpa % (1 << 41), pte(0x40000000, flags))
    walk = us_walk.walk_gstage(hgatp, gpa, memory.read)
    assert walk.fault == (fault and f"{GUEST_PAGE_FAULT}: {fault}")
    assert walk.result == (None if fault == us_walk.WIDTH else 0x40000000 + gpa % (1 << 21))


def test_walk_reads_tables_through_the_gstage():
    """The guest's tables are at gpa 0x1000, which is hpa 0x40001000."""
    gva, memory = 0x4ABC, Memory()
    tables, vsatp = single_path(8, gva, pte(0x3000, V | R | U))
    memory.update({address + 0x40000000: word for address, word in tables.items()})
    hgatp = gstage_tables(memory, 0, pte(0x40000000, LEAF & ~X))
    walk = us_walk.walk_vsstage(vsatp, hgatp, gva, memory.read)
    assert (walk.fault, walk.result) == (None, 0x3ABC)
    final = us_walk.walk_gstage(hgatp, walk.result, memory.read)
    lines = list(us_walk.summary_lines(walk, final))
    assert lines[0] == "gva 0x4abc -> gpa 0x3abc -> hpa 0x40003abc, rights R (VU-mode)"
    assert lines[1:] == ["VS-stage: A is clear, any access faults or sets it"]
    del memory[0x104000]
    walk = us_walk.walk_vsstage(vsatp, hgatp, gva, memory.read)
    assert walk.fault == f"{GUEST_PAGE_FAULT}: table is not in memory"
    assert list(us_walk.vsstage_lines(vsatp, walk))[-1] == f"  {walk.fault}"


def test_walks_have_the_hypervisors_words():
    """Those of hyp/mem/walk.c, and each line that walk_draw.c makes has its like."""
    words = dict(re.findall(r"\[WALK_(\w+)\] = \"(.*?)\"", (ROOT / "hyp/mem/walk.c").read_text()))
    assert words.pop("DONE") == "done" and len(words) == 7
    assert {name: getattr(us_walk, name) for name in words} == words
    drawn = (ROOT / "hyp" / "mem" / "walk_draw.c").read_text()
    faults = dict(re.findall(r"#define (\w*PAGE_FAULT) +\"(.*)\"", drawn))
    assert {name: getattr(us_walk, name) for name in faults} == faults and len(faults) == 2


# --- GDB on QEMU ---------------------------------------------------------------------------


def test_caps_are_what_the_boot_log_says(tmp_path):
    log = tmp_path / "log"
    commands = ("us caps", SPACE_MODE, "us break-cause 10", "continue", "us caps", "us path")
    asked = ask(f"hello --log {log}", *commands)
    assert asked[0] == "us: caps is empty: probe_caps has not run yet"
    assert asked[5] == "us: the hart is not in a guest: stop at an instruction of one that traps"
    assert 'received: "0"' in asked[1]  # also after an error
    caps = dict(re.findall(r"^(\S.*?)  +(\S.*)$", asked[4], re.M))
    said = log.read_text()
    found = {
        "G-stage Sv39x4": r"Sv39x4 (\w+)",
        "VMID bits": r"VMID bits (\d+)",
        "Sstc: guests program stimecmp themselves": r"Sstc (\w+)",
        "timebase, Hz": r"timebase (\d+)",
        "V: vector": r"vector +(\w+)",
        "SBI version of the firmware": r"SBI ([\d.]+)",
    }
    assert {name: caps[name] for name in found} == {
        name: re.search(pattern, said)[1] for name, pattern in found.items()
    }
    mask = re.search(r"hedeleg +mask (\w+)", said)[1]
    assert int(caps["exceptions that can be delegated"], 16) == int(mask, 16)
    assert not [name for name in caps if re.fullmatch(r"\w+_\w+", name)], "a field without words"


def test_ecall():
    stop, trap, frame, where, vcpus, sepc = ask(
        "hello",
        "us break-cause ecall_vs",
        "continue",
        "us trap",
        "us trap frame",
        "us where",
        "us vcpus",
        "output/x $sepc",
    )[1:]
    at = int(sepc, 16)
    assert (GUESTS / "hello" / "hello.bin").read_bytes()[at - BASE :][:4] == ECALL
    assert f"environment call from VS-mode; vCPU 0 of VM hello at {at:#x}" in stop
    assert "exit_ecall (vcpu=" in stop
    assert re.search(r"^scause +0x0{15}a  exception 10: environment call from VS-mode$", trap, re.M)
    assert re.search(rf"^sepc +{at:#018x}$", trap, re.M)
    assert "SPV=1" in trap and "SPP=1: the trap came from VS-mode" in trap
    assert "scause   0x000000000000000a  exception 10" in frame
    assert re.match(r"hart 0 \(thread 1\): HS-mode at 0x\w+, vCPU 0 of VM hello loaded\n", where)
    head, row = vcpus.splitlines()
    assert head.split() == "VM state vCPU hart HSM where pc requests".split()
    assert row.split() == ["hello", "running", "0", "0", "started", "loaded", f"{at:#x}", "-"]


@pytest.mark.parametrize("name", ["one", "two"])
def test_break_cause_in_one_vm(name):
    """Whichever VM runs first, one of the two would be wrong without the filter."""
    kernel = GUESTS / "hello" / "hello.bin"
    vms = f"--vm kernel={kernel},name=one --vm kernel={kernel},name=two"
    stop, vcpus = ask(vms, f"us break-cause ecall_vs {name}", "continue", "us vcpus")[1:]
    assert re.search(rf"; vCPU 0 of VM {name} at", stop)
    assert [line.split()[0] for line in vcpus.splitlines()] == ["VM", "one", "two"]


def test_break_cause_in_one_vcpu():
    stop, vcpus = ask("smp --cpus 2", "us break-cause ecall_vs smp 3", "continue", "us vcpus")[1:]
    assert re.search(r"; vCPU 3 of VM smp at", stop)
    rows = [line.split() for line in vcpus.splitlines()[1:]]
    assert [row[:3] for row in rows] == [["smp", "running", str(i)] for i in range(4)]
    assert {row[3] for row in rows} <= {"0", "1"}  # where it is at home now: it may move
    assert rows[3][5] == "loaded"


def test_guest_page_fault():
    trap, frame = ask(
        "board", "us break-cause load_guest_page_fault", "continue", "us trap", "us trap frame"
    )[2:]
    for text in (trap, frame):
        assert "exception 21: load guest-page fault" in text
        address = re.search(r"guest physical address (0x1000000[0-7])$", text, re.M)[1]
        assert re.search(rf"^stval +0x0*{address[2:]}$", text, re.M)
        # QEMU 7.2 leaves it zero.
        words = re.search(r"^htinst +0x\w+  (.*)$", text, re.M)[1]
        assert re.match(r"zero: |transformed: lbu? into \w+, [24] bytes$", words)
    assert "GVA: stval is a guest virtual address" in trap


def test_walk():
    """In user mode of a guest with Sv39, where its code is mapped elsewhere. QEMU is the judge."""
    user = 0x10000  # guest/paging/paging.h: USER_CODE
    answers = ask(
        "paging",
        f"break *{user:#x} if ($priv & 3) == 0",
        "continue",
        "us where",
        f"us walk {user:#x}",
        f"monitor gva2gpa {user:#x}",  # QEMU names it so; with V=1 both stages are walked
        f"x/2xw {user:#x}",
        f"python walk = gdb.execute('us walk {user:#x}', to_string=True)",
        "python gdb.execute('monitor xp /2wx 0x' + walk.split(' -> hpa 0x')[1].split(',')[0])",
        SPACE_MODE,
        # GDB keeps code that it has read; what it read by physical address it must forget.
        f"python exec('with us_target.physical(): gdb.execute(\"x/i {user:#x}\", to_string=True)')",
        f"x/i {user:#x}",
        "us vcpus",
        "us walk 0x20000",
        "delete",
        "us break-cause ecall_vs",
        "continue",
        f"us walk {user:#x}",
        "us walk 0x7fffffffff",
        f"us walk {user:#x} full",
        "us walk 0x80200000 gpa",
    )
    where, walk, judged, virtual, _, physical, mode, _, code, vcpus, nothing = answers[2:13]
    assert where.startswith("hart 0 (thread 1): VU-mode at 0x10000, vCPU 0 of VM paging loaded")
    assert walk.startswith("VS-stage: Sv39, ASID 1, gva 0x10000\n")
    pattern = r"^gva 0x10000 -> gpa (0x\w+) -> hpa (0x\w+), rights RX \(VU-mode\)$"
    last = re.search(pattern, walk, re.M)
    assert re.search(r"gpa: (0x\w+)", judged)[1] == last[2]
    levels = re.findall(r"^  level (\d), entry (\d+) at gpa", walk, re.M)
    assert levels == [("2", "0"), ("1", "0"), ("0", "16")]
    assert len(re.findall(r"^      G-stage: hpa 0x\w+ \(2 MiB leaf, RWX\)$", walk, re.M)) == 3
    assert re.search(rf"^G-stage: Sv39x4, VMID \d+, gpa {last[1]}$", walk, re.M)
    # What is there is the same in both views, an ecall of user mode; and translation is on again.
    words = physical.split(":")[1].split()
    assert words == virtual.split(":")[1].split() and words[0] == "0x00000073"
    assert 'received: "0"' in mode and code.endswith("ecall")
    assert re.search(r"^paging +running +0 +0 +started +in guest +0x10000 +-$", vcpus, re.M)
    assert nothing.endswith("store): entry not valid")
    # Seen from HS-mode the guest's satp is vsatp.
    assert answers[16].endswith(last[0])
    assert answers[17].endswith("store): address too wide for the mode")
    # In full each of the guest's three tables has a walk of its own, of two entries.
    full, gpa = answers[18:]
    assert len(re.findall(r"^      G-stage: gpa 0x\w+$", full, re.M)) == 3
    assert len(re.findall(r"^        level [12], entry \d+ at hpa 0x\w+$", full, re.M)) == 6
    places = re.findall(r"^        hpa (0x\w+), 2 MiB leaf$", full, re.M)
    assert places == re.findall(r"G-stage: hpa (0x\w+) ", walk)
    assert full.splitlines()[-1] == last[0]
    assert gpa.startswith("G-stage: Sv39x4, VMID ") and gpa.endswith("00000, 2 MiB leaf")


def test_no_stop_for_a_guests_code():
    """Breakpoints are virtual addresses: here the guest executes where exit_ecall is."""
    answers = ask(
        "hello",
        "set $at = (unsigned long)&exit_ecall",
        "us break-cause ecall_vs",
        "continue",
        "tbreak *($sepc + 4)",
        "continue",
        "us where",
        "python for at in (-2, 0, 2): gdb.execute(f'set {{short}}($at + {at}) = 1')",  # c.nop
        "set $pc = $at - 2",
        "tbreak *($at + 2)",
        "continue",
        "output $pc == $at + 2",
        "us where",
    )
    assert "VS-mode" in answers[5] and "VS-mode" in answers[11]
    assert answers[10] == "1" and "exception" not in answers[9].lower()


def test_symbols_change_places():
    hello = GUESTS / "hello" / "hello.elf"
    answers = ask(
        "hello",
        "us break-cause ecall_vs",
        "info symbol 0x80200040",
        f"us guest-symbols {hello}",
        "info symbol 0x80200040",
        "continue",
        "us vcpus",
        "us where",
        "us hyp-symbols",
        "info symbol $pc",
        "us guest-symbols",
        "info symbol begin",
        f"us hyp-symbols {ELF} 0x88000000",
    )
    assert answers[1].startswith("start in section .text")
    assert answers[2].startswith("symbols shown: the guest's\nThe hypervisor's stand at the same")
    assert answers[3].startswith("begin in section .text")
    assert "environment call from VS-mode; vCPU 0 of VM hello" in answers[4]
    assert answers[5].splitlines()[1].startswith("hello ")
    assert answers[6].endswith("symbols shown: the guest's; for the hypervisor's: us hyp-symbols")
    assert answers[7] == "symbols shown: the hypervisor's"
    assert answers[8].startswith("exit_ecall in section .text")
    assert answers[10].startswith("begin in section .text")
    assert answers[11] == "symbols shown: the hypervisor's and the guest's"


# A command, and how its one line begins.
MISTAKES = (
    ("us walk", "us: usage: us walk ADDRESS [full|gpa] [VM [VCPU]]"),
    ("us walk 1 full 2 3 4", "us: usage: us walk ADDRESS [full|gpa] [VM [VCPU]]"),
    ("us walk 1 2 3 4", "us: usage: us walk ADDRESS [full|gpa] [VM [VCPU]]"),
    ("us walk nosuch", "us: No symbol "),
    ("us walk 'a", "us: No symbol "),
    ("us walk 1+", "us: A syntax error in expression"),
    ("us trap door", "us: usage: us trap [frame]"),
    ("us caps 1", "us: usage: us caps"),
    ("us break-cause --next", "us: usage: us break-cause [--next] CAUSE [VM [VCPU]]"),
    ("us break-cause 10 a 1 2", "us: usage: us break-cause [--next] CAUSE [VM [VCPU]]"),
    ("us break-cause sbi", "us: break-cause sbi: which extension?"),
    ("us break-cause sbi TIMER", "us: unknown SBI extension 'TIMER'"),
    ("us break-cause csr", "us: break-cause csr: which CSR?"),
    ("us break-cause csr sstat", "us: unknown CSR 'sstat'"),
    ("us break-cause csr 0x1000", "us: unknown CSR '0x1000'"),
    ("us break-cause load", "us: break-cause: of which device?"),
    ("us break-cause ecall", "us: unknown cause 'ecall'"),
    ("us break-cause 10 hello x", "us: vCPU: 'x' is not a number"),
    ("us hyp-symbols /nosuch.elf", "us: no such file: '/nosuch.elf'"),
    ("us guest-symbols", "us: guest-symbols: which file?"),
    ("us guest-symbols understudy.py", "us: no such file"),
    ("us where", "us: nothing is being debugged"),
    ("us vcpus", "us: nothing is being debugged"),
    ("us trap", "us: nothing is being debugged"),
    ("us trap frame", "us: No frame is currently selected."),
    ("us walk 0", "us: nothing is being debugged"),
    ("us break-cause 10", "us: nothing is being debugged"),
    ("us pte", "us: usage: us pte VALUE [LEVEL]"),
    ("us pte 1 5", "us: LEVEL: '5' is not one of 0 to 4"),
    ("us exits", "us: nothing is being debugged"),
    ("us exits 1 2 3", "us: usage: us exits [VM [VCPU]]"),
    ("us explain", "us: nothing is being debugged"),
)


def test_mistakes_are_one_line():
    """Before there is a machine."""
    answers = gdb_ask([command for command, _ in MISTAKES])
    for (command, line), answer in zip(MISTAKES, answers):
        assert answer.startswith(line) and "\n" not in answer, command


def test_help():
    for name, text in zip(
        ("walk", "break-cause"), gdb_ask(["help us walk", "help us break-cause"])
    ):
        assert f"Usage: us {name} " in text


# --- scripts/debug -------------------------------------------------------------------------


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """Where scripts/debug leaves what it should not; its QEMU's process id is in `pid`."""
    (tmp_path / "tmp").mkdir()
    qemu = tmp_path / "qemu"
    real = os.environ.get("QEMU", "qemu-system-riscv64")
    qemu.write_text(f'#!/bin/sh\necho $$ >>{tmp_path}/pid\nexec {real} "$@"\n')
    qemu.chmod(0o755)
    monkeypatch.setenv("QEMU", str(qemu))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    return tmp_path


def all_gone(folder):
    """Whether every QEMU has ended, soon, and no file is left."""
    limit = time.monotonic() + 10
    processes = [Path("/proc", pid) for pid in (folder / "pid").read_text().split()]
    while (alive := any(p.exists() for p in processes)) and time.monotonic() < limit:
        time.sleep(0.05)
    return not alive and not os.listdir(folder / "tmp")


def debug_ask(run, *commands):
    done = subprocess.run(
        [ROOT / "scripts" / "debug", *run.split()],
        input="\n".join(["set width 0", *commands, "quit", ""]),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout


STEP_UNTIL = """python
while "{0}" not in gdb.execute("x/i $pc", to_string=True):
    gdb.execute("stepi", to_string=True)
end"""


def test_debug_steps_through_an_ecall(watched):
    """stepi follows the trap, and sret the way back; nothing overlaps, so all names are good."""
    status, text = debug_ask(
        "hello",
        "break begin",
        "continue",
        STEP_UNTIL.format("ecall"),
        "us where",
        "stepi",
        "us where",
        "us trap",
        "break exit_handle",
        "continue",
        "break vcpu_enter",
        "continue",
        STEP_UNTIL.format("sret"),
        "stepi",
        "us where",
    )
    modes = re.findall(r"hart 0 \(thread 1\): (\w+)-mode at (0x\w+)", text)
    assert [mode for mode, _ in modes] == ["M", "VS", "HS", "VS"], text
    ecall, exit_, after = (int(at, 16) for _, at in modes[1:])
    assert after == ecall + 4 and exit_ > 0x88000000
    assert "exit_handle (vcpu=" in text
    assert "symbols shown: the hypervisor's and the guest's" in text
    assert "exception 10: environment call from VS-mode" in text
    assert status == 0 and all_gone(watched)


def test_debug_ends_what_it_started(watched):
    with started([ROOT / "scripts" / "debug", "clock"], stdin=subprocess.PIPE) as process:
        limit = time.monotonic() + PATIENCE
        while len((watched / "pid").read_text().split() if (watched / "pid").exists() else []) < 2:
            assert time.monotonic() < limit and process.poll() is None
            time.sleep(0.05)
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 128 + signal.SIGTERM
    assert all_gone(watched)


def test_debug_refuses(watched):
    status, text = debug_ask("nosuch")
    assert status == 2 and "unknown preset 'nosuch'" in text and os.listdir(watched / "tmp") == []
