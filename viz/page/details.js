/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The panel that says what the selected event is: where and when, why in words, and its record,
 * with the fields of registers taken apart.
 */

import { readArgs } from "../data/args.js";
import { element } from "./element.js";
import { formatTime } from "./format.js";
import { trackOf } from "./pick.js";
import { findWalk, walkNodes } from "./walk.js";

const POINT_DIGITS = 12;

/* What is known of event `index`, as plain data. */
export function describe(scene, explainer, index) {
    const { trace } = scene;
    const track = trace.tracks[trackOf(trace, index)];
    const lane = trace.lanes[track.lane];
    const category = trace.categories[trace.category[index]];
    const args = trace.pool ? readArgs(trace, index) : {};
    return {
        name: trace.names[trace.name[index]],
        category,
        where: `${lane.owner} · ${lane.name}`,
        start: trace.start[index],
        duration: track.isMark ? null : trace.duration[index],
        args,
        sections: explainer.sections(category, args),
        walk: findWalk(explainer.walks, lane.owner, args),
        colour: scene.theme.colours[trace.group[index]],
    };
}

/* One line for a tip and for a screen reader. */
export function shortWords(scene, index) {
    const { trace } = scene;
    const track = trace.tracks[trackOf(trace, index)];
    const lasts = track.isMark ? "" : `, ${formatTime(trace.duration[index])}`;
    return `${trace.names[trace.name[index]]}${lasts}`;
}

function argumentRows(explainer, args, key) {
    const value = args[key];
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    const row = element("tr", {},
        element("td", {}, key), element("td", { class: "value" }, text));
    const fields = explainer.fields(key, text, args).map((field) =>
        element("tr", { class: "fields" },
            element("td", {}, `${field.name} = ${field.value}`), element("td", {}, field.words)));
    return [row, ...fields];
}

function sectionNodes({ title, lines, source }) {
    return [
        element("h3", {}, title),
        ...lines.filter(Boolean).map((line) => element("p", {}, line)),
        ...(source ? [element("p", { class: "source" }, source)] : []),
    ];
}

function timeRows({ start, duration }) {
    const rows = [["begins at", formatTime(start, POINT_DIGITS)]];
    if (duration !== null) {
        rows.push(["lasts", formatTime(duration, POINT_DIGITS)]);
    }
    return rows.map(([name, value]) => element("tr", {},
        element("td", {}, name), element("td", { class: "value" }, value)));
}

function button(label, title, act) {
    const made = element("button", { title }, label);
    made.addEventListener("click", act);
    return made;
}

/* Fills `box` with the event; `acts` has previous, next and zoom. */
export function showEvent(box, known, explainer, acts) {
    const swatch = element("span", { class: "swatch", style: `background:${known.colour}` });
    box.replaceChildren(
        element("h2", {}, swatch, " ", known.name),
        element("p", { class: "source" }, `${known.where} · ${known.category}`),
        element("div", { class: "steps" },
            button("‹ previous", "p", acts.previous), button("next ›", "n", acts.next),
            button("zoom to it", "f", acts.zoom)),
        element("table", {}, ...timeRows(known)),
        ...known.sections.flatMap(sectionNodes),
        element("h3", {}, "Record"),
        element("table", {}, ...Object.keys(known.args)
            .flatMap((key) => argumentRows(explainer, known.args, key))),
        ...(known.walk ? walkNodes(known.walk) : []),
    );
}

export function showNothing(box) {
    box.replaceChildren(
        element("h2", {}, "No event selected"),
        element("p", { class: "empty" },
            "Click one on a lane, or press n for the next. ? lists the keys."),
    );
}
