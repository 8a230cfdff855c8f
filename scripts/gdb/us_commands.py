# SPDX-License-Identifier: BSD-2-Clause
#
# The commands that look at where everything stands: capabilities, the trap, a translation, the
# vCPUs, the symbols. Each class is one command. Others: us_break.py, us_exits.py, us_explain.py,
# us_print.py.

import textwrap

import gdb
import us_data
import us_symbols
import us_walk
from us_command import WIDTH, Command, number
from us_target import Hart, fail, harts, physical, read_word
from us_trap import frame_lines, trap_lines


class Caps(Command):
    """What the machine's harts can do, as boot/probe.c found it: struct caps in words.
    Usage: us caps"""

    name = "caps"
    texts = {
        "h": "H: hypervisor extension",
        "sstc": "Sstc: guests program stimecmp themselves",
        "henvcfg": "henvcfg exists",
        "senvcfg": "senvcfg exists",
        "hstateen": "hstateen0 to 3 exist (Smstateen)",
        "aia": "AIA: vstopi exists",
        "svpbmt": "Svpbmt for guests",
        "svadu": "Svadu: hardware sets A and D",
        "v": "V: vector",
        "fp_tracked": "a write of an f register makes FS Dirty",
        "henvcfg_mask": "henvcfg bits that can be set",
        "hstateen0_mask": "hstateen0 bits that can be set",
        "hedeleg_mask": "exceptions that can be delegated",
        "vmid_bits": "VMID bits",
        "guest_files": "guest interrupt files (GEILEN)",
        "vlenb": "bytes of a vector register",
        "sv39x4": "G-stage Sv39x4",
        "sv48x4": "G-stage Sv48x4",
        "sv57x4": "G-stage Sv57x4",
        "sv48": "VS-stage Sv48",
        "sv57": "VS-stage Sv57",
        "svinval": "Svinval",
        "isa_extensions": "riscv,isa-extensions",
        "isa": "riscv,isa",
        "cbom_block_size": "bytes that cbo.clean takes",
        "cboz_block_size": "bytes that cbo.zero takes",
        "timebase": "timebase, Hz",
        "sbi_version": "SBI version of the firmware",
        "sbi_impl_id": "SBI implementation id",
    }

    def value_text(self, caps, field):
        value, kind = caps[field.name], field.type.strip_typedefs().code
        if kind == gdb.TYPE_CODE_BOOL:
            return "yes" if value else "no"
        if kind == gdb.TYPE_CODE_ARRAY:
            return ", ".join("yes" if value[i] else "no" for i in range(field.type.range()[1] + 1))
        if field.name == "isa_extensions" and value:
            data = value.string("ascii", length=int(caps["isa_extensions_size"]))
            return ", ".join(data.rstrip("\0").split("\0"))
        if kind == gdb.TYPE_CODE_PTR:  # in pieces, so that lines can end between them
            return value.string().replace("_", " _") if value else "not given"
        if field.name == "sbi_version":
            return f"{int(value) >> 24}.{int(value) & 0xFFFFFF}"  # SBI 4.1
        return f"{int(value):#x}" if field.name.endswith("_mask") else str(int(value))

    def lines(self):
        Hart()
        with physical():
            caps = us_data.variable("caps")
            if not int(caps["timebase"]) and not caps["h"]:
                fail("caps is empty: probe_caps has not run yet")
            for field in caps.type.fields():
                if field.name == "isa_extensions_size":
                    continue
                text = f"{self.texts.get(field.name, field.name):42} "
                value = self.value_text(caps, field)
                yield from textwrap.wrap(text + value, WIDTH, subsequent_indent=" " * 43)


class Trap(Command):
    """The last trap to HS-mode in words: cause, addresses, htinst, hstatus.
    Usage: us trap          from the selected hart's CSRs
           us trap frame    from the `trap` of the selected frame or its callers"""

    name, usage, words = "trap", " [frame]", range(0, 2)

    def lines(self, source=None):
        if source not in (None, "frame"):
            fail(f"usage: us {self.name}{self.usage}")
        return frame_lines() if source else trap_lines()


class Walk(Command):
    """Both stages of a translation, step by step, as the selected hart would do it for its vCPU.
    Usage: us walk ADDRESS [full] [VM [VCPU]]
                               of a guest virtual address; full: with the G-stage's walk to each of
                               the guest's tables; VM, VCPU: another vCPU's, where it is loaded or
                               as it was left
           us walk ADDRESS gpa [VM]
                               of a guest physical address: the G-stage alone
    ADDRESS is an expression without spaces."""

    name, usage, words = "walk", " ADDRESS [full|gpa] [VM [VCPU]]", range(1, 5)

    def lines(self, text, *rest):
        how = rest[0] if rest and rest[0] in ("full", "gpa") else None
        who = rest[1:] if how else rest
        if len(who) > 2:
            fail(f"usage: us {self.name}{self.usage}")
        address = number(text, "walk")
        hgatp, vsatp = self.tables_of(*who) if who else self.tables()
        with physical():
            if how == "gpa":
                second = us_walk.walk_gstage(hgatp, address, read_word)
                yield from us_walk.gstage_lines(hgatp, second)
                return
            first = us_walk.walk_vsstage(vsatp, hgatp, address, read_word)
            yield from us_walk.vsstage_lines(vsatp, first, how == "full")
            if first.fault:
                return
            second = us_walk.walk_gstage(hgatp, first.result, read_word)
            yield from us_walk.gstage_lines(hgatp, second)
            if not second.fault:
                yield from us_walk.summary_lines(first, second)

    def tables(self):
        """hgatp and vsatp of the selected hart."""
        hart = Hart()
        hgatp = hart.csr("hgatp")
        if hgatp == 0:
            fail(f"no vCPU is loaded on hart {hart.hartid}: its hgatp is 0")
        return hgatp, hart.guest_csr("satp")

    def tables_of(self, vm, vcpu=None):
        """Those of a vCPU: in the hart while it is loaded there, else as saved."""
        in_harts = {hart.hartid: hart for hart in harts(("hgatp", "satp", "vsatp"))}
        with physical():
            chosen = us_data.chosen_vcpus(vm, vcpu)[0]
            for hartid, hart in in_harts.items():
                if us_data.loaded_vcpu(hartid) == chosen:
                    return hart.kept["hgatp"], hart.kept["satp" if hart.virtual else "vsatp"]
            root = int(chosen["vm"]["gstage"]["root"])
            hgatp = int(chosen["csrs"]["hgatp"]) or us_walk.SV39X4 << 60 | root >> 12
            return hgatp, int(chosen["csrs"]["vsatp"])


