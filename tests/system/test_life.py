# SPDX-License-Identifier: BSD-2-Clause
#
# Lives and ends of VMs: the report of a crash, restarts, and orders that come in the middle of
# whatever several vCPUs do to each other.

import re
import time

from conftest import BINARIES, understudy
from machine import ControlError, Machine, counter_make, kernel_make

# A kernel that asks for the SBI version, and then for its trap handler in a hole.
CRASHER = [
    0x04000293,  # li   t0, 64
    0x10529073,  # csrw stvec, t0
    0x01000893,  # li   a7, 16
    0x00000813,  # li   a6, 0
    0x00000073,  # ecall
    0x00100073,  # ebreak
]
# The same from within a function, which keeps a frame.
CALLER = [
    0x00000297,  #    auipc t0, 0
    0x10028413,  #    addi  s0, t0, 256
    0x004000EF,  #    jal   ra, 1f
    0xFE143C23,  # 1: sd    ra, -8(s0)
    0xFE043823,  #    sd    zero, -16(s0)
    0x00000093,  #    li    ra, 0
    0x04000313,  #    li    t1, 64
    0x10531073,  #    csrw  stvec, t1
    0x00100073,  #    ebreak
]
REASON = "understudy: error: crasher: its trap handler cannot be fetched"
REPORT = f"""{REASON}
understudy: error:   vCPU 0 in VS-mode at pc 0x40
understudy: error:   scause 20, instruction guest-page fault; stval 0x40
understudy: error:   guest physical address 0x40 is not memory; that is 0x80000000 to 0x803fffff
understudy: error:   its own last trap, to stvec 0x40: scause 3, breakpoint; sepc ENTRY, stval ENTRY
"""
# In the words of hyp/explain.
WORDS = [
    "why: hedeleg bit 20 is read-only zero: the G-stage's tables are ours",
    "source: Priv 21.5.1 (Guest Physical Address Translation)",
    "VS-stage: Bare, ASID 0, gva 0x40",
    "  guest-page fault (20 fetch, 21 load, 23 store): entry not valid",
]
EXITS = r"exit 1, at pc 0x\w+: environment call from VS-mode; stval 0x0\n.*exit 0, at pc 0x40: "
SHORT_LIVES = 5  # LIFE_SHORT_LIVES_MAX of hyp/life/life.h


def crasher(folder, restart):
    kernel = kernel_make(folder / "crasher.bin", CRASHER)
    return f"kernel={kernel},format=raw,memory=4M,name=crasher,restart={restart}"


def test_a_crash_is_reported_and_the_others_go_on(tmp_path):
    clock = f"kernel={BINARIES}/clock/clock.bin,memory=8M"
    done = understudy("--vm", crasher(tmp_path, "never"), "--vm", clock)
    text = done.stdout.decode().replace("\r", "")
    assert done.returncode == 3
    assert text.count(REASON) == 1
    report = re.sub(r"(sepc|stval) 0x80\w+", r"\1 ENTRY", text[text.index(REASON) :])
    assert report.startswith(REPORT)
    assert all(f"understudy: error:   {words}" in report for words in WORDS)
    assert re.search(r"backtrace:\nunderstudy: error:     0  0x00000000802\w{5}  pc\n", report)
    assert re.search(r"x16 0000000000000000  x17 0000000000000010 ", report)
    assert re.search(EXITS, report)
    assert "exit 2," not in report
    assert "[clock] PASS\n" in text and "understudy: clock: shut down by SBI SRST\n" in text


def test_a_reset_while_it_is_paused(tmp_path):
    """Its vCPU leaves, and begins again, on a hart that has nothing else to do."""
    kernel = counter_make(tmp_path / "counter.bin")
    words = ["--cpus", 2]
    for hart, name in enumerate(("first", "second")):
        words += ["--vm", f"kernel={kernel},format=raw,memory=4M,name={name},affinity={hart}"]
    with Machine(tmp_path, *words) as machine:
        for name in ("second", "first"):
            assert machine.counts_to(name, 1)
            machine.do("pause", name)
            machine.do("reset", name)
            assert machine.counts_to(name, 1)


def test_a_crash_has_a_backtrace(tmp_path):
    kernel = kernel_make(tmp_path / "caller.bin", CALLER)
    vm = f"kernel={kernel},format=raw,memory=4M,name=caller"
    with Machine(tmp_path, "--vm", vm) as machine:
        end = time.monotonic() + 30
        while machine.states()["caller"] != "crashed" and time.monotonic() < end:
            time.sleep(0.1)
        info = machine.do("info", "caller")
    entry = int(info["entry"], 16)
    frames = [(int(frame["pc"], 16) - entry, frame["found_by"]) for frame in info["backtrace"]]
    assert frames == [(32, "pc"), (12, "frame")]
    assert info["explanation"]["cause"] == "exception 20: instruction guest-page fault"
    assert info["explanation"]["source"].startswith("Priv 21.5.1")
    assert (info["vs_mode"], info["g_end"]) == ("Bare", "entry not valid")


def test_a_restart_policy_gives_up_in_the_end(tmp_path):
    log = tmp_path / "log"
    done = understudy("--log", log, "--vm", crasher(tmp_path, "on-crash"))
    text = log.read_text().replace("\r", "")
    assert done.returncode == 3
    assert text.count(REASON) == SHORT_LIVES
    assert "crasher: ended at once 5 times in a row: not restarted\n" in text


def state_of(control, name):
    return next(vm["state"] for vm in control.request("list")["vms"] if vm["name"] == name)


def console_of(control, name):
    """All that it keeps, which comes in pieces."""
    text, piece = "", control.request("console", name, "0")
    while piece["said"]:
        text += piece["said"]
        piece = control.request("console", name, str(piece["position"]))
    return text


def pause_and_resume(control, name):
    """False when it is over."""
    try:
        control.request("pause", name)
        control.request("resume", name)
    except ControlError:
        return False
    return True


def test_held_again_and_again_nothing_is_lost(tmp_path):
    """IPIs, remote fences, HSM and timers of four vCPUs on two harts, between pauses."""
    smp = f"kernel={BINARIES}/smp/smp.bin,memory=16M,vcpus=4,name=smp"
    with Machine(tmp_path, "--cpus", 2, "--vm", smp) as machine, machine.connect() as control:
        pauses, end = 0, time.monotonic() + 60
        while pause_and_resume(control, "smp") and time.monotonic() < end:
            pauses += 1
            time.sleep(0.2)  # it should get on
        assert state_of(control, "smp") == "halted"
        assert pauses > 3
        assert console_of(control, "smp").rstrip().endswith("PASS")
