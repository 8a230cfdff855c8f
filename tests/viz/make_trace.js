/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes traces of any length in Chrome's format, in the shape in which scripts/understudy trace
 * writes them: two VMs with two vCPUs each, on two harts that run them in turns. Random, but the
 * same for the same number of events. MARKED is an exit that stands in each, for tests to find.
 */

import { closeSync, openSync, writeSync } from "node:fs";

const HARTS = 2;
const VMS = ["linux", "clock"];
const VCPUS = 2;
const SLICE = 4000; /* microseconds */
const BATCH = 10000;
const PART = 100000;

/* On linux, vCPU 0, in its second slice. */
export const MARKED = {
    name: "SBI set_timer",
    sepc: "0xffffffff80001234",
    a0: "0xdeadbeef00",
};

const ECALL = "0xa";
const KINDS = [
    { name: "SBI set_timer", args: { verdict: "advance", scause: ECALL, extension: "0x54494d45",
        function: "0x0", a0: "0x1000", a1: "0x0", error: 0, value: "0x0" } },
    { name: "load uart", args: { verdict: "advance", scause: "0x15", stval: "0xffffffd810000005",
        htval: "0x4000001", gpa: "0x10000005", value: "0x60", size: 1, write: false } },
    { name: "store plic", args: { verdict: "advance", scause: "0x17", stval: "0xffffffd80c201004",
        htval: "0x3080401", gpa: "0xc201004", value: "0xa", size: 4, write: true } },
    { name: "WFI", args: { verdict: "wait", scause: "0x16", stval: "0x10500073" } },
    { name: "supervisor timer interrupt",
        args: { verdict: "yield", scause: "0x8000000000000005" } },
    { name: "supervisor software interrupt",
        args: { verdict: "yield", scause: "0x8000000000000001" } },
    { name: "illegal instruction", args: { verdict: "inject", scause: "0x2", stval: "0xdead" } },
    { name: "write scounteren", args: { verdict: "advance", scause: "0x16", csr: "0x106",
        read: "0x0", written: "0x7", write: true } },
];
const WEIGHTS = [30, 22, 12, 12, 10, 7, 3, 4];
const IPI = KINDS[5];

/* A generator of numbers in [0, 1): xorshift. */
function randomOf(seed) {
    let state = seed;
    return () => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) / 0x100000000;
    };
}

function metadata() {
    const names = [["process_name", 1, 0, "harts"]];
    for (let hart = 0; hart < HARTS; hart++) {
        names.push(["thread_name", 1, hart, `hart ${hart}`]);
    }
    VMS.forEach((vm, at) => {
        names.push(["process_name", 101 + at, 0, vm]);
        for (let vcpu = 0; vcpu < VCPUS; vcpu++) {
            names.push(["thread_name", 101 + at, vcpu, `vCPU ${vcpu}`]);
        }
    });
    return names.map(([name, pid, tid, text]) =>
        ({ ph: "M", ts: 0, pid, tid, name, args: { name: text } }));
}

/* To thousandths, as the format has nanoseconds. */
const round = (time) => Math.round(time * 1000) / 1000;

class Maker {
    constructor(count) {
        this.random = randomOf(count + 1);
        this.events = metadata();
        this.left = count;
        this.n = 0;
        this.flow = 0;
    }

    push(event) {
        this.events.push({ ...event, args: { n: this.n++, ...event.args } });
        this.left--;
    }

    pick() {
        let at = this.random() * WEIGHTS.reduce((sum, weight) => sum + weight, 0);
        return KINDS[WEIGHTS.findIndex((weight) => (at -= weight) < 0)];
    }

