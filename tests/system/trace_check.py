# SPDX-License-Identifier: BSD-2-Clause
#
# Is it a timeline that viewers can show? The Trace Event Format's rules, and ours (docs/TRACE.md):
# what each event must have, slices that nest, flows with both ends.

import collections
import json
import re
from fractions import Fraction

NUMBER = (int, float, Fraction)
HEX = re.compile(r"0x[0-9a-f]+$")
HARTS_PID, VMS_PID = 1, 100

ALWAYS = {"ph": str, "pid": int, "tid": int, "ts": NUMBER, "args": dict, "name": str}
MORE = {
    "X": {"cat": str, "dur": NUMBER},
    "i": {"cat": str, "s": str},
    "s": {"cat": str, "id": int},
    "f": {"cat": str, "id": int},
    "M": {},
}
MAY = {"f": {"bp"}}
METADATA = {"process_name": "name", "thread_name": "name", "process_sort_index": "sort_index",
            "thread_sort_index": "sort_index"}  # fmt: skip
EXIT_ARGS = ("scause", "sepc", "stval", "htval", "htinst")
OTHER = {"timebase": int, "harts": int, "vms": dict, "drops": int, "records": int, "begin": int}


def check_schema(timeline):
    assert set(timeline) == {"displayTimeUnit", "otherData", "traceEvents"}
    assert timeline["displayTimeUnit"] == "ns"
    assert {name: type(value) for name, value in timeline["otherData"].items()} == OTHER
    assert all(number.isdigit() for number in timeline["otherData"]["vms"])
    for event in timeline["traceEvents"]:
        check_event(event, timeline["otherData"]["records"])


def check_event(event, records):
    wanted = ALWAYS | MORE[event["ph"]]
    assert set(wanted) <= set(event) <= set(wanted) | MAY.get(event["ph"], set()), event
    for name, kind in wanted.items():
        assert isinstance(event[name], kind) and not isinstance(event[name], bool), event
    assert event["ts"] >= 0, event
    if event["ph"] == "M":
        assert METADATA[event["name"]] in event["args"], event
        return
    assert 0 <= event["args"]["n"] < records, event
    if event["ph"] == "X":
        assert event["dur"] > 0, event
    if event["ph"] == "i":
        assert event["s"] in ("t", "p"), event
    if event.get("cat") == "exit":
        assert all(HEX.match(event["args"][name]) for name in EXIT_ARGS), event
        assert event["args"]["verdict"] and event["args"]["ticks"] >= 0, event


def lanes_of(timeline):
    """The slices of each lane, (begin, end, event), in the order of the file."""
    lanes = collections.defaultdict(list)
    for event in timeline["traceEvents"]:
        if event["ph"] == "X":
            end = event["ts"] + event["dur"]
            lanes[event["pid"], event["tid"]].append((event["ts"], end, event))
    return lanes


def check_nesting(timeline):
    """Slices of a lane are one after the other, and where one ends no other begins."""
    for lane, slices in lanes_of(timeline).items():
        for before, after in zip(slices, slices[1:]):
            assert before[1] < after[0], (lane, before, after)


def check_names(timeline):
    """Each lane with slices has a name, and each process."""
    events = timeline["traceEvents"]
    named = {(e["pid"], e["tid"]) for e in events if e["name"] == "thread_name"}
    processes = {e["pid"] for e in events if e["name"] == "process_name"}
    assert set(lanes_of(timeline)) <= named
    assert {e["pid"] for e in events} <= processes


def check_flows(timeline):
    """Each arrow has two ends, the second not before the first."""
    ends = collections.defaultdict(list)
    for event in timeline["traceEvents"]:
        if event["ph"] in "sf":
            ends[event["id"]].append(event)
    for flow in ends.values():
        assert [event["ph"] for event in flow] == ["s", "f"], flow
        assert flow[0]["ts"] <= flow[1]["ts"], flow
    return len(ends)


def check_timeline(path, number=float):
    """All of it; returns the parsed file. `number`: what a viewer computes with."""
    timeline = json.loads(path.read_text(), parse_float=number)
    check_schema(timeline)
    check_nesting(timeline)
    check_names(timeline)
    check_flows(timeline)
    return timeline
