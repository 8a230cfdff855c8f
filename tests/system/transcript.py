# SPDX-License-Identifier: BSD-2-Clause
#
# What tests/duplicate/run prints, and how two of its transcripts are compared. Pure: text in, text
# out; test_linux_duplicate.py makes the transcripts, test_transcript.py tests this file.
#
# A transcript is topics, "== NAME" and the topic's lines, up to "== end". Two are the same if
# every line that only one of them has is allowed by a rule of tests/duplicate/allow.list.

import difflib
import re
from dataclasses import dataclass

SIDES = ("native", "vm")


class TranscriptError(Exception):
    """A transcript that is not whole, or a list that cannot be read; the text says what."""


@dataclass
class Rule:
    topic: str
    side: str  # the one whose transcript alone has the line
    pattern: re.Pattern
    reason: str

    def allows(self, topic, side, line):
        return (self.topic, self.side) == (topic, side) and self.pattern.fullmatch(line)


def rules_read(text):
    """The rules of an allow.list: TOPIC SIDE PATTERN on a line; above it, its reason."""
    rules, reason = [], ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            reason += line.lstrip("# ") + " "
        elif not line.strip():
            reason = ""
        else:
            topic, side, pattern = [*line.split(None, 2), "", ""][:3]
            if side not in SIDES or not pattern:
                raise TranscriptError(f"allow.list:{number}: not TOPIC native|vm PATTERN")
            if not reason:
                raise TranscriptError(f"allow.list:{number}: no reason above it")
            rules.append(Rule(topic, side, re.compile(pattern), reason.strip()))
    return rules


def lives_read(text):
    """One {topic: lines} for each life of the machine: a guest that reboots begins anew."""
    lives, lines = [], None
    for line in text.replace("\r", "").splitlines():
        if line == "== end":
            lines = None
        elif line.startswith("== "):
            if lines is None:
                lives.append({})
            lines = lives[-1].setdefault(line[3:], [])
        elif lines is not None:
            lines.append(line)
    if lines is not None or not lives:
        raise TranscriptError("the transcript is not whole; its end:\n" + text[-2000:])
    return lives


def _topic_differences(topic, native, vm, rules):
    """Lines that one side alone has and no rule allows, as a diff: "-" native, "+" in the VM."""
    report = []
    # No line is junk, however often it stands there: what several harts say of themselves is alike.
    matcher = difflib.SequenceMatcher(None, native, vm, autojunk=False)
    for what, *ends in matcher.get_opcodes():
        parts = [("-", native[ends[0] : ends[1]]), ("+", vm[ends[2] : ends[3]])]
        for mark, line in ((mark, line) for mark, lines in parts for line in lines):
            side = SIDES[mark == "+"]
            if what != "equal" and not any(rule.allows(topic, side, line) for rule in rules):
                report.append(f"{topic}: {mark} {line}")
    return report


def compare(native, vm, rules):
    """What differs between two lives and is not allowed, line by line; nothing if all is well."""
    report = [f"{topic}: + (the whole topic)" for topic in vm if topic not in native]
    for topic, lines in native.items():
        if topic in vm:
            report += _topic_differences(topic, lines, vm[topic], rules)
        else:
            report.append(f"{topic}: - (the whole topic)")
    return report


def failures(life):
    """Lines in which the guest itself says that something is wrong, on whichever side."""
    bad = re.compile(r".*: (NO|WRONG)$|status [^0].*")
    return [f"{topic}: {line}" for topic in life for line in life[topic] if bad.fullmatch(line)]
