/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board's record, filled from the device tree. Nothing is assumed that the tree can tell.
 */
#include "platform.h"

#include "drivers/drivers.h"
#include "drivers/virtio_mmio.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/string.h"
#include "riscv/caps.h"
#include "riscv/hart_head.h"
#include "tree.h"

#include <libfdt.h>

#define TREE_DEPTH_MAX 8 /* of a device; real trees have three or four levels */

struct platform platform = {.bootargs = ""};

static const struct driver drivers[] = {
    {"ns16550a", ns16550_init},
    {"ns16550", ns16550_init},
    {"ns16750", ns16550_init},
    {"snps,dw-apb-uart", ns16550_init},
    {"intel,xscale-uart", ns16550_init},
    {"riscv,plic0", plic_init},
    {"sifive,plic-1.0.0", plic_init},
    {"sifive,test0", test_device_init},
    {"google,goldfish-rtc", goldfish_rtc_init},
    {"virtio,mmio", virtio_mmio_init},
};

/* Ranges beyond what the record holds are left out of the memory that we use: safe, if small. */
static void add_range(struct platform_range *list, unsigned *count, uint64_t base, uint64_t size)
{
    if (size != 0 && *count < PLATFORM_REGIONS_MAX)
        list[(*count)++] = (struct platform_range){.base = base, .size = size};
}

static bool add_reserved(uint64_t base, uint64_t size)
{
    add_range(platform.reserved, &platform.reserved_count, base, size);
    return platform.reserved_count < PLATFORM_REGIONS_MAX;
}

/* Memory nodes are children of the root: Devicetree Specification 3.4 (/memory node). */
static void find_memory(const void *fdt)
{
    struct platform_range range;
    int node;

    fdt_for_each_subnode(node, fdt, 0)
    {
        const char *type = fdt_getprop(fdt, node, "device_type", NULL);

        if (!type || strcmp(type, "memory") != 0)
            continue;
        for (unsigned n = 0; tree_reg(fdt, 0, node, n, &range); n++)
            add_range(platform.memory, &platform.memory_count, range.base, range.size);
    }
}

static bool find_reserved(const void *fdt)
{
    int parent = fdt_path_offset(fdt, "/reserved-memory");
    bool all = add_reserved((uint64_t)fdt, platform.fdt_size);
    struct platform_range range;
    int node;

    fdt_for_each_subnode(node, fdt, parent)
    {
        for (unsigned n = 0; tree_reg(fdt, parent, node, n, &range); n++)
            all = all && add_reserved(range.base, range.size);
    }
    for (int i = 0; i < fdt_num_mem_rsv(fdt); i++) {
        if (fdt_get_mem_rsv(fdt, i, &range.base, &range.size) == 0 &&
            range.base + range.size >= range.base)
            all = all && add_reserved(range.base, range.size);
    }
    return all;
}

static void read_chosen(const void *fdt)
{
    int chosen = fdt_path_offset(fdt, "/chosen");
    const char *bootargs = fdt_getprop(fdt, chosen, "bootargs", NULL);
    uint64_t start = tree_number(fdt, chosen, "linux,initrd-start", 0);
    uint64_t end = tree_number(fdt, chosen, "linux,initrd-end", 0);

    if (bootargs)
        platform.bootargs = bootargs;
    if (end > start)
        platform.bundle = (struct platform_range){.base = start, .size = end - start};
    add_reserved(platform.bundle.base, platform.bundle.size);
}

void platform_seed(uint8_t *seed, size_t size)
{
    int length;
    int chosen = fdt_path_offset(platform.fdt, "/chosen");
    const void *given = fdt_getprop(platform.fdt, chosen, "rng-seed", &length);

    if (given)
        memcpy(seed, given, min_u64(size, (uint64_t)length));
}

