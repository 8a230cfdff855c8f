/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page's state and its acts: what mouse, keys and controls may do. Every act changes state and
 * asks for a drawing; all drawing happens once a frame, in draw(). The plots are made anew when
 * nothing has moved for a moment.
 */

import { openFilter, shownEvents } from "../data/filter.js";
import { Summary } from "../data/summary.js";
import { AXIS_HEIGHT } from "./axis.js";
import { describe, shortWords, showEvent, showNothing } from "./details.js";
import { layoutOf } from "./layout.js";
import { paintScene, placeOf } from "./paint.js";
import { eventAt, firstShown, neighbour, trackOf } from "./pick.js";
import { systemTheme, themeOf } from "./theme.js";
import { View } from "./view.js";

const LABELS = 176; /* pixels, left of the lanes */
const SCROLLBAR = 14;
const REST = 150; /* milliseconds without a move, then the plots */

export class App {
    /* parts: {canvas, scroller, tip, event, spoken, overview, plots, explainer, dialog, search} */
    constructor(parts) {
        Object.assign(this, parts);
        this.context = this.canvas.getContext("2d", { alpha: false });
        this.filter = openFilter();
        this.theme = themeOf(systemTheme());
        this.trace = null;
        this.selected = -1;
        this.times = { draw: 0, plots: 0 }; /* milliseconds that the last one took */
        this.asked = false;
        this.onTheme = () => {};
        this.onReset = () => {};
    }

    /* Shows another trace. */
    open(trace) {
        this.trace = trace;
        this.selected = -1;
        this.filter = openFilter();
        this.view = new View(trace.meta.end, LABELS);
        showNothing(this.event);
        this.refilter();
    }

    /* The filter has changed: counts and drawings are out of date. */
    refilter() {
        this.shown = shownEvents(this.trace, this.filter);
        this.summary = new Summary(this.trace, this.shown);
        this.overview.forget();
        this.resize();
    }

    resize() {
        if (!this.trace) {
            return;
        }
        this.ratio = window.devicePixelRatio || 1;
        this.width = this.canvas.clientWidth;
        this.height = this.canvas.clientHeight;
        this.canvas.width = Math.round(this.width * this.ratio);
        this.canvas.height = Math.round(this.height * this.ratio);
        this.view.width = Math.max(this.width - LABELS - SCROLLBAR, 50);
        const { hiddenOwners } = this.filter;
        this.layout = layoutOf(this.trace, hiddenOwners, this.height - AXIS_HEIGHT);
        this.scroller.firstElementChild.style.height = `${this.layout.height + AXIS_HEIGHT}px`;
        this.overview.forget();
        this.ask();
    }

    /* Draws with the next frame, and the plots later. */
    ask() {
        clearTimeout(this.resting);
        this.resting = setTimeout(() => this.drawPlots(), REST);
        if (!this.asked) {
            this.asked = true;
            requestAnimationFrame(() => this.draw());
        }
    }

    draw() {
        const begin = performance.now();
        this.asked = false;
        paintScene(this.context, this);
        this.overview.paint(this);
        if (this.marked) {
            this.context.fillStyle = `${this.theme.accent}40`;
            this.context.fillRect(this.marked[0], 0, this.marked[1] - this.marked[0], this.height);
        }
        this.times.draw = performance.now() - begin;
        if (this.firstPaint === undefined) {
            this.firstPaint = null;
            setTimeout(() => { this.firstPaint = performance.now(); }); /* it is on the screen */
        }
    }

    drawPlots() {
        const begin = performance.now();
        this.plots.update(this);
        this.times.plots = performance.now() - begin;
    }

    zoom(factor, x) {
        this.view.zoom(factor, x);
        this.ask();
    }

    pan(part) {
        this.view.pan(part);
        this.ask();
    }

    /* Moves the lanes up by `pixels`; the scroll bar follows, and tells scrolled(). */
    scroll(pixels) {
        this.scroller.scrollTop += pixels;
    }

    scrolled() {
        this.view.top = this.scroller.scrollTop;
        this.ask();
    }

    showAll() {
        this.view.showAll();
        this.ask();
    }

