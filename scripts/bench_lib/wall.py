# SPDX-License-Identifier: BSD-2-Clause
#
# QEMU's own CPU time by workload, all its threads, without plugin and -icount. The guest says on
# the console what begins or ends, and waits for a byte; while it waits, QEMU's CPU clock is read.
# A boot begins behind the last line that comes before it: OpenSBI's, or the launcher's marker.

import select
import time

from understudy_lib.host import child_start

from .machines import Failed

SETTLE = 200  # milliseconds of the guest
LIMIT = 300  # seconds for a run; it takes 10 to 60
FIRMWARE_ENDS = b"Boot HART MEDELEG"
MARKER_BEGINS = b"understudy-"
SPEAKS = b"bench: "


def _clock_of(pid):
    """The CPU clock of another process: clock_getcpuclockid(3)."""
    return ~pid << 3 | 2


class Run:
    """One machine from its start to `bench: done`."""

    def __init__(self, command):
        self.deadline = time.monotonic() + LIMIT
        self.qemu = child_start(command)
        self.held = b""

    def end(self):
        self.qemu.kill()
        self.qemu.communicate()

    def _line(self):
        """(the next line, QEMU's CPU time in seconds when it came)"""
        while b"\n" not in self.held:
            left = self.deadline - time.monotonic()
            ready = select.select([self.qemu.stdout], [], [], max(left, 0))[0]
            data = self.qemu.stdout.read(65536) if ready else b""
            if not data:
                raise Failed(f"QEMU {'ended' if ready else 'hangs'} after {self.held[-200:]!r}")
            self.held += data
        line, _, self.held = self.held.partition(b"\n")
        return line.strip(), time.clock_gettime(_clock_of(self.qemu.pid))

    def seconds(self):
        """{workload: CPU seconds}"""
        began, spent = {}, {}
        while True:
            line, now = self._line()
            if line.startswith(FIRMWARE_ENDS):
                began["boot"] = began["bundle"] = now
            elif line.startswith(MARKER_BEGINS) and line.endswith(b" begin"):
                spent["bundle"] = now - began["bundle"]
                began["boot"] = now
            elif line == SPEAKS + b"done":
                return spent
            elif line.startswith(SPEAKS):
                what, name = line[len(SPEAKS) :].decode().split(" ", 1)
                if what not in ("begin", "end"):
                    raise Failed(line.decode())
                if what == "begin":
                    began[name] = now
                else:
                    spent[name] = now - began[name]
                self.qemu.stdin.write(b"\n")


def seconds(machines, side, workloads):
    """{workload: CPU seconds} of one run; "bundle" too in a VM."""
    append = f"settle={SETTLE} paced=1 bench={','.join(workloads)}"
    run = Run(machines.command(side, append))
    try:
        return run.seconds()
    finally:
        run.end()
