# SPDX-License-Identifier: BSD-2-Clause
#
# The command line: its options, the presets, and every mistake that can be told before
# anything starts. A mistake is one line on stderr and status 2. After: session.py, bundle.py.

import argparse
import math
import os
import shutil
import tempfile

from .bundle import HASHES, bundle_build
from .control import sockets_check
from .ctl import console_options, ctl_options
from .errors import LaunchError, UsageError
from .gdb import gdb_options
from .host import STDOUT, descriptors_ensure, keys_leave_to_others, say
from .presets import PRESETS, ROOT, harts_default, initrds_build, presets_prepare
from .session import session_run
from .trace.command import trace_options
from .vmspec import KEYS, checked, names_settle, number_parse, size_parse, vm_parse

STATUS_REFUSED, STATUS_PIPE = 2, 141

VM_HELP = f"""a VM; repeatable. Keys: {", ".join(KEYS)}.
kernel or preset is needed; memory is 64M, vcpus 1, format auto (or raw), autostart yes (or no)
unless given or the preset's. weight (100; 1..1000) is a vCPU's part of its hart, cap what all have
at most, in percent of a hart (0: no cap), affinity the harts that they may run on, as 0-2; restart
is never, on-crash or always. files is a directory laid over linux's files. ready is what the guest
prints before it reads its console: a pipe's input waits for it. A comma is written ',,'."""

EPILOG = """exit status: 0 guests shut down, 1 QEMU died, 2 refused, 3 a guest crashed,
4 hypervisor panic, 124 timeout, 128+n ended by signal n (141: our reader went away).
In a terminal Ctrl-A x ends the run, Ctrl-A Ctrl-A sends one; all other keys are the guest's.
With one VM stdout is that VM's console alone; all that is not the guest's goes to --log."""

# What `--trace` and `trace record --categories` can name; the hypervisor knows them by these words.
TRACE_CATEGORIES = set("all exit entry sbi mmio csr inject interrupt request sched life".split())


class Parser(argparse.ArgumentParser):
    """A mistake is one line, without the usage text."""

    def error(self, message):
        raise UsageError(message.removeprefix("argument "))


def _categories_check(text):
    unknown = sorted(set(text.split(",") if text else ()) - TRACE_CATEGORIES)
    if unknown:
        raise UsageError(f"{unknown[0]!r} is none of {','.join(sorted(TRACE_CATEGORIES))}")
    return text


def _seconds_parse(text):
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < math.inf:
        raise UsageError(f"{text!r} is not a number of seconds")
    return seconds


