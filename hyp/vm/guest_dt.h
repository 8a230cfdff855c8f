/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device tree that a guest is given: QEMU's virt board, less what a VM does not have.
 */
#ifndef VM_GUEST_DT_H
#define VM_GUEST_DT_H

#include "mem/addr.h"
#include "riscv/caps.h"

#define GUEST_DT_SEED_BYTES 64

struct guest_dt {
    const struct caps *caps; /* of the host */
    uint64_t memory;         /* bytes of RAM */
    uint32_t vcpus;          /* 1 to BUNDLE_VCPUS_MAX; hart ids from 0 */
    const char *bootargs;    /* never NULL */
    gpa_t initrd_start;      /* where initrd_end is not above it, there is no ramdisk */
    gpa_t initrd_end;
    uint8_t rng_seed[GUEST_DT_SEED_BYTES]; /* random; Linux is slow without one */
};

/* Bytes that guest_dt_build never exceeds with so many vCPUs and these boot arguments. */
size_t guest_dt_room(uint32_t vcpus, const char *bootargs);

/* Builds the tree in `buffer` (a multiple of 8) and returns its size, or ERR_NO_MEMORY. */
int guest_dt_build(void *buffer, size_t size, const struct guest_dt *what);

#endif
