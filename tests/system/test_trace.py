# SPDX-License-Identifier: BSD-2-Clause
#
# `understudy trace` with files: what is written for other tools is right for any run that can be
# (trace_maker.py), and for files that are none. test_trace_live.py has machines.

import collections
import csv
import json
import random
import re
import struct
import subprocess
import sys
from fractions import Fraction

import pytest
import trace_maker as maker
from conftest import LAUNCHER, ROOT
from trace_check import check_timeline, lanes_of
from trace_maker import record

sys.path.insert(0, str(ROOT / "scripts"))
from understudy_lib.errors import UsageError  # noqa: E402
from understudy_lib.trace import record as r  # noqa: E402
from understudy_lib.trace.symbols import Symbols  # noqa: E402
from understudy_lib.trace.words import DEVICES, Words  # noqa: E402

ALL = list(maker.CATEGORIES)
RUNS = {
    "plain": {},
    "one hart": {"harts": 1, "vms": 1, "vcpus": 1},
    "many": {"harts": 5, "vms": 4, "vcpus": 6},
    "entries": {"categories": ALL},
    "drops": {"drops": True},
    "exits": {"categories": ["exit"]},
    "exits and calls": {"categories": ["exit", "sbi", "mmio"]},
    "no exits": {"categories": [name for name in ALL if name != "exit"]},
    "24 MHz": {"timebase": 24_000_000, "harts": 3, "vcpus": 3},
    "1 GHz": {"timebase": 10**9},
    "32 kHz": {"timebase": 32768},
}
LINE = re.compile(
    r" +(\S+)-(\d+) +\[(\d{3})\] \.{5} +(\d+\.\d{6}): (\w+): (\S.*)$"
)  # task, number, hart, seconds, event, text
KINDS = ("chrome", "ftrace", "csv")
ONE_HART = maker.hello(1) + maker.name(7, "guest")


def trace(*words):
    command = list(map(str, [LAUNCHER, "trace", *words]))
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def convert(path, status=0):
    """Writes the files that are made of the trace at `path`; returns what was said."""
    done = trace("convert", path, *(f"--{kind}={written(path, kind)}" for kind in KINDS))
    assert done.returncode == status, done.stderr
    return done.stderr


def written(path, kind):
    return path.with_suffix("." + kind)


def made(path, *records, status=0):
    """The path, with these records, and converted."""
    path.write_bytes(b"".join(records))
    convert(path, status)
    return path


def records_of(path):
    return list(maker.RECORD.iter_unpack(path.read_bytes()))


