# SPDX-License-Identifier: BSD-2-Clause
#
# A person at the console of a guest: starts the launcher on a terminal, types, and reads up to
# the next prompt. And what must not stand in a kernel's messages. Used by test_linux.py and
# test_uboot.py.

import re
import subprocess

import pexpect
import pytest
from conftest import LAUNCHER, ROOT

# Seconds; a boot takes five, or sixty on a loaded machine; a run is up to two of them.
BOOT_LIMIT = 300

# Wide, so that no command line is broken.
LINES, COLUMNS = 50, 200

# What the kernel says whenever it likes, in the midst of what a command prints: "hrtimer: interrupt
# took 5000000 ns" on a host that is busy. Whether it complains, troubles() sees.
KERNEL_MESSAGE = re.compile(r"\[ *\d+\.\d{6}\] [^\n]*\n")

TROUBLE = re.compile(
    r"WARNING:|BUG:|Oops|Call Trace|Kernel panic|rcu.*(?:stall|detected)|lockup|unexpected"
    r"|blocked for more than|unpacking failed|Unable to handle|Illegal instruction",
    re.IGNORECASE,
)


def troubles(text):
    """The lines with which a kernel complains."""
    return [line for line in text.splitlines() if TROUBLE.search(line)]


def cache():
    asked = [ROOT / "scripts/setup", "--cache"]
    return ROOT / subprocess.run(asked, stdout=subprocess.PIPE, text=True).stdout.strip()


def guests_need():
    if not list((cache() / "trixie-riscv64/boot").glob("vmlinux-*")):
        pytest.skip("not run: Linux and U-Boot cannot be had here (scripts/setup --guests)")


class Shell:
    """One run of the launcher, up to the first prompt of the guest."""

    def __init__(self, prompt, *arguments, wake=None, limit=BOOT_LIMIT):
        words = ["run", "--timeout", str(limit), *map(str, arguments)]
        size = (LINES, COLUMNS)
        self.prompt = prompt
        self.child = pexpect.spawn(str(LAUNCHER), words, timeout=limit, dimensions=size)
        self.text = ""
        if wake:
            self.expect(wake)
            self.child.send("\r")
        self.expect(prompt)

    def expect(self, text):
        """What came before the text, and is known to come."""
        try:
            self.child.expect_exact(text)
        except (pexpect.TIMEOUT, pexpect.EOF):
            self.text += self.child.before.decode(errors="replace")
            pytest.fail(f"{text!r} does not come; the end of what came:\n{self.text[-3000:]}")
        before = self.child.before.decode(errors="replace")
        self.text += before + text
        return before

    def type(self, line):
        self.child.sendline(line)

    def do(self, line):
        """What the command prints, in lines."""
        self.type(line)
        shown = KERNEL_MESSAGE.sub("", self.expect(self.prompt).replace("\r", ""))
        return shown.split("\n")[1:-1]  # without its echo

    def key(self, key):
        self.child.send(key)

    def end(self):
        """The run's exit status, after the rest of what it says."""
        self.child.expect(pexpect.EOF)
        self.text += self.child.before.decode(errors="replace")
        self.child.close()
        return self.child.exitstatus

    def close(self):
        self.child.close(force=True)
