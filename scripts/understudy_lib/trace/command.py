# SPDX-License-Identifier: BSD-2-Clause
#
# The command line of `understudy trace`. Status 0: done; 1: done, but of the trace not everything
# could be used; 2: refused. Before: options.py.

import contextlib
import os
import signal
import sys
import tempfile

from ..ctl import socket_option
from ..errors import LaunchError, UsageError
from ..host import ENDING_SIGNALS, say
from .chrome import chrome_write
from .ftrace import ftrace_write
from .live import recording
from .record import Trace
from .report import Report
from .symbols import Symbols
from .table import table_write
from .top import top_show
from .words import EXPLAIN, Words

STATUS_PARTLY = 1
FILE_DEFAULT = "trace.utrace"
WRITERS = {"chrome": chrome_write, "ftrace": ftrace_write, "csv": table_write}
OUTPUTS = (
    ("chrome", "JSON for Perfetto, Speedscope and the timeline page"),
    ("ftrace", "text with KVM's event names"),
    ("csv", "a row for each record"),
)
NAMES = "life"  # the category in which VMs have names
CATEGORIES = "exit entry sbi mmio csr inject interrupt request sched life, or all (all but entry)"


def trace_options(parser, seconds, count, categories):
    commands = parser.add_subparsers(dest="what", metavar="WHAT", required=True)

    def add(name, act, words):
        command = commands.add_parser(name, help=words, allow_abbrev=False)
        command.set_defaults(act=act)
        return command

    record = add("record", _record, "keep what a running machine does")
    socket_option(record)
    record.add_argument("--seconds", type=seconds, metavar="N", help="(until Ctrl-C)")
    record.add_argument("--categories", type=categories, metavar="A,B", help=f"of {CATEGORIES}")
    words = f"the records ({FILE_DEFAULT}, if no other file is asked for)"
    record.add_argument("-o", "--output", metavar="FILE.utrace", help=words)
    _outputs(record)
    convert = add("convert", _convert, "write records for other tools")
    convert.add_argument("file", metavar="FILE.utrace")
    _outputs(convert)
    top = add("top", _top, "exits per second by VM and cause, as they happen")
    socket_option(top)
    top.add_argument("--seconds", type=seconds, default=1.0, metavar="N", help="a table's (1)")
    top.add_argument("--batch", type=count, metavar="N", help="N tables one after the other")
    report = add("report", _report, "causes, durations and rates of the exits in a file")
    report.add_argument("file", metavar="FILE.utrace")
    words = "functions of the guest: an ELF file or a System.map; repeatable"
    report.add_argument("--symbols", action="append", default=[], metavar="[VM=]FILE", help=words)


def _outputs(parser):
    for name, words in OUTPUTS:
        parser.add_argument(f"--{name}", metavar="FILE", help=f"{words}; - is stdout")


@contextlib.contextmanager
def _output(path):
    if path == "-":
        yield sys.stdout
        return
    try:
        with open(path, "w", newline="", encoding="ascii") as file:
            yield file
    except OSError as error:
        raise LaunchError(f"cannot write {path!r}: {error.strerror}") from None


def _words():
    words = Words()
    if not words.is_complete:
        say(f"{os.path.relpath(EXPLAIN)} is not built: causes and calls stay numbers")
    return words


def _complain(trace):
    for line in trace.complaints:
        say(line)
    return STATUS_PARTLY if trace.complaints else 0


def _wanted(options):
    return [(name, getattr(options, name)) for name in WRITERS if getattr(options, name)]


def _outputs_check(options):
    """What cannot be written is told before a recording that would be lost with it."""
    for _, path in _wanted(options):
        target = path if os.path.lexists(path) else os.path.dirname(path) or "."
        if path != "-" and (os.path.isdir(path) or not os.access(target, os.W_OK)):
            raise LaunchError(f"cannot write {path!r}")


def _write(options, trace):
    words = _words()
    for name, path in _wanted(options):
        with _output(path) as file:
            WRITERS[name](file, trace, words)
    return _complain(trace)


def _convert(options):
    if not _wanted(options):
        raise UsageError("convert: --chrome, --ftrace or --csv is needed")
    return _write(options, Trace(options.file))


def _symbols(texts):
    symbols = {}
    for text in texts:
        vm, separator, path = text.partition("=")
        symbols[vm if separator else None] = Symbols(path if separator else text)
    return symbols


def _report(options):
    symbols = _symbols(options.symbols)
    trace = Trace(options.file)
    unknown = sorted(set(filter(None, symbols)) - set(trace.names.values()))
    if unknown:
        raise UsageError(f"--symbols: the trace has no VM {unknown[0]!r}")
    print("\n".join(Report(trace, _words(), symbols).lines()))
    return _complain(trace)


def _record(options):
    _outputs_check(options)
    wanted = _wanted(options)
    with contextlib.ExitStack() as stack:
        path = options.output or (None if wanted else FILE_DEFAULT)
        if path is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="understudy-"))
            path = os.path.join(folder, FILE_DEFAULT)
        _keep(options, path)
        trace = Trace(path)
        where = f"; {path}" if options.output or not wanted else ""
        say(f"{trace.count} records, {trace.drops} lost{where}")
        return _write(options, trace) if wanted else _complain(trace)


def _categories(text):
    """With that of the names, which cost next to nothing."""
    words = text.split(",") if text else []
    return text if not words or NAMES in words or "all" in words else f"{text},{NAMES}"


def _keep(options, path):
    """Writes the records to the file until it is time, a person ends it, or the machine. Who ends
    it while the machine is still being asked to begin is heard as soon as it has answered."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING_SIGNALS)
    file = None

    def take(data):
        nonlocal file
        try:
            file = file or open(path, "wb")  # not before there are records
            file.write(data)
            file.flush()
        except OSError as error:
            raise LaunchError(f"cannot write {path!r}: {error.strerror}") from None

    try:
        with recording(options.socket, _categories(options.categories), take) as stream:
            with contextlib.suppress(KeyboardInterrupt):
                signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING_SIGNALS)
                stream.ended.wait(options.seconds)
    finally:
        if file:
            file.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING_SIGNALS)
    if not stream.is_whole:
        say("the machine ended, or the end of its trace did not come")


def _top(options):
    if options.batch is None and not sys.stdout.isatty():
        raise UsageError("top: stdout is no terminal; use --batch N")
    with contextlib.suppress(KeyboardInterrupt):
        top_show(options.socket, options.seconds, options.batch, sys.stdout)
    return 0
