# SPDX-License-Identifier: BSD-2-Clause
#
# scripts/run_tests counts honestly: what fails, crashes, hangs up or runs nothing is a failure,
# what is skipped is no success. It runs here in a tree of its own, with cmocka programs compiled
# from the few lines below and rules and coverage that are stubs.

import subprocess
from pathlib import Path

import pytest

RUN_TESTS = Path(__file__).resolve().parents[2] / "scripts" / "run_tests"
RULES = ("check_deps", "check_text", "check_tests", "check_image", "check_format", "check_lint",
         "coverage")

CMOCKA = """#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>
#pragma GCC diagnostic ignored "-Wunused-function"
static void good(void **state) { (void)state; printf("no newline"); }
static void bad(void **state) { (void)state; assert_int_equal(1, 2); }
static void skipped(void **state) { (void)state; skip(); }
static void crash(void **state) { (void)state; abort(); }
static void quit(void **state) { (void)state; _exit(0); }
static int no_setup(void **state) { (void)state; return -1; }
#define T(name) cmocka_unit_test(name)
#define RUN(setup, ...) \\
    ({ const struct CMUnitTest t[] = {__VA_ARGS__}; cmocka_run_group_tests(t, setup, NULL); })
int main(void) { return %s; }
"""

# Why, main's value, and the counts.
PROGRAMS = [
    ("passing", "RUN(NULL, T(good), T(good))", "2 passed, 0 failed"),
    ("failing", "RUN(NULL, T(good), T(bad), T(good))", "2 passed, 1 failed"),
    ("skipping", "RUN(NULL, T(good), T(skipped))", "1 passed, 0 failed, 1 skipped"),
    ("crashing", "RUN(NULL, T(good), T(crash), T(good))", "1 passed, 2 failed"),
    ("quitting", "RUN(NULL, T(good), T(quit))", "1 passed, 1 failed"),
    ("setup fails", "RUN(no_setup, T(good), T(good))", "0 passed, 2 failed"),
    ("two groups", "RUN(NULL, T(good)) + RUN(NULL, T(bad))", "1 passed, 1 failed"),
    ("bad status", "RUN(NULL, T(good)) + 1", "1 passed, 1 failed"),
    ("no test", "0", "0 passed, 1 failed"),
]

PASS, FAIL = "def test_a():\n    pass\n", "def test_b():\n    assert False\n"
SKIP = "import pytest\n\n\n@pytest.mark.skip(reason='no disk')\ndef test_c():\n    pass\n"
LONG = "import pytest\n\n\n@pytest.mark.long\ndef test_d():\n    pass\n"
BROKEN_AFTER = (
    "import pytest\n\n\n@pytest.fixture\ndef late():\n    yield\n    assert False\n\n\n"
    "def test_d(late):\n    pass\n"
)

# Why, the test file, and the counts; tests/rules has one passing test besides.
PYTEST = [
    ("passing", PASS, "2 passed, 0 failed"),
    ("failing", PASS + FAIL, "2 passed, 1 failed"),
    ("skipping", PASS + SKIP, "2 passed, 0 failed, 1 skipped"),
    ("teardown fails", BROKEN_AFTER, "1 passed, 1 failed"),
    ("does not load", "import nothing_of_that_name\n", "1 passed, 1 failed"),
    ("kills pytest", "import os\n\n\ndef test_e():\n    os.kill(os.getpid(), 9)\n", "1 failed"),
    ("none", "\n", "1 passed, 1 failed"),
]


class Tree:
    def __init__(self, root):
        self.root = root
        # Its own, so that no conftest.py above the temporary folder is read.
        self.write("pytest.ini", "[pytest]\nmarkers =\n    long: only in make test-long\n")
        for name in RULES:
            self.script(name, "echo sound")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def script(self, name, commands):
        self.write(f"scripts/{name}", f"#!/bin/sh\n{commands}\n").chmod(0o755)

    def program(self, name, value):
        source = self.write(f"tests/unit/room/test_{name}.c", CMOCKA % value)
        program = self.root / "build/unit/room" / f"test_{name}"
        program.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["gcc", source, "-o", program, "-lcmocka"], check=True)

    def run(self, *stages):
        """Exit status and output lines."""
        command = [RUN_TESTS, *stages]
        result = subprocess.run(command, cwd=self.root, capture_output=True, text=True)
        assert result.stderr == ""
        return result.returncode, result.stdout.splitlines()


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def count_with_coverage(count):
    """The stub of scripts/coverage is a test too, where any test passed."""
    passed, rest = count.split(" ", 1)
    return count if passed == "0" else f"{int(passed) + 1} {rest}"


