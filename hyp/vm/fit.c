/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The container of a bundle and its properties. libfdt stands between us and the blob: after
 * fdt_check_full no offset inside the tree leads out of it. After this file come fit_image.c,
 * for the files in it, and bundle.c, for what a configuration means.
 */
#include "vm/fit.h"

#include "lib/bits.h"
#include "lib/err.h"
#include "lib/string.h"

#include <libfdt.h>

/* Older trees align properties differently; mkimage writes 17. */
#define FIT_VERSION_MIN 17

static int tree_check(const void *data, uint64_t size, struct refusal *refusal)
{
    int err;

    if (!is_aligned((uintptr_t)data, 8))
        return refusal_set(refusal, ERR_INVALID, "bundle: is not at a multiple of 8 bytes");
    err = fdt_check_full(data, size);
    if (err == -FDT_ERR_TRUNCATED)
        return refusal_set(refusal, ERR_CORRUPT, "bundle: is truncated (%lu bytes)", size);
    if (err)
        return refusal_set(refusal, ERR_CORRUPT, "bundle: is no FIT image (%s)", fdt_strerror(err));
    if (fdt_version(data) < FIT_VERSION_MIN)
        return refusal_set(refusal, ERR_INVALID, "bundle: tree version %u is too old",
                           fdt_version(data));
    return 0;
}

int fit_open(struct fit *fit, const void *data, uint64_t size, struct refusal *refusal)
{
    int err = tree_check(data, size, refusal);

    if (err)
        return err;
    *fit = (struct fit){.blob = data, .size = size};
    fit->images = fit_find(fit, 0, "images");
    if (fit->images < 0)
        return refusal_set(refusal, ERR_INVALID, "/images: is missing");
    fit->configurations = fit_find(fit, 0, "configurations");
    if (fit->configurations < 0)
        return refusal_set(refusal, ERR_INVALID, "/configurations: is missing");
    return 0;
}

/* libfdt's own search takes "name@1" for "name". */
int fit_find(const struct fit *fit, int parent, const char *name)
{
    for (int node = fdt_first_subnode(fit->blob, parent); node >= 0;
         node = fdt_next_subnode(fit->blob, node)) {
        if (strcmp(fdt_get_name(fit->blob, node, NULL), name) == 0)
            return node;
    }
    return ERR_NOT_FOUND;
}

int fit_get_string(const struct fit *fit, int node, const char *name, const char **value,
                   struct refusal *refusal)
{
    int size;
    const char *text = fdt_getprop(fit->blob, node, name, &size);

    if (!text)
        return 0;
    if (size == 0 || strnlen(text, size) != (size_t)size - 1)
        return refusal_set(refusal, ERR_INVALID, "%s is not a string", name);
    *value = text;
    return 0;
}

int fit_get_u32(const struct fit *fit, int node, const char *name, uint32_t *value,
                struct refusal *refusal)
{
    int size;
    const void *cell = fdt_getprop(fit->blob, node, name, &size);

    if (!cell)
        return 0;
    if (size != sizeof(*value))
        return refusal_set(refusal, ERR_INVALID, "%s is not a 32-bit number", name);
    *value = fdt32_ld(cell);
    return 0;
}

int fit_get_u64(const struct fit *fit, int node, const char *name, uint64_t *value,
                struct refusal *refusal)
{
    int size;
    const void *cells = fdt_getprop(fit->blob, node, name, &size);

    if (!cells)
        return 0;
    if (size != sizeof(*value))
        return refusal_set(refusal, ERR_INVALID, "%s is not a 64-bit number", name);
    *value = fdt64_ld(cells);
    return 0;
}
