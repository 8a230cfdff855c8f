/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mouse and keys: turns them into acts of the app (main.js), and knows nothing of what they do.
 */

import { AXIS_HEIGHT } from "./axis.js";

const STEP = 0.15; /* of what is in sight, per press of an arrow */
const CLOSER = 0.75; /* per press */
const WHEEL = 0.0022; /* per pixel of a wheel's turn */
const LARGEST_TURN = 300;
const DRAG = 4; /* pixels that make a click a drag */

function wheel(app, event) {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    const across = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    const along = event.shiftKey ? 0 : event.deltaY * lines;
    if (event.altKey) {
        app.scroll(event.deltaY * lines);
    } else if (Math.abs(across) > Math.abs(along)) {
        app.pan((across * lines) / app.view.width);
    } else {
        const turn = Math.max(-LARGEST_TURN, Math.min(LARGEST_TURN, along));
        app.zoom(Math.exp(turn * WHEEL), event.offsetX);
    }
}

/* A drag moves, or with Shift marks; a press without a move is a click. */
function press(app, canvas, down) {
    if (down.button !== 0) {
        return;
    }
    let last = { x: down.offsetX, y: down.offsetY };
    let moved = false;
    canvas.setPointerCapture(down.pointerId);
    const move = (event) => {
        const { offsetX: x, offsetY: y } = event;
        moved ||= Math.abs(x - down.offsetX) + Math.abs(y - down.offsetY) > DRAG;
        if (moved && down.shiftKey) {
            app.mark(down.offsetX, x);
        } else if (moved) {
            app.pan((last.x - x) / app.view.width);
            app.scroll(last.y - y);
            last = { x, y };
        }
    };
    const up = (event) => {
        canvas.removeEventListener("pointermove", move);
        canvas.removeEventListener("pointerup", up);
        canvas.removeEventListener("pointercancel", up);
        if (moved && down.shiftKey && event.type === "pointerup") {
            app.showMarked(down.offsetX, event.offsetX);
        } else if (!moved) {
            app.click(event.offsetX, event.offsetY);
        }
    };
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
}

function overviewDrag(app, canvas) {
    const go = (event) => app.centre(app.overview.time(event.offsetX, app.view));
    canvas.addEventListener("pointerdown", (event) => {
        canvas.setPointerCapture(event.pointerId);
        go(event);
    });
    canvas.addEventListener("pointermove", (event) => {
        if (event.buttons & 1) {
            go(event);
        }
    });
    canvas.addEventListener("wheel", (event) => wheel(app, event), { passive: false });
}

export function listenMouse(app, canvas, overview) {
    canvas.addEventListener("wheel", (event) => wheel(app, event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => press(app, canvas, event));
    canvas.addEventListener("dblclick", () => app.zoomToSelected());
    canvas.addEventListener("pointermove", (event) => {
        if (event.buttons === 0 && event.offsetY > AXIS_HEIGHT) {
            app.point(event.offsetX, event.offsetY);
        }
    });
    canvas.addEventListener("pointerleave", () => app.point(-1, -1));
    overviewDrag(app, overview);
}

/* Key to act; letters stand for both cases. */
const KEYS = {
    arrowleft: (app) => app.pan(-STEP),
    arrowright: (app) => app.pan(STEP),
    arrowup: (app) => app.zoom(CLOSER),
    arrowdown: (app) => app.zoom(1 / CLOSER),
    a: (app) => app.pan(-STEP),
    d: (app) => app.pan(STEP),
    w: (app) => app.zoom(CLOSER),
    s: (app) => app.zoom(1 / CLOSER),
    n: (app) => app.step(1),
    p: (app) => app.step(-1),
    j: (app) => app.stepLane(1),
    k: (app) => app.stepLane(-1),
    f: (app) => app.zoomToSelected(),
    0: (app) => app.showAll(),
    "/": (app) => app.search(),
    escape: (app) => app.select(-1),
    t: (app) => app.switchTheme(),
    o: (app) => app.openFile(),
    "?": (app) => app.help(),
};

function isTyping(target) {
    return target instanceof HTMLInputElement && target.type !== "checkbox";
}

/* Keys work wherever the focus is, but for where people type, and within the list of keys. */
export function listenKeys(app) {
    document.addEventListener("keydown", (event) => {
        const dialog = event.target.closest?.("dialog");
        if (dialog || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        const key = event.key.toLowerCase();
        if (isTyping(event.target)) {
            if (key === "escape") {
                app.leaveField();
            } else if (key === "enter" && event.target.id === "search") {
                app.findNext();
            }
            return;
        }
        if (Object.hasOwn(KEYS, key)) {
            event.preventDefault();
            KEYS[key](app);
        }
    });
}
