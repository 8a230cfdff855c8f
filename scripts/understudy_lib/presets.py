# SPDX-License-Identifier: BSD-2-Clause
#
# The VMs that have a name: our own guests, and what scripts/setup --guests fetches. A preset is
# values for the keys of --vm that the person does not give; where its files lie, is said here.
# Before: vmspec.py. After: initramfs.py, where the preset has an initrd that is built.

import os
import re
import subprocess
from pathlib import Path

from .errors import UsageError
from .host import terminal_words
from .initramfs import initramfs_build

ROOT = Path(__file__).resolve().parents[2]

# What differs from the defaults of --vm.
PRESETS = {
    "hello": {},
    "clock": {},
    "smp": {"vcpus": "4"},
    "paging": {},
    "sbi": {},
    "fp": {},
    "board": {},
    "fail": {},
    "kept": {"vcpus": "2"},
    "bench": {},
    "linux": {"vcpus": "2", "memory": "512M", "append": "console=ttyS0", "ready": "linux:/"},
    "uboot": {"memory": "256M", "format": "raw", "ready": "=> "},
}
FETCHED = {"linux": "boot/vmlinux-*", "uboot": "usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin"}
HARTS = {"linux": 2}  # of the machine, where it is not one


def _version_key(path):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", path.name)]


def fetched_find(pattern):
    """The file in the cache of scripts/setup; of several, the newest version."""
    asked = [ROOT / "scripts" / "setup", "--cache"]
    cache = subprocess.run(asked, stdout=subprocess.PIPE, text=True).stdout.strip()
    found = sorted(Path(cache, "trixie-riscv64").glob(pattern), key=_version_key)
    if not found:
        raise UsageError(f"preset: no {pattern} in {cache}; run scripts/setup --guests first")
    return found[-1]


def preset_values(name):
    """{key: text} for --vm, the kernel included; raises UsageError."""
    if name not in PRESETS:
        raise UsageError(f"unknown preset {name!r} (known: {', '.join(PRESETS)})")
    if name in FETCHED:
        kernel = fetched_find(FETCHED[name])
    else:
        kernel = ROOT / "build" / "guest" / name / f"{name}.bin"
        if not kernel.is_file():
            raise UsageError(f"preset: no such file: {str(kernel)!r}; run make first")
    return {"kernel": str(kernel), **PRESETS[name]}


def harts_default(vms):
    """How many harts the machine has, if nobody says."""
    return max((HARTS.get(vm.preset, 1) for vm in vms), default=1)


def presets_prepare(vms, folder):
    """What depends on the run: where an initrd that we build will be, and for its init the size
    of the person's terminal; Linux gives init the NAME=VALUE that it does not know itself."""
    for vm in vms:
        if vm.builds_initrd:
            vm.initrd = os.path.join(folder, f"{vm.name}.cpio")
            vm.append = " ".join(filter(None, [vm.append, *terminal_words()]))


def initrds_build(vms):
    """Writes the initrds that we build to where they were said to be."""
    for vm in vms:
        if vm.builds_initrd:
            kernel, busybox = fetched_find(FETCHED["linux"]), fetched_find("usr/bin/busybox")
            modules = busybox.parents[1] / "lib" / "modules" / kernel.name.partition("-")[2]
            Path(vm.initrd).write_bytes(initramfs_build(busybox, modules, vm.files))
