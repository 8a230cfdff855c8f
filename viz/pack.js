/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes a trace as the text that stands in a page; data/packed.js says how, and reads it. */

import { gzipSync } from "node:zlib";

import { BLOCKS, IN_HEAD, VERSION, differences } from "./data/packed.js";

/* Some arrays, one behind the other, as text. */
function packBlock(arrays) {
    const bytes = Buffer.concat(arrays.map(({ buffer, byteOffset, byteLength }) =>
        Buffer.from(buffer, byteOffset, byteLength)));
    return gzipSync(bytes).toString("base64");
}

/* {head, first, late}: three texts, without a character that means something in HTML. */
export function packTrace(trace) {
    const packed = { ...trace, start: differences(trace.tracks, trace.start, false) };
    const head = { version: VERSION, blocks: {} };
    for (const name of IN_HEAD) {
        head[name] = trace[name];
    }
    const texts = {};
    for (const [block, names] of Object.entries(BLOCKS)) {
        /* The widest first, so that each begins where its type may. */
        const width = (name) => packed[name].BYTES_PER_ELEMENT;
        const sorted = [...names].sort((a, b) => width(b) - width(a));
        head.blocks[block] = sorted.map((name) =>
            [name, packed[name].constructor.name, packed[name].length]);
        texts[block] = packBlock(sorted.map((name) => packed[name]));
    }
    return { head: JSON.stringify(head).replaceAll("<", "\\u003c"), ...texts };
}
