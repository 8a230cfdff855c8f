# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh disable=SC2154
#
# Part of scripts/setup: where nothing can be installed, what a person must put there. Ends with
# status 1 where something is missing that everything needs, 3 where an extra is.

# Where nothing can be installed: is all there?
check_by_hand() {
    missing=
    for tool in $tools; do
        command -v "${tool%|*}" >/dev/null || command -v "${tool#*|}" >/dev/null ||
            missing="$missing $tool"
    done
    [ "$(qemu_version)" -ge 702 ] || missing="$missing qemu-system-riscv64(7.2 or newer)"
    [ -z "$missing" ] && [ -f "${LIBFDT-}" ] && return
    say "can install packages on Debian 12 and 13 only; on this system:"
    [ -z "$missing" ] || say "please install:$missing"
    [ -f "${LIBFDT-}" ] || say "please set LIBFDT=<path> to a libfdt.a for riscv64 (lp64d)"
    exit 1
} >&2

# Where nothing can be fetched, they may have been put there by hand.
guests_by_hand() {
    for file in boot/vmlinux-* usr/lib/modules/* usr/bin/busybox \
        usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin; do
        # shellcheck disable=SC2086
        set -- "$target"/$file
        [ -e "$1" ] && continue
        say "Linux and U-Boot can be fetched on Debian 12 and 13 only; elsewhere, please unpack"
        say "Debian 13's riscv64 packages $guests and the kernel into $target (no $file)"
        exit 3
    done
} >&2

# What the timeline page is made with, and tested in.
viz_by_hand() {
    command -v node >/dev/null && command -v npm >/dev/null && return
    say "the timeline page needs node (18 or newer) and npm, and its test a Chromium; please"
    say "install them"
    exit 3
} >&2
