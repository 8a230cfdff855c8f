/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sorts events into tracks: by lane, spans before marks, spans by the depth of their nesting, and
 * then by time. Within a track of spans, so, no two overlap, and starts and ends both ascend.
 */

/* Event numbers by bucket, as they came; `first` of each bucket, and of the end. */
function distribute(count, buckets, bucketOf) {
    const first = new Uint32Array(buckets + 1);
    for (let event = 0; event < count; event++) {
        first[bucketOf(event) + 1]++;
    }
    for (let bucket = 0; bucket < buckets; bucket++) {
        first[bucket + 1] += first[bucket];
    }
    const next = first.slice();
    const order = new Uint32Array(count);
    for (let event = 0; event < count; event++) {
        order[next[bucketOf(event)]++] = event;
    }
    return { order, first };
}

/* By time, outer events first; most files are sorted so already. */
function sortByTime(order, start, duration) {
    const compare = (a, b) => start[a] - start[b] || duration[b] - duration[a];
    for (let at = 1; at < order.length; at++) {
        if (compare(order[at - 1], order[at]) > 0) {
            order.sort(compare);
            return;
        }
    }
}

/* The depth of each event of `order`, which is sorted by time; the largest one. */
function measureDepth(order, start, duration, depth) {
    const ends = [];
    let deepest = 0;
    for (const event of order) {
        while (ends.length > 0 && ends[ends.length - 1] <= start[event]) {
            ends.pop();
        }
        depth[event] = ends.length;
        deepest = Math.max(deepest, depth[event]);
        ends.push(start[event] + duration[event]);
    }
    return deepest;
}

/*
 * `lane` and `isMark` of each event, `columns.start` and `columns.duration`: the tracks, and the
 * events in their order. A track is {lane, depth, isMark, first, count}; `first` in `order`.
 */
export function tracksOf(lanes, lane, isMark, columns) {
    const { start, duration } = columns;
    const { order, first } = distribute(lane.length, 2 * lanes, (e) => 2 * lane[e] + isMark[e]);
    const depth = new Uint16Array(lane.length);
    const tracks = [];
    for (let bucket = 0; bucket < 2 * lanes; bucket++) {
        const part = order.subarray(first[bucket], first[bucket + 1]);
        sortByTime(part, start, duration);
        const marks = bucket % 2 === 1;
        const deepest = marks ? 0 : measureDepth(part, start, duration, depth);
        const events = part.slice();
        const byDepth = distribute(part.length, deepest + 1, (at) => depth[events[at]]);
        for (let level = 0; level <= deepest; level++) {
            const begin = byDepth.first[level];
            const count = byDepth.first[level + 1] - begin;
            if (count > 0) {
                const track = { lane: bucket >> 1, depth: level, isMark: marks };
                tracks.push({ ...track, first: first[bucket] + begin, count });
            }
        }
        byDepth.order.forEach((at, place) => { part[place] = events[at]; });
    }
    return { tracks, order };
}
