# SPDX-License-Identifier: BSD-2-Clause
#
# `us path`: the way of one exit, step by step: which functions, and how many instructions in each.
# docs/TRAP.md tells the same way in words.

import contextlib
import os

import gdb
from us_command import Command
from us_target import Hart, fail

MOST = 20000  # steps; an exit has some hundreds
STDOUT = 1


def _place():
    """Where the hart is: a function of ours, or whose world else."""
    hart = Hart()
    if hart.virtual:
        return "the guest", ""
    if hart.mode != "HS":
        return "the firmware", ""
    name = gdb.execute(f"info symbol {hart.pc:#x}", to_string=True).split()[0]
    line = gdb.find_pc_line(hart.pc)
    return name, line.symtab.filename if line.symtab else ""


@contextlib.contextmanager
def _silence():
    """GDB prints each stop, past gdb.execute's to_string and past its own log; so its output goes
    nowhere meanwhile."""
    gdb.flush()
    kept, nowhere = os.dup(STDOUT), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDOUT)
    try:
        yield
    finally:
        gdb.flush()
        os.dup2(kept, STDOUT)
        os.close(kept)
        os.close(nowhere)


def _steps():
    """(function, file) of each instruction, from the guest's until the guest is back."""
    place, was_out = _place(), False
    if place[0] != "the guest":
        fail("the hart is not in a guest: stop at an instruction of one that traps")
    for _ in range(MOST):
        if was_out and place[0] == "the guest":
            return
        yield place
        gdb.execute("stepi", to_string=True)
        place = _place()
        was_out = was_out or place[0] != "the guest"
    fail(f"{MOST} steps, and the guest is not back")


def runs_of(places):
    """[count, function, file] of those that follow each other."""
    runs = []
    for name, file in places:
        if not runs or runs[-1][1] != name:
            runs.append([0, name, file])
        runs[-1][0] += 1
    return runs


class Path(Command):
    """Steps from the guest's instruction through its exit until the guest is back, and shows the
    way: the functions, with the number of instructions in each.
    Usage: us path
    The hart is in its guest. QEMU holds back timers and interrupts meanwhile."""

    name = "path"

    def lines(self):
        with _silence():
            runs = runs_of(_steps())
        yield f"{'count':>6}  function"
        for count, name, file in runs:
            yield f"{count:>6}  {name:<20}  {file}".rstrip()
        yield f"{sum(count for count, *_ in runs):>6}  in all"


COMMANDS = (Path,)
