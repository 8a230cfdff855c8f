# SPDX-License-Identifier: BSD-2-Clause
#
# VMs that have a name, and the file tree that the launcher packs for Linux; without a kernel: a
# cache made up here, and the archives read back.

import lzma
import os
import stat
import sys

import pytest
from test_launcher import SCRIPTS, command, files, launch, option, refusal, surroundings

sys.path.insert(0, str(SCRIPTS))

from understudy_lib import initramfs, options, presets, vmspec  # noqa: E402
from understudy_lib.errors import LaunchError, UsageError  # noqa: E402

RELEASE = "6.9-x"
FIXTURES = (files, surroundings)  # of the launcher's tests, and at work here


def module_make(*needs):
    return b"\x7fELF\0license=GPL\0depends=" + ",".join(needs).encode() + b"\0name=x\0"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """What scripts/setup --guests leaves behind, in small; a.ko needs b and d-e, b needs d-e,
    which is packed, and c, which is in the kernel."""
    monkeypatch.setenv("UNDERSTUDY_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "cache" / "trixie-riscv64"
    modules = root / "usr/lib/modules" / RELEASE
    files = {
        root / "boot" / f"vmlinux-{RELEASE}": b"kernel",
        root / "boot/vmlinux-6.8-x": b"older",
        root / "usr/bin/busybox": b"busybox",
        root / "usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin": b"u-boot",
        modules / "modules.order": b"kernel/a.ko\nkernel/f/b.ko\nkernel/d-e.ko\nkernel/loop.ko\n",
        modules / "modules.builtin": b"kernel/c.ko\nkernel/virtio_mmio.ko\nkernel/virtio_blk.ko\n",
        modules / "kernel/a.ko": module_make("b", "d-e"),
        modules / "kernel/f/b.ko": module_make("c", "d-e"),
        modules / "kernel/d-e.ko.xz": lzma.compress(module_make()),
        modules / "kernel/loop.ko": module_make(),
    }
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def build(cache, overlay=None):
    return initramfs.initramfs_build(
        cache / "usr/bin/busybox", cache / "usr/lib/modules" / RELEASE, overlay
    )


def members(archive):
    """{path: (mode, data, device)} of a newc archive, which must be whole."""
    found, at = {}, 0
    while True:
        assert at % 4 == 0 and archive[at : at + 6] == b"070701"
        fields = [int(archive[at + 6 + 8 * n : at + 14 + 8 * n], 16) for n in range(13)]
        _, mode, uid, gid, links, mtime, size, _, _, major, minor, length, check = fields
        assert (uid, gid, links, mtime, check) == (0, 0, 1, 0, 0)
        name = archive[at + 110 : at + 110 + length]
        begin = (at + 110 + length + 3) & ~3
        at = (begin + size + 3) & ~3
        assert name.endswith(b"\0")
        if name == b"TRAILER!!!\0":
            assert at == len(archive)
            return found
        found[name[:-1].decode()] = (mode, archive[begin : begin + size], (major, minor))


# --- the file tree -------------------------------------------------------------------------


def test_tree(cache):
    found = members(build(cache))
    assert list(found) == sorted(found)
    assert found["init"] == (0o100755, initramfs.INIT.read_bytes(), (0, 0))
    assert found["bin/busybox"] == (0o100755, b"busybox", (0, 0))
    assert found["dev/console"] == (stat.S_IFCHR | 0o600, b"", (5, 1))
    assert found["bin"] == found["lib/modules"] == (0o40755, b"", (0, 0))
    assert found["etc/modules"][1] == b"virtio_mmio\nvirtio_blk\n"


def test_tree_of_equal_files_is_equal(cache):
    before = build(cache)
    os.utime(cache / "usr/bin/busybox", (1, 1))
    assert build(cache) == before


def test_modules_bring_what_they_need(cache, tmp_path):
    (tmp_path / "over/etc").mkdir(parents=True)
    (tmp_path / "over/etc/modules").write_text("a\nc\n")
    found = members(build(cache, tmp_path / "over"))
    base = f"lib/modules/{RELEASE}/"
    assert found[base + "kernel/d-e.ko"][1] == module_make()  # unpacked
    assert found[base + "kernel/f/b.ko"][1] == module_make("c", "d-e")
    assert found[base + "modules.dep"][1].decode().splitlines() == [
        "kernel/a.ko: kernel/f/b.ko kernel/d-e.ko",
        "kernel/f/b.ko: kernel/d-e.ko",
        "kernel/d-e.ko:",
        "kernel/loop.ko:",
    ]


def test_files_are_laid_over(cache, tmp_path):
    over = tmp_path / "over"
    (over / "bin").mkdir(parents=True)
    (over / "bin/tool").write_bytes(b"tool")
    (over / "bin/tool").chmod(0o751)
    (over / "init").write_bytes(b"other")
    (over / "link").symlink_to("bin/tool")
    found = members(build(cache, over))
    assert found["bin/tool"] == (0o100751, b"tool", (0, 0))
    assert found["init"][1] == b"other"
    assert found["link"] == (0o120777, b"bin/tool", (0, 0))


def test_tree_that_cannot_be_made(cache, tmp_path):
    over = tmp_path / "over"
    (over / "etc").mkdir(parents=True)
    (over / "etc/modules").write_text("nosuch\n")
    with pytest.raises(UsageError, match="no module 'nosuch'"):
        build(cache, over)
    os.mkfifo(over / "pipe")
    with pytest.raises(UsageError, match="no file, directory or symbolic link"):
        build(cache, over)
    (cache / "usr/bin/busybox").unlink()
    with pytest.raises(LaunchError, match="busybox: No such file"):
        build(cache)


# --- presets -------------------------------------------------------------------------------


def test_linux(cache):
    vm = vmspec.vm_parse("preset=linux")
    assert vm.kernel == str(cache / "boot" / f"vmlinux-{RELEASE}")  # the newest
    assert (vm.vcpus, vm.memory, vm.append) == (2, 512 << 20, "console=ttyS0")
    assert vm.builds_initrd and vm.ready


def test_keys_go_before_the_preset(cache, tmp_path):
    vm = vmspec.vm_parse(f"preset=linux,vcpus=4,memory=1G,append=a=1,,2,files={tmp_path}")
    assert (vm.vcpus, vm.memory, vm.append) == (4, 1 << 30, "a=1,2")
    assert vm.files == str(tmp_path)
    vm = vmspec.vm_parse(f"preset=linux,initrd={vm.kernel}")
    assert vm.initrd == vm.kernel and not vm.builds_initrd


def test_presets_get_names_of_their_own(cache):
    vms = [vmspec.vm_parse("preset=linux") for _ in range(2)] + [vmspec.vm_parse("preset=uboot")]
    vmspec.names_settle(vms)
    assert [vm.name for vm in vms] == ["linux", "linux-2", "uboot"]


def test_command_of_linux(cache, files, capfd):
    hyp = ["--hyp", f"{files}/hyp.bin"]
    native = command(capfd, "linux,vcpus=3,append=quiet", "--native")
    assert option(native, "-initrd").endswith("/linux.cpio")
    assert option(native, "-append") == "quiet" and option(native, "-smp") == "3"
    assert option(command(capfd, *hyp, "linux"), "-smp") == "2"
    assert option(command(capfd, *hyp, "--vm", "preset=linux"), "-smp") == "2"
    assert option(command(capfd, *hyp, "linux", "--cpus", "1"), "-smp") == "1"
    assert option(command(capfd, *hyp, "uboot"), "-smp") == "1"


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("linux,vcpus=0", "vcpus: '0' is not a number"),
        ("linux,preset=uboot", "preset: given twice"),
        ("linux,files=/nowhere", "files: no such directory: '/nowhere'"),
        ("uboot,files=/", "files: only with preset=linux"),
        ("nosuch,vcpus=1", "unknown preset 'nosuch'"),
    ],
)
def test_preset_wrong(cache, capfd, text, complaint):
    assert complaint in refusal(capfd, "run", text)


