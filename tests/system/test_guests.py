# SPDX-License-Identifier: BSD-2-Clause
#
# Every guest of tests/guests.list in a VM, on the processors that QEMU offers; and several VMs at
# once. What each guest proves stands in its own output.

import os
from pathlib import Path

import pytest
from conftest import check_output, read_guests, understudy

GUESTS = read_guests()
MODELS = ["rv64", "rva23s64", "max", "rv64,sstc=off,svadu=off"]
# QEMU 7.2 shows no timer and external interrupt in a guest's sip: what reads them is left out.
OLD_QEMU_GUESTS = {"hello", "clock", "smp", "paging", "fp", "pmu", "sta"}


def by_name(*names):
    return [guest for guest in GUESTS if guest.name in names]


def run_guest(guest, *options):
    done = understudy("--vm", guest.vm(), *options)
    check_output(guest, done.stdout)
    assert done.returncode == guest.status, done.stderr.decode()
    return done


@pytest.mark.parametrize("guest", GUESTS, ids=str)
def test_guest(guest):
    run_guest(guest, "--cpus", guest.harts)


@pytest.mark.parametrize("model", MODELS[1:])
@pytest.mark.parametrize("harts", [2, 4])
@pytest.mark.parametrize("name", ["smp", "fp"])
def test_guest_on_model(name, harts, model):
    run_guest(by_name(name)[0], "--cpus", harts, "--cpu", model)


def test_guest_beside_aia():
    run_guest(by_name("smp")[0], "--cpus", 2, "--machine", "aia=aplic-imsic,aia-guests=3")


def test_several_vms_share_a_hart():
    guests = {"a": by_name("fp")[0], "b": by_name("fp")[0], "c": by_name("paging")[0],
              "d": by_name("smp")[0]}
    options = [word for name, guest in guests.items() for word in ("--vm", guest.vm(name))]
    done = understudy("--cpu", "max", *options)
    assert done.returncode == 0, done.stderr.decode()
    for name, guest in guests.items():
        mark = f"[{name}] ".encode()
        lines = [line[len(mark):] for line in done.stdout.splitlines() if line.startswith(mark)]
        check_output(guest, b"\n".join(lines))


def test_a_guest_that_fails_is_told_by_status_and_reason():
    done = run_guest(by_name("fail")[0])
    assert b"understudy: error: fail: shut down by SBI SRST for a system failure" in done.stderr


@pytest.mark.long
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("harts", [1, 2, 4])
@pytest.mark.parametrize("guest", GUESTS, ids=str)
def test_guest_everywhere(guest, harts, model):
    run_guest(guest, "--cpus", harts, "--cpu", model)


@pytest.mark.long
@pytest.mark.parametrize("repeat", range(20))
def test_smp_again(repeat):
    run_guest(by_name("smp")[0], "--cpus", 2 + repeat % 3)


@pytest.mark.long
@pytest.mark.parametrize("model", ["rv64", "rv64,sstc=off"])
@pytest.mark.parametrize("guest", [g for g in GUESTS if g.name in OLD_QEMU_GUESTS], ids=str)
def test_guest_on_qemu_7_2(guest, model):
    cache = os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")
    qemu = Path(os.environ.get("UNDERSTUDY_CACHE", Path(cache) / "understudy")) / "qemu-7.2"
    if not qemu.exists():
        pytest.skip("not run: QEMU 7.2 cannot be installed here (scripts/setup --qemu-7.2)")
    run_guest(guest, "--cpus", guest.harts, "--cpu", model, "--qemu", qemu / "qemu-system-riscv64")
