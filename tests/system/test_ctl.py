# SPDX-License-Identifier: BSD-2-Clause
#
# The control port: every order to one VM while the others go on, exit statuses of `ctl`, hostile
# input, and that nothing is lost.

import itertools
import json
import os
import re
import socket
import subprocess
import time

import pytest
from conftest import BINARIES, LAUNCHER, understudy
from machine import ECHO, ControlError, Machine, counter_make, kernel_make
from shell import guests_need

HELLO = f"kernel={BINARIES}/hello/hello.bin,memory=4M,name=hello,autostart=no"
CYCLES, CYCLES_LONG = 50, 1000


# How far a guest has counted that is reset then, and what it counts in a second at most; an order
# may end its sleep early, so half of the former is allowed beside.
BEFORE_RESET, A_SECOND = 100, 102


def counters(folder, count):
    """Options for so many VMs that count, called a, b, ..."""
    kernel = counter_make(folder / "counter.bin")
    words = []
    for name in "abcdefgh"[:count]:
        words += ["--vm", f"kernel={kernel},format=raw,memory=4M,name={name}"]
    return words


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """Shared by the tests that leave it as they found it."""
    folder = tmp_path_factory.mktemp("machine")
    with Machine(folder, "--cpus", 2, *counters(folder, 3), "--vm", HELLO) as machine:
        yield machine


def one_by_one(machine, name, others):
    """Every order to one VM; the others count on in every state of it."""

    def others_go_on():
        assert all(machine.counts_on(other) for other in others)

    machine.do("pause", name)
    assert machine.states()[name] == "paused"
    before = machine.count(name)
    others_go_on()
    assert machine.count(name) == before
    machine.do("resume", name)
    assert machine.counts_to(name, BEFORE_RESET)
    begin = time.monotonic()
    machine.do("reset", name)
    count = machine.count(name)
    assert count < BEFORE_RESET / 2 + A_SECOND * (time.monotonic() - begin)
    assert machine.counts_on(name)
    others_go_on()
    free = machine.free_pages()
    machine.do("destroy", name)
    assert name not in machine.states()
    assert machine.free_pages() > free
    others_go_on()
    assert machine.do("create", name)["state"] == "created"
    assert machine.free_pages() == free
    machine.do("start", name)
    assert machine.counts_on(name)


def test_each_is_ordered_about_while_the_others_go_on(machine):
    for name, others in (("a", "bc"), ("b", "ac"), ("c", "ab")):
        one_by_one(machine, name, others)


def test_what_cannot_be_done_is_refused(machine):
    assert machine.refusal("nonsense") == "there is no command nonsense; try help"
    assert machine.refusal("pause", "nobody") == "there is no VM nobody"
    assert machine.refusal("resume", "a") == "a is running: it cannot resume"
    assert machine.refusal("create", "a") == "there is a VM a already"
    assert machine.refusal("regs", "a", "1") == "a has no vCPU 1"
    assert machine.refusal("explain", "cause", "99") == "there is no cause 99"
    assert machine.refusal("mem", "a", "0") == "a has no memory at 0x0, or not 64 bytes of it"
    assert machine.refusal("create", "a", "x" * 40).startswith("name has 40 characters")


def test_a_second_instance(machine):
    machine.do("create", "a", "a.2")
    machine.do("start", "a.2")
    assert machine.counts_on("a.2") and machine.counts_on("a")
    machine.do("destroy", "a.2")


def test_a_look_into_a_vm_that_stands_still(machine):
    machine.do("pause", "b")
    registers = machine.do("regs", "b")
    entry = int(machine.do("info", "b")["entry"], 16)
    assert entry <= int(registers["pc"], 16) < entry + 64
    assert int(registers["registers"]["t0"], 16) == entry
    machine.do("resume", "b")
    rows = machine.do("exits", "b")["exits"]
    assert any(row["count"] > 0 for row in rows)
    assert {row["vm"] for row in machine.do("sched")["vcpus"]} >= {"a", "b", "c", "hello"}
    assert machine.do("caps")["harts"] == 2


def test_a_look_into_a_vm_that_runs(machine):
    for _ in range(20):
        entry = int(machine.do("info", "a")["entry"], 16)
        assert entry <= int(machine.do("regs", "a")["pc"], 16) < entry + 64
        walk = machine.do("walk", "a", hex(entry))
        assert (walk["vs_mode"], walk["gpa"], walk["rights"]) == ("Bare", hex(entry), "RWX")
        assert [step["level"] for step in walk["g_stage"]][0] == 2
        exit = machine.do("explain", "a")
        assert exit["vm"] == "a" and exit["why"] and exit["source"].startswith("Priv ")
    field = machine.do("explain", "csr", "hstatus", "0")["fields"][0]
    assert set(field) == {"csr", "field", "bits", "value", "words"}
    assert machine.counts_on("a")
    assert machine.counts_on("b")


