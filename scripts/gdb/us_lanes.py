# SPDX-License-Identifier: BSD-2-Clause
#
# Records of a trace (hyp/trace/record.h) as lanes of text: a lane a hart, a line a record, by time.
# What a record says is the launcher's affair (scripts/understudy_lib/trace). Pure; us_timeline.py
# finds the records.

import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from understudy_lib.trace import record as r  # noqa: E402
from understudy_lib.trace.moments import moment  # noqa: E402

MICRO = 1e6
SIZE = r.SIZE

# The values shown behind a name that does not say them all.
SHOWN = {
    r.ENTRY: ("pc",),
    r.SBI: ("a0", "a1", "error", "value"),
    r.MMIO: ("gpa", "size", "value"),
    r.CSR: ("read", "written"),
    r.INJECT: ("pc", "tval", "handler"),
    r.REQUEST: ("bits",),
    r.BOUND: ("hgatp",),
}


def records_of(data):
    """Of bytes of a ring."""
    return list(r.RECORD.iter_unpack(data))


def by_time(records):
    return sorted(records, key=lambda record: record[0])


def text_of(record, names, words, micros):
    """What it says: its category, its name, its values."""
    if not 0 < record[1] < len(r.KINDS):
        return f"{'?':<10}kind {record[1]}"
    category, name, members = moment(names, words, record)
    if record[1] == r.EXIT:
        verdict = r.word_of(r.VERDICTS, record[2])
        values = f"at {record[7]:#x}, {verdict} after {record[11] * micros:.1f} us"
    else:
        held = json.loads(f"{{{members}}}")
        values = ", ".join(f"{each} {held[each]}" for each in SHOWN.get(record[1], ()))
    return f"{category:<10}{name}" + f"; {values}" * bool(values)


def lines(records, timebase, names, words):
    """Time in microseconds from the first one on; a column a hart, with a mark in that of the
    record; whose it is; what it says. `names` has vcpu_name, as a trace of the launcher."""
    records = by_time(records)
    micros = MICRO / timebase
    harts = sorted({record[3] for record in records})
    whos = [names.vcpu_name(record[4], record[5]) for record in records]
    width = max(map(len, whos), default=0)
    heads = " ".join(f"h{hart:<2}" for hart in harts)
    yield f"{'us':>10}  {heads}  {'who':<{width}}  what"
    for record, who in zip(records, whos):
        marks = " ".join(f"{'*' if hart == record[3] else '|':<3}" for hart in harts)
        text = text_of(record, names, words, micros)
        yield f"{(record[0] - records[0][0]) * micros:>10.1f}  {marks}  {who:<{width}}  {text}"
