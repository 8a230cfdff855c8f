# SPDX-License-Identifier: BSD-2-Clause
#
# scripts/check_deps on a small sound tree, and on the same tree with one wrong file in it: each
# rule must fire, at the right place, and nothing else. That the real tree keeps to the rules is
# for `run_tests rules` to say.

import subprocess
from pathlib import Path

import pytest

CHECK_DEPS = Path(__file__).resolve().parents[2] / "scripts" / "check_deps"


def header(guard, text=""):
    return f"/* A header. */\n#ifndef {guard}\n#define {guard}\n{text}\n#endif\n"


SOUND = {
    "hyp/lib/bits.h": header("LIB_BITS_H", "#include <stdint.h>"),
    "hyp/lib/bits.c": '#include "lib/bits.h"\n',
    "hyp/riscv/hart.h": header("RISCV_HART_H", '#define wfi() __asm__ volatile("wfi")'),
    "hyp/riscv/hart_head.h": header(
        "RISCV_HART_HEAD_H", '#ifndef __ASSEMBLER__\nstatic int a(void) { __asm__("nop"); }\n#endif'
    ),
    "hyp/mem/pages.h": header("MEM_PAGES_H", '#include "lib/bits.h"'),
    "hyp/mem/pages.c": '#include "pages.h" /* relative, in its own room */\n',
    "hyp/mem/fence.c": '#include "riscv/hart.h"\n',
    "hyp/vcpu/vcpu.h": header("VCPU_VCPU_H", "/* asm in words, #ifdef in words */"),
    "hyp/vcpu/enter.S": '#include "riscv/hart_head.h"\n    sret\n',
    "hyp/dev/bus.h": header("DEV_BUS_H", '#include "lib/bits.h"'),
    "hyp/vm/vm.h": header("VM_VM_H", '#include "dev/bus.h"\n#include "vcpu/vcpu.h"'),
    "hyp/vm/fit.c": '#include <libfdt.h>\n#include "vm/vm.h"\n',
    "hyp/sched/hart.h": header("SCHED_HART_H", '#include "riscv/hart_head.h"'),
    "hyp/sched/run.c": '#include "platform.h"\n#include "sched/hart.h"\nchar *text = "asm";\n',
    "hyp/boot/main.c": '#include "platform.h"\n#include "riscv/hart.h"\n#include "vm/vm.h"\n',
    "platform/platform.h": header("PLATFORM_H", "#include <stddef.h>"),
    "platform/tree.h": header("TREE_H", '#include "platform.h"'),
    "platform/tree.c": '#include "tree.h"\n#include <libfdt.h>\n#include "lib/bits.h"\n',
    "guest/lib/tap.h": header("LIB_TAP_H"),
    "guest/one/one.c": '#include "lib/tap.h"\n#include "riscv/hart.h"\n',
}

