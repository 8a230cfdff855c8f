# SPDX-License-Identifier: BSD-2-Clause
#
# The comparer of transcripts finds what it must find: a wrong result, a missing topic, an end that
# did not come. It works on text, so no guest runs here.

import pytest
from conftest import ROOT
from transcript import TranscriptError, compare, failures, lives_read, rules_read

NATIVE = """linux:/etc/run
== machine
isa i
isa h
status 0
== integer
add: 1f31c6f2e310c008
div: 300102dea7f128a6
status 0
== end
"""
RULES = rules_read("# No nesting.\nmachine native isa h\n")
INSIDE = NATIVE.replace("isa h\n", "")


def differences(inside, native=NATIVE, rules=RULES):
    return compare(lives_read(native)[0], lives_read(inside)[0], rules)


def test_equal_transcripts_and_allowed_lines_pass():
    assert differences(NATIVE) == []
    assert differences(INSIDE) == []
    assert differences(INSIDE.replace("\n", "\r\n")) == []


def test_a_wrong_result_is_found():
    wrong = INSIDE.replace("300102dea7f128a6", "300102dea7f128a7")
    assert differences(wrong) == ["integer: - div: 300102dea7f128a6",
                                  "integer: + div: 300102dea7f128a7"]


def test_a_missing_line_and_a_further_one_are_found():
    assert differences(INSIDE.replace("isa i\n", "")) == ["machine: - isa i"]
    assert differences(INSIDE.replace("isa i\n", "isa i\nBUG\n")) == ["machine: + BUG"]


def test_a_rule_holds_for_its_topic_and_side_only():
    assert differences(INSIDE, native=INSIDE.replace("add", "isa h\nadd")) == ["integer: - isa h"]
    assert differences(NATIVE, native=INSIDE) == ["machine: + isa h"]
    assert differences(INSIDE, rules=[]) == ["machine: - isa h"]
    assert differences(INSIDE, native=NATIVE.replace("isa h", "isa hx")) == ["machine: - isa hx"]


def test_many_harts_say_the_same():
    hart = [f"isa {name}" for name in "imafdc"] + [f"isa zb{name}" for name in "abcdefgh"]
    native = {"machine": [line for _ in range(40) for line in [*hart[:6], "isa h", *hart[6:]]]}
    inside = {"machine": hart * 40}
    assert compare(native, inside, RULES) == []
    assert compare(native, {"machine": hart * 39 + hart[1:]}, RULES) == ["machine: - isa i"]


def test_a_missing_topic_is_found():
    lines = lives_read(INSIDE)[0]
    assert compare({**lines, "lock": []}, lines, RULES) == ["lock: - (the whole topic)"]
    assert compare(lines, {**lines, "lock": []}, RULES) == ["lock: + (the whole topic)"]


@pytest.mark.parametrize("text", ["", "no topic\n", NATIVE.replace("== end\n", "")])
def test_a_transcript_that_is_not_whole_is_refused(text):
    with pytest.raises(TranscriptError):
        lives_read(text)


def test_a_reboot_begins_a_new_life():
    assert lives_read(NATIVE + "reboot: Restarting\n" + NATIVE) == 2 * lives_read(NATIVE)


def test_what_the_guest_calls_wrong_is_wrong():
    for line in ("V is kept: NO", "below 2^38: WRONG", "status 139"):
        assert failures({"topic": ["fine: yes", line, "status 0"]}) == [f"topic: {line}"]


@pytest.mark.parametrize("text", ["machine native isa h", "# Why.\n\nmachine native isa h",
                                  "# Why.\nmachine both isa h", "# Why.\nmachine native"])
def test_a_rule_needs_a_reason_and_its_three_words(text):
    with pytest.raises(TranscriptError):
        rules_read(text)


def test_the_list_of_the_tree_is_sound():
    rules = rules_read((ROOT / "tests/duplicate/allow.list").read_text())
    assert rules and all(len(rule.reason) > 20 for rule in rules)
