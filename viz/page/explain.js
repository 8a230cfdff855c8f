/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an event means, in the words of hyp/explain: the page holds them as JSON, as the host tool
 * `explain --json` prints them. Gives plain objects; details.js makes them visible.
 */

import { causeOf } from "../data/groups.js";

/* The value of a hexadecimal or decimal word; undefined where it is none. */
function numberOf(text) {
    try {
        return text === undefined ? undefined : BigInt(text);
    } catch {
        return undefined;
    }
}

/* One field of a CSR whose value is `word`. */
function fieldOf({ name, high, low, words, values = [] }, word) {
    const bits = (word >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n);
    const named = values.find((each) => numberOf(each.value) === bits);
    return {
        name: high === low ? name : `${name} [${high}:${low}]`,
        value: bits,
        words: named ? `${words}: ${named.words}` : words,
        isNamed: named !== undefined,
    };
}

export class Explainer {
    /* `walks`: by VM and page, what walk.js draws. */
    constructor(tables, walks) {
        this.walks = walks;
        this.causes = tables.causes ?? [];
        this.csrs = tables.csrs ?? [];
        this.sbi = tables.sbi ?? [];
        this.verdicts = tables.verdicts ?? [];
    }

    cause(scause) {
        const { interrupt, code } = causeOf(scause);
        return this.causes.find((each) => each.code === code && each.interrupt === interrupt);
    }

    call(extension, number) {
        const found = this.sbi.find((each) => numberOf(each.extension) === numberOf(extension));
        const called = found?.any_function
            ? found.functions[0]
            : found?.functions.find((each) => BigInt(each.number) === numberOf(number));
        return found && { extension: found, called };
    }

    csr(number) {
        return this.csrs.find((each) => BigInt(each.number) === numberOf(number));
    }

    /*
     * Of argument `key` with `value`, one of `args`, if it is the value of a CSR: its fields that
     * are not zero, or that mean something when they are, [{name, value, words}].
     */
    fields(key, value, args) {
        const isOfCsr = (key === "read" || key === "written") && args.csr !== undefined;
        const csr = isOfCsr ? this.csr(args.csr) : this.csrs.find(({ name }) => name === key);
        const word = numberOf(value);
        if (!csr?.fields || word === undefined) {
            return [];
        }
        return csr.fields
            .map((field) => fieldOf(field, word))
            .filter(({ value: bits, isNamed }) => bits !== 0n || isNamed);
    }

    /* Of a category and its arguments: [{title, lines, source}], what can be said in words. */
    sections(category, args) {
        const sections = [];
        const code = args.scause ?? (category === "inject" ? args.cause : undefined);
        if (code !== undefined && numberOf(code) !== undefined) {
            sections.push(...this.causeSections(code, category === "inject"));
        }
        if (args.extension !== undefined && numberOf(args.extension) !== undefined) {
            sections.push(...this.callSections(args.extension, args.function));
        }
        const csr = args.csr === undefined ? undefined : this.csr(args.csr);
        if (csr) {
            sections.push({ title: `CSR ${csr.name}`, lines: [csr.words], source: csr.source });
        }
        const word = String(args.verdict).toLowerCase();
        const verdict = this.verdicts.find(({ name }) => name.toLowerCase() === word);
        if (verdict) {
            sections.push({ title: `Then: ${verdict.name}`, lines: [verdict.words] });
        }
        return sections;
    }

    causeSections(code, isInjected) {
        const cause = this.cause(code);
        if (!cause) {
            return [];
        }
        if (isInjected) {
            return [{ title: `The guest sees: ${cause.name}`, lines: [cause.words],
                source: cause.source }];
        }
        return [
            { title: `Cause ${cause.code}: ${cause.name}`, lines: [cause.words] },
            { title: "Why it came here", lines: [cause.why] },
            { title: "What is done", lines: [cause.done], source: cause.source },
        ];
    }

    callSections(extension, number) {
        const found = this.call(extension, number ?? 0);
        if (!found) {
            return [];
        }
        const { called } = found;
        const title = `SBI ${found.extension.name}${called ? `: ${called.name}` : ""}`;
        const { words, source } = called ?? found.extension;
        return [{ title, lines: [words], source }];
    }
}
