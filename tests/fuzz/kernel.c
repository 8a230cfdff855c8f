/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: a kernel file from anybody, Image, ELF or raw, in a VM of some size with a ramdisk
 * and a device tree of some size. Claimed: a refusal has a reason; a plan lies in the VM's memory
 * and its parts do not overlap; copying reads the file and writes the plan's parts, nothing else.
 * Guest memory is a book of what was written where.
 */
#include "fuzz/fuzz.h"
#include "lib/bits.h"
#include "lib/err.h"
#include "mem/guest_mem.h"
#include "vm/bundle.h"
#include "vm/loader.h"

#define FDT_SIZE    100
#define RAMDISK_MAX 256

static struct loader_plan plan;
static struct vm_config config;
static uint64_t written;

static bool is_planned(gpa_t gpa, uint64_t size)
{
    return range_within(gpa, size, plan.kernel.start, plan.kernel.size) ||
           range_within(gpa, size, plan.fdt, plan.fdt_room) ||
           range_within(gpa, size, plan.ramdisk, config.ramdisk_size);
}

int guest_mem_write(const struct gstage *gstage, gpa_t gpa, const void *from, size_t size)
{
    static uint8_t first, last;
    const uint8_t *bytes = from;

    (void)gstage;
    if (size == 0)
        return 0;
    fuzz_claim(is_planned(gpa, size));
    first = bytes[0]; /* the sanitizer knows where the file ends */
    last = bytes[size - 1];
    (void)first;
    (void)last;
    written += size;
    return 0;
}

int guest_mem_clear(const struct gstage *gstage, gpa_t gpa, size_t size)
{
    (void)gstage;
    fuzz_claim(size == 0 || is_planned(gpa, size));
    written += size;
    return 0;
}

static bool overlaps(gpa_t a, uint64_t a_size, gpa_t b, uint64_t b_size)
{
    return a_size > 0 && b_size > 0 && a < b + b_size && b < a + a_size;
}

static void check_part(gpa_t start, uint64_t size)
{
    fuzz_claim(range_within(start, size, BOARD_RAM_BASE, config.memory));
}

static void check_plan(uint64_t fdt_room)
{
    const struct kernel *kernel = &plan.kernel;

    fuzz_claim(plan.fdt_room == fdt_room);
    check_part(kernel->start, kernel->size);
    check_part(plan.fdt, plan.fdt_room);
    fuzz_claim(kernel->size > 0 && range_within(kernel->entry, 1, kernel->start, kernel->size));
    fuzz_claim(!overlaps(kernel->start, kernel->size, plan.fdt, plan.fdt_room));
    if (config.ramdisk) {
        check_part(plan.ramdisk, config.ramdisk_size);
        fuzz_claim(!overlaps(kernel->start, kernel->size, plan.ramdisk, config.ramdisk_size));
        fuzz_claim(!overlaps(plan.fdt, plan.fdt_room, plan.ramdisk, config.ramdisk_size));
    }
}

/* What elf_copy may be made to do is bounded: each byte of the VM once. */
static void check_copy(uint64_t fdt_room)
{
    static const uint8_t fdt[FDT_SIZE];

    written = 0;
    fuzz_claim(loader_copy(&config, &plan, NULL, fdt, FDT_SIZE) == 0);
    fuzz_claim(written <= config.memory + config.ramdisk_size + FDT_SIZE);
    fuzz_claim(loader_copy(&config, &plan, NULL, fdt, fdt_room + 1) == ERR_RANGE);
}

/* As bundle_config lets them through. Only a small ramdisk is really there. */
static void take_config(struct fuzz *fuzz)
{
    static const uint8_t ramdisk[RAMDISK_MAX];
    uint64_t bits = fuzz_take(fuzz, 1);
    uint64_t pages = bits & 1 ? fuzz_take(fuzz, 1) : fuzz_take(fuzz, 3);

    config = (struct vm_config){
        .name = "a",
        .memory = BUNDLE_MEMORY_MIN + pages * PAGE_SIZE,
        .vcpus = 1,
        .weight = 1,
        .bootargs = "",
        .kernel_is_raw = (bits & 14) == 2,
    };
    if (bits & 16) {
        config.ramdisk = ramdisk;
        config.ramdisk_size = 1 + (bits & 32 ? fuzz_take(fuzz, 4) : fuzz_take(fuzz, 1));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    struct refusal refusal = {0};
    uint64_t fdt_room;
    uint8_t *file;
    int err;

    take_config(&fuzz);
    fdt_room = FDT_SIZE + fuzz_take(&fuzz, 2);
    if (fuzz.left == 0)
        return 0;
    file = malloc(fuzz.left);
    memcpy(file, fuzz.data, fuzz.left);
    config.kernel = file;
    config.kernel_size = fuzz.left;
    memset(&plan, 0xff, sizeof(plan));
    err = loader_plan(&config, fdt_room, &plan, &refusal);
    fuzz_claim(!err || (err < 0 && refusal.text[0]));
    if (!err)
        check_plan(fdt_room);
    if (!err && config.ramdisk_size <= RAMDISK_MAX)
        check_copy(fdt_room);
    free(file);
    return 0;
}
