# SPDX-License-Identifier: BSD-2-Clause
#
# The loop of a run: bytes between QEMU's pipes and ours, until QEMU ends or is ended.
# One poll, no threads; signals come as bytes (host.py), so nothing interrupts anything and
# cleaning up is ordinary code. Whose the bytes are, console.py knows. Before: session.py.

import math
import os
import select
import signal
import time

from .host import STDIN, STDOUT, say, stderr_write

CHUNK = 64 << 10
HOLD_LIMIT = 64 << 10  # beyond it the writer of that direction waits
DRAIN_SECONDS = 1  # time to show what a killed QEMU had written
GONE = select.POLLERR | select.POLLHUP | select.POLLNVAL

STATUS_ESCAPED = 0
STATUS_DIED = 1
STATUS_TIMEOUT = 124
STATUS_SIGNAL = 128  # plus the signal's number


class Pump:
    """Moves bytes until the end. Afterwards status is the run's, killed tells whether we ended
    it, and complained whether stderr has the reason already."""

    def __init__(self, child, wake, console, ready, keys=None, timeout=math.inf):
        self.child, self.console, self.keys, self.timeout = child, console, keys, timeout
        self.ready = ready
        self.deadline = time.monotonic() + timeout
        self.wake, self.qemu_in = wake, child.stdin.fileno()
        self.qemu_out, self.qemu_err = child.stdout.fileno(), child.stderr.fileno()
        for pipe in (self.qemu_in, self.qemu_out, self.qemu_err):
            os.set_blocking(pipe, False)
        self.to_guest, self.to_user = bytearray(), bytearray()
        self.ended_inputs = set()
        self.status = None  # until QEMU has ended
        self.killed = False
        self.complained = False
        self.finished = False

    def run(self):
        while not self.finished:
            ready = self._wait()
            for descriptor, events in ready.items():
                self._handle(descriptor, events)
            if time.monotonic() >= self.deadline:
                self._deadline_pass()
            quiet = not self.to_user and not ready.keys() & {self.qemu_out, self.qemu_err}
            if self.status is not None and quiet:
                self.to_user += self.console.finish()
                self.finished = self.finished or not self.to_user

    def error_show(self, line):
        """A line that tells the person why the run fails."""
        stderr_write(line + b"\n")
        self.complained = True

    def end(self, status):
        """Ends QEMU; a second call ends the showing of its last words too. The signal is the
        one that cannot be ignored: with -icount sleep=off QEMU may not react to SIGTERM."""
        self.finished = self.finished or self.status is not None
        self.status, self.killed = status, True
        self.child.kill()
        self.child.wait()
        self.deadline = time.monotonic() + DRAIN_SECONDS

    def _interests(self):
        """What to wait for, by descriptor. Without an event: whether the other side is gone."""
        wanted = {self.wake: select.POLLIN, self.qemu_err: select.POLLIN}
        if len(self.to_user) < HOLD_LIMIT:
            wanted[self.qemu_out] = select.POLLIN
        if self.to_user:
            wanted[STDOUT] = select.POLLOUT
        if self.status is None:
            wanted.setdefault(STDOUT, 0)
            if len(self.to_guest) < HOLD_LIMIT:
                wanted[STDIN] = select.POLLIN
            # Nobody reads the line before the guest does: keys pressed now wait for it.
            if self.to_guest and self.console.began and self.ready.seen:
                wanted[self.qemu_in] = select.POLLOUT
        return {d: events for d, events in wanted.items() if d not in self.ended_inputs}

    def _wait(self):
        poll = select.poll()
        for descriptor, events in self._interests().items():
            poll.register(descriptor, events)
        seconds = max(0, self.deadline - time.monotonic())
        if self.status is not None and not self.to_user:
            seconds = 0  # QEMU has ended: only what it left behind
        return dict(poll.poll(None if seconds == math.inf else math.ceil(seconds * 1000)))

    def _handle(self, descriptor, events):
        if descriptor == STDOUT:
            self._output_write(events)
        elif descriptor == self.qemu_in:
            self._input_write()
        elif (data := self._read(descriptor)) and descriptor == self.wake:
            self._signals_take(data)
        elif data and descriptor == STDIN:
            self._input_take(data)
        elif data and descriptor == self.qemu_out:
            shown = self.console.feed(data)
            self.ready.feed(shown)
            self.to_user += shown
        elif data and descriptor == self.qemu_err:
            self._complaint_take(data)

    def _read(self, descriptor):
        try:
            data = os.read(descriptor, CHUNK)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self.ended_inputs.add(descriptor)
        return data

    def _signals_take(self, numbers):
        for number in numbers:
            if number != signal.SIGCHLD:
                self.end(STATUS_SIGNAL + number)
            elif self.status is None and self.child.poll() is not None:
                self._exit_take(self.child.returncode)

    def _exit_take(self, returncode):
        self.status = returncode
        if returncode < 0:
            say(f"error: QEMU died of signal {-returncode} ({signal.strsignal(-returncode)})")
            self.status = STATUS_DIED

    def _input_take(self, data):
        ending = False
        if self.keys:
            data, ending = self.keys.feed(data)
        self.to_guest += data
        if ending:
            self.end(STATUS_ESCAPED)

    def _complaint_take(self, data):
        stderr_write(data)
        lines = data.strip().split(b"\n")
        self.complained = self.complained or not all(b"warning:" in line for line in lines)

    def _input_write(self):
        try:
            del self.to_guest[: os.write(self.qemu_in, self.to_guest)]
        except BlockingIOError:
            pass
        except OSError:  # QEMU reads no more
            self.to_guest.clear()
            self.ended_inputs |= {STDIN, self.qemu_in}

    def _output_write(self, events):
        try:
            if not events & GONE:
                # A pipe that poll calls writable takes this much without blocking.
                del self.to_user[: os.write(STDOUT, self.to_user[: select.PIPE_BUF])]
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self.end(STATUS_SIGNAL + signal.SIGPIPE)
        self.finished = True

    def _deadline_pass(self):
        if self.killed:
            self.finished = True
            return
        say(f"error: timeout after {self.timeout:g} s")
        self.end(STATUS_TIMEOUT)
