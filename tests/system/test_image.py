# SPDX-License-Identifier: BSD-2-Clause
#
# The SD card that scripts/image writes: its shape, that equal input makes equal bytes, wrong
# input, and that U-Boot starts Linux in a VM from it with no key pressed. Then the hypervisor
# where it does not stand by itself: moved by U-Boot, and in RAM that begins at 4 GiB.

import json
import os
import shlex
import subprocess
import time
from pathlib import Path

import pexpect
import pytest
from conftest import BINARIES, LAUNCHER, ROOT

IMAGE = ROOT / "scripts/image"
HYPERVISOR = ROOT / "build/understudy.bin"
HELLO = f"kernel={BINARIES}/hello/hello.bin,memory=8M"
SMP = f"kernel={BINARIES}/smp/smp.bin,memory=16M,vcpus=4"
# Takes all memory that is free, is refused, and leaves it zeroed: what the hypervisor should have
# spared, and did not, is gone then.
GREEDY = f"kernel={BINARIES}/hello/hello.bin,memory=64G,name=greedy"
REFUSED = 2
MIB = 1 << 20
BOOT_LIMIT = 150  # seconds; it takes about 20
ENVIRONMENT = os.environ | {"PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", "TZ": "UTC"}


def tool(*words):
    return subprocess.run(words, check=True, capture_output=True, timeout=60,
                          env=ENVIRONMENT).stdout


def card(path, *options, zone="UTC"):
    subprocess.run([IMAGE, "-o", path, *options], check=True, timeout=120, capture_output=True,
                   env=ENVIRONMENT | {"TZ": zone})
    return path


def card_file(path, name):
    return tool("mtype", "-i", f"{path}@@1M", f"::{name}")


@pytest.fixture
def uboot():
    cache = tool(ROOT / "scripts/setup", "--cache").decode().strip()
    path = Path(cache, "trixie-riscv64/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin")
    if not path.exists():
        pytest.skip("not run: U-Boot cannot be fetched here (scripts/setup --guests)")
    return path


def uboot_start(uboot, path, *words):
    """QEMU with U-Boot, and the card as its disk."""
    machine = ["-M", "virt", "-nographic", "-no-reboot", "-kernel", str(uboot), *words]
    disk = ["-drive", f"file={path},format=raw,if=none,id=card,snapshot=on"]
    disk += ["-device", "virtio-blk-device,drive=card"]
    return pexpect.spawn("qemu-system-riscv64", machine + disk, timeout=BOOT_LIMIT,
                         encoding="utf-8", codec_errors="replace")


def test_a_partition_that_uboot_looks_at(tmp_path):
    path = card(tmp_path / "card.img", "--vm", HELLO)
    tool("sfdisk", "--verify", path)
    table = json.loads(tool("sfdisk", "--json", path))["partitiontable"]
    (partition,) = table["partitions"]
    assert table["label"] == "gpt"
    assert partition["start"] * 512 == MIB
    assert (partition["size"] + 4096) * 512 == path.stat().st_size == 36 * MIB
    assert partition["attrs"] == "LegacyBIOSBootable"
    fat = tmp_path / "fat"
    fat.write_bytes(path.read_bytes()[MIB:-MIB])
    tool("fsck.fat", "-n", fat)


def test_files_of_the_card(tmp_path):
    path = card(tmp_path / "card.img", "--vm", HELLO)
    assert card_file(path, "understudy.bin") == HYPERVISOR.read_bytes()
    lines = [line.split(None, 1) for line in
             card_file(path, "extlinux/extlinux.conf").decode().splitlines()]
    assert lines == [["default", "understudy"], ["label", "understudy"],
                     ["kernel", "/understudy.bin"], ["initrd", "/bundle.uimg"],
                     ["append", "marker=console"]]
    bundle = tmp_path / "bundle.itb"
    tool(LAUNCHER, "bundle", "-o", bundle, "--vm", HELLO)
    wrapped = card_file(path, "bundle.uimg")
    assert wrapped[64:] == bundle.read_bytes()
    (tmp_path / "wrapped").write_bytes(wrapped)
    listed = tool("mkimage", "-l", tmp_path / "wrapped").decode()
    assert "RISC-V Linux RAMDisk Image (uncompressed)" in listed


def test_several_vms_share_the_console(tmp_path):
    path = card(tmp_path / "card.img", "--vm", HELLO, "--vm", SMP)
    assert b"append" not in card_file(path, "extlinux/extlinux.conf")


