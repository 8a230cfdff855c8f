/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page begins here: finds its parts, loads the trace that it holds, and connects mouse, keys,
 * controls and files with the app. `window.timeline` is for those who want to script the page.
 */

import { TraceError } from "../data/reader.js";
import { App } from "./app.js";
import { Controls } from "./controls.js";
import { Explainer } from "./explain.js";
import { formatCount, formatTime } from "./format.js";
import { listenKeys, listenMouse } from "./input.js";
import { embeddedTrace, fileTrace, listenFiles } from "./load.js";
import { Overview } from "./overview.js";
import { Plots } from "./plots.js";
import { systemTheme } from "./theme.js";

const byId = (id) => document.getElementById(id);

const jsonOf = (id) => JSON.parse(byId(id).textContent);

function makeApp() {
    return new App({
        canvas: byId("canvas"),
        scroller: byId("scroller"),
        tip: byId("tip"),
        event: byId("event"),
        spoken: byId("spoken"),
        dialog: byId("keys"),
        search_: byId("search"),
        picker: byId("file"),
        overview: new Overview(byId("overview")),
        plots: new Plots(byId("rate"), byId("latency"), byId("latency-words")),
        explainer: new Explainer(jsonOf("explain"), jsonOf("walks")),
    });
}

/* The line beside the heading: what is being looked at. */
function aboutTrace({ meta, lanes, start, flowFrom }) {
    const vms = new Set(lanes.filter((lane) => !lane.isHart).map((lane) => lane.owner));
    const lost = Number(meta.drops ?? 0);
    return [
        formatTime(meta.end, 4),
        `${formatCount(start.length)} events`,
        `${formatCount(flowFrom.length)} arrows`,
        `${lanes.filter((lane) => lane.isHart).length} harts`,
        `VMs: ${[...vms].join(", ") || "none"}`,
        lost > 0 ? `${formatCount(lost)} records were lost` : "nothing lost",
    ].join(" · ");
}

function problem(text) {
    byId("problem").textContent = text;
    byId("problem").hidden = text === "";
}

/* Shows `trace`; its late part is loaded behind the first drawing. */
function show(app, controls, trace) {
    problem("");
    app.open(trace);
    byId("about").textContent = aboutTrace(trace);
    requestAnimationFrame(() => setTimeout(() => {
        controls.reset();
        trace.whole = trace.late?.();
    }));
}

async function openFile(app, controls, file) {
    const say = (part) => {
        byId("about").textContent = `Reading ${file.name}: ${Math.round(100 * part)} %`;
    };
    try {
        show(app, controls, await fileTrace(file, say));
    } catch (error) {
        problem(`${file.name}: ${error instanceof TraceError ? error.message : String(error)}`);
        byId("about").textContent = app.trace ? aboutTrace(app.trace) : "No trace is open.";
    }
}

function connect(app, controls) {
    app.onTheme = (name) => {
        document.documentElement.dataset.theme = name;
        byId("theme").textContent = name === "dark" ? "Light" : "Dark";
        if (app.trace) {
            controls.show();
        }
    };
    listenMouse(app, app.canvas, byId("overview"));
    listenKeys(app);
    listenFiles(app.picker, (file) => openFile(app, controls, file));
    byId("open").addEventListener("click", () => app.openFile());
    byId("help").addEventListener("click", () => app.help());
    byId("theme").addEventListener("click", () => app.switchTheme());
    app.scroller.addEventListener("scroll", () => app.scrolled());
    new ResizeObserver(() => app.resize()).observe(app.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
        app.switchTheme(systemTheme()));
}

async function main() {
    const app = makeApp();
    const controls = new Controls(app, () => app.refilter());
    window.timeline = app;
    connect(app, controls);
    app.switchTheme(app.theme.name);
    try {
        const trace = await embeddedTrace();
        if (trace) {
            show(app, controls, trace);
        } else {
            byId("about").textContent = "Open a trace, or drop one here.";
        }
    } catch (error) {
        problem(`The trace in this page cannot be read: ${error.message}`);
    }
}

main();
