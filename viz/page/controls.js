/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The legend and the filters: what people press there is written into the filter, and `changed`
 * is called. Nothing here draws events.
 */

import { FIRST_VM, GROUPS } from "../data/groups.js";
import { isOpen, openFilter } from "../data/filter.js";
import { element } from "./element.js";
import { formatCount } from "./format.js";

const MOST_NAMES = 40;
const MICROSECOND = 1000;

/* Adds or removes `value`. */
function toggle(set, value) {
    if (!set.delete(value)) {
        set.add(value);
    }
}

/* How many events have each value of `column`. */
function countsOf(column, length) {
    const counts = new Uint32Array(length);
    column.forEach((value) => { counts[value]++; });
    return counts;
}

/* The colours in use: [{group, name, colour, count}]. */
function legendEntries(trace, theme) {
    const counts = countsOf(trace.group, 256);
    const groups = GROUPS.map(({ name, words }, group) => ({ group, name, words }));
    const colours = theme.colours.length - FIRST_VM;
    const stays = trace.meta.stays.slice(0, colours).map((name, at) => {
        const others = trace.meta.stays.filter((_, other) => other > at && other % colours === at);
        const names = [name, ...others].join(", ");
        return { group: FIRST_VM + at, name: names, words: "what a hart runs" };
    });
    return [...groups, ...stays]
        .filter(({ group }) => counts[group] > 0)
        .map((entry) => ({
            ...entry, colour: theme.colours[entry.group], count: counts[entry.group],
        }));
}

export class Controls {
    /* `app` has filter; `changed` is called when it was changed here. */
    constructor(app, changed) {
        this.app = app;
        this.changed = changed;
        this.byId = (id) => document.getElementById(id);
        this.byId("least").addEventListener("input", (event) => this.change((filter) => {
            filter.atLeast = Math.max(0, Number(event.target.value) || 0) * MICROSECOND;
        }));
        this.byId("search").addEventListener("input", (event) => this.change((filter) => {
            filter.text = event.target.value;
        }));
        this.byId("reset").addEventListener("click", (event) => {
            event.preventDefault();
            this.reset();
        });
    }

    change(how) {
        how(this.app.filter);
        this.byId("reset").hidden = isOpen(this.app.filter);
        this.changed();
    }

    reset() {
        Object.assign(this.app.filter, openFilter());
        this.byId("search").value = "";
        this.byId("least").value = "0";
        this.show();
        this.change(() => {});
    }

    /* Makes everything anew, for another trace or theme. */
    show() {
        const { trace, filter } = this.app;
        const names = countsOf(trace.name, trace.names.length);
        const categories = countsOf(trace.category, trace.categories.length);
        this.showLegend();
        const owners = new Set(trace.lanes.map((lane) => lane.owner));
        this.showList("owners", filter.hiddenOwners,
            [...owners].map((owner) => [owner, owner, null]));
        this.showList("kinds", filter.hiddenCategories,
            trace.categories.map((name, number) => [number, name, categories[number]]));
        this.showList("names", filter.hiddenNames, trace.names
            .map((name, number) => [number, name, names[number]])
            .sort((a, b) => b[2] - a[2])
            .slice(0, MOST_NAMES));
    }

    /* entries: [value, words, count]. */
    showList(id, hidden, entries) {
        const rows = entries.map(([value, words, count]) => {
            const box = element("input", { type: "checkbox" });
            box.checked = !hidden.has(value);
            box.addEventListener("change", () => this.change(() => toggle(hidden, value)));
            const total = count === null ? null : element("output", {}, formatCount(count));
            return element("label", { title: words }, box, element("span", {}, words), total);
        });
        this.byId(id).replaceChildren(this.byId(id).firstElementChild, ...rows);
    }

    showLegend() {
        const { trace, theme, filter } = this.app;
        const buttons = legendEntries(trace, theme).map(({ group, name, words, colour, count }) => {
            const shown = !filter.hiddenGroups.has(group);
            const made = element("button", { title: words, "aria-pressed": String(shown) },
                element("span", { class: "swatch", style: `background:${colour}` }),
                name, element("output", {}, formatCount(count)));
            made.addEventListener("click", () => {
                toggle(filter.hiddenGroups, group);
                made.setAttribute("aria-pressed", String(!filter.hiddenGroups.has(group)));
                this.change(() => {});
            });
            return made;
        });
        this.byId("legend").replaceChildren(...buttons);
    }
}
