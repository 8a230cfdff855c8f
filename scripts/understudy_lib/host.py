# SPDX-License-Identifier: BSD-2-Clause
#
# What the launcher asks of the system it runs on: lines to the person, signals as bytes, a raw
# terminal, a child that does not outlive us. Used by session.py and pump.py.

import contextlib
import ctypes
import os
import re
import signal
import subprocess
import termios
import tty

STDIN, STDOUT, STDERR = 0, 1, 2
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1  # prctl(2)


def say(text):
    """A line for the person."""
    stderr_write(os.fsencode(f"understudy: {text}\n"))


def stderr_write(data):
    with contextlib.suppress(OSError):
        os.write(STDERR, data)


def descriptors_ensure():
    """0, 1 and 2 are open, if only to nowhere, so that no pipe of ours gets such a number."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= STDERR:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)


def keys_leave_to_others():
    """In the background of a terminal, as `run ... &`, the keys are another's: to read them or to
    set the terminal would stop us. There stdin has nothing, once for all."""
    with contextlib.suppress(OSError):  # no terminal, or not ours
        if os.tcgetpgrp(STDIN) != os.getpgrp():
            nothing = os.open(os.devnull, os.O_RDONLY)
            os.dup2(nothing, STDIN)
            os.close(nothing)


def child_start(command):
    """Starts QEMU on three pipes, away from the terminal's signals; it dies with us."""
    libc = ctypes.CDLL(None)
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
        preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL),
    )


@contextlib.contextmanager
def signals_caught():
    """Yields a descriptor on which each signal is one byte, its number. A signal that our
    parent had us ignore (nohup) stays ignored."""
    wake, waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in ENDING_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda *_: None)
    try:
        yield wake
    finally:  # the handlers stay: nothing is left but to leave
        signal.set_wakeup_fd(-1)
        os.close(wake)
        os.close(waker)


def terminal_words():
    """The person's terminal as NAME=VALUE words for a guest's environment; none without one."""
    if not os.isatty(STDIN):
        return []
    size = os.get_terminal_size(STDIN)
    kind = re.sub("[^A-Za-z0-9.+-]", "", os.environ.get("TERM", "")) or "dumb"
    return [f"TERM={kind}", f"LINES={size.lines}", f"COLUMNS={size.columns}"]


@contextlib.contextmanager
def terminal_raw():
    """Keys reach the guest as they are pressed, Ctrl-C too. Yields whether there are keys."""
    if not os.isatty(STDIN):
        yield False
        return
    saved = termios.tcgetattr(STDIN)
    try:
        tty.setraw(STDIN, termios.TCSADRAIN)
        raw = termios.tcgetattr(STDIN)
        raw[1] = saved[1]  # output is processed as before: a bare "\n" still begins a line
        termios.tcsetattr(STDIN, termios.TCSADRAIN, raw)
        yield True
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(STDIN, termios.TCSADRAIN, saved)
