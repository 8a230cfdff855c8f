# SPDX-License-Identifier: BSD-2-Clause
#
# `understudy trace record` and `top`, at a socket that is played here, so that it can also do what
# a hypervisor would not, and at a machine.

import collections
import contextlib
import json
import signal
import socket
import subprocess
import threading
import time

import pexpect
import pytest
import trace_maker as maker
from conftest import LAUNCHER
from machine import Machine, counter_make
from shell import guests_need
from trace_check import check_timeline, lanes_of

LIMIT, LINUX_LIMIT = 60, 100  # seconds


def listen(path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()
    return server


class Played:
    """Both sockets of a machine whose records are those of `chunks`, each sent in pieces; END when
    it is told to stop. `before` is what lies in the socket from an earlier stream. Where it is
    `slow`, the first order's answer waits for `answers`."""

    def __init__(self, folder, chunks, before=b"", refusal=None, dies=False, slow=False):
        self.path = folder / "control.sock"
        self.chunks, self.before, self.refusal, self.dies = chunks, before, refusal, dies
        self.orders, self.sent = [], b""
        self.off, self.over, self.answers = (threading.Event() for _ in range(3))
        if not slow:
            self.answers.set()
        self.servers = [listen(self.path), listen(folder / "control.sock.trace")]
        for act in (self._control, self._trace):
            threading.Thread(target=self._until_closed, args=(act,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.over.set()
        for server in self.servers:
            server.shutdown(socket.SHUT_RDWR)
            server.close()

    @staticmethod
    def _until_closed(act):
        with contextlib.suppress(OSError):
            act()

    def _control(self):
        while True:
            client, _ = self.servers[0].accept()
            with client, client.makefile("rwb") as lines:
                for line in filter(bytes.strip, lines):
                    self._answer(lines, json.loads(line))

    def _answer(self, lines, order):
        self.orders.append([order["command"], *order["args"]])
        answer = {"id": order["id"], "ok": True, "result": {}}
        if self.refusal:
            answer = {"id": order["id"], "ok": False, "error": self.refusal}
        self.answers.wait(LIMIT)
        lines.write(json.dumps(answer).encode() + b"\n")
        lines.flush()
        if order["args"][0] == "off":
            self.off.set()

    def _trace(self):
        client, _ = self.servers[1].accept()
        with client:
            client.sendall(self.before)
            while not self.orders:
                time.sleep(0.01)
            for chunk in self.chunks:
                self.sent += chunk  # before it is: who has it all may be quick to compare
                for at in range(0, len(chunk), 1000):  # no multiple of a record
                    client.sendall(chunk[at : at + 1000])
            if not self.dies:
                self.off.wait(LIMIT)
                end = maker.record(10**9, maker.END)
                self.sent += end
                client.sendall(end + b"of a later stream")
                self.over.wait(LIMIT)


def chunks_made(count, **options):
    """Records without the END."""
    return list(maker.Run(**options).records(count))[:-1]


def trace(machine, *words):
    command = [LAUNCHER, "trace", words[0], "--socket", machine.path, *words[1:]]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=LIMIT)


@pytest.mark.parametrize("before", [b"", b"x" * 7, bytes(64 * 100 + 5), maker.record(1, 5) * 3])
def test_what_was_sent_is_kept(tmp_path, before):
    with Played(tmp_path, chunks_made(3000), before) as machine:
        done = trace(machine, "record", "--seconds", 0.5, "-o", tmp_path / "kept.utrace")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "kept.utrace").read_bytes() == machine.sent
        assert machine.orders == [["trace", "on"], ["trace", "off"]]
    count = len(machine.sent) // 64
    assert f"understudy: {count} records, 0 lost; {tmp_path}/kept.utrace\n" in done.stderr


def test_files_at_once(tmp_path):
    with Played(tmp_path, chunks_made(9000, drops=True)) as machine:
        files = [tmp_path / name for name in ("a.json", "a.txt", "a.csv")]
        words = ["--seconds", 0.5, "--categories", "exit,sbi"]
        words += map("{}={}".format, ("--chrome", "--ftrace", "--csv"), files)
        done = trace(machine, "record", *words)
        assert done.returncode == 0, done.stderr
        assert machine.orders == [["trace", "on", "exit,sbi,life"], ["trace", "off"]]
    lost = check_timeline(files[0])["otherData"]["drops"]
    assert lost > 0 and f" records, {lost} lost\n" in done.stderr
    assert files[1].read_text().startswith("# tracer: nop\n")
    assert files[2].read_text().startswith("n,ns,kind,")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("slow", [False, True])
def test_who_ends_it_has_it_whole(tmp_path, number, slow):
    file = tmp_path / "kept.utrace"
    with Played(tmp_path, chunks_made(1000), slow=slow) as machine:
        words = [LAUNCHER, "trace", "record", "--socket", machine.path, "-o", file]
        with subprocess.Popen(list(map(str, words)), stderr=subprocess.PIPE) as process:
            while not file.exists() or file.stat().st_size < 32 * 1024:
                time.sleep(0.02)
            process.send_signal(number)
            machine.answers.set()
            assert process.wait(LIMIT) == 0
        assert machine.orders[-1] == ["trace", "off"]
        assert file.read_bytes() == machine.sent


def test_a_machine_that_ends_leaves_what_it_said(tmp_path):
    with Played(tmp_path, chunks_made(1000), dies=True) as machine:
        done = trace(machine, "record", "-o", tmp_path / "kept.utrace")
        assert (tmp_path / "kept.utrace").read_bytes() == machine.sent
    assert done.returncode == 0 and "the machine ended" in done.stderr


def test_what_cannot_be_recorded_is_said(tmp_path):
    with Played(tmp_path, [], refusal="there is no trace") as machine:
        done = trace(machine, "record", "--categories", "exit", "-o", tmp_path / "x")
        assert (done.returncode, done.stderr) == (2, "understudy: error: there is no trace\n")
    assert not (tmp_path / "x").exists()
    done = trace(machine, "top", "--batch", 1)
    assert done.returncode == 2 and "no trace socket at" in done.stderr


def test_a_file_that_cannot_be_written_ends_it(tmp_path):
    with Played(tmp_path, chunks_made(1000)) as machine:
        done = trace(machine, "record", "-o", tmp_path / "no" / "x")
        assert done.returncode == 2 and "error: cannot write" in done.stderr
        assert machine.orders[-1] == ["trace", "off"]


def test_a_form_that_cannot_be_written_is_told_before(tmp_path):
    with Played(tmp_path, []) as machine:
        for path in (tmp_path / "no" / "x", tmp_path):
            done = trace(machine, "record", "--chrome", path)
            assert (done.returncode, machine.orders) == (2, [])
            assert done.stderr == f"understudy: error: cannot write '{path}'\n"


def test_top(tmp_path):
    chunks = chunks_made(4000)
    with Played(tmp_path, chunks) as machine:
        done = trace(machine, "top", "--batch", 2, "--seconds", 0.5)
        assert done.returncode == 0, done.stderr
        assert machine.orders[-1] == ["trace", "off"]
    first, second = done.stdout.split("\n\n")[:2]
    exits = collections.Counter(
        row[4] for row in maker.RECORD.iter_unpack(b"".join(chunks)) if row[1] == maker.EXIT
    )
    rows = [line.split(None, 4) for line in second.splitlines()]
    assert rows[0] == ["total", "%", "a", "second", "VM  cause"]
    shown = collections.Counter()
    for total, _, _, vm, _ in rows[1:-1]:
        shown[vm] += int(total)
    assert rows[-1] == [str(shown.total()), "0", "all"]
    # The last one of a hart may not be named yet.
    assert shown.keys() == {"linux", "clock"} and 0 <= exits.total() - shown.total() <= 2
    assert int(first.splitlines()[-1].split()[0]) == shown.total()


def test_top_on_a_terminal(tmp_path):
    with Played(tmp_path, chunks_made(1000)) as machine:
        words = ["trace", "top", "--socket", machine.path, "--seconds", "0.2"]
        child = pexpect.spawn(str(LAUNCHER), list(map(str, words)), timeout=LIMIT)
        for _ in range(3):  # drawn again and again, in place
            child.expect_exact("\x1b[H")
            child.expect_exact("VM  cause")
        child.sendintr()
        child.expect(pexpect.EOF)
        assert child.wait() == 0 and b"Traceback" not in child.before
        assert machine.orders[-1] == ["trace", "off"]
    done = trace(machine, "top")
    assert (done.returncode, done.stderr) == (
        2, "understudy: top: stdout is no terminal; use --batch N\n")  # fmt: skip


def live(machine, *words, limit=LIMIT):
    command = [LAUNCHER, "trace", words[0], "--socket", machine.socket, *words[1:]]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=limit)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def counters(tmp_path_factory):
    """Two VMs that are not started. Their vCPU sleeps 10 ms and counts, again and again."""
    folder = tmp_path_factory.mktemp("counters")
    vm = f"kernel={counter_make(folder / 'counter.bin')},format=raw,memory=4M,autostart=no,name="
    with Machine(folder, "--cpus", 2, "--vm", vm + "a", "--vm", vm + "b") as machine:
        yield machine


