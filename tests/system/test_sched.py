# SPDX-License-Identifier: BSD-2-Clause
#
# The scheduler as its guests see it: shares, caps, waking under load (scripts/bench_sched).

import subprocess

from conftest import ROOT, understudy


def test_shares_caps_and_waking_keep_their_limits():
    done = subprocess.run([ROOT / "scripts/bench_sched", "--quick"], capture_output=True,
                          text=True, timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 16


def test_round_robin_knows_no_weights():
    share = ROOT / "build/guest/share/share.bin"
    words = ["--icount", "--icount-shift", "8", "--sched", "round-robin"]
    for weight in (1, 4):
        words += ["--vm", f"kernel={share},memory=8M,weight={weight},append=busy=1000"]
    done = understudy(*words)
    shares = [int(line.split()[-1]) for line in done.stdout.splitlines() if b"share busy" in line]
    assert len(shares) == 2
    assert all(480_000 < share < 520_000 for share in shares)  # us of a second
