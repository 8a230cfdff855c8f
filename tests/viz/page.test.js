/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page as people use it, in a real browser: what is drawn, what a click says, filters, keys,
 * both themes, files that are opened. Pictures of it stay in build/viz.
 */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { buildPage, check, launch, openPage, output, settled } from "./browser.js";
import { MARKED, traceText } from "./make_trace.js";

const EVENTS = 20000;

let browser;
let path;

before(async () => {
    path = buildPage("small", EVENTS);
    browser = await launch();
});

after(() => browser?.close());

/* A test with a fresh page, in which nothing may go wrong. */
function pageTest(name, options, act) {
    test(name, async () => {
        const page = await openPage(browser, path, options);
        await settled(page);
        await act(page);
        check(page);
        await page.context().close();
    });
}

/* The number of the marked event. */
function findMarked(page) {
    return page.evaluate((name) => {
        const { trace, summary } = window.timeline;
        const number = trace.names.indexOf(name);
        const lane = trace.lanes.findIndex((each) => each.owner === "linux");
        const { first } = trace.tracks.find((track) => track.lane === lane && !track.isMark);
        /* It is the first exit of the lane's second stay on a hart. */
        for (let at = first + 1; ; at++) {
            if (trace.start[at] > 8e6 && trace.name[at] === number && summary.shown[at]) {
                return at;
            }
        }
    }, MARKED.name);
}

/* Where an event lies on the canvas, in the middle. */
function placeOnCanvas(page, event) {
    return page.evaluate((at) => {
        const { trace, view, layout } = window.timeline;
        const track = trace.tracks.findIndex((each) =>
            at >= each.first && at < each.first + each.count);
        const place = layout.rows.flatMap((row) => row.tracks).find((each) => each.track === track);
        const box = document.getElementById("canvas").getBoundingClientRect();
        return {
            x: box.left + view.x(trace.start[at] + trace.duration[at] / 2),
            y: box.top + 24 - view.top + place.y + place.height / 2,
        };
    }, event);
}

const span = (page) => page.evaluate(() => [window.timeline.view.from, window.timeline.view.to]);
const shown = (page) => page.evaluate(() => window.timeline.shown.reduce((a, b) => a + b, 0));
const selected = (page) => page.evaluate(() => window.timeline.selected);
const drawn = (page) => page.evaluate(() => new Promise((go) =>
    requestAnimationFrame(() => requestAnimationFrame(go))));

/* How many pixels of the canvas have the colour "#rrggbb". */
function pixelsOf(page, colour) {
    return page.evaluate((wanted) => {
        const canvas = document.getElementById("canvas");
        const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        const value = parseInt(wanted.slice(1), 16);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) {
            count += data[at] === value >> 16 && data[at + 1] === ((value >> 8) & 255)
                && data[at + 2] === (value & 255);
        }
        return count;
    }, colour);
}

async function showMarked(page) {
    const event = await findMarked(page);
    await page.evaluate((at) => window.timeline.goTo(at), event);
    await page.keyboard.press("f");
    await drawn(page);
    return event;
}

pageTest("the whole trace is drawn", {}, async (page) => {
    const about = await page.textContent("#about");
    assert.match(about, /20\s00\d events · \d+ arrows/);
    assert.match(about, /2 harts · VMs: linux, clock · nothing lost/);
    for (const colour of ["#0072b2", "#e69f00", "#009e73", "#8fb4d9", "#e8b88a", "#c9d1db"]) {
        assert.ok(await pixelsOf(page, colour) > 200, colour);
    }
    assert.equal(await page.locator("#rate canvas").count(), 1);
    assert.equal(await page.locator("#latency canvas").count(), 1);
    assert.match(await page.textContent("#latency-words"), /in sight · median .*s · 99 %: /);
    await page.screenshot({ path: output("whole-light.png") });
});

pageTest("a click decodes the event", {}, async (page) => {
    const event = await showMarked(page);
    await page.keyboard.press("Escape");
    assert.equal(await selected(page), -1);
    assert.match(await page.textContent("#event"), /No event selected/);
    const { x, y } = await placeOnCanvas(page, event);
    await page.mouse.move(x, y);
    assert.match(await page.textContent("#tip"), /^SBI set_timer, /);
    await page.mouse.click(x, y);
    assert.equal(await selected(page), event);
    const words = await page.innerText("#event");
    for (const part of [/SBI set_timer/, /linux · vCPU 0 · exit/, new RegExp(MARKED.sepc),
        new RegExp(MARKED.a0), /Cause 10: environment call from VS-mode/,
        /hedeleg cannot hand it on/, /the SBI call is answered/, /Priv 21\.6\.1/,
        /SBI TIME: set_timer/, /an interrupt at time a0/, /SBI 6\.1/, /Then: advance/]) {
        assert.match(words, part);
    }
    assert.doesNotMatch(words, /null|undefined|NaN/);
    assert.match(await page.textContent("#spoken"), /SBI set_timer, .*, linux · vCPU 0/);
    await page.screenshot({ path: output("event-light.png") });
});

