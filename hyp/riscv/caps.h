/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this machine's harts can do, asked once at boot (boot/probe.c) and constant afterwards:
 * the boot hart's, taken for all. Plain data, so that every room may read it.
 *
 * Simplified: the other harts are not asked, but for H in the device tree.
 */
#ifndef RISCV_CAPS_H
#define RISCV_CAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct caps {
    /* From recoverable CSR accesses. */
    bool h;                  /* hgatp exists */
    bool sstc;               /* vstimecmp exists and henvcfg.STCE can be set */
    bool henvcfg;            /* exists; absent before Priv 1.12 */
    bool senvcfg;            /* exists */
    bool hstateen[4];        /* hstateen0 to 3 exist, each probed by itself */
    bool aia;                /* vstopi exists */
    bool svpbmt;             /* henvcfg.PBMTE can be set */
    bool svadu;              /* henvcfg.ADUE can be set */
    bool cycle, instret;     /* can be read in S-mode */
    bool v;                  /* sstatus.VS can be set */
    bool fp_tracked;         /* a write of an f register makes sstatus.FS Dirty */
    uint64_t henvcfg_mask;   /* bits of henvcfg that can be set */
    uint64_t hstateen0_mask; /* bits of hstateen0 that can be set */
    uint64_t hedeleg_mask;   /* bits of hedeleg that can be set */
    unsigned vmid_bits;      /* VMIDLEN, 0 to 14 */
    unsigned guest_files;    /* GEILEN */
    unsigned vlenb;          /* bytes of a vector register, 0 without V */
    bool sv39x4, sv48x4, sv57x4;
    bool sv48, sv57; /* satp modes beyond Sv39 */
    /* From the device tree. */
    bool svinval;
    const char *isa_extensions; /* "riscv,isa-extensions": names one after the other, each ended
                                   by NUL; or NULL */
    size_t isa_extensions_size; /* bytes, with the last NUL */
    const char *isa;            /* "riscv,isa", or NULL */
    uint32_t cbom_block_size;   /* 0 where the tree has none */
    uint32_t cboz_block_size;
    uint32_t timebase; /* ticks of `time` in a second */
    /* From the firmware. */
    uint64_t sbi_version; /* SBI 4.1 */
    uint64_t sbi_impl_id;
};

extern struct caps caps;

#define NS_PER_SECOND 1000000000UL

/* Ticks of `time` in nanoseconds: seconds and the rest apart, as ticks times 10^9 would not fit. */
static inline uint64_t caps_ns(uint64_t ticks)
{
    uint64_t hz = caps.timebase;

    return ticks / hz * NS_PER_SECOND + ticks % hz * NS_PER_SECOND / hz;
}

#endif
