# SPDX-License-Identifier: BSD-2-Clause
#
# Two programs, two symbol files. The hypervisor and a small guest may both stand at 0x80200000,
# one in host physical space, one in the guest's; GDB has one space and shows one of them there.
# Then the other's symbols step aside, to addresses where nothing is.

import os
import struct
from pathlib import Path

import gdb
from us_target import fail

ROOT = Path(__file__).resolve().parents[2]
HYPERVISOR = ROOT / "build" / "understudy.elf"
LOAD_ADDRESS = 0x80200000  # where QEMU's -kernel puts a binary: RAM base + 2 MiB
ASIDE = 1 << 62  # no address of Sv39, Sv48 or Sv57
PT_LOAD = 1


class Symbols:
    """A symbol file that GDB has, and how far it is from where it was linked."""

    def __init__(self, path, offset):
        self.path, self.offset, self.is_aside = path, offset, False
        self.ranges = [(low + offset, high + offset) for low, high in _segments(path)]

    def show(self, is_aside=False):
        offset = self.offset + (ASIDE if is_aside else 0)
        gdb.execute(f"add-symbol-file {_quoted(self.path)} -o {offset:#x}", to_string=True)
        self.is_aside = is_aside

    def hide(self):
        gdb.execute(f"remove-symbol-file {_quoted(self.path)}", to_string=True)

    def move(self, is_aside):
        if self.is_aside != is_aside:
            self.hide()
            self.show(is_aside)

    def overlaps(self, other):
        return any(a < d and c < b for a, b in self.ranges for c, d in other.ranges)


hypervisor = None
guest = None


def _quoted(path):
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _segments(path):
    """The address ranges that a program takes in memory, from its ELF program headers."""
    data = path.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01" or len(data) < 64:
        fail(f"{str(path)!r} is not a 64-bit ELF file")
    start, size, count = *struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54)
    for i in range(count):
        head = struct.unpack_from("<IIQQQQQQ", data, start + i * size)
        address, length = head[3], head[6]
        if head[0] == PT_LOAD and length:
            yield address, address + length


def _file_need(text):
    """As GDB will call it: remove-symbol-file compares names."""
    path = Path(os.path.realpath(os.path.expanduser(text)))
    if not path.is_file():
        fail(f"no such file: {text!r}")
    return path


def aside():
    """How far the hypervisor's symbols are from the hypervisor."""
    return ASIDE if hypervisor and hypervisor.is_aside else 0


def hypervisor_show(path=None, address=None):
    """Loads the hypervisor's symbols, or brings them back."""
    global hypervisor
    new = path is not None or address is not None or hypervisor is None
    if new:
        loaded = Symbols(_file_need(str(path or HYPERVISOR)), address or LOAD_ADDRESS)
        if hypervisor:
            hypervisor.hide()
        elif gdb.current_progspace().filename:
            gdb.execute("file", to_string=True)  # what GDB was started with is not relocated
        hypervisor = loaded
    if guest and not guest.is_aside and guest.overlaps(hypervisor):
        guest.move(True)
    hypervisor.show() if new else hypervisor.move(False)


def guest_show(path=None, offset=0):
    """Loads a guest's symbols in place of the last guest's, or brings them back. Returns whether
    the hypervisor's had to step aside."""
    global guest
    if path is None and guest is None:
        fail("guest-symbols: which file?")
    if path is not None:
        loaded = Symbols(_file_need(path), offset)
        if guest:
            guest.hide()
        guest = loaded
    clash = bool(hypervisor and guest.overlaps(hypervisor))
    if clash:
        hypervisor.move(True)
    guest.show() if path is not None else guest.move(False)
    return clash


def shown_text(virtual=None):
    """Whose symbols stand where their code is; and which command shows those of the world that the
    hart is in, where they stand aside."""
    files = (("the hypervisor's", hypervisor), ("the guest's", guest))
    names = [name for name, file in files if file and not file.is_aside]
    text = "symbols shown: " + (" and ".join(names) or "none")
    if virtual is not None and files[virtual][1] and files[virtual][1].is_aside:
        text += f"; for {files[virtual][0]}: us {('hyp', 'guest')[virtual]}-symbols"
    return text
