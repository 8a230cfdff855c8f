# SPDX-License-Identifier: BSD-2-Clause
#
# The limits of what the hypervisor may cost: scripts/bench measures them and says which is passed.

import subprocess

from conftest import ROOT


def test_costs_stay_below_their_limits():
    done = subprocess.run([ROOT / "scripts/bench"], capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split() for line in done.stdout.splitlines()[2:]]
    limited = {row[0] for row in rows if row[-1].isdigit()}
    assert limited == {"sbi_base", "switch_2", "pick_200", "boot", "text"}
