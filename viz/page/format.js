/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers and times as people read them. */

const UNITS = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];

/* A number of nanoseconds with at most `digits` digits and its unit: 12.3 µs. */
export function formatTime(nanoseconds, digits = 4) {
    const [size, unit] = UNITS.find(([least]) => Math.abs(nanoseconds) >= least) ?? UNITS[3];
    return `${Number((nanoseconds / size).toPrecision(digits))} ${unit}`;
}

/* A point in time with just the digits that tell points `step` nanoseconds apart: 1.2034 s. */
export function formatPoint(nanoseconds, step) {
    const [size, unit] = UNITS.find(([least]) => Math.abs(nanoseconds) >= least) ?? UNITS[3];
    const digits = Math.max(0, Math.ceil(Math.log10(size / step) - 1e-9));
    return `${(nanoseconds / size).toFixed(Math.min(digits, 9))} ${unit}`;
}

/* 1 234 567 */
export function formatCount(count) {
    return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/* 1.2 M: for axes. */
export function formatShort(count) {
    const [size, unit] = [[1e6, "M"], [1e3, "k"]].find(([least]) => count >= least) ?? [1, ""];
    return `${Number((count / size).toPrecision(3))}${unit}`;
}