/* Some boards have harts with H and harts without: what the boot hart lists, the others must. */
static bool is_usable_cpu(const void *fdt, int node)
{
    const char *type = fdt_getprop(fdt, node, "device_type", NULL);

    if (!type || strcmp(type, "cpu") != 0 || !tree_is_okay(fdt, node))
        return false;
    return tree_lists_h(fdt, node) || !tree_lists_h(fdt, tree_cpu(fdt, hart_head()->hartid));
}

static void count_hart(uint64_t hartid)
{
    (void)hartid;
    platform.hart_count++;
}

void platform_harts(void (*visit)(uint64_t hartid))
{
    const void *fdt = platform.fdt;
    struct platform_range reg;
    int cpus = fdt_path_offset(fdt, "/cpus");
    int node;

    fdt_for_each_subnode(node, fdt, cpus)
    {
        if (is_usable_cpu(fdt, node) && tree_reg(fdt, cpus, node, 0, &reg))
            visit(reg.base);
    }
}

/* What the tree says of the boot hart is taken for all. */
static void read_cpu(const void *fdt)
{
    int cpus = fdt_path_offset(fdt, "/cpus");
    int node = tree_cpu(fdt, hart_head()->hartid);
    int length = 0;

    caps.timebase = tree_u32(fdt, cpus, "timebase-frequency", 0);
    caps.isa = fdt_getprop(fdt, node, "riscv,isa", NULL);
    caps.isa_extensions = fdt_getprop(fdt, node, "riscv,isa-extensions", &length);
    caps.isa_extensions_size = caps.isa_extensions ? (size_t)length : 0;
    caps.svinval =
        caps.isa_extensions && fdt_stringlist_contains(caps.isa_extensions, length, "svinval");
    caps.cbom_block_size = tree_u32(fdt, node, "riscv,cbom-block-size", 0);
    caps.cboz_block_size = tree_u32(fdt, node, "riscv,cboz-block-size", 0);
}

static const struct driver *find_driver(const void *fdt, int node)
{
    int length;
    const char *compatible = fdt_getprop(fdt, node, "compatible", &length);

    for (unsigned i = 0; compatible && i < ARRAY_SIZE(drivers); i++) {
        if (fdt_stringlist_contains(compatible, length, drivers[i].compatible))
            return &drivers[i];
    }
    return NULL;
}

static void start_driver(const void *fdt, int parent, int node)
{
    const struct driver *driver = find_driver(fdt, node);
    struct platform_range registers;

    if (driver && tree_is_okay(fdt, node) && tree_reg(fdt, parent, node, 0, &registers) &&
        driver->init(fdt, node, &registers))
        add_range(platform.devices, &platform.device_count, registers.base, registers.size);
}

/* In one walk of the tree: finding a node by its compatible, or its parent, costs a walk each
 * time. parents[d] is the last node seen at depth d. */
static void start_drivers(const void *fdt)
{
    int parents[TREE_DEPTH_MAX] = {0};
    int depth = 0;

    for (int node = fdt_next_node(fdt, 0, &depth); node >= 0 && depth > 0;
         node = fdt_next_node(fdt, node, &depth)) {
        if (depth >= TREE_DEPTH_MAX)
            continue;
        parents[depth] = node;
        start_driver(fdt, parents[depth - 1], node);
    }
}

bool platform_init(const void *fdt, const char **why)
{
    const char *model;

    *why = "the firmware gave no sound device tree";
    if (fdt_check_header(fdt) != 0)
        return false;
    platform.fdt = fdt;
    platform.fdt_size = fdt_totalsize(fdt);
    model = fdt_getprop(fdt, 0, "model", NULL);
    format_text(platform.model, sizeof(platform.model), "%s", model ? model : "unnamed board");
    read_cpu(fdt);
    *why = "the device tree names no timebase-frequency";
    if (caps.timebase == 0)
        return false;
    find_memory(fdt);
    read_chosen(fdt);
    *why = "the device tree reserves more memory ranges than we can note";
    if (!find_reserved(fdt))
        return false;
    platform_harts(count_hart);
    start_drivers(fdt);
    return true;
}
