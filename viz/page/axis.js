/* SPDX-License-Identifier: BSD-2-Clause */
/* The axis of time above the lanes, and its lines behind them. */

import { formatPoint } from "./format.js";

export const AXIS_HEIGHT = 24;
const APART = 110; /* pixels between two lines, at least */

/* 1, 2 or 5 times a power of ten, not below `least`. */
function roundStep(least) {
    const power = 10 ** Math.floor(Math.log10(least));
    return power * ([1, 2, 5].find((digit) => digit * power >= least) ?? 10);
}

/* The points in time that get a line. */
function ticksOf(view) {
    const step = roundStep((view.span / view.width) * APART);
    const ticks = [];
    for (let n = Math.ceil(view.from / step); n * step <= view.to; n++) {
        ticks.push(n * step);
    }
    return { ticks, step };
}

export function paintAxis(context, view, theme, height) {
    const { ticks, step } = ticksOf(view);
    context.font = "11px system-ui, 'DejaVu Sans', sans-serif";
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (const tick of ticks) {
        const x = Math.round(view.x(tick));
        context.fillStyle = theme.line;
        context.fillRect(x, AXIS_HEIGHT - 6, 1, height);
        context.fillStyle = theme.soft;
        context.fillText(tick === 0 ? "0" : formatPoint(tick, step), x + 4, AXIS_HEIGHT / 2);
    }
}
