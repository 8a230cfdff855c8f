# SPDX-License-Identifier: BSD-2-Clause
#
# `us timeline`: the newest records of the trace rings (hyp/trace/ring.h), as they stand in memory.
# Each hart has a ring; the records of all are merged by their time.

import gdb
import us_data
import us_lanes
import us_tables
from us_command import Command, number
from us_lanes import r
from us_target import Hart, fail, physical
from understudy_lib.trace.words import Words

NEWEST = 20
MOST = 2000
CONTROL = "hyp/trace/control.c"


class Names:
    """Whose a record is. The VMs of now have the names that they have."""

    def __init__(self):
        self.vms = {int(vm["id"]) & r.NOBODY: vm["name"].string() for vm in us_data.vms()}

    def vcpu_name(self, vm, vcpu):
        if vm == r.NOBODY:
            return "hypervisor"
        return self.vms.get(vm, f"VM {vm}") + ("" if vcpu == r.NOBODY else f"/{vcpu}")


def _rings():
    if not us_data.exists("rings", CONTROL):
        fail("this image was built without traces")
    ring, count = us_data.variable("rings", CONTROL), 0
    while ring and count < us_data.MAX_ITEMS:
        yield ring
        ring, count = ring["next"], count + 1


def _newest(ring, most):
    """Its newest records. Those that left through the port stand there until they are overwritten;
    one that is not whole yet is not among them."""
    places, shown = int(ring["mask"]) + 1, int(ring["shown"])
    first, base = max(shown - min(places, most), 0), int(ring["records"])
    while first < shown:
        count = min(shown - first, places - first % places)
        address = base + first % places * us_lanes.SIZE
        data = gdb.selected_inferior().read_memory(address, count * us_lanes.SIZE)
        yield from us_lanes.records_of(bytes(data))
        first += count


class Timeline(Command):
    """The newest records of the trace, of all harts, by time: a lane a hart.
    Usage: us timeline [COUNT]
    20 records without COUNT. Something is recorded after the monitor's `trace on`; or, with the
    hart in run_forever, after `call tracing_start(0x3ff)` (a bit for each category)."""

    name, usage, words = "timeline", " [COUNT]", range(0, 2)

    def lines(self, text=None):
        count = number(text, "timeline") if text else NEWEST
        if not 0 < count <= MOST:
            fail(f"COUNT: {text!r} is not one of 1 to {MOST}")
        Hart()
        with physical():
            timebase = int(us_data.variable("caps")["timebase"])
            records = [record for ring in _rings() for record in _newest(ring, count)]
            names = Names()
        if not records:
            fail("nothing was recorded: see `help us timeline`")
        newest = us_lanes.by_time(records)[-count:]
        return us_lanes.lines(newest, timebase, names, Words(us_tables.table()))


COMMANDS = (Timeline,)
