/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A FIT image: U-Boot's container, a flattened device tree with a node per file under /images
 * and a node per choice under /configurations, as mkimage writes it ("Flat Image Tree (FIT)
 * format", U-Boot). It may come from anybody: every byte is checked before it is believed.
 */
#ifndef VM_FIT_H
#define VM_FIT_H

#include "vm/refusal.h"

#include <stdint.h>

struct fit {
    const void *blob;   /* the tree; libfdt found nothing wrong with its structure */
    uint64_t size;      /* of the tree and of external data behind it */
    int images;         /* node /images */
    int configurations; /* node /configurations */
};

/* Checks the structure, not yet the images. `data` stays where it is and as it is while `fit` is
 * in use. ERR_INVALID or ERR_CORRUPT, with the reason. */
int fit_open(struct fit *fit, const void *data, uint64_t size, struct refusal *refusal);

/* The child of `parent` whose name is exactly `name`, or ERR_NOT_FOUND. */
int fit_find(const struct fit *fit, int parent, const char *name);

/*
 * Reads a property of `node`. A missing one leaves *value alone and is no error; one of another
 * kind is ERR_INVALID.
 */
int fit_get_string(const struct fit *fit, int node, const char *name, const char **value,
                   struct refusal *refusal);
int fit_get_u32(const struct fit *fit, int node, const char *name, uint32_t *value,
                struct refusal *refusal);
int fit_get_u64(const struct fit *fit, int node, const char *name, uint64_t *value,
                struct refusal *refusal);

#endif
