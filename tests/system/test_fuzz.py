# SPDX-License-Identifier: BSD-2-Clause
#
# The fuzz targets for a moment: their corpus and some thousand inputs more, the same every time.
# The guest `fuzz` for a moment too. And the tool itself: a claim that does not hold is a finding.
# Long runs are made by hand, and recorded: make fuzz, scripts/fuzz --guest.

import json
import re
import subprocess

import pytest
from conftest import ROOT

FUZZ = ROOT / "scripts/fuzz"
TARGETS = sorted(path.stem for path in (ROOT / "tests/fuzz").glob("*.c"))
RUNS = {"device_tree": 500, "plic": 1500, "uart": 3000, "monitor": 5000}

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
                          timeout=600, **options)


@pytest.mark.parametrize("target", TARGETS)
def test_target(target):
    runs = RUNS.get(target, 10000)
    done = fuzz("--runs", runs, target)
    assert done.returncode == 0, done.stdout + done.stderr
    row = re.search(rf"^{target} +(\d+) executions +(\d+) edges +0 findings", done.stdout, re.M)
    assert int(row[1]) >= runs and int(row[2]) > 20, done.stdout
    assert any((ROOT / "tests/fuzz/corpus" / target).iterdir())


def outcomes(text):
    return {name: int(count) for name, count in re.findall(r"^ {4}(\S+ \S+) +(\d+)$", text, re.M)}


@pytest.mark.parametrize("model", ["rv64", "max"])
def test_guest(model):
    done = fuzz("--guest", 6000, "--cpu", model)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = outcomes(done.stdout)
    assert sum(counts.values()) == 6000
    for name in ("vs done", "vu done", "vs-call done", "vs illegal", "vu store-access-fault",
                 "vs insn-access-fault", "vs-call insn-access-fault"):
        assert counts[name] > 0, done.stdout


@pytest.mark.long
@pytest.mark.parametrize("model", ["rv64", "rva23s64", "max", "rv64,sstc=off,svadu=off"])
def test_guest_long(model):
    done = fuzz("--guest", 100000, "--cpu", model, "--seed", 1000)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_record_is_of_runs_that_found_nothing():
    record = json.loads((ROOT / "docs/bench/fuzz.json").read_text())
    assert set(record["targets"]) == set(TARGETS)
    assert not any(row["findings"] for row in record["targets"].values())
    assert record["executions"] >= 10_000_000
    assert record["guest_panics"] == 0 and record["guest_instructions"] >= 1_000_000


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


def test_numbers_that_are_none_are_refused():
    for option, words in (("--seconds", "0"), ("--runs", "-1"), ("--guest", "0"), ("--seed", "x")):
        done = fuzz(f"{option}={words}")
        assert done.returncode == 2 and f"{words!r} is not a number from" in done.stderr
