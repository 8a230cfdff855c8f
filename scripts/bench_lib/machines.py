# SPDX-License-Identifier: BSD-2-Clause
#
# The machines that are compared: Debian's Linux natively, and in a VM on the hypervisor; the
# same kernel, initial file system, command line and memory, and one hart. Which QEMU command each
# is, the launcher says (`scripts/understudy run --dry-run`). A third, if asked for, has nothing
# but two-stage translation (tests/bench/floor.S).

import re
import shlex
import subprocess
from pathlib import Path

from understudy_lib.errors import UsageError
from understudy_lib.initramfs import DIRECTORY, PROGRAM, Tree
from understudy_lib.presets import fetched_find, preset_values

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "scripts/understudy"
INIT = ROOT / "build/bench/init"
FLOOR = ROOT / "build/bench/floor.elf"
HYPERVISOR = ROOT / "build/understudy.bin"
MEMORY = "1G"  # in a VM it is one leaf of the G-stage
FLOOR_MEMORY = "2G"  # the program lies above the guest's
KERNEL_AT, INITRD_AT = 0x80200000, 0x88000000


class Failed(Exception):
    """What stands in the way of measuring, as one line."""


class Machines:
    """Their files, in a folder of its own; then command() as often as wanted."""

    def __init__(self, folder, cpu="rv64"):
        self.folder, self.cpu = Path(folder), cpu
        self.initrd = self.folder / "initrd.cpio"
        try:
            self.kernel = Path(preset_values("linux")["kernel"])
            busybox = fetched_find("usr/bin/busybox")
        except UsageError as error:
            raise Failed(str(error)) from None
        self._initrd_write(busybox)

    def _initrd_write(self, busybox):
        if not INIT.exists():
            raise Failed(f"no {INIT.relative_to(ROOT)}: `make bench` builds it")
        tree = Tree()
        tree.add("dev", DIRECTORY)
        tree.add("init", PROGRAM, INIT.read_bytes())
        tree.add("bin/busybox", PROGRAM, busybox.read_bytes())
        self.initrd.write_bytes(tree.archive())

    def kernel_version(self):
        return self.kernel.name.partition("-")[2]

    def qemu_version(self):
        qemu = self.command("native", "")[0]
        out = subprocess.run([qemu, "--version"], capture_output=True, text=True).stdout
        return re.search(r"version (\S+)", out)[1]

    def command(self, side, append, *options):
        """QEMU's command. side: "native", "vm" or "floor"; append: for the kernel's command line;
        options: of `scripts/understudy run`."""
        if side == "floor":
            return self._floor_command(append, *options)
        append = f"console=ttyS0 quiet {append}".replace(",", ",,")
        vm = f"name=linux,kernel={self.kernel},initrd={self.initrd},memory={MEMORY},append={append}"
        words = [LAUNCHER, "run", "--dry-run", "--cpu", self.cpu, *options, "--vm", vm]
        words += ["--native"] if side == "native" else []
        asked = subprocess.run(words, capture_output=True, text=True)
        if asked.returncode:
            raise Failed(asked.stderr.strip())
        command = shlex.split(asked.stdout)
        if side == "vm":
            command[command.index("-initrd") + 1] = self._bundle(vm)
        return command

    def _floor_command(self, append, *options):
        """The native one's, but firmware starts the floor, and QEMU's loader puts what runs on it
        where firmware or QEMU would have."""
        append += f" mem={MEMORY} initrdmem={INITRD_AT:#x},{self.initrd.stat().st_size}"
        command = self.command("native", append, *options)
        command[command.index("-m") + 1] = FLOOR_MEMORY
        command[command.index("-kernel") + 1] = str(FLOOR)
        initrd = command.index("-initrd")
        del command[initrd : initrd + 2]
        for path, address in ((self.kernel, KERNEL_AT), (self.initrd, INITRD_AT)):
            command += ["-device", f"loader,file={path},addr={address:#x},force-raw=on"]
        return command

    def _bundle(self, vm):
        path = self.folder / "bundle.itb"
        made = subprocess.run([LAUNCHER, "bundle", "-o", path, "--vm", vm], capture_output=True)
        if made.returncode:
            raise Failed(made.stderr.decode().strip())
        return str(path)
