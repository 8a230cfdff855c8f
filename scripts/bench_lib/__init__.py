# SPDX-License-Identifier: BSD-2-Clause
#
# The library of scripts/bench_linux: machines.py says which machines are compared, count.py
# counts their instructions, wall.py takes QEMU's time, table.py shows and keeps the figures.