def test_a_trace_has_every_exit_of_a_vm(counters, tmp_path):
    """From its start until it stands still, by cause as the hypervisor counts them."""
    file = tmp_path / "x.utrace"
    outputs = {kind: tmp_path / kind for kind in ("chrome", "ftrace", "csv")}
    words = [f"--{kind}={path}" for kind, path in outputs.items()]
    command = [LAUNCHER, "trace", "record", "--socket", counters.socket, "-o", file, *words]
    with subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE) as process:
        while not file.exists():
            time.sleep(0.02)
        for vm in "ab":
            counters.do("start", vm)
        assert all(counters.counts_on(vm) for vm in "abab")
        for vm in "ab":
            counters.do("pause", vm)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait(LIMIT) == 0, said
    assert " 0 lost" in said
    timeline = check_timeline(outputs["chrome"])
    vms = {name: int(number) for number, name in timeline["otherData"]["vms"].items()}
    lanes = lanes_of(timeline)
    for vm in "ab":
        exits = [e for _, _, e in lanes[100 + vms[vm], 0] if e["cat"] == "exit"]
        shown = collections.Counter(int(event["args"]["scause"], 16) for event in exits)
        counted = collections.Counter()
        for row in counters.do("exits", vm)["exits"]:
            counted[row["cause"]] += row["count"]
        assert shown[10] == counted["environment call from VS-mode"] > 0
        assert shown.total() == counted.total()
        done = {(e["name"], e["args"]["verdict"]) for e in exits if e["args"]["scause"] == "0xa"}
        assert done == {("SBI set_timer", "advance")}
    assert outputs["ftrace"].read_text().count(": kvm_hypercall: nr 0x54494d45 fid 0x0 ") > 2
    for vm in "ab":
        counters.do("resume", vm)


