# SPDX-License-Identifier: BSD-2-Clause
#
# Linux in a VM is as fast as natively, by retired instructions: the shortest system call, sleeps,
# and a boot (scripts/bench_linux has all workloads). And that its tables find what is too slow.

import subprocess
import sys

import pytest
from conftest import ROOT

sys.path.append(str(ROOT / "scripts"))

from bench_lib import count, table  # noqa: E402
from bench_lib.machines import Failed, Machines  # noqa: E402
from bench_lib.wall import seconds  # noqa: E402

WORKLOADS = ["syscall", "sleep"]
UNAVAILABLE = ("scripts/setup --guests", "takes no plugins")


def counts(guest, hypervisor=0):
    return {"guest": guest, "hypervisor": hypervisor, "firmware": 0}


def test_linux_in_a_vm_executes_what_it_executes_natively():
    command = [ROOT / "scripts/bench_linux", "--boots", "0", "--pairs", "0", "--counts", "1"]
    command += ["--workloads", ",".join(WORKLOADS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode == 2 and any(reason in done.stderr for reason in UNAVAILABLE):
        pytest.skip(f"not run: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stdout + done.stderr
    kept = [line.split()[0] for line in done.stdout.splitlines() if " ok" in line]
    assert kept == ["steady", *WORKLOADS]


def test_a_row_over_its_limit_is_called_so():
    runs = [({"pipe": counts(1000)}, {"pipe": counts(1000, hypervisor)}) for hypervisor in (0, 50)]
    row = table.counts_table(runs)["pipe"]
    assert (row["native"], row["vm"], row["ratio"], row["spread"]) == (1000, 1025, 1.025, 0.05)
    assert table.verdict(row) == "OVER"
    assert table.verdict({**row, "ratio": 1.02}) == "ok"


def test_time_is_the_least_of_each_side():
    runs = [({"exec": 2.0}, {"exec": 3.3}), ({"exec": 2.5}, {"exec": 3.0})]
    row = table.wall_table(runs)["exec"]
    assert (row["native"], row["vm"], row["ratio"]) == (2.0, 3.0, 1.5)
    assert table.verdict(row) == "ok"


def test_the_floor_stands_beside_them():
    runs = [({"exec": 2.0}, {"exec": 3.0, "bundle": 0.5}, {"exec": 2.4}),
            ({"exec": 2.1}, {"exec": 3.3, "bundle": 0.4}, {"exec": 2.9})]
    rows = table.wall_table(runs)
    row = rows["exec"]
    assert (row["floor"], row["to_floor"], row["ratio"]) == (2.4, 1.25, 1.5)
    assert rows["bundle"] == {"vm": 0.4}


def test_linux_runs_on_the_floor(tmp_path):
    try:
        spent = seconds(Machines(tmp_path), "floor", ["syscall"])
    except Failed as error:
        if "scripts/setup --guests" not in str(error):
            raise
        pytest.skip(f"not run: {error}")
    assert sorted(spent) == ["boot", "syscall"] and min(spent.values()) > 0


def test_a_run_without_all_its_marks_is_no_figure():
    marks = [("guest", (0, 0, 0)), ("1", (10, 0, 0)), ("2", (11, 0, 0)), ("3", (31, 5, 0))]
    rows = count.rows_make(marks, "native", ["cpu"])
    assert rows == {"boot": counts(10), "cpu": counts(20, 5)}
    for wrong in (marks[:-1], marks + marks[2:], marks[1:]):
        with pytest.raises(Failed):
            count.rows_make(wrong, "native", ["cpu"])
