/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a guest address became a physical one, step by step: both stages, with the G-stage's own
 * walk to each of the guest's tables. The page holds walks that `ctl walk` answered while the
 * machine was still there (docs/MONITOR.md), by VM and by page.
 */

import { element } from "./element.js";

const PAGE = 12n; /* bits within a page */
const KEYS = ["stval", "sepc", "pc"]; /* of an event, what is a guest's virtual address */

const pageOf = (address) => `0x${(BigInt(address) >> PAGE).toString(16)}`;

/* {key, address, walk} of the first of the event's addresses for which there is a walk. */
export function findWalk(walks, owner, args) {
    const ofVm = Object.hasOwn(walks, owner) ? walks[owner] : {};
    for (const key of KEYS) {
        const address = args[key];
        if (/^0x[0-9a-f]+$/.test(address) && Object.hasOwn(ofVm, pageOf(address))) {
            return { key, address, walk: ofVm[pageOf(address)] };
        }
    }
    return null;
}

function stepsOf(stage, entries, isInner = false) {
    return entries.map((entry) => ({ stage, isInner, ...entry }));
}

/* Every table entry that was read, in that order: {stage, isInner, level, index, ..., bits}. */
function walkSteps(walk) {
    const inner = walk.table_walks ?? [];
    const guest = (walk.vs_stage ?? []).flatMap((entry) => [
        ...stepsOf("G", inner.filter((each) => each.of_level === entry.level), true),
        ...stepsOf("VS", [entry]),
    ]);
    return [...guest, ...stepsOf("G", walk.g_stage ?? [])];
}

/* Where it led, in words. */
function walkEnd(walk) {
    if (walk.vs_end !== undefined && walk.vs_end !== "done") {
        return `VS-stage: ${walk.vs_end}`;
    }
    if (walk.g_end !== undefined && walk.g_end !== "done") {
        return `G-stage: ${walk.g_end}`;
    }
    return `${walk.hpa}: ${walk.rights} for ${walk.whose}`;
}

function stepRow({ stage, isInner, level, index, entry_at: at, entry, bits }) {
    return element("tr", isInner ? { class: "inner" } : {},
        element("td", {}, `${stage} ${level}`),
        element("td", {}, `[${index}] at ${at}`),
        element("td", {}, entry, element("br"), bits));
}

/* The nodes that draw it. */
export function walkNodes({ key, address, walk }) {
    return [
        element("h3", {}, `Walk of the page of ${key}, ${address}`),
        element("p", { class: "source" }, "as the tables stood when the recording ended"),
        element("table", { class: "walk" }, ...walkSteps(walk).map(stepRow)),
        element("p", {}, [walk.gpa ? `gpa ${walk.gpa}` : "", walkEnd(walk)]
            .filter(Boolean).join(" → ")),
    ];
}