@pytest.mark.parametrize("value, count", [p[1:] for p in PROGRAMS], ids=[p[0] for p in PROGRAMS])
def test_unit_program(tree, value, count):
    tree.program("it", value)
    status, lines = tree.run("unit")
    assert lines[-1] == count_with_coverage(count)
    assert status == (0 if " 0 failed" in count else 1)
    verdict = "ok     " if status == 0 else "FAILED "
    assert any(line.startswith(f"{verdict} room/test_it: {count}") for line in lines)


def test_output_of_failing_program_only(tree):
    tree.program("good", "RUN(NULL, T(good))")
    tree.program("bad", "RUN(NULL, T(bad))")
    lines = tree.run("unit")[1]
    assert "[  ERROR   ] --- 0x1 != 0x2" in lines
    assert not any("good" in line and "RUN" in line for line in lines)


def test_skipped_unit_test_is_named(tree):
    tree.program("it", "RUN(NULL, T(good), T(skipped))")
    assert "skipped room/test_it: skipped" in tree.run("unit")[1]


def test_program_that_is_not_built_fails(tree):
    tree.write("tests/unit/room/test_it.c", "")
    assert tree.run("unit")[1][-1] == "0 passed, 1 failed"


def test_low_coverage_fails(tree):
    tree.program("it", "RUN(NULL, T(good))")
    tree.script("coverage", "echo 12 %; exit 1")
    assert tree.run("unit")[1][-1] == "1 passed, 1 failed"


def test_rules(tree):
    status, lines = tree.run("rules")
    assert (status, lines[-1]) == (0, "6 passed, 0 failed")
    tree.script("check_text", "echo a.c:1: wrong; echo 1 finding; exit 1")
    status, lines = tree.run("rules")
    assert (status, lines[-1]) == (1, "5 passed, 1 failed")
    assert "a.c:1: wrong" in lines


def test_missing_rule_fails(tree):
    (tree.root / "scripts/check_lint").unlink()
    assert tree.run("rules")[1][-1] == "5 passed, 1 failed"


@pytest.mark.parametrize("text, count", [p[1:] for p in PYTEST], ids=[p[0] for p in PYTEST])
def test_pytest(tree, text, count):
    tree.write("tests/rules/test_one.py", PASS)
    tree.write("tests/system/test_it.py", text)
    status, lines = tree.run("system")
    assert lines[-1].endswith(count)
    assert status == (0 if " 0 failed" in count else 1)
    assert not list(tree.root.rglob("__pycache__")) + list(tree.root.rglob(".pytest_cache"))


def test_long_tests_run_in_their_stage_only(tree):
    tree.write("tests/rules/test_one.py", PASS)
    tree.write("tests/system/test_it.py", PASS)
    assert tree.run("long")[1][-1] == "0 passed, 1 failed"
    tree.write("tests/system/test_it.py", PASS + "\n\n" + LONG)
    assert tree.run("system")[1][-1] == "2 passed, 0 failed"
    assert tree.run("long")[1][-1] == "1 passed, 0 failed"


def test_skipped_pytest_is_named(tree):
    tree.write("tests/rules/test_one.py", PASS)
    tree.write("tests/system/test_it.py", PASS + SKIP)
    assert any("no disk" in line for line in tree.run("system")[1])


def test_stages_add_up(tree):
    tree.program("it", "RUN(NULL, T(good), T(skipped))")
    tree.write("tests/rules/test_one.py", PASS)
    tree.write("tests/system/test_it.py", FAIL + SKIP)
    status, lines = tree.run("rules", "unit", "system")
    assert (status, lines[-1]) == (1, "9 passed, 1 failed, 2 skipped")


def test_nothing_to_run_fails(tree):
    assert tree.run("unit") == (1, tree.run("unit")[1])
    assert tree.run("unit")[1][-1] == "0 passed, 1 failed"
    assert tree.run("system")[1][-1] == "0 passed, 2 failed"


def test_usage(tree):
    assert tree.run()[0] == 2
    assert tree.run("unit", "moon")[0] == 2


def test_hang_meets_the_limit(tree):
    """With the limits made short: the program is ended, its children too, and counts as failed."""
    text = RUN_TESTS.read_text().replace("UNIT_PROGRAM_LIMIT = 60", "UNIT_PROGRAM_LIMIT = 1")
    tree.write("scripts/run_tests", text).chmod(0o755)
    tree.write("tests/unit/room/test_it.c", "")
    child = tree.root / "child"
    commands = f"#!/bin/sh\nsleep 99 &\necho $! >{child}\nwait\n"
    tree.write("build/unit/room/test_it", commands).chmod(0o755)
    result = subprocess.run(
        ["scripts/run_tests", "unit"], cwd=tree.root, capture_output=True, text=True, timeout=50
    )
    assert result.stdout.endswith("\n0 passed, 1 failed\n")
    assert "(out of time)" in result.stdout
    assert not Path("/proc", child.read_text().strip(), "exe").exists()
