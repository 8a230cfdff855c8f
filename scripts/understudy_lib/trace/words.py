# SPDX-License-Identifier: BSD-2-Clause
#
# Numbers of records in words. The words are those of the hypervisor's own tables (hyp/explain),
# as the host tool build/host/explain prints them; where it is not built, numbers stay numbers.

import json
import subprocess

from ..presets import ROOT
from .record import (
    CSR,
    CSR_WRITE,
    MMIO,
    MMIO_MISSING,
    MMIO_WRITE,
    SBI,
    VERDICT_PASS,
    VERDICT_WAIT,
)

EXPLAIN = ROOT / "build" / "host" / "explain"
SECONDS = 20
INTERRUPT = 1 << 63
VIRTUAL_INSN = 22
WAITS = {VERDICT_WAIT: "WFI", VERDICT_PASS: "WRS.NTO"}  # what a virtual instruction was
DEVICES = ("test", "rtc", "plic", "uart")  # in the order of the bus: add_devices of vm/board.c


def tables_read():
    """What explain knows; {} where it is not built."""
    try:
        done = subprocess.run([EXPLAIN, "--json"], capture_output=True, timeout=SECONDS)
        return json.loads(done.stdout) if done.returncode == 0 else {}
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return {}


class Words:
    def __init__(self, tables=None):
        tables = tables_read() if tables is None else tables
        self.is_complete = bool(tables)
        self.causes = {
            row["code"] | INTERRUPT * bool(row["interrupt"]): row["name"]
            for row in tables.get("causes", ())
        }
        self.csrs = {row["number"]: row["name"] for row in tables.get("csrs", ())}
        self.extensions, self.functions = {}, {}
        for row in tables.get("sbi", ()):
            self._extension_add(row)
        self.exits = {}

    def _extension_add(self, row):
        self.extensions[row["extension"]] = row["name"]
        for function in row["functions"]:
            number = None if row["any_function"] else function["number"]
            self.functions[row["extension"], number] = function["name"]

    def cause(self, scause):
        if name := self.causes.get(scause):
            return name
        kind = "interrupt" if scause & INTERRUPT else "cause"
        return f"{kind} {scause & ~INTERRUPT}"

    def sbi(self, extension, function):
        if name := self.functions.get((extension, function)):
            return name
        if name := self.functions.get((extension, None)):
            return f"{self.extensions[extension]} {name}"
        return f"{self.extensions.get(extension) or hex(extension)} {function}"

    def csr(self, number):
        return self.csrs.get(number) or hex(number)

    @staticmethod
    def device(detail, index):
        if detail & MMIO_MISSING:
            return "no device"
        return DEVICES[index] if index < len(DEVICES) else f"device {index}"

    def inner(self, record):
        """A record of what was done in an exit: "SBI set_timer", "load uart", "read time"."""
        kind, detail, first, second, third = record[1], record[2], *record[6:9]
        if kind == SBI:
            return f"SBI {self.sbi(first, second)}"
        if kind == MMIO:
            return f"{'store' if detail & MMIO_WRITE else 'load'} {self.device(detail, third)}"
        return f"{'write' if detail & CSR_WRITE else 'read'} {self.csr(first)}"

    def exit(self, record, inner):
        """The name of an exit; `inner` is the record of what was done in it, or None."""
        scause = record[6]
        if inner is None:
            key = scause, record[2]
        elif inner[1] == MMIO:
            key = MMIO, inner[2] & (MMIO_WRITE | MMIO_MISSING), inner[8]
        else:
            key = inner[1], inner[2], inner[6], inner[7] if inner[1] == SBI else 0
        name = self.exits.get(key)
        if name is None:
            name = self.exits[key] = self._exit_make(record, inner)
        return name

    def _exit_make(self, record, inner):
        if inner is not None and inner[1] in (SBI, MMIO, CSR):
            return self.inner(inner)
        if record[6] == VIRTUAL_INSN and record[2] in WAITS:
            return WAITS[record[2]]
        return self.cause(record[6])
