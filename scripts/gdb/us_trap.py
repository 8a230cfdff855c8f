# SPDX-License-Identifier: BSD-2-Clause
#
# Traps, for `us trap`. The words are us_words.py's; here is where the registers come from.

import gdb
import us_words
from us_target import Hart, fail

SPV = 1 << 7  # hstatus: the trap came from V=1
SPP = 1 << 8  # sstatus
FIELDS = ("scause", "stval", "htval", "htinst")  # the head of struct trap, in order


def _frame_trap():
    """The struct trap of the selected frame, or of the nearest caller that has one."""
    frame = gdb.selected_frame()
    while frame is not None:
        try:
            trap = frame.read_var("trap")
            if trap.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
                trap = trap.dereference()
            return {name: int(trap[name]) for name in FIELDS}, frame.name()
        except (ValueError, gdb.error):
            frame = frame.older()
    fail("no frame here has a `trap`; stop in exit_handle or below it")


def _fault_lines(trap):
    """htval and htinst, which mean something for guest-page faults only."""
    if trap["scause"] not in us_words.GUEST_PAGE_FAULTS:
        yield f"htval    {trap['htval']:#018x}  (nothing: not a guest-page fault)"
        yield f"htinst   {trap['htinst']:#018x}  (left from an earlier trap)"
        return
    if trap["htval"]:
        gpa = us_words.gpa_of(trap["htval"], trap["stval"], trap["htinst"])
        yield f"htval    {trap['htval']:#018x}  guest physical address {gpa:#x}"
    else:
        yield f"htval    {0:#018x}  not given, or address 0: see `us walk` of stval"
    yield f"htinst   {trap['htinst']:#018x}  {us_words.htinst_words(trap['htinst'])}"


def _cause_line(name, scause, sepc=1):
    words = us_words.cause_words(scause) if scause or sepc else "no trap yet"
    return f"{name:8} {scause:#018x}  {words}"


def _status_lines(hart):
    """hstatus and sstatus belong to HS and are not in struct trap: always the hart's."""
    hstatus, sstatus = hart.csr("hstatus"), hart.csr("sstatus")
    lines = list(us_words.hstatus_lines(hstatus))
    yield f"hstatus  {hstatus:#018x}  {lines[0]}"
    for line in lines[1:]:
        yield " " * 29 + line
    if not hart.virtual:
        spp = 1 if sstatus & SPP else 0
        mode = (("U", "HS"), ("VU", "VS"))[bool(hstatus & SPV)][spp]
        yield f"sstatus  {sstatus:#018x}  SPP={spp}: the trap came from {mode}-mode"


def trap_lines():
    """The trap that the hart's registers hold."""
    hart = Hart()
    trap = {name: hart.csr(name) for name in FIELDS}
    if hart.virtual:
        yield f"hart {hart.hartid}, in its guest ({hart.mode}-mode): the guest's own registers;"
        yield "QEMU hides HS-mode's until the next exit"
        yield _cause_line("vscause", trap["scause"], hart.csr("sepc"))
        yield f"vsepc    {hart.csr('sepc'):#018x}"
        yield f"vstval   {trap['stval']:#018x}"
    else:
        yield f"hart {hart.hartid}, in {hart.mode}-mode: the last trap to HS-mode"
        yield _cause_line("scause", trap["scause"], hart.csr("sepc"))
        yield f"sepc     {hart.csr('sepc'):#018x}"
        yield f"stval    {trap['stval']:#018x}"
        yield from _fault_lines(trap)
    yield from _status_lines(hart)


def frame_lines():
    """The trap that the handlers see."""
    trap, name = _frame_trap()
    yield f"struct trap of {name}"
    yield _cause_line("scause", trap["scause"])
    yield f"stval    {trap['stval']:#018x}"
    yield from _fault_lines(trap)
