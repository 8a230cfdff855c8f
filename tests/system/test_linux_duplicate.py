# SPDX-License-Identifier: BSD-2-Clause
#
# Duplicate: Debian's Linux runs tests/duplicate/run natively and in a VM, and prints the same, but
# for what tests/duplicate/allow.list names with a reason. tests/duplicate/README.md says what is
# compared; transcript.py how.

import os
import shutil
import subprocess
from pathlib import Path

import pexpect
import pytest
from conftest import FIRMWARE_WORDS, LAUNCHER, ROOT
from pexpect.popen_spawn import PopenSpawn
from transcript import compare, failures, lives_read, rules_read

SOURCE = ROOT / "tests/duplicate"
PROGRAM = ROOT / "build/duplicate/duplicate"
RULES = rules_read((SOURCE / "allow.list").read_text())
COMMAND_LINE = "console=ttyS0 quiet"

CANNOT_BE_HAD = 3  # what scripts/setup says then

# Seconds, for one boot and all topics: 15 to 40 on two idle cores, 160 with 4 vCPUs on a hart.
LIMIT = 400

# What the topic `console` asks for, and gets.
ANSWERS = [("line 0?", "one\n"), ("line 1?", "0123456789" * 20 + "\n"), ("line 2?", "~!@#$%^&*\n")]
PAGING = "paging memory fault misaligned process code shootdown"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A function that makes the folder to lay over the guest's file system."""
    if subprocess.run([ROOT / "scripts/setup", "--guests"]).returncode == CANNOT_BE_HAD:
        pytest.skip("not run: Debian's kernel cannot be had here (scripts/setup --guests)")

    def make(topics="", ending=False):
        folder = tmp_path_factory.mktemp("files")
        for name, path in {"bin/duplicate": PROGRAM, "etc/run": SOURCE / "run"}.items():
            (folder / name).parent.mkdir()
            shutil.copy(path, folder / name)
        if topics:
            (folder / "etc/topics").write_text(topics + "\n")
        if ending:
            (folder / "etc/ending").touch()
        return folder

    return make


def linux(folder, vcpus, *options, append=COMMAND_LINE, answers=(), limit=LIMIT):
    """Runs the guest to its end, with its questions answered; (its output, exit status)."""
    preset = f"linux,vcpus={vcpus},files={folder},append={append.replace(',', ',,')}"
    command = [LAUNCHER, "run", preset, "--timeout", limit, *options]
    child = PopenSpawn([str(word) for word in command], timeout=limit + 15)
    output = b""
    for question, answer in answers:
        child.expect_exact(question + "\r\n")
        output += child.before + child.after
        child.send(answer)
    child.expect(pexpect.EOF)
    status = child.wait()
    # The firmware is below both.
    output = (output + child.before).replace(FIRMWARE_WORDS, b"")
    return output.decode(errors="backslashreplace"), status


def lives(*arguments, **keywords):
    text, status = linux(*arguments, **keywords)
    assert status == 0, text[-2000:]
    return lives_read(text)


def check_same(folder, vcpus, harts, *options, append=COMMAND_LINE, answers=()):
    both = {"append": append, "answers": answers}
    [native] = lives(folder, vcpus, "--native", *options, **both)
    [inside] = lives(folder, vcpus, "--cpus", harts, *options, **both)
    assert failures(native) == []
    assert "\n".join(compare(native, inside, RULES)) == ""
    return native


def test_linux_prints_the_same(files):
    check_same(files(), 2, 2, answers=ANSWERS)


@pytest.mark.long
@pytest.mark.parametrize("vcpus,harts", [(1, 1), (4, 4), (4, 1)])
@pytest.mark.parametrize("model", ["rv64", "rva23s64", "max", "rv64,sstc=off,svadu=off"])
def test_linux_on_model(files, model, vcpus, harts):
    check_same(files(), vcpus, harts, "--cpu", model, answers=ANSWERS)


@pytest.mark.long
@pytest.mark.parametrize("model", ["rv64", "max", "rv64,svadu=off"])
@pytest.mark.parametrize("word,mode", [("no4lvl", "sv39"), ("no5lvl", "sv48"), ("", "sv57")])
def test_linux_in_smaller_modes(files, word, mode, model):
    append = f"{COMMAND_LINE} {word}"
    native = check_same(files(PAGING), 2, 2, "--cpu", model, append=append)
    assert f"mmu\t\t: {mode}" in native["paging"]


@pytest.mark.long
def test_a_long_command_line_arrives(files):
    # Words with a dot are nobody's: Linux hands at most 32 others to init, and panics on more.
    text = 'a.text="a b,c" ' + " ".join(f"a.word{n}=%41;{n}" for n in range(50)) + " last"
    native = check_same(files("dmesg"), 1, 1, append=f"{COMMAND_LINE} {text}")
    assert [line for line in native["dmesg"] if line.endswith("last")]


@pytest.mark.long
def test_a_second_life_is_as_the_first(files):
    folder = files(ending=True)
    answers = [*ANSWERS, ("ending?", "reboot -f\n"), *ANSWERS, ("ending?", "poweroff -f\n")]
    first, second = lives(folder, 2, "--native", answers=answers, limit=2 * LIMIT)
    for inside in lives(folder, 2, "--cpus", 2, answers=answers, limit=2 * LIMIT):
        assert "\n".join(compare(first, inside, RULES)) == ""
        assert "\n".join(compare(second, inside, RULES)) == ""


@pytest.mark.long
@pytest.mark.parametrize("model", ["rv64", "rv64,sstc=off"])
def test_linux_on_old_qemu(files, model):
    cache = subprocess.run([ROOT / "scripts/setup", "--cache"], stdout=subprocess.PIPE, text=True)
    qemu = Path(cache.stdout.strip(), "qemu-7.2/qemu-system-riscv64")
    if not os.access(qemu, os.X_OK):
        pytest.skip("no QEMU 7.2 (scripts/setup --qemu-7.2)")
    check_same(files(), 2, 2, "--cpu", model, "--qemu", qemu, answers=ANSWERS)
