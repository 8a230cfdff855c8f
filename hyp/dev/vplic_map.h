/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The register window of the interrupt controller: two of the operations of vplic.c's device.
 */
#ifndef DEV_VPLIC_MAP_H
#define DEV_VPLIC_MAP_H

#include "dev/vdev.h"

uint64_t vplic_map_read(struct vdev *self, uint64_t offset, unsigned size);
void vplic_map_write(struct vdev *self, uint64_t offset, unsigned size, uint64_t value);

#endif
