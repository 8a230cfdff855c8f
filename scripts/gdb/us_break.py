# SPDX-License-Identifier: BSD-2-Clause
#
# `us break-cause`: stop at the next exit of a VM with some cause. What makes it fast is the place:
# each cause has a handler (hyp/exit/exit.c), each SBI extension and each device has one, and so has
# the emulation of CSRs; a breakpoint there lets all other exits pass by untouched. What was the
# cause is looked up in the vCPU whose exit the hart handles.

import gdb
import us_data
import us_tables
import us_words
from us_command import Command
from us_target import fail, physical, selected_thread

SPV = 1 << 7  # hstatus: the trap came from V=1
REG_A6, REG_A7 = 16, 17
NO_DEVICE = "none"
ACCESSES = {"read": 21, "write": 23}

# Who handles a cause, as the table of hyp/exit/exit.c says.
HANDLERS = {3: "exit_breakpoint", 10: "exit_ecall", 20: "exit_fetch_fault", 21: "exit_load_fault"}
HANDLERS |= {22: "exit_virtual_insn", 23: "exit_store_fault"}
HANDLERS |= {code: "exit_reflect" for code in (*range(3), *range(4, 9), 12, 13, 15, 18)}


def handler_of(scause):
    if scause & us_words.INTERRUPT:
        return "exit_interrupt"
    return HANDLERS.get(scause, "exit_unexpected")


class Cause:
    """What is waited for: the function where it shows, and whether it is what came there. `text`
    says what came, where that is more than its cause."""

    place = file = None

    def matches(self, vcpu, frame):
        return True

    def text(self, vcpu):
        return ""


class AnyInterrupt(Cause):
    place = "exit_interrupt"


class Code(Cause):
    def __init__(self, scause):
        self.scause, self.place = scause, handler_of(scause)

    def matches(self, vcpu, frame):
        return int(us_data.newest_trap(vcpu)["scause"]) == self.scause


class Call(Cause):
    """An SBI call: of a whole extension, or of one function, (a7, a6)."""

    def __init__(self, call, function=None):
        self.call, self.function = call, function
        self.place, self.file = "handle", f"hyp/sbi/sbi_{call['name'].lower()}.c"
        if not us_data.exists(self.place, self.file):  # an extension that we do not have
            self.place, self.file = "exit_ecall", None

    def matches(self, vcpu, frame):
        registers = vcpu["regs"]["x"]
        a7, a6 = int(registers[REG_A7]), int(registers[REG_A6])
        if self.function:
            return a7 == self.function[0] and self.function[1] in (None, a6)
        return a7 in self.call["extensions"]

    def text(self, vcpu):
        registers = vcpu["regs"]["x"]
        return us_tables.call_text(int(registers[REG_A7]), int(registers[REG_A6]))


class Csr(Cause):
    """A CSR instruction that is not the guest's to execute. Its decoding is in a1."""

    place = "csr_emulate"

    def __init__(self, number, name):
        self.number, self.name = number, name

    def matches(self, vcpu, frame):
        insn = us_data.pointer_to("struct insn", int(frame.read_register("a1")))
        return int(insn["csr"]) == self.number

    def text(self, vcpu):
        return f"CSR {self.name}"


class Access(Cause):
    """A load or store of the guest that a device answers, or none does."""

    def __init__(self, act, device):
        self.scause, self.device = ACCESSES[act], device
        names = (f"v{device}_{act}", f"v{device}_map_{act}")  # as vuart_read
        self.place = next(filter(us_data.exists, names), HANDLERS[self.scause])

    def matches(self, vcpu, frame):
        trap = us_data.newest_trap(vcpu)
        if int(trap["scause"]) != self.scause:
            return False
        return us_data.device_name(vcpu["vm"], us_data.trap_gpa(trap)) == self.device

    def text(self, vcpu):
        gpa = us_data.trap_gpa(us_data.newest_trap(vcpu))
        return f"{'no device' if self.device == NO_DEVICE else self.device} at {gpa:#x}"


class CauseBreak(gdb.Breakpoint):
    """It stands at an address, so that it stays while other symbols are shown."""

    def __init__(self, said, cause, vm, vcpu, once):
        address = us_data.function(cause.place, cause.file)
        super().__init__(f"*{address:#x}", temporary=once)
        self.said, self.cause, self.vm, self.vcpu = said, cause, vm, vcpu

    def is_wanted(self, vcpu):
        if self.vcpu not in (None, int(vcpu["id"])):
            return False
        return self.vm is None or us_data.vm_is(vcpu["vm"], self.vm)

    def stop(self):
        frame = gdb.newest_frame()
        # A breakpoint is a virtual address: a guest may have code there too. With V=1 SPV is 0;
        # at this place in the hypervisor it is 1. Priv 21.6.2 (Trap Entry), 21.6.4 (Trap Return)
        if not int(frame.read_register("hstatus")) & SPV:
            return False
        hart = us_data.pointer_to("struct hart", int(frame.read_register("tp")))
        vcpu = hart["loaded"]
        if not vcpu or not self.is_wanted(vcpu) or not self.cause.matches(vcpu, frame):
            return False
        text = self.cause.text(vcpu)
        words = us_words.cause_words(int(us_data.newest_trap(vcpu)["scause"]))
        where = f"{us_data.vcpu_text(vcpu)} at {int(vcpu['regs']['sepc']):#x}"
        gdb.write("; ".join(filter(None, (words, text, where))) + "\n")
        return True


