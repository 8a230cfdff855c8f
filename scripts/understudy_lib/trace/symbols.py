# SPDX-License-Identifier: BSD-2-Clause
#
# Names of a guest's functions: from the symbol table of a 64-bit little-endian ELF file, or from
# lines "ADDRESS TYPE NAME" as nm prints them and Linux keeps them in System.map.

import bisect
import struct

from ..errors import LaunchError, UsageError

ELF_MAGIC = b"\x7fELF\x02\x01"
ELF_HEADER = struct.Struct("<16xHHIQQQIHHHHHH")
SECTION = struct.Struct("<IIQQQQIIQQ")
SYMBOL = struct.Struct("<IBBHQQ")
SYMTAB, DYNSYM = 2, 11
TYPE_NONE, TYPE_FUNCTION = 0, 2
UNDEFINED = 0
CODE_TYPES = frozenset("tTwW")
REACH = 1 << 16  # bytes behind the last symbol that may still be its


def _elf_symbols(data):
    """(address, size, name) of functions and of labels."""
    *_, section_at, _, _, _, _, size, count, _ = ELF_HEADER.unpack_from(data)
    sections = [SECTION.unpack_from(data, section_at + size * i) for i in range(count)]
    for wanted in (SYMTAB, DYNSYM):
        tables = [section for section in sections if section[1] == wanted]
        if tables:
            break
    for _, _, _, _, at, length, link, *_ in tables:
        text = data[sections[link][4] :][: sections[link][5]]
        for name, info, _, section, value, size in SYMBOL.iter_unpack(
            data[at : at + length // SYMBOL.size * SYMBOL.size]
        ):
            if section != UNDEFINED and info & 15 in (TYPE_NONE, TYPE_FUNCTION):
                word = text[name : text.index(b"\0", name)].decode("utf-8", "replace")
                if word and word[0] not in "$.":  # $x: where code begins, .L: a branch's label
                    yield value, size, word


def _map_symbols(text):
    for line in text.splitlines():
        address, kind, name = line.split()[:3]
        if kind in CODE_TYPES and name[0] not in "$.":
            yield int(address, 16), 0, name


class Symbols:
    """find(address) is the function's name, or None."""

    def __init__(self, path):
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError as error:
            raise LaunchError(f"cannot read {path!r}: {error.strerror}") from None
        try:
            is_elf = data.startswith(ELF_MAGIC)
            found = list(_elf_symbols(data) if is_elf else _map_symbols(data.decode("ascii")))
        except (ValueError, IndexError, OverflowError, struct.error):
            raise UsageError(f"--symbols: {path!r} is no ELF file and no System.map") from None
        if not found:
            raise UsageError(f"--symbols: {path!r} names no function")
        # Of several at one address the one with a size counts: the last after sorting.
        named = {address: (size, name) for address, size, name in sorted(found)}
        self.table = sorted(named.items())
        self.addresses = [address for address, _ in self.table]

    def find(self, address):
        at = bisect.bisect_right(self.addresses, address) - 1
        if at < 0:
            return None
        begin, (size, name) = self.table[at]
        reach = size or (REACH if at + 1 == len(self.table) else self.addresses[at + 1] - begin)
        return name if address < begin + reach else None