# Four vCPUs that interrupt, stop, suspend and fence each other; they are looked at all the time.
@pytest.mark.long
@pytest.mark.parametrize("harts", [1, 2])
def test_looks_do_not_disturb_a_guest(tmp_path, harts):
    vm = f"kernel={BINARIES}/smp/smp.bin,vcpus=4,memory=16M"
    looks = 0
    with Machine(tmp_path, "--cpus", harts, "--vm", vm) as machine, machine.connect() as control:
        while control.request("list")["vms"][0]["state"] == "running":
            try:
                control.request("walk", "smp", "0x80200000", str(looks % 4), "full")
                looks += 1
            except ControlError as error:
                assert "smp is halted" in str(error)
        assert b"[smp] PASS" in machine.output.read_bytes()
    assert looks > 100


def test_statuses_of_ctl(machine, tmp_path):
    status, out, err = machine.ctl("list")
    assert (status, err) == (0, "")
    assert out.splitlines()[0].split()[:3] == ["id", "name", "state"]
    status, out, _ = machine.ctl("--json", "list")
    assert status == 0 and "vms" in json.loads(out)
    assert machine.ctl("pause", "nobody") == (1, "", "understudy: error: there is no VM nobody\n")
    status, out, err = machine.ctl("-", stdin="pause a\nnonsense\nresume a\n")
    assert (status, out) == (1, "vm: a\nvm: a\n")
    assert err == "understudy: error: there is no command nonsense; try help\n"
    assert machine.ctl("--frob")[0] == 2
    nowhere = [LAUNCHER, "ctl", "--socket", tmp_path / "none", "list"]
    done = subprocess.run(nowhere, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2 and done.stderr.startswith("understudy: no control socket at")


class Raw:
    """The socket without a client that knows what it says. Answers to an earlier one who left are
    read away."""

    sessions = itertools.count(10**9)

    def __init__(self, machine):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(machine.socket))  # waits where others wait
        self.socket.settimeout(60)
        self.rest = b""
        number = next(self.sessions)
        self.socket.sendall(b'\n{"id":%d,"command":"list"}\n' % number)
        while b'"id":%d,' % number not in self.line():
            continue

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def line(self):
        while b"\n" not in self.rest:
            more = self.socket.recv(65536)
            assert more, self.rest
            self.rest += more
        line, _, self.rest = self.rest.partition(b"\n")
        return line

    def ask(self, data, answers):
        self.socket.sendall(data)
        return [json.loads(self.line()) for _ in range(answers)]


LIST = b'{"id":1,"command":"list"}\n'


def test_what_is_no_request_gets_an_error(machine):
    with Raw(machine) as raw:
        bad = [b"list\n", b"\x00\xff\xfe{\n", b'{"id":7,"command":[]}\n', b'{"command":"list"\n']
        answers = raw.ask(LIST.join(bad) + LIST, 8)
        assert [answer["ok"] for answer in answers] == [False, True] * 4
        assert [answer["id"] for answer in answers] == [None, 1, None, 1, 7, 1, None, 1]
        assert all(answer["error"] for answer in answers[::2])


def test_a_line_without_end_costs_nothing_but_itself(machine):
    with Raw(machine) as raw:
        [bad, good] = raw.ask(b"x" * 200_000 + b"\n" + LIST, 2)
    assert bad == {"id": None, "ok": False, "error": "a line is longer than 4095 bytes"}
    assert good["ok"] and all(machine.counts_on(name) for name in "abc")


# Requests that fit into the port's buffers for what comes, four of 256 bytes. Were more to come,
# QEMU 10.0.2 could find the client gone just as it writes an answer, and would then hold back what
# is sent to the next one until that leaves: it takes the port for throttled after it was closed.
REQUESTS_LEFT = LIST * 30


def test_a_client_may_leave_in_the_middle(machine):
    for rest in (b'{"id":1,"comm', b"x" * 5000, REQUESTS_LEFT):
        with Raw(machine) as raw:
            raw.socket.sendall(rest)
    assert machine.do("list")["vms"]


def test_many_requests_at_once_are_all_answered(machine):
    with Raw(machine) as raw:
        lines = b"".join(b'{"id":%d,"command":"help","args":["list"]}\n' % n for n in range(200))
        answers = raw.ask(lines, 200)
    assert [answer["id"] for answer in answers] == list(range(200))
    assert all(answer["ok"] for answer in answers)


def cycle(machine, count):
    """Free pages after the first create and destroy, and after `count` of them."""
    free = []
    with machine.connect() as control:
        for n in range(count):
            control.request("create", "hello")
            if n % 2:
                control.request("start", "hello")
            control.request("destroy", "hello")
            if n in (0, count - 1):
                free.append(control.request("mem")["free_pages"])
    return free


def test_create_and_destroy_loses_no_page(machine):
    machine.do("destroy", "hello")
    before = machine.free_pages()
    assert cycle(machine, CYCLES) == [before, before]
    machine.do("create", "hello")


