# SPDX-License-Identifier: BSD-2-Clause
#
# `us explain`: a trap in full. The words are hyp/explain/'s (us_tables.py); here is where the
# numbers come from.

import us_data
import us_tables
from us_command import Command
from us_target import Hart, fail, physical

FIELDS = ("scause", "stval", "htval", "htinst")
ECALL_VS = 10
REG_A6, REG_A7 = 16, 17


def exit_lines(values):
    """The tool's words for a trap: `values` are {name: number}."""
    words = [f"{name}={value:#x}" for name, value in values.items()]
    return us_tables.tool("exit", *words).splitlines()


def _call(vcpu):
    """a7 and a6 of the last exit, which no handler changes."""
    registers = vcpu["regs"]["x"]
    return {"a7": int(registers[REG_A7]), "a6": int(registers[REG_A6])}


def _call_unsaved(hart):
    """The same while they are still in the hart: vcpu/enter.S has not saved them. Else None."""
    way_out = us_data.function("vcpu_exit")
    if hart.csr("stvec") & ~3 != way_out or hart.pc < way_out:
        return None
    numbers = {"a7": REG_A7, "a6": REG_A6}
    return {name: hart.csr(f"x{number}") for name, number in numbers.items()}


class Explain(Command):
    """A trap in full: what it is, the CSRs field by field, why it came here, what becomes of it.
    Usage: us explain                      the last trap to HS-mode of the selected hart
           us explain BACK [VM [VCPU]]     an exit that is kept: 0 the newest, see `us exits`
    Without VM, BACK counts the exits of the vCPU that is loaded on the selected hart."""

    name, usage, words = "explain", " [BACK [VM [VCPU]]]", range(0, 4)

    def lines(self, back=None, vm=None, vcpu=None):
        hart = Hart()
        if back is None and not hart.virtual:
            return self.current(hart)
        if back is not None and not back.isdecimal():
            fail(f"BACK: {back!r} is not a number")
        return self.kept(hart, int(back or 0), vm, vcpu)

    def current(self, hart):
        names = (*FIELDS, "sepc", "hstatus", "sstatus")
        values = {name: hart.csr(name) for name in names}
        if not values["scause"] and not values["sepc"]:
            fail(f"hart {hart.hartid} has taken no trap to HS-mode yet")
        yield f"hart {hart.hartid}, the last trap to HS-mode"
        with physical():
            vcpu = us_data.loaded_vcpu(hart.hartid)
            if vcpu:
                values["hedeleg"] = int(vcpu["csrs"]["hedeleg"])
            if vcpu and values["scause"] == ECALL_VS:
                values |= _call_unsaved(hart) or _call(vcpu)
        yield from exit_lines(values)

    def kept(self, hart, back, vm, vcpu):
        with physical():
            if vm is None:
                chosen = us_data.loaded_vcpu(hart.hartid)
                chosen or fail(f"hart {hart.hartid} has no vCPU loaded: say which VM and vCPU")
            else:
                chosen = us_data.chosen_vcpus(vm, vcpu)[0]
            traps, name = us_data.traps(chosen), us_data.vcpu_text(chosen)
            if back >= len(traps):
                fail(f"of {name} {len(traps)} exits are kept")
            values = {field: int(traps[back][field]) for field in FIELDS}
            values |= {"sepc": int(traps[back]["pc"]), "hedeleg": int(chosen["csrs"]["hedeleg"])}
            if back == 0 and values["scause"] == ECALL_VS:
                values |= _call(chosen)
        yield f"{name}, the last exit" + (f" but {back}" if back else "")
        yield from exit_lines(values)


COMMANDS = (Explain,)
