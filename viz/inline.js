/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes one script of our modules: each becomes a function that is called once and gives back what
 * the module exports. Knows just the forms that stand in this folder: `import { a, b } from
 * "./x.js";` and `export` before a function, a class or a constant.
 */

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

const IMPORT = /^import \{([^}]*)\} from "(\.[^"]+)";$/gm;
const EXPORT = /^export (?=(?:async )?(?:function|class|const|let) (\w+))/gm;

/* The modules that `path` needs, each after those that it needs itself. */
function inOrder(path, done, waiting) {
    if (done.has(path)) {
        return;
    }
    if (waiting.includes(path)) {
        throw new Error(`modules in a circle: ${[...waiting, path].join(", ")}`);
    }
    const text = readFileSync(path, "utf8");
    for (const [, , other] of text.matchAll(IMPORT)) {
        inOrder(resolve(dirname(path), other), done, [...waiting, path]);
    }
    done.set(path, text);
}

function moduleText(path, text, names) {
    const exported = [...text.matchAll(EXPORT)].map(([, name]) => name);
    const body = text
        .replace(IMPORT, (_, list, other) =>
            `const {${list}} = ${names.get(resolve(dirname(path), other))};`)
        .replace(EXPORT, "");
    if (/^(import|export)\b/m.test(body)) {
        throw new Error(`${path}: a form of import or export that inline.js does not know`);
    }
    const result = `return { ${exported.join(", ")} };`;
    return `const ${names.get(path)} = (() => {\n${body}\n${result}\n})();\n`;
}

/* The script of the module `entry` and all that it needs. */
export function inlineScript(entry) {
    const modules = new Map();
    inOrder(resolve(entry), modules, []);
    const names = new Map([...modules.keys()].map((path, at) => [path, `module${at}`]));
    return [...modules].map(([path, text]) => moduleText(path, text, names)).join("");
}
