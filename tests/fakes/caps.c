/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for boot/probe.c.
 */
#include "fakes/caps.h"

#include "riscv/csr.h"

struct caps caps;

void caps_reset(void)
{
    caps = (struct caps){
        .h = true,
        .sstc = true,
        .henvcfg = true,
        .senvcfg = true,
        .hstateen = {true},
        .svpbmt = true,
        .svadu = true,
        .cycle = true,
        .instret = true,
        .v = true,
        .fp_tracked = true,
        .henvcfg_mask = UINT64_MAX,
        .hstateen0_mask = UINT64_MAX,
        .hedeleg_mask = 0x4b1ff, /* what QEMU 10 lets be written */
        .vmid_bits = 14,
        .vlenb = 16,
        .sv39x4 = true,
        .isa = "rv64gcvh_zicsr_zifencei_sstc",
        .timebase = 1000000,
    };
}
