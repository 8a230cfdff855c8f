# SPDX-License-Identifier: BSD-2-Clause
#
# The fuzz targets for a moment: their corpus and some thousand inputs more, the same every time.
# And the tool itself: a claim that does not hold is a finding. Long runs are make fuzz's.

import re
import subprocess

import pytest
from conftest import ROOT

FUZZ = ROOT / "scripts/fuzz"
TARGETS = sorted(path.stem for path in (ROOT / "tests/fuzz").glob("*.c"))
RUNS = {"device_tree": 500, "plic": 3000, "uart": 3000}

CLAIM = """
#include "fuzz/fuzz.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    fuzz_claim(fuzz_take(&fuzz, 2) != 0x4241);
    return 0;
}
"""


def fuzz(*arguments, **options):
    return subprocess.run([FUZZ, *map(str, arguments)], capture_output=True, text=True,
                          timeout=300, **options)


@pytest.mark.parametrize("target", TARGETS)
def test_target(target):
    runs = RUNS.get(target, 10000)
    done = fuzz("--runs", runs, target)
    assert done.returncode == 0, done.stdout + done.stderr
    row = re.search(rf"^{target} +(\d+) executions +(\d+) edges +0 findings", done.stdout, re.M)
    assert int(row[1]) >= runs and int(row[2]) > 20, done.stdout
    assert any((ROOT / "tests/fuzz/corpus" / target).iterdir())


def test_a_claim_that_does_not_hold_is_found(tmp_path):
    program = tmp_path / "claim"
    subprocess.run(["clang", "-x", "c", "-", "-I", ROOT / "tests", "-fsanitize=fuzzer,address",
                    "-o", program], input=CLAIM, text=True, check=True)
    done = subprocess.run([program, "-runs=1000000", "-seed=1", f"-artifact_prefix={tmp_path}/"],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "not true: fuzz_take(&fuzz, 2) != 0x4241" in done.stderr
    assert [path.read_bytes()[:2] for path in tmp_path.glob("crash-*")] == [b"AB"]


def test_an_unknown_target_is_named():
    done = fuzz("--runs", 1, "nothing")
    assert done.returncode == 2 and "no target nothing" in done.stderr
