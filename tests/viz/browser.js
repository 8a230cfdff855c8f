/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the page share: pages that are built as make viz builds them, and a Chromium
 * without a window that opens them and may not reach any network. Where the modules lie is told by
 * VIZ_MODULES, which Chromium by VIZ_CHROMIUM, where pages and pictures go by VIZ_OUTPUT.
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { writeTrace } from "./make_trace.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const { VIZ_MODULES, VIZ_CHROMIUM, VIZ_OUTPUT } = process.env;
const { chromium } = createRequire(join(VIZ_MODULES, "x.js"))("playwright-core");

const LIMIT = 20000; /* milliseconds for anything that must come */

export const output = (name) => join(VIZ_OUTPUT, name);

/* Builds page `name` from a trace with `count` events, or with none; its path. */
export function buildPage(name, count = 0) {
    const [page, trace] = [output(`${name}.html`), output(`${name}.json`)];
    const options = ["--explain", join(HERE, "explain.json"),
        "--walks", join(HERE, "walks.json")];
    if (count > 0) {
        writeTrace(trace, count);
        options.push("--trace", trace);
    }
    execFileSync("node", [join(HERE, "../../viz/build.js"), "--uplot", join(VIZ_MODULES, "uplot"),
        ...options, page]);
    rmSync(trace, { force: true });
    return page;
}

export function launch() {
    return chromium.launch({ executablePath: VIZ_CHROMIUM });
}

/*
 * Opens the page of file `path`; `options` as Playwright's newContext. What goes wrong in the page
 * and what it asks of others ends in page.complaints, which check() looks at.
 */
export async function openPage(browser, path, options = {}) {
    const viewport = { width: 1440, height: 900 };
    const context = await browser.newContext({ viewport, colorScheme: "light", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT);
    page.complaints = [];
    page.on("pageerror", (error) => page.complaints.push(String(error.stack ?? error)));
    page.on("console", (message) => {
        if (message.type() === "error") {
            page.complaints.push(message.text());
        }
    });
    page.on("request", (request) => {
        if (!/^(file|data|blob):/.test(request.url())) {
            page.complaints.push(`asks the network: ${request.url()}`);
        }
    });
    await page.goto(pathToFileURL(path).href);
    await page.waitForFunction(() => window.timeline !== undefined);
    return page;
}

/* Until the lanes are drawn, and everything that follows. */
export async function settled(page) {
    await page.waitForFunction(() => window.timeline.firstPaint > 0);
    await page.evaluate(() => window.timeline.trace.whole);
    await page.waitForTimeout(300);
}

/* Nothing went wrong in the page. */
export function check(page) {
    assert.deepEqual(page.complaints, []);
}
