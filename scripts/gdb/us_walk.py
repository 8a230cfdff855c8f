# SPDX-License-Identifier: BSD-2-Clause
#
# Both stages of address translation, step by step, and the text that shows them, as hyp/mem/walk.c
# and walk_draw.c do from inside; the words are theirs. Pure: memory is a function that reads eight
# bytes at a host physical address. The command is in us_commands.py.
#
# Simplified: MXR, SUM, PBMT and PMP are not looked at; they change who may use a translation, not
# where it leads.

from us_words import bits

PAGE = 1 << 12
MODES = {0: "Bare", 8: "Sv39", 9: "Sv48", 10: "Sv57"}
LEVELS = {8: 3, 9: 4, 10: 5}
SV39X4 = 8
SIZES = ("4 KiB", "2 MiB", "1 GiB", "512 GiB", "256 TiB")
FLAGS = "VRWXUGAD"  # bits 0 to 7: Priv 12.4.1 (Sv39)
V, R, W, X, U, G, A, D = (1 << n for n in range(8))
# walk_end_text
NO_MODE = "no such mode"
WIDTH = "address too wide for the mode"
NO_MEMORY = "table is not in memory"
INVALID = "entry not valid"
RESERVED = "reserved bits in the entry"
MISALIGNED = "leaf not aligned to its size"
NO_LEAF = "pointer instead of a leaf"
NO_USER = "leaf without U, and every access counts as user's"  # ours always have it

GUEST_PAGE_FAULT = "guest-page fault (20 fetch, 21 load, 23 store)"
PAGE_FAULT = "page fault (12 fetch, 13 load, 15 store)"


class Walk:
    """What a stage did with an address. `fault` is None where it led to `result`."""

    def __init__(self, address):
        self.address, self.result = address, None
        self.steps = []  # (level, index, entry's address, its hpa, the entry, Walk or None)
        self.fault, self.flags, self.size = None, R | W | X | U, None  # size None: Bare

    def refuse(self, kind, why):
        self.fault = f"{kind}: {why}"
        return self


def entry_problem(pte, level):
    """What is wrong with an entry, None where nothing is. Priv 12.3.2 (Virtual Address Translation
    Process); reserved bits: Priv 12.4.1 (Sv39)"""
    if not pte & V:
        return INVALID
    if bits(pte, 60, 54) or (pte & W and not pte & R):
        return RESERVED
    if pte & (R | W | X):
        return None
    if pte & (A | D | U) or pte >> 61:
        return RESERVED
    return None if level else NO_LEAF


def _leaf_take(walk, pte, level, kind):
    """The leaf's size, and where in it the address lies."""
    ppn, size = bits(pte, 53, 10), PAGE << 9 * level
    if pte >> 63:  # Svnapot: 64 KiB
        if level or ppn & 15 != 8:
            return walk.refuse(kind, RESERVED)
        ppn, size = ppn & ~15, PAGE << 4
    if ppn * PAGE % size:
        return walk.refuse(kind, MISALIGNED)
    walk.flags, walk.size = pte, size
    walk.result = ppn * PAGE + walk.address % size
    return walk


def _stage(walk, mode, root, extra, locate, read, kind):
    """One stage of `mode`; its root has 2**extra times as many entries. `locate` makes a table
    entry's address a Walk whose result is its hpa, or gives None where it is one already."""
    table = root * PAGE
    for level in reversed(range(LEVELS[mode])):
        low = 12 + 9 * level
        high = low + 8 + (extra if level == LEVELS[mode] - 1 else 0)
        entry = table + 8 * bits(walk.address, high, low)
        via = locate(entry)
        hpa = via.result if via else entry
        pte = read(hpa) if hpa is not None else None
        walk.steps.append((level, bits(walk.address, high, low), entry, hpa, pte, via))
        if via and via.fault:
            return walk.refuse(GUEST_PAGE_FAULT, NO_MEMORY)
        problem = entry_problem(pte, level)
        if problem:
            return walk.refuse(kind, problem)
        if pte & (R | X):
            return _leaf_take(walk, pte, level, kind)
        table = bits(pte, 53, 10) * PAGE


