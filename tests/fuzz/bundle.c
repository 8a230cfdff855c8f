/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: a bundle from anybody. Claimed: what is refused has a reason that can be printed
 * and names its node; what is accepted is in its ranges and points into the bundle, whose bytes
 * its hashes cover; and a plan for its memory keeps to it.
 */
#include "vm/bundle.h"
#include "fuzz/fuzz.h"
#include "lib/crc32.h"
#include "lib/err.h"
#include "vm/loader.h"

#include <libfdt.h>

#define CONFIGS_READ 16 /* of one bundle; more would only be slow */

static const uint8_t *blob;
static size_t blob_size;

static bool is_inside(const void *start, uint64_t size)
{
    uint64_t offset = (uint64_t)((uintptr_t)start - (uintptr_t)blob);

    return offset <= blob_size && size <= blob_size - offset;
}

static void check_refusal(int err, const struct refusal *refusal)
{
    size_t length = strnlen(refusal->text, sizeof(refusal->text));

    fuzz_claim(err < 0);
    fuzz_claim(length > 0 && length < sizeof(refusal->text));
    for (size_t i = 0; i < length; i++)
        fuzz_claim(refusal->text[i] >= ' ' && refusal->text[i] <= '~');
}

static void check_config(const struct vm_config *config)
{
    size_t name = strnlen(config->name, VM_NAME_MAX + 1);
    size_t bootargs = strnlen(config->bootargs, VM_BOOTARGS_MAX + 1);

    fuzz_claim(name >= 1 && name <= VM_NAME_MAX);
    fuzz_claim(bootargs <= VM_BOOTARGS_MAX);
    fuzz_claim(bootargs == 0 || is_inside(config->bootargs, bootargs + 1));
    fuzz_claim(config->memory >= BUNDLE_MEMORY_MIN && config->memory % PAGE_SIZE == 0);
    fuzz_claim(config->vcpus >= 1 && config->vcpus <= BUNDLE_VCPUS_MAX);
    fuzz_claim(config->weight >= 1 && config->weight <= 1000);
    fuzz_claim(config->kernel_size > 0 && is_inside(config->kernel, config->kernel_size));
    fuzz_claim(!config->ramdisk || is_inside(config->ramdisk, config->ramdisk_size));
    fuzz_claim(config->ramdisk || config->ramdisk_size == 0);
}

static void check_plan(const struct vm_config *config)
{
    struct loader_plan plan;
    struct refusal refusal = {0};
    int err = loader_plan(config, 8192, &plan, &refusal);

    if (err)
        check_refusal(err, &refusal);
    else
        fuzz_claim(plan.fdt >= BOARD_RAM_BASE &&
                   plan.fdt + plan.fdt_room <= BOARD_RAM_BASE + config->memory);
}

/* Reading a VM twice gives the same, and one VM has no influence on the next. */
static void read_config(const struct bundle *bundle, unsigned index)
{
    struct vm_config config, again;
    struct refusal refusal = {0}, refusal_again = {0};
    int err = bundle_config(bundle, index, &config, &refusal);

    fuzz_claim(bundle_config(bundle, index, &again, &refusal_again) == err);
    if (err) {
        check_refusal(err, &refusal);
        fuzz_claim(strncmp(refusal.text, "/configurations/", 16) == 0);
        fuzz_claim(strcmp(refusal.text, refusal_again.text) == 0);
        return;
    }
    fuzz_claim(again.kernel == config.kernel && again.memory == config.memory);
    check_config(&config);
    check_plan(&config);
}

/* In a block of its own size, so that a read behind it is found. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    struct bundle bundle;
    struct refusal refusal = {0};
    int err;

    memcpy(copy, data, size);
    blob = copy;
    blob_size = size;
    err = bundle_open(&bundle, blob, size, &refusal);
    if (err)
        check_refusal(err, &refusal);
    else
        fuzz_claim(bundle_count(&bundle) >= 1 && bundle_count(&bundle) <= BUNDLE_CONFIGS_MAX);
    for (unsigned i = 0; !err && i < bundle_count(&bundle) && i < CONFIGS_READ; i++)
        read_config(&bundle, i);
    free(copy);
    return 0;
}

/* Damage under a hash is found by the hash. So that what lies behind it is reached too, every
 * other mutation has its CRC-32 put right. */
static void mend_hash(void *tree, int image)
{
    int length = 0, node = fdt_first_subnode(tree, image);
    const void *bytes = fdt_getprop(tree, image, "data", &length);

    if (bytes && node >= 0)
        fdt_setprop_inplace_u32(tree, node, "value", crc32_compute(bytes, (uint64_t)length));
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, max_size);
    if (seed % 2 == 0 && ((uintptr_t)data & 7) == 0 && fdt_check_full(data, size) == 0) {
        int images = fdt_path_offset(data, "/images"), image;

        if (images >= 0)
            fdt_for_each_subnode(image, data, images) mend_hash(data, image);
    }
    return size;
}
