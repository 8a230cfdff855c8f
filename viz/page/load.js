/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a trace comes from: the page itself, or a JSON file that people pick or drop. */

import { ColumnBuilder } from "../data/columns.js";
import { unpackTrace } from "../data/packed.js";
import { EventReader } from "../data/reader.js";

const PIECE = 4 << 20; /* bytes of a file read at once */

const textOf = (id) => document.getElementById(id).textContent;

/* When the browser has read the whole page: the late part stands behind this script. */
const wholePage = new Promise((done) => {
    document.addEventListener("DOMContentLoaded", done, { once: true });
});

/* The trace in the page, or null: a page may hold none. Its `late` loads the rest. */
export async function embeddedTrace() {
    if (textOf("trace-head").trim() === "") {
        return null;
    }
    const trace = await unpackTrace((name) => textOf(`trace-${name}`));
    const { late } = trace;
    trace.late = () => wholePage.then(late);
    return trace;
}

/* The trace in a file; `progress` is called with the part that was read. Throws TraceError. */
export async function fileTrace(file, progress) {
    const builder = new ColumnBuilder();
    const reader = new EventReader((events) => builder.take(events));
    const decoder = new TextDecoder();
    for (let at = 0; at < file.size; at += PIECE) {
        const bytes = await file.slice(at, at + PIECE).arrayBuffer();
        reader.feed(decoder.decode(bytes, { stream: true }));
        progress(Math.min(1, (at + PIECE) / file.size));
        await new Promise((go) => setTimeout(go)); /* let the page draw */
    }
    return builder.finish(reader.end());
}

/* `take` is called with each file that is picked or dropped. */
export function listenFiles(picker, take) {
    picker.addEventListener("change", () => {
        if (picker.files.length > 0) {
            take(picker.files[0]);
        }
        picker.value = "";
    });
    document.addEventListener("dragover", (event) => {
        event.preventDefault();
        document.body.classList.add("dropping");
    });
    document.addEventListener("dragleave", (event) => {
        if (event.relatedTarget === null) {
            document.body.classList.remove("dropping");
        }
    });
    document.addEventListener("drop", (event) => {
        event.preventDefault();
        document.body.classList.remove("dropping");
        if (event.dataTransfer.files.length > 0) {
            take(event.dataTransfer.files[0]);
        }
    });
}
