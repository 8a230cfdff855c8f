# SPDX-License-Identifier: BSD-2-Clause
#
# The rows of the comparison, their limits, the tables, and the record docs/bench/linux.json.

import json
import statistics

from .machines import ROOT

RECORD = ROOT / "docs/bench/linux.json"

# VM to native, by workload in their order: retired instructions, and QEMU's CPU time.
LIMITS = {
    "boot": (1.03, 1.25),
    "steady": (1.03, None),
    "cpu": (1.02, 1.25),
    "stream": (1.02, 1.25),
    "newpages": (1.02, 1.25),
    "chase": (1.02, 2.2),
    "faults": (1.02, 1.25),
    "syscall": (1.02, 1.25),
    "pipe": (1.02, 1.9),
    "fork": (1.02, 1.25),
    "exec": (1.02, 1.6),
    "timer": (1.02, 1.25),
    "sleep": (1.10, 1.25),
    "hash": (1.02, 1.25),
    "gzip": (1.02, None),
    "console": (4.0, None),
}
WORKLOADS = [name for name in LIMITS if name not in ("boot", "steady")]

MEANING = {
    "bundle": "from our first instruction to the guest's: boot, check and load the bundle",
    "boot": "from the kernel's first instruction to /init",
    "steady": "the same without the tests of the kernel's ciphers, whose keys are chance",
    "cpu": "30 million rounds of shifts and XORs",
    "stream": "15 copies of 8 MiB",
    "newpages": "160 MiB of new memory, touched at every 4 KiB",
    "chase": "2 million dependent loads over 64 MiB",
    "faults": "40960 page faults of 4 KiB",
    "syscall": "500000 getppid",
    "pipe": "10000 bytes to another process and back",
    "fork": "500 fork and exit",
    "exec": "200 fork and exec",
    "timer": "50000 timer_settime",
    "sleep": "1000 sleeps of 500 us",
    "hash": "sha256sum of 8 MiB",
    "gzip": "gzip of 2 MiB",
    "console": "ten times 2000 characters",
}


def record_read():
    return json.loads(RECORD.read_text()) if RECORD.exists() else {}


def record_write(about, tables):
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps({**about, "meaning": MEANING, **tables}, indent=2) + "\n")


def _total(counts):
    return sum(counts.values())


def _mean(numbers):
    return round(statistics.mean(numbers))


def counts_table(runs):
    """{row: figures} from pairs of runs (native, vm) of count.py, each with its own seed: the
    means, and how far the ratios of the pairs lie apart."""
    table = {}
    for name in runs[0][1]:
        natives, insides = ([side.get(name) for side in sides] for sides in zip(*runs))
        row = {key: _mean(inside[key] for inside in insides) for key in ("hypervisor", "firmware")}
        row["vm"] = _mean(map(_total, insides))
        if name in LIMITS:
            ratios = [_total(vm) / _total(native) for native, vm in zip(natives, insides)]
            row["native"] = _mean(map(_total, natives))
            row["ratio"], row["limit"] = round(row["vm"] / row["native"], 4), LIMITS[name][0]
            row["spread"] = round(max(ratios) - min(ratios), 4)
        table[name] = row
    return table


def wall_table(runs):
    """{row: figures} from runs (native, vm) or (native, vm, floor) of wall.py: the least of each
    side."""
    table = {}
    for name in runs[0][1]:
        least = [min(side[name] for side in sides) for sides in zip(*runs) if name in sides[0]]
        if name not in LIMITS:  # a VM alone has it
            table[name] = {"vm": round(least[0], 3)}
            continue
        native, vm, *floor = least
        row = {"vm": round(vm, 3), "native": round(native, 3), "ratio": round(vm / native, 3)}
        row["limit"] = LIMITS[name][1]
        if floor:
            row["floor"], row["to_floor"] = round(floor[0], 3), round(vm / floor[0], 3)
        table[name] = row
    return table


def verdict(row):
    if row.get("limit") is None:
        return ""
    return "ok" if row["ratio"] <= row["limit"] else "OVER"


def _cell(value, width, form=""):
    return f"{'' if value is None else format(value, form):>{width}}"


def table_print(title, table, last, columns):
    """columns: [(key, width, format)] between the name and the ratio."""
    heads = "".join(f"{key:>{width}}" for key, width, _ in columns)
    print(f"\n{title}\n{'workload':10}{heads}{'ratio':>9}{'limit':>7} {'':5}{'last':>9}")
    for name, row in sorted(table.items(), key=lambda item: list(MEANING).index(item[0])):
        cells = "".join(_cell(row.get(key), width, form) for key, width, form in columns)
        before = last.get(name, {}).get("ratio")
        print(f"{name:10}{cells}{_cell(row.get('ratio'), 9, '.4f')}{_cell(row.get('limit'), 7)}"
              f" {verdict(row):5}{_cell(before, 9, '.4f')}".rstrip())
