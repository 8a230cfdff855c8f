# SPDX-License-Identifier: BSD-2-Clause
#
# The launcher alone: its options, bundles, filters and endings. No QEMU here: a small script
# plays its part (fake_make), so that every ending can be had at will and at once.
# Not for what a real machine does: the system tests beside this file start one.

import os
import pty
import random
import select
import shlex
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

from understudy_lib import machine, options, presets, vmspec  # noqa: E402
from understudy_lib.bundle import bundle_build, dts_string  # noqa: E402
from understudy_lib.console import EscapeKeys, FirmwareFilter, Log, MarkerFilter  # noqa: E402
from understudy_lib.errors import UsageError  # noqa: E402

LAUNCHER = str(SCRIPTS / "understudy")
PATIENCE = 10  # seconds; only a broken launcher needs them
TIME_LIMIT = "1.5"  # seconds of a run; by then its fake has spoken, on a busy machine too
STARTED = []
AWKWARD = "a \"b', $c,\\d\ne\tf é.bin"
AWKWARD_NAME = "a--b-,--c,-d-e-f--"

FAKE_HEAD = """#!/usr/bin/python3 -SE
import os, signal, sys, time
if sys.argv[1:] == ["--version"]:
    sys.exit(0)
NONCE = next((word[7:] for word in sys.argv if word.startswith("marker=")), "none")
BEGIN, END = (f"understudy-{NONCE} {word}\\n".encode() for word in ("begin", "end"))
def out(*parts):
    for part in parts:
        os.write(1, part)
"""


# --- what the tests stand on ---------------------------------------------------------------


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    """Temporary files are where a test can look for leftovers; no host setting leaks in."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    for name in ("QEMU", "OPENSBI", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    yield
    while STARTED:  # what a test that failed has left running
        STARTED[-1].kill()
        STARTED.pop().wait()


@pytest.fixture
def files(tmp_path):
    """A hypervisor, a kernel and an initrd, as far as the launcher can tell."""
    for name in ("hyp.bin", "kernel.bin", "initrd.img"):
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


def fake_make(folder, body):
    path = folder / "fake-qemu"
    path.write_text(FAKE_HEAD + body)
    path.chmod(0o755)
    return path


def words_make(files, body, *more, vm=True):
    """A run's command line. The option that says what runs is left out with vm=False."""
    words = [sys.executable, LAUNCHER, "run", "--qemu", str(fake_make(files, body))]
    words += ["--hyp", str(files / "hyp.bin")]
    return words + (["--vm", f"kernel={files}/kernel.bin"] if vm else []) + list(more)


def launch(files, body, *more, vm=True, **settings):
    settings = {"input": b"", "capture_output": True, "timeout": PATIENCE} | settings
    done = subprocess.run(words_make(files, body, *more, vm=vm), **settings)
    assert os.listdir(files / "tmp") == []
    return done


def start(files, body, *more, **settings):
    pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
    run = subprocess.Popen(words_make(files, body, *more), **(pipes | settings))
    STARTED.append(run)
    return run


def refusal(capfd, *words):
    """The one line that a refused command prints, without its newline."""
    assert options.main(list(words)) == 2
    shown, line = capfd.readouterr()
    assert shown == "" and line.count("\n") == 1 and line.startswith("understudy: ")
    return line[:-1]


def root_move(monkeypatch, folder):
    monkeypatch.setattr(options, "ROOT", folder)
    monkeypatch.setattr(presets, "ROOT", folder)


def command(capfd, *words):
    """QEMU's command, as --dry-run prints it, in words."""
    assert options.main(["run", "--dry-run", *words]) == 0
    line, errors = capfd.readouterr()
    assert errors == "" and line.endswith("\n")
    return shlex.split(line)


def option(words, name):
    return words[words.index(name) + 1]