def walk_gstage(hgatp, gpa, read):
    """Priv 21.5.1 (Guest Physical Address Translation)."""
    mode, walk = hgatp >> 60, Walk(gpa)
    if mode == 0:
        walk.result = gpa
        return walk
    if mode not in MODES:
        return walk.refuse(GUEST_PAGE_FAULT, NO_MODE)
    width = 14 + 9 * LEVELS[mode]
    if gpa >> width:
        return walk.refuse(GUEST_PAGE_FAULT, WIDTH)
    walk = _stage(walk, mode, bits(hgatp, 43, 0), 2, lambda _: None, read, GUEST_PAGE_FAULT)
    if not walk.fault and not walk.flags & U:
        return walk.refuse(GUEST_PAGE_FAULT, NO_USER)
    return walk


def walk_vsstage(vsatp, hgatp, gva, read):
    """Priv 12.3.2, with every table found through the G-stage."""
    mode, walk = vsatp >> 60, Walk(gva)
    if mode == 0:
        walk.result = gva
        return walk
    if mode not in MODES:
        return walk.refuse(PAGE_FAULT, NO_MODE)
    width = 12 + 9 * LEVELS[mode]
    if bits(gva, 63, width - 1) not in (0, (1 << (65 - width)) - 1):
        return walk.refuse(PAGE_FAULT, WIDTH)
    return _stage(
        walk,
        mode,
        bits(vsatp, 43, 0),
        0,
        lambda gpa: walk_gstage(hgatp, gpa, read),
        read,
        PAGE_FAULT,
    )


def flags_text(pte):
    return " ".join(name if pte >> n & 1 else "-" for n, name in enumerate(FLAGS))


def size_text(walk):
    """What it led to."""
    if walk.size is None:
        return "no table"
    return dict(zip((PAGE << 9 * n for n in range(5)), SIZES)).get(walk.size, "64 KiB") + " leaf"


def _entry_line(pte):
    return f"pte {pte:#018x}  {flags_text(pte)}  ppn {bits(pte, 53, 10):#x}"


def _end_line(walk, space):
    return walk.fault or f"{space} {walk.result:#x}, {size_text(walk)}"


def _gstage_steps(walk, indent):
    for level, index, entry, _hpa, pte, _via in walk.steps:
        yield f"{indent}level {level}, entry {index} at hpa {entry:#x}"
        yield f"{indent}    {_entry_line(pte)}"
    yield indent + _end_line(walk, "hpa")


def _place_lines(via, is_full):
    """How the G-stage found an entry of the guest's tables."""
    if is_full:
        yield f"      G-stage: gpa {via.address:#x}"
        yield from _gstage_steps(via, " " * 8)
    else:
        rights = "" if via.fault else f" ({size_text(via)}, {rights_text(via.flags)})"
        yield f"      G-stage: {via.fault or f'hpa {via.result:#x}'}{rights}"


def gstage_lines(hgatp, walk):
    mode = hgatp >> 60
    name = MODES.get(mode, "no mode") + ("x4" if mode in LEVELS else "")
    yield f"G-stage: {name}, VMID {bits(hgatp, 57, 44)}, gpa {walk.address:#x}"
    yield from _gstage_steps(walk, "  ")


def vsstage_lines(vsatp, walk, is_full=False):
    """`is_full`: with the G-stage's walk to each entry of the guest's tables."""
    mode = MODES.get(vsatp >> 60, "no mode")
    yield f"VS-stage: {mode}, ASID {bits(vsatp, 59, 44)}, gva {walk.address:#x}"
    for level, index, entry, _hpa, pte, via in walk.steps:
        yield f"  level {level}, entry {index} at gpa {entry:#x}"
        yield from _place_lines(via, is_full)
        if pte is not None:
            yield f"      {_entry_line(pte)}"
    yield "  " + _end_line(walk, "gpa")


def rights_text(flags):
    return "".join(name for bit, name in ((R, "R"), (W, "W"), (X, "X")) if flags & bit) or "none"


def _notes(walk, stage):
    if walk.size is None:
        return
    if not walk.flags & A:
        yield f"{stage}: A is clear, any access faults or sets it"
    elif walk.flags & W and not walk.flags & D:
        yield f"{stage}: D is clear, a store faults or sets it"


def summary_lines(vs_walk, g_walk):
    """What comes out of both together."""
    rights = rights_text(vs_walk.flags & g_walk.flags)
    paged = vs_walk.size is not None
    who = ("VU-mode" if vs_walk.flags & U else "VS-mode") if paged else "VS- and VU-mode"
    yield (
        f"gva {vs_walk.address:#x} -> gpa {vs_walk.result:#x} -> hpa {g_walk.result:#x}, "
        f"rights {rights} ({who})"
    )
    yield from _notes(vs_walk, "VS-stage")
    yield from _notes(g_walk, "G-stage")
