# SPDX-License-Identifier: BSD-2-Clause
#
# GDB commands for the hypervisor, all named `us ...`: `source scripts/gdb/understudy.py`, or start
# with scripts/debug. This file only finds the others; reading begins at us_command.py. The page
# for people is docs/GDB.md.

import os
import sys

import gdb

sys.dont_write_bytecode = True  # the tree stays as git left it
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import us_break  # noqa: E402
import us_command  # noqa: E402
import us_commands  # noqa: E402
import us_exits  # noqa: E402
import us_explain  # noqa: E402
import us_path  # noqa: E402
import us_print  # noqa: E402
import us_timeline  # noqa: E402

# GDB takes a target without an operating system for GNU/Linux, and then steps by planting a
# breakpoint at the next address: it runs over ecall and sret. Without an OS ABI it asks the stub to
# step, which follows the trap.
gdb.execute("set osabi none")
gdb.execute("set remotetimeout 20")  # seconds: QEMU on a busy machine may take more than two

us_command.Us()
for room in (us_commands, us_break, us_exits, us_explain, us_print, us_path, us_timeline):
    for command in room.COMMANDS:
        command()
us_print.printers_add()