def gone(pid):
    """Whether a process has ended, soon."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


# --- --vm ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, parts",
    [
        ("a", ["a"]),
        ("a,b", ["a", "b"]),
        ("a,,b", ["a,b"]),
        ("a,,,b", ["a,", "b"]),
        ("a,,,,b", ["a,,b"]),
        (",a", ["", "a"]),
        ("a,", ["a", ""]),
    ],
)
def test_commas(text, parts):
    assert vmspec.commas_split(text) == parts


@pytest.mark.parametrize(
    "text, size",
    [("1", 1), ("4096", 4096), ("3K", 3072), ("64M", 64 << 20), ("1G", 1 << 30), ("007", 7)],
)
def test_size(text, size):
    assert vmspec.size_parse(text) == size


@pytest.mark.parametrize(
    "text",
    ["", "0", "0M", "M", "64m", "64MB", "6 4", " 64", "64\n", "-1", "+1", "1.5G", "0x10", "1T"]
    + ["٣", "18446744073709551616", "17179869184G", "9" * 5000],
)
def test_size_malformed(text):
    with pytest.raises(UsageError, match="is not a size"):
        vmspec.size_parse(text)


def test_vm_defaults(files):
    vm = vmspec.vm_parse(f"kernel={files}/kernel.bin")
    assert vm == vmspec.VM(
        f"{files}/kernel.bin", None, None, 64 << 20, 1, "", "auto", 100, True, "never", 0
    )


def test_vm_every_key(files):
    vm = vmspec.vm_parse(
        f"weight=1000,cap=25,autostart=no,restart=always,format=raw,name=a+b._-,,Z9,"
        f"vcpus=2,affinity=0-2,,5,memory=1G,append=a=1,,2 b=,initrd={files}/initrd.img,"
        f"kernel={files}/kernel.bin"
    )
    assert vm == vmspec.VM(
        f"{files}/kernel.bin", f"{files}/initrd.img", "a=1,2 b=", 1 << 30, 2, "a+b._-,Z9",
        "raw", 1000, False, "always", 25, "0-2,5",
    )  # fmt: skip


def test_vm_awkward_path(tmp_path):
    (tmp_path / AWKWARD).write_bytes(b"k")
    path = f"{tmp_path}/{AWKWARD}"
    assert vmspec.vm_parse("kernel=" + path.replace(",", ",,")).kernel == path


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("", "'' is not KEY=VALUE"),
        ("K,", "'' is not KEY=VALUE"),
        ("K,raw", "'raw' is not KEY=VALUE"),
        ("K,foo=1", "unknown key 'foo' (known: kernel, initrd, append, memory, vcpus, name, "),
        ("K,Memory=1G", "unknown key 'Memory'"),
        ("K,=1", "unknown key ''"),
        ("memory=64M", "kernel= is missing"),
        ("kernel=", "kernel: no such file: ''"),
        ("kernel=/nowhere", "kernel: no such file: '/nowhere'"),
        ("kernel=/", "kernel: no such file: '/'"),
        ("K,initrd=/nowhere", "initrd: no such file: '/nowhere'"),
        ("K,memory=64Q", "memory: '64Q' is not a size"),
        ("K,memory=1G,memory=1G", "memory: given twice"),
        ("K,vcpus=0", "vcpus: '0' is not a number from 1 to"),
        ("K,vcpus=", "vcpus: '' is not a number"),
        ("K,vcpus=-1", "vcpus: '-1' is not a number"),
        ("K,vcpus=4294967296", "vcpus: '4294967296' is not a number"),
        ("K,weight=0", "weight: '0' is not a number from 1 to 1000"),
        ("K,cap=51201", "cap: '51201' is not a number from 0 to 51200"),
        ("K,weight=1001", "weight: '1001' is not a number from 1 to 1000"),
        ("K,format=elf", "format: 'elf' is not one of auto, raw"),
        ("K,affinity=0-", "affinity: '0-' is not a list of harts (such as 0-2,5)"),
        ("K,restart=yes", "restart: 'yes' is not one of never, on-crash, always"),
        ("K,autostart=1", "autostart: '1' is not one of yes, no"),
        ("K,name=", "name: '' is not a name"),
        ("K,name=a b", "name: 'a b' is not a name"),
        ("K,name=a/b", "name: 'a/b' is not a name"),
        ("K,name=é", "name: 'é' is not a name"),
        ("K,name=" + "n" * 32, "is not a name (1 to 31 of the characters"),
    ],
)
@pytest.mark.parametrize("subcommand", ["run", "bundle"])
def test_vm_wrong(files, capfd, subcommand, text, complaint):
    text = text.replace("K", f"kernel={files}/kernel.bin", 1)
    line = refusal(capfd, subcommand, "--vm", text)
    assert line.startswith("understudy: --vm: ") and complaint in line


# --- names ---------------------------------------------------------------------------------


def names(kernels_and_names):
    vms = [vmspec.VM(kernel=kernel, name=name) for kernel, name in kernels_and_names]
    vmspec.names_settle(vms)
    return [vm.name for vm in vms]


@pytest.mark.parametrize(
    "given, settled",
    [
        ([("/a/hello.bin", "")], ["hello"]),
        ([("/a/Image", ""), ("/b/Image", ""), ("/b/Image", "")], ["Image", "Image-2", "Image-3"]),
        ([("/a/x.bin", ""), ("/a/y.bin", "x")], ["x-2", "x"]),
        ([("/a/x.bin", ""), ("x-2", ""), ("x", "")], ["x", "x-2", "x-3"]),
        ([("/a/my kernel (é).elf", "")], ["my-kernel----"]),
        ([("n" * 40, ""), ("n" * 40, "")], ["n" * 31, "n" * 29 + "-2"]),
    ],
)
def test_names(given, settled):
    assert names(given) == settled


def test_names_twice(files, capfd):
    vm = f"kernel={files}/kernel.bin,name=a"
    assert "name: 'a' is taken" in refusal(capfd, "run", "--vm", vm, "--vm", vm)


# --- the command line ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "words, complaint",
    [
        ([], "a command is needed"),
        (["frob"], "invalid choice: 'frob'"),
        (["run", "--frob"], "unrecognized arguments: --frob"),
        (["run", "--cpu"], "--cpu: expected one argument"),
        (["run", "--time", "1"], "unrecognized arguments: --time"),  # no abbreviations
        (["run", "nosuch"], "unknown preset 'nosuch' (known: hello, clock, smp, paging, "),
        (["run", ",vcpus=4"], "a preset is needed before ',vcpus=4' (known: hello, "),
        (["run", "--icount-shift", "3"], "--icount-shift: only with --icount"),
        (["run", "--control", ""], "--control: a path is needed"),
        (["run", "--trace", "exit,,sbi"], "--trace: '' is none of all,csr,"),
        (["trace", "record", "--categories", "frob"], "--categories: 'frob' is none of all,csr,"),
        (["gdb"], "required: VM"),
        (["run", "--cpus", "0"], "--cpus: '0' is not a number from 1"),
        (["run", "--memory", "1Q"], "--memory: '1Q' is not a size"),
        (["run", "--gdb", "hello"], "--gdb: 'hello' is not a number from 1 to 65535"),
        (["run", "--timeout", "0"], "--timeout: '0' is not a number of seconds"),
        (["run", "--timeout", "nan"], "--timeout: 'nan' is not a number of seconds"),
        (["run", "hello", "--vm", "VM"], "cannot be mixed"),
        (["run", "hello", "--bundle", "B"], "cannot be mixed"),
        (["run", "--vm", "VM", "--bundle", "B"], "cannot be mixed"),
        (["run", "--native"], "--native: needs exactly one --vm"),
        (["run", "--native", "--bundle", "B"], "--native: needs exactly one --vm"),
        (["run", "--native", "--vm", "VM", "--vm", "VM"], "--native: needs exactly one --vm"),
        (["run", "--native", "--vm", "VM", "--stay"], "--native: there is no hypervisor"),
        (["run", "--native", "--vm", "VM", "--stats", "S"], "--native: there is no hypervisor to"),
        (["run", "--bundle", "/nowhere.itb"], "--bundle: no such file: '/nowhere.itb'"),
        (["run", "--bios", "/nowhere"], "--bios: no such file: '/nowhere'"),
        (["run", "--hyp", "/nowhere"], "--hyp: no such file: '/nowhere'; run make first"),
        (["bundle"], "at least one --vm is needed"),
        (["bundle", "--hash", "md5", "--vm", "VM"], "--hash: invalid choice: 'md5'"),
    ],
)
def test_options_wrong(files, capfd, words, complaint):
    words = [word.replace("VM", f"kernel={files}/kernel.bin") for word in words]
    assert complaint in refusal(capfd, *words)


def test_nothing_built(files, capfd, monkeypatch):
    root_move(monkeypatch, files)
    line = f"no such file: '{files}/build/%s'; run make first"
    assert line % "understudy.bin" in refusal(capfd, "run")
    assert line % "guest/hello/hello.bin" in refusal(capfd, "run", "hello")


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["bundle", "--help"]])
def test_help(words, capfd):
    with pytest.raises(SystemExit) as leaving:
        options.main(words)
    assert leaving.value.code == 0
    assert len(capfd.readouterr().out.splitlines()) < 60


# --- QEMU's command ------------------------------------------------------------------------


def test_command_one_vm(files, capfd):
    hyp, kernel = str(files / "hyp.bin"), f"kernel={files}/kernel.bin"
    words = command(capfd, "--hyp", hyp, "--vm", kernel)
    nonce = option(words, "-append").removeprefix("marker=")
    assert len(nonce) == 16 and int(nonce, 16) >= 0
    bundle = f"{files}/tmp/understudy-{nonce}/bundle.itb"
    assert words == [
        "qemu-system-riscv64", "-M", "virt", "-cpu", "rv64", "-smp", "1", "-m", "512M",
        "-nodefaults", "-display", "none", "-monitor", "none", "-serial", "stdio",
        "-global", "virtio-mmio.force-legacy=false", "-no-reboot",
        "-kernel", hyp, "-initrd", bundle, "-append", f"marker={nonce}",
    ]  # fmt: skip
    assert os.listdir(files / "tmp") == []  # nothing was built
    again = command(capfd, "--hyp", hyp, "--vm", kernel)
    assert option(again, "-append") != option(words, "-append")


def test_command_without_marker(files, capfd):
    hyp, kernel = ["--hyp", f"{files}/hyp.bin"], f"kernel={files}/kernel.bin"
    two = command(capfd, *hyp, "--vm", kernel, "--vm", kernel)
    stay = command(capfd, *hyp, "--vm", kernel, "--stay")
    ready = command(capfd, *hyp, "--bundle", f"{files}/initrd.img")
    embedded = command(capfd, *hyp)
    assert all("-append" not in words for words in (two, stay, ready, embedded))
    assert option(ready, "-initrd") == f"{files}/initrd.img"
    assert "-initrd" in two and "-initrd" in stay and "-initrd" not in embedded


def option_all(words, name):
    """The values of an option that may stand there several times."""
    return [words[at + 1] for at, word in enumerate(words) if word == name]


def test_command_control(files, capfd):
    hyp, kernel = ["--hyp", f"{files}/hyp.bin"], f"kernel={files}/kernel.bin"
    words = command(capfd, *hyp, "--vm", kernel, "--control", f"{files}/{AWKWARD}")
    path = f"{files}/{AWKWARD.replace(',', ',,')}"
    ends = {"gdb": ".gdb", "trace": ".trace", "control": ""}
    assert option_all(words, "-chardev") == [
        f"socket,id={name},path={path}{end},server=on,wait=off" for name, end in ends.items()
    ]
    assert option_all(words, "-device") == [
        "virtio-serial-device,max_ports=4",
        *(f"virtserialport,chardev={name},name=org.understudy.{name}" for name in ends),
    ]
    assert option(words, "-append") == "control"
    both = command(capfd, *hyp, "--vm", kernel, "--control", "s", "--stats", "t", "--monitor")
    serial, *ports = option_all(both, "-device")
    assert serial == "virtio-serial-device,max_ports=5" and len(ports) == 4
    assert option(both, "-append") == "stats control monitor"
    assert option(command(capfd, *hyp, "--vm", kernel, "--monitor"), "-append") == "monitor"


def test_command_stats(files, capfd):
    hyp, kernel = ["--hyp", f"{files}/hyp.bin"], f"kernel={files}/kernel.bin"
    words = command(capfd, *hyp, "--vm", kernel, "--stats", f"{files}/{AWKWARD}")
    assert option(words, "-chardev") == f"file,id=stats,path={files}/{AWKWARD.replace(',', ',,')}"
    assert option_all(words, "-device") == [
        "virtio-serial-device,max_ports=2",
        "virtserialport,chardev=stats,name=org.understudy.stats",
    ]
    marker, stats = option(words, "-append").split(" ")
    assert marker.startswith("marker=") and stats == "stats"
    two = command(capfd, *hyp, "--vm", kernel, "--vm", kernel, "--stats", "s")
    assert option(two, "-append") == "stats"
    assert "-device" not in command(capfd, *hyp, "--vm", kernel)
    assert not (files / AWKWARD).exists()  # nothing was started


def test_command_options(files, capfd, monkeypatch):
    monkeypatch.setenv("QEMU", "/else/where")
    monkeypatch.setenv("OPENSBI", "")
    words = ["--hyp", f"{files}/hyp.bin", "--cpus", "4", "--memory", "3G", "--cpu", "max"]
    words = command(
        capfd, *words, "--machine", "aia=aplic-imsic,aia-guests=3", "--icount", "--gdb"
    )
    assert words[:9] == [
        "/else/where", "-M", "virt,aia=aplic-imsic,aia-guests=3", "-cpu", "max", "-smp", "4",
        "-m", "3G",
    ]  # fmt: skip
    assert option(words, "-icount") == "shift=0,sleep=off"
    assert "-S" in words and option(words, "-gdb") == "tcp:127.0.0.1:1234"
    assert "-bios" not in words


def test_command_bios(files, capfd, monkeypatch):
    hyp = ["--hyp", f"{files}/hyp.bin"]
    monkeypatch.setenv("OPENSBI", f"{files}/kernel.bin")
    assert option(command(capfd, *hyp), "-bios") == f"{files}/kernel.bin"
    for bios in (f"{files}/initrd.img", "none", "default"):
        assert option(command(capfd, *hyp, "--bios", bios), "-bios") == bios


@pytest.mark.parametrize(
    "sizes, total",
    [
        (["64M"], "512M"),
        (["384M"], "512M"),
        (["384M", "1K"], "768M"),
        (["512M", "128M"], "768M"),
        (["896M"], "1G"),
        (["1G"], "2304M"),
        (["1G", "1G"], "3328M"),
        (["1536M", "128M"], "2304M"),
    ],
)
def test_command_memory(files, capfd, sizes, total):
    vms = [word for size in sizes for word in ("--vm", f"kernel={files}/kernel.bin,memory={size}")]
    assert option(command(capfd, "--hyp", f"{files}/hyp.bin", *vms), "-m") == total


def test_command_native(files, capfd):
    (files / AWKWARD).write_bytes(b"k")
    path = f"{files}/{AWKWARD}"
    vm = f"kernel={path},initrd={files}/initrd.img,append=a,b 'c',memory=1G,vcpus=3"
    vm = vm.replace(AWKWARD, AWKWARD.replace(",", ",,")).replace("a,b", "a,,b")
    words = command(capfd, "--native", "--vm", vm, "--cpus", "7")
    assert option(words, "-kernel") == path
    assert option(words, "-initrd") == f"{files}/initrd.img"
    assert option(words, "-append") == "a,b 'c'"
    assert option(words, "-smp") == "3" and option(words, "-m") == "1G"


@pytest.mark.parametrize(
    "size, meant", [("1K", "64M"), ("65M", "65M"), ("1025M", "1025M"), ("100000001", "100000001B")]
)
def test_command_native_memory(files, capfd, size, meant):
    words = command(capfd, "--native", "--vm", f"kernel={files}/kernel.bin,memory={size}")
    assert option(words, "-m") == meant
    assert "-initrd" not in words and "-append" not in words


OWN_PRESETS = [name for name in presets.PRESETS if name not in presets.FETCHED]


@pytest.mark.parametrize("name", OWN_PRESETS)
def test_command_preset(files, capfd, monkeypatch, name):
    root_move(monkeypatch, files)
    kernel = files / "build" / "guest" / name / f"{name}.bin"
    kernel.parent.mkdir(parents=True)
    kernel.write_bytes(b"k")
    (files / "build" / "understudy.bin").write_bytes(b"h")
    words = command(capfd, name)
    assert option(words, "-kernel") == f"{files}/build/understudy.bin"
    assert option(words, "-append").startswith("marker=") and "-initrd" in words
    native = command(capfd, name, "--native")
    assert option(native, "-kernel") == str(kernel)
    assert option(native, "-smp") == {"smp": "4", "kept": "2"}.get(name, "1")


# --- bundles, built by the real mkimage ----------------------------------------------------


def fdt_get(bundle, node, name, kind="s"):
    words = ["fdtget", "-t", kind, str(bundle), node, name]
    return subprocess.run(words, check=True, capture_output=True).stdout[:-1]


def fdt_list(bundle, node, what="-l"):
    words = ["fdtget", what, str(bundle), node]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()


def bundle_make(folder, *texts, hashes="crc32"):
    vms = [vmspec.vm_parse(text) for text in texts]
    vmspec.names_settle(vms)
    return bundle_build(vms, str(folder / "tmp"), hashes)


def test_bundle_content(files):
    (files / "same.bin").symlink_to("kernel.bin")
    bundle = bundle_make(
        files,
        f"kernel={files}/kernel.bin,initrd={files}/initrd.img,append=quiet,name=one,memory=5G,"
        "vcpus=2,weight=7,cap=30,affinity=0,autostart=no,restart=on-crash,format=raw",
        f"kernel={files}/same.bin,name=1-two",
    )
    assert fdt_list(bundle, "/images") == ["one-kernel", "one-ramdisk"]
    assert fdt_list(bundle, "/configurations") == ["one", "1-two"]
    for kind, name in (("kernel", "kernel.bin"), ("ramdisk", "initrd.img")):
        node = f"/images/one-{kind}"
        data = bytes(int(byte, 16) for byte in fdt_get(bundle, node, "data", "bx").split())
        assert data == name.encode()
        texts = [fdt_get(bundle, node, key) for key in ("type", "arch", "os", "compression")]
        assert texts == [kind.encode(), b"riscv", b"linux", b"none"]
        assert fdt_list(bundle, node) == ["hash-1"]
    one, two = "/configurations/one", "/configurations/1-two"
    assert fdt_get(bundle, "/configurations", "default") == b"one"
    assert fdt_get(bundle, one, "kernel") == fdt_get(bundle, two, "kernel") == b"one-kernel"
    assert fdt_get(bundle, one, "ramdisk") == b"one-ramdisk"
    assert fdt_get(bundle, one, "bootargs") == b"quiet"
    assert fdt_get(bundle, one, "format") == b"raw"
    assert fdt_get(bundle, one, "restart") == b"on-crash"
    numbers = [fdt_get(bundle, one, key, "u") for key in ("memory", "vcpus", "weight", "autostart")]
    assert numbers == [b"1 1073741824", b"2", b"7", b"0"]
    assert fdt_get(bundle, one, "cap", "u") == b"30"
    assert fdt_get(bundle, one, "affinity") == b"0"
    numbers = [fdt_get(bundle, two, key, "u") for key in ("memory", "vcpus", "weight", "autostart")]
    assert numbers == [b"0 67108864", b"1", b"100", b"1"]
    absent = {"ramdisk", "bootargs", "format", "restart", "cap", "affinity"}
    assert not absent & set(fdt_list(bundle, two, "-p"))


def test_bundle_awkward_texts(files):
    (files / AWKWARD).write_bytes(b"awkward kernel")
    path = f"{files}/{AWKWARD}".replace(",", ",,")
    bootargs = 'a="b \\" \\n \\x41 /* c */ // $HOME `d` \t\n\x7f é \udcff ,, =\'; }; "'
    bundle = bundle_make(files, f"kernel={path},append={bootargs}")
    assert fdt_list(bundle, "/configurations") == [AWKWARD_NAME]
    data = fdt_get(bundle, f"/images/{AWKWARD_NAME}-kernel", "data", "bx").split()
    assert bytes(int(byte, 16) for byte in data) == b"awkward kernel"
    told = fdt_get(bundle, f"/configurations/{AWKWARD_NAME}", "bootargs", "bx").split()
    expected = os.fsencode(bootargs.replace(",,", ",")) + b"\0"
    assert bytes(int(byte, 16) for byte in told) == expected


def test_dts_string():
    assert dts_string('a"b\\c\n,é') == '"a\\"b\\\\c\\x0a,\\xc3\\xa9"'


@pytest.mark.parametrize(
    "choice, algorithms",
    [("crc32", ["crc32"]), ("sha256", ["sha256"]), ("both", ["crc32", "sha256"])],
)
def test_bundle_command(files, capfd, choice, algorithms):
    words = ["bundle", "--vm", f"kernel={files}/kernel.bin", "--hash", choice, "-o"]
    for name in ("out.itb", "again.itb"):
        assert options.main([*words, f"{files}/{name}"]) == 0
    assert capfd.readouterr() == ("", "")
    assert (files / "out.itb").read_bytes() == (files / "again.itb").read_bytes()
    assert fdt_get(files / "out.itb", "/", "timestamp", "u") == b"0"
    assert os.listdir(files / "tmp") == []
    listed = subprocess.run(
        ["dumpimage", "-l", str(files / "out.itb")], check=True, capture_output=True, text=True
    ).stdout
    found = [line.split()[-1] for line in listed.splitlines() if "Hash algo" in line]
    assert found == algorithms
    assert "Default Configuration: 'kernel'" in listed


def test_bundle_unwritable(files, capfd):
    words = ["bundle", "--vm", f"kernel={files}/kernel.bin", "-o", "/nowhere/out.itb"]
    assert "error: cannot write '/nowhere/out.itb'" in refusal(capfd, *words)


def test_mkimage_missing(files, capfd, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    words = ["bundle", "--vm", f"kernel={files}/kernel.bin", "-o", f"{files}/out.itb"]
    assert "error: cannot start mkimage" in refusal(capfd, *words)


def test_mkimage_fails(files):
    tool = files / "mkimage"
    tool.write_text("#!/bin/sh\necho noise; echo the reason >&2; echo Usage: all >&2; exit 1\n")
    tool.chmod(0o755)
    path = f"{files}:{os.environ['PATH']}"
    done = launch(files, "out(b'started')\n", env=os.environ | {"PATH": path})
    assert done.returncode == 2 and done.stdout == b""
    assert done.stderr == b"understudy: error: mkimage failed:\nthe reason\n"


# --- the filters ---------------------------------------------------------------------------

NONCE = "0123456789abcdef"
BEGIN, END = (f"understudy-{NONCE} {word}\n".encode() for word in ("begin", "end"))


class File:
    def __init__(self):
        self.data = b""

    def write(self, data):
        self.data += data


def marker_filter():
    file, lines = File(), []
    return MarkerFilter(NONCE, Log(file, lines.append)), file, lines


def chunks_cut(chance, data):
    """The data in pieces; small ones as often as large ones."""
    while data:
        length = chance.choice((1, 1, 2, 3, 7, 19, 40, 1000))
        yield data[:length]
        data = data[length:]


def noise(chance):
    """Bytes of a console, many of them almost a token."""
    pieces = [END[: chance.randrange(len(END))], END[chance.randrange(1, len(END)) :], BEGIN]
    pieces += [b"understudy-", b"\n", b"\r\n", b"\0\xff", b"understudy: error: mine\n"]
    pieces += [END.replace(b"0123", b"0124"), chance.randbytes(5), b"u" * 3]
    return b"".join(chance.choice(pieces) for _ in range(chance.randrange(12)))


def held_longest(data, token):
    """How many last bytes of data may be the beginning of token, found the plain way."""
    return max(n for n in range(len(token)) if data[len(data) - n :] == token[:n])


def test_marker_any_chunks():
    for seed in range(1500):
        chance = random.Random(seed)
        before = noise(chance).replace(BEGIN, b"").replace(END, b"")
        guest = noise(chance).replace(END, b"")
        after = noise(chance)
        if BEGIN in before or END in guest:
            continue  # removing one made another
        console, file, _ = marker_filter()
        shown, fed = b"", b""
        for chunk in chunks_cut(chance, before + BEGIN + guest + END + after):
            fed += chunk
            shown += console.feed(chunk)
            if len(before + BEGIN) <= len(fed) < len(before + BEGIN + guest + END):
                mine = fed[len(before + BEGIN) :]
                assert shown == mine[: len(mine) - held_longest(mine, END)], seed
        shown += console.finish()
        assert (shown, file.data) == (guest, before + after), seed
        assert console.began


def test_marker_no_end():
    console, file, _ = marker_filter()
    partial = END[:-1]
    assert console.feed(b"boot\n" + BEGIN + b"guest" + partial) == b"guest"
    assert console.finish() == partial and console.finish() == b""
    assert file.data == b"boot\n"


def test_marker_no_begin():
    console, file, _ = marker_filter()
    assert console.feed(b"boot\n" + BEGIN[:-1]) + console.finish() == b""
    assert file.data == b"boot\n" + BEGIN[:-1] and not console.began


def test_marker_error_lines():
    bad = b"understudy: error: "
    stream = b"x\n" + bad + b"1\r\n " + bad + b"not at a line start\n" + BEGIN
    stream += bad + b"the guest's\nabc" + END + bad + b"2\nunderstudy: fine\n" + bad + b"3"
    for size in (1, 5, 1000):
        console, _, lines = marker_filter()
        for at in range(0, len(stream), size):
            console.feed(stream[at : at + size])
        console.finish()
        assert lines == [bad + b"1", bad + b"2", bad + b"3"]


def test_log_keeps_its_end():
    log = Log()
    for number in range(20000):
        log.write(b"%d\n" % number)
    assert log.tail.endswith(b"\n19998\n19999\n") and len(log.tail) < 100000


FIRMWARE = b"\r\nOpenSBI v1.5\r\n ____\r\nBoot HART MIDELEG  : 0x1\r\n"
FIRMWARE += b"Boot HART MEDELEG         : 0x0000000000f0b509\r\n"


@pytest.mark.parametrize("guest", [b"", b"\n\r\nfirst", b"no newline", b"Boot HART MEDELEG\n"])
def test_firmware_any_chunks(guest):
    for seed in range(100):
        file = File()
        console = FirmwareFilter(Log(file))
        shown = b""
        for chunk in chunks_cut(random.Random(seed), FIRMWARE + guest):
            shown += console.feed(chunk)
        assert shown == guest  # nothing waits for more to come
        assert console.finish() == b"" and file.data == FIRMWARE and console.began


@pytest.mark.parametrize("guest", [b"one\n", b"one", b"\n", b"a\nOpenSB\nOpenSBI 1\n", b"\nO\r\n"])
def test_firmware_comes_again(guest):
    banner = FIRMWARE[2:]  # its first line end is taken for the guest's
    for seed in range(100):
        file = File()
        console = FirmwareFilter(Log(file))
        shown = b""
        for chunk in chunks_cut(random.Random(seed), FIRMWARE + guest + FIRMWARE + b"two"):
            shown += console.feed(chunk)
        assert shown == guest + b"\r\ntwo"
        assert console.finish() == b"" and file.data == FIRMWARE + banner


def test_firmware_unfinished():
    file = File()
    console = FirmwareFilter(Log(file))
    assert console.feed(FIRMWARE[:-1]) + console.finish() == b""
    assert file.data == FIRMWARE[:-1] and not console.began


@pytest.mark.parametrize(
    "keys, sent, ended",
    [
        (b"plain\x03\x1d\x04\r", b"plain\x03\x1d\x04\r", False),
        (b"a\x01x", b"a", True),
        (b"a\x01\x01x", b"a\x01x", False),
        (b"\x01\x01\x01x", b"\x01", True),
        (b"\x01b\x01X", b"\x01b\x01X", False),
        (b"x\x01", b"x", False),
    ],
)
def test_escape_keys(keys, sent, ended):
    assert EscapeKeys().feed(keys) == (sent, ended)
    one_by_one = EscapeKeys()
    answers = [one_by_one.feed(bytes([key])) for key in keys]
    assert b"".join(data for data, _ in answers) == sent
    assert [end for _, end in answers] == [False] * (len(keys) - 1) + [ended]


# --- runs ----------------------------------------------------------------------------------

def test_run_shows_the_guest_alone(files):
    body = "out(b'OpenSBI\\n', BEGIN, b'\\0one\\r\\n\\xfftwo', END, b'report\\n')\n"
    done = launch(files, body, "--log", f"{files}/log")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"\0one\r\n\xfftwo", b"")
    assert (files / "log").read_bytes() == b"OpenSBI\nreport\n"


def test_run_passes_the_bundle(files):
    body = "out(BEGIN, open(sys.argv[sys.argv.index('-initrd') + 1], 'rb').read(), END)\n"
    done = launch(files, body)
    (files / "got.itb").write_bytes(done.stdout)
    assert fdt_list(files / "got.itb", "/configurations") == ["kernel"]


def test_run_large_output(files):
    body = "out(BEGIN)\nfor n in range(200):\n  out(b'%09d\\n' % n * 1000)\nout(END)\n"
    done = launch(files, body)
    assert done.stdout == b"".join(b"%09d\n" % n * 1000 for n in range(200))


def test_run_slow_reader(files):
    """Everything arrives, even if the reader begins when QEMU has long ended."""
    body = "out(BEGIN, b'x' * 50000, b'y' * 50000, END)\n"
    run = start(files, body)
    run.stdin.close()
    time.sleep(0.5)
    assert run.stdout.read() == b"x" * 50000 + b"y" * 50000
    assert run.wait(PATIENCE) == 0


def test_run_output_is_immediate(files):
    body = "out(BEGIN, b'prompt> u')\nsys.stdin.buffer.read(1)\n"
    run = start(files, body)
    assert _read_until(run.stdout.fileno(), b"prompt> ") == b"prompt> "
    run.stdin.write(b"k")
    run.stdin.close()
    assert run.stdout.read() == b"u"
    assert run.wait(PATIENCE) == 0


def _read_until(descriptor, end):
    data, limit = b"", time.monotonic() + PATIENCE
    while not data.endswith(end):
        assert select.select([descriptor], [], [], limit - time.monotonic())[0], data
        data += os.read(descriptor, 1000)
    return data


@pytest.mark.parametrize("what", ["two", "stay", "bundle", "embedded"])
def test_run_unmarked_shows_all(files, what):
    vm = f"kernel={files}/kernel.bin"
    more = {
        "two": ["--vm", vm, "--vm", vm],
        "stay": ["--vm", vm, "--stay"],
        "bundle": ["--bundle", f"{files}/initrd.img"],
        "embedded": [],
    }[what]
    done = launch(files, "out(b'all\\n', BEGIN, b'of', END, b'it')\nsys.exit(3)\n", *more, vm=False)
    everything = b"all\nunderstudy-none begin\nofunderstudy-none end\nit"
    assert (done.returncode, done.stdout, done.stderr) == (3, everything, b"")


def test_run_native(files):
    body = f"out({FIRMWARE!r}, b'\\nguest', BEGIN)\nsys.exit(5)\n"
    done = launch(files, body, "--native", "--log", f"{files}/log")
    assert (done.returncode, done.stdout) == (5, b"\nguestunderstudy-none begin\n")
    assert done.stderr == b""
    assert (files / "log").read_bytes() == FIRMWARE


def test_run_native_without_end_of_firmware(files):
    done = launch(files, "out(b'OpenSBI\\nstuck')\n", "--native")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"before the guest began" in done.stderr and done.stderr.endswith(b"OpenSBI\nstuck")


# --- what stdin brings ---------------------------------------------------------------------

ECHO = "out(BEGIN)\ndata = sys.stdin.buffer.read(%d)\nout(data, END)\n"


def test_stdin_unchanged(files):
    data = random.Random(1).randbytes(300000) + b"\x01x\x03\x04"
    done = launch(files, ECHO % len(data), input=data)
    assert (done.returncode, done.stdout) == (0, data)


def test_stdin_waits_for_the_guest(files):
    body = "import select\nearly = select.select([0], [], [], 0.3)[0]\n"
    body += "out(b'early' if early else b'quiet')\n"
    done = launch(files, body + ECHO % 2, "--log", f"{files}/log", input=b"hi")
    assert (done.stdout, (files / "log").read_bytes()) == (b"hi", b"quiet")


def test_stdin_end_ends_nothing(files):
    done = launch(files, "time.sleep(0.3)\n" + ECHO % 2 + "sys.exit(4)\n", input=b"hi")
    assert (done.returncode, done.stdout) == (4, b"hi")


def test_stdin_nobody_reads(files):
    body = "out(BEGIN)\nos.close(0)\ntime.sleep(0.2)\nout(b'lives', END)\n"
    done = launch(files, body, input=b"k" * 200000)
    assert (done.returncode, done.stdout) == (0, b"lives")


def test_closed_descriptors(files):
    words = words_make(files, "out(BEGIN, b'guest', END)\nsys.exit(3)\n")
    for closed, seen in (("<&-", b"guest"), (">&-", b""), ("2>&-", b"guest")):
        done = subprocess.run(
            f"{shlex.join(words)} {closed}", shell=True, stdout=subprocess.PIPE, timeout=PATIENCE
        )
        assert (done.returncode, done.stdout) == (3, seen)


class Terminal:
    """A person at a terminal: the run's stdin, stdout and stderr are one pty."""

    def __init__(self, files, body):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.run = start(files, body, stdin=self.slave, stdout=self.slave, stderr=self.slave)

    def expect(self, end):
        return _read_until(self.master, end)

    def press(self, keys):
        os.write(self.master, keys)

    def close(self):
        status = self.run.wait(PATIENCE)
        restored = termios.tcgetattr(self.slave) == self.before
        os.close(self.master)
        os.close(self.slave)
        return status, restored


