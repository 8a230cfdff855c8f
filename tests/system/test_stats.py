# SPDX-License-Identifier: BSD-2-Clause
#
# --stats on a real machine: a virtio console is there beside the guest's console.

import json

import pytest
from conftest import BINARIES, understudy

HELLO = f"kernel={BINARIES}/hello/hello.bin,memory=8M"


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
