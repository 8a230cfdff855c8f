# SPDX-License-Identifier: BSD-2-Clause
#
# Several VMs as one file: a FIT image, written as device-tree source and built by mkimage.
# An image node per file (VMs may share one), a configuration node per VM, named as the VM.
# Not for judging what is in the files: the hypervisor does that.

import os
import subprocess

from .errors import LaunchError

HASHES = {"crc32": ("crc32",), "sha256": ("sha256",), "both": ("crc32", "sha256")}


def dts_string(text):
    """A device-tree source string: dtc knows C's escapes, bytes pass as \\xHH."""
    plain = {byte: chr(byte) for byte in range(0x20, 0x7F)} | {0x22: '\\"', 0x5C: "\\\\"}
    return '"' + "".join(plain.get(byte, f"\\x{byte:02x}") for byte in os.fsencode(text)) + '"'


def _image_source(name, kind, path, hashes):
    described = dts_string(os.path.basename(path))
    nodes = [f'hash-{n} {{ algo = "{algo}"; }};' for n, algo in enumerate(HASHES[hashes], 1)]
    return f"""
        {name} {{
            description = {described};
            data = /incbin/({dts_string(os.path.abspath(path))});
            type = "{kind}";
            arch = "riscv";
            os = "linux";
            compression = "none";
            {" ".join(nodes)}
        }};"""


def _configuration_source(vm, kernel, ramdisk):
    lines = [f'description = "{vm.name}";', f'kernel = "{kernel}";']
    if ramdisk:
        lines.append(f'ramdisk = "{ramdisk}";')
    lines.append(f"memory = /bits/ 64 <{vm.memory}>;")
    lines.append(f"vcpus = <{vm.vcpus}>;")
    if vm.append is not None:
        lines.append(f"bootargs = {dts_string(vm.append)};")
    lines.append(f"weight = <{vm.weight}>;")
    if vm.affinity is not None:
        lines.append(f'affinity = "{vm.affinity}";')
    if vm.cap:
        lines.append(f"cap = <{vm.cap}>;")
    lines.append(f"autostart = <{int(vm.autostart)}>;")
    if vm.restart != "never":
        lines.append(f'restart = "{vm.restart}";')
    if vm.format == "raw":
        lines.append('format = "raw";')
    return f"\n        {vm.name} {{\n            " + "\n            ".join(lines) + "\n        };"


def bundle_source(vms, hashes="crc32"):
    """The .its text. Every VM has its name; there is at least one."""
    nodes, images, configurations = {}, [], []

    def image(vm, kind, path):
        if path is None:
            return None
        key = (kind, os.path.realpath(path))
        if key not in nodes:
            nodes[key] = f"{vm.name}-{kind}"
            images.append(_image_source(nodes[key], kind, path, hashes))
        return nodes[key]

    for vm in vms:
        kernel, ramdisk = image(vm, "kernel", vm.kernel), image(vm, "ramdisk", vm.initrd)
        configurations.append(_configuration_source(vm, kernel, ramdisk))
    return f"""/dts-v1/;
/ {{
    description = "Understudy bundle";
    #address-cells = <2>;
    images {{{"".join(images)}
    }};
    configurations {{
        default = "{vms[0].name}";{"".join(configurations)}
    }};
}};
"""


def bundle_build(vms, folder, hashes="crc32"):
    """Builds the bundle in a folder of its own and returns its path; raises LaunchError."""
    source, built = os.path.join(folder, "bundle.its"), os.path.join(folder, "bundle.itb")
    # A fixed time, so that equal VMs make equal bundles.
    environment = {"SOURCE_DATE_EPOCH": "0"} | os.environ
    with open(source, "w", encoding="ascii") as file:
        file.write(bundle_source(vms, hashes))
    try:
        made = subprocess.run(
            ["mkimage", "-f", source, built],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            start_new_session=True,
        )
    except OSError as error:
        raise LaunchError(f"cannot start mkimage (u-boot-tools): {error.strerror}") from None
    if made.returncode != 0:
        # After its reason mkimage prints all its options; the reason is enough.
        reason = os.fsdecode(made.stderr).partition("Usage:")[0].strip()
        raise LaunchError(f"mkimage failed:\n{reason}")
    return built
