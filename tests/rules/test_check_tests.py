# SPDX-License-Identifier: BSD-2-Clause
#
# scripts/check_tests on a small tree whose page names what exists, and on the same with one wrong
# name or one missing: each is found, at its line.

import subprocess
from pathlib import Path

import pytest

CHECK_TESTS = Path(__file__).resolve().parents[2] / "scripts/check_tests"

FILES = ["tests/unit/dev/test_vplic.c", "tests/unit/vcpu/test_request_order.c", "tests/fuzz/plic.c",
         "tests/system/test_linux.py", "guest/smp/smp.c", "docs/DESIGN.md"]
CASES = '#define OK "ok"\nCASE(user_wfi, 1, OK)\n'
LIST = "".join(f"{number}. What goes wrong: no test.\n" for number in range(1, 36))
PAGE = f"""# What is proven

A name in *italics* is fuzz/NAME here.

## Devices

- The PLIC: unit dev/, dev/test_vplic, vcpu/test_request_*. *smp*
  and fuzz/plic, test_linux.py.
- docs/DESIGN.md says more; hostile/user_wfi, hostile/user_*.

## What goes wrong

{LIST}"""

# What replaces what, and the finding.
WRONG = [
    ("unit dev/,", "unit device/,", "tests/COVERAGE.md:7: there is no device"),
    ("dev/test_vplic", "dev/test_plic", "tests/COVERAGE.md:7: there is no dev/test_plic"),
    ("test_request_*", "test_kick_*", "tests/COVERAGE.md:7: there is no vcpu/test_kick_*"),
    ("*smp*", "*mp*", "tests/COVERAGE.md:7: there is no mp"),
    ("test_linux.py", "test_bsd.py", "tests/COVERAGE.md:8: there is no test_bsd.py"),
    ("docs/DESIGN.md", "docs/PLAN.md", "tests/COVERAGE.md:9: there is no docs/PLAN.md"),
    ("user_wfi", "user_wait", "tests/COVERAGE.md:9: there is no hostile/user_wait"),
    ("user_*", "kernel_*", "tests/COVERAGE.md:9: there is no hostile/kernel_*"),
    ("fuzz/plic, ", "", "tests/COVERAGE.md: fuzz/plic is not there"),
    ("17. ", "18. ", "tests/COVERAGE.md: the list is not numbered from 1 to 35"),
]


def check(root, page):
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / "guest/hostile").mkdir(parents=True)
    (root / "guest/hostile/cases.inc").write_text(CASES)
    (root / "tests/COVERAGE.md").write_text(page)
    done = subprocess.run([CHECK_TESTS], cwd=root, capture_output=True, text=True)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()[:-1]


def test_names_that_exist_pass(tmp_path):
    assert check(tmp_path, PAGE) == (0, [])


@pytest.mark.parametrize("old, new, finding", WRONG, ids=[w[1].strip() or "none" for w in WRONG])
def test_a_wrong_name_is_found(tmp_path, old, new, finding):
    assert old in PAGE
    assert check(tmp_path, PAGE.replace(old, new, 1)) == (1, [finding])
