# SPDX-License-Identifier: BSD-2-Clause
#
# docs/GDB.md and docs/TRAP.md show what is seen. Their blocks marked `gdb` are sessions: a block
# that begins with a line `$ scripts/debug ...` begins one, the blocks after it go on with it. Each
# is run as it stands, line by line, and what GDB and the guest's console say must be what the page
# shows, but for the number of spaces. In the page `...` stands for anything within a line, and a
# line of its own for any lines. Line numbers, addresses and inlining are those of the compiler and
# the GDB that the page names; with others each command must be understood.

import os
import re
import shlex
import subprocess
from dataclasses import dataclass, field

import pytest
from conftest import ROOT
from debugger import PATIENCE

PAGES = (ROOT / "docs" / "GDB.md", ROOT / "docs" / "TRAP.md")
PROMPT = "(gdb) "
REST = "..."
MADE_WITH = re.compile(r"GCC (\d+) and GDB (\d+)")
COMPLAINT = re.compile(r"^(Undefined|No symbol|No function|Error|Cannot|Python Exception)", re.M)


@dataclass
class Session:
    command: str
    shown: list = field(default_factory=list)  # lines before the first prompt
    steps: list = field(default_factory=list)  # (command, the lines shown after it)


def sessions(text):
    """Those of a page, in its order."""
    found = []
    for block in re.findall(r"^```gdb\n(.*?)^```$", text, re.M | re.S):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Session(line[2:]))
            elif line.startswith(PROMPT):
                found[-1].steps.append((line[len(PROMPT) :], []))
            else:
                (found[-1].steps[-1][1] if found[-1].steps else found[-1].shown).append(line)
    return found


def plain(line):
    return re.sub(" +", " ", line.strip())


def pattern(lines):
    """What the shown lines allow."""
    text = ""
    for line in map(plain, lines):
        exact = ".*".join(map(re.escape, line.split(REST)))
        text += r"(?:.*\n)*" if line == REST else exact + r"\n"
    return re.compile(text)


def agrees(lines, said):
    return pattern(lines).fullmatch("".join(plain(line) + "\n" for line in said.splitlines()))


def run(session, folder):
    """What was said before the first prompt and after each command, and what the guest said."""
    wrapper = folder / "gdb"
    options = "-nx -ex 'set width 0'"
    wrapper.write_text(f'#!/bin/sh\nexec gdb-multiarch {options} "$@" >{folder}/said 2>&1\n')
    wrapper.chmod(0o755)
    commands = [command for command, _ in session.steps] + ["quit"]
    done = subprocess.run(
        shlex.split(session.command),
        input="".join(command + "\n" for command in commands),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        cwd=ROOT,
        env={**os.environ, "GDB": str(wrapper)},
    )
    said = (folder / "said").read_text().split(PROMPT)
    assert len(said) == len(commands) + 1, said
    assert done.returncode == 0, done.stderr
    return said[:-1], done.stdout.replace("\r", "").splitlines()


def versions():
    """The compiler's and GDB's, as a page has them."""
    words = [[f"{os.environ.get('CROSS', 'riscv64-linux-gnu-')}gcc", "-dumpversion"]]
    words += [["gdb-multiarch", "--version"]]
    said = [subprocess.run(word, capture_output=True, text=True).stdout for word in words]
    return tuple(re.search(r"\b(\d+)(\.|$)", text, re.M)[1] for text in said)


def console_taken(session, console):
    """The session without the lines that its guest says, all of which must be there."""
    guest = [line for line in console if line.strip()]
    for lines in [session.shown, *(shown for _, shown in session.steps)]:
        for line in [line for line in lines if line in guest]:
            lines.remove(line)
            guest.remove(line)


SESSIONS = [session for page in PAGES for session in sessions(page.read_text())]


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.command)
def test_the_page_shows_what_is_seen(session, tmp_path):
    said, console = run(session, tmp_path)
    console_taken(session, console)
    steps = [(session.command, session.shown), *session.steps]
    assert not any(map(COMPLAINT.search, said)), said
    if MADE_WITH.search(PAGES[0].read_text()).groups() != versions():
        return
    wrong = [
        f"{command}\n--- the page:\n" + "\n".join(shown) + f"\n--- seen:\n{text}"
        for (command, shown), text in zip(steps, said)
        if not agrees(shown, text)
    ]
    assert not wrong, "\n\n".join(wrong)


def test_the_page_has_sessions():
    assert len(SESSIONS) >= 5 and min(len(session.steps) for session in SESSIONS) > 1
    assert any("ecall" in text for session in SESSIONS for text, _ in session.steps)


@pytest.mark.parametrize(
    "shown, said, fine",
    [
        ([], "", True),
        ([], "a line\n", False),
        (["a line"], "a line\n", True),
        (["a line"], "", False),
        (["pc ... there"], "pc 0x10 there\n", True),
        (["pc ... there"], "pc 0x10\nthere\n", False),
        (["a", "...", "d"], "a\nb\nc\nd\n", True),
        (["a", "...", "d"], "a\nb\nc\n", False),
        (["$1 = (x+)*"], "$1 = (x+)*\n", True),
        (["  a    b"], "a b", True),
        (["a b"], "ab\n", False),
    ],
)
def test_a_difference_is_seen(shown, said, fine):
    assert bool(agrees(shown, said)) == fine
