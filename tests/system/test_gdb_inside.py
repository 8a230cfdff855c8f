# SPDX-License-Identifier: BSD-2-Clause
#
# What GDB shows of the hypervisor's own data: exits, structs in words, page-table entries; and
# where it stops, `us break-cause`.

import re

import pytest
from conftest import ROOT
from debugger import GUESTS, ask, gdb_ask

ECALL = "exception 10: environment call from VS-mode"


def rows_of(text):
    """(count, cause) of the counted rows in `us exits`."""
    return [(int(n), cause) for n, cause in re.findall(r"^ +(\d+) +\d+  (\S.*)$", text, re.M)]


def test_exits_are_counted(tmp_path):
    """GDB's own count of a breakpoint is the judge; the exit that is not over is not counted."""
    answers = ask(
        f"paging --stats {tmp_path}/stats",
        "break sbi_dbcn.c:handle",
        "ignore 1 100000",
        "tbreak sbi_srst.c:handle",
        "continue",
        "us exits",
        "info breakpoints",
        "print *vcpu",
    )
    vcpus = re.split(r"^vCPU (\d) of VM paging: (\d+) exits$", answers[4], flags=re.M)
    assert vcpus[1::3] == ["0"]
    counts = [rows_of(text) for text in vcpus[3::3]]
    ended = int(re.match(r"\$\d+ = vCPU (\d)", answers[6])[1])
    for vcpu, rows in enumerate(counts):
        assert rows == sorted(rows, key=lambda row: -row[0])
        assert sum(count for count, _ in rows) == int(vcpus[2::3][vcpu]) - (vcpu == ended)
    calls = sum(count for rows in counts for count, cause in rows if cause == f"{ECALL}; DBCN")
    assert f"already hit {calls} times" in answers[5] and calls > 20
    assert "exception 22: virtual instruction" in [cause for _, cause in counts[0]]


def test_exits_are_kept():
    """Sixteen of a vCPU, the newest first; of all vCPUs only some of each."""
    answers = ask(
        "board",
        "break exit_handle",
        "ignore 1 39",
        "continue",
        "us exits board 0",
        "us exits",
        "print/x trap->scause",
        "us exits 1",
        "us exits nosuch",
        "us exits board 1",
        "us exits board x",
    )
    pattern = r"^ +(\d+)  0x0*(\w+)  (exception (\d+).*)$"
    kept = re.findall(pattern, answers[3], re.M)
    assert answers[3].startswith("vCPU 0 of VM board: 40 exits, not counted by cause\n")
    assert [int(back) for back, *_ in kept] == list(range(16))
    assert int(kept[0][3]) == int(answers[5].split("= ")[1], 16)
    some = re.findall(pattern, answers[4], re.M)
    assert some == kept[:4]
    assert any("; gpa 0x1000000" in text and text.endswith(", uart") for _, _, text, _ in kept)
    assert answers[6] == answers[3]  # by id
    assert answers[7] == "us: there is no VM 'nosuch'; those there are: board"
    assert answers[8] == "us: VM board has no vCPU 1"
    assert answers[9] == "us: vCPU: 'x' is not a number"


def test_structs_in_words():
    answers = ask(
        "board",
        "us break-cause --next 21 board 0",
        "continue",
        "print *vcpu",
        "print/r vcpu->regs.sepc",
        "print *trap",
        "print *vcpu->vm",
        "print/r *trap",
        # Not in memory at all: the fields are what counts.
        "python gdb.set_convenience_variable('leaf', gdb.Value(bytes(24), gdb.lookup_type("
        "'struct gstage_leaf')))",
        "set $leaf.pte = 0x230800df",
        "set $leaf.level = 1",
        "print $leaf",
        "print (enum exit_verdict)5",
        "print (enum exit_verdict)9",
    )
    lines = answers[2].splitlines()
    assert lines[0] == "$1 = vCPU 0 of VM board"
    assert lines[1] == "  state     started, loaded on hart 0"
    at = int(answers[3].split("= ")[1])
    assert lines[2].startswith(f"  guest     VS-mode at {at:#x}")
    assert re.fullmatch(r"  exits     \d+, the last: exception 21: load guest-page fault", lines[3])
    trap = answers[4].splitlines()
    assert trap[0].startswith(f"$3 = exception 21: load guest-page fault, pc {at:#x}")
    assert trap[2] == "  gpa       0x10000007"
    assert trap[3].startswith("  htinst    0x")
    assert "\n  state     running\n" in answers[5] and "uart 0x10000000" in answers[5]
    assert "scause = 21" in answers[6]
    assert re.search(r"= EXIT_PASS: past this instruction; ", answers[11])
    assert answers[12].endswith("= 9")
    assert answers[10].endswith("level 1, hpa 0x0, pte 0x00000000230800df  V R W X U - A D")