pageTest("a walk is drawn step by step", {}, async (page) => {
    await showMarked(page);
    const rows = await page.locator("#event .walk tr").allInnerTexts();
    assert.deepEqual(rows.map((row) => row.split("\t").slice(0, 2).join(" ")), [
        "G 2 [2] at 0x80064010", "G 1 [15] at 0xafe06078", "VS 2 [510] at 0x81fcaff0",
        "G 2 [2] at 0x80064010", "G 1 [1] at 0xafe06008"]);
    const words = await page.innerText("#event");
    assert.match(words, /Walk of the page of sepc, 0xffffffff80001234/);
    assert.match(words, /gpa 0x80201000 → 0xa0201000: RX for VS-mode/);
    await page.locator("#owners label").filter({ hasText: "clock" }).locator("input").uncheck();
    await page.fill("#search", "load uart");
    await page.keyboard.press("Enter");
    await drawn(page);
    assert.match(await page.innerText("#event"), /Walk of the page of stval, 0xffffffd810000005/);
    assert.match(await page.innerText("#event"), /gpa 0x10000000 → G-stage: not valid/);
});

pageTest("registers are taken apart", {}, async (page) => {
    await page.fill("#search", "write scounteren");
    await page.keyboard.press("Enter");
    await drawn(page);
    const words = await page.innerText("#event");
    assert.match(words, /CSR scounteren/);
    assert.match(words, /TM = 1\s+time/);
    assert.doesNotMatch(words, /CY = 0/);
});

pageTest("the wheel zooms where the pointer is, a drag moves", {}, async (page) => {
    const box = await page.locator("#canvas").boundingBox();
    const [x, y] = [box.x + 700, box.y + 80];
    const timeAt = () => page.evaluate((at) => window.timeline.view.time(at), 700);
    const [before_, time] = [await span(page), await timeAt()];
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -300);
    await drawn(page);
    const after_ = await span(page);
    assert.ok(after_[1] - after_[0] < 0.8 * (before_[1] - before_[0]));
    assert.ok(Math.abs(await timeAt() - time) < 1000);
    await page.mouse.down();
    await page.mouse.move(x - 100, y, { steps: 4 });
    await page.mouse.up();
    const moved = await span(page);
    assert.ok(moved[0] > after_[0] && Math.abs(moved[1] - moved[0] - after_[1] + after_[0]) < 1);
    assert.equal(await selected(page), -1);
    await page.keyboard.down("Shift");
    await page.mouse.down();
    await page.mouse.move(x - 200, y, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    const marked = await span(page);
    const width = await page.evaluate(() => window.timeline.view.width);
    const wanted = ((moved[1] - moved[0]) * 100) / width;
    assert.ok(Math.abs(marked[1] - marked[0] - wanted) < 0.01 * wanted);
});

pageTest("keys", {}, async (page) => {
    const press = async (...keys) => {
        for (const key of keys) {
            await page.keyboard.press(key);
        }
        await drawn(page);
        return span(page);
    };
    const all = await span(page);
    const near = await press("w", "W", "ArrowUp");
    assert.ok(near[1] - near[0] < 0.5 * (all[1] - all[0]));
    const later = await press("d", "ArrowRight");
    assert.ok(later[0] > near[0]);
    const back = await press("a", "ArrowLeft");
    assert.ok(Math.abs(back[0] - near[0]) < 1);
    assert.ok((await press("s"))[0] < near[0]);
    await press("n");
    const first = await selected(page);
    assert.ok(first >= 0);
    await press("n", "n", "p", "p");
    assert.equal(await selected(page), first);
    await press("j");
    const other = await page.textContent("#spoken");
    await press("k");
    assert.notEqual(await page.textContent("#spoken"), other);
    await press("Escape");
    assert.equal(await selected(page), -1);
    assert.deepEqual((await press("0")).map(Math.round), all.map(Math.round));
    await press("/");
    await page.keyboard.type("wfi");
    assert.equal(await page.inputValue("#search"), "wfi");
    await press("Enter");
    assert.match(await page.textContent("#spoken"), /^WFI/);
    await press("Escape", "?");
    assert.ok(await page.isVisible("#keys"));
    await page.screenshot({ path: output("keys-light.png") });
    await press("Escape");
    assert.ok(!await page.isVisible("#keys"));
});

pageTest("next and previous visit every event of a lane in order", {}, async (page) => {
    const result = await page.evaluate(() => {
        const app = window.timeline;
        app.goTo(app.trace.tracks.find(({ lane, isMark }) => lane === 2 && !isMark).first + 300);
        const seen = [app.selected];
        const at = () => app.trace.start[app.selected];
        for (let n = 0; n < 200; n++) {
            const last = at();
            app.step(1);
            seen.push(app.selected);
            if (at() < last) {
                return "time goes back";
            }
        }
        for (let n = 199; n >= 0; n--) {
            app.step(-1);
            if (app.selected !== seen[n]) {
                return `the way back differs at ${n}`;
            }
        }
        return new Set(seen).size;
    });
    assert.equal(result, 201);
});

