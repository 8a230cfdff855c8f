/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page's data, without a browser: files are read in pieces of any size, nothing is lost
 * between a file and the page, and sums by blocks are the sums of the events.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

import { readArgs } from "../../viz/data/args.js";
import { ColumnBuilder } from "../../viz/data/columns.js";
import { openFilter, shownEvents } from "../../viz/data/filter.js";
import { GROUP_COUNT, groupOf } from "../../viz/data/groups.js";
import { unpackTrace } from "../../viz/data/packed.js";
import { EventReader, TraceError } from "../../viz/data/reader.js";
import { Summary, firstBehind, lowerBound, lowerBoundNear } from "../../viz/data/summary.js";
import { packTrace } from "../../viz/pack.js";
import { formatCount, formatPoint, formatTime } from "../../viz/page/format.js";
import { View } from "../../viz/page/view.js";
import { HEAD, MARKED, traceEvents, traceText } from "./make_trace.js";

/* The events and the head of `text`, fed in pieces of `size` characters. */
function readText(text, size = text.length) {
    const events = [];
    const reader = new EventReader((batch) => events.push(...batch));
    for (let at = 0; at < text.length; at += size) {
        reader.feed(text.slice(at, at + size));
    }
    return { events, head: reader.end() };
}

function traceOf(events, head = HEAD) {
    const builder = new ColumnBuilder();
    builder.take(events);
    return builder.finish(head);
}

function span(ts, dur, more = {}) {
    return { ph: "X", pid: 101, tid: 0, cat: "guest", name: "guest", ts, dur, ...more };
}

test("pieces of any size make the same events", () => {
    const nasty = { ph: "i", ts: 1, name: 'a "]} \\" \\\\', args: { list: [[1], { b: "}]" }] } };
    const text = ` {"a":{"traceEvents":[{"no":1}]},"b":"traceEvents","traceEvents" : [\n${
        JSON.stringify(nasty)},\n${JSON.stringify({ ...nasty, ts: 2 })} ],"otherData":{"x":[1]}} `;
    for (let size = 1; size <= text.length; size++) {
        const { events, head } = readText(text, size);
        assert.deepEqual(events, [nasty, { ...nasty, ts: 2 }]);
        assert.deepEqual(head.otherData, { x: [1] });
    }
    assert.deepEqual(readText('[{"a":1},{"b":2}]', 3).events, [{ a: 1 }, { b: 2 }]);
    const made = traceText(500);
    assert.deepEqual(readText(made, 999).events, readText(made).events);
});

const WRONG = [
    ["", /empty/],
    [" \n", /empty/],
    ["hello", /no JSON/],
    ["{}", /no list called traceEvents/],
    ['{"traceEvents":7}', /no list called traceEvents/],
    ['{"events":[{"traceEvents":1}]}', /no list called traceEvents/],
    ['{"traceEvents":[{"a":1}', /cut short.* 1 whole/],
    ['{"traceEvents":[{"a":1},{"b":', /cut short.* 1 whole/],
    ['{"traceEvents":[{"a" 1}]}', /no JSON: behind event 0/],
    ['{"traceEvents":[{"a":1}}]}', /bracket too many/],
    ['{"traceEvents":[]', /no JSON: behind the events/],
    ['{"traceEvents":[],', /no JSON: behind the events/],
    [`${"\0".repeat(16)}!USTRACE${"\0".repeat(40)}`, /trace convert --chrome/],
];

for (const [text, words] of WRONG) {
    test(`a wrong file gets words: ${JSON.stringify(text.slice(0, 40))}`, () => {
        for (const size of [1, 5, 1000]) {
            assert.throws(() => readText(text, size), (error) =>
                error instanceof TraceError && words.test(error.message));
        }
    });
}

test("events that are none get words", () => {
    for (const event of [span("1", 1), span(1, -1), span(1), span(NaN, 1)]) {
        assert.throws(() => traceOf([event]), /Event 0 of this trace has no sound/);
    }
    for (const events of [[], [null, 7, "x"], [{ ph: "M", name: "process_name" }]]) {
        assert.throws(() => traceOf(events), /no events/);
    }
});

test("arguments are read back as they were", () => {
    const args = { n: 7, hex: "0xffffffff80001234", zero: "0x0", padded: "0x00ff", odd: "0xABC",
        long: "0x12345678123456789", big: 2 ** 40 + 5, negative: -2, half: 0.5, no: false,
        nothing: null, text: "a\tb\n", list: [1, { x: "0x1" }] };
    const trace = traceOf([span(0, 1, { args }), span(2, 1), span(4, 1, { args: { n: "8" } })]);
    assert.deepEqual([0, 1, 2].map((at) => readArgs(trace, at)), [args, {}, { n: "8" }]);
});

