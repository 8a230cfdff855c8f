# SPDX-License-Identifier: BSD-2-Clause
#
# The text of Linux' ftrace, as /sys/kernel/tracing/trace shows it, with the names of KVM's events
# where KVM has one (arch/riscv/kvm/trace.h, include/trace/events/kvm.h) and "understudy_" before
# the others. A vCPU is a task: its name VM/vCPU, its number 1000 * (VM's id + 1) + vCPU. What is
# done for no vCPU is the task hypervisor-1's, and a hart without one is idle, as in Linux.

from . import record as r
from .lanes import NEVER, Lanes
from .moments import moment, signed

NAME_LENGTH = 15  # TASK_COMM_LEN without the NUL
ECALLS = (8, 10)
PAST = (r.VERDICT_ADVANCE, r.VERDICT_WAIT, r.VERDICT_PASS)
INSN_IN_STVAL = (2, 22)  # illegal instruction, virtual instruction
IDLE, OURS = ("<idle>", 0), ("hypervisor", 1)
STATE_RUNNABLE, STATE_SLEEPING = "R", "S"
KVM_EXIT_SYSTEM_EVENT = 24
WAYS = ("unsatisfied-read", "read", "write")

HEAD = """# tracer: nop
#
# entries-in-buffer/entries-written: {count}/{all}   #P:{harts}
#
#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
"""


def insn_length(record):
    """Bytes of the instruction that made the exit. Simplified: 4 where the hart does not say."""
    scause, stval, htinst = record[6], record[8], record[10]
    if scause in INSN_IN_STVAL and stval:
        return 4 if stval & 3 == 3 else 2
    if scause not in ECALLS and htinst & 1:  # Priv 21.6.3: bit 1 is 0 for a compressed one
        return 4 if htinst & 2 else 2
    return 4


