# SPDX-License-Identifier: BSD-2-Clause
#
# Exits per second by VM and cause, as kvm_stat shows them: on a terminal again and again in place,
# or as so many tables, one after the other, for a pipe.

import collections
import shutil
import time

from ..host import say
from . import record as r
from .live import header_of, recording
from .report import columns
from .words import Words

CATEGORIES = "exit,sbi,mmio,csr,life"
HOME, CLEAR_LINE, CLEAR_BELOW = "\x1b[H", "\x1b[K", "\x1b[J"


class Counts:
    """Counts exits by VM and cause, from records as they come."""

    def __init__(self, words):
        self.words = words
        self.header = None
        self.names = {}
        self.exits = {}  # by hart: the last exit, until it is known what it was for
        self.all = collections.Counter()  # by VM's id and cause
        self.lost = 0

    def take(self, data):
        self.header = self.header or header_of(data)
        for record in r.RECORD.iter_unpack(data):
            kind, hart = record[1], record[3]
            if kind == r.EXIT:
                self._exit_count(self.exits.get(hart), None)
                self.exits[hart] = record
            elif kind in (r.SBI, r.MMIO, r.CSR):
                self._exit_count(self.exits.pop(hart, None), record)
            elif kind == r.NAME:
                self.names[record[4]] = r.name_decode(record[2], record[6:])
            elif kind == r.DROP:
                self.lost += record[6]

    def _exit_count(self, exit, inner):
        if exit:
            self.all[exit[4], self.words.exit(exit, inner)] += 1

    def rows(self, before, seconds):
        """Lines: what is new since the Counter `before`, most first."""
        total, new = self.all.total(), self.all.total() - before.total()
        table = [("total", "%", "a second", "VM", "cause")]
        for key, count in sorted(
            self.all.items(), key=lambda item: (before[item[0]] - item[1], -item[1], item[0])
        ):
            rate = f"{(count - before[key]) / seconds:.0f}"
            name = self.names.get(key[0]) or f"VM {key[0]}"
            table.append((str(count), f"{100 * count / total:.1f}", rate, name, key[1]))
        table.append((str(total), "", f"{new / seconds:.0f}", "", "all"))
        return list(columns(table))


def _frame(lines):
    """A screen that is written over the one before."""
    size = shutil.get_terminal_size()
    shown = [line[: size.columns - 1] for line in lines[: size.lines - 1]]
    return HOME + "".join(line + CLEAR_LINE + "\n" for line in shown) + CLEAR_BELOW


def top_show(path, interval, batch, out):
    """Shows until `batch` tables are shown, or for ever; returns where the machine ended."""
    counts = Counts(Words())
    with recording(path, CATEGORIES, counts.take) as stream:
        before, began, shown = collections.Counter(), time.monotonic(), 0
        while not stream.ended.wait(interval) and (batch is None or shown < batch):
            now, all = time.monotonic(), counts.all.copy()
            lines = counts.rows(before, now - began)
            if counts.lost:
                lines.append(f"  {counts.lost} records were lost")
            out.write("\n".join(lines) + "\n\n" if batch else _frame(lines))
            out.flush()
            before, began, shown = all, now, shown + 1
            if shown == batch:
                return
    say("the machine ended")
