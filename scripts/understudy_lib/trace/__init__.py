# SPDX-License-Identifier: BSD-2-Clause
#
# `understudy trace`: what people do with the hypervisor's records (docs/TRACE.md).
# command (the command line) -> live (from a running machine) -> record (the format) -> words
# (numbers by name) -> lanes (exits in their lanes) -> chrome, ftrace, table (files for others),
# report with symbols, and top.
