/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two containers for millions of values: a typed array that grows, and words that are kept once
 * and named by number.
 */

export class Growing {
    constructor(Type) {
        this.array = new Type(1024);
        this.length = 0;
    }

    push(value) {
        if (this.length === this.array.length) {
            const larger = new this.array.constructor(2 * this.length);
            larger.set(this.array);
            this.array = larger;
        }
        this.array[this.length++] = value;
    }

    /* What was pushed, as an array of that length. */
    finish() {
        return this.array.slice(0, this.length);
    }
}

export class Words {
    constructor() {
        this.list = [];
        this.numbers = new Map();
    }

    /* The number of `word`: a new one where it was not seen before. */
    number(word) {
        let number = this.numbers.get(word);
        if (number === undefined) {
            number = this.list.push(word) - 1;
            this.numbers.set(word, number);
        }
        return number;
    }
}
