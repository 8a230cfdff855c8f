/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file in a FIT image: a node under /images with its data, inside the tree or (mkimage -E)
 * behind it, and its hashes.
 */
#ifndef VM_FIT_IMAGE_H
#define VM_FIT_IMAGE_H

#include "vm/fit.h"

struct fit_image {
    const uint8_t *data;
    uint64_t size;
};

/*
 * The file in /images/<name>: not empty, uncompressed, of the given type, and proven by all its
 * hashes (crc32 or sha256), of which there is at least one. ERR_NOT_FOUND, ERR_INVALID or
 * ERR_CORRUPT, with the reason.
 */
int fit_image_get(const struct fit *fit, const char *name, const char *type,
                  struct fit_image *image, struct refusal *refusal);

#endif
