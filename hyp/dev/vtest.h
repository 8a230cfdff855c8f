/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The front of the virt board's test device ("sifive,test1"): a guest ends its machine here.
 */
#ifndef DEV_VTEST_H
#define DEV_VTEST_H

#include "dev/vdev.h"

#define VTEST_SIZE 0x1000

enum vtest_request {
    VTEST_POWEROFF, /* 0x5555; code 0 */
    VTEST_RESET,    /* 0x7777; code 0 */
    VTEST_FAIL,     /* code << 16 | 0x3333 */
};

struct vtest {
    struct vdev vdev;
    /* Called with the bus's lock held; fixed at creation. */
    void (*request)(void *target, enum vtest_request request, uint32_t code);
    void *target;
};

void vtest_init(struct vtest *vtest, uint64_t base,
                void (*request)(void *target, enum vtest_request request, uint32_t code),
                void *target);

#endif
