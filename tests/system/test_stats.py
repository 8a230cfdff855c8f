# SPDX-License-Identifier: BSD-2-Clause
#
# --stats on a real machine: a virtio console is there beside the guest's console.

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
