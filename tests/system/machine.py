# SPDX-License-Identifier: BSD-2-Clause
#
# A machine with a control port, and guests that count: for the tests of the commands. Used by
# test_ctl.py and test_monitor.py.

import subprocess
import sys
import time
from pathlib import Path

from conftest import LAUNCHER, ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from understudy_lib.control import Control, ControlError  # noqa: E402

LIMIT = 120  # seconds for a machine
START_LIMIT = 60
LISTENS = "00010000"  # Linux, net/unix: the flag __SO_ACCEPTCON

# A kernel that adds one to the double word 256 bytes behind its entry, sleeps 10 ms, and so on.
COUNTER = [
    0x00000297,  #    auipc  t0, 0
    0x02000393,  #    li     t2, 32         # STIE
    0x10439073,  #    csrw   sie, t2
    0xC0102573,  # 1: rdtime a0
    0x00018337,  #    lui    t1, 0x18
    0x00650533,  #    add    a0, a0, t1
    0x544958B7,  #    lui    a7, 0x54495    # SBI TIME
    0xD4588893,  #    addi   a7, a7, -699
    0x00000813,  #    li     a6, 0
    0x00000073,  #    ecall
    0x10500073,  #    wfi
    0x1002B303,  #    ld     t1, 256(t0)
    0x00130313,  #    addi   t1, t1, 1
    0x1062B023,  #    sd     t1, 256(t0)
    0xFD5FF06F,  #    j      1b
]
COUNT_OFFSET = 256

# A kernel that sends back what its serial port receives.
ECHO = [
    0x100002B7,  #    lui  t0, 0x10000
    0x0052C303,  # 1: lbu  t1, 5(t0)      # a byte is there?
    0x00137313,  #    andi t1, t1, 1
    0xFE030CE3,  #    beqz t1, 1b
    0x0002C303,  #    lbu  t1, 0(t0)
    0x00628023,  #    sb   t1, 0(t0)
    0xFEDFF06F,  #    j    1b
]


def kernel_make(path, words):
    """The kernel as a raw file."""
    path.write_bytes(b"".join(word.to_bytes(4, "little") for word in words))
    return path


def counter_make(path):
    """The kernel as a raw file, with its count at the end."""
    return kernel_make(path, COUNTER + [0] * (COUNT_OFFSET // 4 + 2 - len(COUNTER)))


class Machine:
    """A run of the launcher whose VMs obey the control port."""

    def __init__(self, folder, *arguments, limit=LIMIT):
        self.socket = folder / "control.sock"
        self.output = folder / "output"
        words = ["run", "--timeout", str(limit), "--control", self.socket, *arguments]
        self.limit = limit
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                list(map(str, [LAUNCHER, *words])),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self):
        end = time.monotonic() + START_LIMIT
        while not self.listens() and time.monotonic() < end and self.process.poll() is None:
            time.sleep(0.05)
        return self

    def listens(self):
        """Whether QEMU does, without connecting: it serves one client. The socket is there a moment
        before, and refuses."""
        rows = map(str.split, Path("/proc/net/unix").read_text().splitlines())
        return any(row[3] == LISTENS and row[-1] == str(self.socket) for row in rows)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def connect(self):
        return Control(self.socket, self.limit)

    def do(self, command, *arguments):
        with self.connect() as control:
            return control.request(command, *map(str, arguments))

    def refusal(self, command, *arguments):
        """The words with which it is refused."""
        try:
            result = self.do(command, *arguments)
        except ControlError as error:
            return str(error)
        raise AssertionError(f"{command} was done: {result}")

    def ctl(self, *words, stdin=None):
        """scripts/understudy ctl: (status, stdout, stderr)"""
        command = [LAUNCHER, "ctl", "--socket", self.socket, "--timeout", "60", *words]
        done = subprocess.run(
            list(map(str, command)), input=stdin, capture_output=True, text=True, timeout=90
        )
        return done.returncode, done.stdout, done.stderr

    def states(self):
        return {vm["name"]: vm["state"] for vm in self.do("list")["vms"]}

    def free_pages(self):
        return self.do("mem")["free_pages"]

    def count(self, name):
        """How far a guest of counter_make is."""
        entry = int(self.do("info", name)["entry"], 16)
        [row] = self.do("mem", name, hex(entry + COUNT_OFFSET), 8)["memory"]
        return int.from_bytes(bytes.fromhex(row["bytes"]), "little")

    def counts_to(self, name, count, seconds=30):
        """True as soon as it is there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.count(name) >= count:
                return True
        return False

    def counts_on(self, name):
        """True as soon as it is further than now."""
        return self.counts_to(name, self.count(name) + 1)