test("lanes: harts first, then VMs in their order; spans nest, marks apart", () => {
    const label = (name, pid, tid, args) => ({ ph: "M", ts: 0, name, pid, tid, args });
    const trace = traceOf([
        span(10, 20, { pid: 103 }),
        span(12, 3, { pid: 103, name: "inner" }),
        span(15, 2, { pid: 103, name: "inner" }),
        { ph: "i", pid: 103, tid: 0, ts: 11, name: "mark", cat: "sched" },
        span(5, 1, { pid: 102, tid: 1 }),
        span(4, 1, { pid: 1, tid: 0, name: "b/0" }),
        label("process_name", 103, 0, { name: "a" }),
        label("process_sort_index", 103, 0, { sort_index: 5 }),
        label("thread_name", 102, 1, { name: "vCPU one" }),
    ]);
    assert.deepEqual(trace.lanes, [
        { isHart: true, owner: "harts", name: "hart 0" },
        { isHart: false, owner: "a", name: "vCPU 0" },
        { isHart: false, owner: "process 102", name: "vCPU one" },
    ]);
    assert.deepEqual(trace.tracks.map(({ lane, depth, isMark, count }) =>
        [lane, depth, isMark, count]), [
        [0, 0, false, 1], [1, 0, false, 1], [1, 1, false, 2], [1, 0, true, 1], [2, 0, false, 1],
    ]);
    assert.deepEqual([...trace.start], [0, 6000, 8000, 11000, 7000, 1000]);
    assert.equal(trace.meta.end, 26000);
});

test("spans of a track never overlap, whatever the file says", () => {
    let state = 1;
    const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
    const events = Array.from({ length: 2000 }, () => span(random() * 1000, random() ** 4 * 90));
    const trace = traceOf(events);
    assert.equal(trace.tracks.reduce((sum, { count }) => sum + count, 0), 2000);
    for (const { first, count } of trace.tracks) {
        for (let at = first + 1; at < first + count; at++) {
            assert.ok(trace.start[at - 1] + trace.duration[at - 1] <= trace.start[at]);
        }
    }
});

test("harts are coloured by VM or, of one VM, by vCPU", () => {
    const stays = (...names) => traceOf(names.map((name, at) =>
        span(10 * at, 5, { pid: 1, name, cat: "hart" })));
    const two = stays("b/1", "a/0", "b/0", "idle");
    assert.deepEqual([...two.group], [12, 11, 12, 10]);
    assert.deepEqual(two.meta.stays, ["a", "b"]);
    const one = stays("a/1", "a/0", "a/1", "idle");
    assert.deepEqual([...one.group], [12, 11, 12, 10]);
    assert.deepEqual(one.meta.stays, ["a/0", "a/1"]);
});

test("an arrow needs both ends", () => {
    const end = (ph, id, tid, ts) => ({ ph, id, pid: 101, tid, ts, cat: "request", name: "asks" });
    const trace = traceOf([span(0, 50), span(0, 50, { tid: 1 }), end("s", 1, 0, 10),
        end("s", 2, 1, 5), end("f", 1, 1, 12), end("f", 2, 0, 6), end("s", 3, 0, 7),
        end("f", 4, 0, 7)]);
    assert.deepEqual([...trace.flowFrom], [5000, 10000]);
    assert.deepEqual([...trace.flowTo], [6000, 12000]);
    assert.deepEqual([...trace.flowFromLane], [1, 0]);
    assert.deepEqual([...trace.flowToLane], [0, 1]);
    assert.equal(trace.meta.leftOut, 2);
});

test("causes have their groups", () => {
    const groups = ["0xa", "0x15", "0x17", "0x14", "0x16", "0x2", "0xd", "0x8000000000000005",
        "0x8000000000000001", "0x8000000000000009", "0x800000000000000c"]
        .map((scause) => groupOf("exit", { scause }));
    assert.deepEqual(groups, [1, 2, 2, 2, 3, 7, 7, 4, 5, 6, 6]);
    assert.deepEqual([groupOf("guest", {}), groupOf("sched", {}), groupOf("?", {})], [0, 8, 9]);
});

test("what is packed is unpacked, the late part later", async () => {
    const trace = traceOf([...traceEvents(3000)].flat());
    const texts = packTrace(trace);
    assert.ok(!/[<>&]/.test(texts.first + texts.late) && !texts.head.includes("<"));
    const back = await unpackTrace((name) => texts[name]);
    assert.equal(back.pool, undefined);
    await back.late();
    const { late, ...rest } = back;
    assert.deepEqual(rest, trace);
    const other = texts.head.replace('"version":1', '"version":2');
    await assert.rejects(unpackTrace(() => other), /version 2/);
});

/* The sums of pieces(), made the slow way. */
function slowPieces(trace, shown, track, from, to, width) {
    const { first, count, isMark } = trace.tracks[track];
    const sums = new Map();
    for (let at = first; at < first + count; at++) {
        for (let piece = 0; shown[at] && piece < width; piece++) {
            const [low, high] = [piece, piece + 1].map((n) => from + (n * (to - from)) / width);
            const begin = trace.start[at];
            const end = begin + trace.duration[at];
            if (isMark ? begin >= low && begin < high : begin < high && end > low) {
                const sum = sums.get(piece) ?? { time: 0, count: new Array(GROUP_COUNT).fill(0) };
                sum.time += Math.min(end, high) - Math.max(begin, low);
                sum.count[trace.group[at]]++;
                sums.set(piece, sum);
            }
        }
    }
    return sums;
}

