# SPDX-License-Identifier: BSD-2-Clause
#
# GDB on guests that run: attach, look, break, step, watch, Ctrl-C, detach, by `understudy gdb`.
# What the guests are is unknown to GDB but for the last test, where Linux names its symbols.

import re
import subprocess
import time

import pexpect
import pytest
from conftest import LAUNCHER
from machine import COUNT_OFFSET, COUNTER, Machine, counter_make, kernel_make
from shell import guests_need, troubles
from understudy_lib import symbols

LIMIT = 60
BASE = 0x80200000  # where raw kernels are loaded
COUNT = BASE + COUNT_OFFSET
WFI, LOOP = BASE + 4 * COUNTER.index(0x10500073), BASE + 12
STORE = BASE + 4 * COUNTER.index(0x1062B023)

# A kernel that executes EBREAK for ever, and counts in its trap handler how often it did.
BREAKER = [
    0x00000297,  #    auipc t0, 0
    0x01428313,  #    addi  t1, t0, 20
    0x10531073,  #    csrw  stvec, t1
    0x00100073,  # 1: ebreak
    0xFFDFF06F,  #    j     1b
    0x1002B303,  #    ld    t1, 256(t0)
    0x00130313,  #    addi  t1, t1, 1
    0x1062B023,  #    sd    t1, 256(t0)
    0x141023F3,  #    csrr  t2, sepc
    0x00438393,  #    addi  t2, t2, 4
    0x14139073,  #    csrw  sepc, t2
    0x10200073,  #    sret
]

# A kernel that counts by LR and SC.
ATOMIC = [
    0x00000297,  #    auipc t0, 0
    0x10028513,  #    addi  a0, t0, 256
    0x1005332F,  # 1: lr.d  t1, (a0)
    0x00130313,  #    addi  t1, t1, 1
    0x186533AF,  #    sc.d  t2, t1, (a0)
    0xFE039AE3,  #    bnez  t2, 1b
    0xFF1FF06F,  #    j     1b
]

# A kernel that waits for the double word 256 bytes behind its entry, and then shuts down.
ENDER = [
    0x00000297,  #    auipc t0, 0
    0x1002B303,  # 1: ld    t1, 256(t0)
    0xFE030EE3,  #    beqz  t1, 1b
    0x535258B7,  #    lui   a7, 0x53525     # SBI SRST
    0x35488893,  #    addi  a7, a7, 852
    0x00000813,  #    li    a6, 0
    0x00000513,  #    li    a0, 0
    0x00000593,  #    li    a1, 0
    0x00000073,  #    ecall
]


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gdb")
    counter = counter_make(folder / "counter.bin")
    breaker = kernel_make(folder / "breaker.bin", BREAKER + [0] * 64)
    words = ["--cpus", 2]
    for name, kernel, more in (("a", counter, ""), ("b", counter, ""), ("own", breaker, ",cap=50")):
        words += ["--vm", f"kernel={kernel},format=raw,memory=4M,name={name}{more}"]
    with Machine(folder, *words) as machine:
        assert machine.counts_on("a") and machine.counts_on("own")
        yield machine


def gdb(machine, name, *commands):
    """What GDB says to each command, once it is attached."""
    words = [LAUNCHER, "gdb", "--socket", machine.socket, name, "--", "-nx", "-batch"]
    return answers_of([*words, "-ex", "set width 0"], commands)


def typed(machine, name, point):
    """GDB at a terminal, attached, where `point` was set and the VM was told to continue."""
    command = [LAUNCHER, "gdb", "--socket", machine.socket, name, "--", "-nx"]
    child = pexpect.spawn(str(command[0]), list(map(str, command[1:])), timeout=LIMIT)
    child.expect_exact("(gdb) ")
    child.sendline(point)
    child.expect_exact("(gdb) ")
    child.sendline("continue")
    return child