@pytest.mark.long
def test_create_and_destroy_for_long(tmp_path):
    with Machine(tmp_path, *counters(tmp_path, 1), "--vm", HELLO, limit=900) as machine:
        machine.do("destroy", "hello")
        before = machine.free_pages()
        assert cycle(machine, CYCLES_LONG) == [before, before]
        assert machine.counts_on("a")


def test_a_console_is_read_and_typed_into(tmp_path):
    kernel = kernel_make(tmp_path / "echo.bin", ECHO)
    with Machine(tmp_path, "--vm", f"kernel={kernel},format=raw,memory=4M") as machine:
        words = [LAUNCHER, "console", "--socket", machine.socket, "echo"]
        viewer = subprocess.Popen(
            list(map(str, words)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        sent = bytes(range(1, 0x1D)) + bytes(range(0x1E, 256)) + b"x" * 5000 + b"\n"
        viewer.stdin.write(sent)
        viewer.stdin.flush()
        assert viewer.stdout.read(len(sent)) == sent
        viewer.stdin.write(b"\x1d")
        viewer.stdin.close()
        assert viewer.wait(timeout=60) == 0


def test_quit_turns_the_machine_off(tmp_path):
    with Machine(tmp_path, "--vm", HELLO) as machine:
        assert machine.ctl("quit")[0] == 0
        assert machine.process.wait(timeout=60) == 0
        assert not list(tmp_path.glob(machine.socket.name + "*"))


def test_a_socket_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    longest_plus_one = tmp_path / ("x" * (108 - len(".trace") - len(f"{tmp_path}/")))
    for path in (tmp_path / "file", tmp_path / "none" / "s", longest_plus_one):
        done = understudy("--control", path, "--vm", HELLO)
        assert done.returncode == 2 and b"--control" in done.stderr


def test_a_socket_that_another_run_has(machine):
    done = understudy("--control", machine.socket, "--vm", HELLO)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"understudy: --control: another run has '{machine.socket}'\n"
    assert "a" in machine.states()


def test_a_reader_that_goes_away(machine):
    command = [LAUNCHER, "ctl", "--socket", machine.socket, "help"]
    reading, writing = os.pipe()
    os.close(reading)  # gone before there is anything to read
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, timeout=30)
    os.close(writing)
    assert (done.stderr, done.returncode) == (b"", 141)


class Console:
    """A VM's console as a client of the control port reads it."""

    def __init__(self, machine, name):
        self.machine, self.name, self.position = machine, name, 0

    def read(self, *typed):
        """What came since the last call."""
        text = ""
        while True:
            result = self.machine.do("console", self.name, self.position, *typed)
            self.position, text, typed = result["position"], text + result["said"], ()
            if not result["said"]:
                return text

    def wait(self, pattern, *typed, seconds=300):
        """Types, and reads until what came matches; U-Boot's countdown is stopped."""
        text, end = self.read(*typed), time.monotonic() + seconds
        while not re.search(pattern, text) and time.monotonic() < end:
            text += self.read()
            if "stop autoboot" in text[-60:]:
                text += self.read(" ")
            time.sleep(0.1)
        assert re.search(pattern, text), text[-2000:]


class Counting:
    """The same questions to a guest that counts."""

    def __init__(self, machine, name):
        self.machine, self.name = machine, name

    def boot(self):
        self.check()

    def check(self):
        assert self.machine.counts_on(self.name)


class Typing:
    """The same questions to a system with a shell."""

    prompt = "(linux:/# |=> )"

    def __init__(self, machine, name):
        self.machine, self.name = machine, name
        self.console = Console(machine, name)

    def boot(self):
        self.console.wait(self.prompt)

    def check(self):
        self.console.wait(r"(^|\n)four two\r\n(.*\n)*.*" + self.prompt, "echo four two\r")


@pytest.mark.long
def test_linux_uboot_and_three_of_ours(tmp_path):
    guests_need()
    words = ["--vm", "preset=linux,name=linux,vcpus=2", "--vm", "preset=uboot,name=uboot"]
    with Machine(tmp_path, "--cpus", 2, *words, *counters(tmp_path, 3), limit=1800) as machine:
        guests = [Typing(machine, name) for name in ("linux", "uboot")]
        guests += [Counting(machine, name) for name in "abc"]
        for guest in guests:
            guest.boot()
        for guest in guests:
            others = [other for other in guests if other is not guest]
            machine.do("pause", guest.name)
            for other in others:
                other.check()
            assert machine.states()[guest.name] == "paused"
            machine.do("resume", guest.name)
            guest.check()
            machine.do("reset", guest.name)
            guest.boot()
            machine.do("destroy", guest.name)
            for other in others:
                other.check()
            machine.do("create", guest.name)
            machine.do("start", guest.name)
            guest.boot()
            guest.check()