@pytest.fixture(params=RUNS, scope="module")
def run(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / "run.utrace"
    maker.write(path, 2500, seed=list(RUNS).index(request.param), **RUNS[request.param])
    convert(path)
    return path


def test_a_timeline_of_any_run(run):
    timeline = check_timeline(written(run, "chrome"))
    records = records_of(run)
    kinds = collections.Counter(row[1] for row in records)
    events = collections.Counter((e["ph"], e.get("cat")) for e in timeline["traceEvents"])
    assert events["X", "exit"] == kinds[maker.EXIT]
    assert timeline["otherData"]["drops"] == sum(r[6] for r in records if r[1] == maker.DROP)
    assert timeline["otherData"]["records"] == len(records)
    # Each record is there once: as an exit, in one, or as an instant.
    seen = [e["args"]["n"] for e in timeline["traceEvents"]
            if e["ph"] == "i" or e.get("cat") == "exit"]  # fmt: skip
    seen += [e["args"]["inner"] for e in timeline["traceEvents"] if "inner" in e["args"]]
    unseen = (maker.HELLO, maker.NAME, maker.ENTRY, maker.END)
    assert sorted(seen) == [n for n, row in enumerate(records) if row[1] not in unseen]


def test_flows_and_guests_are_there(run):
    timeline = check_timeline(written(run, "chrome"))
    rows = records_of(run)
    asked = sum(row[1] == maker.REQUEST for row in rows)
    flows = sum(event["ph"] == "s" for event in timeline["traceEvents"])
    assert asked * 0.9 - 5 <= flows <= asked  # the last ones show after the end
    guests = sum(event.get("cat") == "guest" for event in timeline["traceEvents"])
    exits = sum(row[1] == maker.EXIT for row in rows)
    assert guests <= exits and (guests > exits / 2 or exits < 10 or rows[0][7] < 10**5)


def test_one_exit_exactly(tmp_path):
    path = made(
        tmp_path / "one.utrace",
        ONE_HART,
        record(1000, maker.SWITCH, 0, 0, 7, 1, maker.NO_HART),
        record(1010, maker.EXIT, 1, 0, 7, 1, 23, 0x80200000, 0x10000000, 0x4000000, 0xF78023, 8),
        record(1015, maker.MMIO, 0x81, 0, 7, 1, 0x10000000, 0x41, 3),
        record(1030, maker.EXIT, 4, 0, 7, 1, 22, 0x80200004, 0x10500073, 0, 0, 2),
        record(1033, maker.SCHED, maker.IDLE, 0, maker.NOBODY, maker.NOBODY),
        record(1050, maker.END),
    )
    lanes = lanes_of(check_timeline(written(path, "chrome")))
    shown = [(e["name"], e["ts"], e["dur"]) for _, _, e in lanes[107, 1]]
    assert shown == [("guest", 0, 0.999), ("store uart", 1, 0.799), ("guest", 1.8, 1.199),
                     ("WFI", 3, 0.199)]  # fmt: skip
    assert [e["name"] for _, _, e in lanes[1, 0]] == ["guest/1"]
    args = lanes[107, 1][1][2]["args"]
    assert args == {
        "n": 3, "hart": 0, "verdict": "advance", "scause": "0x17", "sepc": "0x80200000",
        "stval": "0x10000000", "htval": "0x4000000", "htinst": "0xf78023", "ticks": 8, "inner": 4,
        "gpa": "0x10000000", "value": "0x41", "size": 1, "device": 3, "write": True,
        "missing": False,
    }  # fmt: skip


def test_a_request_points_to_what_came_of_it(tmp_path):
    path = made(
        tmp_path / "ask.utrace",
        maker.hello(2) + maker.name(7, "guest"),
        record(1000, maker.SWITCH, 0, 0, 7, 0, maker.NO_HART),
        record(1000, maker.SWITCH, 0, 1, 7, 1, maker.NO_HART),
        record(1010, maker.EXIT, 1, 0, 7, 0, 10, 0, 0, 0, 0, 5),
        record(1012, maker.REQUEST, 0, 0, 7, 0, 1, 7, 1, 1),
        record(1020, maker.EXIT, 3, 1, 7, 1, maker.SOFTWARE, 0, 0, 0, 0, 5),
        record(1030, maker.INTERRUPT, 0, 1, 7, 1, 4, 0, 4),
    )
    events = check_timeline(written(path, "chrome"))["traceEvents"]
    [start] = [e for e in events if e["ph"] == "s"]
    [end] = [e for e in events if e["ph"] == "f"]
    assert (start["pid"], start["tid"], start["ts"]) == (107, 0, 1.2)
    assert (end["pid"], end["tid"], end["ts"], end["bp"]) == (107, 1, 2.0, "e")


def test_ftrace_of_any_run(run):
    head, *lines = written(run, "ftrace").read_text().splitlines()
    assert head == "# tracer: nop"
    lines = [line for line in lines if not line.startswith("#")]
    found = [LINE.match(line) for line in lines]
    assert all(found), lines[found.index(None)]
    times = [float(match[4]) for match in found]
    assert times == sorted(times)
    records = records_of(run)
    kinds = collections.Counter(row[1] for row in records)
    events = collections.Counter(match[5] for match in found)
    assert events["kvm_exit"] == kinds[maker.EXIT]
    assert events["kvm_mmio"] == kinds[maker.MMIO]
    assert events["kvm_hypercall"] == kinds[maker.SBI]
    assert events["kvm_set_irq"] == kinds[maker.WIRE]
    if kinds[maker.ENTRY]:
        assert events["kvm_entry"] == kinds[maker.ENTRY]


def test_ftrace_of_exits_as_kvm_writes_it(tmp_path):
    path = made(
        tmp_path / "one.utrace",
        ONE_HART,
        record(10_000_090, maker.EXIT, 1, 0, 7, 1, 23, 0x80200000, 0x10000000, 0x4000000, 0xF78021,
               20),  # fmt: skip
        record(10_000_100, maker.MMIO, 0x81, 0, 7, 1, 0x10000000, 0x41, 3),
        record(10_000_200, maker.EXIT, 0, 0, 7, 1, 20, 0x80300000, 0x80300000, 0x200C0000, 0, 20),
    )
    lines = written(path, "ftrace").read_text().splitlines()
    first, mmio, entry, _ = (line for line in lines if not line.startswith("#"))
    assert first.startswith(
        "         guest/1-8001    [000] .....     1.000009: kvm_exit: SEPC:0x80200000, "
        "SCAUSE:0x17, STVAL:0x10000000, HTVAL:0x4000000, HTINST:0xf78021"
    )
    assert mmio.endswith("1.000010: kvm_mmio: mmio write len 1 gpa 0x10000000 val 0x41")
    assert entry.endswith("1.000011: kvm_entry: PC: 0x0000000080200002")  # a compressed store


def test_csv_has_it_all(run):
    rows = list(csv.DictReader(written(run, "csv").open()))
    records = records_of(run)
    assert len(rows) == len(records)
    for row, (time, kind, detail, hart, vm, vcpu, *values) in zip(rows, records):
        assert [int(row[f"value{i}"], 16) for i in range(6)] == values
        assert (row["detail"], row["hart"]) == (str(detail), str(hart))
        assert int(row["ns"]) == time * 10**9 // records[0][7]
        assert (row["vm"] or str(maker.NOBODY)) == str(vm)
        assert (row["vcpu"] or str(maker.NOBODY)) == str(vcpu)
        assert row["what"]


def test_a_file_that_is_cut_short(tmp_path):
    whole = tmp_path / "whole.utrace"
    maker.write(whole, 300)
    data = whole.read_bytes()
    cut = tmp_path / "cut.utrace"
    for length in (len(data) - 1, len(data) - 63, 64 * 9 + 17, 65):
        cut.write_bytes(data[:length])
        done = trace("convert", cut, "--chrome", tmp_path / "cut.json")
        assert done.returncode == 1
        assert f"cut short: the last {length % 64} bytes are no record\n" in done.stderr
        check_timeline(tmp_path / "cut.json")
    for length in (0, 1, 63):
        cut.write_bytes(data[:length])
        done = trace("report", cut)
        assert done.returncode == 2 and "shorter than a record" in done.stderr


def test_files_that_are_no_traces(tmp_path):
    path, output = tmp_path / "x.utrace", tmp_path / "x.json"
    good = maker.hello(1)
    for data, words in (
        (b"\x7fELF" + bytes(200), "does not begin with a HELLO record"),
        (record(5, maker.EXIT) * 3, "does not begin with a HELLO record"),
        (good[:9] + b"\2" + good[10:], "has version 2; known is 1"),
        (good[:24] + bytes(8) + good[32:], "says that time has no rate"),
    ):
        path.write_bytes(data)
        done = trace("convert", path, "--chrome", output)
        assert done.returncode == 2 and words in done.stderr and done.stderr.count("\n") == 1
        assert not output.exists()
    assert trace("convert", tmp_path / "none", "--csv", "-").returncode == 2
    assert trace("convert", tmp_path, "--csv", "-").returncode == 2
    path.write_bytes(good)
    done = trace("convert", path, "--csv", tmp_path / "no" / "x.csv")
    assert done.returncode == 2 and "cannot write" in done.stderr


def test_kinds_that_nobody_knows(tmp_path):
    path = made(tmp_path / "x.utrace", ONE_HART, record(9, 99), record(9, 0), record(9, 99),
                record(10, maker.EXIT, 0, 0, 7, 0, 10), status=1)  # fmt: skip
    assert "3 records of unknown kinds: 0, 99\n" in convert(path, status=1)
    events = check_timeline(written(path, "chrome"))["traceEvents"]
    assert sum(event["ph"] == "X" for event in events) == 1
    kinds = [row["kind"] for row in csv.DictReader(written(path, "csv").open())]
    assert kinds == ["hello", "name", "99", "0", "99", "exit"]


@pytest.mark.parametrize("seed", range(6))
def test_garbage_is_a_timeline_too(tmp_path, seed):
    """Records of any content, some with numbers as they could be: no traceback, and it nests."""
    rng = random.Random(seed)
    data = bytearray(maker.hello(2, timebase=rng.choice((1, 10**7, 2**64 - 1))))
    for _ in range(1500):
        likely = (rng.randrange(2000), rng.randrange(19), rng.randrange(12), rng.randrange(3),
                  rng.randrange(3), rng.randrange(3),
                  *(rng.randrange(30) for _ in range(6)))  # fmt: skip
        row = bytearray(maker.RECORD.pack(*likely))
        if rng.random() < 0.2 * seed:
            at = rng.randrange(64)
            row[at : at + 8] = rng.randbytes(min(8, 64 - at))
        data += row
    strange = any(not 0 < kind < 18 for kind in data[8::64])
    path = made(tmp_path / "x.utrace", data, status=int(strange))
    check_timeline(written(path, "chrome"), Fraction)  # more digits than viewers have
    assert trace("report", path).returncode == int(strange)


def test_a_report(tmp_path):
    path = tmp_path / "x.utrace"
    maker.write(path, 20_000, vms=2)
    done = trace("report", path)
    assert done.returncode == 0, done.stderr
    records = records_of(path)
    exits = collections.Counter(row[4] for row in records if row[1] == maker.EXIT)
    assert f"{len(records)} records, 0 lost; " in done.stdout
    for vm, name in ((1, "linux"), (2, "clock")):
        assert f"VM {name}: {exits[vm]} exits, " in done.stdout
    causes, durations = done.stdout.split("cause\n")[1].split("  duration of exits\n")
    assert sum(int(line.split()[0]) for line in causes.splitlines()) == exits[1]
    durations = durations.split("  exits in each second\n")[0].splitlines()[1:]
    assert sum(int(line.split()[2]) for line in durations) == exits[1]


def test_a_report_of_nothing(tmp_path):
    done = trace("report", made(tmp_path / "x.utrace", maker.hello(1)))
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)