class Vcpus(Command):
    """All VMs and their vCPUs: where each one is and what others ask of it.
    Usage: us vcpus
    `where` is one of: in guest; loaded (its CSRs are in the hart, the hypervisor runs); ready (it
    waits for its turn, or to be put in turn); blocked (it waits for an interrupt or a start)."""

    name = "vcpus"
    row = "{:<16} {:<9} {:>4}  {:>4}  {:<15} {:<9} {:<18}  {}"

    def where(self, vcpu, states):
        """And the pc, which is the hart's own while it is in the guest."""
        home = vcpu["home"]
        hartid = int(home["hartid"]) if home else None
        loaded = us_data.loaded_vcpu(hartid) if home else None
        state = states.get(hartid)
        pc = int(vcpu["regs"]["sepc"])
        if loaded == vcpu:
            return ("in guest", state.pc) if state and state.virtual else ("loaded", pc)
        return ("blocked" if int(vcpu["is_blocked"]) or not home else "ready"), pc

    def columns(self, vm, vcpu, states):
        where, pc = self.where(vcpu, states)
        return (
            vm["name"].string(),
            us_data.enum_name("vm_state", "VM_", vm["state"]),
            int(vcpu["id"]),
            int(vcpu["home"]["hartid"]) if vcpu["home"] else "-",
            us_data.enum_name("sbi_hsm_state", "SBI_HSM_", vcpu["hsm_state"]),
            where,
            f"{pc:#x}",
            us_data.requests_text(vcpu),
        )

    def lines(self):
        states = {hart.hartid: hart for hart in harts()}
        with physical():
            rows = [
                self.columns(vm, vcpu, states)
                for vm in us_data.vms()
                for vcpu in us_data.vcpus(vm)
            ]
        if not rows:
            fail("there is no VM yet: machines_create has not run")
        yield self.row.format("VM", "state", "vCPU", "hart", "HSM", "where", "pc", "requests")
        for row in rows:
            yield self.row.format(*row)


class Where(Command):
    """In whose world the selected hart is: M (firmware), HS (hypervisor), VS or VU (a guest).
    Usage: us where"""

    name = "where"

    def lines(self):
        hart = Hart()
        text = f"hart {hart.hartid} (thread {hart.thread.num}): {hart.mode}-mode at {hart.pc:#x}"
        if us_symbols.hypervisor:
            with physical():
                vcpu = us_data.loaded_vcpu(hart.hartid)
                text += f", {us_data.vcpu_text(vcpu)} loaded" if vcpu else ", no vCPU loaded"
        yield text
        yield us_symbols.shown_text(hart.virtual)


class HypSymbols(Command):
    """Show the hypervisor's symbols.
    Usage: us hyp-symbols [FILE [ADDRESS]]
    FILE is build/understudy.elf unless given, ADDRESS where the image was loaded (0x80200000).
    Without arguments it brings them back in place of a guest's that stand at the same addresses."""

    name, usage, words = "hyp-symbols", " [FILE [ADDRESS]]", range(0, 3)

    def lines(self, file=None, address=None):
        us_symbols.hypervisor_show(file, number(address, "address") if address else None)
        yield us_symbols.shown_text()

    def complete(self, _text, _word):
        return gdb.COMPLETE_FILENAME


class GuestSymbols(Command):
    """Show a guest's symbols, one guest at a time.
    Usage: us guest-symbols [FILE [OFFSET]]
    OFFSET is added to the file's addresses. Where they are the hypervisor's addresses too, the
    hypervisor's symbols step aside until `us hyp-symbols`. Without arguments it shows the last
    FILE again."""

    name, usage, words = "guest-symbols", " [FILE [OFFSET]]", range(0, 3)

    def lines(self, file=None, offset=None):
        clash = us_symbols.guest_show(file, number(offset, "offset") if offset else 0)
        yield us_symbols.shown_text()
        if clash:
            yield "The hypervisor's stand at the same addresses and step aside, breakpoints on its"
            yield "names with them. `us hyp-symbols` brings them back."

    def complete(self, _text, _word):
        return gdb.COMPLETE_FILENAME


COMMANDS = (Caps, Trap, Walk, Vcpus, Where, HypSymbols, GuestSymbols)