def test_own_arguments_and_device_tree(tmp_path):
    tree = b"\xd0\x0d\xfe\xed and so on"
    (tmp_path / "board.dtb").write_bytes(tree)
    options = ["--append", "marker=mine", "--fdt", tmp_path / "board.dtb", "--size", "64M"]
    path = card(tmp_path / "card.img", "--vm", HELLO, *options)
    config = card_file(path, "extlinux/extlinux.conf")
    assert b"fdt /board.dtb\n" in config and b"append marker=mine\n" in config
    assert card_file(path, "board.dtb") == tree
    assert path.stat().st_size == 64 * MIB


def test_equal_input_makes_equal_cards(tmp_path):
    one = card(tmp_path / "1.img", "--vm", HELLO)
    time.sleep(2)  # the step of FAT's clock
    assert card(tmp_path / "2.img", "--vm", HELLO, zone="Asia/Tokyo").read_bytes() == \
        one.read_bytes()
    other = card(tmp_path / "3.img", "--vm", HELLO, "--append", "x")
    names = [json.loads(tool("sfdisk", "--json", each))["partitiontable"]["id"]
             for each in (one, other)]
    assert names[0] != names[1]


@pytest.mark.parametrize("words,options", [
    (("unknown preset", "'nobody'"), ["nobody"]),
    (("unknown preset", "'a'"), ["--vm", "preset=a"]),
    (("no such file", "/no/kernel"), ["--vm", "kernel=/no/kernel"]),
    (("cannot be mixed",), ["linux", "--vm", HELLO]),
    (("--size", "'huge'"), ["--vm", HELLO, "--size", "huge"]),
    (("--size", "needs 36M"), ["--vm", HELLO, "--size", "16M"]),
    (("--fdt", "/no/tree"), ["--vm", HELLO, "--fdt", "/no/tree"]),
    (("no device tree blob", "README.md"), ["--vm", HELLO, "--fdt", ROOT / "README.md"]),
    (("one line",), ["--vm", HELLO, "--append", "a\nb"]),
    (("cannot write", "/no/place"), ["--vm", HELLO, "-o", "/no/place/card.img"]),
    (("/dev/null", "no file"), ["--vm", HELLO, "-o", "/dev/null"]),
    (("no file",), ["--vm", HELLO, "-o", "/"]),
], ids=lambda value: value[0].strip("-").replace(" ", "-") if isinstance(value, tuple) else "")
def test_wrong_input(tmp_path, words, options):
    output = tmp_path / "card.img"
    done = subprocess.run([IMAGE, "-o", output, *options], capture_output=True, timeout=60,
                          text=True, env=ENVIRONMENT)
    assert done.returncode == REFUSED
    assert len(done.stderr.splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr
    assert not list(tmp_path.iterdir())


def test_missing_tool(tmp_path):
    for name in ("env", "python3", "mkimage", "sfdisk", "mkfs.fat"):
        (tmp_path / name).symlink_to(tool("which", name).decode().strip())
    program = "import sys; sys.path.insert(0, sys.argv[1]); from understudy_lib import card; " \
              "card.ENVIRONMENT['PATH'] = sys.argv[2]; card.tools_check()"
    done = subprocess.run(["python3", "-c", program, ROOT / "scripts", tmp_path],
                          capture_output=True, text=True, timeout=30)
    assert "LaunchError: mcopy is missing (package mtools" in done.stderr


def test_linux_from_the_card_without_a_key(tmp_path, uboot):
    path = card(tmp_path / "card.img", "linux")
    child = uboot_start(uboot, path, "-m", "1G", "-smp", "2")
    try:
        child.expect_exact("Starting kernel ...")
        child.expect_exact("Understudy on riscv-virtio,qemu, 2 harts")
        child.expect_exact("VM linux")
        child.expect_exact("understudy-console begin")
        child.expect_exact("linux:/# ")
        child.send("nproc; uname -m\r")
        child.expect(r"\n2\r+\nriscv64\r+\n")
        child.expect_exact("linux:/# ")
        child.send("poweroff -f\r")
        child.expect_exact("understudy: linux: shut down")
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    assert child.exitstatus == 0


def test_uboot_moves_everything(tmp_path, uboot):
    """bootm puts us elsewhere than booti does; bundle and tree go to the end of memory, and the
    tree gets a seed. All other memory is taken once and given back zeroed."""
    path = card(tmp_path / "card.img", "--vm", GREEDY, "--vm", SMP)
    wrapped = tmp_path / "understudy.uimg"
    tool("mkimage", "-A", "riscv", "-O", "linux", "-T", "kernel", "-C", "none", "-a", "0x90000000",
         "-e", "0x90000000", "-d", HYPERVISOR, wrapped)
    tool("mcopy", "-i", f"{path}@@1M", wrapped, "::")
    child = uboot_start(uboot, path, "-m", "512M", "-smp", "2", "-device", "virtio-rng-device")
    try:
        child.expect_exact("stop autoboot")
        for line in ("", "setenv initrd_high; setenv fdt_high; virtio scan",
                     "load virtio 0:1 $kernel_addr_r understudy.uimg",
                     "load virtio 0:1 $ramdisk_addr_r bundle.uimg",
                     "bootm $kernel_addr_r $ramdisk_addr_r $fdtcontroladdr"):
            child.send(line + "\r")
            child.expect_exact("bootm" if line.startswith("bootm") else "=> ")
        child.expect_exact("Loading Kernel Image to 90000000")
        child.expect("Loading Ramdisk to 9[0-9a-f]{7}")
        child.expect("Loading Device Tree to 0+9[0-9a-f]{7}")
        child.expect("error: .*/configurations/greedy: memory of 65536 MiB is more than the "
                     r"5\d\d MiB left")
        child.expect_exact("[smp] PASS")
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    assert child.exitstatus == REFUSED


def image_as_elf(path, address):
    """The raw image as a program that QEMU loads to that address."""
    blob = path.with_suffix(".o")
    linker = ["riscv64-linux-gnu-ld", "-m", "elf64lriscv"]
    tool(*linker, "-r", "-b", "binary", HYPERVISOR, "-o", blob)
    tool(*linker, "--omagic", f"-Tdata={address:#x}", "-e", f"{address:#x}", blob, "-o", path)


# Base and size of RAM as the hypervisor is told it, 336 MiB in all: QEMU has it all from 2 GiB
# to 5 GiB, loads bundle and device tree into the second and third piece.
PIECES = ((0x100000000, 0x10000000), (0x120000000, 0x4000000), (0x13F000000, 0x1000000))


def test_ram_at_4_gib(tmp_path):
    """As on the SpacemiT K3: RAM begins at 4 GiB, Sv39 is all that the harts have, there is no
    PLIC, and the last of three harts has no H, by what the tree says."""
    tree, elf, bundle = tmp_path / "board.dtb", tmp_path / "understudy.elf", tmp_path / "b.itb"
    image_as_elf(elf, PIECES[0][0] + 2 * MIB)
    tool(LAUNCHER, "bundle", "-o", bundle, "--vm", GREEDY, "--vm", SMP)
    dry = [LAUNCHER, "run", "--dry-run", "--bundle", bundle, "--hyp", elf, "--cpu", "rva23s64",
           "--cpus", "3", "--memory", "3G", "--machine"]
    machine = "aia=aplic-imsic,aia-guests=3"
    tool(*shlex.split(tool(*dry, f"{machine},dumpdtb={tree}").decode()))
    cells = [f"{word:x}" for pair in PIECES for number in pair
             for word in (number >> 32, number & 0xFFFFFFFF)]
    # OpenSBI boots any hart; what the boot hart has counts, so it must be one with H.
    first = tool("fdtget", "-tx", tree, "/cpus/cpu@0", "phandle").decode().strip()
    for words in (("-c", tree, "/chosen/opensbi-config"),
                  ("-ts", tree, "/chosen/opensbi-config", "compatible", "opensbi,config"),
                  ("-tx", tree, "/chosen/opensbi-config", "cold-boot-harts", first),
                  ("-r", tree, "/memory@80000000"), ("-c", tree, "/memory@100000000"),
                  ("-ts", tree, "/memory@100000000", "device_type", "memory"),
                  ("-tx", tree, "/memory@100000000", "reg", *cells),
                  ("-ts", tree, "/cpus/cpu@2", "riscv,isa", "rv64imafdcv"),
                  ("-ts", tree, "/cpus/cpu@2", "riscv,isa-extensions", "i", "m", "a", "v")):
        tool("fdtput", *words)
    done = subprocess.run([*shlex.split(tool(*dry, machine).decode()), "-dtb", tree],
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=BOOT_LIMIT,
                          text=True)
    assert "Understudy on riscv-virtio,qemu, 2 harts" in done.stdout, done.stdout
    assert "  interrupts AIA yes, guest files 3" in done.stdout
    assert "greedy: memory of 65536 MiB is more than the 33" in done.stdout
    assert "[smp] PASS" in done.stdout
    assert done.returncode == REFUSED