    /* One vCPU on one hart from `begin` on; where it ends. */
    slice(hart, turn, begin) {
        const vm = turn % VMS.length;
        const vcpu = Math.floor(turn / VMS.length) % VCPUS;
        const place = { pid: 101 + vm, tid: vcpu };
        const end = begin + SLICE;
        let time = begin;
        this.push({ ph: "i", s: "t", cat: "sched", name: "takes the hart", ...place,
            ts: round(time), args: { hart } });
        for (let first = true; time < end && this.left > 3; first = false) {
            time = this.stay(place, hart, time, first && turn === VMS.length * VCPUS);
        }
        const stay = Math.max(time - begin - 0.001, 0);
        this.push({ ph: "X", cat: "hart", name: `${VMS[vm]}/${vcpu}`, pid: 1, tid: hart,
            ts: round(begin), dur: round(stay), args: { vm: vm + 1, vcpu } });
        return time;
    }

    /* The guest, and the exit that ends its stay; where that ends. */
    stay(place, hart, begin, isMarked) {
        const guest = 1 + this.random() * 60;
        const lasts = 0.4 + this.random() * this.random() * 12;
        const kind = isMarked ? KINDS[0] : this.pick();
        const at = begin + guest;
        const low = Math.floor(this.random() * 0xffffff).toString(16).padStart(6, "0");
        const sepc = `0xffffffff80${low}`;
        this.push({ ph: "X", cat: "guest", name: "guest", ...place, ts: round(begin),
            dur: round(guest - 0.001) });
        const mark = isMarked ? { sepc: MARKED.sepc, a0: MARKED.a0 } : {};
        this.push({ ph: "X", cat: "exit", name: kind.name, ...place, ts: round(at),
            dur: round(lasts), args: { hart, sepc, ...kind.args, ...mark } });
        if (kind === KINDS[6]) {
            this.push({ ph: "i", s: "t", cat: "inject", name: "inject illegal instruction",
                ...place, ts: round(at + lasts / 2), args: { hart, cause: "0x2", pc: sepc } });
        } else if (kind === IPI) {
            this.request(place, at);
        }
        return at + lasts + 0.001;
    }

    /* An arrow to the other vCPU. */
    request(place, at) {
        const same = { cat: "request", name: "request", id: ++this.flow };
        const other = { pid: place.pid, tid: (place.tid + 1) % VCPUS };
        this.events.push(
            { ph: "s", ...same, ...other, ts: round(Math.max(at - 3, 0)), args: {} },
            { ph: "f", bp: "e", ...same, ...place, ts: round(at), args: {} },
        );
    }
}

/* `count` events (and arrows) in batches, as arrays. */
export function* traceEvents(count) {
    const maker = new Maker(count);
    const now = new Array(HARTS).fill(0);
    for (let turn = 0; maker.left > 0; turn++) {
        const hart = turn % HARTS;
        now[hart] = maker.slice(hart, turn, now[hart]);
        if (maker.events.length > BATCH) {
            yield maker.events;
            maker.events = [];
        }
    }
    yield maker.events;
}

/* What the file says beside its events. */
export const HEAD = {
    displayTimeUnit: "ns",
    otherData: { timebase: 10000000, harts: HARTS, vms: { 1: "linux", 2: "clock" }, drops: 0 },
};

/*
 * Writes a file with `count` events, or some more; for numbers that no string could hold. What is
 * longer than PART is the same again and again, later, since to make it takes its time.
 */
export function writeTrace(path, count) {
    const part = [...traceEvents(Math.min(count, PART))].flat();
    const lasts = part.reduce((end, { ts, dur }) => Math.max(end, ts + (dur ?? 0)), 0) + 1;
    const pieces = part.map(({ ts, ...rest }) => [ts, `,${JSON.stringify(rest).slice(1)}`]);
    const file = openSync(path, "w");
    writeSync(file, `${JSON.stringify(HEAD).slice(0, -1)},"traceEvents":[`);
    for (let round = 0; round * PART < count; round++) {
        const events = pieces.map(([ts, rest]) =>
            `{"ts":${(ts + round * lasts).toFixed(3)}${rest}`);
        writeSync(file, (round > 0 ? ",\n" : "") + events.join(",\n"));
    }
    writeSync(file, "]}");
    closeSync(file);
}

/* A file with `count` events as text. */
export function traceText(count) {
    const events = [...traceEvents(count)].flat();
    return JSON.stringify({ ...HEAD, traceEvents: events });
}
