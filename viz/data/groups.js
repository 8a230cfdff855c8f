/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which colour an event has: its group. On a vCPU's lane that is why the guest was left (Priv
 * 19.1.1, scause, table of causes), on a hart's lane whose vCPU runs there. The colours are those
 * of Okabe and Ito, which people with any kind of colour vision can tell apart; groups that are
 * next to each other differ in brightness too.
 */

export const GROUPS = [
    { name: "guest runs", light: "#c9d1db", dark: "#39424e", words: "the guest itself runs" },
    { name: "SBI call", light: "#0072b2", dark: "#2b8fd0", words: "ecall: timer, IPI, fences, .." },
    { name: "device", light: "#e69f00", dark: "#e69f00", words: "guest-page fault: MMIO, memory" },
    { name: "instruction", light: "#009e73", dark: "#1bb88b", words: "CSR access, WFI, fences" },
    { name: "timer", light: "#56b4e9", dark: "#7cc8f2", words: "the host's timer" },
    { name: "IPI", light: "#cc79a7", dark: "#dc93bb", words: "another hart or vCPU asks" },
    { name: "external", light: "#c8b900", dark: "#f0e442", words: "a device interrupts" },
    { name: "exception", light: "#d55e00", dark: "#f0762b", words: "handed on to the guest" },
    { name: "scheduler", light: "#6b5b95", dark: "#a593d6", words: "wake, block, switch, life" },
    { name: "other", light: "#4a4a4a", dark: "#b8b8b8", words: "anything else" },
    { name: "idle", light: "#f4f4f2", dark: "#1f242b", words: "a hart without a vCPU" },
];

/* Of the lanes of harts: a colour for each VM or vCPU, again and again. */
export const STAY_COLOURS = [
    { light: "#8fb4d9", dark: "#48709b" },
    { light: "#e8b88a", dark: "#97663a" },
    { light: "#93c9b4", dark: "#3f7d68" },
    { light: "#d7a9c6", dark: "#85557a" },
    { light: "#d8d38c", dark: "#7f7a35" },
    { light: "#b3aedd", dark: "#625b98" },
    { light: "#a9d0dc", dark: "#447686" },
    { light: "#d4b0a4", dark: "#83594b" },
];

export const GUEST = 0;
const SBI = 1;
const DEVICE = 2;
const INSTRUCTION = 3;
const TIMER = 4;
const IPI = 5;
const EXTERNAL = 6;
const EXCEPTION = 7;
const SCHEDULER = 8;
const OTHER = 9;
export const IDLE = 10;
export const FIRST_VM = GROUPS.length;
export const GROUP_COUNT = FIRST_VM + STAY_COLOURS.length;

/* Is it a reason why the guest was left? */
export function isExit(group) {
    return group > GUEST && group < IDLE;
}

const INTERRUPTS = new Map([[1, IPI], [5, TIMER], [9, EXTERNAL]]);
const EXCEPTIONS = new Map([[10, SBI], [20, DEVICE], [21, DEVICE], [23, DEVICE],
    [22, INSTRUCTION]]);
const CATEGORIES = new Map([["guest", GUEST], ["sbi", SBI], ["mmio", DEVICE], ["csr", INSTRUCTION],
    ["inject", EXCEPTION], ["interrupt", EXTERNAL], ["wire", EXTERNAL], ["request", IPI],
    ["sched", SCHEDULER], ["switch", SCHEDULER], ["life", SCHEDULER], ["bound", SCHEDULER]]);

/* scause, as the trace writes it: {interrupt, code}. */
export function causeOf(scause) {
    const value = BigInt(scause);
    return { interrupt: value >> 63n === 1n, code: Number(value & 0xffffn) };
}

/* The group of an event on a vCPU's lane, by its category and, of an exit, its scause. */
export function groupOf(category, args) {
    if (args.scause !== undefined && category === "exit") {
        const { interrupt, code } = causeOf(args.scause);
        return interrupt
            ? INTERRUPTS.get(code) ?? EXTERNAL
            : EXCEPTIONS.get(code) ?? EXCEPTION;
    }
    return CATEGORIES.get(category) ?? OTHER;
}