def _parser_make():
    parser = Parser(prog="understudy", allow_abbrev=False, description="Runs VMs on Understudy.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _run_options(
        commands.add_parser(
            "run",
            help="start the hypervisor and its VMs in QEMU",
            epilog=EPILOG,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    _bundle_options(
        commands.add_parser("bundle", help="write VMs into one bundle file", allow_abbrev=False)
    )
    ctl_options(
        commands.add_parser("ctl", help="give orders to a running hypervisor", allow_abbrev=False),
        checked(_seconds_parse),
    )
    console_options(
        commands.add_parser("console", help="the console of a running VM", allow_abbrev=False)
    )
    gdb_options(commands.add_parser("gdb", help="GDB on a running VM", allow_abbrev=False))
    trace_options(
        commands.add_parser("trace", help="see what a hypervisor does", allow_abbrev=False),
        checked(_seconds_parse),
        checked(number_parse, 1, 10**9),
        checked(_categories_check),
    )
    return parser


def _run_options(parser):
    harts, port = checked(number_parse, 1, 512), checked(number_parse, 1, 65535)
    size, seconds = checked(size_parse), checked(_seconds_parse)
    what = parser.add_argument_group("what runs (nothing said: the bundle in the hypervisor)")
    presets = f"one of {', '.join(PRESETS)}; KEY=VALUE as in --vm"
    what.add_argument("preset", nargs="?", metavar="PRESET[,KEY=VALUE,...]", help=presets)
    what.add_argument("--vm", action="append", default=[], metavar="KEY=VALUE,...", help=VM_HELP)
    what.add_argument("--bundle", metavar="FILE", help="a ready-made bundle, as it is")
    what.add_argument(
        "--native",
        action="store_true",
        help="the VM's kernel without the hypervisor; harts and memory are then the VM's",
    )
    on = parser.add_argument_group("on what")
    on.add_argument("--cpus", type=harts, metavar="N", help="harts (1; for linux 2)")
    on.add_argument("--memory", type=size, metavar="SIZE", help="of the machine (what VMs need)")
    on.add_argument("--cpu", default="rv64", metavar="MODEL", help="QEMU's -cpu (rv64)")
    on.add_argument("--machine", metavar="OPTS", help="more for QEMU's -M virt")
    on.add_argument("--icount", action="store_true", help="an instruction is a nanosecond")
    on.add_argument("--icount-shift", type=checked(number_parse, 0, 10), metavar="N",
                    help="with --icount: it is 2^N of them (0)")  # fmt: skip
    on.add_argument("--qemu", metavar="PATH", help="($QEMU, qemu-system-riscv64)")
    on.add_argument("--bios", metavar="PATH", help="the firmware ($OPENSBI, QEMU's own)")
    on.add_argument("--hyp", metavar="PATH", help="the hypervisor (build/understudy.bin)")
    how = parser.add_argument_group("how")
    how.add_argument(
        "--gdb", type=port, nargs="?", const=1234, metavar="PORT", help="halt for GDB (1234)"
    )
    how.add_argument("--timeout", type=seconds, default=math.inf, metavar="SECONDS")
    how.add_argument("--log", metavar="FILE", help="what is not the guest's")
    how.add_argument("--stats", metavar="FILE", help="exits of each VM, in lines of JSON")
    how.add_argument(
        "--monitor", action="store_true", help="the console is the monitor's, and by Ctrl-] a VM's"
    )
    how.add_argument(
        "--control", metavar="SOCKET", help="sockets for the commands ctl, console, trace and gdb"
    )
    how.add_argument("--trace", type=checked(_categories_check), nargs="?", const="",
                     metavar="A,B", help="record from the start (all but entry)")  # fmt: skip
    policies = ("fair", "round-robin")
    how.add_argument("--sched", choices=policies, metavar="POLICY", help=" or ".join(policies))
    how.add_argument("--stay", action="store_true", help="show everything, as with several VMs")
    how.add_argument("--dry-run", action="store_true", help="print QEMU's command only")
    parser.set_defaults(act=_run)


def _bundle_options(parser):
    parser.add_argument("--vm", action="append", default=[], metavar="KEY=VALUE,...", help=VM_HELP)
    parser.add_argument("-o", "--output", default="bundle.itb", metavar="FILE", help="(bundle.itb)")
    parser.add_argument("--hash", choices=HASHES, default="crc32", help="of each file (crc32)")
    parser.set_defaults(act=_bundle)


def _vms_make(texts):
    try:
        vms = [vm_parse(text) for text in texts]
        names_settle(vms)
    except UsageError as error:
        raise UsageError(f"--vm: {error}") from None
    return vms


def _preset_make(text):
    if text.startswith(","):  # make run VCPUS=4
        raise UsageError(f"a preset is needed before {text!r} (known: {', '.join(PRESETS)})")
    vms = [vm_parse(f"preset={text}")]
    names_settle(vms)
    return vms


def _file_need(option, path, advice=""):
    if not os.path.isfile(path):
        raise UsageError(f"{option}: no such file: {path!r}{advice}")


def _run(options):
    sources = [options.preset, options.vm, options.bundle]
    if sum(map(bool, sources)) > 1:
        raise UsageError("a preset, --vm and --bundle cannot be mixed")
    options.vms = _preset_make(options.preset) if options.preset else _vms_make(options.vm)
    options.cpus = options.cpus or harts_default(options.vms)
    if options.icount_shift is not None and not options.icount:
        raise UsageError("--icount-shift: only with --icount")
    if options.native and len(options.vms) != 1:
        raise UsageError("--native: needs exactly one --vm, or a preset")
    if options.native and options.stay:
        raise UsageError("--native: there is no hypervisor to --stay")
    if options.native and options.stats is not None:
        raise UsageError("--native: there is no hypervisor to write --stats")
    if options.native and options.trace is not None:
        raise UsageError("--native: there is no hypervisor to --trace")
    if options.native and (options.monitor or options.control is not None):
        raise UsageError("--native: there is no hypervisor to --monitor or --control")
    if options.control is not None:
        sockets_check("--control", options.control)
    options.qemu = options.qemu or os.environ.get("QEMU") or "qemu-system-riscv64"
    options.bios = options.bios or os.environ.get("OPENSBI")
    if options.bios not in (None, "", "default", "none"):  # the two words are QEMU's
        _file_need("--bios", options.bios)
    if options.bundle:
        _file_need("--bundle", options.bundle)
    options.hyp = options.hyp or str(ROOT / "build" / "understudy.bin")
    if not options.native:
        _file_need("--hyp", options.hyp, "; run make first")
    return session_run(options)


def _bundle(options):
    if not options.vm:
        raise UsageError("bundle: at least one --vm is needed")
    vms = _vms_make(options.vm)
    with tempfile.TemporaryDirectory(prefix="understudy-") as folder:
        presets_prepare(vms, folder)
        initrds_build(vms)
        built = bundle_build(vms, folder, options.hash)
        try:
            shutil.copyfile(built, options.output)
        except OSError as error:
            raise LaunchError(f"cannot write {options.output!r}: {error.strerror}") from None
    return 0


def main(arguments):
    """Does one command; returns its exit status."""
    descriptors_ensure()
    keys_leave_to_others()
    try:
        options = _parser_make().parse_args(arguments)
        if not options.command:
            raise UsageError(
                "a command is needed: run, bundle, ctl, console, gdb or trace (see --help)"
            )
        status = options.act(options)
        print(end="", flush=True)
        return status
    except BrokenPipeError:  # who reads our stdout may leave, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)
        return STATUS_PIPE
    except UsageError as error:
        say(str(error))
    except LaunchError as error:
        say(f"error: {error}")
    except KeyboardInterrupt:
        return 130
    return STATUS_REFUSED