    centre(time) {
        this.view.show(time - this.view.span / 2, time + this.view.span / 2);
        this.ask();
    }

    mark(from, to) {
        this.marked = [Math.min(from, to), Math.max(from, to)];
        this.ask();
    }

    showMarked(from, to) {
        this.marked = null;
        const times = [this.view.time(from), this.view.time(to)].sort((a, b) => a - b);
        this.view.show(times[0], times[1]);
        this.ask();
    }

    /* The pointer is at (x, y): names what lies there. */
    point(x, y) {
        const event = this.trace ? eventAt(this, x, y) : -1;
        this.tip.hidden = event < 0;
        if (event >= 0) {
            this.tip.textContent = shortWords(this, event);
            this.tip.style.left = `${Math.min(x + 12, this.width - 260)}px`;
            this.tip.style.top = `${Math.min(y + 16, this.height - 30)}px`;
        }
    }

    click(x, y) {
        this.canvas.focus();
        this.select(this.trace ? eventAt(this, x, y) : -1);
    }

    /* Selects event number `event`, or none (-1); its arguments may have to be waited for. */
    async select(event) {
        this.selected = event;
        this.ask();
        if (event < 0) {
            showNothing(this.event);
            return;
        }
        this.showSelected();
        if (!this.trace.pool) {
            await this.trace.whole;
            this.showSelected();
        }
    }

    showSelected() {
        if (this.selected < 0) {
            return;
        }
        const known = describe(this, this.explainer, this.selected);
        showEvent(this.event, known, this.explainer, {
            previous: () => this.step(-1),
            next: () => this.step(1),
            zoom: () => this.zoomToSelected(),
        });
        this.spoken.textContent = `${shortWords(this, this.selected)}, ${known.where}`;
    }

    /* Selects an event and brings it into sight; -1 does nothing. */
    goTo(event) {
        if (event < 0) {
            return;
        }
        const start = this.trace.start[event];
        this.view.reveal(start, start + this.trace.duration[event]);
        const { row } = placeOf(this, event);
        const bottom = this.view.top + this.height - AXIS_HEIGHT;
        if (row && (row.y < this.view.top || row.y + row.height > bottom)) {
            this.scroller.scrollTop = row.y - 40;
        }
        this.select(event);
    }

    get lane() {
        return this.trace.tracks[trackOf(this.trace, this.selected)].lane;
    }

    step(direction) {
        if (this.selected >= 0) {
            const at = this.trace.start[this.selected];
            this.goTo(neighbour(this, this.lane, this.selected, at, direction));
        } else {
            this.goTo(firstShown(this, this.view.from));
        }
    }

    stepLane(direction) {
        if (this.selected < 0) {
            this.step(1);
            return;
        }
        const { rows } = this.layout;
        let at = rows.findIndex((row) => row.lane === this.lane) + direction;
        for (let found = -1; found < 0 && rows[at]; at += direction) {
            found = neighbour(this, rows[at].lane, -1, this.trace.start[this.selected], 1);
            this.goTo(found);
        }
    }

    zoomToSelected() {
        if (this.selected >= 0) {
            const from = this.trace.start[this.selected];
            const lasts = Math.max(this.trace.duration[this.selected], 1000);
            this.view.show(from - lasts, from + 2 * lasts);
            this.ask();
        }
    }

    search() {
        this.search_.focus();
        this.search_.select();
    }

    /* The next event that the search shows, behind the selected one. */
    findNext() {
        const after = this.selected < 0 ? this.view.from : this.trace.start[this.selected] + 0.5;
        const found = firstShown(this, after);
        this.goTo(found >= 0 ? found : firstShown(this, 0));
    }

    /* Back from where people type. */
    leaveField() {
        this.canvas.focus();
    }

    switchTheme(name = this.theme.name === "dark" ? "light" : "dark") {
        this.theme = themeOf(name);
        this.onTheme(name);
        this.overview.forget();
        if (this.trace) {
            this.showSelected();
            this.ask();
        }
    }

    help() {
        this.dialog.showModal();
    }

    openFile() {
        this.picker.click();
    }
}
