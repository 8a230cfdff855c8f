# SPDX-License-Identifier: BSD-2-Clause
#
# A guest of another family: Debian's U-Boot for S-mode, a raw image, natively and in a VM.

import time

import pytest
from shell import Shell, guests_need

WAKE = "Hit any key to stop autoboot"


@pytest.mark.parametrize("how", [[], ["--native"]], ids=["vm", "native"])
def test_uboot(how):
    guests_need()
    shell = Shell("=> ", "uboot", *how, wake=WAKE)
    assert shell.do("version")[0].startswith("U-Boot 20")
    assert "-> size     = 0x0000000010000000" in shell.do("bdinfo")
    begin = time.monotonic()
    shell.do("sleep 2")
    assert time.monotonic() - begin >= 2
    shell.type("reset")
    shell.expect(WAKE)
    shell.key("\r")
    shell.expect("=> ")
    assert shell.text.count("DRAM:  256 MiB") == 2
    shell.type("poweroff")
    assert shell.end() == 0
