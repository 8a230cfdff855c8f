/* SPDX-License-Identifier: BSD-2-Clause */
/* Arrows from the lane of who asks to the lane of who is asked: IPIs, fences and kicks. */

import { lowerBound } from "../data/summary.js";

const MOST = 400; /* more arrows in sight would hide the lanes */
const HEAD = 5;
const REACH = 2000; /* arrows that begin before what is in sight are looked for so far back */

/* The numbers of the arrows in sight, or nothing where they are too many. */
function arrowsInSight(scene) {
    const { trace, view } = scene;
    const count = trace.flowFrom.length;
    const begin = lowerBound(trace.flowFrom, 0, count, view.from);
    const end = lowerBound(trace.flowFrom, begin, count, view.to);
    if (end - begin > MOST) {
        return [];
    }
    const found = [];
    for (let flow = Math.max(0, begin - REACH); flow < end; flow++) {
        if (trace.flowTo[flow] >= view.from) {
            found.push(flow);
        }
    }
    return found.length > MOST ? [] : found;
}

function paintArrow(context, x0, y0, x1, y1) {
    const bend = Math.max(12, Math.abs(x1 - x0) / 3);
    const down = y1 >= y0 ? 1 : -1;
    context.beginPath();
    context.moveTo(x0, y0);
    context.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1 - HEAD, y1);
    context.stroke();
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x1 - HEAD - 1, y1 - HEAD * 0.6 * down);
    context.lineTo(x1 - HEAD - 1, y1 + HEAD * 0.6 * down);
    context.fill();
}

/* `origin`: where the lanes' y = 0 lies. */
export function paintArrows(context, scene, origin) {
    const { trace, view, theme, layout } = scene;
    if (scene.hideArrows) {
        return;
    }
    const middle = new Map(layout.rows.map((row) => [row.lane, row.y + 12 + origin]));
    context.strokeStyle = theme.arrow;
    context.fillStyle = theme.arrow;
    context.lineWidth = 1.3;
    for (const flow of arrowsInSight(scene)) {
        const y0 = middle.get(trace.flowFromLane[flow]);
        const y1 = middle.get(trace.flowToLane[flow]);
        if (y0 !== undefined && y1 !== undefined) {
            paintArrow(context, view.x(trace.flowFrom[flow]), y0, view.x(trace.flowTo[flow]), y1);
        }
    }
}
