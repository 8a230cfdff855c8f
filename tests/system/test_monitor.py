# SPDX-License-Identifier: BSD-2-Clause
#
# A person at the console of a machine with --monitor: commands, editing, completion, history, and
# the consoles of VMs by Ctrl-].

import os
import shutil
import subprocess
import time

import pexpect
import pytest
from conftest import BINARIES, LAUNCHER, ROOT, understudy
from machine import ECHO, counter_make, kernel_make

PROMPT = "understudy> "
LIMIT = 60


class Monitor:
    def __init__(self, *arguments):
        words = ["run", "--timeout", str(LIMIT), "--monitor", *map(str, arguments)]
        self.child = pexpect.spawn(str(LAUNCHER), words, timeout=LIMIT, dimensions=(40, 100))
        self.expect("Monitor: help lists the commands")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.close(force=True)

    def expect(self, text):
        self.child.expect_exact(text)
        return self.child.before.decode(errors="replace")

    def type(self, keys):
        self.child.send(keys)

    def do(self, line, *expected):
        self.type(line + "\r")
        self.expect(f"{PROMPT}{line}\r\n")
        for text in expected:
            self.expect(text)


@pytest.fixture
def monitor(tmp_path):
    echo = kernel_make(tmp_path / "echo.bin", ECHO)
    counter = counter_make(tmp_path / "counter.bin")
    with Monitor(
        *("--vm", f"kernel={echo},format=raw,memory=4M"),
        *("--vm", f"kernel={counter},format=raw,memory=4M"),
        *("--vm", f"kernel={BINARIES}/hello/hello.bin,memory=4M,autostart=no"),
    ) as monitor:
        yield monitor


def test_a_life_at_the_monitor(monitor):
    monitor.do("list", "echo", "running", "hello", "created")
    monitor.do("pause counter", "vm: counter")
    monitor.do("regs counter", "pc: 0x", "t0=0x")
    monitor.do("destroy counter", "vm: counter")
    monitor.do("info counter", "error: there is no VM counter")
    monitor.do("create counter again", "name: again", "state: created")
    monitor.do("start again", "vm: again")
    monitor.do("start hello", "understudy: hello: shut down by SBI SRST")
    monitor.do("quit")
    monitor.child.expect(pexpect.EOF)
    monitor.child.close()
    assert monitor.child.exitstatus == 0


def test_looks_into_a_vm_that_runs(monitor):
    monitor.do("walk counter 0x80200000", "VS-stage: Bare", "rights RWX (VS- and VU-mode)")
    monitor.do("explain counter", "cause: ", "why: ", "source: ")
    monitor.do("regs counter", "pc: 0x", "t0=0x")
    monitor.do("explain echo", "exception 21: load guest-page fault", "physical address 0x1000000")
    monitor.do("explain csr hgatp 0x8000000000080064", "Sv39x4: 41 bits")
    monitor.do("list", "counter           running", "hello")
    monitor.do("quit")


def test_keys_of_a_shell(monitor):
    monitor.type("pa\t")
    monitor.expect(PROMPT + "pause ")
    monitor.type("cou\t\r")
    monitor.expect("vm: counter")
    monitor.type("\x1b[A\r")
    monitor.expect("error: counter is paused: it cannot pause")
    monitor.type("xresume\x1b[D\x01\x04\x05 counter\r")
    monitor.expect("vm: counter")
    monitor.type("rubbish\x15help\r")
    monitor.expect("turn the machine off")


def test_consoles_by_the_switch_key(monitor):
    monitor.type("\x1dn")
    monitor.expect("[echo; Ctrl-] m: the monitor]")
    monitor.type("abc\r")
    monitor.expect("abc")
    monitor.type("\x1d\x1d|")
    monitor.expect("\x1d|")
    monitor.type("\x1dm")
    monitor.expect("[monitor]")
    monitor.do("console echo", "[echo; Ctrl-] m: the monitor]")
    monitor.type("\x1dp")
    monitor.expect("[monitor]")
    monitor.do("start hello", "shut down")
    monitor.do("console hello", "[hello;", "Hello from a guest.")


def test_orders_on_a_pipe():
    vm = f"kernel={BINARIES}/hello/hello.bin,memory=4M,name=h,autostart=no"
    done = understudy("--monitor", "--vm", vm, stdin=b"list\nnonsense\nquit\n", limit=LIMIT)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"h                 created" in done.stdout
    assert b"error: there is no command nonsense" in done.stdout


def test_there_is_no_native_monitor():
    done = understudy("--native", "--monitor", "--vm", f"kernel={BINARIES}/hello/hello.bin")
    assert done.returncode == 2 and b"--monitor" in done.stderr


@pytest.mark.skipif(not shutil.which("tmux"), reason="not run: tmux is not installed")
def test_panes_of_tmux(tmp_path):
    tmux = ["tmux", "-S", str(tmp_path / "tmux"), "-f", "/dev/null"]

    def ask(*words):
        done = subprocess.run([*tmux, *words], capture_output=True, text=True, timeout=LIMIT)
        return done.stdout

    def seen(pane, text):
        end = time.monotonic() + LIMIT
        while text not in ask("capture-pane", "-p", "-t", pane) and time.monotonic() < end:
            time.sleep(0.2)
        assert text in ask("capture-pane", "-p", "-t", pane)

    environment = {**os.environ, "TMUX_OPTIONS": " ".join(tmux[1:]), "TERM": "xterm"}
    words = [ROOT / "scripts/tmux", "hello,name=one,autostart=no", "clock"]
    try:
        made = subprocess.run(
            words, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT
        )
        session = made.stdout.decode().strip()
        seen(f"{session}:0.0", PROMPT.strip())
        ask("send-keys", "-t", f"{session}:0.0", "start one", "Enter")
        seen(f"{session}:0.1", "Hello from a guest.")
        seen(f"{session}:0.2", "PASS")
        ask("send-keys", "-t", f"{session}:0.0", "quit", "Enter")
    finally:
        ask("kill-server")
