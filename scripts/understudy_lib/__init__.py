# SPDX-License-Identifier: BSD-2-Clause
#
# What scripts/understudy is made of. Python's standard library only.
# options (the command line) -> vmspec (--vm) -> presets (VMs with a name) -> initramfs (the file
# tree of the preset linux) -> session (one run) -> bundle (the FIT image), machine (QEMU's
# command) and pump (its input and output, through the filters of console). What people do with a
# run: ctl and control (orders), trace/ (records).