test("sums of any piece are the sums of its events", () => {
    const trace = traceOf([...traceEvents(6000)].flat());
    const filter = { ...openFilter(), hiddenGroups: new Set([2]), atLeast: 500 };
    for (const shown of [shownEvents(trace, openFilter()), shownEvents(trace, filter)]) {
        const summary = new Summary(trace, shown);
        const none = new Array(GROUP_COUNT).fill(0);
        const views = [[0, trace.meta.end, 7], [-5e6, 3e6, 50], [1e6, 1.2e6, 9]];
        for (const [from, to, width] of views) {
            trace.tracks.forEach((_, track) => {
                const slow = slowPieces(trace, shown, track, from, to, width);
                let seen = 0;
                summary.pieces(track, from, to, width, (piece, sum) => {
                    const wanted = slow.get(piece) ?? { time: 0, count: none };
                    assert.deepEqual([...sum.count], wanted.count);
                    assert.ok(Math.abs(sum.time.reduce((a, b) => a + b) - wanted.time) < 1e-3);
                    seen += slow.has(piece) ? 1 : 0;
                });
                assert.equal(seen, slow.size);
            });
        }
    }
});

test("events are counted where they begin", () => {
    const trace = traceOf([...traceEvents(5000)].flat());
    const summary = new Summary(trace, shownEvents(trace, openFilter()));
    const total = trace.tracks.map((track, number) => {
        let sum = 0;
        summary.starts(number, 0, trace.meta.end + 1, 33, (_, { count }) => {
            sum += count.reduce((a, b) => a + b);
        });
        return sum;
    });
    assert.deepEqual(total, trace.tracks.map(({ count }) => count));
});

test("searches find the first place", () => {
    const times = Float64Array.of(1, 3, 3, 3, 8, 9);
    for (let time = 0; time <= 10; time++) {
        const wanted = [...times, Infinity].findIndex((each) => each >= time);
        assert.equal(lowerBound(times, 0, 6, time), wanted);
        for (let low = 0; low <= wanted; low++) {
            assert.equal(lowerBoundNear(times, low, 6, time), wanted);
        }
    }
    const trace = traceOf([span(0, 10), span(20, 10)]);
    const [track] = trace.tracks;
    assert.deepEqual([-1, 5e3, 10e3, 15e3, 25e3, 30e3].map((t) => firstBehind(trace, track, t)),
        [0, 0, 1, 1, 1, 2]);
});

test("filters", () => {
    const trace = traceOf([...traceEvents(4000)].flat());
    const count = (change) => shownEvents(trace, { ...openFilter(), ...change })
        .reduce((sum, each) => sum + each, 0);
    const ofTrace = (test_) => [...trace.start.keys()].filter(test_).length;
    const name = trace.names.indexOf(MARKED.name);
    assert.equal(count({}), trace.start.length);
    assert.equal(count({ hiddenNames: new Set([name]) }), ofTrace((at) => trace.name[at] !== name));
    assert.equal(count({ atLeast: 3000 }), ofTrace((at) => trace.duration[at] >= 3000));
    assert.equal(count({ text: MARKED.sepc }), 1);
    assert.equal(count({ text: BigInt(MARKED.a0).toString() }), 1);
    assert.equal(count({ text: " SET_timer " }), ofTrace((at) => trace.name[at] === name));
    const linux = trace.tracks.filter(({ lane }) => trace.lanes[lane].owner === "linux")
        .reduce((sum, track) => sum + track.count, 0);
    const stays = ofTrace((at) => /^linux\/\d$/.test(trace.names[trace.name[at]]));
    assert.equal(count({ hiddenOwners: new Set(["linux"]) }), trace.start.length - linux - stays);
    assert.equal(count({ text: "no such thing" }), 0);
});

test("numbers for people", () => {
    assert.deepEqual([0, 12, 1500, 2.5e6, 3e9].map((n) => formatTime(n)),
        ["0 ns", "12 ns", "1.5 µs", "2.5 ms", "3 s"]);
    assert.equal(formatPoint(1203400000, 1e5), "1.2034 s");
    assert.equal(formatCount(1234567), "1\u202f234\u202f567");
});

test("the view keeps the point under the pointer, and ends at the trace", () => {
    const view = new View(1e9, 100);
    view.width = 1000;
    view.showAll();
    const time = view.time(700);
    for (let n = 0; n < 20; n++) {
        view.zoom(0.7, 700);
        assert.ok(Math.abs(view.time(700) - time) < view.span * 1e-6);
    }
    for (let n = 0; n < 200; n++) {
        view.zoom(0.5, 900);
    }
    assert.equal(view.span, 20);
    view.pan(-1e12);
    assert.ok(view.from >= -0.02e9 - 1);
    view.zoom(1e12);
    assert.ok(view.span <= 1.04e9 + 1 && view.to <= 1.02e9 + 1);
});
