#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
#
# Makes a trace (hyp/trace/record.h) of a run that never was: harts that run vCPUs, guests that
# call, load, wait and ask each other. Random, but of a seed, and as the hypervisor would write it.
# For tests of what reads traces; as a command it writes a .utrace file of any length.

import argparse
import random
import struct
import sys
from collections import deque
from pathlib import Path

RECORD = struct.Struct("<QBBHHH6Q")
MAGIC = 0x4543415254535521
TIMEBASE = 10_000_000
NOBODY, NO_HART, MASK = 0xFFFF, 2**64 - 1, 2**64 - 1
INTERRUPT_BIT = 1 << 63

(HELLO, NAME, DROP, ENTRY, EXIT, SBI, MMIO, CSR, INJECT, INTERRUPT, REQUEST, WIRE, SWITCH, SCHED,
 LIFE, BOUND, END) = range(1, 18)  # fmt: skip
CATEGORIES = {
    "exit": [EXIT], "entry": [ENTRY], "sbi": [SBI], "mmio": [MMIO], "csr": [CSR],
    "inject": [INJECT], "interrupt": [INTERRUPT, WIRE], "request": [REQUEST],
    "sched": [SWITCH, SCHED], "life": [LIFE, BOUND],
}  # fmt: skip
DEFAULT = [name for name in CATEGORIES if name != "entry"]

RESUME, ADVANCE, INJECTED, YIELD, WAIT, PASS, HALT = range(7)  # enum exit_verdict
WAKE, BLOCK, SLICE, PREEMPTED, PASSED, HELD, SENT, ARRIVED, IDLE, DIRECTED = range(1, 11)
CREATED, RUNNING, PAUSED, HALTED = range(4)  # enum vm_state

VSSIP, VSTIP, VSEIP = 1 << 2, 1 << 6, 1 << 10
ECALL, LOAD_FAULT, VIRTUAL, STORE_FAULT, ILLEGAL = 10, 21, 22, 23, 2
TIMER, EXTERNAL, SOFTWARE = INTERRUPT_BIT | 5, INTERRUPT_BIT | 9, INTERRUPT_BIT | 1
EXT_TIME, EXT_IPI, EXT_BASE, EXT_DBCN, EXT_RFENCE = (
    0x54494D45, 0x735049, 0x10, 0x4442434E, 0x52464E43
)  # fmt: skip
DEVICES = ((0, 0x100000), (1, 0x101000), (2, 0x0C201004), (3, 0x10000000))  # test rtc plic uart
CSR_TIME, CSR_SCOUNTEREN = 0xC01, 0x106
SLICE_TICKS = TIMEBASE // 100
KERNEL = 0xFFFFFFFF80000000


def record(time, kind, detail=0, hart=0, vm=NOBODY, vcpu=NOBODY, *values):
    """One record's 64 bytes."""
    values += (0,) * (6 - len(values))
    return RECORD.pack(time, kind, detail, hart, vm, vcpu, *(value & MASK for value in values))


def hello(harts, mask=MASK, timebase=TIMEBASE):
    return record(0, HELLO, 1, 0, NOBODY, NOBODY, MAGIC, timebase, harts, mask, 1_700_000_000 << 30)


def name(vm, text, time=0):
    data = text.encode().ljust(48, b"\0")
    return record(time, NAME, len(text.encode()), 0, vm, NOBODY, *struct.unpack("<6Q", data))


class Vcpu:
    def __init__(self, vm, index):
        self.vm, self.index = vm, index
        self.pc = KERNEL + 0x1000 * vm
        self.hvip = 0
        self.raised = 0  # asked for, not yet shown
        self.deadline = 0  # a blocked one's
        self.is_blocked = False
        self.siblings = []
        self.hart = None


class Hart:
    def __init__(self, index, now):
        self.index, self.now = index, now
        self.queue = deque()
        self.sleepers = []
        self.loaded = None
        self.runs = None
        self.slice_end = 0
        self.kicked = None  # the time of a request to the vCPU that runs
        self.written = bytearray()


