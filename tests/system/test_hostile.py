# SPDX-License-Identifier: BSD-2-Clause
#
# The hostile guests (guest/hostile, by scripts/hostile), and that their judge can say no.

import importlib.machinery
import importlib.util
import re
import subprocess
import sys

import pytest
from conftest import BINARIES, ROOT, understudy

RUNNER = ROOT / "scripts/hostile"
MODELS = ["rv64", "rva23s64", "rv64,sstc=off,svadu=off"]
LIMIT = 600

# Those that hold the hart or make exits without end: timers are judged beside them in virtual time,
# where nothing but the guests takes any.
BUSY = ["wait_sleeper", "wait_never", "wait_in_calls", "wait_noise", "trap_loop_ebreak",
        "trap_loop_hfence", "trap_loop_load", "trap_loop_timer", "device_unclaimed", "device_reset",
        "storm_fence", "storm_devices", "mmio_race"]


def load_runner():
    sys.path.insert(0, str(ROOT / "scripts"))
    loader = importlib.machinery.SourceFileLoader("hostile", str(RUNNER))
    spec = importlib.util.spec_from_loader("hostile", loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules["hostile"] = module  # its dataclass asks for it
    write, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = write
    return module


hostile = load_runner()


def run(*words, status=0):
    done = subprocess.run([RUNNER, *words], capture_output=True, text=True, timeout=LIMIT)
    bad = [line for line in done.stdout.splitlines() if not line.startswith("ok ")]
    assert done.returncode == status, "\n".join(bad) + done.stderr
    return done.stdout


def check_all(*words):
    lines = run(*words).splitlines()
    names = [case.name for case in hostile.cases_read()]
    assert len(names) >= 60
    assert sorted(f"ok {name}" for name in names) == sorted(
        line for line in lines if not re.match("ok neighbour-|[0-9]+ cases", line)
    )
    return lines


@pytest.mark.parametrize("harts", [1, 4])
def test_every_case(harts):
    check_all("--cpus", str(harts))


def test_timers_are_met_beside_those_who_never_yield():
    run("--icount", *BUSY)


@pytest.mark.long
@pytest.mark.parametrize("model", MODELS[1:])
@pytest.mark.parametrize("harts", [1, 4])
def test_every_case_on_model(model, harts):
    check_all("--cpus", str(harts), "--cpu", model)


@pytest.mark.long
def test_every_case_beside_aia():
    check_all("--cpus", "4", "--cpu", "max", "--machine", "aia=aplic-imsic,aia-guests=3")


@pytest.mark.long
@pytest.mark.parametrize("model", MODELS)
def test_every_case_in_virtual_time(model):
    run("--icount", "--cpu", model)


def test_the_table_names_every_case_once():
    text = hostile.TABLE.read_text()
    names = [case.name for case in hostile.cases_read()]
    assert len(names) == len(set(names)) == len(re.findall("^CASE", text, re.M))


OK = hostile.Case("x", 1, "ok")
HALTED = hostile.Case("x", 1, "cannot be fetched; stval 0x42")
ENDED = "understudy: x: shut down by SBI SRST"
CRASH = ["understudy: error: x: its handler cannot be fetched", "understudy: error:   stval 0x42"]


@pytest.mark.parametrize(
    "case, lines, why",
    [
        (OK, ["[x] ok", ENDED], None),
        (HALTED, CRASH, None),
        (OK, [ENDED], "did not say ok"),
        (OK, ["[x] ok"], "did not end"),
        (OK, [], "did not end"),
        (OK, ["[x] not ok: a device", "[x] not ok", ENDED], "a device"),
        (OK, ["[x] not ok", ENDED], "not ok"),
        (OK, ["[x] not ok: late", "[x] ok", ENDED], "late"),
        (OK, ["[y] ok", ENDED], "did not say ok"),
        (OK, ["[y] [x] ok", ENDED], "did not say ok"),
        (OK, ["[x] ok", "[y] understudy: x: shut down by SBI SRST"], "did not end"),
        (OK, ["[x] ok", *CRASH], "halted"),
        (OK, ["[x] ok", ENDED, "understudy: error: panic: no"], "the hypervisor"),
        (HALTED, ["[x] not ok: it went on", *CRASH], "it went on"),
        (HALTED, CRASH[:1], "stval 0x42"),
        (HALTED, [ENDED], "cannot be fetched"),
        (HALTED, [CRASH[0], "understudy: error: y: z", CRASH[1]], "stval 0x42"),
    ],
)
def test_the_judge(case, lines, why):
    reason = hostile.judge(case, hostile.Transcript(lines))
    assert (reason is None) == (why is None) and (why or "") in (reason or "")


@pytest.mark.parametrize("words, line", [
    (["nobody"], "no such case: nobody"),
    (["--cpus", "0"], "--cpus: '0' is not a number from 1 to 512"),
    (["--batch", "0"], "--batch: '0' is not a number from 1"),
    (["--cpu", "none", "user_wfi"], "qemu-system-riscv64: unable to find CPU model 'none'"),
    (["--hyp", "/none", "user_wfi"], "understudy: --hyp: no such file: '/none'"),
    (["--log", "/none/log", "user_wfi"], "hostile: cannot write '/none/log': No such file"),
])
def test_what_cannot_run_is_no_judgement(words, line):
    done = subprocess.run([RUNNER, *words], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert line in done.stderr.splitlines()[-1]


def test_a_case_that_does_not_exist_fails():
    done = understudy("--vm", f"kernel={BINARIES}/hostile/hostile.bin,memory=8M,append=case=none")
    assert done.returncode == 3 and b"not ok: there is no case 'none'" in done.stdout


def test_a_neighbour_that_is_late_says_so():
    image = f"kernel={BINARIES}/hostile/hostile.bin,memory=8M"
    vms = [f"{image},name=neighbour,append=case=neighbour late=5,ready=[x] ok",
           f"{image},name=x,append=case=wait_never"]
    done = understudy("--icount", "--vm", vms[0], "--vm", vms[1], stdin=b"q")
    transcript = hostile.Transcript(done.stdout.decode().splitlines())
    neighbour = hostile.Case("neighbour", 1, "ok")
    assert "the timer was 9 ms late" in hostile.judge(neighbour, transcript)
