# SPDX-License-Identifier: BSD-2-Clause
#
# Why a booting Linux leaves the hart: only for devices that we are, and for SBI calls. With Sstc
# never for its timer; never for satp, fences of its own, page faults, or its programs' mistakes.

import json
import shutil

import pytest
from conftest import ROOT, understudy
from shell import guests_need

DEVICES = {"uart", "plic", "rtc", "test"}
CALLS = {"BASE", "DBCN", "HSM", "IPI", "PMU", "RFENCE", "SRST"}
# Page faults, misaligned accesses and illegal instructions of a program: none is ours to see.
RUN = "/bin/duplicate fault; echo status $?; sleep 0.05; head -c 4000000 /dev/zero | md5sum\n"
PROGRAM = ROOT / "build/duplicate/duplicate"


def is_needed(row):
    cause, what = row["cause"], row["what"]
    if cause in ("load guest-page fault", "store/AMO guest-page fault"):
        return what in DEVICES
    if cause == "environment call from VS-mode":
        return what in CALLS
    # Another hart's request, or a byte for the console.
    return cause == "interrupt" and what in ("software", "external")


@pytest.mark.parametrize("vcpus", [1, 2])
def test_a_boot_exits_for_devices_and_calls_only(tmp_path, vcpus):
    guests_need()
    for folder in ("etc", "bin"):
        (tmp_path / "files" / folder).mkdir(parents=True)
    shutil.copy(PROGRAM, tmp_path / "files/bin")
    (tmp_path / "files/etc/run").write_text(RUN)
    stats = tmp_path / "stats.json"
    preset = f"linux,vcpus={vcpus},files={tmp_path}/files,append=console=ttyS0 quiet"
    done = understudy(preset, "--cpus", vcpus, "--stats", stats, limit=120)
    assert done.returncode == 0, done.stdout[-2000:]
    assert b"SIGSEGV" in done.stdout and b"status 0" in done.stdout
    rows = [row for vcpu in json.loads(stats.read_text())["vcpus"] for row in vcpu["exits"]]
    assert [row for row in rows if not is_needed(row)] == []
    assert sum(row["count"] for row in rows if row["what"] == "uart") > 0
