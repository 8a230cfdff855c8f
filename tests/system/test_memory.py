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


def test_a_vm_of_a_gigabyte_has_no_table_below_the_root(tmp_path):
    taken = {}
    for size in ("1G", "512M"):
        log = tmp_path / size
        done = understudy("--vm", f"kernel={BINARIES}/hello/hello.bin,memory={size}", "--log", log)
        assert done.returncode == 0
        [taken[size]] = re.findall(r"MiB, and (\d+) KiB for itself", log.read_text())
    assert int(taken["512M"]) - int(taken["1G"]) == 4  # the one of leaves of 2 MiB