# Why, the wrong file, its text, and the finding.
WRONG = [
    ("wrong room", "hyp/mem/a.c", '#include "vcpu/vcpu.h"\n', "mem/ may not include hyp/vcpu"),
    ("relative", "hyp/mem/a.c", '\n#include "../vm/vm.h"\n', "a.c:2: mem/ may not include hyp/vm"),
    ("sister", "hyp/dev/a.h", header("A_H", '#include "mem/pages.h"'), "only: lib"),
    ("device and ISA", "hyp/dev/a.c", '#include "riscv/hart_head.h"\n', "dev/ may not include"),
    ("device and C", "hyp/dev/a.c", "#include <stdio.h>\n", "<stdio.h> is not there"),
    ("platform.h", "hyp/vm/a.c", '#include "platform.h"\n', "vm/ may not include platform"),
    ("platform's own", "hyp/sched/a.c", '#include "tree.h"\n', "only platform.h is for"),
    ("back door", "hyp/boot/a.c", '#include "../../platform/tree.h"\n', "only platform.h is for"),
    ("platform and VM", "platform/a.c", '#include "vm/vm.h"\n', "platform/ may not include hyp/vm"),
    ("guest and VM", "guest/one/a.c", '#include "vm/vm.h"\n', "guest/ may not include hyp/vm"),
    ("no such room", "hyp/misc/a.c", "\n", "misc/ is no room of the table"),
    ("no such file", "hyp/mem/a.c", '#include "mem/gone.h"\n', 'there is no "mem/gone.h"'),
    ("libfdt", "hyp/exit/a.c", "#include <libfdt.h>\n", "libfdt.h is only for hyp/vm/*"),
    ("libfdt, quoted", "hyp/boot/a.c", '#include "libfdt.h"\n', "there is no"),
    ("hart.h, pure", "hyp/vcpu/a.c", '#include "riscv/hart.h"\n', "hart.h is only for hyp/boot/*"),
    ("head, pure", "hyp/sched/a.c", '#include "riscv/hart_head.h"\n', "hart_head.h is only for"),
    ("asm", "hyp/vcpu/a.c", '\n\nint a = 1; __asm__("");\n', "a.c:3: inline assembly"),
    ("asm, plain", "hyp/mem/a.h", header("A_H", 'void a(void) { asm("") }'), "inline assembly"),
    ("#if in C", "hyp/boot/a.c", "\n#if 1\n#endif\n", "a.c:2: #if 1: variation is"),
    ("#ifdef in C", "platform/a.c", "#ifdef A\n#endif\n", "#ifdef A: variation is"),
    ("#ifndef in C", "guest/one/a.c", "  # ifndef A\n#endif\n", "#ifndef A: variation is"),
    ("#ifdef in S", "hyp/vcpu/a.S", "#ifdef A\n#endif\n", "#ifdef A: variation is"),
    ("#if in header", "hyp/lib/a.h", header("A_H", "#if X > 1\n#endif"), "#if X > 1: variation is"),
    ("no guard", "hyp/lib/a.h", "int a;\n", "a.h:1: no guard"),
    ("false guard", "hyp/lib/a.h", "#ifndef A_H\n#define B_H\n#endif\n", "a.h:1: no guard"),
]


@pytest.fixture
def check(tmp_path):
    """Writes the files, runs the script there and returns its status and its findings."""

    def check(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        result = subprocess.run([CHECK_DEPS], cwd=tmp_path, capture_output=True, text=True)
        assert result.stderr == ""
        return result.returncode, result.stdout.splitlines()[:-1]

    return check


def test_sound_tree_passes(check):
    assert check(SOUND) == (0, [])


@pytest.mark.parametrize("path, text, expected", [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_wrong_file_is_found(check, path, text, expected):
    status, findings = check({**SOUND, path: text})
    assert status == 1
    assert all(finding.startswith(path + ":") for finding in findings)
    assert any(expected in finding for finding in findings)


def test_pure_file_reaches_hart_h_through_a_header(check):
    files = {**SOUND, "platform/platform.h": header("PLATFORM_H", '#include "riscv/hart.h"')}
    status, findings = check(files)
    assert status == 1
    assert findings == [
        "hyp/sched/run.c:1: pure, but reaches riscv/hart.h through platform/platform.h"
    ]


def test_cycle_of_headers(check):
    files = {
        **SOUND,
        "hyp/lib/a.h": header("A_H", '#include "lib/b.h"'),
        "hyp/lib/b.h": header("B_H", '#include "lib/a.h"'),
    }
    status, findings = check(files)
    assert status == 1
    assert findings == [
        "hyp/lib/a.h:1: cycle of headers: hyp/lib/a.h -> hyp/lib/b.h -> hyp/lib/a.h"
    ]


def test_cycle_of_rooms(check):
    files = {**SOUND, "hyp/lib/a.c": '#include "dev/bus.h"\n'}
    status, findings = check(files)
    assert status == 1
    assert any("cycle of rooms: " in finding for finding in findings)


def test_empty_tree_fails(check):
    assert check({})[0] == 1
