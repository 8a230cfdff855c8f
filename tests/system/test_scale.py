# SPDX-License-Identifier: BSD-2-Clause
#
# Two hundred VMs alive at once in 2 GiB: they all start, answer for themselves, and cost nothing
# while they are idle. Their exits are counted by the hypervisor (statistics are on), and asked for
# over the control port twice, ten seconds apart.

import subprocess
import sys
import time

import pytest
from conftest import BINARIES, LAUNCHER, ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from understudy_lib.control import Control  # noqa: E402

VMS = 200
MEMORY = "2G"
IDLE = f"kernel={BINARIES}/idle/idle.bin,memory=8M"
NAMES = [f"idle{n}" for n in range(1, VMS + 1)]
OVERHEAD_KIB = 64
SECONDS = 10
LOOKS_MAX = 50  # of 10,000 milliseconds; 100 a second are what a slice would cost
START_LIMIT = 60
LIMIT = 240


@pytest.fixture
def machine(tmp_path, request):
    """The control socket and what the VMs said, of a machine that runs all of them."""
    said = tmp_path / "said"
    socket = tmp_path / "control"
    words = [LAUNCHER, "run", "--timeout", LIMIT, "--memory", MEMORY, "--cpus", request.param]
    words += ["--control", socket, "--stats", tmp_path / "stats"]
    for name in NAMES:
        words += ["--vm", f"{IDLE},name={name}"]
    with said.open("wb") as output:
        run = subprocess.Popen(list(map(str, words)), stdin=subprocess.DEVNULL, stdout=output)
    try:
        yield run, socket, said
    finally:
        run.terminate()
        run.wait(20)


def wait_until_all_said(run, said):
    end = time.monotonic() + START_LIMIT
    wanted = {f"[{name}] Idle." for name in NAMES}
    while not wanted <= set(said.read_text(errors="replace").replace("\r", "").splitlines()):
        assert run.poll() is None and time.monotonic() < end, said.read_text()[-2000:]
        time.sleep(0.2)


def counts(control, name):
    """{what: how often} of its one vCPU; what has no name of its own, by its cause."""
    rows = control.request("exits", name)["exits"]
    return {row["what"] or row["cause"]: row["count"] for row in rows}


def new_exits(control):
    """The exits of each VM that had some in ten seconds, by kind."""
    before = {name: counts(control, name) for name in NAMES}
    time.sleep(SECONDS)
    grown = {}
    for name in NAMES:
        new = {what: n - before[name].get(what, 0) for what, n in counts(control, name).items()}
        grown[name] = {what: n for what, n in new.items() if n}
    return {name: new for name, new in grown.items() if new}


@pytest.mark.parametrize("machine", [1, 2], indirect=True, ids="{}-harts".format)
def test_two_hundred_idle_vms(machine, request):
    run, socket, said = machine
    harts = request.node.callspec.params["machine"]
    wait_until_all_said(run, said)
    with Control(socket, LIMIT) as control:
        states = [vm["state"] for vm in control.request("list")["vms"]]
        assert states == ["running"] * VMS
        taken = [control.request("info", name)["overhead_kib"] for name in NAMES]
        assert max(taken) <= OVERHEAD_KIB
        assert all(counts(control, name) for name in NAMES)  # each was counted
        new = new_exits(control)
    # The last one awake on a hart sleeps there itself: what interrupts the hart, and that is our
    # asking, is an exit of its. So is the timer, each millisecond while half an order is there.
    assert len(new) <= harts
    assert all(set(kinds) <= {"external", "timer"} for kinds in new.values()), new
    assert sum(kinds.get("timer", 0) for kinds in new.values()) <= LOOKS_MAX, new
