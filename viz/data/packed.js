/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a trace that stands in a page as text: a head in JSON, and two blocks of typed arrays, each
 * compressed (gzip) and in base64. Start times are differences, which compress well. What is drawn
 * first and what is needed only for a click are blocks of their own, so that the page need not wait
 * for the second. ../pack.js writes what is read here.
 */

import { COLUMNS, FLOW_COLUMNS } from "./columns.js";

export const VERSION = 1;
const LATE = ["shape", "argsAt", "pool"];
export const BLOCKS = {
    first: [...COLUMNS, ...FLOW_COLUMNS].filter((name) => !LATE.includes(name)),
    late: LATE,
};
export const IN_HEAD = ["meta", "lanes", "tracks", "names", "categories", "shapes", "strings"];
const TYPES = { Float64Array, Uint32Array, Uint16Array, Uint8Array };

/* Each track's `start` times; in the file from the one before, where `back` turns them again. */
export function differences(tracks, start, back) {
    const result = new Float64Array(start.length);
    for (const { first, count } of tracks) {
        let last = 0;
        for (let at = first; at < first + count; at++) {
            result[at] = back ? start[at] + last : start[at] - last;
            last = back ? result[at] : start[at];
        }
    }
    return result;
}

/* The bytes that base64 `text` stands for; browsers have a quick way since 2025. */
async function fromBase64(text) {
    if (Uint8Array.fromBase64) {
        return Uint8Array.fromBase64(text);
    }
    const answer = await fetch(`data:application/octet-stream;base64,${text}`);
    return answer.arrayBuffer();
}

async function unpackBytes(text) {
    const packed = new Blob([await fromBase64(text.trim())]);
    const plain = packed.stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(plain).arrayBuffer();
}

async function unpackBlock(fields, text) {
    const buffer = await unpackBytes(text);
    const arrays = {};
    let at = 0;
    for (const [name, type, length] of fields) {
        arrays[name] = new TYPES[type](buffer, at, length);
        at += arrays[name].byteLength;
    }
    return arrays;
}

/*
 * The trace of packTrace's texts, where `read` gives the text of a name. What the second block
 * holds is not there yet: `trace.late()` reads it, and is a promise to have done so.
 */
export async function unpackTrace(read) {
    const { version, blocks, ...trace } = JSON.parse(read("head"));
    if (version !== VERSION) {
        throw new Error(`its data are of version ${version}, and this reads ${VERSION}`);
    }
    Object.assign(trace, await unpackBlock(blocks.first, read("first")));
    trace.start = differences(trace.tracks, trace.start, true);
    trace.late = () => unpackBlock(blocks.late, read("late")).then((arrays) => {
        Object.assign(trace, arrays);
    });
    return trace;
}
