#!/usr/bin/env node
/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds the timeline page: one HTML file that needs nothing else, with the trace of a Chrome JSON
 * file in it, or none. Called by scripts/viz. Status 1 and a line for people on wrong input.
 */

import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { ColumnBuilder } from "./data/columns.js";
import { EventReader, TraceError } from "./data/reader.js";
import { inlineScript } from "./inline.js";
import { packTrace } from "./pack.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const REASONS = { ENOENT: "no such file", EISDIR: "is a folder", EACCES: "permission denied" };
const USAGE = "usage: build.js --uplot FOLDER [--explain FILE] [--walks FILE] [--trace FILE] OUT";

/* The trace in file `path`. */
async function readTrace(path) {
    const builder = new ColumnBuilder();
    const reader = new EventReader((events) => builder.take(events));
    const stream = createReadStream(path, { encoding: "utf8", highWaterMark: 4 << 20 });
    for await (const piece of stream) {
        reader.feed(piece);
    }
    return builder.finish(reader.end());
}

/* What is wrong, in a line; what is our own mistake, with its trace. */
function words(error, path) {
    if (error instanceof TraceError) {
        return `${path}: ${error.message}`;
    }
    const reason = REASONS[error.code] ?? error.code;
    return error.syscall ? `${error.path ?? path}: ${reason}` : error.stack;
}

/* JSON for a script element, without a character that could end it; {} where there is no file. */
function embeddable(path) {
    if (path === undefined) {
        return "{}";
    }
    const text = JSON.stringify(JSON.parse(readFileSync(path, "utf8")));
    return text.replaceAll("<", "\\u003c");
}

/* uPlot's script with its licence, and its style. */
function readPlot(folder) {
    const read = (...names) => readFileSync(join(folder, ...names), "utf8");
    return {
        script: `/*\n${read("LICENSE")}*/\n${read("dist", "uPlot.iife.min.js")}`,
        style: read("dist", "uPlot.min.css"),
    };
}

/* The page as pieces of text; `packed` may be empty. */
function pageText(plot, values, packed) {
    const read = (name) => readFileSync(join(HERE, "page", name), "utf8");
    const parts = {
        STYLE: `${plot.style}\n${read("page.css")}`,
        EXPLAIN: embeddable(values.explain),
        WALKS: embeddable(values.walks),
        UPLOT: plot.script,
        SCRIPT: inlineScript(join(HERE, "page", "main.js")),
        HEAD: packed.head ?? "",
        FIRST: packed.first ?? "",
        LATE: packed.late ?? "",
    };
    if (/<\/script/i.test(parts.SCRIPT + parts.UPLOT)) {
        throw new Error("a script holds what would end its element");
    }
    return read("page.html").split(/@([A-Z]+)@/).map((text, at) => (at % 2 ? parts[text] : text));
}

async function build(values, output) {
    const trace = values.trace ? await readTrace(values.trace) : null;
    const packed = trace ? packTrace(trace) : {};
    const text = pageText(readPlot(values.uplot), values, packed).join("");
    writeFileSync(output, text);
    const events = trace ? `${trace.start.length} events` : "no trace";
    console.log(`${output}: ${events}, ${(text.length / 1e6).toFixed(1)} MB`);
}

const { values, positionals } = parseArgs({
    options: {
        uplot: { type: "string" },
        explain: { type: "string" },
        walks: { type: "string" },
        trace: { type: "string" },
    },
    allowPositionals: true,
});
if (positionals.length !== 1 || !values.uplot) {
    console.error(USAGE);
    process.exitCode = 2;
} else {
    await build(values, positionals[0]).catch((error) => {
        console.error(`viz: ${words(error, values.trace)}`);
        process.exitCode = 1;
    });
}
