# SPDX-License-Identifier: BSD-2-Clause
#
# `understudy ctl` and `understudy console`: what people do with a control socket. The commands
# themselves are the hypervisor's; `understudy ctl help` lists them. Before: options.py, control.py.

import json
import os
import select
import sys

from .control import SOCKET_DEFAULT, Control, ControlError
from .errors import LaunchError
from .host import STDIN, STDOUT, say, terminal_raw

STATUS_FAILED = 1
TYPED_LIMIT = 512  # bytes in one request
POLL_SHORTEST, POLL_LONGEST = 0.02, 0.25  # seconds between looks at a console
LEAVE_KEY = b"\x1d"  # Ctrl-]


def ctl_options(parser, seconds):
    socket_option(parser)
    parser.add_argument("--timeout", type=seconds, default=60.0, metavar="SECONDS", help="(60)")
    parser.add_argument("--json", action="store_true", help="print results as lines of JSON")
    parser.add_argument(
        "words", nargs="+", metavar="COMMAND", help="see `ctl help`; - reads lines of them"
    )
    parser.set_defaults(act=_ctl)


def console_options(parser):
    socket_option(parser)
    parser.add_argument("vm", metavar="VM", help="its name, or its id")
    parser.set_defaults(act=_console, timeout=60.0)


def socket_option(parser):
    default = os.environ.get("UNDERSTUDY_SOCKET") or str(SOCKET_DEFAULT)
    words = "that of `run --control` ($UNDERSTUDY_SOCKET, build/control.sock)"
    parser.add_argument("--socket", default=default, metavar="SOCKET", help=words)


def _cell(value):
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _table(rows):
    """Lines with columns as wide as they need."""
    if not rows:
        return ["none"]
    cells = [list(rows[0])] + [[_cell(value) for value in row.values()] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]


def result_format(result):
    """A result as lines for people."""
    lines = []
    for name, value in result.items():
        if isinstance(value, list):
            lines += _table(value)
        elif isinstance(value, dict):
            lines += [name, *(f"  {key}: {_cell(inner)}" for key, inner in value.items())]
        else:
            lines.append(f"{name}: {_cell(value)}")
    return lines


def _do(control, words, as_json):
    """One command; True if it was done."""
    try:
        result = control.request(words[0], *words[1:])
    except ControlError as error:
        sys.stdout.flush()
        say(f"error: {error}")
        return False
    print(json.dumps(result) if as_json else "\n".join(result_format(result)))
    return True


def _ctl(options):
    orders = [options.words]
    if options.words == ["-"]:
        orders = filter(None, map(str.split, sys.stdin))
    try:
        with Control(options.socket, options.timeout) as control:
            done = [_do(control, words, options.json) for words in orders]
            sys.stdout.flush()
    except LaunchError as error:
        say(f"error: {error}")
        return STATUS_FAILED
    return 0 if all(done) else STATUS_FAILED


class Viewer:
    """One VM's console, by looking again and again."""

    def __init__(self, options):
        self.options = options
        self.position = 0
        self.to_vm = b""
        self.pause = POLL_SHORTEST
        self.inputs = [STDIN]

    def run(self):
        while True:
            self._look()
            readable, _, _ = select.select(self.inputs, [], [], self.pause)
            if readable and not self._keys_take():
                return 0

    def _keys_take(self):
        data = os.read(STDIN, TYPED_LIMIT)
        if not data:
            self.inputs = []
        before, leave, _ = data.partition(LEAVE_KEY)
        self.to_vm += before.replace(b"\0", b"")
        self.pause = POLL_SHORTEST
        return not leave

    def _look(self):
        """What the VM has said since the last look; what is typed goes along."""
        with Control(self.options.socket, self.options.timeout) as control:
            said = typed = True
            while said or (typed and self.to_vm):
                words = [self.options.vm, str(self.position)]
                if self.to_vm:
                    words.append(self.to_vm[:TYPED_LIMIT])
                result = control.request("console", *words)
                self.position, typed = result["position"], result["typed"]
                self.to_vm = self.to_vm[typed:]
                said = result["said"].encode("latin-1")
                os.write(STDOUT, said)
                self.pause = POLL_SHORTEST if said or typed else self.pause
        self.pause = min(2 * self.pause, POLL_LONGEST)


def _console(options):
    try:
        with terminal_raw() as has_keys:
            if has_keys:
                say("Ctrl-] leaves the console")
            return Viewer(options).run()
    except (ControlError, LaunchError) as error:
        say(f"error: {error}")
        return STATUS_FAILED
    except BrokenPipeError:
        return STATUS_FAILED
