/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The test device: one register, whose write ends the machine. What ending means is for the one
 * who gave `request` (vm/). The words are those of Linux' syscon-poweroff and syscon-reboot
 * nodes for QEMU's virt board.
 */
#include "dev/vtest.h"

#include "lib/bits.h"

#define REG_FINISH 0x0

/* The register: what to do, and for FINISH_FAIL with which code. */
#define FINISH_CODE BITS(31, 16)
#define FINISH_WORD BITS(15, 0)

enum { FINISH_FAIL = 0x3333, FINISH_POWEROFF = 0x5555, FINISH_RESET = 0x7777 };

_Static_assert(offsetof(struct vtest, vdev) == 0, "a vdev is cast to its vtest");

/* Nothing can be read. */
static uint64_t vtest_read(struct vdev *self, uint64_t offset, unsigned size)
{
    (void)self;
    (void)offset;
    (void)size;
    return 0;
}

/* A half-word write has code 0; bytes and double words are no accesses that QEMU's board takes. */
static void vtest_write(struct vdev *self, uint64_t offset, unsigned size, uint64_t value)
{
    struct vtest *vtest = (struct vtest *)self;
    uint32_t code = size == 4 ? (uint32_t)field_get(FINISH_CODE, value) : 0;

    if (offset != REG_FINISH || (size != 2 && size != 4))
        return;
    switch (field_get(FINISH_WORD, value)) {
    case FINISH_POWEROFF:
        vtest->request(vtest->target, VTEST_POWEROFF, 0);
        break;
    case FINISH_RESET:
        vtest->request(vtest->target, VTEST_RESET, 0);
        break;
    case FINISH_FAIL:
        vtest->request(vtest->target, VTEST_FAIL, code);
        break;
    default: /* any other word does nothing */
        break;
    }
}

/* The device holds no state. */
static void vtest_reset(struct vdev *self)
{
    (void)self;
}

static void vtest_archive(struct vdev *self, struct archive *archive)
{
    (void)self;
    (void)archive;
}

static const struct vdev_ops vtest_ops = {
    .read = vtest_read,
    .write = vtest_write,
    .reset = vtest_reset,
    .archive = vtest_archive,
};

void vtest_init(struct vtest *vtest, uint64_t base,
                void (*request)(void *target, enum vtest_request request, uint32_t code),
                void *target)
{
    *vtest = (struct vtest){
        .vdev = {.name = "test",
                 .ops = &vtest_ops,
                 .base = base,
                 .size = VTEST_SIZE,
                 .width_min = 2,
                 .width_max = 4},
        .request = request,
        .target = target,
    };
}
