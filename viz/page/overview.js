/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The strip above the lanes: how many exits there were over the whole trace, and which part of it
 * is in sight. Its image is made anew only when the filter, the size or the colours change.
 */

import { GROUP_COUNT, isExit } from "../data/groups.js";

const PAD = 4;

/* Per piece and group, how many exits begin there, on all vCPUs. */
export function exitsOver(scene, from, to, pieces) {
    const counts = new Float64Array(pieces * GROUP_COUNT);
    scene.trace.tracks.forEach((track, number) => {
        if (track.isMark || scene.trace.lanes[track.lane].isHart) {
            return;
        }
        scene.summary.starts(number, from, to, pieces, (piece, sum) => {
            for (let group = 0; group < GROUP_COUNT; group++) {
                counts[piece * GROUP_COUNT + group] += isExit(group) ? sum.count[group] : 0;
            }
        });
    });
    return counts;
}

function paintImage(scene, width, height) {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    const counts = exitsOver(scene, 0, scene.view.end, width);
    const totals = new Float64Array(width);
    counts.forEach((count, at) => { totals[Math.floor(at / GROUP_COUNT)] += count; });
    const most = Math.max(1, ...totals);
    for (let x = 0; x < width; x++) {
        let y = height;
        for (let group = 0; group < GROUP_COUNT && totals[x] > 0; group++) {
            /* By the square root: a storm of exits must not hide everything else. */
            const share = counts[x * GROUP_COUNT + group] / Math.max(totals[x], 1);
            const high = share * Math.sqrt(totals[x] / most) * height;
            if (high > 0) {
                context.fillStyle = scene.theme.colours[group];
                context.fillRect(x, y - high, 1, high);
                y -= high;
            }
        }
    }
    return canvas;
}

export class Overview {
    constructor(canvas) {
        this.canvas = canvas;
        this.context = canvas.getContext("2d");
        this.image = null;
    }

    /* The image is out of date. */
    forget() {
        this.image = null;
    }

    /* Time at the strip's `x`, in CSS pixels. */
    time(x, view) {
        return ((x - view.left) / view.width) * view.end;
    }

    paint(scene) {
        const { view, theme, ratio } = scene;
        const { canvas, context } = this;
        const [width, height] = [canvas.clientWidth, canvas.clientHeight];
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
        const drawn = Math.max(1, Math.round(view.width));
        this.image ??= paintImage(scene, drawn, height - 2 * PAD);
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        context.fillStyle = theme.back;
        context.fillRect(0, 0, width, height);
        context.drawImage(this.image, view.left, PAD, view.width, height - 2 * PAD);
        const from = view.left + (Math.max(view.from, 0) / view.end) * view.width;
        const to = view.left + (Math.min(view.to, view.end) / view.end) * view.width;
        context.fillStyle = theme.back;
        context.globalAlpha = 0.6;
        context.fillRect(view.left, 0, from - view.left, height);
        context.fillRect(to, 0, width - to, height);
        context.globalAlpha = 1;
        context.strokeStyle = theme.accent;
        context.lineWidth = 2;
        context.strokeRect(from, 1, Math.max(to - from, 2), height - 2);
        context.fillStyle = theme.soft;
        context.font = "11px system-ui, 'DejaVu Sans', sans-serif";
        context.textAlign = "right";
        context.textBaseline = "middle";
        context.fillText("exits", view.left - 10, height / 2);
    }
}
