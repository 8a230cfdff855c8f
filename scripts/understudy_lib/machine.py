# SPDX-License-Identifier: BSD-2-Clause
#
# The machine: which QEMU command a run means, and whether that QEMU is one we know.
# A pure function from options to a list of words; session.py starts it.

import re
import subprocess

from .control import sockets_of
from .errors import LaunchError
from .vmspec import UNITS

OLDEST_QEMU = (7, 2)
MACHINE_SPARE = 128 << 20  # the hypervisor, its tables, the bundle
MACHINE_STEP = 256 << 20
GIB = 1 << 30
MACHINE_LEAST = 512 << 20
NATIVE_LEAST = 64 << 20
PORT = "org.understudy.{}"  # the hypervisor knows them by these names


def machine_memory(vms):
    """Bytes for a machine that holds these VMs."""
    needed = sum(vm.memory for vm in vms) + MACHINE_SPARE
    if any(vm.memory >= GIB for vm in vms):
        # Its gigabytes shall stand where a leaf of the G-stage maps one each: a TLB miss of the
        # guest then walks a level less. The first has the firmware and us, the end the device tree.
        needed = -(-needed // GIB) * GIB + MACHINE_STEP
    return max(MACHINE_LEAST, -(-needed // MACHINE_STEP) * MACHINE_STEP)


def size_format(size):
    """As QEMU reads it, where a bare number would mean megabytes."""
    for unit in ("G", "M", "K"):
        if size % UNITS[unit] == 0:
            return f"{size // UNITS[unit]}{unit}"
    return f"{size}B"


def _machine_words(options, harts, memory):
    board = "virt" + (f",{options.machine}" if options.machine else "")
    words = [options.qemu, "-M", board, "-cpu", options.cpu, "-smp", str(harts)]
    words += ["-m", size_format(memory), "-nodefaults", "-display", "none", "-monitor", "none"]
    words += ["-serial", "stdio", "-global", "virtio-mmio.force-legacy=false"]
    if not options.native:  # a guest that resets comes back, but a hypervisor's run is over
        words += ["-no-reboot"]
    if options.bios:
        words += ["-bios", options.bios]
    if options.icount:
        words += ["-icount", f"shift={options.icount_shift or 0},sleep=off"]
    if options.gdb:
        words += ["-S", "-gdb", f"tcp:127.0.0.1:{options.gdb}"]
    return words


def _native_words(options):
    vm = options.vms[0]
    words = _machine_words(options, vm.vcpus, max(vm.memory, NATIVE_LEAST))
    words += ["-kernel", vm.kernel]
    if vm.initrd is not None:
        words += ["-initrd", vm.initrd]
    if vm.append is not None:
        words += ["-append", vm.append]
    return words


def _ports_words(options):
    """A virtio console with named ports: statistics end in a file, the others in sockets. Port 0
    is only for consoles, so it stays free."""
    ends = {}
    if options.stats is not None:
        ends["stats"] = "file,id=stats,path=" + options.stats.replace(",", ",,")
    if options.control is not None:
        for name, path in sockets_of(options.control).items():
            path = path.replace(",", ",,")
            ends[name] = f"socket,id={name},path={path},server=on,wait=off"
    words = ["-device", f"virtio-serial-device,max_ports={len(ends) + 1}"]
    for name, end in ends.items():
        words += ["-chardev", end]
        words += ["-device", f"virtserialport,chardev={name},name={PORT.format(name)}"]
    return words


def machine_command(options, bundle, nonce):
    """QEMU's command. bundle: a path, or None for the one in the hypervisor's image;
    nonce: what to put into the markers, or None for a run without them."""
    if options.native:
        return _native_words(options)
    memory = options.memory or machine_memory(options.vms)
    words = _machine_words(options, options.cpus, memory) + ["-kernel", options.hyp]
    if bundle is not None:
        words += ["-initrd", bundle]
    append = [f"marker={nonce}"] if nonce is not None else []
    if options.stats is not None or options.control is not None:
        words += _ports_words(options)
    append += ["stats"] if options.stats is not None else []
    append += ["control"] if options.control is not None else []
    append += ["monitor"] if options.monitor else []
    if options.trace is not None:
        append += [f"trace={options.trace}" if options.trace else "trace"]
    append += [f"sched={options.sched}"] if options.sched is not None else []
    if append:
        words += ["-append", " ".join(append)]
    return words


def qemu_check(qemu):
    """Raises LaunchError if this QEMU cannot be started or is too old to have the H extension.
    One that does not tell its version is taken as it is."""
    try:
        asked = subprocess.run(
            [qemu, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=5
        )
    except subprocess.TimeoutExpired:
        return
    except OSError as error:
        raise LaunchError(f"cannot start QEMU {qemu!r}: {error.strerror}") from None
    version = re.search(rb"version ([0-9]+)\.([0-9]+)", asked.stdout)
    if version and (int(version[1]), int(version[2])) < OLDEST_QEMU:
        found = f"{int(version[1])}.{int(version[2])}"
        raise LaunchError(f"QEMU {found} is too old: {qemu!r} must be 7.2 or later")
