/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From events to columns: typed arrays with a value per event, in which the events of a track
 * stand one behind the other by time. A lane is a vCPU or a hart. Its tracks are one per depth of
 * nesting, in which no two events overlap, and one of marks, which have no duration. What draws,
 * counts and searches leans on just that. Before this: reader.js; after: ../pack.js, summary.js.
 */

import { ArgsWriter } from "./args.js";
import { FIRST_VM, IDLE, STAY_COLOURS, groupOf } from "./groups.js";
import { Growing, Words } from "./growing.js";
import { laneList } from "./lanes.js";
import { TraceError } from "./reader.js";
import { tracksOf } from "./tracks.js";

const NANOSECONDS = 1000; /* in a microsecond, the unit of "ts" and "dur" */
const HARTS = 1; /* the process that holds the harts */

const COLUMN_TYPES = {
    start: Float64Array, /* nanoseconds since the first event */
    duration: Float64Array,
    name: Uint32Array, /* a number of `names`, and so on */
    category: Uint8Array,
    group: Uint8Array, /* groups.js */
    shape: Uint16Array, /* args.js, with argsAt */
    argsAt: Uint32Array,
};

/* The names of the columns, for those who permute, pack or read them. */
export const COLUMNS = Object.keys(COLUMN_TYPES);
export const FLOW_COLUMNS = ["flowFrom", "flowTo", "flowFromLane", "flowToLane", "flowName"];

export class ColumnBuilder {
    constructor() {
        const columns = COLUMNS.map((name) => [name, new Growing(COLUMN_TYPES[name])]);
        this.columns = Object.fromEntries(columns);
        this.lane = new Growing(Uint16Array);
        this.isMark = new Growing(Uint8Array);
        this.names = new Words();
        this.categories = new Words();
        this.args = new ArgsWriter();
        this.lanes = new Words(); /* "pid tid" */
        this.labels = new Map(); /* what the metadata calls them */
        this.flows = [];
        this.openFlows = new Map();
        this.leftOut = 0;
        this.seen = 0;
    }

    /* Takes the next events of the file. */
    take(events) {
        for (const event of events) {
            this.takeOne(event);
            this.seen++;
        }
    }

    takeOne(event) {
        switch (event?.ph) {
            case "X":
                this.push(event, this.time(event, "ts"), this.time(event, "dur"), 0);
                break;
            case "i":
            case "I":
                this.push(event, this.time(event, "ts"), 0, 1);
                break;
            case "s":
                this.openFlows.set(`${event.cat} ${event.id}`, event);
                break;
            case "f":
                this.closeFlow(event);
                break;
            case "M":
                this.labels.set(`${event.name} ${event.pid} ${event.tid ?? ""}`, event.args);
                break;
            default:
                this.leftOut++;
        }
    }

    /* A time of `event` in nanoseconds. */
    time(event, key) {
        const value = event[key];
        if (typeof value !== "number" || !Number.isFinite(value) || (key === "dur" && value < 0)) {
            throw new TraceError(`Event ${this.seen} of this trace has no sound "${key}".`);
        }
        return value * NANOSECONDS;
    }

    laneOf(event) {
        const lane = this.lanes.number(`${event.pid} ${event.tid}`);
        if (lane > 0xffff) {
            throw new TraceError("This trace has more than 65536 lanes.");
        }
        return lane;
    }

    push(event, start, duration, isMark) {
        const args = event.args ?? {};
        const { columns } = this;
        const begin = Math.round(start);
        columns.start.push(begin);
        columns.duration.push(Math.round(start + duration) - begin);
        columns.name.push(this.names.number(String(event.name)));
        columns.category.push(this.categories.number(String(event.cat ?? "")));
        columns.group.push(this.group(event, args, isMark));
        columns.argsAt.push(this.args.pool.length);
        columns.shape.push(this.args.push(args));
        this.lane.push(this.laneOf(event));
        this.isMark.push(isMark);
    }

    group(event, args, isMark) {
        if (event.pid !== HARTS || isMark) {
            return groupOf(event.cat ?? "", args);
        }
        return event.name === "idle" ? IDLE : FIRST_VM;
    }

    /* Colours what harts run: by VM or, where there is but one, by vCPU; who has which colour. */
    colourStays(group, name) {
        const names = this.names.list;
        const stays = [...group.keys()].filter((at) => group[at] >= FIRST_VM);
        const vmOf = (at) => names[name[at]].replace(/\/[^/]*$/, "");
        const isAlone = new Set(stays.map(vmOf)).size === 1;
        const whoOf = (at) => (isAlone ? names[name[at]] : vmOf(at));
        const who = [...new Set(stays.map(whoOf))].sort();
        const colours = new Map(who.map((each, at) => [each, FIRST_VM + at % STAY_COLOURS.length]));
        stays.forEach((at) => { group[at] = colours.get(whoOf(at)); });
        return who;
    }

    closeFlow(event) {
        const key = `${event.cat} ${event.id}`;
        const from = this.openFlows.get(key);
        if (from === undefined) {
            this.leftOut++;
            return;
        }
        this.openFlows.delete(key);
        this.flows.push({
            flowFrom: Math.round(this.time(from, "ts")),
            flowTo: Math.round(this.time(event, "ts")),
            flowFromLane: this.laneOf(from),
            flowToLane: this.laneOf(event),
            flowName: this.names.number(String(from.name)),
        });
    }

    /* The trace: columns and lists. `head` is what the file says beside its events. */
    finish(head) {
        if (this.lane.length === 0) {
            throw new TraceError("This trace has no events: nothing in it has a time and a lane.");
        }
        const columns = Object.fromEntries(COLUMNS.map((n) => [n, this.columns[n].finish()]));
        const stays = this.colourStays(columns.group, columns.name);
        const { lanes, numbers } = laneList(this.lanes.list, this.labels);
        const lane = this.lane.finish().map((old) => numbers[old]);
        const { tracks, order } = tracksOf(lanes.length, lane, this.isMark.finish(), columns);
        const origin = columns.start.reduce((least, time) => Math.min(least, time), Infinity);
        columns.start = columns.start.map((time) => time - origin);
        const sorted = COLUMNS.map((n) => [n, columns[n].map((_, at) => columns[n][order[at]])]);
        const trace = {
            lanes,
            tracks,
            names: this.names.list,
            categories: this.categories.list,
            shapes: this.args.shapes.list,
            strings: this.args.strings.list,
            pool: this.args.pool.finish(),
            ...Object.fromEntries(sorted),
            ...this.flowColumns(numbers, origin),
        };
        trace.meta = { ...this.meta(head, trace, origin), stays };
        return trace;
    }

    flowColumns(numbers, origin) {
        const flows = this.flows.sort((a, b) => a.flowFrom - b.flowFrom);
        return {
            flowFrom: Float64Array.from(flows, (flow) => flow.flowFrom - origin),
            flowTo: Float64Array.from(flows, (flow) => flow.flowTo - origin),
            flowFromLane: Uint16Array.from(flows, (flow) => numbers[flow.flowFromLane]),
            flowToLane: Uint16Array.from(flows, (flow) => numbers[flow.flowToLane]),
            flowName: Uint32Array.from(flows, (flow) => flow.flowName),
        };
    }

    meta(head, trace, origin) {
        let end = 1;
        for (let at = 0; at < trace.start.length; at++) {
            end = Math.max(end, trace.start[at] + trace.duration[at]);
        }
        const { traceEvents, ...rest } = head;
        return {
            ...rest.otherData,
            origin,
            end,
            leftOut: this.leftOut + this.openFlows.size,
        };
    }
}
