# SPDX-License-Identifier: BSD-2-Clause
#
# `understudy gdb`: GDB on a VM of a running hypervisor, through the socket SOCKET.gdb of
# `run --control SOCKET` (docs/STUB.md). The stub is the hypervisor's; here GDB is only started.
# Before: options.py, ctl.py.

import os
import signal
import subprocess
import tempfile

from .control import Control, ControlError, sockets_of
from .ctl import socket_option
from .errors import LaunchError, UsageError
from .host import say
from .symbols import symbols_convert

STATUS_FAILED = 1
CONTROL_SECONDS = 60.0
# VMs are inferiors: their threads are shown with both numbers, and a VM that ended keeps GDB.
SETTINGS = ("set architecture riscv:rv64", "set confirm off")


def gdb_options(parser):
    socket_option(parser)
    parser.add_argument("vm", metavar="VM", help="its name, or its id")
    words = "an ELF file, or lines of `address type name`, as in System.map and /proc/kallsyms"
    parser.add_argument("--symbols", metavar="FILE", help=words)
    words = "for GDB ($GDB, gdb-multiarch), behind --"
    parser.add_argument("arguments", nargs="*", default=[], metavar="ARGUMENT", help=words)
    parser.set_defaults(act=_gdb)


def vm_id(socket, name):
    """The id of a VM, by its name or id."""
    with Control(socket, CONTROL_SECONDS) as control:
        vms = control.request("list")["vms"]
    for key in ("name", "id"):
        for vm in vms:
            if str(vm[key]) == name:
                return vm["id"]
    raise UsageError(f"there is no VM {name!r} (there are: {', '.join(vm['name'] for vm in vms)})")


def gdb_command(options, number, symbols):
    """GDB's words: attached when the person's own arguments come."""
    words = [os.environ.get("GDB", "gdb-multiarch"), "-q"]
    for setting in SETTINGS:
        words += ["-iex", setting]
    if symbols is not None:
        words += ["-ex", f"file {symbols}"]
    words += ["-ex", f"target extended-remote {sockets_of(options.socket)['gdb']}"]
    return [*words, "-ex", f"attach {number}", *options.arguments]


def _run(command):
    """Ctrl-C is GDB's."""
    old = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        restore = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
        return subprocess.run(command, **restore).returncode
    except OSError as error:
        raise LaunchError(f"cannot start {command[0]}: {error.strerror}") from None
    finally:
        signal.signal(signal.SIGINT, old)


def _gdb(options):
    try:
        number = vm_id(options.socket, options.vm)
        with tempfile.TemporaryDirectory(prefix="understudy-") as folder:
            symbols = options.symbols and symbols_convert(options.symbols, folder)
            return _run(gdb_command(options, number, symbols))
    except (ControlError, LaunchError) as error:
        say(f"error: {error}")
        return STATUS_FAILED
