/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a trace in Chrome's Trace Event Format piece by piece, so that a file of any size needs
 * no more memory than its largest piece: finds where each event ends, and lets JSON.parse read
 * many at once. What the events mean is columns.js' affair, which comes next.
 */

/* What is wrong with a file, in words for people. */
export class TraceError extends Error {}

/* How a file of records begins (hyp/trace/record.h). */
const RECORD = 64;
const RECORD_MAGIC = "USTRACE";

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN = 91; /* [ */
const BACKSLASH = 92;
const CLOSE = 93; /* ] */
const BEGIN = 123; /* { */
const END = 125; /* } */

/* The value of `text`, named in the error as `what`. */
function parse(text, what) {
    try {
        return JSON.parse(text);
    } catch (error) {
        const why = error.message.replace(/\s+/g, " ");
        throw new TraceError(`This file is no JSON: ${what}: ${why}`);
    }
}

export class EventReader {
    /* `take` is called with arrays of events, in the order of the file. */
    constructor(take) {
        this.take = take;
        this.text = ""; /* what is not yet done with */
        this.at = 0; /* how far `text` was looked at */
        this.depth = 0;
        this.inString = -1; /* where the string began that we are in */
        this.word = ""; /* the last string at depth 1, which may be a key */
        this.key = "";
        this.state = "before"; /* the events, or in them, "after" them, or all is "wrong" */
        this.isDone = false; /* after or wrong: the rest is only collected */
        this.head = ""; /* what stands before the events, and after them */
        this.done = 0; /* the end of the last whole event */
        this.count = 0;
    }

    /* The next piece of the file's text. */
    feed(piece) {
        this.text += piece;
        while (this.at < this.text.length && !this.isDone) {
            this.step();
        }
        if (this.state === "wrong" && this.text.length >= RECORD) {
            this.complain();
        } else if (this.state === "events") {
            this.flush(this.done);
        } else if (this.state === "after") {
            this.head += this.text;
            this.text = "";
            this.at = 0;
        }
    }

    /* What the file says beside its events; call it after the last piece. */
    end() {
        if (this.state === "events") {
            throw new TraceError(
                `This file is cut short: it ends after ${this.count} whole events, in the next.`,
            );
        }
        if (this.state === "before" || this.state === "wrong") {
            this.complain();
        }
        return parse(this.head, "behind the events");
    }

    /* Says why there are no events. */
    complain() {
        if (this.text.trim() === "") {
            throw new TraceError("This file is empty.");
        }
        if (this.text.slice(0, RECORD).includes(RECORD_MAGIC)) {
            throw new TraceError(
                "These are records, not JSON: scripts/understudy trace convert --chrome makes it.",
            );
        }
        parse(this.text, "at its beginning");
        throw new TraceError(
            "This JSON is no trace in Chrome's format: it has no list called traceEvents.",
        );
    }

    /* Moves over one string, or up to and over one character that has a meaning. */
    step() {
        const code = this.text.charCodeAt(this.at);
        if (this.inString >= 0) {
            this.endString();
        } else if (code === QUOTE) {
            this.inString = this.at++;
        } else if (this.state === "events") {
            this.eventCharacter(code);
        } else {
            this.headCharacter(code);
        }
    }

    endString() {
        const end = this.text.indexOf('"', this.at);
        if (end < 0) {
            this.at = this.text.length;
            return;
        }
        let slashes = 0;
        while (this.text.charCodeAt(end - 1 - slashes) === BACKSLASH) {
            slashes++;
        }
        this.at = end + 1;
        if (slashes % 2 === 0) {
            if (this.state === "before" && this.depth === 1) {
                this.word = this.text.slice(this.inString + 1, end);
            }
            this.inString = -1;
        }
    }

    headCharacter(code) {
        this.at++;
        if (code === COLON && this.depth === 1) {
            this.key = this.word;
        } else if (code === COMMA && this.depth === 1) {
            this.key = "";
        } else if (code === OPEN && this.depth === 1 && this.key === "traceEvents") {
            this.begin(this.text.slice(0, this.at));
        } else if (code === OPEN && this.depth === 0) {
            this.begin('{"traceEvents":['); /* Chrome's older form: nothing but the list */
        } else if (this.depth === 0 && code > SPACE && code !== BEGIN || code === 0) {
            this.state = "wrong";
            this.isDone = true;
        } else if (code === OPEN || code === BEGIN) {
            this.depth++;
        } else if (code === CLOSE || code === END) {
            this.depth--;
        }
    }

    begin(head) {
        this.bare = this.depth === 0;
        this.head = head;
        this.text = this.text.slice(this.at);
        this.at = 0;
        this.depth = 0;
        this.done = 0;
        this.state = "events";
    }

    eventCharacter(code) {
        const at = this.at++;
        if (code === BEGIN || code === OPEN) {
            this.depth++;
        } else if (code === END || (code === CLOSE && this.depth > 0)) {
            this.depth--;
            this.done = this.depth === 0 ? this.at : this.done;
            if (this.depth < 0) {
                throw new TraceError(`This file is no JSON: a bracket too many behind its events.`);
            }
        } else if (code === CLOSE) {
            this.flush(at);
            this.head += this.bare ? "]}" : "]";
            this.text = this.text.slice(1);
            this.at = 0;
            this.state = "after";
            this.isDone = true;
        }
    }

    /* Hands out the events that stand before `end`. */
    flush(end) {
        const text = this.text.slice(0, end).replace(/^[\s,]+/, "");
        this.text = this.text.slice(end);
        this.at -= end;
        this.done = 0;
        if (this.inString >= 0) {
            this.inString -= end;
        }
        if (text.trim() === "") {
            return;
        }
        const events = parse(`[${text}]`, `behind event ${this.count}`);
        this.count += events.length;
        this.take(events);
    }
}
