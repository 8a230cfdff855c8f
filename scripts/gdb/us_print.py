# SPDX-License-Identifier: BSD-2-Clause
#
# How `print` shows a VM, a vCPU, a trap, a page-table entry, a verdict; `print/r` shows their
# fields. $us_vm("linux") and $us_vcpu("linux", 1) are values to print, in whatever world the hart
# is. `us pte` takes an entry apart.

import contextlib

import gdb
import gdb.printing
import us_data
import us_tables
import us_walk
import us_words
from us_command import Command, number
from us_target import Hart, fail, physical
from us_walk import PAGE, bits

VS_OR_VU = ("VU", "VS")
SPP = 1 << 8  # sstatus
MEMORY_TYPES = {1: "PBMT NC: main memory, not cached", 2: "PBMT IO: a device's, not cached"}


@contextlib.contextmanager
def hypervisor_memory():
    """Inside, memory is the hypervisor's, also while the hart is in a guest."""
    stopped = gdb.selected_thread() and Hart().virtual
    with physical() if stopped else contextlib.nullcontext():
        yield


class Printer:
    """Lines of a struct; the first stands behind GDB's own "$1 = "."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        with hypervisor_memory():
            if self.value.is_lazy and self.value.address is not None:
                self.value = us_data.pointer_to(self.value.type.name, int(self.value.address))
                self.value = self.value.dereference()
            return "\n  ".join(self.lines(self.value))


def code_text(address):
    """An address, and its place in the symbols that are shown."""
    place = gdb.execute(f"info symbol {address:#x}", to_string=True).split(" in ")[0]
    known = not place.startswith("No symbol")
    return f"{address:#x}" + f" <{place.replace(' + ', '+')}>" * known


class VcpuPrinter(Printer):
    """struct vcpu"""

    def lines(self, vcpu):
        yield us_data.vcpu_text(vcpu)
        yield f"state     {self.state(vcpu)}"
        mode = VS_OR_VU[bool(int(vcpu["regs"]["sstatus"]) & SPP)]
        yield f"guest     {mode}-mode at {code_text(int(vcpu['regs']['sepc']))}, when it last left"
        last = us_data.newest_trap(vcpu)
        words = us_words.cause_words(int(last["scause"])) if us_data.exits(vcpu) else "none yet"
        yield f"exits     {us_data.exits(vcpu)}, the last: {words}"
        yield f"requests  {us_data.requests_text(vcpu)}"

    def state(self, vcpu):
        hsm = us_data.enum_name("sbi_hsm_state", "SBI_HSM_", vcpu["hsm_state"])
        if not vcpu["home"]:
            return f"{hsm}, no hart"
        hartid = int(vcpu["home"]["hartid"])
        if us_data.loaded_vcpu(hartid) == vcpu.address:
            return f"{hsm}, loaded on hart {hartid}"
        return f"{hsm}, {'blocked' if int(vcpu['is_blocked']) else 'ready'}, home hart {hartid}"


class VmPrinter(Printer):
    """struct vm"""

    def lines(self, vm):
        yield f"VM {vm['name'].string()}, id {int(vm['id'])}"
        reason = vm["reason"].string()
        state = us_data.enum_name("vm_state", "VM_", vm["state"])
        yield f"state     {state}" + f": {reason}" * bool(reason)
        yield f"vCPUs     {int(vm['vcpu_count'])}, at {int(vm['vcpus']):#x}"
        memory, gstage = int(vm["config"]["memory"]), vm["gstage"]
        yield f"memory    {memory >> 20} MiB, G-stage root at hpa {int(gstage['root']):#x}"
        yield f"guest     entry {int(vm['entry']):#x}, device tree {int(vm['fdt']):#x}"
        devices = (f"{name} {base:#x}" for name, base, _ in us_data.devices(vm))
        yield f"devices   {', '.join(devices)}"


class TrapPrinter(Printer):
    """struct trap"""

    def lines(self, trap):
        scause, stval = int(trap["scause"]), int(trap["stval"])
        yield f"{us_words.cause_words(scause)}, pc {code_text(int(trap['pc']))}"
        if stval:
            yield f"stval     {stval:#x}"
        if scause in us_words.GUEST_PAGE_FAULTS:
            htinst = int(trap["htinst"])
            yield f"gpa       {us_data.trap_gpa(trap):#x}"
            yield f"htinst    {htinst:#x}, {us_words.htinst_words(htinst)}"


class VerdictPrinter:
    """enum exit_verdict"""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        number = int(self.value)
        names = {field.enumval: field.name for field in self.value.type.strip_typedefs().fields()}
        words = us_tables.verdict(number)
        return f"{names.get(number, number)}" + (f": {words}" if words else "")


class LeafPrinter(Printer):
    """struct gstage_leaf, struct walk_step"""

    def lines(self, value):
        pte, level = int(value["pte"]), int(value["level"])
        where = f"hpa {int(value['hpa']):#x}"
        yield f"level {level}, {where}, pte {pte:#018x}  {us_walk.flags_text(pte)}"


RWX = us_walk.R | us_walk.W | us_walk.X
WHY_RESERVED = (  # Priv 12.4.1 (Sv39)
    (lambda pte: bits(pte, 60, 54), "bits 60 to 54 are not zero"),
    (lambda pte: pte & us_walk.W and not pte & us_walk.R, "W without R"),
    (lambda pte: pte & (us_walk.A | us_walk.D | us_walk.U), "A, D or U in a pointer"),
    (lambda pte: bits(pte, 63, 61), "N or PBMT in a pointer"),
)


def pte_lines(pte, level=None):
    """An entry in words. `level`: of its table, where that is known."""
    yield f"pte {pte:#018x}  {us_walk.flags_text(pte)}  ppn {bits(pte, 53, 10):#x}"
    address = bits(pte, 53, 10) * PAGE
    problem = us_walk.entry_problem(pte, 1 if level is None else level)
    if problem:
        why = next((words for test, words in WHY_RESERVED if test(pte)), "")
        yield f"fault: {problem}" + (f" ({why})" if problem == us_walk.RESERVED else "")
    elif pte & RWX:
        yield from _leaf_lines(pte, level, address)
    else:
        yield f"pointer to the next table, at {address:#x}"


def _leaf_lines(pte, level, address):
    size = f"{us_walk.SIZES[level]} at " if level is not None else ""
    who = "user mode (at the G-stage: everybody)" if pte & us_walk.U else "supervisor mode"
    yield f"leaf, {size}{address:#x}: {us_walk.rights_text(pte)} for {who}"
    if level is not None and address % (PAGE << 9 * level):
        yield f"fault: {us_walk.MISALIGNED}"
    if pte >> 63:
        yield "N: one of 16 entries for 64 KiB"
    if bits(pte, 62, 61) in MEMORY_TYPES:
        yield MEMORY_TYPES[bits(pte, 62, 61)]
    if not pte & us_walk.A:
        yield "A is clear: any access faults, or sets it"
    elif pte & us_walk.W and not pte & us_walk.D:
        yield "D is clear: a store faults, or sets it"
    if bits(pte, 9, 8):
        yield f"bits 9:8, software's, are {bits(pte, 9, 8)}"


class Pte(Command):
    """A page-table entry in words; both stages have the same form.
    Usage: us pte VALUE [LEVEL]
    VALUE is an expression without spaces, LEVEL that of its table: 0 where leaves are of 4 KiB."""

    name, usage, words = "pte", " VALUE [LEVEL]", range(1, 3)

    def lines(self, text, level=None):
        if level is not None and (not level.isdecimal() or int(level) >= len(us_walk.SIZES)):
            fail(f"LEVEL: {level!r} is not one of 0 to {len(us_walk.SIZES) - 1}")
        return pte_lines(number(text, "pte"), None if level is None else int(level))


class VmFunction(gdb.Function):
    """$us_vm(NAME): the struct vm of a VM, by name or id."""

    def __init__(self):
        super().__init__("us_vm")

    def invoke(self, vm):
        with hypervisor_memory():
            found = us_data.chosen_vcpus(_text(vm))[0]["vm"].dereference()
            found.fetch_lazy()
            return found


class VcpuFunction(gdb.Function):
    """$us_vcpu(VM, VCPU): a struct vcpu, by its VM's name or id and its number."""

    def __init__(self):
        super().__init__("us_vcpu")

    def invoke(self, vm, vcpu):
        with hypervisor_memory():
            found = us_data.chosen_vcpus(_text(vm), str(int(vcpu)))[0].dereference()
            found.fetch_lazy()
            return found


def _text(value):
    is_number = value.type.strip_typedefs().code == gdb.TYPE_CODE_INT
    return str(int(value)) if is_number else value.string()


def printers_add():
    collection = gdb.printing.RegexpCollectionPrettyPrinter("understudy")
    for name, printer in (
        ("vcpu", VcpuPrinter),
        ("vm", VmPrinter),
        ("trap", TrapPrinter),
        ("exit_verdict", VerdictPrinter),
        ("gstage_leaf", LeafPrinter),
        ("walk_step", LeafPrinter),
    ):
        collection.add_printer(name, f"^{name}$", printer)
    gdb.printing.register_pretty_printer(None, collection, replace=True)
    VmFunction()
    VcpuFunction()


COMMANDS = (Pte,)
