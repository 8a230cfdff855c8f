# SPDX-License-Identifier: BSD-2-Clause
#
# An SD card as a file: GPT, one FAT partition, and on it the hypervisor, its bundle, and the
# extlinux.conf by which U-Boot finds both. No root and no mounting: sfdisk, mkfs.fat and mcopy
# write into the file. Equal input makes equal bytes. Before: scripts/image.

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

from .errors import LaunchError, UsageError

TOOLS = {"mkimage": "u-boot-tools", "sfdisk": "fdisk", "mkfs.fat": "dosfstools", "mcopy": "mtools"}
# FAT knows no time before 1980, and no time zones.
ENVIRONMENT = {"SOURCE_DATE_EPOCH": "315532800"} | os.environ | {"TZ": "UTC", "LC_ALL": "C"}
ENVIRONMENT["PATH"] = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"

SECTOR = 512
MIB = 1 << 20
MARGIN = MIB  # before the partition and after it: the two copies of the table
PARTITION_LEAST = 34 * MIB  # FAT32 has no fewer than 65525 clusters
CLUSTER_LARGEST = 32 << 10
FILE_LIMIT = (1 << 32) - 1  # of FAT, and of the header that mkimage writes
HEADER_SIZE = 64
BASIC_DATA = "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"  # the type of a partition with FAT


def tools_check():
    """Raises LaunchError unless all tools are there."""
    for tool, package in TOOLS.items():
        if not shutil.which(tool, path=ENVIRONMENT["PATH"]):
            raise LaunchError(f"{tool} is missing (package {package}; scripts/setup installs it)")


def card_write(output, hypervisor, bundle, append="", fdt=None, size=None):
    """Writes the image, whole or not at all, and returns its size in bytes. append: the
    hypervisor's boot arguments; fdt: a device tree for U-Boot to pass on instead of its own;
    size: of the image, None for what it needs. Raises UsageError or LaunchError."""
    with tempfile.TemporaryDirectory(prefix="understudy-") as folder:
        files = _files_gather(Path(folder), hypervisor, bundle, append, fdt)
        needed = _partition_needed(files) + 2 * MARGIN
        if size is not None and size < needed:
            raise UsageError(f"--size: too small, the image needs {needed // MIB}M")
        size = (size or needed) // MIB * MIB
        part = f"{output}.part"
        try:
            _file_make(part, size)
            _partition_make(part, size - 2 * MARGIN, _digest(files))
            _tool("mcopy", "-si", f"{part}@@{MARGIN}", *sorted(Path(folder).iterdir()), "::")
            os.replace(part, output)
        except OSError as error:
            raise LaunchError(f"cannot write {output!r}: {error.strerror}") from None
        finally:
            with contextlib.suppress(OSError):
                os.unlink(part)
    return size


def _files_gather(folder, hypervisor, bundle, append, fdt):
    """All files of the card, laid below `folder` as they will lie on it; their paths."""
    if os.path.getsize(bundle) > FILE_LIMIT - HEADER_SIZE:
        raise LaunchError("the VMs are larger than the 4 GiB that U-Boot's ramdisk can have")
    shutil.copyfile(hypervisor, folder / "understudy.bin")
    # A bare FIT as ramdisk U-Boot would take for its own, and find no ramdisk in it.
    wrapped = folder / "bundle.uimg"
    wrap = ["-A", "riscv", "-O", "linux", "-T", "ramdisk", "-C", "none", "-n", "Understudy"]
    _tool("mkimage", *wrap, "-d", bundle, wrapped)
    lines = ["default understudy", "label understudy", "    kernel /understudy.bin"]
    lines.append("    initrd /bundle.uimg")
    if fdt is not None:
        shutil.copyfile(fdt, folder / "board.dtb")
        lines.append("    fdt /board.dtb")
    if append:
        lines.append(f"    append {append}")
    (folder / "extlinux").mkdir()
    (folder / "extlinux" / "extlinux.conf").write_text("\n".join(lines) + "\n")
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _partition_needed(files):
    """Bytes in whole MiB: the files in clusters, the two FATs (a 64th of that where clusters are
    smallest), and 1 MiB for all else."""
    data = sum(-(-path.stat().st_size // CLUSTER_LARGEST) * CLUSTER_LARGEST for path in files)
    return max(PARTITION_LEAST, -(-(data + data // 32 + MIB) // MIB) * MIB)


def _digest(files):
    digest = hashlib.sha256()
    for path in files:
        with open(path, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.digest()


def _file_make(path, size):
    with open(path, "wb") as file:
        file.truncate(size)


def _partition_make(path, size, digest):
    """The table and an empty FAT; what must differ between cards comes from the digest."""
    names = [uuid.UUID(bytes=digest[start : start + 16], version=4) for start in (0, 16)]
    table = f"""label: gpt
label-id: {names[0]}
start={MARGIN // SECTOR}, size={size // SECTOR}, type={BASIC_DATA}, uuid={names[1]}, \
name=understudy, attrs=LegacyBIOSBootable
"""
    _tool("sfdisk", "--quiet", "--no-reread", "--no-tell-kernel", path, given=table)
    start = str(MARGIN // SECTOR)
    fat = ["--invariant", "-F", "32", "-i", digest[:4].hex(), "-n", "UNDERSTUDY"]
    fat += ["--offset", start, "-h", start]
    _tool("mkfs.fat", *fat, path, str(size // 1024))


def _tool(name, *words, given=""):
    """Its noise is shown only if it fails."""
    done = subprocess.run(
        [name, *words], input=given, capture_output=True, text=True, env=ENVIRONMENT
    )
    if done.returncode != 0:
        raise LaunchError(f"{name} failed:\n{(done.stderr or done.stdout).strip()}")
