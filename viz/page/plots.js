/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two plots below the lanes, of what is in sight and shown: exits per second by group, and how
 * long exits took. uPlot draws them; it is part of the page.
 */

import { GROUPS, GROUP_COUNT, isExit } from "../data/groups.js";
import { formatCount, formatPoint, formatShort, formatTime } from "./format.js";
import { exitsOver } from "./overview.js";
import { inSight } from "./paint.js";

const BIN_PIXELS = 5;
const PER_DECADE = 5; /* bins of the histogram */
const HEIGHT = 150;
const SECOND = 1e9;

/* The exits' durations in sight, ascending. */
function durationsInSight(scene) {
    const { trace, summary } = scene;
    const found = [];
    trace.tracks.forEach((track, number) => {
        if (track.isMark || trace.lanes[track.lane].isHart) {
            return;
        }
        const [low, high] = inSight(scene, number);
        const part = new Float64Array(high - low);
        let count = 0;
        for (let at = low; at < high; at++) {
            if (summary.shown[at] && isExit(trace.group[at])) {
                part[count++] = trace.duration[at];
            }
        }
        found.push(part.subarray(0, count));
    });
    const all = new Float64Array(found.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of found) {
        all.set(part, at);
        at += part.length;
    }
    return all.sort();
}

/* [lower edges, counts] of bins that are equally wide on a logarithmic axis. */
function histogram(durations) {
    const bin = (time) => Math.floor(Math.log10(Math.max(time, 1)) * PER_DECADE + 1e-9);
    const first = durations.length > 0 ? bin(durations[0]) - 1 : 0;
    const last = durations.length > 0 ? bin(durations[durations.length - 1]) + 1 : 1;
    const counts = new Array(last - first + 1).fill(0);
    durations.forEach((time) => { counts[bin(time) - first]++; });
    return [counts.map((_, at) => 10 ** ((first + at) / PER_DECADE)), counts];
}

/* The value below which `part` of the ascending `values` lie. */
function percentile(values, part) {
    return values[Math.min(values.length - 1, Math.floor(values.length * part))];
}

function axis(theme, more) {
    return {
        stroke: theme.soft,
        grid: { stroke: theme.line, width: 1 },
        ticks: { stroke: theme.line, width: 1 },
        font: "11px system-ui, 'DejaVu Sans', sans-serif",
        ...more,
    };
}

/* A vertical axis from zero. */
const fromZero = { range: (_, low, high) => [0, Math.max(high, 1)] };

function rateOptions(theme, groups, width) {
    return {
        width,
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, drag: { setScale: false } },
        scales: { x: { time: false }, y: fromZero },
        axes: [
            axis(theme, { space: 90, values: (_, splits) => splits.map((at) =>
                formatPoint(at, splits[1] - splits[0] || 1)) }),
            axis(theme, { size: 54, values: (_, splits) => splits.map(formatShort) }),
        ],
        series: [{}, ...groups.map((group) => ({
            label: GROUPS[group].name,
            stroke: theme.colours[group],
            width: 1.6,
            points: { show: false },
        }))],
    };
}

function latencyOptions(theme, width) {
    return {
        width,
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, drag: { setScale: false } },
        scales: { x: { time: false, distr: 3 }, y: fromZero },
        axes: [
            axis(theme, { values: (_, splits) => splits.map((at) =>
                (at === null || Math.log10(at) % 1 ? "" : formatTime(at, 2))) }),
            axis(theme, { size: 54, values: (_, splits) => splits.map(formatShort) }),
        ],
        series: [{}, {
            stroke: theme.accent,
            fill: `${theme.accent}80`,
            paths: uPlot.paths.bars({ size: [0.9, 60], align: 1 }),
            points: { show: false },
        }],
    };
}

export class Plots {
    /* Elements: where the plots go, and the words beside the histogram's heading. */
    constructor(rate, latency, words) {
        this.boxes = { rate, latency };
        this.words = words;
        this.plots = {};
    }

    draw(name, options, data) {
        const box = this.boxes[name];
        this.plots[name]?.destroy();
        this.plots[name] = new uPlot(options(Math.max(box.clientWidth, 100)), data, box);
    }

    /* Makes both anew from the scene. */
    update(scene) {
        this.updateRate(scene);
        this.updateLatency(scene);
    }

    updateRate(scene) {
        const { view, theme } = scene;
        const bins = Math.max(10, Math.floor(this.boxes.rate.clientWidth / BIN_PIXELS));
        const counts = exitsOver(scene, view.from, view.to, bins);
        const width = view.span / bins;
        const times = Array.from({ length: bins }, (_, bin) => view.from + (bin + 0.5) * width);
        const rate = (group) => times.map((_, bin) =>
            (counts[bin * GROUP_COUNT + group] / width) * SECOND);
        const groups = [...GROUPS.keys()].filter((group) =>
            times.some((_, bin) => counts[bin * GROUP_COUNT + group] > 0));
        this.rates = { times, groups, counts };
        this.draw("rate", (wide) => rateOptions(theme, groups, wide), [times, ...groups.map(rate)]);
    }

    updateLatency(scene) {
        const durations = durationsInSight(scene);
        this.words.textContent = durations.length === 0 ? "none in sight" : [
            `${formatCount(durations.length)} in sight`,
            `median ${formatTime(percentile(durations, 0.5), 3)}`,
            `99 %: ${formatTime(percentile(durations, 0.99), 3)}`,
            `longest ${formatTime(durations[durations.length - 1], 3)}`,
        ].join(" · ");
        this.draw("latency", (wide) => latencyOptions(scene.theme, wide), histogram(durations));
    }
}
