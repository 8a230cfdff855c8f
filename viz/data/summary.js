/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sums over any piece of a track in a time that does not depend on how many events lie in it:
 * the sums up to every 64th event are kept, by group, of those events that the filter shows. That
 * is what lets a million events be drawn, pixel by pixel, while somebody zooms.
 */

import { GROUP_COUNT } from "./groups.js";

const BLOCK = 64; /* events between two sums that are kept */

/* The first place in [low, high) of the ascending `times` that is not below `time`; or high. */
export function lowerBound(times, low, high, time) {
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (times[middle] < time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* As lowerBound, in steps that double: quick where the answer is near `low`. */
export function lowerBoundNear(times, low, high, time) {
    let step = 1;
    while (low + step < high && times[low + step - 1] < time) {
        low += step;
        step *= 2;
    }
    return lowerBound(times, low, Math.min(low + step, high), time);
}

/* The first span of `track` that ends behind `time`. */
export function firstBehind(trace, track, time) {
    const { first, count } = track;
    const at = lowerBound(trace.start, first, first + count, time);
    const touches = at > first && trace.start[at - 1] + trace.duration[at - 1] > time;
    return touches ? at - 1 : at;
}

export class Summary {
    /* `shown` has a 1 for each event that the filter lets through. */
    constructor(trace, shown) {
        this.trace = trace;
        this.shown = shown;
        this.tracks = trace.tracks.map((track) => this.sums(track));
    }

    sums({ first, count }) {
        const { duration, group } = this.trace;
        const blocks = Math.floor(count / BLOCK) + 1;
        const times = new Float64Array(blocks * GROUP_COUNT);
        const counts = new Uint32Array(blocks * GROUP_COUNT);
        const time = new Float64Array(GROUP_COUNT);
        const number = new Uint32Array(GROUP_COUNT);
        for (let at = 0; at < count; at++) {
            if (at % BLOCK === 0) {
                times.set(time, (at / BLOCK) * GROUP_COUNT);
                counts.set(number, (at / BLOCK) * GROUP_COUNT);
            }
            if (this.shown[first + at]) {
                time[group[first + at]] += duration[first + at];
                number[group[first + at]]++;
            }
        }
        if (count % BLOCK === 0) {
            times.set(time, (count / BLOCK) * GROUP_COUNT);
            counts.set(number, (count / BLOCK) * GROUP_COUNT);
        }
        return { first, times, counts };
    }

    /* Adds the whole events [low, high) of track number `track` to `sum`, by group. */
    add(track, low, high, sum) {
        const { first, times, counts } = this.tracks[track];
        const block = Math.ceil((low - first) / BLOCK);
        const last = Math.floor((high - first) / BLOCK);
        if (last <= block) {
            this.addEach(low, high, sum);
            return;
        }
        this.addEach(low, first + block * BLOCK, sum);
        for (let group = 0; group < GROUP_COUNT; group++) {
            const from = block * GROUP_COUNT + group;
            const to = last * GROUP_COUNT + group;
            sum.time[group] += times[to] - times[from];
            sum.count[group] += counts[to] - counts[from];
        }
        this.addEach(first + last * BLOCK, high, sum);
    }

    addEach(low, high, sum) {
        for (let at = low; at < high; at++) {
            this.addPart(at, this.trace.duration[at], sum);
        }
    }

    /* Adds `time` of event `at`. */
    addPart(at, time, sum) {
        if (this.shown[at]) {
            sum.time[this.trace.group[at]] += time;
            sum.count[this.trace.group[at]]++;
        }
    }

    /*
     * Of `width` equal pieces of [from, to): calls `draw(piece, sum)` for each in which something
     * is, with the time covered and the events touched by group. `sum` is valid in the call only.
     */
    pieces(track, from, to, width, draw) {
        const { trace } = this;
        const { first, count, isMark } = trace.tracks[track];
        const sum = emptySum();
        const step = (to - from) / width;
        let low = isMark
            ? lowerBound(trace.start, first, first + count, from)
            : firstBehind(trace, trace.tracks[track], from);
        for (let piece = 0; piece < width && low < first + count; piece++) {
            const end = from + (piece + 1) * step;
            const high = lowerBoundNear(trace.start, low, first + count, end);
            if (high > low) {
                clearSum(sum);
                this.addClipped(track, low, high, end - step, end, sum);
                draw(piece, sum);
                const last = trace.start[high - 1] + trace.duration[high - 1];
                low = !isMark && last > end ? high - 1 : high;
            }
        }
    }

    /* As pieces(), with the events that begin in each piece. */
    starts(track, from, to, width, draw) {
        const { start, tracks } = this.trace;
        const { first, count } = tracks[track];
        const sum = emptySum();
        let low = lowerBound(start, first, first + count, from);
        for (let piece = 0; piece < width && low < first + count; piece++) {
            const end = from + ((piece + 1) * (to - from)) / width;
            const high = lowerBoundNear(start, low, first + count, end);
            if (high > low) {
                clearSum(sum);
                this.add(track, low, high, sum);
                draw(piece, sum);
                low = high;
            }
        }
    }

    /* The events [low, high), of which the first and the last may reach out of [from, to). */
    addClipped(track, low, high, from, to, sum) {
        const { start, duration } = this.trace;
        const clip = (at) => this.addPart(
            at,
            Math.max(0, Math.min(start[at] + duration[at], to) - Math.max(start[at], from)),
            sum,
        );
        clip(low);
        if (high - low > 1) {
            this.add(track, low + 1, high - 1, sum);
            clip(high - 1);
        }
    }
}

function emptySum() {
    return { time: new Float64Array(GROUP_COUNT), count: new Uint32Array(GROUP_COUNT) };
}

function clearSum(sum) {
    sum.time.fill(0);
    sum.count.fill(0);
}
