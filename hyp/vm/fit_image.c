/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files in a FIT image: where their bytes are, and whether they are the bytes that they were
 * when the bundle was made. Bytes behind the tree are out of libfdt's sight, so what the tree
 * says about them is checked here.
 */
#include "vm/fit_image.h"

#include "lib/bits.h"
#include "lib/crc32.h"
#include "lib/err.h"
#include "lib/sha256.h"
#include "lib/string.h"

#include <libfdt.h>

struct hash_algo {
    const char *name;
    int size;
    void (*compute)(const struct fit_image *image, uint8_t *digest);
};

static void digest_crc32(const struct fit_image *image, uint8_t *digest)
{
    fdt32_t crc = cpu_to_fdt32(crc32_compute(image->data, image->size));

    memcpy(digest, &crc, sizeof(crc));
}

static void digest_sha256(const struct fit_image *image, uint8_t *digest)
{
    sha256_compute(image->data, image->size, digest);
}

static const struct hash_algo hash_algos[] = {
    {"crc32", sizeof(uint32_t), digest_crc32},
    {"sha256", SHA256_SIZE, digest_sha256},
};

/* A property that may be absent, but if it is there says `expected`. */
static int label_check(const struct fit *fit, int node, const char *name, const char *expected,
                       struct refusal *refusal)
{
    const char *value = expected;

    if (fit_get_string(fit, node, name, &value, refusal))
        return ERR_INVALID;
    if (strcmp(value, expected) != 0)
        return refusal_set(refusal, ERR_INVALID, "%s is \"%.24s\", not \"%s\"", name, value,
                           expected);
    return 0;
}

static bool has_property(const struct fit *fit, int node, const char *name)
{
    return fdt_getprop(fit->blob, node, name, NULL) != NULL;
}

/* mkimage -E puts the data behind the tree: at data-position bytes from the tree's start, or
 * data-offset bytes from its end. */
static int get_external_data(const struct fit *fit, int node, struct fit_image *image,
                             struct refusal *refusal)
{
    bool is_absolute = has_property(fit, node, "data-position");
    const char *place = is_absolute ? "data-position" : "data-offset";
    uint64_t base = is_absolute ? 0 : align_up(fdt_totalsize(fit->blob), 4);
    uint32_t offset, size;

    if (!has_property(fit, node, place) || !has_property(fit, node, "data-size"))
        return refusal_set(refusal, ERR_INVALID, "data is missing");
    if (fit_get_u32(fit, node, place, &offset, refusal) ||
        fit_get_u32(fit, node, "data-size", &size, refusal))
        return ERR_INVALID;
    if (!range_within(base + offset, size, 0, fit->size))
        return refusal_set(refusal, ERR_CORRUPT, "data passes the end of the bundle");
    image->data = (const uint8_t *)fit->blob + base + offset;
    image->size = size;
    return 0;
}

static int get_data(const struct fit *fit, int node, struct fit_image *image,
                    struct refusal *refusal)
{
    int size;
    int err = 0;

    image->data = fdt_getprop(fit->blob, node, "data", &size);
    if (image->data)
        image->size = size;
    else
        err = get_external_data(fit, node, image, refusal);
    if (!err && image->size == 0)
        err = refusal_set(refusal, ERR_INVALID, "is empty");
    return err;
}

static int hash_check(const struct fit *fit, int node, const struct fit_image *image,
                      struct refusal *refusal)
{
    const char *name = "";
    uint8_t digest[SHA256_SIZE];
    const void *value;
    int size;

    if (fit_get_string(fit, node, "algo", &name, refusal))
        return ERR_INVALID;
    for (unsigned i = 0; i < ARRAY_SIZE(hash_algos); i++) {
        if (strcmp(hash_algos[i].name, name) != 0)
            continue;
        value = fdt_getprop(fit->blob, node, "value", &size);
        if (!value || size != hash_algos[i].size)
            return refusal_set(refusal, ERR_INVALID, "%s has no value of %d bytes", name,
                               hash_algos[i].size);
        hash_algos[i].compute(image, digest);
        if (memcmp(digest, value, size) != 0)
            return refusal_set(refusal, ERR_CORRUPT, "%s does not match", name);
        return 0;
    }
    return refusal_set(refusal, ERR_INVALID, "hash algorithm \"%.16s\" is unknown", name);
}

/* "hash", "hash-1" or "hash@1" */
static bool is_hash_name(const char *name)
{
    return strncmp(name, "hash", 4) == 0 && (name[4] == '\0' || name[4] == '-' || name[4] == '@');
}

/* Other children promise something that is not checked here, a signature say. */
static int hashes_check(const struct fit *fit, int image_node, const struct fit_image *image,
                        struct refusal *refusal)
{
    int node = fdt_first_subnode(fit->blob, image_node);
    const char *name;
    int err;

    if (node < 0)
        return refusal_set(refusal, ERR_INVALID, "has no hash");
    for (; node >= 0; node = fdt_next_subnode(fit->blob, node)) {
        name = fdt_get_name(fit->blob, node, NULL);
        if (!is_hash_name(name))
            return refusal_set(refusal, ERR_INVALID, "node \"%.32s\" is unknown", name);
        err = hash_check(fit, node, image, refusal);
        if (err)
            return err;
    }
    return 0;
}

int fit_image_get(const struct fit *fit, const char *name, const char *type,
                  struct fit_image *image, struct refusal *refusal)
{
    int node = fit_find(fit, fit->images, name);
    int err;

    if (node < 0)
        return refusal_set(refusal, ERR_NOT_FOUND, "is not in /images");
    err = label_check(fit, node, "type", type, refusal);
    if (!err)
        err = label_check(fit, node, "arch", "riscv", refusal);
    if (!err)
        err = label_check(fit, node, "compression", "none", refusal);
    if (!err)
        err = get_data(fit, node, image, refusal);
    if (!err)
        err = hashes_check(fit, node, image, refusal);
    return err;
}