def test_structs_in_words_while_the_guest_runs():
    """Memory as the hart sees it is the guest's then."""
    answers = ask(
        "paging",
        "break *0x10000 if ($priv & 3) == 0",
        "continue",
        "us where",
        'print $us_vcpu("paging", 0)',
        "print $us_vm(1).id",
        'print $us_vm("nosuch")',
        "us exits",
        "us where",
    )
    assert "VU-mode" in answers[2] and answers[7] == answers[2]
    assert answers[3].startswith("$1 = vCPU 0 of VM paging\n")
    assert "\n  state     started, loaded on hart 0\n" in answers[3]
    assert answers[4] == "$2 = 1"
    assert "there is no VM 'nosuch'; those there are: paging" in answers[5]
    assert answers[6].startswith("vCPU 0 of VM paging: ")


PTES = (
    ("0", "fault: entry not valid"),
    ("0x20080c01", "pointer to the next table, at 0x80203000"),
    ("0x20080c01 0", "fault: pointer instead of a leaf"),
    ("0x20080c41", "fault: reserved bits in the entry (A, D or U in a pointer)"),
    ("0x8000000020080c01", "fault: reserved bits in the entry (N or PBMT in a pointer)"),
    ("0x40000020080cdb", "fault: reserved bits in the entry (bits 60 to 54 are not zero)"),
    ("0x20080cdb", "leaf, 0x80203000: RX for user mode (at the G-stage: everybody)"),
    ("0x20080cdb 0", "leaf, 4 KiB at 0x80203000: RX for user mode (at the G-stage: everybody)"),
    ("0x20080cdb 1", "fault: leaf not aligned to its size"),
    ("0x20080c05", "fault: reserved bits in the entry (W without R)"),
    ("0x20080c03", "A is clear: any access faults, or sets it"),
    ("0x20080c47", "D is clear: a store faults, or sets it"),
    ("0x20080dc7", "bits 9:8, software's, are 1"),
    ("0x40000000200820c7", "PBMT IO: a device's, not cached"),
)


def test_entries_in_words():
    answers = gdb_ask([f"us pte {words}" for words, _ in PTES])
    for (words, line), answer in zip(PTES, answers):
        assert line in answer.splitlines(), (words, answer)
        assert answer.startswith(f"pte {int(words.split()[0], 0):#018x}  ")


# --- us explain ----------------------------------------------------------------------------


def test_explain():
    """The last trap from its first instruction on, before and after it is saved, then by number.
    The words are those of hyp/explain/, which has tests of its own."""
    answers = ask(
        "hello",
        "us explain",
        "tbreak *vcpu_exit",
        "continue",
        "us explain",
        "us explain 0",
        "us break-cause --next sbi SRST",
        "continue",
        "us explain 0",
        "us explain 1 hello 0",
        "us explain 2",
        "us explain x",
        "us explain 0 nosuch",
    )
    assert answers[0] == "us: hart 0 has taken no trap to HS-mode yet"
    first = answers[3].splitlines()
    assert first[:2] == ["hart 0, the last trap to HS-mode", f"cause     {ECALL}"]
    assert any(line.startswith("call      DBCN console_write: ") for line in first)
    assert any(line.startswith("source    Priv 21.6.1 ") for line in first)
    assert re.search(r"^  hstatus +SPV +7 += 0x1 +the trap came from V=1", answers[3], re.M)
    assert answers[4] == "us: of vCPU 0 of VM hello 0 exits are kept"
    assert answers[7].startswith(f"vCPU 0 of VM hello, the last exit\ncause     {ECALL}\n")
    assert "\ncall      SRST system_reset: " in answers[7]
    assert answers[8].startswith("vCPU 0 of VM hello, the last exit but 1\ncause     exception 10")
    assert "\ncall " not in answers[8]  # its registers are gone
    assert answers[9] == "us: of vCPU 0 of VM hello 2 exits are kept"
    assert answers[10] == "us: BACK: 'x' is not a number"
    assert answers[11].startswith("us: there is no VM 'nosuch'")


# --- us break-cause ------------------------------------------------------------------------


def test_handlers_are_the_tables():
    """Where break-cause stands is what hyp/exit/exit.c says."""
    causes = dict(
        (name.lower(), int(code))
        for name, code in re.findall(
            r"\bCAUSE_(\w+) = (\d+),", (ROOT / "hyp/riscv/cause.h").read_text()
        )
    )
    rows = re.findall(r"\[CAUSE_(\w+)\] = (\w+)", (ROOT / "hyp/exit/exit.c").read_text())
    table = {causes[name.lower()]: handler for name, handler in rows}
    assert len(table) > 20
    ask_all = [f"python print(__import__('us_break').handler_of({code}))" for code in table]
    assert gdb_ask(ask_all) == list(table.values())
    last = ["python print(__import__('us_break').handler_of(1 << 63 | 5))"]
    assert gdb_ask(last) == ["exit_interrupt"]