class Ftrace:
    def __init__(self, trace, words):
        self.trace, self.words = trace, words
        self.lanes = Lanes(trace)
        self.tasks = {}
        self.blocked = {}  # who: when
        self.has_entries = r.ENTRY in trace.kinds
        self.handlers = {}

    def lines(self):
        return [text for _, _, text in sorted(self._events())]

    def _events(self):
        """(time, place among those of its time, line)"""
        for exits in self.lanes.exits.values():
            yield from self._exits(exits)
        others = [*self.lanes.instants, *self.lanes.inner.values(), *self.trace.places(r.ENTRY)]
        for n in sorted(others):
            record = self.trace.record(n)
            for event, text in self._event(record):
                yield record[0], 2 * n, self._line(record[0], record, event, text)

    def _exits(self, exits):
        before = None
        for exit in exits:
            record = self.trace.record(exit.n)
            pc = self._entry_pc(before)
            if not self.has_entries and exit.guest != NEVER and pc is not None:
                line = self._line(exit.guest, record, "kvm_entry", f"PC: 0x{pc:016x}")
                yield exit.guest, 2 * exit.n - 1, line
            line = self._line(exit.begin, record, "kvm_exit", self._exit(exit, record))
            yield exit.begin, 2 * exit.n, line
            if record[2] == r.VERDICT_HALT:
                text = f"reason KVM_EXIT_SYSTEM_EVENT ({KVM_EXIT_SYSTEM_EVENT})"
                line = self._line(exit.end, record, "kvm_userspace_exit", text)
                yield exit.end, 2 * exit.n + 1, line
            before = exit

    def _exit(self, exit, record):
        scause, sepc, stval, htval, htinst = record[6:11]
        n = self.lanes.inner.get(exit.n)
        inner = None if n is None else self.trace.record(n)
        return (
            f"SEPC:0x{sepc:x}, SCAUSE:0x{scause:x}, STVAL:0x{stval:x}, HTVAL:0x{htval:x}, "
            f"HTINST:0x{htinst:x}, reason {self.words.exit(record, inner)}"
        )

    def _entry_pc(self, before):
        """Where the guest goes on after that exit; None where nothing says so."""
        if before is None:
            return None
        if before.n in self.lanes.injects:
            return self.trace.record(self.lanes.injects[before.n])[11]
        record = self.trace.record(before.n)
        if record[2] in (r.VERDICT_INJECT, r.VERDICT_HALT):
            return None
        return record[7] + (insn_length(record) if record[2] in PAST else 0)

    def _task(self, vm, vcpu):
        """Name and number."""
        if vm == r.NOBODY:
            return OURS
        task = self.tasks.get((vm, vcpu))
        if task is None:
            name = "".join(self.trace.vcpu_name(vm, vcpu).split())[-NAME_LENGTH:]
            task = name, 1000 * (vm + 1) + (0 if vcpu == r.NOBODY else vcpu)
            self.tasks[vm, vcpu] = task
        return task

    def _line(self, time, record, event, text):
        is_idle = record[1] == r.SCHED and record[2] == r.SCHED_IDLE
        name, number = IDLE if is_idle else self._task(record[4], record[5])
        micros = time * 10**6 // self.trace.header.timebase
        seconds = f"{micros // 10**6:5}.{micros % 10**6:06}"
        return f"{name:>16}-{number:<7} [{record[3]:03}] ..... {seconds}: {event}: {text}\n"

    def _event(self, record):
        """(name, text) of what stands for the record; a waking vCPU is two events."""
        time, kind, detail, hart, vm, vcpu, a, b, c, d, e, f = record
        if kind == r.ENTRY:
            yield "kvm_entry", f"PC: 0x{a:016x}"
        elif kind == r.MMIO:
            way = WAYS[2 if detail & r.MMIO_WRITE else not detail & r.MMIO_MISSING]
            yield "kvm_mmio", f"mmio {way} len {detail & r.MMIO_SIZE} gpa 0x{a:x} val 0x{b:x}"
        elif kind == r.SBI:
            name = self.words.inner(record)
            yield "kvm_hypercall", (
                f"nr 0x{a:x} fid 0x{b:x} a0 0x{c:x} a1 0x{d:x} error {signed(e)} value 0x{f:x} "
                f"({name})"
            )
        elif kind == r.WIRE:
            yield "kvm_set_irq", f"gsi {a} level {detail} source 0"
        elif kind == r.SWITCH:
            yield "sched_switch", self._switch(record)
        elif kind == r.SCHED and detail == r.SCHED_WAKE:
            name, number = self._task(vm, vcpu)
            slept = time - self.blocked.pop((vm, vcpu), time)
            nanos = slept * 10**9 // self.trace.header.timebase
            yield "kvm_vcpu_wakeup", f"wait time {nanos} ns, polling invalid"
            yield "sched_wakeup", f"comm={name} pid={number} prio=120 target_cpu={hart:03}"
        else:
            if kind == r.SCHED and detail == r.SCHED_BLOCK:
                self.blocked[vm, vcpu] = time
            category, name, args = moment(self.trace, self.words, record)
            more = args.replace('"', "").replace(":", "=").replace(",", " ")
            yield f"understudy_{category}", f"{name} {more}"

    def _switch(self, record):
        before = record[6]
        who = before >> 16 & r.NOBODY, before & r.NOBODY
        name, number = IDLE if before == r.NOWHERE else self._task(*who)
        state = STATE_SLEEPING if who in self.blocked else STATE_RUNNABLE
        next_name, next_number = self._task(record[4], record[5])
        return (
            f"prev_comm={name} prev_pid={number} prev_prio=120 prev_state={state} ==> "
            f"next_comm={next_name} next_pid={next_number} next_prio=120"
        )


def ftrace_write(file, trace, words):
    lines = Ftrace(trace, words).lines()
    whole = len(lines) + trace.drops
    file.write(HEAD.format(count=len(lines), all=whole, harts=trace.header.harts))
    file.writelines(lines)
