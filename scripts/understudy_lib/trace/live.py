# SPDX-License-Identifier: BSD-2-Clause
#
# Records of a machine that runs: orders go to its control socket, the records come out of the
# socket beside it. They are read in a thread of their own, so that nothing is lost while an order
# waits for its answer.

import contextlib
import os
import socket
import threading

from ..control import Control, ControlError
from ..errors import LaunchError, UsageError
from .record import END, KIND_AT, MAGIC, MAGIC_AT, SIZE, Header

SUFFIX = ".trace"
ORDER_SECONDS = 20  # for an answer to an order
BEGIN_SECONDS, END_SECONDS = 10, 20  # for the first and for the last record
PIECE = 1 << 20


class Stream(threading.Thread):
    """Reads from a socket, skips what is before the first HELLO, and hands whole records to
    `take`, until the END or the socket's. In `began` and `ended` others wait for that."""

    def __init__(self, connection, take):
        super().__init__(daemon=True)
        self.connection, self.take = connection, take
        self.began, self.ended = threading.Event(), threading.Event()
        self.is_whole = False  # the END came
        self.error = None
        self.count = 0
        self.left = b""

    def run(self):
        try:
            while not self.is_whole and (data := self.connection.recv(PIECE)):
                self._records_find(self.left + data)
        except (OSError, LaunchError) as error:
            self.error = error
        finally:
            self.began.set()
            self.ended.set()

    def _records_find(self, data):
        if not self.count:
            data = data[max(data.find(MAGIC) - MAGIC_AT, 0) :] if MAGIC in data else data[-SIZE:]
            if data[MAGIC_AT : MAGIC_AT + len(MAGIC)] != MAGIC:
                self.left = data
                return
        whole = len(data) // SIZE * SIZE
        end = data[KIND_AT:whole:SIZE].find(END)
        if end >= 0:
            whole, self.is_whole = (end + 1) * SIZE, True
        self.left = data[whole:]
        if whole:
            self.count += whole // SIZE
            self.take(data[:whole])
            self.began.set()


def _order(path, *words):
    with Control(path, ORDER_SECONDS) as control:
        try:
            return control.request("trace", *words)
        except ControlError as error:
            raise LaunchError(str(error)) from None


def _connect(path):
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(path)
    except OSError as error:
        connection.close()
        words = error.strerror or "path too long"
        raise UsageError(f"no trace socket at {path!r}: {words}") from None
    return connection


@contextlib.contextmanager
def recording(path, categories, take):
    """The machine whose control socket is `path` records, and what it records goes to `take`.
    Yields the Stream; at the end the rest has come, or the machine is gone."""
    with _connect(os.fspath(path) + SUFFIX) as connection:
        stream = Stream(connection, take)
        stream.start()
        _order(path, "on", *([categories] if categories else []))
        try:
            if not stream.began.wait(BEGIN_SECONDS):
                raise LaunchError("no records came; does another client hold the trace socket?")
            yield stream
        finally:
            if not stream.is_whole:
                with contextlib.suppress(LaunchError, UsageError):  # the machine may be gone
                    _order(path, "off")
            stream.ended.wait(END_SECONDS)
        if isinstance(stream.error, LaunchError):
            raise stream.error


def header_of(data):
    """The header of a stream, from its first records."""
    header = Header(data[:SIZE])
    if words := header.refusal():
        raise LaunchError(f"the trace {words}")
    return header