def _number(text):
    try:
        return int(text, 0)
    except ValueError:
        return None


def _function_find(call, text):
    """(a7, a6) of a function by its name or number; None where the text is neither."""
    if text in call["functions"]:
        return call["functions"][text]
    number = _number(text)
    if number is None:
        return None
    return (number, None) if call["name"] == us_tables.LEGACY else (min(call["extensions"]), number)


def _call_take(arguments):
    """`sbi NAME [FUNCTION]`. What follows NAME is a function if it is a number or the name of one;
    else it is the VM."""
    if not arguments:
        fail("break-cause sbi: which extension? TAB lists them")
    call = us_tables.call_find(arguments[0])
    if call is None:
        fail(f"unknown SBI extension {arguments[0]!r}; TAB after `us break-cause sbi ` lists them")
    rest = arguments[1:]
    function = _function_find(call, rest[0]) if rest else None
    return Call(call, function), rest[1:] if function else rest


def _csr_take(arguments):
    if not arguments:
        fail("break-cause csr: which CSR? TAB lists them")
    text = arguments[0]
    number = us_tables.csrs().get(text, _number(text))
    if number is None or not 0 <= number < 1 << 12:
        fail(f"unknown CSR {text!r}; TAB after `us break-cause csr ` lists them")
    return Csr(number, text), arguments[1:]


def _access_take(act):
    def take(arguments):
        if not arguments:
            fail("break-cause: of which device? As uart or plic; or none")
        return Access(act, arguments[0]), arguments[1:]

    return take


KINDS = {
    "sbi": _call_take,
    "csr": _csr_take,
    "load": _access_take("read"),
    "store": _access_take("write"),
    "interrupt": lambda arguments: (AnyInterrupt(), arguments),
}


def cause_take(arguments):
    """The cause at the head of `arguments`, and the arguments behind it."""
    first = arguments[0]
    if first in KINDS:
        return KINDS[first](arguments[1:])
    scause = us_words.cause_number(first)
    if scause is None:
        fail(f"unknown cause {first!r}; TAB after `us break-cause ` lists the names")
    return Code(scause), arguments[1:]


class BreakCause(Command):
    """Stop at the next exits with one cause, in the function that handles it.
    Usage: us break-cause [--next] CAUSE [VM [VCPU]]
           us break-cause             lists those that stand
    CAUSE is one of
      a number as in scause, or a name: ecall_vs, load_guest_page_fault, sti ... (press TAB)
      interrupt              any interrupt of the hart
      sbi NAME [FUNCTION]    an SBI call: sbi TIME, sbi HSM hart_start, sbi 0x10 3
      csr NAME               an instruction with this CSR, by name or number
      load DEVICE, store DEVICE
                             an access to a device: uart, plic ...; none: where there is no device
    VM is a name or an id, VCPU a number. --next: stop once. Delete it as any breakpoint."""

    name, usage, words = "break-cause", " [--next] CAUSE [VM [VCPU]]", range(0, 7)

    def lines(self, *arguments):
        if not arguments:
            standing = [each for each in gdb.breakpoints() if isinstance(each, CauseBreak)]
            return [f"{each.number:<4} {each.said}" for each in standing]
        said, once = " ".join(arguments), arguments[0] == "--next"
        arguments = list(arguments[once:])
        if not arguments:
            fail(f"usage: us {self.name}{self.usage}")
        cause, rest = cause_take(arguments)
        if len(rest) > 2:
            fail(f"usage: us {self.name}{self.usage}")
        vm, vcpu = (rest + [None, None])[:2]
        if vcpu is not None and not vcpu.isdecimal():
            fail(f"vCPU: {vcpu!r} is not a number")
        selected_thread()
        CauseBreak(said, cause, vm, int(vcpu) if vcpu else None, once)
        return self.doubts(cause, vm, vcpu)

    def doubts(self, cause, vm, vcpu):
        """What may be a mistake: such a VM, vCPU or device may still come, so it is no error."""
        with physical():
            vms = list(us_data.vms())
            chosen = [each for each in vms if vm is None or us_data.vm_is(each, vm)]
            if vms and not chosen:
                yield f"There is no VM {vm} now; those there are: {us_data.vm_names(vms)}."
            elif chosen and vcpu and all(int(each["vcpu_count"]) <= int(vcpu) for each in chosen):
                yield f"No such VM has a vCPU {vcpu} now."
            if chosen and isinstance(cause, Access) and cause.device != NO_DEVICE:
                names = {name for each in chosen for name, _, _ in us_data.devices(each)}
                if cause.device not in names:
                    yield f"There is no device {cause.device} now: {', '.join(sorted(names))}."

    def complete(self, text, word):
        before = text.split()[: -1 if word else None]
        before = before[1:] if before[:1] == ["--next"] else before
        choices = {
            (): [*us_words.cause_names(), *KINDS],
            ("sbi",): us_tables.call_names(),
            ("csr",): sorted(us_tables.csrs()),
        }.get(tuple(before[:1]) if len(before) < 2 else None, [])
        return [name for name in choices if name.startswith(word or "")]


COMMANDS = (BreakCause,)
