# SPDX-License-Identifier: BSD-2-Clause
#
# From records to lanes: for each vCPU its exits, and between them the guest; for each hart who is
# loaded there; who asked whom. A hart's records stand in the order of their time, an exit before
# what was done in it; between harts there is no order.

import bisect
from typing import NamedTuple

from .record import (
    CSR,
    DROP,
    END,
    ENTRY,
    EXIT,
    HELLO,
    INJECT,
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
NEVER = -1
IDLE = (NOBODY, NOBODY)


class Exit(NamedTuple):
    begin: int  # ticks
    end: int
    n: int  # the record's index
    guest: int  # when the guest had been entered, or NEVER where that is not known


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
        self.active = NEVER  # the last time at which it was surely in the hypervisor
        self.exit = None  # the exit whose records may follow, and whose it is
        self.exit_who = None
        self.who = None  # (vm, vcpu) loaded; IDLE; None: not known
        self.since = begin
        self.since_n = 0
        self.stays = []
        self.seen = []  # the time of each record


class Lanes:
    """exits: {(vm, vcpu): [Exit]}; inner: {index of an exit: index of the SBI, MMIO or CSR record
    that belongs to it}; injects: the same for INJECT; stays: {hart: [Stay]}; instants: the indices
    of all records that are no exit and not in inner; flows: [Flow]; whos: every (vm, vcpu) that is
    named. begin and end are ticks."""

    def __init__(self, trace):
        self.exits, self.inner, self.injects = {}, {}, {}
        self.instants, self.whos = [], set()
        self.end = 0
        self._harts, self._requests, self._shown = {}, [], {}
        for n, record in enumerate(trace.records()):
            if record[1] in TIMED:
                self._record_add(n, record)
        self._end_find()
        self.stays = {}
        for index, hart in sorted(self._harts.items()):
            self._who_set(hart, self.end, None, 0)
            self.stays[index] = hart.stays
        self.flows = list(self._flows_find())

    def _record_add(self, n, record):
        time, kind, index = record[0], record[1], record[3]
        hart = self._harts.get(index)
        if hart is None:
            hart = self._harts[index] = _Hart(time)
        hart.seen.append(time)
        self.whos.add(record[4:6])
        if kind == EXIT:
            self._exit_add(hart, n, record)
            return
        if kind in INNER and hart.exit_who == record[4:6] and hart.exit not in self.inner:
            self.inner[hart.exit] = n
            return
        hart.active = max(hart.active, time)
        if kind != ENTRY:
            self.instants.append(n)
            self._instant_add(hart, n, record)

    def _end_find(self):
        for times in (*self.exits.values(), *self._shown.values()):
            times.sort()
        for hart in self._harts.values():
            hart.seen.sort()
            self.end = max(self.end, hart.seen[-1])
        self.begin = min((hart.seen[0] for hart in self._harts.values()), default=0)

    def _instant_add(self, hart, n, record):
        time, kind, detail, index, vm, vcpu, first, *_ = record
        if kind == SWITCH:
            if hart.who is None and first != NOWHERE:
                hart.who = first >> 16 & NOBODY, first & NOBODY
            self._who_set(hart, time, (vm, vcpu), n)
        elif kind == SCHED and detail == SCHED_IDLE:
            if hart.who != IDLE:  # a hart that looks up and finds nothing says so again
                self._who_set(hart, time, IDLE, n)
        elif kind == INJECT and hart.exit is not None:
            self.injects[hart.exit] = n
        elif kind == INTERRUPT:
            self._shown.setdefault((vm, vcpu), []).append((time, False))
        elif kind == REQUEST:
            self._requests.append((n, index, record))
        elif kind == DROP:  # nobody knows what happened until here
            hart.exit = hart.exit_who = None
            self._who_set(hart, time, None, n)

    def _exit_add(self, hart, n, record):
        begin, _, verdict, _, vm, vcpu, *_, ticks = record
        who, end = (vm, vcpu), begin + ticks
        guest = hart.active if hart.active <= begin else NEVER
        self.exits.setdefault(who, []).append(Exit(begin, end, n, guest))
        self._shown.setdefault(who, []).append((begin, True))
        self.end = max(self.end, end)
        if hart.who != who:
            self._who_set(hart, begin if guest == NEVER else guest, who, n)
        hart.exit, hart.exit_who = n, who
        # After a wait or a halt the guest is not entered before something else is recorded.
        hart.active = NEVER if verdict in (VERDICT_WAIT, VERDICT_HALT) else end

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
            target = record[7] & NOBODY, record[8] & NOBODY
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
