# SPDX-License-Identifier: BSD-2-Clause
#
# What a VM takes beside its RAM: G-stage tables, vCPUs, devices, console.

import re

from conftest import BINARIES, understudy

LIMIT_KIB = 512


def test_a_vm_takes_little_for_itself(tmp_path):
    log = tmp_path / "log"
    vm = f"kernel={BINARIES}/hello/hello.bin,memory=512M,vcpus=2"
    done = understudy("--vm", vm, "--log", log)
    assert done.returncode == 0
    [taken] = re.findall(r"VM hello +2 vCPUs, 512 MiB, and (\d+) KiB for itself", log.read_text())
    assert 0 < int(taken) <= LIMIT_KIB
