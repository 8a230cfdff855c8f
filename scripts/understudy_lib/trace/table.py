# SPDX-License-Identifier: BSD-2-Clause
#
# Comma-separated values (RFC 4180): a row for each record, in the order of the file.

import csv

from . import record as r
from .moments import moment

COLUMNS = (
    "n", "ns", "kind", "detail", "hart", "vm", "name", "vcpu", "what",
    *(f"value{i}" for i in range(6)),
)  # fmt: skip


def _index(number):
    return "" if number == r.NOBODY else number


def rows(trace, words):
    timebase = trace.header.timebase
    for n, record in enumerate(trace.records()):
        time, kind, detail, hart, vm, vcpu, *values = record
        known = 0 < kind < len(r.KINDS)
        what = moment(trace, words, record)[1] if known else ""
        name = "" if vm == r.NOBODY else trace.vm_name(vm)
        yield (n, time * 10**9 // timebase, r.KINDS[kind] if known else kind, detail, hart,
               _index(vm), name, _index(vcpu), what, *map(hex, values))  # fmt: skip


def table_write(file, trace, words):
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(trace, words))