KEYS = "out(BEGIN, b'\\nready')\nwhile True:\n  out(b'<%s>' % os.read(0, 100).hex().encode())\n"


def test_terminal_keys(files):
    terminal = Terminal(files, KEYS)
    assert terminal.expect(b"ready") == b"\r\nready"  # "\n" still begins a line
    for keys, sent in ((b"\x03", b"03"), (b"\x1a", b"1a"), (b"\r", b"0d"), (b"\x01\x01", b"01")):
        terminal.press(keys)
        assert terminal.expect(b">") == b"<" + sent + b">"
    assert termios.tcgetattr(terminal.slave) != terminal.before
    terminal.press(b"\x01")
    terminal.press(b"x")
    assert terminal.close() == (0, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_terminal_restored_after_signal(files, number):
    terminal = Terminal(files, KEYS)
    terminal.expect(b"ready")
    terminal.run.send_signal(number)
    assert terminal.close() == (128 + number, True)


def test_in_the_background_of_a_terminal(files):
    """A shell with job control gives the job a process group that has no keys, and would see it
    stopped where it asked for them."""
    words = words_make(files, "out(BEGIN, b'seen', END)\nsys.exit(5)\n")
    child, master = pty.fork()
    if not child:
        os.execvp("bash", ["bash", "-mc", f"{shlex.join(words)} & wait $!; echo status $?"])
    shown = _read_until(master, b"status 5\r\n")
    assert b"seen" in shown
    os.waitpid(child, 0)
    os.close(master)


# --- endings -------------------------------------------------------------------------------

STUBBORN = """
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
out(BEGIN, b"%d\\n" % os.getpid())
while True:
    time.sleep(100)
"""


@pytest.mark.parametrize("status", [0, 1, 2, 3, 4, 124, 255])
def test_exit_status(files, status):
    done = launch(files, f"out(BEGIN, b'g', END)\nsys.exit({status})\n")
    assert (done.returncode, done.stdout) == (status, b"g")


def test_exit_by_signal(files):
    done = launch(files, "out(BEGIN, b'g')\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    assert (done.returncode, done.stdout) == (1, b"g")
    assert b"understudy: error: QEMU died of signal 11" in done.stderr


@pytest.mark.parametrize("body", ["out(BEGIN, b'g')\ntime.sleep(100)\n", STUBBORN])
def test_timeout(files, body):
    began = time.monotonic()
    done = launch(files, body, "--timeout", TIME_LIMIT)  # which ends before PATIENCE does
    assert float(TIME_LIMIT) <= time.monotonic() - began
    assert (done.returncode, done.stderr) == (124, b"understudy: error: timeout after 1.5 s\n")
    assert done.stdout == b"g" or gone(int(done.stdout))


def test_timeout_before_the_guest(files):
    done = launch(files, "out(b'stuck here\\n')\ntime.sleep(100)\n", "--timeout", TIME_LIMIT)
    assert (done.returncode, done.stdout) == (124, b"")
    assert b"timeout after 1.5 s\n" in done.stderr and done.stderr.endswith(b"stuck here\n")


def test_timeout_with_a_reader_that_does_not_read(files):
    """Nobody reads: QEMU has to wait, the launcher neither blocks nor stores it all."""
    body = "out(BEGIN)\nwhile True: open('count', 'a').write('+'); out(b'x' * 50000)\n"
    run = start(files, body, "--timeout", TIME_LIMIT, cwd=files)
    assert run.wait(PATIENCE) == 124
    assert 1 <= (files / "count").stat().st_size < 20


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ended_by_signal(files, number):
    run = start(files, STUBBORN)
    pid = int(_read_until(run.stdout.fileno(), b"\n"))
    run.send_signal(number)
    assert run.wait(PATIENCE) == 128 + number
    assert gone(pid) and run.stderr.read() == b""
    assert os.listdir(files / "tmp") == []


def test_killed_launcher_takes_qemu_along(files):
    run = start(files, STUBBORN)
    pid = int(_read_until(run.stdout.fileno(), b"\n"))
    run.kill()
    run.wait(PATIENCE)
    assert gone(pid)


@pytest.mark.parametrize("then", ["time.sleep(100)", "out(b'more ' * 100)"])
def test_reader_goes_away(files, then):
    """While the guest is silent, and while it talks."""
    run = start(files, STUBBORN.replace("time.sleep(100)", then))
    pid = int(os.read(run.stdout.fileno(), 20).split()[0])
    run.stdout.close()
    assert run.wait(PATIENCE) == 128 + signal.SIGPIPE
    assert gone(pid) and run.stderr.read() == b""
    assert os.listdir(files / "tmp") == []


# --- what stderr tells ---------------------------------------------------------------------


def test_error_lines_are_repeated(files):
    line = b"understudy: error: bundle: /configurations/x: kernel is larger than the VM's memory\n"
    done = launch(files, f"out(b'noise\\n', {line!r})\nsys.exit(2)\n", "--log", f"{files}/log")
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", line)
    assert (files / "log").read_bytes() == b"noise\n" + line


def test_error_line_after_the_end(files):
    line = b"understudy: error: vm x: crashed\n"
    done = launch(files, f"out(BEGIN, b'g', END, b'more\\n', {line!r})\nsys.exit(3)\n")
    assert (done.returncode, done.stdout, done.stderr) == (3, b"g", line)


def test_silent_failure_shows_the_log(files):
    report = "out(BEGIN, b'g', END, b''.join(b'line %d\\n' % n for n in range(50)))\n"
    done = launch(files, report + "sys.exit(3)\n")
    assert done.stdout == b"g"
    assert done.stderr == b"".join(b"line %d\n" % n for n in range(30, 50))
    assert launch(files, report).stderr == b""  # a success is silent


def test_guest_never_began(files):
    done = launch(files, "out(b'unmarked\\n')\n")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"before the guest began" in done.stderr and done.stderr.endswith(b"unmarked\n")


def test_qemu_complains(files):
    body = "os.write(2, b'fake: no such option\\n')\nout(b'log\\n')\nsys.exit(1)\n"
    done = launch(files, body)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"fake: no such option\n")


def test_qemu_warns(files):
    body = "os.write(2, b'fake: warning: odd\\n')\nout(BEGIN, END, b'why\\n')\nsys.exit(4)\n"
    assert launch(files, body).stderr == b"fake: warning: odd\nwhy\n"


def test_qemu_missing(files, capfd):
    words = ["run", "--qemu", "/nowhere/qemu", "--hyp", f"{files}/hyp.bin"]
    line = refusal(capfd, *words)
    assert line == "understudy: error: cannot start QEMU '/nowhere/qemu': No such file or directory"


@pytest.mark.parametrize(
    "told, accepted",
    [
        ("QEMU emulator version 7.1.94 (v7.2.0-rc4)", False),
        ("QEMU emulator version 6.2.0", False),
        ("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)", True),
        ("QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)", True),
        ("", True),
        ("something else", True),
    ],
)
def test_qemu_version(files, told, accepted):
    qemu = files / "versioned"
    qemu.write_text(f"#!/bin/sh\necho '{told}'\n")
    qemu.chmod(0o755)
    if accepted:
        assert machine.qemu_check(str(qemu)) is None
    else:
        with pytest.raises(options.LaunchError, match="too old: .* must be 7.2 or later"):
            machine.qemu_check(str(qemu))


@pytest.mark.parametrize("path", ["/nowhere/stats", "/", ""])
def test_stats_unwritable(files, path):
    done = launch(files, "out(BEGIN, END)\n", "--stats", path)
    line = f"understudy: error: cannot write the statistics {path!r}: ".encode()
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(line) and done.stderr.count(b"\n") == 1


def test_log_unwritable(files):
    done = launch(files, "out(BEGIN, END)\n", "--log", "/nowhere/log")
    assert done.returncode == 2
    assert done.stderr.startswith(b"understudy: error: cannot write the log '/nowhere/log'")


@pytest.mark.parametrize("cpus, warns", [("1", False), ("2", True)])
def test_icount_warning(files, cpus, warns):
    done = launch(files, "out(BEGIN, END)\n", "--icount", "--cpus", cpus)
    assert (b"understudy: warning: " in done.stderr) == warns and done.returncode == 0


def test_gdb_note(files):
    (files / "hyp.elf").write_bytes(b"")
    done = launch(files, "out(BEGIN, END)\n", "--gdb", "4321")
    words = shlex.split(done.stderr.decode())
    assert words[-1] == "target remote 127.0.0.1:4321"
    assert f'us hyp-symbols "{files}/hyp.elf"' in words  # linked at 0: never GDB's own argument
    (files / "kernel.elf").write_bytes(b"")
    done = launch(files, f"out({FIRMWARE!r})\n", "--gdb", "4321", "--native")
    assert f"gdb-multiarch {files}/kernel.elf -ex" in done.stderr.decode()
