# SPDX-License-Identifier: BSD-2-Clause
#
# The words of hyp/explain/, which are the only ones: through the host tool build/host/explain, the
# same tables compiled for us. No GDB here, so that any Python can test it.

import functools
import json
import subprocess
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "build" / "host" / "explain"
INTERRUPT = 1 << 63
LEGACY = "legacy"


class NoWords(Exception):
    """The tool is not there, or does not know. One line for the person."""


def tool(*words):
    """What the tool prints."""
    try:
        done = subprocess.run([TOOL, *words], capture_output=True, text=True)
    except FileNotFoundError:
        raise NoWords("there is no build/host/explain; run make first") from None
    if done.returncode:
        raise NoWords((done.stderr or done.stdout).strip())
    return done.stdout


@functools.cache
def table():
    """All that there is to explain, as `explain --json` gives it."""
    return json.loads(tool("--json"))


def cause(scause):
    """A cause's words, as "environment call from VS-mode"; None where there are none."""
    wanted = (bool(scause & INTERRUPT), scause & ~INTERRUPT)
    known = {(entry["interrupt"], entry["code"]): entry["name"] for entry in table()["causes"]}
    return known.get(wanted)


def verdict(number):
    """As "past this instruction, which was done for it, and on"; None where there are none."""
    return {entry["number"]: entry["words"] for entry in table()["verdicts"]}.get(number)


def csr(name):
    return next(entry for entry in table()["csrs"] if entry["name"] == name)


def csrs():
    """{name: number}"""
    return {csr["name"]: csr["number"] for csr in table()["csrs"]}


def _calls():
    """{name: call}, see call_find. The legacy calls, whose extensions have one function each, are
    one call here."""
    calls = {}
    for entry in table()["sbi"]:
        name, extension = entry["name"], entry["extension"]
        call = calls.setdefault(name, {"name": name, "extensions": set(), "functions": {}})
        call["extensions"].add(extension)
        for function in entry["functions"]:
            number = None if name == LEGACY else function["number"]
            call["functions"][function["name"]] = (extension, number)
    return calls


def call_names():
    return list(_calls())


def call_find(text):
    """An SBI extension by its name or number: a dict of name, extensions (its ids, a7), functions
    ({name: (a7, a6)}; a6 is None where it says nothing). None where the text is neither."""
    calls = _calls().values()
    try:
        number = int(text, 0)
    except ValueError:
        return next((call for call in calls if call["name"].lower() == text.lower()), None)
    unknown = {"name": text, "extensions": {number}, "functions": {}}
    return next((call for call in calls if number in call["extensions"]), unknown)


def call_text(extension, function):
    """As "SBI TIME set_timer"."""
    call = call_find(f"{extension:#x}")
    for name, (a7, a6) in call["functions"].items():
        if a7 == extension and a6 in (None, function):
            return f"SBI {call['name']} {name}"
    return f"SBI {call['name']} function {function:#x}"
