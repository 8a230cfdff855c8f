/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions to a device tree, on top of libfdt. The tree comes from the firmware and was checked
 * by platform_init.
 */
#include "tree.h"

#include "lib/string.h"

#include <libfdt.h>

/* The number that `cells` cells at `cell` make; cells is 0, 1 or 2. */
static uint64_t read_cells(const fdt32_t *cell, int cells)
{
    uint64_t value = 0;

    for (int i = 0; i < cells; i++)
        value = value << 32 | fdt32_to_cpu(cell[i]);
    return value;
}

bool tree_reg(const void *fdt, int parent, int node, unsigned n, struct platform_range *range)
{
    int address_cells = fdt_address_cells(fdt, parent);
    int size_cells = fdt_size_cells(fdt, parent);
    uint64_t cells;
    int length;
    const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &length);

    if (!reg || address_cells < 1 || address_cells > 2 || size_cells < 0 || size_cells > 2)
        return false;
    cells = (uint64_t)address_cells + (uint64_t)size_cells;
    if ((uint64_t)length < (n + 1UL) * cells * sizeof(*reg))
        return false;
    reg += n * cells;
    range->base = read_cells(reg, address_cells);
    range->size = read_cells(reg + address_cells, size_cells);
    return range->base + range->size >= range->base;
}

uint64_t tree_number(const void *fdt, int node, const char *name, uint64_t otherwise)
{
    int length;
    const fdt32_t *cell = fdt_getprop(fdt, node, name, &length);

    if (!cell || (length != 4 && length != 8))
        return otherwise;
    return read_cells(cell, length / 4);
}

uint32_t tree_u32(const void *fdt, int node, const char *name, uint32_t otherwise)
{
    return (uint32_t)tree_number(fdt, node, name, otherwise);
}

bool tree_is_okay(const void *fdt, int node)
{
    const char *status = fdt_getprop(fdt, node, "status", NULL);

    return !status || strcmp(status, "okay") == 0 || strcmp(status, "ok") == 0;
}

int tree_cpu(const void *fdt, uint64_t hartid)
{
    struct platform_range reg;
    int cpus = fdt_path_offset(fdt, "/cpus");
    int node;

    fdt_for_each_subnode(node, fdt, cpus)
    {
        const char *type = fdt_getprop(fdt, node, "device_type", NULL);

        if (type && strcmp(type, "cpu") == 0 && tree_reg(fdt, cpus, node, 0, &reg) &&
            reg.base == hartid)
            return node;
    }
    return -FDT_ERR_NOTFOUND;
}

/* The path, or an alias, ends at a colon; what follows are the line's settings. */
int tree_stdout(const void *fdt)
{
    const char *path = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "stdout-path", NULL);
    int length = 0;

    if (!path)
        return -FDT_ERR_NOTFOUND;
    while (path[length] != '\0' && path[length] != ':')
        length++;
    return fdt_path_offset_namelen(fdt, path, length);
}

/* In "riscv,isa" single letters come first: rv64imafdch_zicsr... */
static bool isa_lists_h(const char *isa)
{
    for (isa += strnlen(isa, 4); *isa != '\0' && *isa != '_'; isa++) {
        if (*isa == 'h')
            return true;
    }
    return false;
}

bool tree_lists_h(const void *fdt, int node)
{
    int length;
    const char *list = fdt_getprop(fdt, node, "riscv,isa-extensions", &length);
    const char *isa = fdt_getprop(fdt, node, "riscv,isa", NULL);

    if (list)
        return fdt_stringlist_contains(list, length, "h");
    return isa && isa_lists_h(isa);
}
