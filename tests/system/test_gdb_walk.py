# SPDX-License-Identifier: BSD-2-Clause
#
# `us walk` and the monitor's `walk` (hyp/mem/walk_draw.c) on the same machine: two programs that
# walk the same tables, and must draw the same, line by line.

import re
import time

import pexpect
import pytest
from conftest import LAUNCHER
from debugger import PATIENCE, debug, gdb_ask
from machine import kernel_make

ENTRY = 0x80200000
TABLES = 0x1000  # behind the entry: levels 2, 1 and 0
V, R, W, X, U, A, D = (1 << n for n in (0, 1, 2, 3, 4, 6, 7))

# Turns Sv39 on with the satp that stands 256 bytes behind the entry, and stays.
PAGED = [
    0x00000297,  #    auipc t0, 0
    0x1002B303,  #    ld    t1, 256(t0)
    0x18031073,  #    csrw  satp, t1
    0x12000073,  #    sfence.vma
    0x0000006F,  # 1: j     1b
]
ADDRESSES = {
    "0x80200abc": "2 MiB leaf",
    "0x80405123": "rights RX (VU-mode)",
    "0x80406123": "VS-stage: A is clear",
    "0x80407123": "VS-stage: D is clear",
    "0x80408000": "reserved bits in the entry",
    "0x80409000": "guest-page fault (20 fetch, 21 load, 23 store): entry not valid",
    "0x80600000": "leaf not aligned to its size",
    "0x80800000": "guest-page fault (20 fetch, 21 load, 23 store): table is not in memory",
    "0x80a00000": "entry not valid",
    "0x4000000000": "address too wide for the mode",
}


def entry(address, flags):
    return address >> 12 << 10 | flags


def image():
    """The program and its tables."""
    words = dict(enumerate(PAGED))

    def put(offset, value):
        words[offset // 4], words[offset // 4 + 1] = value & 0xFFFFFFFF, value >> 32

    root = ENTRY + TABLES
    put(256, 8 << 60 | 5 << 44 | root >> 12)
    put(TABLES + 8 * 2, entry(root + 0x1000, V))
    level_1, level_0 = TABLES + 0x1000, TABLES + 0x2000
    put(level_1 + 8 * 1, entry(ENTRY, V | R | W | X | A | D))
    put(level_1 + 8 * 2, entry(root + 0x2000, V))
    put(level_1 + 8 * 3, entry(ENTRY + 0x1000, V | R | A))
    put(level_1 + 8 * 4, entry(0x10000000, V))
    put(level_0 + 8 * 5, entry(ENTRY, V | R | X | U | A))
    put(level_0 + 8 * 6, entry(ENTRY, V | R | W))
    put(level_0 + 8 * 7, entry(ENTRY, V | R | W | A))
    put(level_0 + 8 * 8, entry(ENTRY, V | W))
    put(level_0 + 8 * 9, entry(0x20000000, V | R | A))
    return [words.get(at, 0) for at in range(max(words) + 1)]


@pytest.fixture
def machine(tmp_path):
    """A monitor's console, and the port for GDB; the guest has its tables on."""
    kernel = kernel_make(tmp_path / "paged.bin", image())
    port = debug.port_free()
    words = ["run", "--timeout", str(PATIENCE), "--monitor", "--gdb", str(port)]
    words += ["--vm", f"kernel={kernel},format=raw,memory=4M,name=paged"]
    child = pexpect.spawn(str(LAUNCHER), words, timeout=PATIENCE, dimensions=(60, 200))
    limit = time.monotonic() + PATIENCE
    while not debug.listens(port):
        assert time.monotonic() < limit and child.isalive()
        time.sleep(0.05)
    gdb_ask(["detach"], [f"target remote 127.0.0.1:{port}"])
    child.expect_exact("understudy> ")
    while "ASID 5" not in monitor_walk(child, "0x80200000"):  # until it is on
        assert time.monotonic() < limit
    yield child, port
    child.close(force=True)


def monitor_walk(child, words):
    child.send(f"walk paged {words}\r")
    child.expect_exact(f"walk paged {words}\r\n")
    child.expect_exact("understudy> ")
    return re.sub(r"\r|\x1b\[K", "", child.before.decode()).strip()


def test_both_draw_the_same(machine):
    child, port = machine
    asked = [(address, how) for address in ADDRESSES for how in ("", " full")]
    drawn = [monitor_walk(child, address + how) for address, how in asked]
    commands = [f"us walk {address}{how} paged 0" for address, how in asked]
    walked = gdb_ask(commands, ["us hyp-symbols", f"target remote 127.0.0.1:{port}"])
    for (address, how), ours, theirs in zip(asked, walked, drawn):
        assert ours.splitlines() == theirs.splitlines(), address + how
        assert ADDRESSES[address] in ours, ours