def test_top_of_a_machine(counters):
    for vm in "ab":
        if counters.states()[vm] == "created":
            counters.do("start", vm)
    done = live(counters, "top", "--batch", 1)
    assert any(line.split()[3:] == ["a", "SBI", "set_timer"] for line in done.stdout.splitlines())


def test_a_guest_goes_on_where_its_exit_says(counters, tmp_path):
    """Verdicts are right: entries are recorded apart, with the pc that the hart gets."""
    for vm in "ab":
        if counters.states()[vm] == "created":
            counters.do("start", vm)
    words = ["--seconds", 0.5, "--categories", "exit,entry", "-o", tmp_path / "x.utrace"]
    live(counters, "record", *words)
    exits, compared = {}, collections.Counter()
    for row in maker.RECORD.iter_unpack((tmp_path / "x.utrace").read_bytes()):
        kind, who = row[1], row[4:6]
        if kind == maker.EXIT:
            exits[who] = row
        elif kind == maker.ENTRY and who in exits:
            before = exits.pop(who)
            moves = before[2] in (maker.ADVANCE, maker.WAIT, maker.PASS)
            assert row[6] == before[7] + 4 * moves, (before, row)
            compared[before[2]] += 1
    assert compared[maker.ADVANCE] > 5, compared


def test_one_reader_after_the_other(counters, tmp_path):
    for i in range(3):
        live(counters, "record", "--seconds", 0.2, "--chrome", tmp_path / "x.json", "--categories",
             ("sched", "exit,entry", "all")[i])  # fmt: skip
        names = check_timeline(tmp_path / "x.json")["otherData"]["vms"].values()
        assert set(names) == {"a", "b"}


@pytest.mark.long
def test_linux_with_four_vcpus(tmp_path):
    """At least ten seconds from the first instruction, until init runs: all of it is recorded, and
    can be shown."""
    guests_need()
    run = tmp_path / "files" / "etc" / "run"
    run.parent.mkdir(parents=True)
    run.write_text("echo is up; sleep 600\n")
    vm = f"preset=linux,vcpus=4,files={tmp_path / 'files'},autostart=no"
    with Machine(tmp_path, "--cpus", 2, "--vm", vm) as machine:
        command = [LAUNCHER, "trace", "record", "--socket", machine.socket,
                   "--chrome", tmp_path / "x.json", "-o", tmp_path / "x.utrace"]  # fmt: skip
        with subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE) as process:
            while not (tmp_path / "x.utrace").exists():
                time.sleep(0.02)
            machine.do("start", "linux")
            begin = time.monotonic()
            while time.monotonic() < begin + 10 or b"is up" not in machine.output.read_bytes():
                assert time.monotonic() < begin + LINUX_LIMIT
                time.sleep(0.1)
            process.send_signal(signal.SIGINT)
            said = process.stderr.read().decode()
            assert process.wait(LIMIT) == 0, said
    timeline = check_timeline(tmp_path / "x.json")
    assert " records, 0 lost" in said and timeline["otherData"]["drops"] == 0
    exits = collections.Counter(
        lane[1] for lane, slices in lanes_of(timeline).items() if lane[0] != 1 for _ in slices
    )
    assert set(exits) == {0, 1, 2, 3} and exits.total() > 5_000
    flows = [event for event in timeline["traceEvents"] if event["ph"] == "f"]
    assert len(flows) > 100
