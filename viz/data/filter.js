/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which events are shown: a filter says which groups, categories, VMs and names are hidden, how
 * long a span must last, and what its text must contain.
 */

import { shapeFields } from "./args.js";

/* A filter that lets everything through. */
export function openFilter() {
    return {
        hiddenGroups: new Set(),
        hiddenCategories: new Set(),
        hiddenOwners: new Set(),
        hiddenNames: new Set(),
        atLeast: 0, /* nanoseconds */
        text: "",
    };
}

export function isOpen(filter) {
    return filter.hiddenGroups.size + filter.hiddenCategories.size + filter.hiddenOwners.size
        + filter.hiddenNames.size === 0 && filter.atLeast === 0 && filter.text === "";
}

/* A table with a 0 for each hidden number. */
function table(length, hidden) {
    return Uint8Array.from({ length }, (_, number) => (hidden(number) ? 0 : 1));
}

/* As [low, high] words, a number that people write as 0x80200000 or 42; else null. */
function numberOf(text) {
    if (!/^(0x[0-9a-f]{1,16}|\d{1,15})$/i.test(text)) {
        return null;
    }
    const value = BigInt(text);
    return [Number(value & 0xffffffffn), Number(value >> 32n)];
}

/*
 * Does one of the arguments match? Numbers are compared as they are, words by what they contain.
 * `false` until the arguments have come.
 */
function argumentMatcher(trace, text) {
    if (!trace.pool) {
        return () => false;
    }
    const number = numberOf(text);
    const strings = table(trace.strings.length, (at) =>
        !trace.strings[at].toLowerCase().includes(text));
    const shapes = trace.shapes.map((shape) =>
        shapeFields(shape).map(([, form]) => form === "S" || form === "J"));
    return (event) => {
        let at = trace.argsAt[event];
        for (const isWord of shapes[trace.shape[event]]) {
            const low = trace.pool[at];
            const high = trace.pool[at + 1];
            if (isWord ? strings[low] : number && low === number[0] && high === number[1]) {
                return true;
            }
            at += 2;
        }
        return false;
    };
}

function textMatcher(trace, text) {
    const names = table(trace.names.length, (name) =>
        !trace.names[name].toLowerCase().includes(text));
    const inArguments = argumentMatcher(trace, text);
    return (event) => names[trace.name[event]] === 1 || inArguments(event);
}

/* One byte for each event of `trace`: 1 where `filter` lets it through. */
export function shownEvents(trace, filter) {
    const shown = new Uint8Array(trace.start.length).fill(1);
    if (isOpen(filter)) {
        return shown;
    }
    const { group, category, name, duration } = trace;
    const groups = table(256, (number) => filter.hiddenGroups.has(number));
    const categories = table(256, (number) => filter.hiddenCategories.has(number));
    const names = table(trace.names.length, (number) => filter.hiddenNames.has(number));
    /* What a hart runs is called "VM/vCPU". */
    const ofShownVms = names.map((shownName, number) =>
        shownName & !filter.hiddenOwners.has(trace.names[number].replace(/\/[^/]*$/, "")));
    const text = filter.text.trim().toLowerCase();
    const matches = text === "" ? () => true : textMatcher(trace, text);
    for (const track of trace.tracks) {
        const { owner, isHart } = trace.lanes[track.lane];
        const lane = filter.hiddenOwners.has(owner) ? 0 : 1;
        const shownNames = isHart ? ofShownVms : names;
        for (let at = track.first; at < track.first + track.count; at++) {
            const plain = lane & groups[group[at]] & categories[category[at]];
            const isLong = duration[at] >= filter.atLeast;
            shown[at] = plain && shownNames[name[at]] && isLong && matches(at) ? 1 : 0;
        }
    }
    return shown;
}
