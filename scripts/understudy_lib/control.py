# SPDX-License-Identifier: BSD-2-Clause
#
# The other end of a control socket: requests and answers, one JSON object a line
# (docs/MONITOR.md). QEMU serves one client at a time and lets the next one wait, so a connection
# is short. Used by ctl.py.

import contextlib
import errno
import json
import os
import secrets
import socket
import stat
import time

from .errors import LaunchError, UsageError
from .presets import ROOT

SOCKET_DEFAULT = ROOT / "build" / "control.sock"
# Behind the path that --control names, by port; QEMU makes them in this order.
SOCKET_ENDS = {"gdb": ".gdb", "trace": ".trace", "control": ""}
PATH_LIMIT = 107  # bytes in sockaddr_un, without the NUL
RETRY_SECONDS = 0.01


class ControlError(Exception):
    """The hypervisor did not do it; the text is its answer."""


def sockets_of(path):
    """{port: path} of the sockets that `--control PATH` makes; the control port's is the last."""
    return {port: path + end for port, end in SOCKET_ENDS.items()}


def sockets_check(option, path):
    """Sockets can be made for `path`, and would take nobody's place: raises UsageError."""
    if not path:
        raise UsageError(f"{option}: a path is needed")
    for socket_path in sockets_of(path).values():
        _socket_check(option, socket_path)
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(0)
        if client.connect_ex(path) in (0, errno.EAGAIN):  # taken, or one of those who wait
            raise UsageError(f"{option}: another run has {path!r}")


def _socket_check(option, path):
    folder = os.path.dirname(path) or "."
    if len(os.fsencode(path)) > PATH_LIMIT:
        raise UsageError(f"{option}: a socket's path has at most {PATH_LIMIT} bytes: {path!r}")
    if not os.path.isdir(folder):
        raise UsageError(f"{option}: no such directory: {folder!r}")
    if os.path.lexists(path) and not stat.S_ISSOCK(os.lstat(path).st_mode):
        raise UsageError(f"{option}: there is something else: {path!r}")


@contextlib.contextmanager
def _told():
    """A socket that fails is a LaunchError."""
    try:
        yield
    except TimeoutError:
        raise LaunchError("no answer; does another client hold the socket?") from None
    except OSError as error:
        raise LaunchError(f"the control socket failed: {error.strerror}") from None


class Control:
    """A connection. A request waits for its answer until `seconds` from the beginning are over."""

    def __init__(self, path, seconds):
        self.deadline = time.monotonic() + seconds
        self.socket = socket.socket(socket.AF_UNIX)
        self.received = b""
        # The first number of ours is one that no answer for an earlier client carries.
        self.number = secrets.randbelow(10**15)
        try:
            self._connect(path)
            self._send(b"\n")  # ends what an earlier client may have left
        except BaseException:
            self.socket.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _seconds_left(self):
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise LaunchError("no answer; does another client hold the socket?")
        return left

    def _connect(self, path):
        while True:
            self.socket.settimeout(self._seconds_left())
            try:
                return self.socket.connect(os.fspath(path))
            except BlockingIOError:  # others wait too
                time.sleep(RETRY_SECONDS)
            except OSError as error:
                words = error.strerror or "path too long"
                raise UsageError(f"no control socket at {os.fspath(path)!r}: {words}") from None

    def _send(self, data):
        with _told():
            self.socket.sendall(data)

    def request(self, command, *arguments):
        """The result, or ControlError. Arguments are text of U+0001 to U+00FF, or bytes."""
        self.number += 1
        texts = [a.decode("latin-1") if isinstance(a, bytes) else a for a in arguments]
        line = {"id": self.number, "command": command, "args": texts}
        self._send(json.dumps(line).encode() + b"\n")
        with _told():
            answer = self._answer_read()
        if not answer["ok"]:
            raise ControlError(answer["error"])
        return answer["result"]

    def _answer_read(self):
        while True:
            *lines, self.received = self.received.split(b"\n")
            for i, line in enumerate(lines):
                answer = self._line_parse(line)
                if answer and answer.get("id") == self.number:
                    self.received = b"\n".join([*lines[i + 1 :], self.received])
                    return answer
            self.socket.settimeout(self._seconds_left())
            data = self.socket.recv(65536)
            if not data:
                raise LaunchError("the machine ended before it answered")
            self.received += data

    @staticmethod
    def _line_parse(line):
        """None for what is not whole: the end of an answer to somebody who left."""
        try:
            answer = json.loads(line)
        except ValueError:
            return None
        return answer if isinstance(answer, dict) else None
