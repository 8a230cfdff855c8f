/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paints a track in which there are more events than pixels: column by column into an image, each
 * divided as its piece of time was. Takes a time that grows with the pixels, not with the events.
 */

import { GROUP_COUNT, GUEST, IDLE } from "../data/groups.js";

const FULL = 0.995; /* what covers so much of a column fills it */

let image = null; /* kept, since most tracks have the same size */

function imageOf(context, width, height) {
    if (image?.width !== width || image.height !== height) {
        image = context.createImageData(width, height);
    }
    return image;
}

function fill(words, width, x, from, to, pixel) {
    for (let y = from; y < to; y++) {
        words[y * width + x] = pixel;
    }
}

/* Spans: why the guest was left from above, the guest itself from below. */
function paintSpans(words, width, height, x, sum, step, pixels, least) {
    let y = 0;
    let covered = 0;
    for (let group = 0; group < GROUP_COUNT; group++) {
        covered += sum.time[group];
        if (sum.count[group] > 0 && group !== GUEST && group !== IDLE) {
            const share = Math.max(Math.round((sum.time[group] / step) * height), least);
            const end = Math.min(y + share, height);
            fill(words, width, x, y, end, pixels[group]);
            y = end;
        }
    }
    const quiet = sum.count[GUEST] > 0 ? GUEST : IDLE;
    const share = (sum.time[GUEST] + sum.time[IDLE]) / step;
    if (sum.count[quiet] > 0) {
        const rest = covered / step > FULL ? height - y : Math.round(share * height);
        fill(words, width, x, Math.max(y, height - rest), height, pixels[quiet]);
    }
}

/* Marks: the more, the higher, by powers of two. */
function paintMarks(words, width, height, x, sum, pixels) {
    const total = sum.count.reduce((all, count) => all + count, 0);
    if (total === 0) {
        return;
    }
    const high = Math.min(height, Math.ceil(height * (0.4 + 0.1 * Math.log2(total))));
    let y = height;
    let part = 0;
    for (let group = 0; group < GROUP_COUNT; group++) {
        part += sum.count[group];
        const end = height - Math.round((part / total) * high);
        fill(words, width, x, end, y, pixels[group]);
        y = end;
    }
}

/* `box`: where, in pixels of the device. */
export function paintColumns(context, scene, track, box) {
    const { view, summary, theme, ratio } = scene;
    const painted = imageOf(context, box.width, box.height);
    const words = new Uint32Array(painted.data.buffer);
    words.fill(theme.backPixel);
    const step = view.span / box.width;
    const { isMark } = scene.trace.tracks[track];
    const least = Math.max(1, Math.round(ratio));
    summary.pieces(track, view.from, view.to, box.width, (x, sum) => {
        if (isMark) {
            paintMarks(words, box.width, box.height, x, sum, theme.pixels);
        } else {
            paintSpans(words, box.width, box.height, x, sum, step, theme.pixels, least);
        }
    });
    context.putImageData(painted, box.x, box.y);
}
