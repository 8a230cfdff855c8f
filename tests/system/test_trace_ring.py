# SPDX-License-Identifier: BSD-2-Clause
#
# Traces switched on and off at any time, with machines that come and go, readers that are slow,
# and records looked at without a reader.

import socket
import struct
import sys
import time

import pytest
from conftest import ROOT
from machine import Machine, counter_make

sys.path.insert(0, str(ROOT / "scripts"))
from understudy_lib.trace.live import recording  # noqa: E402

SIZE = 64
HELLO, NAME, DROP, EXIT, LIFE, END = 1, 2, 3, 5, 15, 17
FULL_SECONDS = 30  # until rings that nobody reads from have lost something

# A kernel that asks for the SBI's version without end.
CALLER = [
    0x01000893,  # 1: li    a7, 0x10
    0x00000813,  #    li    a6, 0
    0x00000073,  #    ecall
    0xFF5FF06F,  #    j     1b
]


@pytest.fixture
def machine(tmp_path):
    """Two harts: a VM that counts, one that only exits, and one that is not started."""
    counter = counter_make(tmp_path / "counter.bin")
    caller = tmp_path / "caller.bin"
    caller.write_bytes(b"".join(word.to_bytes(4, "little") for word in CALLER))
    words = ["--cpus", 2]
    for name, kernel, more in (("a", counter, ",vcpus=2"), ("b", caller, ""),
                               ("c", counter, ",autostart=no")):
        words += ["--vm", f"kernel={kernel},format=raw,memory=4M,name={name}{more}"]
    with Machine(tmp_path, *words) as machine:
        yield machine


def records(data):
    """(kind, detail, hart, vm, value 0) of each."""
    for at in range(0, len(data), SIZE):
        _, kind, detail, hart, vm, _, value = struct.unpack_from("<QBBHHHQ", data, at)
        yield kind, detail, hart, vm, value


def check(data):
    """What every stream keeps to. Returns its records."""
    found = list(records(data))
    assert found[0][0] == HELLO and found[-1][0] == END
    assert [r[0] for r in found].count(HELLO) == 1
    times = {}
    for at in range(SIZE, len(data) - SIZE, SIZE):
        when, hart = struct.unpack_from("<Q2xH", data, at)
        assert when >= times.get(hart, 0)
        times[hart] = when
    return found


def test_on_and_off_while_machines_come_and_go(machine):
    for categories in ("all", "life,exit", "exit", "all", "sched,life"):
        data = bytearray()
        with recording(str(machine.socket), categories, data.extend) as stream:
            machine.do("start", "c")
            machine.do("pause", "a")
            machine.do("resume", "a")
            machine.do("reset", "c")
            machine.do("destroy", "c")
            machine.do("create", "c")
            stream.ended.wait(0.3)
        found = check(data)
        if "life" in categories or categories == "all":
            assert {r[1] for r in found if r[0] == LIFE} >= {1, 2}  # running, paused
            assert len({r[3] for r in found if r[0] == NAME}) == 4  # c came twice
        if "exit" in categories or categories == "all":
            assert {r[2] for r in found if r[0] == EXIT} == {0, 1}
    assert machine.counts_on("a")


def test_who_does_not_read_costs_records_and_no_time(machine):
    with socket.socket(socket.AF_UNIX) as reader:
        reader.connect(f"{machine.socket}.trace")
        machine.do("trace", "on", "all")
        end = time.monotonic() + FULL_SECONDS
        while not machine.do("trace", "1")["lost"] and time.monotonic() < end:
            assert machine.counts_on("a")
        assert machine.do("trace", "1")["lost"] > 0
        machine.do("trace", "off")
    # It left with the stream in the middle; the next one gets a whole one all the same.
    data = bytearray()
    with recording(str(machine.socket), "exit", data.extend) as stream:
        stream.ended.wait(0.3)
    check(data)


def test_records_are_shown_without_a_reader(machine):
    assert not machine.do("trace")["recorded"]["exit"]
    machine.do("trace", "on", "exit,sbi")
    time.sleep(0.3)
    shown = machine.do("trace", "b", "10")["records"]
    assert len(shown) == 10
    assert {row["vm"] for row in shown} == {"b"}
    assert {row["kind"] for row in shown} == {"exit", "sbi"}
    assert shown == sorted(shown, key=lambda row: row["us"])
    assert any(row["what"].startswith("BASE 0") for row in shown)
    machine.do("trace", "off")
    assert machine.do("trace", "b", "1")["records"][0]["vm"] == "b"
    assert machine.refusal("trace", "on", "nonsense").startswith("nonsense names no categories")
