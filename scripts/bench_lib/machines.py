# SPDX-License-Identifier: BSD-2-Clause
#
# The two machines that are compared: Debian's Linux natively, and in a VM on the hypervisor; the
# same kernel, initial file system, command line and memory, and one hart. Which QEMU command each
# is, the launcher says (`scripts/understudy run --dry-run`).

import re
import shlex
import stat
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "scripts/understudy"
INIT = ROOT / "build/bench/init"
HYPERVISOR = ROOT / "build/understudy.bin"
MEMORY = "512M"


class Failed(Exception):
    """What stands in the way of measuring, as one line."""


def _cached(pattern):
    """The newest such file of what `scripts/setup --guests` fetches."""
    asked = subprocess.run([ROOT / "scripts/setup", "--cache"], stdout=subprocess.PIPE, text=True)
    found = sorted(Path(asked.stdout.strip(), "trixie-riscv64").glob(pattern))
    if not found:
        raise Failed(f"no {pattern} in the cache; run scripts/setup --guests first")
    return found[-1]


def _member(number, path, mode, data=b""):
    """Of a cpio archive: Linux, driver-api/early-userspace/buffer-format.rst."""
    name = path.encode() + b"\0"
    fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0]
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name
    return head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)


def _archive(programs):
    members = [(folder, stat.S_IFDIR | 0o755, b"") for folder in ("bin", "dev")]
    members += [(path, stat.S_IFREG | 0o755, file.read_bytes()) for path, file in programs]
    ends = _member(0, "TRAILER!!!", 0)
    return b"".join(_member(n, *member) for n, member in enumerate(members, 1)) + ends


class Machines:
    """Their files, in a folder of its own; then command() as often as wanted."""

    def __init__(self, folder, kernel=None, busybox=None, cpu="rv64"):
        self.folder, self.cpu = Path(folder), cpu
        self.kernel = Path(kernel or _cached("boot/vmlinux-*"))
        self.initrd = self.folder / "initrd.cpio"
        busybox = Path(busybox or _cached("usr/bin/busybox"))
        self.initrd.write_bytes(_archive([("init", INIT), ("bin/busybox", busybox)]))
        if self.kernel_version() is None:
            raise Failed(f"{self.kernel} is no plain image of Linux")

    def kernel_version(self):
        image = self.kernel.read_bytes()
        found = re.search(rb"Linux version (\S+)", image) if image[:2] == b"MZ" else None
        return found and found[1].decode()

    def qemu_version(self):
        qemu = self.command("native", "")[0]
        out = subprocess.run([qemu, "--version"], capture_output=True, text=True).stdout
        return re.search(r"version (\S+)", out)[1]

    def command(self, side, append, *options):
        """QEMU's command. side: "native" or "vm"; append: for the kernel's command line; options:
        of `scripts/understudy run`."""
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

    def _bundle(self, vm):
        path = self.folder / "bundle.itb"
        made = subprocess.run([LAUNCHER, "bundle", "-o", path, "--vm", vm], capture_output=True)
        if made.returncode:
            raise Failed(made.stderr.decode().strip())
        return str(path)
