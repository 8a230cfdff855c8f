# SPDX-License-Identifier: BSD-2-Clause
#
# `us exits`: why vCPUs left their guests. Counts are kept in runs with --stats, --monitor or
# --control (hyp/exit/exit_stats.c, whose rows these are); the last 16 exits of each vCPU always
# (vcpu->traps).

import us_data
import us_words
from us_command import Command
from us_target import Hart, physical

MICRO = 1000000
SOME = 4  # exits shown where several vCPUs are


def _about(vm, trap):
    """What one kept exit was about, as far as struct trap tells."""
    scause, stval = int(trap["scause"]), int(trap["stval"])
    if scause in us_words.GUEST_PAGE_FAULTS:
        gpa = us_data.trap_gpa(trap)
        return f"gpa {gpa:#x}, {us_data.device_name(vm, gpa)}"
    return f"stval {stval:#x}" if stval else ""


def kept_lines(vcpu, most):
    traps = us_data.traps(vcpu)[:most]
    if traps:
        yield "  {:>4}  {:<18}  {}".format("back", "pc", "cause")
    for back, trap in enumerate(traps):
        words = us_words.cause_words(int(trap["scause"]))
        about = _about(vcpu["vm"], trap)
        yield f"  {back:>4}  {int(trap['pc']):#018x}  {words}" + f"; {about}" * bool(about)


def _call_name(place):
    """Of the index of extensions in sbi/sbi.c."""
    extensions = us_data.variable("extensions", "hyp/sbi/sbi.c")
    if place > extensions.type.range()[1]:
        return "unknown"
    return extensions[place]["name"].string()


def _rows(vcpu):
    """(struct exit_count, scause, what), as exit_stats_visit."""
    counts = vcpu["counts"].dereference()
    names = [name for name, _, _ in us_data.devices(vcpu["vm"])] + ["no device"]
    arrays = (
        ("exceptions", lambda i: i, lambda i: ""),
        ("interrupts", lambda i: i | us_words.INTERRUPT, lambda i: ""),
        ("calls", lambda i: 10, _call_name),
        ("loads", lambda i: 21, lambda i: names[min(i, len(names) - 1)]),
        ("stores", lambda i: 23, lambda i: names[min(i, len(names) - 1)]),
    )
    for array, scause, what in arrays:
        for i in range(counts[array].type.range()[1] + 1):
            if int(counts[array][i]["count"]):
                yield counts[array][i], scause(i), what(i)


def count_lines(vcpu):
    timebase = int(us_data.variable("caps")["timebase"])
    rows = sorted(_rows(vcpu), key=lambda row: -int(row[0]["count"]))
    if rows:
        yield "  {:>10} {:>10}  {}".format("count", "us", "cause")
    for row, scause, what in rows:
        micros = int(row["ticks"]) * MICRO // timebase
        words = us_words.cause_words(scause) + f"; {what}" * bool(what)
        yield f"  {int(row['count']):>10} {micros:>10}  {words}"


class Exits(Command):
    """Why vCPUs left their guests: counts by cause and time, and the last exits, newest first.
    Usage: us exits                  all vCPUs, the last 4 exits of each
           us exits VM [VCPU]        of one VM or vCPU, the last 16
    `us explain BACK VM VCPU` says one of them in full. Counts are kept in runs with --stats,
    --monitor or --control."""

    name, usage, words = "exits", " [VM [VCPU]]", range(0, 3)

    def lines(self, vm=None, vcpu=None):
        Hart()
        with physical():
            for each in us_data.chosen_vcpus(vm, vcpu):
                counted = "" if each["counts"] else ", not counted by cause"
                yield f"{us_data.vcpu_text(each)}: {us_data.exits(each)} exits{counted}"
                if each["counts"]:
                    yield from count_lines(each)
                yield from kept_lines(each, SOME if vm is None else None)


COMMANDS = (Exits,)
