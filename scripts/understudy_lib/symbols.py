# SPDX-License-Identifier: BSD-2-Clause
#
# Symbols for GDB from a kernel's own list of them: lines of `address type name`, as nm prints them,
# become an ELF file with nothing in it but a table of symbols. Used by gdb.py.

import os
import re
import struct

from .errors import UsageError

ELF_MAGIC = b"\x7fELF"
LINE = re.compile(rb"^([0-9a-fA-F]{8,16}) ([A-Za-z]) (\S+)", re.M)
HEADER_SIZE, SECTION_SIZE, SYMBOL_SIZE = 64, 64, 24
EXEC, RISCV = 2, 243
SYMTAB, STRTAB, NOBITS = 2, 3, 8
ALLOC_WRITE, ALLOC_EXEC = 3, 6
GLOBAL_FUNC, GLOBAL_OBJECT = 1 << 4 | 2, 1 << 4 | 1
TEXT, DATA = 1, 2  # indices of the sections
DOUBLE_FLOAT_C = 5  # e_flags of rv64gc, lp64d
CODE_LETTERS = b"tTwW"
SPAN_LIMIT = 1 << 40  # what lies far away from the rest is in no section


def symbols_convert(path, folder):
    """The path of an ELF file: `path` itself, or one made in `folder`."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise UsageError(f"--symbols: {path!r}: {error.strerror}") from None
    if data.startswith(ELF_MAGIC):
        return path
    symbols = [(int(at, 16), kind, name) for at, kind, name in LINE.findall(data)]
    symbols = [symbol for symbol in symbols if symbol[0]]
    if not symbols:
        raise UsageError(f"--symbols: {path!r} is no ELF file and has no symbols that are not 0")
    made = os.path.join(folder, "symbols.elf")
    with open(made, "wb") as file:
        file.write(elf_make(symbols))
    return made


def _is_code(kind):
    return kind in CODE_LETTERS


def _range(places):
    """Where the most of them are, as (start, size)."""
    places = sorted(places) or [0]
    middle = places[len(places) // 2]
    near = [at for at in places if abs(at - middle) < SPAN_LIMIT]
    return near[0], near[-1] + 4096 - near[0]


def _section(name, kind, flags, address, offset, size, link=0, info=0, entry=0):
    return struct.pack(
        "<IIQQQQIIQQ", name, kind, flags, address, offset, size, link, info, 8, entry
    )


def elf_make(symbols):
    """The bytes of an ELF file with these (address, letter, name)."""
    start, size = _range([at for at, kind, _ in symbols if _is_code(kind)])
    data, data_size = _range([at for at, kind, _ in symbols if not _is_code(kind)])
    names, table = bytearray(b"\0"), bytearray(SYMBOL_SIZE)
    for at, kind, name in symbols:
        info, section = (GLOBAL_FUNC, TEXT) if _is_code(kind) else (GLOBAL_OBJECT, DATA)
        table += struct.pack("<IBBHQQ", len(names), info, 0, section, at, 0)
        names += name + b"\0"
    titles = b"\0.text\0.data\0.symtab\0.strtab\0.shstrtab\0"
    places, parts = [], [bytes(table), bytes(names), titles]
    at = HEADER_SIZE
    for part in parts:
        places.append(at)
        at += len(part) + -len(part) % 8
    sections = [
        bytes(SECTION_SIZE),
        _section(1, NOBITS, ALLOC_EXEC, start, HEADER_SIZE, size),
        _section(7, NOBITS, ALLOC_WRITE, data, HEADER_SIZE, data_size),
        _section(13, SYMTAB, 0, 0, places[0], len(table), 4, 1, SYMBOL_SIZE),
        _section(21, STRTAB, 0, 0, places[1], len(names)),
        _section(29, STRTAB, 0, 0, places[2], len(titles)),
    ]
    header = ELF_MAGIC + bytes([2, 1, 1]) + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", EXEC, RISCV, 1, start, 0, at, DOUBLE_FLOAT_C,
                          HEADER_SIZE, 0, 0, SECTION_SIZE, len(sections), 5)  # fmt: skip
    body = b"".join(part + bytes(-len(part) % 8) for part in parts)
    return header + body + b"".join(sections)
