/* SPDX-License-Identifier: BSD-2-Clause */
/* The modules as text: what is imported is exported and used, what is exported is used. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

import { inlineScript } from "../../viz/inline.js";

const TESTS = dirname(fileURLToPath(import.meta.url));
const VIZ = resolve(TESTS, "../../viz");

function scripts(folder) {
    return readdirSync(folder).filter((name) => name.endsWith(".js"))
        .map((name) => join(folder, name));
}

const FILES = [VIZ, join(VIZ, "data"), join(VIZ, "page"), TESTS].flatMap(scripts);
const TEXTS = new Map(FILES.map((path) => [path, readFileSync(path, "utf8")]));

/* [{from, name}] of what stands in the import lines of our own modules. */
function importsOf(path) {
    const found = TEXTS.get(path).matchAll(/^import \{([^}]*)\} from "(\.[^"]+)";$/gm);
    return [...found].flatMap(([, names, from]) => names.split(",")
        .map((name) => ({ name: name.trim(), from: resolve(dirname(path), from) }))
        .filter(({ name }) => name !== ""));
}

function exportsOf(path) {
    const found = TEXTS.get(path).matchAll(
        /^export (?:async )?(?:function\*?|class|const) (\w+)/gm);
    return [...found].map(([, name]) => name);
}

test("what is imported is there, and used", () => {
    for (const path of FILES) {
        const body = TEXTS.get(path).replace(/^import [^;]*;$/gm, "");
        for (const { name, from } of importsOf(path)) {
            assert.ok(exportsOf(from).includes(name), `${path}: ${from} has no ${name}`);
            assert.match(body, new RegExp(`\\b${name}\\b`), `${path}: ${name} is not used`);
        }
    }
});

test("what is exported is used elsewhere", () => {
    const used = new Set(FILES.flatMap(importsOf).map(({ name, from }) => `${from} ${name}`));
    for (const path of FILES) {
        for (const name of exportsOf(path)) {
            assert.ok(used.has(`${path} ${name}`), `${path}: nobody imports ${name}`);
        }
    }
});

test("the page is one script, in an order in which nothing is missing", () => {
    const script = inlineScript(join(VIZ, "page/main.js"));
    new Script(script);
    assert.doesNotMatch(script, /^\s*(import|export) /m);
});
