/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real PLIC, as far as one hart needs it: all devices that we use interrupt the boot hart.
 * PLIC 3 (Memory Map).
 */
#include "drivers.h"

#include "riscv/cause.h"
#include "riscv/hart_head.h"
#include "tree.h"

#include <libfdt.h>

#define PRIORITY(irq)      (4UL * (irq))
#define ENABLE(context)    (0x2000UL + 0x80UL * (context))
#define THRESHOLD(context) (0x200000UL + 0x1000UL * (context))
#define CLAIM(context)     (THRESHOLD(context) + 4)

static uint64_t base;
static uint64_t context; /* of the boot hart's S-mode */

/* The hartid of the processor whose interrupt controller has this phandle. */
static bool hart_of_phandle(const void *fdt, uint32_t phandle, uint64_t *hartid)
{
    int controller = fdt_node_offset_by_phandle(fdt, phandle);
    int cpu = fdt_parent_offset(fdt, controller);
    struct platform_range reg;

    if (cpu < 0 || !tree_reg(fdt, fdt_parent_offset(fdt, cpu), cpu, 0, &reg))
        return false;
    *hartid = reg.base;
    return true;
}

/* A context is a position in interrupts-extended; S-mode's are those with interrupt 9. */
static bool find_context(const void *fdt, int node)
{
    int length;
    const fdt32_t *cell = fdt_getprop(fdt, node, "interrupts-extended", &length);
    uint64_t hartid;

    for (uint64_t i = 0; cell && i < (uint64_t)length / 8; i++, cell += 2) {
        if (fdt32_to_cpu(cell[1]) != INTERRUPT_SEI)
            continue;
        if (hart_of_phandle(fdt, fdt32_to_cpu(cell[0]), &hartid) && hartid == hart_head()->hartid) {
            context = i;
            return true;
        }
    }
    return false;
}

bool plic_init(const void *fdt, int node, const struct platform_range *registers)
{
    if (plic_is_there() || !find_context(fdt, node))
        return false;
    base = registers->base;
    for (uint32_t irq = 0; irq <= tree_u32(fdt, node, "riscv,ndev", 0); irq += 32)
        mmio_write32(base + ENABLE(context) + irq / 32 * 4UL, 0);
    mmio_write32(base + THRESHOLD(context), 0);
    return true;
}

bool plic_is_there(void)
{
    return base != 0;
}

void plic_enable(uint32_t irq)
{
    uint64_t word = base + ENABLE(context) + 4UL * (irq / 32);

    mmio_write32(base + PRIORITY(irq), 1);
    mmio_write32(word, mmio_read32(word) | (uint32_t)1 << irq % 32);
}

uint32_t plic_claim(void)
{
    return mmio_read32(base + CLAIM(context));
}

void plic_complete(uint32_t irq)
{
    mmio_write32(base + CLAIM(context), irq);
}
