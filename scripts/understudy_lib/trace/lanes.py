# SPDX-License-Identifier: BSD-2-Clause
#
# From records to lanes: for each vCPU its exits, and between them the guest; for each hart who is
# loaded there; who asked whom. A hart's records stand in the order in which it wrote them, and an
# exit is written when it ends; between harts there is no order.

import bisect
from typing import NamedTuple

from .record import (
    BOUND,
    CSR,
    DROP,
    END,
    ENTRY,
    EXIT,
    HELLO,
    INTERRUPT,
    KINDS,
    MMIO,
    NAME,
    NOBODY,
    NOWHERE,
    REQUEST,
    SBI,
    SCHED,
    SCHED_IDLE,
    SWITCH,
    VERDICT_HALT,
    VERDICT_WAIT,
)

HART = -1  # as a lane's VM: the lane is a hart's
TIMED = frozenset(range(1, len(KINDS))) - {HELLO, NAME, END}
INNER = frozenset((SBI, MMIO, CSR))
# Written by the run loop alone, between exits; those of other kinds may also be of an exit.
BETWEEN = frozenset((ENTRY, SWITCH, BOUND, DROP))


class Exit(NamedTuple):
    begin: int  # ticks
    end: int
    n: int  # the record's index
    inner: int  # the index of the SBI, MMIO or CSR record that belongs to it, or -1
    first: int  # the index of the first record that was written in it
    guest: int  # when the guest had been entered, or -1 where that is not known


class Stay(NamedTuple):
    """Somebody on a hart."""

    begin: int
    end: int
    n: int  # the record that shows it
    vm: int  # NOBODY: idle
    vcpu: int


class Flow(NamedTuple):
    n: int  # the request's index
    lane: tuple  # who asks: (vm, vcpu) or (HART, index)
    time: int
    target: tuple  # the lane where it shows
    shown: int  # when
    is_exit: bool  # it shows as an exit, else as an interrupt


class _Hart:
    """What is known of a hart while its records go by."""

    def __init__(self, begin):
        self.active = -1  # the last time at which it was surely not in a guest, -1: not known
        self.maybe = []  # (time, n) of the records since the last exit that the next may contain
        self.inner = -1
        self.who = None  # (vm, vcpu) loaded; (NOBODY, NOBODY): idle; None: not known
        self.since = begin
        self.since_n = 0
        self.stays = []
        self.seen = []  # the time of each record


class Lanes:
    """exits: {(vm, vcpu): [Exit]}, stays: {hart: [Stay]}, instants: [index of a record that is no
    exit and in none], flows: [Flow]; begin and end are ticks."""

    def __init__(self, trace):
        self.trace = trace
        self.exits, self.instants, self.end = {}, [], 0
        self.whos = set()  # every (vm, vcpu) that is named
        self._harts, self._requests, self._shown = {}, [], {}
        self._records_read()
        self._end_find()
        self.stays = {}
        for index, hart in sorted(self._harts.items()):
            self._who_set(hart, self.end, None, 0)
            self.stays[index] = hart.stays
        self.flows = list(self._flows_find())

    def _records_read(self):
        for n, record in enumerate(self.trace.records()):
            kind, index = record[1], record[3]
            if kind not in TIMED:
                continue
            hart = self._harts.get(index)
            if hart is None:
                hart = self._harts[index] = _Hart(record[0])
            hart.seen.append(record[0])
            self.whos.add(record[4:6])
            if kind == EXIT:
                self._exit_add(hart, n, record)
            elif kind in INNER:
                self._inner_add(hart, n, record[0])
            elif kind != ENTRY:
                self._other_add(hart, n, record)
            else:
                hart.active = record[0]

    def _end_find(self):
        for hart in self._harts.values():
            if hart.inner >= 0:
                self.instants.append(hart.inner)
            hart.seen.sort()
        for times in (*self.exits.values(), *self._shown.values()):
            times.sort()
        seen = [hart.seen for hart in self._harts.values()]
        self.begin = min((times[0] for times in seen), default=0)
        self.end = max(self.end, *(times[-1] for times in seen), 0)

    def _inner_add(self, hart, n, time):
        if hart.inner >= 0:  # the one before was of no exit
            self.instants.append(hart.inner)
        hart.inner = n
        hart.maybe.append((time, n))

    def _other_add(self, hart, n, record):
        time, kind, detail, index, vm, vcpu, first, *_ = record
        if kind in BETWEEN:
            hart.active = max(hart.active, time)
        else:
            hart.maybe.append((time, n))
        self.instants.append(n)
        if kind == SWITCH:
            if hart.who is None and first != NOWHERE:
                hart.who = first >> 16 & 0xFFFF, first & 0xFFFF
            self._who_set(hart, time, (vm, vcpu), n)
        elif kind == SCHED and detail == SCHED_IDLE:
            self._who_set(hart, time, (NOBODY, NOBODY), n)
        elif kind == INTERRUPT:
            self._shown.setdefault((vm, vcpu), []).append((time, False))
        elif kind == REQUEST:
            self._requests.append((n, index, record))
        elif kind == DROP:  # nobody knows what happened until here
            hart.maybe.clear()
            hart.inner = -1
            self._who_set(hart, time, None, n)

    def _exit_add(self, hart, n, record):
        begin, _, verdict, _, vm, vcpu, *_, ticks = record
        inner, first, guest = hart.inner, n, hart.active
        for time, m in hart.maybe:
            if time < begin:
                guest = max(guest, time)
            elif m < first:
                first = m
        hart.maybe.clear()
        hart.inner = -1
        if inner >= 0 and self.trace.record(inner)[4:6] != (vm, vcpu):
            self.instants.append(inner)
            inner = -1
        guest = guest if guest <= begin else -1
        exit = Exit(begin, begin + ticks, n, inner, first, guest)
        self.exits.setdefault((vm, vcpu), []).append(exit)
        self.end = max(self.end, exit.end)
        self._shown.setdefault((vm, vcpu), []).append((begin, True))
        if hart.who != (vm, vcpu):
            self._who_set(hart, guest if guest >= 0 else begin, (vm, vcpu), n)
        # After a wait or a halt the guest is not entered before something else is recorded.
        hart.active = -1 if verdict in (VERDICT_WAIT, VERDICT_HALT) else exit.end

    @staticmethod
    def _who_set(hart, time, who, n):
        time = max(time, hart.since)
        if hart.who is not None and time > hart.since:
            hart.stays.append(Stay(hart.since, time, hart.since_n, *hart.who))
        hart.who, hart.since, hart.since_n = who, time, n

    def _flows_find(self):
        """Each request goes to the first sign of it at its target, if there is one."""
        for n, index, record in self._requests:
            time, vm, vcpu, asked = record[0], record[4], record[5], record[9]
            lane = (HART, index) if vm == NOBODY else (vm, vcpu)
            target = record[7] & 0xFFFF, record[8] & 0xFFFF
            if target in self._shown:
                shown = self._shown[target]
                at = bisect.bisect_left(shown, (time, False))
                if at < len(shown):
                    yield Flow(n, lane, time, target, *shown[at])
            elif asked in self._harts:
                seen = self._harts[asked].seen
                at = bisect.bisect_left(seen, time)
                if at < len(seen):
                    yield Flow(n, lane, time, (HART, asked), seen[at], True)