def answers_of(words, commands):
    for command in commands:
        words += ["-ex", r"echo \n@@\n", "-ex", command]
    words += ["-ex", r"echo \n@@\n"]
    done = subprocess.run(list(map(str, words)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=LIMIT)  # fmt: skip
    answers = done.stdout.split("\n@@\n")[1:-1]
    assert len(answers) == len(commands), done.stdout
    return [answer.strip() for answer in answers]


def test_look_and_leave(machine):
    threads, pc, code, privilege, floating, monitor, vms = gdb(
        machine, "a", "info threads", "print/x $pc", f"x/3i {BASE:#x}", "print $priv",
        "print $fa0.double", "monitor regs a", "info os processes",
    )[0:7]  # fmt: skip
    assert re.search(r"^\* 1 +Thread 1\.1 \(a, VS-mode, started\)", threads, re.M)
    assert BASE <= int(pc.split("=")[1], 16) < BASE + 4 * len(COUNTER)
    assert "auipc\tt0,0x0" in code and "csrw\tsie,t2" in code
    assert privilege.startswith("$2 = ") and "= 0" in floating
    assert re.search(r"pc: 0x802000[0-9a-f]{2}", monitor) and "vsatp=0x0" in monitor
    assert [line.split()[-1] for line in vms.splitlines()[1:]] == ["a", "b", "own"]
    assert machine.counts_on("a") and machine.counts_on("b")


def test_break_and_step(machine):
    at = gdb(machine, "b", f"break *{STORE:#x}", "continue", "print $t1", "stepi",
             f"output/d *(long *){COUNT:#x}", "print/x $pc", "stepi", "print/x $pc",
             "delete", "info registers sip scause", "detach")  # fmt: skip
    assert "Breakpoint 1, 0x" in at[1]
    assert int(at[2].split("=")[1]) == int(at[4])
    assert at[5].endswith(f"{STORE + 4:#x}")
    assert at[7].endswith(f"{LOOP:#x}")  # a jump
    assert machine.counts_on("b")


def test_steps_through_everything(machine):
    """A loop and a half: a call of the SBI, WFI, CSRs; each instruction once, in its order."""
    lines = gdb(machine, "a", f"tbreak *{LOOP:#x}", "continue",
                "python for i in range(18): gdb.execute('stepi'); gdb.execute('print/x $pc')",
                "detach")[2]  # fmt: skip
    places = [int(at, 16) for at in re.findall(r"^\$\d+ = (0x\w+)", lines, re.M)]
    loop = list(range(LOOP, BASE + 4 * len(COUNTER), 4))
    assert places == ([*loop[1:], *loop])[:18]


def test_watch(machine):
    answers = gdb(machine, "a", f"watch *(long *){COUNT:#x}", "continue", "continue",
                  "print/x $pc", "delete", f"rwatch *(long *){COUNT:#x}", "continue",
                  "print/x $pc", "delete", f"watch *(long *){COUNT + 8:#x}", "detach")  # fmt: skip
    for answer in answers[1:3]:
        old, new = map(int, re.findall(r"value = (\d+)", answer))
        assert new == old + 1
    assert answers[3].endswith(f"{STORE + 4:#x}")
    assert "read watchpoint" in answers[6] and answers[7].endswith(f"{STORE - 4:#x}")
    assert machine.counts_on("a")


def test_what_is_beside_a_watch_goes_on(machine):
    before = machine.count("a")
    child = typed(machine, "a", f"watch *(long *){COUNT + 8:#x}")
    child.expect_exact("Continuing.")
    assert machine.counts_on("a")
    child.sendintr()
    child.expect_exact("received signal SIGINT")
    child.expect_exact("(gdb) ")
    count = machine.count("a")
    assert count > before
    time.sleep(0.1)
    assert machine.count("a") == count
    child.sendline("quit")
    child.expect(pexpect.EOF)
    assert machine.counts_on("a")


def test_lr_and_sc_under_a_watch(tmp_path):
    """Beside what they change, and what they change: they succeed."""
    kernel = kernel_make(tmp_path / "atomic.bin", ATOMIC + [0] * 128)
    vm = f"kernel={kernel},format=raw,memory=4M,name=atomic"
    with Machine(tmp_path, "--vm", vm) as machine:
        assert machine.counts_on("atomic")
        child = typed(machine, "atomic", f"watch *(long *){COUNT + 8:#x}")
        child.expect_exact("Continuing.")
        assert machine.counts_to("atomic", machine.count("atomic") + 10)
        child.close(force=True)
        hits = gdb(machine, "atomic", f"watch *(long *){COUNT:#x}", "continue", "continue",
                   "continue", "delete", "detach")[1:4]  # fmt: skip
        for hit in hits:
            old, new = map(int, re.findall(r"value = (\d+)", hit))
            assert new == old + 1
        assert machine.counts_on("atomic")


def test_the_guests_own_ebreak(machine):
    """With a breakpoint of GDB's that is never met: it counts on. And one in its handler."""
    answers = gdb(machine, "own", f"break *{BASE + 0x20:#x}", "continue", "print/x $pc",
                  "print $scause", f"print/x $sepc == {BASE + 12:#x}", "stepi", "delete",
                  f"tbreak *{BASE + 12:#x}", "continue", "stepi", "print/x $pc",
                  "detach")  # fmt: skip
    assert "Breakpoint 1, 0x" in answers[1] and answers[2].endswith(f"{BASE + 0x20:#x}")
    assert answers[3].endswith("= 3") and answers[4].endswith("0x1")
    assert answers[10].endswith(f"{BASE + 20:#x}")  # one step over EBREAK leads to its handler
    assert machine.counts_on("own")


def test_gdb_that_dies_leaves_nothing_behind(machine):
    child = typed(machine, "b", f"hbreak *{STORE:#x}")
    child.expect_exact("Breakpoint 1, ")
    child.close(force=True)
    assert machine.counts_on("b")
    threads, code = gdb(machine, "a", "info threads", f"x/i {STORE:#x}")
    assert "(a, VS-mode" in threads and "(b," not in threads and "sd" in code
    assert machine.counts_on("b")


def test_two_vms_at_once(machine):
    ids = {vm["name"]: vm["id"] for vm in machine.do("list")["vms"]}
    answers = gdb(machine, "a", "add-inferior", "inferior 2", f"attach {ids['b']}", "info threads",
                  "set schedule-multiple on", f"tbreak *{STORE:#x}", "continue", "info inferiors",
                  "detach", "inferior 1", "detach")  # fmt: skip
    assert "Thread 1.1 (a, " in answers[3] and f"Thread {ids['b']}.1 (b, " in answers[3]
    assert "hit Temporary breakpoint" in answers[6]
    assert machine.counts_on("a") and machine.counts_on("b")


def test_a_vm_that_ends(machine):
    """Reset by a person, killed by GDB."""
    reset = [str(LAUNCHER), "ctl", "--socket", str(machine.socket), "reset", "b"]
    continued, threads = gdb(machine, "b", "python import subprocess",
                             f"python subprocess.run({reset}, stdout=subprocess.DEVNULL)",
                             "continue", "info threads")[2:]  # fmt: skip
    assert "exited normally" in continued and "No threads" in threads
    assert machine.counts_on("b")
    gdb(machine, "b", "kill")
    assert machine.states()["b"] == "halted"
    assert machine.do("info", "b")["reason"] == "killed in GDB"


def test_a_vm_that_shuts_down(tmp_path):
    """The one hart has nothing else to do then but to tell GDB."""
    kernel = kernel_make(tmp_path / "ender.bin", ENDER + [0] * 128)
    vm = f"kernel={kernel},format=raw,memory=4M,name=ender,vcpus=2"
    with Machine(tmp_path, "--vm", vm) as machine:
        answers = gdb(machine, "ender", f"set *(long *){COUNT:#x} = 1", "continue")
        assert "exited normally" in answers[1]


def test_mistakes(machine):
    done = subprocess.run([LAUNCHER, "gdb", "--socket", machine.socket, "nobody"],
                          capture_output=True, text=True, timeout=LIMIT)  # fmt: skip
    assert done.returncode == 2 and "there is no VM 'nobody' (there are: a, b, own)" in done.stderr
    done = subprocess.run([LAUNCHER, "gdb", "--socket", "/nosuch", "a"],
                          capture_output=True, text=True, timeout=LIMIT)  # fmt: skip
    assert done.returncode == 2 and "no control socket" in done.stderr


def test_symbols_from_a_list(tmp_path):
    listed = tmp_path / "System.map"
    lines = ["0000000000000000 A nothing", "ffffffff80000100 T code", "ffffffff80200000 D data"]
    listed.write_text("\n".join(lines))
    elf = symbols.symbols_convert(str(listed), str(tmp_path))
    commands = ["info symbol 0xffffffff80000104", "print &data", "info symbol 0xffffffff80200000"]
    code, data, name = answers_of(["gdb-multiarch", "-nx", "-batch", elf], commands)
    assert code.startswith("code + 4")
    assert data == "$1 = (<data variable, no debug info> *) 0xffffffff80200000"
    assert name.startswith("data in section .data")
    assert symbols.symbols_convert(elf, str(tmp_path)) == elf


# What runs in Linux: its symbols, then, when GDB is there and says so, work whose result is known.
SCRIPT = """grep -E ' (vfs_write|linux_banner|jiffies_64)$' /proc/kallsyms
echo symbols are out
read -r go
i=0; sum=0
while [ $i -lt 6000 ]; do i=$((i+1)); sum=$((sum+i)); echo $i >/tmp/number; done
[ $sum = 18003000 ] && [ $(cat /tmp/number) = 6000 ] && echo self-check passed
dmesg
"""

LINUX = [
    "info threads", "break vfs_write", "continue", "delete",
    "python import time",
    "python for i in range(100): gdb.execute('stepi', False, True)",
    "x/s &linux_banner", "print/x $satp >> 60",
    "watch *(long *)&jiffies_64", "continue", "delete",
    "thread 2", "print/x $pc", "info registers sstatus", "thread 1", "detach",
]  # fmt: skip


def wait_for(machine, text):
    end = time.monotonic() + 120
    while text not in machine.output.read_text(errors="replace"):
        assert machine.process.poll() is None and time.monotonic() < end
        time.sleep(0.1)


def test_linux(tmp_path):
    """A breakpoint in the kernel, 100 steps, a variable, a watchpoint, the other CPU; and it never
    knows."""
    guests_need()
    files = tmp_path / "files" / "etc"
    files.mkdir(parents=True)
    (files / "run").write_text(SCRIPT)
    vm = f"preset=linux,vcpus=2,name=linux,files={tmp_path}/files"
    with Machine(tmp_path, "--cpus", 2, "--vm", vm, limit=200) as machine:
        wait_for(machine, "symbols are out")
        kallsyms = tmp_path / "kallsyms"
        said = machine.output.read_text(errors="replace").replace("[linux] ", "")
        kallsyms.write_text("\n".join(re.findall(r"^[0-9a-f]{16} \w \w+", said, re.M)))
        words = [LAUNCHER, "gdb", "--socket", machine.socket, "--symbols", kallsyms, "linux"]
        go = [str(LAUNCHER), "ctl", "--socket", str(machine.socket)]
        go += ["console", "linux", "0", "go\n"]
        begin = ["python import subprocess",
                 f"python subprocess.run({go}, stdout=subprocess.DEVNULL)"]  # fmt: skip
        answers = answers_of([*words, "--", "-nx", "-batch"], [*begin, *LINUX])[len(begin) :]
        wait_for(machine, "Power down")
        text = machine.output.read_text(errors="replace")
    assert len(re.findall(r"Thread 1\.\d \(linux, V[SU]-mode, started\)", answers[0])) == 2
    assert "hit Breakpoint 1, 0x" in answers[2] and "vfs_write ()" in answers[2]
    assert "Linux version 6." in answers[6]
    assert answers[7].split()[-1] in ("0x8", "0x9", "0xa")  # Sv39, Sv48, Sv57
    old, new = map(int, re.findall(r"value = (\d+)", answers[9]))
    assert new > old
    assert "Thread 1.2" in answers[11] and answers[12] and "sstatus" in answers[13]
    assert "self-check passed" in text and troubles(text) == []
