/* SPDX-License-Identifier: BSD-2-Clause */
/* Which event lies where somebody points, and which is the next one. */

import { lowerBound } from "../data/summary.js";
import { rowAt } from "./layout.js";
import { originOf } from "./paint.js";

const NEAR = 6; /* pixels beside an event that still mean it */

/* The pixels between `x` and the event, 0 where it lies on it. */
function distance(scene, event, x) {
    const { trace, view } = scene;
    const from = view.x(trace.start[event]);
    const to = view.x(trace.start[event] + trace.duration[event]);
    return Math.max(from - x, x - to, 0);
}

/* The nearest shown event of `track` to time `time`, looking at most NEAR pixels away; or -1. */
function nearest(scene, track, x) {
    const { trace, view, summary } = scene;
    const { first, count } = trace.tracks[track];
    const middle = lowerBound(trace.start, first, first + count, view.time(x));
    let best = -1;
    const look = (event) => {
        const far = distance(scene, event, x);
        if (summary.shown[event] && (best < 0 || far < distance(scene, best, x))) {
            best = event;
        }
        return far <= NEAR;
    };
    for (let event = middle; event < first + count && look(event); event++) {
        if (best === event) {
            break;
        }
    }
    for (let event = middle - 1; event >= first && look(event); event--) {
        if (summary.shown[event]) {
            break;
        }
    }
    return best >= 0 && distance(scene, best, x) <= NEAR ? best : -1;
}

/* The event at a point of the canvas, or -1. */
export function eventAt(scene, x, y) {
    if (x < scene.view.left) {
        return -1;
    }
    const { row, place } = rowAt(scene.layout, y - originOf(scene));
    if (place) {
        return nearest(scene, place.track, x);
    }
    return row?.tracks.map(({ track }) => nearest(scene, track, x)).find((at) => at >= 0) ?? -1;
}

/* The tracks of a lane, as numbers. */
function tracksOfLane(trace, lane) {
    return [...trace.tracks.keys()].filter((track) => trace.tracks[track].lane === lane);
}

export function trackOf(trace, event) {
    return trace.tracks.findIndex(({ first, count }) => event >= first && event < first + count);
}

function seek(summary, event, low, high, step) {
    for (let at = event; at >= low && at < high; at += step) {
        if (summary.shown[at]) {
            return at;
        }
    }
    return -1;
}

/*
 * The next (step 1) or the previous (-1) shown event of a lane by time, after event `from` or,
 * where that is -1, from `time` on; or -1.
 */
export function neighbour(scene, lane, from, time, step) {
    const { trace, summary } = scene;
    const own = from < 0 ? -1 : trackOf(trace, from);
    const at = from < 0 ? time : trace.start[from];
    let best = -1;
    for (const track of tracksOfLane(trace, lane)) {
        const { first, count } = trace.tracks[track];
        /* Of events of equal time, those of later tracks come later. */
        const after = step > 0 && own >= 0 && track <= own || step < 0 && own >= 0 && track < own;
        const edge = lowerBound(trace.start, first, first + count, after ? at + 0.5 : at);
        const begin = track === own ? from + step : step > 0 ? edge : edge - 1;
        const found = seek(summary, begin, first, first + count, step);
        const better = found >= 0 && (best < 0
            || (trace.start[found] - trace.start[best]) * step < 0
            || (trace.start[found] === trace.start[best] && step < 0));
        best = better ? found : best;
    }
    return best;
}

/* The first shown event of any visible lane behind `time`, or -1. */
export function firstShown(scene, time) {
    const found = scene.layout.rows
        .map((row) => neighbour(scene, row.lane, -1, time, 1))
        .filter((event) => event >= 0);
    return found.reduce((best, event) =>
        (best < 0 || scene.trace.start[event] < scene.trace.start[best] ? event : best), -1);
}
