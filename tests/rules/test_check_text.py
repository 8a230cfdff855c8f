# SPDX-License-Identifier: BSD-2-Clause
#
# scripts/check_text and scripts/check_image on small trees and images that break one rule each.

import os
import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
CROSS = os.environ.get("CROSS", "riscv64-linux-gnu-")

SPDX = "SPDX-License-Identifier: BSD-2-Clause"
HEAD = f"/* {SPDX} */\n/*\n * What it is for.\n */\n"
LONG = "int\nlong_one(void)\n{\n" + "    one();\n" * 56 + "}\n"

SOUND = {
    "hyp/lib/a.c": HEAD + LONG + "\nint b(void)\n{\n    return 1;\n}\n",
    "scripts/a": f"#!/bin/sh\n# {SPDX}\n#\n# What it is for.\n",
    "tests/long.h": HEAD + "\n" * 400,
    "notes.md": "no head here, and /usr/bin is nobody's\n",
}

# Why, the file, its text, and the finding. Words are cut in two, or they would be found here.
WRONG = [
    ("no SPDX", "hyp/lib/b.h", "/*\n * What it is for.\n */\n", "b.h:1: no SPDX"),
    ("no SPDX in a script", "scripts/b", "#!/bin/sh\n# What it is for.\n", "b:2: no SPDX"),
    ("no prose", "hyp/lib/b.c", f"/* {SPDX} */\n#include <a.h>\n", "b.c:2: no head comment"),
    ("no prose in a script", "scripts/b", f"#!/bin/sh\n# {SPDX}\n\ntrue\n", "b:3: no head comment"),
    ("left to do", "guest/b.c", HEAD + "/* TO" "DO: more */\n", "b.c:5: TO" "DO: do it now"),
    ("a home", "notes2.md", "\nsee /ho" "me/me/notes\n", "notes2.md:2: a path of somebody"),
    ("long function", "guest/b.c", HEAD + LONG[:-2] + "    a();\n}\n", "long_one has 61 lines"),
    ("long script", "viz/b.js", HEAD + "f(a) {\n" + "b();\n" * 59 + "}\n", "f has 61 lines"),
    ("long file", "platform/b.h", HEAD + "\n" * 297, "b.h:301: over 300 lines"),
    ("long line", "tests/b.c", HEAD + f"// {'x' * 98}\n", "b.c:5: 101 columns"),
    ("tab", "hyp/boot/b.S", HEAD + "\tret\n", "b.S:5: a tab"),
    ("blank", "hyp/boot/b.S", HEAD + "ret \n", "b.S:5: space at the end"),
]


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def check(script, root):
    """Exit status and findings."""
    result = subprocess.run([SCRIPTS / script], cwd=root, capture_output=True, text=True)
    assert result.stderr == ""
    return result.returncode, result.stdout.splitlines()[:-1]


def test_sound_text_passes(tmp_path):
    write(tmp_path, SOUND)
    assert check("check_text", tmp_path) == (0, [])


@pytest.mark.parametrize("path, text, expected", [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_wrong_text_is_found(tmp_path, path, text, expected):
    write(tmp_path, {**SOUND, path: text})
    status, findings = check("check_text", tmp_path)
    assert (status, len(findings)) == (1, 1)
    assert findings[0].startswith(path + ":") and expected in findings[0]


def test_mirror_is_found(tmp_path, monkeypatch):
    """A machine whose apt asks two mirrors, through a proxy."""
    write(tmp_path, SOUND)
    write(tmp_path, {"notes.md": "from mirror.example, two.example or proxy.example\n"})
    sites = "echo http://mirror.example/debian; echo https://two.example:8080/x"
    proxy = """echo 'Acquire::http::Proxy "http://proxy.example:3142";'"""
    write(tmp_path / "bin", {"apt-get": f"#!/bin/sh\n{sites}\n"})
    write(tmp_path / "bin", {"apt-config": f"#!/bin/sh\n{proxy}\n"})
    for name in ("apt-get", "apt-config"):
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "bin").rename(tmp_path / "build")
    monkeypatch.setenv("PATH", f"{tmp_path}/build:{os.environ['PATH']}")
    status, findings = check("check_text", tmp_path)
    assert status == 1
    assert sorted(f.split(": ")[-1] for f in findings) == [
        "mirror.example",
        "proxy.example",
        "two.example",
    ]


def build(root, source, text, more=()):
    """One object as make leaves it, and an image of one harmless function."""
    write(root, {source: text, "image.S": ".globl _start\n_start: ret\n"})
    target = root / "build" / (source + ".o")
    target.parent.mkdir(parents=True)
    gcc = [CROSS + "gcc", "-march=rv64gc", "-mabi=lp64d", "-O2", "-nostdlib"]
    subprocess.run([*gcc, "-c", source, "-o", target], cwd=root, check=True)
    image = [*gcc, "-static-pie", "image.S", *more, "-o", "build/understudy.elf"]
    subprocess.run(image, cwd=root, check=True)


def test_sound_image_passes(tmp_path):
    build(tmp_path, "hyp/lib/a.c", 'int a_get(int x) { __asm__("fence.i"); return x; }\n')
    assert check("check_image", tmp_path) == (0, [])


@pytest.mark.parametrize(
    "text, expected",
    [
        ("double lib_half(double x) { return x / 2; }", "in lib_half: fmul.d"),
        ("void a_b(double *x) { *x = 0; }", None),
        ("void a_b(double *x) { x[0] = x[1]; }", "in a_b: c.fld"),
        ('void a_b(void) { __asm__("csrw fcsr, zero"); }', "in a_b: csrrw zero,fcsr"),
        ('void a_b(void) { __asm__(".option arch, +v\\nvmv.v.i v0, 0"); }', "in a_b: vmv.v.i"),
        ("int stray(void) { return 1; }", "stray begins neither with a_ nor with lib_"),
        ('void a_b(void) { __asm__(".fill 50000, 4, 0x13"); }', "our own text has 200"),
    ],
)
def test_wrong_object_is_found(tmp_path, text, expected):
    build(tmp_path, "hyp/lib/a.c", text + "\n")
    status, findings = check("check_image", tmp_path)
    assert status == (1 if expected else 0)
    assert any(expected in finding for finding in findings) if expected else findings == []


def test_fp_registers_may_be_saved(tmp_path):
    build(tmp_path, "hyp/vcpu/fpu_regs.S", "fpu_regs_save:\n    fsd f0, 0(a0)\n    ret\n")
    assert check("check_image", tmp_path) == (0, [])


@pytest.mark.parametrize(
    "text, expected",
    [
        ('.section .wx, "awx"\n.word 1\n', "a segment is writable and executable"),
        (".type f, %gnu_indirect_function\nf: ret\n.data\n.dword f\n", "R_RISCV_IRELATIVE"),
    ],
)
def test_wrong_image_is_found(tmp_path, text, expected):
    write(tmp_path, {"more.S": text})
    build(tmp_path, "hyp/lib/a.c", "int a_get(void) { return 1; }\n", ["more.S"])
    status, findings = check("check_image", tmp_path)
    assert status == 1
    assert any(expected in finding for finding in findings)


def test_no_image_fails(tmp_path):
    assert check("check_image", tmp_path)[0] == 1
