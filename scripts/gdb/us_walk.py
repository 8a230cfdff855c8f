# SPDX-License-Identifier: BSD-2-Clause
#
# Both stages of address translation, step by step, and the text that shows them. Pure: memory is a
# function that reads eight bytes at a host physical address. The command is in us_commands.py.
#
# Simplified: MXR, SUM, PBMT and PMP are not looked at; they change who may use a translation, not
# where it leads.

from us_words import bits

PAGE = 1 << 12
MODES = {0: "Bare", 8: "Sv39", 9: "Sv48", 10: "Sv57"}
LEVELS = {8: 3, 9: 4, 10: 5}
SIZES = ("4 KiB", "2 MiB", "1 GiB", "512 GiB", "256 TiB")
FLAGS = "VRWXUGAD"  # bits 0 to 7: Priv 12.4.1 (Sv39)
V, R, W, X, U, G, A, D = (1 << n for n in range(8))
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


def inner_problem(pte):
    """Why a pointer to the next table is no good; None where it is."""
    return "a pointer with A, D or U" if pte & (A | D | U) or pte >> 61 else None


def common_problem(pte):
    """What is wrong with an entry, whatever it is. Priv 12.3.2 (Virtual Address Translation
    Process)"""
    if not pte & V:
        return "the entry is not valid"
    if pte & W and not pte & R:
        return "W without R is reserved"
    return "a reserved bit is set" if bits(pte, 60, 54) else None


def _leaf_take(walk, pte, level, kind):
    """The leaf's size, and where in it the address lies."""
    ppn, size = bits(pte, 53, 10), PAGE << 9 * level
    if pte >> 63:  # Svnapot: 64 KiB
        if level or ppn & 15 != 8:
            return walk.refuse(kind, "N is set in an entry that is not of 64 KiB")
        ppn, size = ppn & ~15, PAGE << 4
    if ppn * PAGE % size:
        return walk.refuse(kind, "the leaf is not aligned to its size")
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
            return walk.refuse("the entry itself cannot be read", via.fault)
        problem = common_problem(pte)
        if not problem and pte & (R | X):
            return _leaf_take(walk, pte, level, kind)
        problem = problem or inner_problem(pte)
        if problem:
            return walk.refuse(kind, f"{problem} (level {level})")
        table = bits(pte, 53, 10) * PAGE
    return walk.refuse(kind, "a pointer where only a leaf can be")


def walk_gstage(hgatp, gpa, read):
    """Priv 21.5.1 (Guest Physical Address Translation)."""
    mode, walk = hgatp >> 60, Walk(gpa)
    if mode == 0:
        walk.result = gpa
        return walk
    if mode not in MODES:
        return walk.refuse("no walk", f"hgatp has the reserved mode {mode}")
    width = 14 + 9 * LEVELS[mode]
    if gpa >> width:
        return walk.refuse(GUEST_PAGE_FAULT, f"the address has more than {width} bits")
    walk = _stage(walk, mode, bits(hgatp, 43, 0), 2, lambda _: None, read, GUEST_PAGE_FAULT)
    if not walk.fault and not walk.flags & U:
        return walk.refuse(GUEST_PAGE_FAULT, "the leaf has no U, and every access counts as user's")
    return walk


def walk_vsstage(vsatp, hgatp, gva, read):
    """Priv 12.3.2, with every table found through the G-stage."""
    mode, walk = vsatp >> 60, Walk(gva)
    if mode == 0:
        walk.result = gva
        return walk
    if mode not in MODES:
        return walk.refuse("no walk", f"vsatp has the reserved mode {mode}")
    width = 12 + 9 * LEVELS[mode]
    if bits(gva, 63, width - 1) not in (0, (1 << (65 - width)) - 1):
        return walk.refuse(PAGE_FAULT, f"bits 63 to {width - 1} of the address are not all alike")
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
    if walk.size is None:
        return "Bare, no table"
    return dict(zip((PAGE << 9 * n for n in range(5)), SIZES)).get(walk.size, "64 KiB") + " leaf"


def _step_lines(walk, space, indent):
    """One line an entry; where the table is the guest's, one more on how it was found."""
    for level, index, entry, hpa, pte, via in walk.steps:
        yield f"{indent}level {level}, entry {index} at {space} {entry:#x}"
        if via:
            found = via.fault or f"hpa {hpa:#x} ({size_text(via)}, {rights_text(via.flags)})"
            yield f"{indent}    G-stage: {found}"
        if pte is not None:
            ppn = bits(pte, 53, 10)
            yield f"{indent}    pte {pte:#018x}  {flags_text(pte)}  ppn {ppn:#x}"


def gstage_lines(hgatp, walk):
    mode = hgatp >> 60
    name = MODES.get(mode, "?") + ("x4" if mode else "")
    yield f"G-stage: {name}, VMID {bits(hgatp, 57, 44)}, gpa {walk.address:#x}"
    yield from _step_lines(walk, "hpa", "  ")
    yield f"  {walk.fault}" if walk.fault else f"  hpa {walk.result:#x}, {size_text(walk)}"


def vsstage_lines(vsatp, walk):
    mode = MODES.get(vsatp >> 60, "?")
    yield f"VS-stage: {mode}, ASID {bits(vsatp, 59, 44)}, gva {walk.address:#x}"
    yield from _step_lines(walk, "gpa", "  ")
    yield f"  {walk.fault}" if walk.fault else f"  gpa {walk.result:#x}, {size_text(walk)}"


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
