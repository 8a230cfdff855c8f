# SPDX-License-Identifier: BSD-2-Clause
#
# GDB on a run of the image, with the commands of scripts/gdb: for the tests of these, test_gdb*.py.

import contextlib
import os
import re
import signal
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

from conftest import ROOT

sys.dont_write_bytecode = True  # the tree stays as git left it
GDB_SCRIPTS = ROOT / "scripts" / "gdb"
sys.path.insert(0, str(GDB_SCRIPTS))

debug_spec = spec_from_loader("debug", SourceFileLoader("debug", str(ROOT / "scripts" / "debug")))
debug = module_from_spec(debug_spec)
debug_spec.loader.exec_module(debug)

PATIENCE = 50  # seconds; only what is broken needs them
GUESTS = ROOT / "build" / "guest"


@contextlib.contextmanager
def started(words, **settings):
    """A process in a session of its own, ended afterwards with what it started."""
    with subprocess.Popen(words, start_new_session=True, **settings) as process:
        try:
            yield process
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def gdb_ask(commands, connect=()):
    """What GDB says to each of `commands`."""
    words = ["gdb-multiarch", "-nx", "-q", "-batch", "-ex", "set width 0"]
    before = ["set confirm off", f"source {GDB_SCRIPTS}/understudy.py", "python import us_target"]
    before += connect
    # An answer begins after the line with its number.
    for number, command in enumerate([*before, *commands], -len(before)):
        words += ["-ex", f"echo \\n@{number}@\\n", "-ex", command]
    done = subprocess.run(
        [*words, "-ex", "echo \\n@end@\\n", "-ex", "kill"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
    )
    parts = re.split(r"\n@(-?\w+)@\n", done.stdout)
    answers = dict(zip(parts[1::2], parts[2::2]))
    assert "end" in answers, done.stdout
    return [answers[str(number)].strip() for number in range(len(commands))]


def ask(run, *commands):
    """GDB's answers on a run of `understudy run`, as a list."""
    port = debug.port_free()
    launcher = [ROOT / "scripts" / "understudy", "run", *run.split()]
    options = ["--gdb", str(port), "--timeout", str(PATIENCE)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    with started([*launcher, *options], stderr=subprocess.DEVNULL, **pipes) as process:
        debug.port_await(process, port)
        return gdb_ask(commands, ["us hyp-symbols", f"target remote 127.0.0.1:{port}"])