def test_functions_of_the_guest(tmp_path):
    symbols = tmp_path / "System.map"
    symbols.write_text("1000 T first\n1010 t second\n1018 d data\n1020 T third\n")
    rows = [record(100 + i, maker.EXIT, 0, 0, 7, 0, 10, sepc) for i, sepc in
            enumerate((0xFFF, 0x1000, 0x100F, 0x1010, 0x1010, 0x101F, 0x9999999))]  # fmt: skip
    path = made(tmp_path / "x.utrace", ONE_HART, *rows)
    for option in (symbols, f"guest={symbols}"):
        done = trace("report", path, "--symbols", option)
        functions = done.stdout.split("most common cause\n")[1].splitlines()
        counts = {line.split()[3].rstrip(":"): line.split()[0] for line in functions}
        assert counts == {"second": "3", "first": "2", "(elsewhere)": "2"}
    assert trace("report", path, "--symbols", f"nobody={symbols}").returncode == 2


def elf_of(symbols):
    """An ELF file with nothing but these (address, size, name)."""
    names, table = b"\0", bytes(24)
    for address, size, name in symbols:
        table += struct.pack("<IBBHQQ", len(names), 2, 0, 1, address, size)
        names += name.encode() + b"\0"
    at = 64 + len(names)
    sections = struct.pack("<IIQQQQIIQQ", *[0] * 10)
    sections += struct.pack("<IIQQQQIIQQ", 0, 2, 0, 0, at, len(table), 2, 0, 8, 24)
    sections += struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, 64, len(names), 0, 0, 1, 0)
    head = b"\x7fELF\2\1\1" + bytes(9)
    head += struct.pack("<HHIQQQIHHHHHH", 2, 243, 1, 0, 0, at + len(table), 0, 64, 0, 0, 64, 3, 2)
    return head + names + table + sections


