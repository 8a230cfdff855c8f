/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The arguments of events, packed: two 32-bit words each, and per event the number of a shape,
 * which holds the keys and how to write each value. So what is read back is what was written.
 */

import { Growing, Words } from "./growing.js";

const HEX = /^0x[0-9a-f]{1,16}$/;

/* The letter of a value's form: Hex (with as many digits as it had), Decimal, String, Json. */
function form(value) {
    if (typeof value === "string") {
        if (!HEX.test(value)) {
            return "S";
        }
        return value.length > 3 && value[2] === "0" ? `H${value.length - 2}` : "H";
    }
    return Number.isSafeInteger(value) && value >= 0 ? "D" : "J";
}

export class ArgsWriter {
    constructor() {
        this.shapes = new Words();
        this.strings = new Words();
        this.pool = new Growing(Uint32Array);
    }

    /* Packs `args`, an object; its shape's number. Its values begin at the old pool.length. */
    push(args) {
        let shape = "";
        for (const key in args) {
            const value = args[key];
            const letter = form(value);
            shape += `${key}\t${letter}\n`;
            this.pushValue(letter, value);
        }
        return this.shapes.number(shape);
    }

    pushValue(letter, value) {
        if (letter[0] === "H") {
            const isShort = value.length <= 10;
            this.pool.push(parseInt(isShort ? value : value.slice(-8), 16));
            this.pool.push(isShort ? 0 : parseInt(value.slice(2, -8), 16));
        } else if (letter === "D") {
            this.pool.push(value % 0x100000000);
            this.pool.push(Math.floor(value / 0x100000000));
        } else {
            this.pool.push(this.strings.number(letter === "S" ? value : JSON.stringify(value)));
            this.pool.push(0);
        }
    }
}

/* [key, form] of each argument of a shape. */
export function shapeFields(shape) {
    return shape.split("\n", shape.split("\n").length - 1).map((line) => line.split("\t"));
}

function readValue(letter, low, high, strings) {
    if (letter[0] === "H") {
        const digits = (BigInt(high) * 0x100000000n + BigInt(low)).toString(16);
        return "0x" + digits.padStart(Number(letter.slice(1)), "0");
    }
    if (letter === "D") {
        return high * 0x100000000 + low;
    }
    return letter === "S" ? strings[low] : JSON.parse(strings[low]);
}

/* The arguments of event `index` of `trace` as an object, as they stood in the file. */
export function readArgs(trace, index) {
    const args = {};
    let at = trace.argsAt[index];
    for (const [key, letter] of shapeFields(trace.shapes[trace.shape[index]])) {
        args[key] = readValue(letter, trace.pool[at], trace.pool[at + 1], trace.strings);
        at += 2;
    }
    return args;
}
