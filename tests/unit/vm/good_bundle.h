/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One good bundle of two VMs, for the tests of fit.c, fit_image.c and bundle.c. A test changes
 * what it is about, by path, and hands the blob over in a block of exactly its size, so that the
 * sanitizer sees a read behind it.
 */
#ifndef GOOD_BUNDLE_H
#define GOOD_BUNDLE_H

#include "lib/crc32.h"
#include "lib/err.h"
#include "lib/sha256.h"
#include "vm/bundle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#define LINUX "/configurations/linux"
#define TINY  "/configurations/tiny"

/* A test that begins with the good bundle. */
#define BUNDLE_TEST(test) cmocka_unit_test_setup_teardown(test, make_good_bundle, drop_blob)

static const char linux_kernel[] = "this stands for a kernel of some size";
static const char ramdisk[] = "and this for a ramdisk";
static const char tiny_kernel[] = "tiny";

static uint8_t work[16384] __attribute__((aligned(8))); /* the tree that a test changes */
static uint8_t *blob;                                   /* what the bundle is read from */
static size_t blob_size;
static struct bundle bundle;
static struct vm_config config;
static struct refusal refusal;

/* Changes to the tree, by path. */

static inline int node_at(const char *path)
{
    int node = fdt_path_offset(work, path);

    if (node < 0)
        fail_msg("no node %s", path);
    return node;
}

static inline void add_node(const char *parent, const char *name)
{
    assert_true(fdt_add_subnode(work, node_at(parent), name) >= 0);
}

static inline void set_bytes(const char *path, const char *name, const void *bytes, size_t size)
{
    assert_int_equal(fdt_setprop(work, node_at(path), name, bytes, size), 0);
}

static inline void set_string(const char *path, const char *name, const char *text)
{
    set_bytes(path, name, text, strlen(text) + 1);
}

static inline void set_u32(const char *path, const char *name, uint32_t value)
{
    assert_int_equal(fdt_setprop_u32(work, node_at(path), name, value), 0);
}

static inline void set_u64(const char *path, const char *name, uint64_t value)
{
    assert_int_equal(fdt_setprop_u64(work, node_at(path), name, value), 0);
}

static inline void remove_property(const char *path, const char *name)
{
    assert_int_equal(fdt_delprop(work, node_at(path), name), 0);
}

static inline void add_crc32(const char *image, const char *node, const void *data, size_t size)
{
    char path[128];

    add_node(image, node);
    snprintf(path, sizeof(path), "%s/%s", image, node);
    set_string(path, "algo", "crc32");
    set_u32(path, "value", crc32_compute(data, size));
}

static inline void add_sha256(const char *image, const char *node, const void *data, size_t size)
{
    uint8_t digest[SHA256_SIZE];
    char path[128];

    add_node(image, node);
    snprintf(path, sizeof(path), "%s/%s", image, node);
    set_string(path, "algo", "sha256");
    sha256_compute(data, size, digest);
    set_bytes(path, "value", digest, sizeof(digest));
}

static inline void add_image(const char *name, const char *type, const void *data, size_t size)
{
    char path[64];

    add_node("/images", name);
    snprintf(path, sizeof(path), "/images/%s", name);
    set_string(path, "description", name);
    set_bytes(path, "data", data, size);
    set_string(path, "type", type);
    set_string(path, "arch", "riscv");
    set_string(path, "compression", "none");
    add_crc32(path, "hash-1", data, size);
}

static inline void add_vm(const char *name, const char *kernel, uint64_t memory, uint32_t vcpus)
{
    char path[64];

    add_node("/configurations", name);
    snprintf(path, sizeof(path), "/configurations/%s", name);
    set_string(path, "kernel", kernel);
    set_u64(path, "memory", memory);
    set_u32(path, "vcpus", vcpus);
}

/* libfdt puts new nodes in front: the last one here is number 0. */
static inline int make_good_bundle(void **state)
{
    (void)state;
    assert_int_equal(fdt_create_empty_tree(work, sizeof(work)), 0);
    add_node("/", "configurations");
    add_node("/", "images");
    add_image("tiny-kernel", "kernel", tiny_kernel, sizeof(tiny_kernel));
    add_image("linux-ramdisk", "ramdisk", ramdisk, sizeof(ramdisk));
    add_image("linux-kernel", "kernel", linux_kernel, sizeof(linux_kernel));
    add_vm("tiny", "tiny-kernel", 4 << 20, 1);
    add_vm("linux", "linux-kernel", 256 << 20, 4);
    set_string(LINUX, "ramdisk", "linux-ramdisk");
    set_string("/configurations", "default", "linux");
    return 0;
}

static inline int drop_blob(void **state)
{
    (void)state;
    free(blob);
    blob = NULL;
    return 0;
}

/* `behind` bytes of external data follow the tree. */
static inline void pack(const void *behind, size_t size)
{
    assert_int_equal(fdt_pack(work), 0);
    drop_blob(NULL);
    blob_size = (fdt_totalsize(work) + 3) / 4 * 4 + size;
    blob = calloc(1, blob_size);
    memcpy(blob, work, fdt_totalsize(work));
    if (size)
        memcpy(blob + blob_size - size, behind, size);
    assert_int_equal(fdt_open_into(work, work, sizeof(work)), 0);
}

static inline void open_good(void)
{
    pack(NULL, 0);
    assert_int_equal(bundle_open(&bundle, blob, blob_size, &refusal), 0);
}

/* VM 0 ("linux") is refused with `text`, and VM 1 is as good as ever. */
static inline void expect_refusal(const char *text)
{
    open_good();
    assert_true(bundle_config(&bundle, 0, &config, &refusal) < 0);
    assert_string_equal(refusal.text, text);
    assert_int_equal(bundle_config(&bundle, 1, &config, &refusal), 0);
    assert_string_equal(config.name, "tiny");
}

static inline void expect_good(void)
{
    open_good();
    assert_int_equal(bundle_config(&bundle, 0, &config, &refusal), 0);
}

#endif
