# SPDX-License-Identifier: BSD-2-Clause
#
# `us timeline`: records as lanes, from traces that were made here; then those
# of a run.

import re

import trace_maker as maker
from debugger import GUESTS, ask
from trace_maker import record

import us_lanes  # isort: skip

from understudy_lib.trace import record as r  # isort: skip
from understudy_lib.trace.words import Words  # isort: skip

TIMEBASE = 10_000_000


class Names:
    def vcpu_name(self, vm, vcpu):
        return "hypervisor" if vm == r.NOBODY else f"vm{vm}/{vcpu}"


def lanes(*records):
    read = us_lanes.records_of(b"".join(records))
    return list(us_lanes.lines(read, TIMEBASE, Names(), Words({})))


def test_harts_are_merged_by_time():
    rows = lanes(
        record(1030, r.SBI, 0, 0, 1, 0, 0x10, 3, 7, 8, 0, 1),
        record(1000, r.EXIT, 1, 0, 1, 0, 10, 0x80200040, 0, 0, 0, 35),
        record(1015, r.SCHED, 9, 2),
        record(1016, r.WIRE, 1, 2, 1, 3, 10),
    )
    assert rows == [
        "        us  h0  h2   who         what",
        "       0.0  *   |    vm1/0       exit      cause 10; at 0x80200040, advance after 3.5 us",
        "       1.5  |   *    hypervisor  sched     idle",
        "       1.6  |   *    vm1/3       wire      wire 10 up",
        "       3.0  *   |    vm1/0       sbi       SBI 0x10 3; a0 0x7, a1 0x8, error 0, value 0x1",
    ]


def test_every_kind_has_a_line(tmp_path):
    maker.write(tmp_path / "made", 5000, harts=3)
    data = (tmp_path / "made").read_bytes()
    data += b"".join(record(9, kind, 0, 1) for kind in (r.DROP, r.ENTRY, r.END, 99))
    rows = lanes(data)
    assert len(rows) == 1 + len(data) // us_lanes.SIZE
    assert all(re.match(r" *\d+\.\d  ([|*]   ){3} (\S+ +){2}\S", row) for row in rows[1:])
    assert all(row.count("*") == 1 for row in rows[1:])
    kinds = {fields[1] for fields in us_lanes.records_of(data)}
    assert kinds >= set(range(1, len(r.KINDS))), sorted(kinds)
    assert any("kind 99" in row for row in rows)


def test_a_run():
    """Traced from before the first entry on. The kept exits are the judge."""
    answers = ask(
        f"--vm kernel={GUESTS}/clock/clock.bin,memory=16M",
        "us timeline",
        "tbreak run_forever",
        "continue",
        "us timeline",
        "print/x tracing_start(0x3ff)",
        "us break-cause ecall_vs",
        "ignore 2 30",
        "continue",
        "us exits 1 0",
        "us timeline 200",
        "us timeline 5",
        "us timeline 0",
    )
    assert answers[0] == answers[3] == "us: nothing was recorded: see `help us timeline`"
    assert answers[4] == "$1 = 0x0"
    pcs = re.findall(r"^ +\d+  0x0*(\w+)  ", answers[8], re.M)
    rows = answers[9].splitlines()[1:]
    exits = re.findall(r"clock/0 +exit +.*; at 0x(\w+), \w+ after", answers[9])
    assert len(pcs) == 16 and len(exits) >= 15
    assert exits[:-16:-1] == pcs[1:]  # the last one is not over
    assert [float(row.split()[0]) for row in rows] == sorted(float(row.split()[0]) for row in rows)
    assert [row[12:] for row in answers[10].splitlines()[1:]] == [row[12:] for row in rows[-5:]]
    assert answers[11] == "us: COUNT: '0' is not one of 1 to 2000"
