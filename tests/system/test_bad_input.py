# SPDX-License-Identifier: BSD-2-Clause
#
# Wrong input: each gets one clear line and a non-zero status, and takes nothing else along.

import subprocess

import pytest
from conftest import BINARIES, LAUNCHER, understudy

HELLO = BINARIES / "hello/hello.bin"
GREETING = b"Hello from a guest."
REFUSED = 2


def refused(*words, options):
    """One line on stderr says it, in these words."""
    done = understudy(*options, limit=30)
    lines = [line for line in done.stderr.decode().splitlines() if line.startswith("understudy: ")]
    assert done.returncode == REFUSED, (done.returncode, done.stderr)
    assert len(lines) == 1, lines
    for word in words:
        assert word in lines[0]
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("words,vm", [
    (("zero", "vcpus"), f"kernel={HELLO},vcpus=0"),
    (("unknown key", "'colour'"), f"kernel={HELLO},colour=red"),
    (("/no/such/file",), "kernel=/no/such/file"),
    (("kernel",), "memory=8M"),
    (("size",), f"kernel={HELLO},memory=much"),
    (("memory",), f"kernel={HELLO},memory=0"),
    (("passes the VM's memory", "/configurations/hello"), f"kernel={HELLO},memory=2M"),
    (("memory of 4096 MiB is more than",), f"kernel={HELLO},memory=4G"),
], ids=lambda value: value[0].replace(" ", "-") if isinstance(value, tuple) else "")
def test_vm_option(words, vm):
    if words == ("zero", "vcpus"):
        words = ("vcpus",)
    if words == ("memory of 4096 MiB is more than",):
        refused(*words, options=["--vm", vm, "--memory", "512M"])
    else:
        refused(*words, options=["--vm", vm])


def test_no_h_extension():
    refused("no H extension", "-cpu rv64", options=["--vm", f"kernel={HELLO}", "--cpu",
                                                    "rv64,h=false"])


def build_bundle(path, *vms):
    words = [word for vm in vms for word in ("--vm", vm)]
    subprocess.run([LAUNCHER, "bundle", "-o", path, *words], check=True, timeout=30)
    return path.read_bytes()


def refused_bundle(path, word):
    done = understudy("--bundle", path, limit=30)
    errors = [line for line in done.stdout.decode().splitlines()
              if line.startswith("understudy: error: ")]
    assert done.returncode == REFUSED, done.stdout[-500:]
    assert len(errors) == 1 and word in errors[0], errors


def test_truncated_bundle(tmp_path):
    path = tmp_path / "short.itb"
    data = build_bundle(path, f"kernel={HELLO}")
    path.write_bytes(data[:len(data) // 2])
    refused_bundle(path, "truncated")


def test_wrong_hash(tmp_path):
    path = tmp_path / "flipped.itb"
    data = bytearray(build_bundle(path, f"kernel={HELLO}"))
    kernel = HELLO.read_bytes()
    data[data.index(kernel) + len(kernel) // 2] ^= 1
    path.write_bytes(data)
    refused_bundle(path, "crc32")


@pytest.mark.parametrize("data", [b"\0" * 4096, b"bundle? " * 99, bytes(range(256)) * 8],
                         ids=["zeros", "text", "bytes"])
def test_garbage_for_a_bundle(tmp_path, data):
    path = tmp_path / "garbage.itb"
    path.write_bytes(data)
    refused_bundle(path, "bundle")


def test_a_sound_vm_runs_beside_a_refused_one(tmp_path):
    path = tmp_path / "mixed.itb"
    build_bundle(path, f"kernel={HELLO},name=good,memory=8M", f"kernel={HELLO},name=bad,memory=2M")
    done = understudy("--bundle", path, limit=30)
    assert done.returncode == REFUSED
    assert b"[good] " + GREETING in done.stdout
    assert b"error: bundle: /configurations/bad: kernel" in done.stdout


def changed(path, offset, data):
    """The guest hello with some bytes of its Image header (64 bytes) replaced."""
    image = bytearray(HELLO.read_bytes())
    image[offset:offset + len(data)] = data
    path.write_bytes(image)
    return path


@pytest.mark.parametrize("words,offset,data", [
    (("neither Image nor ELF",), 56, b"\0\0\0\0"),
    (("larger than the VM's memory",), 16, (1 << 60).to_bytes(8, "little")),
    (("passes the VM's memory",), 8, (1 << 40).to_bytes(8, "little")),
], ids=["magic", "image_size", "text_offset"])
def test_image_header(tmp_path, words, offset, data):
    refused(*words, options=["--vm", f"kernel={changed(tmp_path / 'Image', offset, data)}"])


def test_files_that_do_not_fit(tmp_path):
    (tmp_path / "text").write_text("no kernel, but words\n" * 100)
    refused("neither Image nor ELF", options=["--vm", f"kernel={tmp_path}/text"])
    (tmp_path / "initrd").write_bytes(bytes(9 << 20))
    refused("ramdisk", options=["--vm", f"kernel={HELLO},memory=8M,initrd={tmp_path}/initrd"])
    refused("bootargs", options=["--vm", f"kernel={HELLO},append={'x' * 70000}"])


def crashed(kernel, *words):
    """Status 3, and a report that names the VM and has these words."""
    done = understudy("--vm", f"kernel={kernel},format=raw,memory=8M,name=lost", limit=30)
    report = done.stderr.decode()
    assert done.returncode == 3, (done.returncode, report)
    assert "understudy: error: lost: its trap handler cannot be fetched" in report
    for word in words:
        assert word in report, report


def test_a_jump_to_nowhere(tmp_path):
    lui_jr = (0x400002B7, 0x00028067)
    (tmp_path / "jump").write_bytes(b"".join(word.to_bytes(4, "little") for word in lui_jr))
    crashed(tmp_path / "jump", "scause 20, instruction guest-page fault",
            "guest physical address 0x0 is not memory", "scause 1, instruction access fault; "
            "sepc 0x40000000, stval 0x40000000")


def test_a_first_instruction_that_is_none(tmp_path):
    crashed(changed(tmp_path / "Image", 0, bytes(4)), "vCPU 0 in VS-mode at pc 0x0",
            "scause 2, illegal instruction; sepc 0x80200000")
