# SPDX-License-Identifier: BSD-2-Clause
#
# What the system tests share: a run of the launcher with a time limit, and the list of guests.

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "scripts/understudy"
BINARIES = ROOT / "build/guest"

# OpenSBI 1.6 puts this onto the console, without a line end, for what it hands back to S-mode.
FIRMWARE_WORDS = b"system_opcode_insn: Invalid opcode for CSR read/write instruction"

# Seconds; a guest takes one to ten on a loaded machine.
GUEST_LIMIT = 90


# Whoever started us may have them ignored, and what we start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


@dataclass
class Guest:
    name: str
    vcpus: int
    harts: int
    memory: str
    last_line: str

    @property
    def kernel(self):
        return BINARIES / self.name / f"{self.name}.bin"

    @property
    def status(self):
        return 3 if self.last_line == "FAIL" else 0

    def vm(self, name=""):
        text = f"kernel={self.kernel},vcpus={self.vcpus},memory={self.memory}"
        return text + (f",name={name}" if name else "")

    def __str__(self):
        return f"{self.name}-{self.vcpus}-on-{self.harts}"


def read_guests():
    """The guests of tests/guests.list, in its order."""
    guests = []
    for line in (ROOT / "tests/guests.list").read_text().splitlines():
        if line and not line.startswith("#"):
            name, vcpus, harts, memory, last = line.split(None, 4)
            guests.append(Guest(name, int(vcpus), int(harts), memory, last.strip()))
    return guests


def understudy(*arguments, limit=GUEST_LIMIT, stdin=b""):
    """Runs `scripts/understudy run` to its end; its own time limit is shorter than ours."""
    command = [LAUNCHER, "run", "--timeout", str(limit), *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=limit + 15)


def check_output(guest, output):
    """The guest's output is complete: a TAP plan kept, nothing failed, the last line right."""
    lines = output.decode().replace("\r", "").splitlines()
    assert lines and lines[-1] == guest.last_line, output.decode()[-2000:]
    assert guest.status or not [line for line in lines if line.startswith("not ok")]
    plan = [line for line in lines if line.startswith("1..")]
    if plan:
        count = sum(line.startswith(("ok ", "not ok ")) for line in lines)
        assert plan == [f"1..{count}"]


@pytest.fixture
def run():
    return understudy
