# SPDX-License-Identifier: BSD-2-Clause
#
# The tool that says in words what an exit was: its command line, its JSON, words that make no
# sense.

import json
import subprocess

import pytest
from conftest import ROOT

TOOL = ROOT / "build/host/explain"


def explain(*words):
    return subprocess.run([TOOL, *words], capture_output=True, text=True, timeout=10)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("cause 21", "exception 21: load guest-page fault"),
        ("cause 0x15", "exception 21"),
        ("cause interrupt 5", "supervisor timer interrupt"),
        ("cause 0x8000000000000005", "supervisor timer interrupt"),
        ("cause", "interrupt  9  supervisor external interrupt"),
        ("csr hstatus 0x2000001c0", "the trap came from V=1: from a guest"),
        ("csr 0x600", "hstatus, CSR 0x600"),
        ("csr hpmcounter17", "hpmcounter17, CSR 0xc11"),
        ("csr", "0x680  hgatp"),
        ("sbi 0x54494d45 0", "TIME set_timer"),
        ("sbi hsm", "function_1 hart_stop"),
        ("sbi 8", "shutdown"),
        ("sbi", "0x0053544"),
        ("verdict pass", "others go first"),
        ("verdict 6", "halt"),
        ("exit scause=0x15 htval=0x4000001 stval=0x10000007", "physical address 0x10000007"),
        ("exit scause=10 a7=0x48534d a6=1 verdict=wait", "HSM hart_stop"),
        ("exit scause=22 stval=0x10500073 hstatus=0x200000180", "WFI: hstatus.VTW"),
        ("--help", "usage: explain cause"),
    ],
)
def test_words(words, expected):
    done = explain(*words.split())
    assert (done.returncode, done.stderr) == (0, "")
    assert expected in done.stdout
    lines = [line for line in done.stdout.splitlines() if line[:2] not in ("  ", "0x")]
    assert all(len(line) <= 110 for line in lines)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("cause 99", "there is no cause 99"),
        ("cause -1", "-1 is not a number"),
        ("cause 0x", "0x is not a number"),
        ("cause 18446744073709551616", "is not a number"),
        ("cause interrupt", "one number is needed"),
        ("cause 1 2", "one number is needed"),
        ("csr nonsense", "there is no CSR nonsense"),
        ("csr hstatus 12z", "12z is not a number"),
        ("csr a b c", "a name or number"),
        ("sbi nonsense", "there is no SBI extension nonsense"),
        ("sbi 16 0 0", "an extension, and perhaps a function"),
        ("verdict 7", "there is no verdict 7"),
        ("exit", "scause=N is needed"),
        ("exit scause", "scause is not KEY=NUMBER"),
        ("exit scause=1 what=2", "there is no key what"),
        ("exit scause=1 verdict=x", "there is no verdict x"),
        ("nonsense", "usage: explain"),
        ("", "usage: explain"),
        ("--json x", "usage: explain"),
    ],
)
def test_words_that_make_no_sense(words, complaint):
    done = explain(*words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr


def test_the_object():
    done = explain("--json")
    tables = json.loads(done.stdout)
    assert done.returncode == 0 and set(tables) == {"causes", "csrs", "sbi", "verdicts"}
    causes = {(cause["interrupt"], cause["code"]): cause for cause in tables["causes"]}
    assert causes[False, 21]["name"] == "load guest-page fault"
    assert causes[True, 5]["name"] == "supervisor timer interrupt"
    assert set(causes[False, 0]) == set("code interrupt name words why done source".split())
    csrs = {csr["number"]: csr for csr in tables["csrs"]}
    assert len(csrs) == len(tables["csrs"]) and csrs[0xC1F]["name"] == "hpmcounter31"
    vsxl = csrs[0x600]["fields"][0]
    assert (vsxl["name"], vsxl["high"], vsxl["low"]) == ("VSXL", 33, 32)
    assert {"value": 2, "words": "64 bits"} in vsxl["values"]
    calls = {extension["extension"]: extension for extension in tables["sbi"]}
    assert [f["number"] for f in calls[0x48534D]["functions"]] == [0, 1, 2, 3]
    assert calls[8]["any_function"] and not calls[0x10]["any_function"]
    assert calls[0x46574654]["refused"] and calls[0x46574654]["functions"] == []
    assert [verdict["number"] for verdict in tables["verdicts"]] == list(range(7))
