# SPDX-License-Identifier: BSD-2-Clause
#
# Traps: `us trap` and `us break-cause`. The words are us_words.py's; here is where the registers
# come from.

import gdb
import us_data
import us_words
from us_target import Hart, fail, read_word

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


class CauseBreak(gdb.Breakpoint):
    """Stops at exit_handle for one cause, and one VM or vCPU where they are given. It stands at
    an address, so that it stays while other symbols are shown."""

    def __init__(self, matches, vm, vcpu):
        super().__init__(f"*{us_data.function('exit_handle'):#x}")
        self.matches, self.vm, self.vcpu = matches, vm, vcpu

    def stop(self):
        frame = gdb.newest_frame()
        # A breakpoint is a virtual address: a guest may have code there too. With V=1 SPV is 0;
        # at this place in the hypervisor it is 1. Priv 21.6.2 (Trap Entry), 21.6.4 (Trap Return)
        if not int(frame.read_register("hstatus")) & SPV:
            return False
        scause = read_word(int(frame.read_register("a1")))
        if not self.matches(scause):
            return False
        vcpu = us_data.pointer_to("struct vcpu", int(frame.read_register("a0")))
        if self.vm not in (None, vcpu["vm"]["name"].string()):
            return False
        if self.vcpu not in (None, int(vcpu["id"])):
            return False
        where = f"{us_data.vcpu_text(vcpu)} at {int(vcpu['regs']['sepc']):#x}"
        gdb.write(f"{us_words.cause_words(scause)}; {where}\n")
        return True