# What runs, and for each cause what is said at its stop, and in which function.
STOPS = (
    (
        "board",
        ("store uart", r"exception 23: .*; uart at 0x1000000\d; ", "vuart_write"),
        ("load rtc", r"exception 21: .*; rtc at 0x1010\d\d; ", "vrtc_read"),
        ("store plic board 0", r"exception 23: .*; plic at 0xc\w+; ", "vplic_map_write"),
    ),
    (
        "sbi",
        ("sbi legacy console_putchar", rf"{ECALL}; SBI legacy console_putchar; ", "handle"),
        ("sbi 0x0badcafe", rf"{ECALL}; SBI 0xbadcafe function 0x0; ", "exit_ecall"),
        ("sbi HSM 0 sbi", rf"{ECALL}; SBI HSM hart_start; vCPU 0 ", "handle"),
        ("sbi HSM hart_get_status", rf"{ECALL}; SBI HSM hart_get_status; vCPU 0 ", "handle"),
    ),
    (
        f"--vm kernel={GUESTS}/pmu/pmu.bin,vcpus=2,memory=16M",
        # csr_emulate begins with find, which is inlined.
        ("csr instret", r"exception 22: virtual instruction; CSR instret; ", "find"),
        ("csr 0xc00 pmu 0", r"exception 22: .*; CSR 0xc00; vCPU 0 of VM pmu ", "find"),
        ("virtual_insn", r"exception 22: virtual instr", "exit_virtual_insn"),
    ),
    (
        f"--vm kernel={GUESTS}/turns/turns.bin,vcpus=2,memory=16M",
        ("interrupt", r"interrupt 5: supervisor timer", "exit_interrupt"),
    ),
)


@pytest.mark.parametrize("stops", STOPS, ids=lambda stops: stops[0].split("/")[-1])
def test_stops_for(stops):
    """Each stands for one stop, in whatever order they come."""
    run, *stops = stops
    asked = [f"us break-cause --next {cause}" for cause, *_ in stops]
    texts = ask(run, *asked, *["continue"] * len(stops))[len(stops) :]
    for cause, said, function in stops:
        found = [text for text in texts if re.search(f"^{said}", text, re.M)]
        assert any(re.search(rf"reakpoint \d, {function}( \(|$)", text) for text in found), cause


def test_stops_where_no_device_is():
    """The guest's next instruction is replaced by such a load."""
    answers = ask(
        "hello",
        "us break-cause --next ecall_vs",
        "continue",
        "tbreak *($sepc + 4)",
        "continue",
        "set {int}$pc = 0x00052503",  # lw a0, 0(a0)
        "set $a0 = 0x20000000",
        "us break-cause load none",
        "continue",
    )
    said = "exception 21: load guest-page fault; no device at 0x20000000; vCPU 0 of VM hello at 0x"
    assert said in answers[7]


def test_next_is_once_and_ids_are_names():
    kernel = GUESTS / "hello" / "hello.bin"
    vms = f"--vm kernel={kernel},name=one --vm kernel={kernel},name=two"
    asked = ask(vms, "us break-cause --next ecall_vs 2 0", "continue", "info breakpoints")
    assert f"{ECALL}; vCPU 0 of VM two at " in asked[1]
    assert re.match("No breakpoints.* watchpoints", asked[2])


def test_doubts_are_told():
    """What is not there may still come: it is said, and the breakpoint stands."""
    answers = ask(
        "hello",
        "us break-cause --next ecall_vs nosuch",  # before there are any
        "us break-cause --next ecall_vs",
        "continue",
        "us break-cause ecall_vs nosuch",
        "us break-cause ecall_vs hello 1",
        "us break-cause load disk",
        "info breakpoints",
        "us break-cause",
    )
    assert "\n" not in answers[0]
    assert answers[3].endswith("There is no VM nosuch now; those there are: hello.")
    assert answers[4].endswith("No such VM has a vCPU 1 now.")
    assert answers[5].endswith("There is no device disk now: plic, rtc, test, uart.")
    assert len(re.findall(r"^\d+ +breakpoint", answers[6], re.M)) == 4
    standing = "1 --next ecall_vs nosuch, 3 ecall_vs nosuch, 4 ecall_vs hello 1, 5 load disk"
    assert ", ".join(" ".join(line.split()) for line in answers[7].splitlines()) == standing