def test_nothing_fetched(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("UNDERSTUDY_CACHE", str(tmp_path / "empty"))
    for name in presets.FETCHED:
        assert "; run scripts/setup --guests first" in refusal(capfd, "run", name)


def test_native_run_gets_its_tree(cache, files):
    body = 'path = sys.argv[sys.argv.index("-initrd") + 1]\n'
    body += 'out(b"Boot HART MEDELEG\\n", open(path, "rb").read(6))\n'
    done = launch(files, body, "--native", "--vm", "preset=linux", vm=False)
    assert done.stdout == b"070701"  # and launch saw that nothing was left behind


def test_bundle_with_linux(cache, tmp_path):
    output = tmp_path / "linux.itb"
    assert options.main(["bundle", "--vm", "preset=linux", "-o", str(output)]) == 0
    assert build(cache) in output.read_bytes()


# --- input from a pipe ---------------------------------------------------------------------

LISTENER = """
import select
out(BEGIN, b"boot ")
early = bool(select.select([0], [], [], SECONDS)[0])
out(b"list", b"ening ", b"early " if early else b"late ")
out(sys.stdin.buffer.readline(), END)
"""


@pytest.mark.parametrize(
    "key, seconds, when", [("", 9, b"early"), (",ready=listening", 0.3, b"late")]
)
def test_pipe_waits_for_the_guest(files, key, seconds, when):
    vm = f"kernel={files}/kernel.bin{key}"
    body = LISTENER.replace("SECONDS", str(seconds))
    done = launch(files, body, "--vm", vm, vm=False, input=b"go\n")
    assert done.stdout == b"boot listening " + when + b" go\n"
