/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A page of what scripts/understudy trace wrote, with the words of hyp/explain: made.html, which
 * tests/system/test_viz.py makes. Whatever is in the trace, it has harts and a VM called linux.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { check, launch, openPage, output, settled } from "./browser.js";

let browser;

before(async () => {
    browser = await launch();
});

after(() => browser?.close());

test("what is traced is shown and explained", async () => {
    const page = await openPage(browser, output("made.html"));
    await settled(page);
    assert.match(await page.textContent("#about"), /\d harts · VMs: .*linux/);
    assert.ok(await page.evaluate(() => window.timeline.trace.flowFrom.length) > 10);
    await page.screenshot({ path: output("made-light.png") });
    await page.evaluate(() => {
        const { trace } = window.timeline;
        const exit = trace.categories.indexOf("exit");
        window.timeline.goTo([...trace.start.keys()].find((event) =>
            trace.category[event] === exit && trace.names[trace.name[event]].startsWith("SBI ")));
    });
    await page.keyboard.press("f");
    await page.waitForTimeout(300);
    const words = await page.innerText("#event");
    for (const part of [/^\s*SBI \w+/, /Cause 10: /, /Why it came here\s+\S/, /What is done\s+\S/,
        /\nSBI [A-Z]\w+: \w+/, /Then: \w+/, /scause\s+0xa/]) {
        assert.match(words, part);
    }
    assert.doesNotMatch(words, /null|undefined|NaN/);
    await page.screenshot({ path: output("made-event-light.png") });
    const unnamed = await page.evaluate(() => window.timeline.trace.names
        .filter((name) => /^(cause|interrupt) \d+$/.test(name)));
    assert.deepEqual(unnamed, []);
    check(page);
});
