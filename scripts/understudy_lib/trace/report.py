# SPDX-License-Identifier: BSD-2-Clause
#
# What a trace says in sum, for people: per VM the causes of its exits, how long they took, how
# many came in each second, and from which functions of the guest.

import collections

from .lanes import Lanes

BAR = 40
FUNCTIONS, SECONDS = 20, 30  # lines at most
ELSEWHERE = "(elsewhere)"


def bar(count, most):
    return "#" * (BAR * count // most) if most else ""


def columns(rows):
    """Rows of texts as lines: all but the last column to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [text.rjust(width) for text, width in zip(row[:-1], widths)]
        yield ("  " + "  ".join([*cells, row[-1]])).rstrip()


def at_percent(ordered, percent):
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


class Report:
    def __init__(self, trace, words, symbols):
        """symbols: {VM's name, or None for all: Symbols}"""
        self.trace, self.words, self.symbols = trace, words, symbols
        self.lanes = Lanes(trace)
        self.seconds = trace.seconds(self.lanes.end - self.lanes.begin)

    def lines(self):
        vms = collections.defaultdict(list)
        for (vm, _), exits in self.lanes.exits.items():
            vms[vm] += exits
        total = sum(map(len, vms.values()))
        yield (
            f"{self.trace.path}: {self.trace.count} records, {self.trace.drops} lost; "
            f"{self.seconds:.3f} s, {self.trace.header.harts} harts, {total} exits"
        )
        for vm, exits in sorted(vms.items()):
            yield ""
            yield from self._vm(vm, exits)

    def _us(self, ticks):
        return f"{ticks * 10**6 / self.trace.header.timebase:.1f}"

    def _rate(self, count):
        return f"{count / self.seconds:.0f}" if self.seconds else "-"

    def _vm(self, vm, exits):
        yield f"VM {self.trace.vm_name(vm)}: {len(exits)} exits, {self._rate(len(exits))} a second"
        yield from self._causes(exits)
        yield "  duration of exits"
        yield from self._durations([exit.end - exit.begin for exit in exits])
        yield "  exits in each second"
        yield from self._rates(exits)
        symbols = self.symbols.get(self.trace.vm_name(vm)) or self.symbols.get(None)
        if symbols:
            yield "  functions of the guest"
            yield from self._functions(exits, symbols)

    def _name(self, exit):
        n = self.lanes.inner.get(exit.n)
        inner = None if n is None else self.trace.record(n)
        return self.words.exit(self.trace.record(exit.n), inner)

    def _causes(self, exits):
        ticks = collections.defaultdict(list)
        for exit in exits:
            ticks[self._name(exit)].append(exit.end - exit.begin)
        rows = [("exits", "%", "a second", "us", "mean", "50 %", "99 %", "most", "cause")]
        for name, spent in sorted(ticks.items(), key=lambda item: (-len(item[1]), item[0])):
            spent.sort()
            times = sum(spent), sum(spent) / len(spent), *(at_percent(spent, p) for p in (50, 99))
            rows.append((
                str(len(spent)), f"{100 * len(spent) / len(exits):.1f}", self._rate(len(spent)),
                *map(self._us, (*times, spent[-1])), name,
            ))  # fmt: skip
        return columns(rows)

    def _durations(self, ticks):
        """A line for each power of two of the clock's ticks; the first is less than one tick."""
        counts = collections.Counter(spent.bit_length() for spent in ticks)
        most = max(counts.values())
        rows = [("us", "exits", "")]
        for bits in range(min(counts), max(counts) + 1):
            least = 0 if bits == 0 else 1 << (bits - 1)
            rows.append((f"{self._us(least)} -", str(counts[bits]), bar(counts[bits], most)))
        return columns(rows)

    def _rates(self, exits):
        """At most SECONDS lines, each of as many seconds as that takes."""
        step = max(1, -(-int(self.seconds + 1) // SECONDS))
        ticks = step * self.trace.header.timebase
        counts = collections.Counter((exit.begin - self.lanes.begin) // ticks for exit in exits)
        most = max(counts.values())
        rows = [("s", "a second", "")]
        for i in range(max(counts) + 1):
            rows.append((str(i * step), str(counts[i] // step), bar(counts[i], most)))
        return columns(rows)

    def _functions(self, exits, symbols):
        counts, ticks, names = collections.Counter(), collections.Counter(), {}
        causes = collections.defaultdict(collections.Counter)
        for exit in exits:
            sepc = self.trace.record(exit.n)[7]
            name = names.get(sepc)
            if name is None:
                name = names[sepc] = symbols.find(sepc) or ELSEWHERE
            counts[name] += 1
            ticks[name] += exit.end - exit.begin
            causes[name][self._name(exit)] += 1
        rows = [("exits", "%", "us", "function, and its most common cause")]
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:FUNCTIONS]:
            share, spent = f"{100 * count / len(exits):.1f}", self._us(ticks[name])
            rows.append((str(count), share, spent, f"{name}: {causes[name].most_common(1)[0][0]}"))
        return columns(rows)
