# SPDX-License-Identifier: BSD-2-Clause
#
# The stopped machine as QEMU's stub shows it: which world a hart is in, its CSRs, and memory by
# physical address. Knows nothing of the hypervisor's own data (us_data.py).
#
# Two things about QEMU that all else rests on, checked with 7.2 and 10.0.2:
# - While V=1 the registers that hardware swaps (sstatus, stvec, sscratch, sepc, scause, stval,
#   satp) are the guest's, as the guest itself would read them, and the vs* ones are stale.
# - Memory is read through the translation that the selected hart uses at that moment, unless
#   PhyMemMode is on.

import contextlib
import re

import gdb

MODES = {(0, 0): "U", (0, 1): "HS", (0, 3): "M", (1, 0): "VU", (1, 1): "VS"}


def fail(text):
    """One line for the person; GDB adds nothing to it."""
    raise gdb.GdbError(f"us: {text}")


def selected_thread():
    return gdb.selected_thread() or fail("nothing is being debugged; connect with `target remote`")


class Hart:
    """The selected thread. Reads registers of the innermost frame: a CSR has no older value. `keep`
    are CSRs to keep for when another thread is selected."""

    def __init__(self, keep=()):
        self.thread = selected_thread()
        self.frame = gdb.newest_frame()
        priv = self.csr("priv")
        self.virtual = _is_virtual(priv, self.thread.ptid[1] - 1)
        self.mode = MODES.get((self.virtual, priv & 3), "?")
        self.hartid = self.csr("mhartid")
        self.pc = self.frame.pc()
        self.kept = {name: self.csr(name) for name in keep}

    def csr(self, name):
        try:
            return int(self.frame.read_register(name)) & (1 << 64) - 1
        except (ValueError, gdb.error):
            fail(f"this target shows no register {name}")

    def guest_csr(self, name):
        """What the guest calls `name` (as satp), in either world."""
        return self.csr(name if self.virtual else f"v{name}")


def _is_virtual(priv, cpu):
    """V is bit 2 of `priv` from QEMU 10 on (RISC-V Debug 1.0, Virtual Debug Registers); older ones
    tell it only through the monitor."""
    if priv & 4:
        return 1
    if priv & 3 == 3:
        return 0
    try:
        text = gdb.execute("monitor info registers -a", to_string=True)
    except gdb.error:
        fail("cannot tell V: the target's `priv` has no bit for it, and it has no monitor")
    parts = re.split(r"CPU#(\d+)", text)
    states = dict(zip(map(int, parts[1::2]), parts[2::2]))
    found = re.search(r"\bV\s*=\s*([01])", states.get(cpu, ""))
    return int(found[1]) if found else 0


def harts(keep=()):
    """Every hart. GDB's selection is as before afterwards."""
    selected, frame = selected_thread(), gdb.selected_frame()
    try:
        found = []
        for thread in sorted(gdb.selected_inferior().threads(), key=lambda t: t.num):
            thread.switch()
            found.append(Hart(keep))
        return found
    finally:
        selected.switch()
        with contextlib.suppress(gdb.error):
            frame.select()


def _physical_set(on):
    reply = gdb.execute(f"maintenance packet Qqemu.PhyMemMode:{on}", to_string=True)
    if 'received: "OK"' not in reply:
        fail("the target cannot read physical memory; QEMU 4.1 or later can")


@contextlib.contextmanager
def physical():
    """Memory is read by physical address inside. Read registers before: GDB looks at code to find
    frames, and would look at the wrong place."""
    try:
        _physical_set(1)
        yield
    finally:
        _physical_set(0)
        # What GDB kept of it is good for physical addresses only.
        gdb.execute("maintenance flush dcache", to_string=True)


def read_word(address):
    """Eight bytes, by the selected hart. Not Inferior.read_memory: in GDB 16 (not 13) that may ask
    another hart, whose translation is not this one's."""
    kind = gdb.selected_inferior().architecture().integer_type(64, False)
    try:
        return int(gdb.Value(address).cast(kind.pointer()).dereference())
    except gdb.MemoryError:
        fail(f"there is no memory at {address:#x}")
