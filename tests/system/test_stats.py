# SPDX-License-Identifier: BSD-2-Clause
#
# --stats on a real machine: a virtio console is there beside the guest's console.

import json
import struct

import pytest
from conftest import BINARIES, understudy

HELLO = f"kernel={BINARIES}/hello/hello.bin,memory=8M"

# A kernel that prints the first byte of the window in which QEMU's first virtio device stands:
# "v" of "virt", or "x" where the load faults.
WINDOW = [
    0x00000297,  #    auipc t0, 0
    0x01828293,  #    addi  t0, t0, 24   # 1f
    0x10529073,  #    csrw  stvec, t0
    0x10008537,  #    lui   a0, 0x10008
    0x00052583,  #    lw    a1, 0(a0)
    0x0080006F,  #    j     2f
    0x07800593,  # 1: li    a1, 'x'
    0x10000337,  # 2: lui   t1, 0x10000  # the serial port
    0x00B30023,  #    sb    a1, 0(t1)
    0x535258B7,  #    lui   a7, 0x53525  # SBI SRST: shutdown, no reason
    0x35488893,  #    addi  a7, a7, 0x354
    0x00000813,  #    li    a6, 0
    0x00000513,  #    li    a0, 0
    0x00000593,  #    li    a1, 0
    0x00000073,  #    ecall
]


@pytest.mark.parametrize("vms", [1, 2])
def test_the_guests_see_nothing_of_it(tmp_path, vms):
    file = tmp_path / "stats, of a run"
    file.write_text("of an earlier run")
    words = ["--vm", HELLO] * vms
    plain, done = understudy(*words), understudy(*words, "--stats", file)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Hello from a guest.\n" in done.stdout.replace(b"\r", b"")
    if vms == 1:
        assert done.stdout == plain.stdout
    assert "earlier" not in file.read_text()


def test_a_line_for_each_vm(tmp_path):
    file = tmp_path / "stats.json"
    understudy("--vm", HELLO + ",name=one", "--vm", HELLO + ",name=two", "--stats", file)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert sorted(line["vm"] for line in lines) == ["one", "two"]
    for line in lines:
        assert line["end"] == "shut down by SBI SRST"
        [vcpu] = line["vcpus"]
        counts = {row["what"]: row["count"] for row in vcpu["exits"] if row["what"] in
                  ("BASE", "DBCN", "SRST")}
        assert counts["DBCN"] >= 1 and counts["SRST"] == 1
        assert all(row["count"] > 0 and row["ns"] >= 0 for row in vcpu["exits"])


def test_a_guest_does_not_reach_the_device(tmp_path):
    kernel = tmp_path / "window.bin"
    kernel.write_bytes(struct.pack(f"<{len(WINDOW)}I", *WINDOW))
    vm = f"kernel={kernel},format=raw,memory=8M"
    native = understudy("--native", "--vm", vm)
    done = understudy("--vm", vm, "--stats", tmp_path / "stats")
    assert (native.returncode, native.stdout) == (0, b"v")
    assert (done.returncode, done.stdout) == (0, b"x"), done.stderr
