# SPDX-License-Identifier: BSD-2-Clause
#
# A trace as it stands in a .utrace file: records of 64 bytes, hyp/trace/record.h, the first a
# HELLO. Nothing is understood here but where records begin, and who is who.

import collections
import mmap
import os
import struct

from ..errors import LaunchError, UsageError

RECORD = struct.Struct("<QBBHHH6Q")
SIZE = RECORD.size
VERSION = 1
MAGIC = b"!USTRACE"
MAGIC_AT = 16
KIND_AT = 8
NOBODY, NOWHERE = 0xFFFF, 2**64 - 1

KINDS = (
    None, "hello", "name", "drop", "entry", "exit", "sbi", "mmio", "csr", "inject", "interrupt",
    "request", "wire", "switch", "sched", "life", "bound", "end",
)  # fmt: skip
(HELLO, NAME, DROP, ENTRY, EXIT, SBI, MMIO, CSR, INJECT, INTERRUPT, REQUEST, WIRE, SWITCH, SCHED,
 LIFE, BOUND, END) = range(1, len(KINDS))  # fmt: skip

MMIO_SIZE, MMIO_WRITE, MMIO_MISSING = 0x3F, 0x80, 0x40
CSR_WRITE = 0x80

VERDICTS = ("resume", "advance", "inject", "yield", "wait", "pass", "halt")  # enum exit_verdict
_, VERDICT_ADVANCE, VERDICT_INJECT, _, VERDICT_WAIT, VERDICT_PASS, VERDICT_HALT = range(7)
SCHEDS = (
    None, "wake", "block", "slice over", "preempted", "passed", "held by its cap", "sent",
    "arrived", "idle", "directed",
)  # fmt: skip
SCHED_WAKE, SCHED_BLOCK, SCHED_SENT, SCHED_IDLE, SCHED_DIRECTED = 1, 2, 7, 9, 10
REQUESTS = (  # VCPU_REQUEST_ bits
    "interrupt", "fence vvma", "fence i", "start", "stop", "timer", "fence range", "state",
)  # fmt: skip
STATES = ("created", "running", "paused", "halted", "resetting", "crashed")  # enum vm_state


def word_of(table, number):
    """The table's word, or the number itself."""
    return (table[number] if number < len(table) else None) or str(number)


def name_decode(detail, values):
    data = struct.pack("<6Q", *values)[: min(detail, 48)]
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "?" for byte in data)


class Header:
    """What a HELLO says."""

    def __init__(self, data):
        self.time, _, self.version, *_, magic, timebase, harts, mask, epoch, _ = RECORD.unpack(data)
        self.timebase, self.harts, self.mask, self.epoch_ns = timebase, harts, mask, epoch
        self.is_ours = magic == int.from_bytes(MAGIC, "little") and data[KIND_AT] == HELLO


    def refusal(self):
        """Why it cannot be read, after "the trace", or None."""
        if self.version != VERSION:
            return f"has version {self.version}; known is {VERSION}"
        return None if self.timebase else "says that time has no rate"


class Trace:
    """A file of records; `complaints` are lines about what in it was not used."""

    def __init__(self, path):
        self.path = path
        self.complaints = []
        self.data = self._read()
        self.header = self._header_check()
        self.count = len(self.data) // SIZE
        if rest := len(self.data) % SIZE:
            self.complaints.append(f"{path}: cut short: the last {rest} bytes are no record")
        self.kinds = self.data[KIND_AT : self.count * SIZE : SIZE]
        self._kinds_check()
        self.drops = sum(self.record(n)[6] for n in self.places(DROP))
        self.names = {}
        for n in self.places(NAME):
            _, _, detail, _, vm, _, *values = self.record(n)
            self.names[vm] = name_decode(detail, values)

    def _read(self):
        try:
            with open(self.path, "rb") as file:
                if os.fstat(file.fileno()).st_size < SIZE:
                    raise UsageError(f"{self.path!r} is no trace: it is shorter than a record")
                return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            words = getattr(error, "strerror", None) or str(error)
            raise LaunchError(f"cannot read {self.path!r}: {words}") from None

    def _header_check(self):
        header = Header(self.data[:SIZE])
        if not header.is_ours:
            raise UsageError(f"{self.path!r} is no trace: it does not begin with a HELLO record")
        if words := header.refusal():
            raise UsageError(f"{self.path!r} {words}")
        return header

    def _kinds_check(self):
        unknown = [kind for kind in set(self.kinds) if not 0 < kind < len(KINDS)]
        if unknown:
            count = sum(self.kinds.count(bytes([kind])) for kind in unknown)
            words = ", ".join(map(str, sorted(unknown)))
            self.complaints.append(f"{self.path}: {count} records of unknown kinds: {words}")

    def places(self, kind):
        """The indices of all records of a kind."""
        at = self.kinds.find(kind)
        while at >= 0:
            yield at
            at = self.kinds.find(kind, at + 1)

    def record(self, n):
        return RECORD.unpack_from(self.data, n * SIZE)

    def records(self):
        return RECORD.iter_unpack(memoryview(self.data)[: self.count * SIZE])

    def counts(self):
        return collections.Counter(self.kinds)

    def vm_name(self, vm):
        return self.names.get(vm) or f"VM {vm}"

    def vcpu_name(self, vm, vcpu):
        if vm == NOBODY:
            return "hypervisor"
        return self.vm_name(vm) + ("" if vcpu == NOBODY else f"/{vcpu}")

    def seconds(self, ticks):
        return ticks / self.header.timebase
