# SPDX-License-Identifier: BSD-2-Clause
#
# Executed instructions of the whole machine (guest, hypervisor, firmware) by workload, counted by
# the plugin tests/bench/count.c. Under -icount an instruction takes 1 ns and idle time is skipped,
# so timer interrupts come after a number of instructions, not of seconds; with QEMU's seed and the
# date given, equal runs count equal numbers to the last digit.

import struct
import subprocess

from understudy_lib.host import child_start

from .machines import HYPERVISOR, ROOT, Failed

PLUGIN = ROOT / "build/bench/count.so"
SETTLE = 12000  # milliseconds of the guest: Linux waits ten seconds for drivers that do not come
NO_TESTS = "cryptomgr.notests=1"  # of the kernel's ciphers, which take random keys
LIMIT = 600  # seconds for a run; it takes 5 to 60
INIT, BEGIN, END = "1", "2", "3"  # the marks of tests/bench/bench.h
DATE = "2026-01-01T00:00:00"


def plugins_need(qemu):
    """Raises Failed if this QEMU was built without plugins."""
    asked = subprocess.run([qemu, "-plugin", "help"], capture_output=True, text=True)
    if asked.returncode:
        raise Failed(f"{qemu} takes no plugins; instructions cannot be counted with it")


def _first_word(path):
    with open(path, "rb") as file:
        return struct.unpack("<I", file.read(4))[0]


def _image_size(path):
    """What the hypervisor takes of memory: the field image_size of its header."""
    with open(path, "rb") as file:
        return struct.unpack("<16xQ", file.read(24))[0]


def _plugin_words(machines, side, out, image):
    words = f"{PLUGIN},out={out},first=guest:{_first_word(machines.kernel):x}"
    if side == "vm":
        words += f",first=hyp:{_first_word(image):x},hyp={_image_size(image)}"
    return words


def _lines_read(path):
    """[(name, (guest, hypervisor, firmware))] of the plugin's lines."""
    lines = [line.split() for line in path.read_text().splitlines()]
    return [(name, tuple(map(int, counts))) for name, *counts in lines]


def _since(before, after):
    guest, hypervisor, firmware = (b - a for a, b in zip(before, after))
    return {"guest": guest, "hypervisor": hypervisor, "firmware": firmware}


def rows_make(lines, side, workloads):
    """{workload: counts}; the lines must be these and no other."""
    expected = (["hyp"] if side == "vm" else []) + ["guest", INIT] + [BEGIN, END] * len(workloads)
    if [name for name, _ in lines] != expected:
        raise Failed(f"{side}: marks {[name for name, _ in lines]} instead of {expected}")
    counts = [count for _, count in lines]
    rows = {}
    if side == "vm":
        rows["bundle"] = _since(counts[0], counts[1])
        counts = counts[1:]
    rows["boot"] = _since(counts[0], counts[1])
    for number, name in enumerate(workloads):
        rows[name] = _since(*counts[2 + 2 * number : 4 + 2 * number])
    return rows


def _run(machines, side, append, seed, image=HYPERVISOR, options=()):
    """[(mark, counts)] of one run. image: the hypervisor; options: of the launcher."""
    out = machines.folder / f"{side}.count"
    command = machines.command(side, append, "--icount", *options)
    if "--control" in options:  # for the sockets: the machine ends with its guest all the same
        at = command.index("-append") + 1
        command[at] = command[at].replace("control ", "")
    plugins_need(command[0])
    command += ["-seed", str(seed), "-rtc", f"base={DATE},clock=vm"]
    command += ["-plugin", _plugin_words(machines, side, out, image)]
    qemu = child_start(command)
    try:
        console, complaints = qemu.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        raise Failed(f"{side}: not done after {LIMIT} s") from None
    finally:
        qemu.kill()
        qemu.wait()
    if qemu.returncode or b"bench: done" not in console:
        said = (complaints + console[-500:]).decode(errors="replace")
        raise Failed(f"{side}: QEMU ended with {qemu.returncode}: {said}")
    return _lines_read(out)


def count(machines, side, workloads, seed):
    """{workload: {"guest", "hypervisor", "firmware": instructions}} of one run."""
    append = f"{NO_TESTS} settle={SETTLE} bench={','.join(workloads)}"
    rows = rows_make(_run(machines, side, append, seed), side, workloads)
    rows["steady"] = rows.pop("boot")
    return rows


def count_image_boot(machines, seed, image, *options):
    """Counts of a boot in a VM on another hypervisor's image, without the tests of ciphers."""
    options = ("--hyp", image, *options)
    return rows_make(_run(machines, "vm", NO_TESTS, seed, image, options), "vm", [])["boot"]


def count_boot(machines, side, seed):
    """The same of nothing but a boot, as Debian's kernel does it."""
    return {"boot": rows_make(_run(machines, side, "", seed), side, [])["boot"]}
