# SPDX-License-Identifier: BSD-2-Clause
#
# The initial file system of the preset `linux`, as the kernel unpacks it: a cpio archive with
# BusyBox, linux/init, the kernel's modules and what the person lays over it. Equal files make
# equal archives: sorted, and without times and owners. Before: presets.py.

import lzma
import os
import stat
from pathlib import Path

from .errors import LaunchError, UsageError

INIT = Path(__file__).with_name("linux") / "init"
MODULES_LOADED = ("virtio_mmio", "virtio_blk")  # at the start, if nobody says otherwise
MODULES_TAKEN_ALONG = ("loop",)

DIRECTORY = stat.S_IFDIR | 0o755
PROGRAM = stat.S_IFREG | 0o755
FILE = stat.S_IFREG | 0o644
CONSOLE = (stat.S_IFCHR | 0o600, 5, 1)  # Linux: Documentation/admin-guide/devices.txt


def cpio_entry(number, path, mode, data=b"", device=(0, 0)):
    """One member in the "newc" format: Linux, driver-api/early-userspace/buffer-format.rst."""
    name = path.encode() + b"\0"
    fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name), 0]
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name
    return head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)


class Tree:
    """What will be in the archive: by its path, mode and content."""

    def __init__(self):
        self.members = {}

    def add(self, path, mode, data=b"", device=(0, 0)):
        """A later member takes the place of an earlier one. Its directories come by themselves."""
        for parent in Path(path).parents[:-1]:
            self.members.setdefault(str(parent), (DIRECTORY, b"", (0, 0)))
        self.members[path] = (mode, data, device)

    def lay_over(self, folder):
        """Everything in a folder of the host: directories, files, symbolic links."""
        for path in sorted(Path(folder).rglob("*")):
            mode, name = path.lstat().st_mode, str(path.relative_to(folder))
            if stat.S_ISLNK(mode):
                self.add(name, mode, os.fsencode(os.readlink(path)))
            elif stat.S_ISDIR(mode):
                self.add(name, mode)
            elif stat.S_ISREG(mode):
                self.add(name, mode, path.read_bytes())
            else:
                raise UsageError(f"files: {str(path)!r} is no file, directory or symbolic link")

    def archive(self):
        members = sorted(self.members.items())
        entries = [cpio_entry(n, path, *what) for n, (path, what) in enumerate(members, 1)]
        return b"".join(entries) + cpio_entry(0, "TRAILER!!!", 0)


class Modules:
    """The modules of one kernel, as its package has them. What depmod would write on the
    machine where the package is installed, is read from the modules themselves.
    Simplified: aliases and soft dependencies are not followed."""

    def __init__(self, folder):
        self.folder = folder
        self.paths = self._index("modules.order")
        self.built_in = self._index("modules.builtin")

    def _index(self, name):
        lines = (self.folder / name).read_text().split()
        return {self.name(Path(line).stem): line for line in lines}

    @staticmethod
    def name(text):
        return text.replace("-", "_")

    def content(self, name):
        path = self.folder / self.paths[name]
        if path.is_file():
            return path.read_bytes()
        return lzma.decompress(path.with_name(path.name + ".xz").read_bytes())

    def needs(self, data):
        """`depends=` of a module's section .modinfo."""
        listed = data.partition(b"\0depends=")[2].partition(b"\0")[0].decode()
        return [self.name(text) for text in listed.split(",") if text]

    def collect(self, names):
        """{name: (content, names of what it needs directly)} of these modules, and of all that
        they need, without what is in the kernel itself."""
        found, wanted = {}, [self.name(name) for name in names]
        while wanted:
            name = wanted.pop()
            if name in found or name in self.built_in:
                continue
            if name not in self.paths:
                raise UsageError(f"/etc/modules: this kernel has no module {name!r}")
            data = self.content(name)
            found[name] = (data, [n for n in self.needs(data) if n not in self.built_in])
            wanted += found[name][1]
        return found


def _closure(found, name):
    """All that a module needs, in the order of modules.dep: the last is to be loaded first."""
    order = []
    for need in found[name][1]:
        for each in [need, *_closure(found, need)]:
            order = [other for other in order if other != each] + [each]
    return order


def _modules_add(tree, modules):
    loaded = tree.members["etc/modules"][1].decode(errors="replace").split()
    found = modules.collect([*loaded, *MODULES_TAKEN_ALONG])
    base = f"lib/modules/{modules.folder.name}"
    lines = []
    for name in sorted(found):
        tree.add(f"{base}/{modules.paths[name]}", FILE, found[name][0])
        needs = [modules.paths[need] for need in _closure(found, name)]
        lines.append(" ".join([f"{modules.paths[name]}:", *needs]))
    tree.add(f"{base}/modules.dep", FILE, "".join(f"{line}\n" for line in lines).encode())


def initramfs_build(busybox, modules, overlay=None):
    """The archive's bytes. busybox: the program; modules: the folder of the kernel's; overlay: a
    folder laid over all, or None. Its etc/modules says which modules are loaded."""
    try:
        tree = Tree()
        tree.add("dev/console", *CONSOLE[:1], device=CONSOLE[1:])
        tree.add("bin/busybox", PROGRAM, Path(busybox).read_bytes())
        tree.add("init", PROGRAM, INIT.read_bytes())
        tree.add("etc/modules", FILE, "".join(f"{name}\n" for name in MODULES_LOADED).encode())
        if overlay is not None:
            tree.lay_over(overlay)
        _modules_add(tree, Modules(Path(modules)))
        return tree.archive()
    except OSError as error:
        raise LaunchError(f"initramfs: {error.filename}: {error.strerror}") from None
