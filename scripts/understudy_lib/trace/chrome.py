# SPDX-License-Identifier: BSD-2-Clause
#
# The Trace Event Format, which Perfetto, Speedscope and our own page read (docs/TRACE.md). Times
# are microseconds with nanoseconds behind the point, from the first record on. Slices of a lane
# never overlap, and never touch: viewers take slices of equal times for nested.

import json

from . import record as r
from .lanes import HART, NEVER, Lanes
from .moments import exit_args, inner_args, moment

HARTS_PID, VMS_PID = 1, 100
REQUEST_FLOW = "request"


def us(ns):
    return f"{ns // 1000}.{ns % 1000:03}"


class Chrome:
    """The events of a trace, as texts."""

    def __init__(self, trace, lanes, words):
        self.trace, self.lanes, self.words = trace, lanes, words
        self.quoted = {}

    def _ns(self, ticks):
        return (ticks - self.lanes.begin) * 10**9 // self.trace.header.timebase

    def _quote(self, text):
        quoted = self.quoted.get(text)
        if quoted is None:
            quoted = self.quoted[text] = json.dumps(text)
        return quoted

    @staticmethod
    def _place(vm, vcpu):
        """pid and tid, as JSON."""
        if vm == HART:
            return f'"pid":{HARTS_PID},"tid":{vcpu}'
        return f'"pid":{VMS_PID + vm},"tid":{0 if vcpu == r.NOBODY else vcpu}'

    def head(self):
        trace = self.trace
        about = {
            "timebase": trace.header.timebase,
            "harts": trace.header.harts,
            "vms": {str(vm): name for vm, name in sorted(trace.names.items())},
            "drops": trace.drops,
            "records": trace.count,
            "begin": self.lanes.begin,
        }
        return f'{{"displayTimeUnit":"ns","otherData":{json.dumps(about)},"traceEvents":[\n'

    def events(self):
        yield from self._names()
        for index, stays in self.lanes.stays.items():
            yield from self._stays(index, stays)
        for (vm, vcpu), exits in sorted(self.lanes.exits.items()):
            yield from self._exits(vm, vcpu, exits)
        for n in self.lanes.instants:
            yield self._instant(n)
        for number, flow in enumerate(self.lanes.flows, 1):
            yield from self._flow(number, flow)

    def _names(self):
        lanes = {(HART, index) for index in range(self.trace.header.harts)}
        lanes |= {(HART, index) for index in self.lanes.stays}
        lanes |= {(vm, vcpu) for vm, vcpu in self.lanes.whos if r.NOBODY not in (vm, vcpu)}
        vms = set(self.trace.names) | {vm for vm, _ in self.lanes.whos} - {r.NOBODY}
        pids = {HARTS_PID: "harts"} | {VMS_PID + vm: self.trace.vm_name(vm) for vm in vms}
        for pid, name in sorted(pids.items()):
            yield self._name("process", pid, 0, name, pid)
        for vm, index in sorted(lanes):
            what, pid = ("hart", HARTS_PID) if vm == HART else ("vCPU", VMS_PID + vm)
            yield self._name("thread", pid, index, f"{what} {index}", index)

    def _name(self, what, pid, tid, name, place):
        head = f'{{"ph":"M","ts":0,"pid":{pid},"tid":{tid},"name":"{what}_'
        return (
            f'{head}name","args":{{"name":{self._quote(name)}}}}},\n'
            f'{head}sort_index","args":{{"sort_index":{place}}}}}'
        )

    def _stays(self, index, stays):
        place = self._place(HART, index)
        after = 0  # where the next may begin
        for stay in stays:
            begin, end = max(self._ns(stay.begin), after), self._ns(stay.end) - 1
            if end <= begin:
                continue
            after = end + 1
            idle = stay.vm == r.NOBODY
            name = "idle" if idle else self.trace.vcpu_name(stay.vm, stay.vcpu)
            who = "" if idle else f',"vm":{stay.vm},"vcpu":{stay.vcpu}'
            yield (
                f'{{"ph":"X","cat":"{"idle" if idle else "hart"}","name":{self._quote(name)},'
                f'{place},"ts":{us(begin)},"dur":{us(end - begin)},"args":{{"n":{stay.n}{who}}}}}'
            )

    def _exits(self, vm, vcpu, exits):
        """The slices of a vCPU. One that is shorter than the clock can tell is a nanosecond."""
        place = self._place(vm, vcpu)
        begins = [self._ns(exit.begin) for exit in exits]
        after = 0
        for i, exit in enumerate(exits):
            begin = max(begins[i], after)
            if exit.guest != NEVER:
                entered = max(self._ns(exit.guest), after)
                if entered < begin - 1:
                    yield (
                        f'{{"ph":"X","cat":"guest","name":"guest",{place},"ts":{us(entered)},'
                        f'"dur":{us(begin - 1 - entered)},"args":{{"n":{exit.n}}}}}'
                    )
            end = self._ns(exit.end) - 1
            if i + 1 < len(exits):
                end = min(end, begins[i + 1] - 1)
            end = max(end, begin + 1)
            after = end + 1
            yield self._exit(place, exit, us(begin), us(end - begin))

    def _exit(self, place, exit, ts, dur):
        record = self.trace.record(exit.n)
        inner, more = None, ""
        if (n := self.lanes.inner.get(exit.n)) is not None:
            inner = self.trace.record(n)
            more = f',"inner":{n},{inner_args(inner)}'
        return (
            f'{{"ph":"X","cat":"exit","name":{self._quote(self.words.exit(record, inner))},{place},'
            f'"ts":{ts},"dur":{dur},"args":{{"n":{exit.n},"hart":{record[3]},'
            f"{exit_args(record)}{more}}}}}"
        )

    def _instant(self, n):
        record = self.trace.record(n)
        time, _, _, hart, vm, vcpu, *_ = record
        lane = (HART, hart) if vm == r.NOBODY else (vm, vcpu)
        scope = "p" if vm != r.NOBODY and vcpu == r.NOBODY else "t"
        cat, name, args = moment(self.trace, self.words, record)
        return (
            f'{{"ph":"i","s":"{scope}","cat":"{cat}","name":{self._quote(name)},'
            f'{self._place(*lane)},"ts":{us(self._ns(time))},'
            f'"args":{{"n":{n},"hart":{hart},{args}}}}}'
        )

    def _flow(self, number, flow):
        """Both ends. Of an exit the enclosing slice is meant, of an interrupt the next."""
        what = f'"cat":"{REQUEST_FLOW}","name":"{REQUEST_FLOW}","id":{number}'
        bind = ',"bp":"e"' if flow.is_exit else ""
        yield (
            f'{{"ph":"s",{what},{self._place(*flow.lane)},"ts":{us(self._ns(flow.time))},'
            f'"args":{{"n":{flow.n}}}}},\n'
            f'{{"ph":"f"{bind},{what},{self._place(*flow.target)},'
            f'"ts":{us(self._ns(flow.shown))},"args":{{"n":{flow.n}}}}}'
        )


def chrome_write(file, trace, words):
    """Writes the trace to the file as one JSON object."""
    chrome = Chrome(trace, Lanes(trace), words)
    file.write(chrome.head())
    before = ""
    for event in chrome.events():
        file.write(before + event)
        before = ",\n"
    file.write("\n]}\n")
