# SPDX-License-Identifier: BSD-2-Clause
#
# One VM as the person writes it: --vm KEY=VALUE,... becomes a VM record with a unique name.
# Not for what the hypervisor judges itself, such as a kernel larger than its VM's memory.
# Before: options.py. After: presets.py, then bundle.py, or machine.py with --native.

import argparse
import os
import re
from dataclasses import dataclass
from pathlib import Path

from .errors import UsageError
from .presets import preset_values

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
NAME_LIMIT = 31
NAME_CHARACTERS = "A-Za-z0-9,._+-"  # what a device-tree node may be called


@dataclass
class VM:
    kernel: str
    initrd: str | None = None
    append: str | None = None
    memory: int = 64 << 20
    vcpus: int = 1
    name: str = ""  # empty until names_settle
    format: str = "auto"
    weight: int = 100
    autostart: bool = True
    restart: str = "never"
    cap: int = 0  # percent of one hart; 0: none
    affinity: str | None = None  # harts such as 0-2,5
    preset: str | None = None
    files: str | None = None  # what is laid over the initrd that the preset builds
    ready: str | None = None  # what the guest prints before it reads its console
    builds_initrd: bool = False  # the launcher makes it (presets.py)


def size_parse(text):
    match = re.fullmatch(r"([0-9]{1,20})([KMG]?)", text)
    size = int(match[1]) * UNITS[match[2]] if match else 0
    if not 0 < size < 1 << 64:
        raise UsageError(f"{text!r} is not a size (such as 64M, 1G, or plain bytes)")
    return size


def number_parse(text, low, high):
    if not re.fullmatch(r"[0-9]{1,20}", text) or not low <= int(text) <= high:
        raise UsageError(f"{text!r} is not a number from {low} to {high}")
    return int(text)


def checked(parse, *limits):
    """A parse function of ours, as argparse wants it."""

    def read(text):
        try:
            return parse(text, *limits)
        except UsageError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def word_parse(text, words):
    if text not in words:
        raise UsageError(f"{text!r} is not one of {', '.join(words)}")
    return words[text]


def harts_parse(text):
    if not re.fullmatch(r"[0-9]{1,2}(-[0-9]{1,2})?(,[0-9]{1,2}(-[0-9]{1,2})?)*", text):
        raise UsageError(f"{text!r} is not a list of harts (such as 0-2,5)")
    return text


def file_parse(text):
    if not os.path.isfile(text):
        raise UsageError(f"no such file: {text!r}")
    return text


def folder_parse(text):
    if not os.path.isdir(text):
        raise UsageError(f"no such directory: {text!r}")
    return text


def name_parse(text):
    if not re.fullmatch(f"[{NAME_CHARACTERS}]{{1,{NAME_LIMIT}}}", text):
        raise UsageError(
            f"{text!r} is not a name (1 to {NAME_LIMIT} of the characters {NAME_CHARACTERS})"
        )
    return text


# Every key of --vm, and how its value is read.
KEYS = {
    "kernel": file_parse,
    "initrd": file_parse,
    "append": str,
    "memory": size_parse,
    "vcpus": lambda text: number_parse(text, 1, 0xFFFFFFFF),
    "name": name_parse,
    "format": lambda text: word_parse(text, {"auto": "auto", "raw": "raw"}),
    "weight": lambda text: number_parse(text, 1, 1000),
    "cap": lambda text: number_parse(text, 0, 51200),
    "affinity": harts_parse,
    "autostart": lambda text: word_parse(text, {"yes": True, "no": False}),
    "restart": lambda text: word_parse(text, {w: w for w in ("never", "on-crash", "always")}),
    "preset": str,
    "files": folder_parse,
    "ready": str,
}


def commas_split(text):
    """Splits at single commas; a doubled comma is a literal one, as in QEMU's options."""
    return [part.replace("\0", ",") for part in text.replace(",,", "\0").split(",")]


def vm_parse(text):
    """The VM that one --vm describes; raises UsageError."""
    texts = _texts_parse(text)
    if "preset" in texts:
        texts = {**preset_values(texts["preset"]), **texts}
    if "kernel" not in texts:
        raise UsageError(f"kernel= is missing in {text!r}")
    vm = VM(**{key: _value_parse(key, value) for key, value in texts.items()})
    vm.builds_initrd = vm.preset == "linux" and vm.initrd is None
    if vm.files is not None and not vm.builds_initrd:
        raise UsageError("files: only with preset=linux, and not with initrd=")
    return vm


def _texts_parse(text):
    values = {}
    for part in commas_split(text):
        key, equals, value = part.partition("=")
        if not equals:
            raise UsageError(f"{part!r} is not KEY=VALUE (a literal comma is written ',,')")
        if key not in KEYS:
            raise UsageError(f"unknown key {key!r} (known: {', '.join(KEYS)})")
        if key in values:
            raise UsageError(f"{key}: given twice")
        values[key] = value
    return values


def _value_parse(key, text):
    try:
        return KEYS[key](text)
    except UsageError as error:
        raise UsageError(f"{key}: {error}") from None


def _name_derive(vm, taken):
    stem = re.sub(f"[^{NAME_CHARACTERS}]", "-", vm.preset or Path(vm.kernel).stem)
    name, count = stem[:NAME_LIMIT], 1
    while name in taken:
        count += 1
        suffix = f"-{count}"
        name = stem[: NAME_LIMIT - len(suffix)] + suffix
    return name


def names_settle(vms):
    """Gives every VM a name of its own. Chosen names come first: they are never altered."""
    taken = set()
    for vm in vms:
        if vm.name in taken:
            raise UsageError(f"name: {vm.name!r} is taken by an earlier --vm")
        taken |= {vm.name} - {""}
    for vm in vms:
        vm.name = vm.name or _name_derive(vm, taken)
        taken.add(vm.name)
