# SPDX-License-Identifier: BSD-2-Clause
#
# The timeline page: its data without a browser, its use in one, with a million events, and what
# make viz says to wrong input. The tests themselves are tests/viz/*.test.js, which node runs;
# scripts/setup --viz brings what they need. Pages and pictures are kept in build/viz.

import json
import os
import re
import shutil
import signal
import subprocess

import pytest
import trace_maker
from conftest import LAUNCHER, ROOT

LIMIT = 240  # seconds; a file of tests takes five to twenty, on a loaded machine a minute
END_LIMIT = 20
CHROMIUMS = ("chromium-headless-shell", "chromium", "google-chrome")
OUTPUT = ROOT / "build/viz"

CACHE = subprocess.run([ROOT / "scripts/setup", "--cache"], stdout=subprocess.PIPE, text=True)
MODULES = os.path.join(CACHE.stdout.strip(), "viz/node_modules")
CHROMIUM = next(filter(None, map(shutil.which, CHROMIUMS)), None)

needs_node = pytest.mark.skipif(
    not (shutil.which("node") and os.path.isdir(MODULES)), reason="no node or no modules from npm"
)
needs_browser = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium")


def node_test(name):
    """Runs tests/viz/NAME.test.js; what it printed."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    places = {"VIZ_MODULES": MODULES, "VIZ_CHROMIUM": CHROMIUM or "", "VIZ_OUTPUT": str(OUTPUT)}
    process = subprocess.Popen(
        ["node", "--test", ROOT / f"tests/viz/{name}.test.js"],
        env={**os.environ, **places, "NODE_OPTIONS": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output = process.communicate(timeout=LIMIT)[0].decode(errors="replace")
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)  # Playwright ends its browser
        output = process.communicate(timeout=END_LIMIT)[0].decode(errors="replace")
    assert process.returncode == 0, output
    assert int(re.search(r"^\D*\bpass (\d+)$", output, re.M)[1]) > 0, output
    return output


@needs_node
def test_modules():
    node_test("modules")


@needs_node
def test_data():
    node_test("data")


@needs_node
@needs_browser
def test_page():
    node_test("page")
    for picture in ("whole-light", "event-dark", "arrows-light"):
        assert (OUTPUT / f"{picture}.png").stat().st_size > 10000


@needs_node
@needs_browser
def test_a_million_events():
    node_test("million")
    figures = json.loads((OUTPUT / "million.json").read_text())
    assert figures["events"] >= 1_000_000


@needs_node
@needs_browser
def test_what_trace_writes_is_shown(tmp_path):
    """From records to the page, with the words of hyp/explain."""
    records, trace = tmp_path / "made.utrace", tmp_path / "made.json"
    trace_maker.write(records, 20000, drops=True)
    subprocess.run([LAUNCHER, "trace", "convert", records, "--chrome", trace], check=False)
    made = viz("-o", OUTPUT / "made.html", trace)
    assert made.returncode == 0, made.stderr
    node_test("made")


@pytest.mark.long
@needs_node
@needs_browser
def test_make_viz_records_a_boot():
    made = viz("-o", OUTPUT / "made.html", "--seconds", "15")
    assert made.returncode == 0, made.stderr
    node_test("made")


def viz(*arguments):
    command = [ROOT / "scripts/viz", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)


WRONG = [
    ("hello", "This file is no JSON"),
    ('{"a": 1}', "no trace in Chrome's format"),
    ('{"traceEvents": [{"ph": "M"}, {"ph"', "cut short"),
    ('{"traceEvents": []}', "no events"),
    ("", "This file is empty"),
]


@needs_node
@pytest.mark.parametrize("text, words", WRONG)
def test_wrong_input_gets_one_line(tmp_path, text, words):
    trace, page = tmp_path / "wrong.json", tmp_path / "page.html"
    trace.write_text(text)
    done = viz("-o", page, trace)
    lines = done.stderr.splitlines()
    assert done.returncode == 1 and len(lines) == 1, done.stderr
    assert str(trace) in lines[0] and words in lines[0]
    assert not page.exists()
    trace.unlink()
    assert "no such file" in viz("-o", page, trace).stderr


@needs_node
def test_the_page_is_one_file_and_names_no_host(tmp_path):
    trace, page = tmp_path / "trace.json", tmp_path / "page.html"
    event = {"ph": "X", "pid": 101, "tid": 0, "ts": 1, "dur": 2, "name": "</script><b>", "cat": "a"}
    trace.write_text(json.dumps({"traceEvents": [event]}))
    assert viz("-o", page, trace).returncode == 0
    text = page.read_text()
    assert "<b>" not in text and text.count("</script>") == text.count("<script")
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", text)
    assert "MIT" in text  # uPlot's licence goes with it
    assert "resolved" not in (ROOT / "viz/package-lock.json").read_text()
