/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Light or dark: as the system says until the switch is used. A canvas knows no style sheet, so
 * its colours are here: as words, and as pixels for what is written into images.
 */

import { GROUPS, STAY_COLOURS } from "../data/groups.js";

const INK = {
    light: {
        back: "#ffffff", lane: "#f4f5f7", line: "#e2e6eb", text: "#1b2129", soft: "#5b6673",
        accent: "#0b62a8", onColour: "#14181d", arrow: "#a3316f",
    },
    dark: {
        back: "#14181d", lane: "#1a1f26", line: "#2b323c", text: "#e4e9ef", soft: "#9aa6b4",
        accent: "#6cb6f5", onColour: "#ffffff", arrow: "#f2a7cd",
    },
};

/* "#rrggbb" as a pixel of an ImageData that is seen as 32-bit words (little-endian: ABGR). */
function pixel(colour) {
    const value = parseInt(colour.slice(1), 16);
    const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255];
    return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

/* Is text on this colour better dark? By its brightness, as the eye weighs it. */
function isBright(colour) {
    const value = parseInt(colour.slice(1), 16);
    return 0.3 * (value >> 16) + 0.59 * ((value >> 8) & 255) + 0.11 * (value & 255) > 140;
}

/* name: "light" or "dark". */
export function themeOf(name) {
    const colours = [...GROUPS, ...STAY_COLOURS].map((colour) => colour[name]);
    return {
        name,
        ...INK[name],
        colours,
        letters: colours.map((colour) => (isBright(colour) ? "#14181d" : "#ffffff")),
        pixels: Uint32Array.from(colours, pixel),
        backPixel: pixel(INK[name].lane),
    };
}

/* What the system asks for. */
export function systemTheme() {
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