pageTest("filters", {}, async (page) => {
    const all = await shown(page);
    const uncheck = (list, words) => page.locator(`#${list} label`).filter({ hasText: words })
        .locator("input").setChecked(false);
    await uncheck("owners", "linux");
    const clock = await shown(page);
    assert.ok(clock < 0.7 * all);
    assert.equal(await page.evaluate(() => window.timeline.layout.rows.length), 4);
    await uncheck("kinds", "guest");
    await uncheck("names", "load uart");
    await page.fill("#least", "5");
    const few = await shown(page);
    const wanted = await page.evaluate(() => {
        const { trace } = window.timeline;
        return trace.tracks.reduce((sum, { lane, first, count }) => {
            for (let at = first; at < first + count; at++) {
                const name = trace.names[trace.name[at]];
                sum += trace.lanes[lane].owner !== "linux" && !name.startsWith("linux/")
                    && name !== "guest" && name !== "load uart" && trace.duration[at] >= 5000;
            }
            return sum;
        }, 0);
    });
    assert.equal(few, wanted);
    assert.ok(few > 0 && few < clock);
    await page.click("#reset");
    assert.equal(await shown(page), all);
    const legend = page.locator("#legend button").filter({ hasText: "SBI call" });
    await legend.click();
    assert.equal(await legend.getAttribute("aria-pressed"), "false");
    await drawn(page);
    assert.equal(await pixelsOf(page, "#0072b2"), 0);
    await legend.click();
    await page.fill("#search", MARKED.sepc);
    assert.equal(await shown(page), 1);
    await page.keyboard.press("Enter");
    assert.equal(await selected(page), await findMarked(page));
});

pageTest("arrows lead from lane to lane", {}, async (page) => {
    const arrow = "#a3316f";
    assert.equal(await pixelsOf(page, arrow), 0);
    await page.evaluate(() => {
        const { trace, view } = window.timeline;
        const at = Math.floor(trace.flowFrom.length / 2);
        view.show(trace.flowFrom[at] - 5000, trace.flowTo[at] + 5000);
        window.timeline.ask();
    });
    await drawn(page);
    assert.ok(await pixelsOf(page, arrow) > 30);
    await page.screenshot({ path: output("arrows-light.png") });
});

pageTest("dark, as the system says and by the switch", { colorScheme: "dark" }, async (page) => {
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await back(), "rgb(20, 24, 29)");
    assert.ok(await pixelsOf(page, "#14181d") > 10000);
    await page.screenshot({ path: output("whole-dark.png") });
    await showMarked(page);
    await page.waitForTimeout(300);
    await page.screenshot({ path: output("event-dark.png") });
    await page.click("#theme");
    await drawn(page);
    assert.equal(await back(), "rgb(255, 255, 255)");
    assert.ok(await pixelsOf(page, "#ffffff") > 10000);
    await page.keyboard.press("t");
    assert.equal(await back(), "rgb(20, 24, 29)");
});

pageTest("everything can be reached and has a name", {}, async (page) => {
    const nameless = await page.evaluate(() =>
        [...document.querySelectorAll("button, input, canvas[tabindex], [role]")]
            .filter((each) => !each.closest("dialog") && each.type !== "checkbox")
            .filter((each) => !(each.ariaLabel || each.title || each.textContent.trim()
                || each.labels?.length))
            .map((each) => each.outerHTML));
    assert.deepEqual(nameless, ['<p id="problem" role="alert" hidden=""></p>',
        '<div id="tip" role="tooltip" hidden=""></div>']);
    const reached = new Set();
    for (let n = 0; n < 60; n++) {
        await page.keyboard.press("Tab");
        reached.add(await page.evaluate(() => document.activeElement.id));
    }
    for (const id of ["search", "open", "theme", "help", "canvas", "least"]) {
        assert.ok(reached.has(id), id);
    }
});

test("files: wrong ones get words, right ones are shown", async () => {
    const page = await openPage(browser, buildPage("empty"));
    assert.match(await page.textContent("#about"), /Open a trace/);
    const take = async (name, text) => {
        writeFileSync(output(name), text);
        await page.setInputFiles("#file", output(name));
    };
    const complains = (words) => page.waitForFunction((text) =>
        document.getElementById("problem").textContent.includes(text), words);
    await take("words.json", "hello");
    await complains("words.json: This file is no JSON");
    await take("other.json", '{"a":[1]}');
    await complains("other.json: This JSON is no trace in Chrome's format");
    assert.ok(await page.isVisible("#problem"));
    await page.screenshot({ path: output("problem-light.png") });
    await take("right.json", traceText(3000));
    await settled(page);
    assert.ok(!await page.isVisible("#problem"));
    assert.match(await page.textContent("#about"), /3\s00\d events/);
    await page.keyboard.press("n");
    assert.ok(await selected(page) >= 0);
    await take("cut.json", traceText(3000).slice(0, 90000));
    await complains("cut.json: This file is cut short");
    assert.match(await page.textContent("#about"), /3\s00\d events/);
    const data = await page.evaluateHandle((text) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], "dropped.json"));
        return transfer;
    }, traceText(1000));
    await page.dispatchEvent("body", "drop", { dataTransfer: data });
    await page.waitForFunction(() => /1\s00\d events/.test(
        document.getElementById("about").textContent));
    check(page);
    await page.context().close();
});
