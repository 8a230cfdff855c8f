/* SPDX-License-Identifier: BSD-2-Clause */
/* Which lane and which track lies at which height, in pixels from the top of the first lane. */

const MAIN = 24; /* a lane's spans, at least */
const TALLEST = 44;
const NESTED = 14; /* spans within spans */
const MARKS = 12;
const GAP = 8;
const OWNER_GAP = 10; /* more, before another VM */
const DEEPEST = 4; /* what lies deeper is not drawn */

function trackHeight(track, main) {
    return track.isMark ? MARKS : track.depth === 0 ? main : NESTED;
}

function rowsOf(trace, hiddenOwners, main) {
    const rows = [];
    let y = GAP;
    let owner = null;
    trace.lanes.forEach((lane, number) => {
        if (hiddenOwners.has(lane.owner)) {
            return;
        }
        y += owner !== null && owner !== lane.owner ? OWNER_GAP : 0;
        owner = lane.owner;
        const row = { lane: number, y, height: 0, tracks: [] };
        trace.tracks.forEach((track, at) => {
            if (track.lane === number && track.depth < DEEPEST) {
                const height = trackHeight(track, main);
                row.tracks.push({ track: at, y: y + row.height, height });
                row.height += height;
            }
        });
        row.height = Math.max(row.height, MAIN);
        y += row.height + GAP;
        rows.push(row);
    });
    return { rows, height: y };
}

/*
 * {rows, height}; a row is {lane, y, height, tracks: [{track, y, height}]}, `track` a number. Lanes
 * are the taller the fewer there are, to fill `height`.
 */
export function layoutOf(trace, hiddenOwners, height) {
    const least = rowsOf(trace, hiddenOwners, MAIN);
    const more = Math.floor((height - least.height) / Math.max(least.rows.length, 1));
    const main = Math.min(Math.max(MAIN + more, MAIN), TALLEST);
    return main > MAIN ? rowsOf(trace, hiddenOwners, main) : least;
}

/* The row and the track at height `y`, {row, place}; place is undefined between tracks. */
export function rowAt(layout, y) {
    const covers = (each, more) => y >= each.y - more && y < each.y + each.height + more;
    const row = layout.rows.find((each) => covers(each, GAP / 2));
    const place = row?.tracks.find((each) => covers(each, 0));
    return { row, place };
}
