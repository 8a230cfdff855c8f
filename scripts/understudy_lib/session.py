# SPDX-License-Identifier: BSD-2-Clause
#
# One run from beginning to end: bundle, QEMU, its bytes, and what to tell afterwards.
# Before: options.py, which checked everything that can be checked without doing it.

import contextlib
import os
import secrets
import shlex
import shutil
import tempfile

from .bundle import bundle_build
from .console import EscapeKeys, FirmwareFilter, Log, MarkerFilter, PlainFilter, ReadyText
from .control import sockets_of
from .errors import LaunchError
from .host import STDOUT, child_start, say, signals_caught, stderr_write, terminal_raw
from .machine import machine_command, qemu_check
from .presets import ROOT, initrds_build, presets_prepare
from .pump import STATUS_DIED, STATUS_TIMEOUT, Pump

TAIL_LINES = 20
MONITOR_PROMPT = "understudy> "


def session_run(options):
    """Does what `understudy run` was asked for; returns its exit status."""
    nonce = secrets.token_hex(8)
    folder = os.path.join(tempfile.gettempdir(), f"understudy-{nonce}")
    builds = bool(options.vms) and not options.native
    bundle = os.path.join(folder, "bundle.itb") if builds else options.bundle
    shared = options.stay or options.monitor or options.control is not None
    marked = builds and len(options.vms) == 1 and not shared
    presets_prepare(options.vms, folder)
    command = machine_command(options, bundle, nonce if marked else None)
    if options.dry_run:
        os.write(STDOUT, os.fsencode(shlex.join(command) + "\n"))
        return 0
    qemu_check(options.qemu)
    with (
        signals_caught() as wake,
        _output_open("log", options.log) as log_file,
        _output_open("statistics", options.stats),  # QEMU writes them; this is to know it can
    ):
        log = Log(log_file)
        console = _filter_make(options, nonce if marked else None, log)
        with _files_made(options.vms, folder, builds):
            _notes_say(options, command)
            return _child_run(options, command, wake, console, log)


def _filter_make(options, nonce, log):
    if options.native:
        return FirmwareFilter(log)
    return MarkerFilter(nonce, log) if nonce else PlainFilter()


def _output_open(what, path):
    """A context with the file at `path`, emptied, or with None."""
    if path is None:
        return contextlib.nullcontext()
    try:
        return open(path, "wb", buffering=0)
    except OSError as error:
        raise LaunchError(f"cannot write the {what} {path!r}: {error.strerror}") from None


@contextlib.contextmanager
def _files_made(vms, folder, builds_bundle):
    if not builds_bundle and not any(vm.builds_initrd for vm in vms):
        yield
        return
    os.mkdir(folder, 0o700)
    try:
        initrds_build(vms)
        if builds_bundle:
            bundle_build(vms, folder)
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _notes_say(options, command):
    harts = int(command[command.index("-smp") + 1])
    if options.icount and harts > 1:
        say(f"warning: under --icount the times of {harts} harts mean nothing; use one")
    if options.gdb:
        words = ["gdb-multiarch", *_symbols_words(options)]
        words += ["-ex", f"target remote 127.0.0.1:{options.gdb}"]
        say(f"halted, waiting for: {shlex.join(words)}")


def _symbols_words(options):
    """A guest's symbols are where it runs; the hypervisor's are linked at 0, and moved by a
    command of ours (docs/GDB.md)."""
    image = options.vms[0].kernel if options.native else options.hyp
    elf = os.path.splitext(image)[0] + ".elf"
    if not os.path.exists(elf):
        return []
    if options.native:
        return [elf]
    commands = ROOT / "scripts" / "gdb" / "understudy.py"
    return ["-ex", f"source {commands}", "-ex", f'us hyp-symbols "{elf}"']


def _ready_text(options):
    if options.monitor:
        return MONITOR_PROMPT
    return options.vms[0].ready if options.vms else None


def _child_run(options, command, wake, console, log):
    try:
        child = child_start(command)
    except OSError as error:
        raise LaunchError(f"cannot start QEMU {command[0]!r}: {error.strerror}") from None
    try:
        with terminal_raw() as has_keys:
            # A person sees when the guest listens; a pipe does not.
            ready = ReadyText(None if has_keys else _ready_text(options))
            keys = EscapeKeys() if has_keys else None
            pump = Pump(child, wake, console, ready, keys, options.timeout)
            log.on_error = pump.error_show
            pump.run()
    finally:
        child.kill()
        child.wait()
        _sockets_remove(options.control)
    _reason_tell(pump, console, log)
    return STATUS_DIED if pump.status == 0 and _never_began(pump, console) else pump.status


def _sockets_remove(path):
    """QEMU made them, and was not asked to end."""
    for socket in sockets_of(path).values() if path is not None else ():
        with contextlib.suppress(OSError):
            os.unlink(socket)


def _never_began(pump, console):
    """Of a run that nobody ended."""
    return not console.began and not pump.killed


def _reason_tell(pump, console, log):
    """A run that went wrong without a word on stderr: shows where the words are."""
    ended_by_person = pump.killed and pump.status != STATUS_TIMEOUT
    if pump.complained or ended_by_person:
        return
    lines = log.tail.splitlines(keepends=True)
    if not console.began:
        say("error: the run ended before the guest began; what came until then:")
        stderr_write(b"".join(lines) or b"(nothing)\n")
    elif not pump.killed and pump.status != 0:
        stderr_write(b"".join(lines[-TAIL_LINES:]))