class Run:
    """A run; records(count) yields its bytes, in chunks of one hart each."""

    def __init__(self, seed=0, harts=2, vms=2, vcpus=2, categories=DEFAULT, drops=False,
                 timebase=TIMEBASE):  # fmt: skip
        self.random = random.Random(seed)
        self.kinds = {kind for category in categories for kind in CATEGORIES[category]}
        self.drops = drops
        self.count = self.lost = 0
        self.harts = [Hart(i, 1000 + i) for i in range(harts)]
        self.head = hello(harts, timebase=timebase)
        self.vms = range(1, vms + 1)
        place = 0
        for vm in self.vms:
            self.head += name(vm, self.vm_name(vm))
            members = [Vcpu(vm, i) for i in range(vcpus)]
            for vcpu in members:
                vcpu.siblings = [other for other in members if other is not vcpu]
                vcpu.hart = self.harts[place % harts]
                vcpu.hart.queue.append(vcpu)
                place += 1

    @staticmethod
    def vm_name(vm):
        return ("linux", "clock", "u-boot", "reader")[(vm - 1) % 4] + (f".{vm}" if vm > 4 else "")

    def records(self, count):
        self.count = len(self.head) // RECORD.size + 1
        yield bytes(self.head)
        for vm in self.vms:
            self._write(self.harts[0], 900 + vm, LIFE, RUNNING, (vm, NOBODY), CREATED)
        while self.count < count:
            hart = min(self.harts, key=lambda hart: hart.now)
            self._step(hart)
            if len(hart.written) > 200 * RECORD.size:
                yield self._taken(hart)
        for hart in self.harts:
            yield self._taken(hart)
        end = max(hart.now for hart in self.harts)
        yield record(end, END, 0, 0, NOBODY, NOBODY, self.lost)

    def _taken(self, hart):
        data = bytes(hart.written)
        hart.written.clear()
        if self.drops and self.random.random() < 0.2:  # a ring that was full
            lost = self.random.randrange(1, 500)
            self.lost += lost
            hart.now += 10 * lost
            self._write(hart, hart.now, DROP, 0, (NOBODY, NOBODY), lost)
        return data

    def _write(self, hart, time, kind, detail, who, *values):
        if kind in self.kinds or kind == DROP:
            hart.written += record(time, kind, detail, hart.index, *who, *values)
            self.count += 1

    def _step(self, hart):
        """What one hart does between one entry and the next."""
        self._wake_due(hart)
        if not hart.runs and not self._pick(hart):
            return
        vcpu = hart.runs
        self._show(hart, vcpu)
        self._write(hart, hart.now, ENTRY, 0, self._who(vcpu), vcpu.pc, 0x2000001C0, 0x120)
        # With exits this short, many begin and end at one tick of the clock, as real ones do.
        ran = 1 + int(self.random.expovariate(1 / 300))
        if hart.kicked is not None:
            begin = max(hart.now, hart.kicked) + self.random.randrange(3)
            hart.kicked = None
            self._exit(hart, vcpu, begin, SOFTWARE, YIELD)
        elif hart.now + ran > hart.slice_end:
            begin = max(hart.now, hart.slice_end)
            self._exit(hart, vcpu, begin, TIMER, YIELD)
            hart.slice_end = hart.now + SLICE_TICKS
            if hart.queue:
                self._leave(hart, vcpu, SLICE)
                hart.queue.append(vcpu)
        else:
            self._act(hart, vcpu, hart.now + ran)

    @staticmethod
    def _who(vcpu):
        return vcpu.vm, vcpu.index

    def _wake_due(self, hart):
        for vcpu in [v for v in hart.sleepers if v.raised or v.deadline <= hart.now]:
            hart.sleepers.remove(vcpu)
            vcpu.is_blocked = False
            if vcpu.deadline <= hart.now:
                vcpu.raised |= VSTIP
            self._write(hart, hart.now, SCHED, WAKE, self._who(vcpu))
            hart.queue.append(vcpu)

    def _pick(self, hart):
        """True where a vCPU has the hart now."""
        if not hart.queue and not self._fetch(hart):
            due = min((v.deadline for v in hart.sleepers), default=hart.now + 5000)
            if hart.written[-RECORD.size :][8:10] != bytes((SCHED, IDLE)):
                self._write(hart, hart.now, SCHED, IDLE, (NOBODY, NOBODY))
            hart.now = max(hart.now + 1, min(due, hart.now + 5000))
            return False
        hart.runs = hart.queue.popleft()
        hart.slice_end = hart.now + SLICE_TICKS
        if hart.runs is not hart.loaded:
            before = hart.loaded
            was = before.vm << 16 | before.index if before else NO_HART
            hart.now += self.random.randrange(2, 12)
            self._write(hart, hart.now, SWITCH, 0, self._who(hart.runs), was)
            if not before:
                self._write(hart, hart.now, BOUND, 0, self._who(hart.runs), 0x8 << 60, 1)
            hart.loaded = hart.runs
        return True

    def _fetch(self, hart):
        """A vCPU of a hart that has one too many moves here; True if there is one."""
        giver = max(self.harts, key=lambda other: len(other.queue))
        if len(giver.queue) < 2:
            return False
        vcpu = giver.queue.pop()
        self._write(giver, giver.now, SCHED, SENT, self._who(vcpu), hart.index)
        hart.now = giver.now + self.random.randrange(9)
        self._write(hart, hart.now, SCHED, ARRIVED, self._who(vcpu))
        vcpu.hart = hart
        hart.queue.append(vcpu)
        return True

    def _leave(self, hart, vcpu, why):
        hart.now += self.random.randrange(3)
        self._write(hart, hart.now, SCHED, why, self._who(vcpu))
        hart.runs = None

    def _show(self, hart, vcpu):
        """The interrupts that were asked for become the guest's."""
        lowered = vcpu.hvip & ~vcpu.raised & self.random.choice((0, VSSIP, VSTIP, MASK))
        raised = vcpu.raised & ~vcpu.hvip
        vcpu.hvip = (vcpu.hvip & ~lowered) | vcpu.raised
        vcpu.raised = 0
        if raised or lowered:
            self._write(hart, hart.now, INTERRUPT, 0, self._who(vcpu), raised, lowered, vcpu.hvip)

    def _exit(self, hart, vcpu, begin, scause, verdict, stval=0, htval=0, htinst=0, inner=()):
        """An exit with the records that belong into it: functions of the time."""
        ticks = int(self.random.expovariate(1 / 6))
        self._write(hart, begin, EXIT, verdict, self._who(vcpu), scause, vcpu.pc, stval, htval,
                    htinst, ticks)  # fmt: skip
        for write in inner:
            write(begin + ticks // 2)
        hart.now = begin + ticks
        vcpu.pc = KERNEL + (vcpu.pc + (4 if verdict == ADVANCE else 4 * self.random.randrange(99)))\
            % 0x100000

    def _act(self, hart, vcpu, begin):
        acts = (self._timer, self._ipi, self._call, self._access, self._csr, self._wait,
                self._illegal, self._external)  # fmt: skip
        act = self.random.choices(acts, (30, 8, 10, 30, 4, 12, 2, 3))[0]
        act(hart, vcpu, begin)

    def _sbi(self, hart, vcpu, *values):
        return lambda time: self._write(hart, time, SBI, 0, self._who(vcpu), *values)

    def _timer(self, hart, vcpu, begin):
        vcpu.deadline = begin + self.random.randrange(100, 40000)
        inner = [self._sbi(hart, vcpu, EXT_TIME, 0, vcpu.deadline, 0, 0, 0)]
        self._exit(hart, vcpu, begin, ECALL, ADVANCE, inner=inner)

    def _call(self, hart, vcpu, begin):
        extension, function = self.random.choice(((EXT_BASE, 3), (EXT_DBCN, 2), (0xBAD, 7)))
        error = -2 if extension == 0xBAD else 0
        inner = [self._sbi(hart, vcpu, extension, function, 0x41, 0, error, 0)]
        self._exit(hart, vcpu, begin, ECALL, ADVANCE, inner=inner)

    def _ipi(self, hart, vcpu, begin):
        targets = [v for v in vcpu.siblings if self.random.random() < 0.6]
        is_fence = self.random.random() < 0.4
        inner = [lambda time, v=v: self._ask(hart, vcpu, v, is_fence, time) for v in targets]
        extension = EXT_RFENCE if is_fence else EXT_IPI
        mask = sum(1 << v.index for v in targets)
        inner.append(self._sbi(hart, vcpu, extension, int(is_fence), mask, 0, 0, 0))
        self._exit(hart, vcpu, begin, ECALL, ADVANCE, inner=inner)

    def _ask(self, hart, vcpu, target, is_fence, time):
        bits = 4 if is_fence else 1
        self._write(hart, time, REQUEST, 0, self._who(vcpu), bits, target.vm, target.index,
                    target.hart.index)  # fmt: skip
        target.raised |= 0 if is_fence else VSSIP
        if target.hart.runs is target:
            target.hart.kicked = time
        elif target.is_blocked:
            target.hart.now = max(target.hart.now, time)

    def _access(self, hart, vcpu, begin):
        index, gpa = self.random.choices(DEVICES, (1, 2, 8, 16))[0]
        is_write, size = self.random.random() < 0.5, 1 if index == 3 else 4
        is_there = self.random.random() < 0.98
        detail = size | is_write << 7 | (not is_there) << 6
        gpa = gpa + self.random.randrange(6) * size if is_there else 0x55550000
        value = self.random.randrange(256)

        def write(time):
            if index == 3 and is_there and self.random.random() < 0.3:
                self._write(hart, time, WIRE, self.random.randrange(2), (vcpu.vm, NOBODY), 10)
            self._write(hart, time, MMIO, detail, self._who(vcpu), gpa, value, index)

        self._exit(hart, vcpu, begin, STORE_FAULT if is_write else LOAD_FAULT,
                   ADVANCE if is_there else INJECTED, 0xFFFFFFD800000000 | gpa, gpa >> 2,
                   0xF78023 if is_write else 0x3783, [write])  # fmt: skip

    def _csr(self, hart, vcpu, begin):
        number, is_write = self.random.choice(((CSR_TIME, 0), (CSR_SCOUNTEREN, 0x80)))

        def write(time):
            written = 7 if is_write else 0
            self._write(hart, time, CSR, is_write, self._who(vcpu), number, begin, written)

        self._exit(hart, vcpu, begin, VIRTUAL, ADVANCE, stval=0xC0102573, inner=[write])

    def _wait(self, hart, vcpu, begin):
        self._exit(hart, vcpu, begin, VIRTUAL, WAIT, stval=0x10500073)
        if vcpu.deadline <= hart.now:
            vcpu.deadline = hart.now + self.random.randrange(50, 20000)
        self._leave(hart, vcpu, BLOCK)
        vcpu.is_blocked = True
        hart.sleepers.append(vcpu)

    def _illegal(self, hart, vcpu, begin):
        def write(time):
            self._write(hart, time, INJECT, 0, self._who(vcpu), ILLEGAL, vcpu.pc, 0xDEAD, 0, 0,
                        KERNEL + 0x80)  # fmt: skip

        self._exit(hart, vcpu, begin, ILLEGAL, INJECTED, stval=0xDEAD, inner=[write])

    def _external(self, hart, vcpu, begin):
        self._exit(hart, vcpu, begin, EXTERNAL, YIELD)
        self._write(hart, hart.now, WIRE, 1, (vcpu.vm, NOBODY), 10)
        vcpu.raised |= VSEIP


def write(path, count, **options):
    """A .utrace file of at least `count` records; returns how many."""
    run = Run(**options)
    with open(path, "wb") as file:
        for chunk in run.records(count):
            file.write(chunk)
    return Path(path).stat().st_size // RECORD.size


def main():
    parser = argparse.ArgumentParser(description="Writes a trace of a run that never was.")
    parser.add_argument("file")
    for option, default in (("records", 1_000_000), ("seed", 0), ("harts", 2), ("vms", 2),
                            ("vcpus", 2)):  # fmt: skip
        parser.add_argument(f"--{option}", type=int, default=default, help=f"({default})")
    parser.add_argument("--drops", action="store_true", help="with records that were lost")
    options = vars(parser.parse_args())
    count = write(options.pop("file"), options.pop("records"), **options)
    print(f"{count} records")
    return 0


if __name__ == "__main__":
    sys.exit(main())
