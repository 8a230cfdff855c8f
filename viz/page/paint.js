/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paints the lanes. A track with few events in sight is painted event by event, with their names;
 * one with many by columns_paint.js. A scene is {trace, summary, view, layout, theme, selected,
 * ratio, width, height}: what is to be seen, and sizes in CSS pixels, `ratio` of the device's each.
 */

import { firstBehind, lowerBound } from "../data/summary.js";
import { paintArrows } from "./arrows.js";
import { AXIS_HEIGHT, paintAxis } from "./axis.js";
import { paintColumns } from "./columns_paint.js";

const FEW = 0.5; /* events a pixel, at most */
const LETTER = 6.3; /* pixels, about */
const FONT = "11px system-ui, 'DejaVu Sans', sans-serif";

/* The events of `track` that are in sight, [low, high). */
export function inSight(scene, track) {
    const { trace, view } = scene;
    const { first, count, isMark } = trace.tracks[track];
    const low = isMark
        ? lowerBound(trace.start, first, first + count, view.from)
        : firstBehind(trace, trace.tracks[track], view.from);
    return [low, lowerBound(trace.start, low, first + count, view.to)];
}

/* `text`, or as much of it as `letters` allow. */
function shorten(text, letters) {
    return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}

function paintName(context, text, x, width, y, colour) {
    const letters = Math.floor((width - 6) / LETTER);
    if (letters < 3) {
        return;
    }
    context.fillStyle = colour;
    context.fillText(shorten(text, letters), x + 4, y);
}

function paintSpan(context, scene, event, place, y) {
    const { trace, view, theme } = scene;
    const from = Math.max(view.x(trace.start[event]), view.left - 2);
    const to = Math.min(view.x(trace.start[event] + trace.duration[event]), scene.width + 2);
    const width = Math.max(to - from - (to - from > 4 ? 1 : 0), 1);
    const group = trace.group[event];
    const isShown = scene.summary.shown[event];
    context.fillStyle = isShown ? theme.colours[group] : theme.line;
    context.fillRect(from, y, width, place.height - 1);
    if (!isShown) {
        return; /* where it is, without what it is */
    }
    const middle = y + place.height / 2;
    paintName(context, trace.names[trace.name[event]], from, width, middle, theme.letters[group]);
}

function paintMark(context, scene, event, place, y) {
    const { trace, view, theme } = scene;
    if (!scene.summary.shown[event]) {
        return;
    }
    const x = view.x(trace.start[event]);
    const half = place.height / 2 - 1;
    context.fillStyle = theme.colours[trace.group[event]];
    context.beginPath();
    context.moveTo(x, y + 1);
    context.lineTo(x + half, y + 2 * half);
    context.lineTo(x - half, y + 2 * half);
    context.fill();
}

function paintTrack(context, scene, place, y) {
    const { trace, view, ratio } = scene;
    const [low, high] = inSight(scene, place.track);
    if (high - low > view.width * FEW) {
        paintColumns(context, scene, place.track, {
            x: Math.round(view.left * ratio),
            y: Math.round(y * ratio),
            width: Math.max(1, Math.round(view.width * ratio)),
            height: Math.round((place.height - 1) * ratio),
        });
        return;
    }
    const paint = trace.tracks[place.track].isMark ? paintMark : paintSpan;
    for (let event = low; event < high; event++) {
        paint(context, scene, event, place, y);
    }
}

/* The place of an event: its lane's row, and the track in it; nothing if its lane is hidden. */
export function placeOf(scene, event) {
    for (const row of scene.layout.rows) {
        for (const place of row.tracks) {
            const { first, count } = scene.trace.tracks[place.track];
            if (event >= first && event < first + count) {
                return { row, place };
            }
        }
    }
    return {};
}

/* Where the lanes' y = 0 lies on the canvas. */
export function originOf(scene) {
    return AXIS_HEIGHT - scene.view.top;
}

function paintSelected(context, scene) {
    const { trace, view, theme, selected } = scene;
    const { place } = selected < 0 ? {} : placeOf(scene, selected);
    if (!place) {
        return;
    }
    const from = view.x(trace.start[selected]);
    const to = view.x(trace.start[selected] + trace.duration[selected]);
    const y = place.y + originOf(scene);
    context.strokeStyle = theme.text;
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(Math.round(from) + 0.5, AXIS_HEIGHT);
    context.lineTo(Math.round(from) + 0.5, scene.height);
    context.stroke();
    context.setLineDash([]);
    context.lineWidth = 2;
    context.strokeRect(from - 2, y - 1, Math.max(to - from, 3) + 3, place.height + 1);
}

function paintLabel(context, scene, row, y) {
    const { trace, theme, view } = scene;
    const lane = trace.lanes[row.lane];
    context.font = FONT;
    context.fillStyle = theme.soft;
    context.textAlign = "right";
    const letters = Math.floor((view.left - 24) / LETTER) - lane.name.length - 2;
    const owner = lane.isHart ? "" : shorten(lane.owner, letters);
    const width = context.measureText(lane.name).width;
    context.fillText(owner, view.left - 16 - width, y + 12);
    context.fillStyle = theme.text;
    context.fillText(lane.name, view.left - 10, y + 12);
}

/* All of it, once. */
export function paintScene(context, scene) {
    const { view, theme, layout, ratio } = scene;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = theme.back;
    context.fillRect(0, 0, scene.width, scene.height);
    const origin = originOf(scene);
    const rows = layout.rows.filter((row) =>
        row.y + row.height + origin > AXIS_HEIGHT && row.y + origin < scene.height);
    context.fillStyle = theme.lane;
    for (const row of rows) {
        context.fillRect(view.left, row.y + origin, view.width, row.height);
    }
    paintAxis(context, view, theme, scene.height);
    context.font = FONT;
    context.textBaseline = "middle";
    context.save();
    context.beginPath();
    context.rect(view.left, AXIS_HEIGHT, view.width, scene.height);
    context.clip();
    for (const row of rows) {
        row.tracks.forEach((place) => paintTrack(context, scene, place, place.y + origin));
    }
    paintArrows(context, scene, origin);
    paintSelected(context, scene);
    context.restore();
    context.fillStyle = theme.back;
    context.fillRect(0, 0, view.left, scene.height);
    rows.forEach((row) => paintLabel(context, scene, row, row.y + origin));
    if (view.top > 0) {
        context.fillStyle = theme.back;
        context.fillRect(0, 0, scene.width, AXIS_HEIGHT - 1);
        paintAxis(context, view, theme, 0);
    }
}
