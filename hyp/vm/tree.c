/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pencil of guest_dt.c: libfdt's sequential calls behind one sticky error, so that a tree
 * can be written down line after line. Big-endian cells are made here and nowhere else.
 */
#include "vm/tree.h"

#include "lib/bits.h"
#include "lib/err.h"
#include "lib/string.h"

#include <libfdt.h>

void tree_open(struct tree *tree, void *buffer, size_t size)
{
    tree->blob = buffer;
    tree->err = fdt_create(buffer, (int)min_u64(size, INT32_MAX));
    if (!tree->err)
        tree->err = fdt_finish_reservemap(buffer);
}

int tree_close(struct tree *tree)
{
    if (!tree->err)
        tree->err = fdt_finish(tree->blob);
    return tree->err ? ERR_NO_MEMORY : (int)fdt_totalsize(tree->blob);
}

void tree_begin_node(struct tree *tree, const char *name)
{
    if (!tree->err)
        tree->err = fdt_begin_node(tree->blob, name);
}

void tree_end_node(struct tree *tree)
{
    if (!tree->err)
        tree->err = fdt_end_node(tree->blob);
}

void tree_put_bytes(struct tree *tree, const char *name, const void *bytes, size_t size)
{
    if (!tree->err)
        tree->err = fdt_property(tree->blob, name, bytes, (int)size);
}

void tree_put_string(struct tree *tree, const char *name, const char *text)
{
    tree_put_bytes(tree, name, text, strlen(text) + 1);
}

void tree_put_flag(struct tree *tree, const char *name)
{
    tree_put_bytes(tree, name, NULL, 0);
}

void tree_put_u32(struct tree *tree, const char *name, uint32_t value)
{
    if (!tree->err)
        tree->err = fdt_property_u32(tree->blob, name, value);
}

void tree_put_u64(struct tree *tree, const char *name, uint64_t value)
{
    if (!tree->err)
        tree->err = fdt_property_u64(tree->blob, name, value);
}

void tree_put_reg(struct tree *tree, uint64_t base, uint64_t size)
{
    const fdt64_t reg[] = {cpu_to_fdt64(base), cpu_to_fdt64(size)};

    tree_put_bytes(tree, "reg", reg, sizeof(reg));
}

void tree_put_cell_counts(struct tree *tree, uint32_t address_cells, uint32_t size_cells)
{
    tree_put_u32(tree, "#address-cells", address_cells);
    tree_put_u32(tree, "#size-cells", size_cells);
}

void *tree_put_array(struct tree *tree, const char *name, unsigned count)
{
    int size = (int)(count * sizeof(fdt32_t));
    void *cells = NULL;

    if (!tree->err)
        tree->err = fdt_property_placeholder(tree->blob, name, size, &cells);
    return cells;
}

void tree_set_cell(void *array, unsigned index, uint32_t value)
{
    fdt32_st((fdt32_t *)array + index, value);
}
