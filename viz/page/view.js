/* SPDX-License-Identifier: BSD-2-Clause */
/* The piece of time that is in sight, and where on the screen it lies. Times in nanoseconds. */

const SHORTEST = 20; /* nanoseconds in sight */
const MARGIN = 0.02; /* of what is in sight, beyond both ends of the trace */

export class View {
    /* `end`: of the trace, which begins at 0; `left`: the first pixel of the lanes. */
    constructor(end, left) {
        this.end = end;
        this.left = left;
        this.width = 1;
        this.top = 0; /* pixels of the lanes scrolled away */
        this.showAll();
    }

    get span() {
        return this.to - this.from;
    }

    x(time) {
        return this.left + ((time - this.from) / this.span) * this.width;
    }

    time(x) {
        return this.from + ((x - this.left) / this.width) * this.span;
    }

    showAll() {
        this.show(-MARGIN * this.end, (1 + MARGIN) * this.end);
    }

    /* Puts [from, to) in sight, as far as there is something. */
    show(from, to) {
        const longest = this.end * (1 + 2 * MARGIN);
        const span = Math.min(Math.max(to - from, SHORTEST), longest);
        const middle = (from + to) / 2;
        const least = Math.max(-MARGIN * this.end, -span / 2);
        const most = Math.max(this.end + MARGIN * this.end - span, least);
        this.from = Math.min(Math.max(middle - span / 2, least), most);
        this.to = this.from + span;
    }

    /* Shows `factor` times as much; what lies at `x` stays there. */
    zoom(factor, x = this.left + this.width / 2) {
        const part = Math.min(Math.max((x - this.left) / this.width, 0), 1);
        const time = this.from + part * this.span;
        const span = Math.max(this.span * factor, SHORTEST);
        this.show(time - part * span, time + (1 - part) * span);
    }

    /* Moves later by `part` of what is in sight. */
    pan(part) {
        this.show(this.from + part * this.span, this.to + part * this.span);
    }

    /* Brings [from, to) into sight, if it is not. */
    reveal(from, to) {
        const edge = this.from + this.span / 50;
        if (to < this.from || from > this.to || (from < this.from && to < edge)) {
            this.show((from + to - this.span) / 2, (from + to + this.span) / 2);
        }
    }
}
