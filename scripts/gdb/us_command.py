# SPDX-License-Identifier: BSD-2-Clause
#
# What all commands share: how arguments are read, and that a mistake is one line. A command is a
# class with a name, a usage, and lines(), which gives what is printed; its docstring is what
# `help us NAME` shows.

import gdb
from us_tables import NoWords
from us_target import fail

WIDTH = 100


class Us(gdb.Command):
    """Understudy. The hypervisor's commands, all of them:"""

    def __init__(self):
        super().__init__("us", gdb.COMMAND_USER, prefix=True)


class Command(gdb.Command):
    """What the commands share. A mistake is one line."""

    name = None
    usage = ""
    words = range(0, 1)  # how many there may be

    def __init__(self):
        super().__init__(f"us {self.name}", gdb.COMMAND_USER)

    def invoke(self, argument, _from_tty):
        try:
            arguments = gdb.string_to_argv(argument)
            if len(arguments) not in self.words:
                fail(f"usage: us {self.name}{self.usage}")
            for line in self.lines(*arguments):
                gdb.write(line + "\n")
        except (gdb.error, NoWords) as error:
            fail(str(error))


def number(text, what):
    """Of a GDB expression; a function or an array is its address."""
    value = gdb.parse_and_eval(text)
    if value.type.strip_typedefs().code in (gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_ARRAY):
        value = value.address
    try:
        return int(value) & (1 << 64) - 1
    except (gdb.error, TypeError):
        fail(f"{what}: {text!r} is not a number")
