# SPDX-License-Identifier: BSD-2-Clause
#
# One record in words: its category, its name, and what it holds as members of a JSON object.

from . import record as r

HVIP_NAMES = ((1 << 2, "VSSI"), (1 << 6, "VSTI"), (1 << 10, "VSEI"))


def hvip_names(bits):
    """The names of its bits, the rest as a number."""
    names = [name for bit, name in HVIP_NAMES if bits & bit]
    rest = bits & ~sum(bit for bit, _ in HVIP_NAMES)
    return "+".join(names + [hex(rest)] * bool(rest))


def signed(value):
    return value - (1 << 64) if value >> 63 else value


def _bool(value):
    return "true" if value else "false"


def _inner(cat):
    def moment(trace, words, record):
        return cat, words.inner(record), inner_args(record)

    return moment


def inner_args(record):
    """What an SBI, MMIO or CSR record holds."""
    _, kind, detail, *_, a, b, c, d, e, f = record
    if kind == r.SBI:
        return (
            f'"extension":"{a:#x}","function":"{b:#x}","a0":"{c:#x}","a1":"{d:#x}",'
            f'"error":{signed(e)},"value":"{f:#x}"'
        )
    if kind == r.MMIO:
        return (
            f'"gpa":"{a:#x}","value":"{b:#x}","size":{detail & r.MMIO_SIZE},"device":{c},'
            f'"write":{_bool(detail & r.MMIO_WRITE)},"missing":{_bool(detail & r.MMIO_MISSING)}'
        )
    return (
        f'"csr":"{a:#x}","read":"{b:#x}","written":"{c:#x}","write":{_bool(detail & r.CSR_WRITE)}'
    )


def exit_args(record):
    verdict, scause, sepc, stval, htval, htinst, ticks = record[2], *record[6:]
    return (
        f'"verdict":"{r.word_of(r.VERDICTS, verdict)}","scause":"{scause:#x}",'
        f'"sepc":"{sepc:#x}","stval":"{stval:#x}","htval":"{htval:#x}",'
        f'"htinst":"{htinst:#x}","ticks":{ticks}'
    )


def _exit(trace, words, record):
    return "exit", words.exit(record, None), exit_args(record)


def _entry(trace, words, record):
    pc, hstatus, sstatus = record[6:9]
    return "entry", "entry", f'"pc":"{pc:#x}","hstatus":"{hstatus:#x}","sstatus":"{sstatus:#x}"'


def _drop(trace, words, record):
    return "drop", f"{record[6]} records lost", f'"lost":{record[6]}'


def _inject(trace, words, record):
    cause, pc, tval, tval2, tinst, handler = record[6:]
    return "inject", f"inject {words.cause(cause)}", (
        f'"cause":"{cause:#x}","pc":"{pc:#x}","tval":"{tval:#x}","tval2":"{tval2:#x}",'
        f'"tinst":"{tinst:#x}","handler":"{handler:#x}"'
    )


def _interrupt(trace, words, record):
    raised, lowered, hvip = record[6:9]
    shown = [f"{hvip_names(raised)} raised"] * bool(raised)
    shown += [f"{hvip_names(lowered)} lowered"] * bool(lowered)
    args = f'"raised":"{raised:#x}","lowered":"{lowered:#x}","hvip":"{hvip:#x}"'
    return "interrupt", ", ".join(shown) or "interrupts as before", args


def _request(trace, words, record):
    bits, vm, vcpu, hart = record[6:10]
    asks = [word for i, word in enumerate(r.REQUESTS) if bits >> i & 1] or [hex(bits)]
    name = f"asks {trace.vcpu_name(vm & r.NOBODY, vcpu & r.NOBODY)}: {', '.join(asks)}"
    asked = -1 if hart == r.NOWHERE else hart
    return "request", name, f'"bits":"{bits:#x}","vm":{vm},"vcpu":{vcpu},"asked":{asked}'


def _wire(trace, words, record):
    level, source = record[2], record[6]
    return "wire", f"wire {source} {'up' if level else 'down'}", (
        f'"source":{source},"level":{level}'
    )


def _switch(trace, words, record):
    before = record[6]
    who = "" if before == r.NOWHERE else trace.vcpu_name(before >> 16 & r.NOBODY, before & r.NOBODY)
    return "sched", f"takes the hart{f' from {who}' if who else ''}", f'"before":"{before:#x}"'


def _sched(trace, words, record):
    detail, value = record[2], record[6]
    name = r.word_of(r.SCHEDS, detail)
    if detail == r.SCHED_SENT:
        name += f" to hart {value}"
    elif detail == r.SCHED_DIRECTED:
        name += f" to {trace.vcpu_name(value >> 16 & r.NOBODY, value & r.NOBODY)}"
    return "sched", name, f'"detail":{detail},"value":"{value:#x}"'


def _life(trace, words, record):
    after, before = r.word_of(r.STATES, record[2]), r.word_of(r.STATES, record[6])
    return "life", after, f'"before":"{before}"'


def _bound(trace, words, record):
    return "life", "VMID taken", f'"hgatp":"{record[6]:#x}","generation":{record[7]}'


def _hello(trace, words, record):
    magic, timebase, harts, mask, epoch = record[6:11]
    return "hello", "begin", (
        f'"timebase":{timebase},"harts":{harts},"mask":"{mask:#x}","epoch_ns":{epoch}'
    )


def _name(trace, words, record):
    return "life", r.name_decode(record[2], record[6:]), ""


def _end(trace, words, record):
    return "end", "end", f'"lost":{record[6]}'


MOMENTS = {
    r.HELLO: _hello, r.NAME: _name, r.DROP: _drop, r.ENTRY: _entry, r.EXIT: _exit,
    r.SBI: _inner("sbi"), r.MMIO: _inner("mmio"), r.CSR: _inner("csr"), r.INJECT: _inject,
    r.INTERRUPT: _interrupt, r.REQUEST: _request, r.WIRE: _wire, r.SWITCH: _switch,
    r.SCHED: _sched, r.LIFE: _life, r.BOUND: _bound, r.END: _end,
}  # fmt: skip


def moment(trace, words, record):
    """(category, name, members) of a record whose kind is known."""
    return MOMENTS[record[1]](trace, words, record)
