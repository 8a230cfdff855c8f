# SPDX-License-Identifier: BSD-2-Clause
#
# What the bytes of the serial line mean: whose they are (the guest's, or the log's) and which
# key ends the run. Pure: bytes in, bytes out, cut into chunks in any way; pump.py moves them.

import os

ERROR_LINE = b"understudy: error: "
FIRMWARE_FIRST_LINE = b"\nOpenSBI v"  # of its banner
FIRMWARE_LAST_LINE = b"Boot HART MEDELEG"
TAIL_BYTES = 16 << 10
ESCAPE_KEY = 0x01  # Ctrl-A


class Log:
    """Everything that is not the guest's: to a file if asked for, its end kept in memory, and
    the hypervisor's error lines handed to on_error."""

    def __init__(self, file=None, on_error=lambda line: None):
        self.file = file
        self.on_error = on_error
        self.tail = b""
        self.line = b""

    def write(self, data):
        if self.file:
            self.file.write(data)
        self.tail = (self.tail + data)[-TAIL_BYTES:]
        *lines, self.line = (self.line + data).split(b"\n")
        for line in lines:
            self._line_end(line)

    def line_break(self):
        """What comes next is not a continuation of what came last."""
        self._line_end(self.line)
        self.line = b""

    def _line_end(self, line):
        if line.startswith(ERROR_LINE):
            self.on_error(line.rstrip(b"\r"))


class PlainFilter:
    """Every byte is shown."""

    began = True

    def feed(self, data):
        return data

    def finish(self):
        return b""


class MarkerFilter:
    """The guest's bytes are those between the two marker tokens; the rest is the log's."""

    def __init__(self, nonce, log):
        self.tokens = [f"understudy-{nonce} {word}\n".encode() for word in ("begin", "end")]
        self.log = log
        self.passed = 0  # tokens seen so far
        self.held = b""

    @property
    def began(self):
        return self.passed > 0

    def feed(self, data):
        self.held += data
        shown = b""
        while self.passed < len(self.tokens):
            before, found, self.held = _token_split(self.held, self.tokens[self.passed])
            if self.passed == 1:
                shown += before
            else:
                self.log.write(before)
            if not found:
                return shown
            self.passed += 1
            self.log.line_break()
        self.log.write(self.held)
        self.held = b""
        return shown

    def finish(self):
        """The bytes held back turn out not to be a token."""
        rest, self.held = self.held, b""
        if self.passed == 1:
            return rest
        self.log.write(rest)
        self.log.line_break()
        return b""


class FirmwareFilter:
    """Without the hypervisor: OpenSBI's banner is the log's, what follows is the guest's, until
    the machine is reset and the banner comes again."""

    def __init__(self, log):
        self.log = log
        self.began = False
        self.in_firmware = True
        self.held = b""
        self.previous = b"\n"  # what was shown last, if it ended a line

    def feed(self, data):
        self.held += data
        shown = b""
        while True:
            if not self.in_firmware:
                shown += self._guest_take()
            if not self.in_firmware or b"\n" not in self.held:
                return shown
            self._line_log()

    def _guest_take(self):
        """What surely is the guest's; the beginning of a banner stays held."""
        known = len(self.previous)
        before, found, rest = _token_split(self.previous + self.held, FIRMWARE_FIRST_LINE)
        self.in_firmware = found
        self.held = FIRMWARE_FIRST_LINE[1:] + rest if found else rest[1:]
        self.previous = b"\n" if found or rest else b""
        return (before + self.previous)[known:]

    def _line_log(self):
        line, newline, self.held = self.held.partition(b"\n")
        self.log.write(line + newline)
        if line.startswith(FIRMWARE_LAST_LINE):
            self.in_firmware, self.began = False, True
            self.log.tail = b""  # a banner explains nothing that happens after it

    def finish(self):
        rest, self.held = self.held, b""
        if not self.in_firmware:
            return rest
        self.log.write(rest)
        return b""


class ReadyText:
    """Watches the guest's output for the text after which it reads what comes in; None: it does
    at once. What a serial port receives before its driver is up, is lost."""

    def __init__(self, text):
        self.text = os.fsencode(text or "")
        self.seen = not self.text
        self.held = b""

    def feed(self, data):
        if not self.seen:
            self.held += data
            self.seen = self.text in self.held
            self.held = self.held[-len(self.text) :]


class EscapeKeys:
    """A person's keys: Ctrl-A x ends the run, Ctrl-A twice sends one, all else is the guest's."""

    def __init__(self):
        self.escaped = False

    def feed(self, data):
        """(bytes for the guest, whether the run shall end)"""
        sent = bytearray()
        for key in data:
            if self.escaped and key == ord("x"):
                return bytes(sent), True
            if self.escaped:
                self.escaped = False
                sent += bytes([key]) if key == ESCAPE_KEY else bytes([ESCAPE_KEY, key])
            elif key == ESCAPE_KEY:
                self.escaped = True
            else:
                sent.append(key)
        return bytes(sent), False


def _token_split(data, token):
    """(what surely is before the token, whether it is there, what is after or may begin it)"""
    before, found, after = data.partition(token)
    if found:
        return before, True, after
    keep = next((n for n in range(len(token) - 1, 0, -1) if data.endswith(token[:n])), 0)
    return data[: len(data) - keep], False, data[len(data) - keep :]
