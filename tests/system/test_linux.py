# SPDX-License-Identifier: BSD-2-Clause
#
# Debian's kernel, as it is, in a VM: it boots to a shell on harts of every kind, takes harts away
# and back, starts again, and ends; all without a word of complaint.

import subprocess

import pytest
from conftest import understudy
from shell import BOOT_LIMIT, Shell, cache, guests_need, troubles

PROMPT = "linux:/# "
MODELS = ["rv64", "rva23s64", "max", "rv64,sstc=off,svadu=off"]


@pytest.fixture(autouse=True)
def needs():
    guests_need()


@pytest.fixture
def boot():
    """Starts a Linux and ends what a test leaves running."""
    shells = []

    def start(*arguments):
        shells.append(Shell(PROMPT, *arguments))
        return shells[-1]

    yield start
    for shell in shells:
        shell.close()


def run_piped(script, *arguments, status=0, limit=BOOT_LIMIT):
    """The guest's lines where the script comes on a pipe, which ends at once."""
    done = understudy(*arguments, limit=limit, stdin=script.encode())
    text = done.stdout.decode(errors="replace").replace("\r", "")
    assert done.returncode == status, done.stderr.decode() + text[-3000:]
    return text


def check_boot(vcpus, harts, model, *arguments):
    """To the shell and back: all CPUs there, no complaint, status 0."""
    script = "echo cpus=$(nproc)=; poweroff -f\n"
    shape = [f"linux,vcpus={vcpus}", "--cpus", harts, "--cpu", model]
    text = run_piped(script, *shape, *arguments)
    assert f"cpus={vcpus}=" in text
    assert "reboot: Power down" in text
    assert troubles(text) == []


def test_troubles_are_seen():
    text = "[ 1.0] fine\n[ 2.0] WARNING: CPU: 0\n[ 3.0] rcu: INFO: rcu_sched detected stalls on\n"
    assert len(troubles(text)) == 2


def test_boot_with_input_from_a_pipe():
    check_boot(1, 1, "rv64")


def test_boot_without_sstc():
    check_boot(2, 1, "rv64,sstc=off,svadu=off")


def interrupt(shell, key):
    """A key ends only a command that runs, and says so itself; before, the key is the shell's."""
    shell.type("sh -c 'echo run\"\"ning; sleep 1000'")
    shell.expect("running")
    shell.key(key)
    shell.expect(PROMPT)


def test_a_terminal_and_reboot(boot):
    shell = boot("linux")
    assert shell.do("nproc; stty size; tty") == ["2", "50 200", "/dev/ttyS0"]
    interrupt(shell, "\x03")
    interrupt(shell, "\x1a")
    assert "Stopped" in "".join(shell.do("jobs"))
    shell.do("kill %1; touch /tmp/before")
    shell.type("reboot -f")
    shell.expect("Linux version ")
    shell.expect(PROMPT)
    assert shell.do("ls /tmp | wc -l; nproc") == ["0", "2"]
    shell.type("poweroff -f")
    assert shell.end() == 0
    assert troubles(shell.text) == []


def test_harts_go_and_come(boot):
    shell = boot("linux,vcpus=4", "--cpus", 2, "--cpu", "max")
    assert shell.do("nproc") == ["4"]
    for cpu in (3, 1, 2):
        shell.do(f"echo 0 >/sys/devices/system/cpu/cpu{cpu}/online")
    assert shell.do("nproc; cat /sys/devices/system/cpu/online") == ["1", "0"]
    for cpu in (1, 2, 3):
        shell.do(f"echo 1 >/sys/devices/system/cpu/cpu{cpu}/online")
    assert shell.do("cat /sys/devices/system/cpu/online") == ["0-3"]
    for cpu in range(4):
        assert shell.do(f"taskset {1 << cpu:x} sh -c 'echo on $(nproc)'") == ["on 1"]
    shell.type("poweroff -f")
    assert shell.end() == 0
    assert troubles(shell.text) == []


# --- the long list -------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("harts", [1, 2, 4])
@pytest.mark.parametrize("vcpus", [1, 2, 4])
def test_boot_everywhere(vcpus, harts, model):
    check_boot(vcpus, harts, model)


@pytest.mark.long
def test_boot_beside_aia():
    check_boot(2, 2, "rv64", "--machine", "aia=aplic-imsic,aia-guests=3")


@pytest.mark.long
@pytest.mark.parametrize("vcpus", [1, 2])
@pytest.mark.parametrize("model", ["rv64", "rv64,sstc=off"])
def test_boot_on_qemu_7_2(model, vcpus):
    qemu = cache() / "qemu-7.2/qemu-system-riscv64"
    if not qemu.exists():
        pytest.skip("not run: QEMU 7.2 cannot be installed here (scripts/setup --qemu-7.2)")
    check_boot(vcpus, 2, model, "--qemu", qemu)


@pytest.mark.long
@pytest.mark.parametrize("repeat", range(20))
def test_boot_again(repeat):
    check_boot(2, 2, "rv64")


@pytest.mark.long
def test_boot_natively():
    text = run_piped("echo cpus=$(nproc)=; poweroff -f\n", "linux,vcpus=3", "--native")
    assert "cpus=3=" in text and troubles(text) == []


@pytest.mark.long
def test_reboot_natively(boot):
    shell = boot("linux", "--native")
    shell.type("reboot -f")
    shell.expect("Linux version ")
    assert "OpenSBI" not in shell.expect(PROMPT)
    shell.type("poweroff -f")
    assert shell.end() == 0


@pytest.mark.long
def test_files_and_modules(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/modules").write_text("loop\nvfat\n")
    (tmp_path / "etc/run").write_text("cut -d' ' -f1 /proc/modules | sort | tr '\\n' ' '\n")
    text = run_piped("", f"linux,files={tmp_path}")
    assert "linux:/etc/run\nfat loop vfat " in text and troubles(text) == []


@pytest.mark.long
def test_large_input_arrives():
    lines = "".join(f"{number:07}\n" for number in range(1000))
    script = f"stty -echo; cat >/tmp/x <<'E'\n{lines}E\nsha256sum /tmp/x; poweroff -f\n"
    done = subprocess.run(["sha256sum"], input=lines.encode(), capture_output=True)
    assert done.stdout.decode().split()[0] in run_piped(script, "linux")


def test_input_waits_for_a_guest_that_sleeps(tmp_path):
    """More than all buffers on the way hold: the port holds its peer, as natively."""
    data = "".join(f"{number:07}\n" for number in range(4000))
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/run").write_text("stty -echo -icanon; echo ready now; sleep 2\n"
                                      f"head -c {len(data)} | sha256sum\n")
    done = subprocess.run(["sha256sum"], input=data.encode(), capture_output=True)
    text = run_piped(data, f"linux,files={tmp_path},ready=ready now", "--cpus", 1)
    assert done.stdout.decode().split()[0] in text


@pytest.mark.long
def test_panic_ends_by_timeout():
    text = run_piped("echo c >/proc/sysrq-trigger\n", "linux", status=124, limit=120)
    assert "Kernel panic" in text