def test_functions_of_an_elf_file(tmp_path):
    elf = tmp_path / "guest.elf"
    data = elf_of([(0x1000, 16, "first"), (0x1010, 8, "second")])
    rows = [record(100, maker.EXIT, 0, 0, 7, 0, 10, sepc) for sepc in (0x1000, 0x1010, 0x1018)]
    path = made(tmp_path / "x.utrace", ONE_HART, *rows)
    elf.write_bytes(data)
    done = trace("report", path, "--symbols", elf)
    assert done.returncode == 0, done.stderr
    assert re.search(r"1 +33\.3 .* first: ", done.stdout)
    assert re.search(r"1 +33\.3 .* \(elsewhere\): ", done.stdout)


def test_files_without_functions_are_refused(tmp_path):
    elf, rng = tmp_path / "guest.elf", random.Random(1)
    data = elf_of([(0x1000, 16, "first"), (0x1010, 8, "second")])
    refused = 0
    for _ in range(600):
        broken = bytearray(data[: rng.choice((len(data), rng.randrange(6, len(data))))])
        for _ in range(rng.randrange(4)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        elf.write_bytes(broken)
        try:
            Symbols(str(elf)).find(0x1000)
        except UsageError:
            refused += 1
    assert refused > 200
    elf.write_bytes(elf_of([]))
    assert trace("report", elf, "--symbols", elf).returncode == 2


def enum_of(header, name):
    """The enumerators of an enum that counts up, without their common beginning."""
    text = re.sub(r"/\*.*?\*/", "", (ROOT / "hyp" / header).read_text(), flags=re.S)
    names = re.findall(r"[A-Z]\w+", re.search(rf"enum {name} \{{(.*?)\}}", text, re.S)[1])
    return [re.sub(r"^(EXIT|VM|TRACE_KIND|TRACE_SCHED)_", "", name).lower() for name in names]


def test_names_are_those_of_the_hypervisor():
    assert list(r.KINDS[1:]) == enum_of("trace/record.h", "trace_kind")
    assert list(r.VERDICTS) == enum_of("vcpu/verdict.h", "exit_verdict")
    requests = re.findall(r"define VCPU_REQUEST_(\w+) +BIT\((\d+)\)",
                          (ROOT / "hyp/vcpu/vcpu.h").read_text())  # fmt: skip
    found = [(word.upper().replace(" ", "_"), str(i)) for i, word in enumerate(r.REQUESTS)]
    assert found == requests
    assert list(r.STATES) == enum_of("vm/vm.h", "vm_state")
    scheds = [word.split()[0] for word in r.SCHEDS[1:]]
    assert scheds == [name.split("_")[0] for name in enum_of("trace/record.h", "trace_sched")]
    assert maker.EXIT == r.EXIT and maker.END == r.END == len(r.KINDS) - 1


def test_words_are_those_of_explain():
    words = Words()
    assert words.is_complete
    assert words.cause(21) == "load guest-page fault"
    assert words.cause(1 << 63 | 5) == "supervisor timer interrupt"
    assert (words.cause(63), words.cause(1 << 63 | 40)) == ("cause 63", "interrupt 40")
    assert words.sbi(0x54494D45, 0) == "set_timer"
    assert (words.sbi(0x54494D45, 9), words.sbi(0xBAD, 1)) == ("TIME 9", "0xbad 1")
    assert (words.sbi(1, 0), words.sbi(1, 77)) == ("legacy console_putchar",) * 2
    assert (words.csr(0xC01), words.csr(0xFFF)) == ("time", "0xfff")
    bare = Words({})
    assert (bare.cause(21), bare.sbi(0x10, 3), bare.csr(0xC01)) == ("cause 21", "0x10 3", "0xc01")


def test_the_devices_are_those_of_the_board():
    text = (ROOT / "hyp/vm/board.c").read_text()
    order = re.search(r"add_devices.*?\{(.*?)\};", text, re.S)[1]
    assert tuple(re.findall(r"&vm->v(\w+)\.vdev", order)) == DEVICES


def test_a_stream_of_json_is_plain(tmp_path):
    """Names of VMs come from a file: whatever they hold, the JSON is JSON."""
    path = made(tmp_path / "x.utrace", maker.hello(1), maker.name(7, '"\n<\\é>'),
                record(10, maker.EXIT, 0, 0, 7, 0, 10))  # fmt: skip
    timeline = check_timeline(written(path, "chrome"))
    assert timeline["otherData"]["vms"]["7"].startswith('"?<\\')
    assert json.dumps(timeline)
