/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes the guest's device tree down with tree.c. Nodes and properties are those of QEMU's virt
 * board (Devicetree Specification 0.4; the bindings in Linux), so that a payload finds in the VM
 * what it found there. What the harts can do comes from isa.c; the addresses are vm.h's.
 */
#include "vm/guest_dt.h"

#include "lib/format.h"
#include "lib/string.h"
#include "vm/isa.h"
#include "vm/tree.h"
#include "vm/vm.h"

/* Names for the arrow from one node to another; a vCPU's interrupt controller follows. */
#define PHANDLE_PLIC 1U
#define PHANDLE_TEST 2U
#define PHANDLE_CPUS 3U

/* Of the vCPU's interrupt controller: the number of a local interrupt, or none. */
#define CPU_IRQ_EXTERNAL 9U
#define CPU_IRQ_NONE     0xffffffffU

#define TEST_POWEROFF 0x5555
#define TEST_REBOOT   0x7777

static const char plic_compatible[] = "sifive,plic-1.0.0\0riscv,plic0";
static const char test_compatible[] = "sifive,test1\0sifive,test0\0syscon";

/* The vCPUs' abilities, the same for all. */
struct isa {
    char list[ISA_LIST_MAX];
    int list_size;
    char text[ISA_LIST_MAX + 5];
};

static void put_interrupt_controller(struct tree *tree, uint32_t phandle)
{
    tree_put_flag(tree, "interrupt-controller");
    tree_put_u32(tree, "#interrupt-cells", 1);
    tree_put_u32(tree, "#address-cells", 0);
    tree_put_u32(tree, "phandle", phandle);
}

static void put_interrupt(struct tree *tree, uint32_t source)
{
    tree_put_u32(tree, "interrupt-parent", PHANDLE_PLIC);
    tree_put_u32(tree, "interrupts", source);
}

static void write_chosen(struct tree *tree, const struct guest_dt *what)
{
    tree_begin_node(tree, "chosen");
    tree_put_string(tree, "bootargs", what->bootargs);
    tree_put_string(tree, "stdout-path", "/soc/serial@10000000");
    if (what->initrd_end > what->initrd_start) {
        tree_put_u64(tree, "linux,initrd-start", what->initrd_start);
        tree_put_u64(tree, "linux,initrd-end", what->initrd_end);
    }
    tree_put_bytes(tree, "rng-seed", what->rng_seed, sizeof(what->rng_seed));
    tree_end_node(tree);

    tree_begin_node(tree, "aliases");
    tree_put_string(tree, "serial0", "/soc/serial@10000000");
    tree_end_node(tree);
}

static void write_memory(struct tree *tree, const struct guest_dt *what)
{
    tree_begin_node(tree, "memory@80000000");
    tree_put_string(tree, "device_type", "memory");
    tree_put_reg(tree, BOARD_RAM_BASE, what->memory);
    tree_end_node(tree);
}

static const char *mmu_type(const struct caps *caps)
{
    if (caps->sv57)
        return "riscv,sv57";
    return caps->sv48 ? "riscv,sv48" : "riscv,sv39";
}

static void write_isa(struct tree *tree, const struct caps *caps, const struct isa *isa)
{
    tree_put_string(tree, "riscv,isa", isa->text);
    tree_put_string(tree, "riscv,isa-base", "rv64i");
    tree_put_bytes(tree, "riscv,isa-extensions", isa->list, isa->list_size);
    tree_put_string(tree, "mmu-type", mmu_type(caps));
    if (isa_list_has(isa->list, isa->list_size, "zicbom"))
        tree_put_u32(tree, "riscv,cbom-block-size", caps->cbom_block_size);
    if (isa_list_has(isa->list, isa->list_size, "zicboz"))
        tree_put_u32(tree, "riscv,cboz-block-size", caps->cboz_block_size);
}

static void write_cpu(struct tree *tree, uint32_t id, const struct caps *caps,
                      const struct isa *isa)
{
    char name[16];

    format_text(name, sizeof(name), "cpu@%x", id);
    tree_begin_node(tree, name);
    tree_put_string(tree, "device_type", "cpu");
    tree_put_string(tree, "compatible", "riscv");
    tree_put_u32(tree, "reg", id);
    tree_put_string(tree, "status", "okay");
    write_isa(tree, caps, isa);
    tree_begin_node(tree, "interrupt-controller");
    tree_put_string(tree, "compatible", "riscv,cpu-intc");
    put_interrupt_controller(tree, PHANDLE_CPUS + id);
    tree_end_node(tree);
    tree_end_node(tree);
}

static void write_cpus(struct tree *tree, const struct guest_dt *what, const struct isa *isa)
{
    tree_begin_node(tree, "cpus");
    tree_put_cell_counts(tree, 1, 0);
    tree_put_u32(tree, "timebase-frequency", what->caps->timebase);
    for (uint32_t id = 0; id < what->vcpus; id++)
        write_cpu(tree, id, what->caps, isa);
    tree_end_node(tree);
}

/*
 * The position in interrupts-extended is the context's number. The M-mode contexts are listed,
 * wired to nothing: xv6 and others take 2 * hart + 1 for S-mode's without looking.
 */
static void write_plic(struct tree *tree, const struct guest_dt *what)
{
    void *cells;

    tree_begin_node(tree, "plic@c000000");
    tree_put_bytes(tree, "compatible", plic_compatible, sizeof(plic_compatible));
    tree_put_reg(tree, BOARD_PLIC_BASE, VPLIC_SIZE);
    tree_put_u32(tree, "riscv,ndev", VPLIC_SOURCES);
    put_interrupt_controller(tree, PHANDLE_PLIC);
    cells = tree_put_array(tree, "interrupts-extended", 4 * what->vcpus);
    for (uint32_t id = 0; cells && id < what->vcpus; id++) {
        tree_set_cell(cells, 4 * id, PHANDLE_CPUS + id);
        tree_set_cell(cells, 4 * id + 1, CPU_IRQ_NONE);
        tree_set_cell(cells, 4 * id + 2, PHANDLE_CPUS + id);
        tree_set_cell(cells, 4 * id + 3, CPU_IRQ_EXTERNAL);
    }
    tree_end_node(tree);
}

static void write_soc(struct tree *tree, const struct guest_dt *what)
{
    tree_begin_node(tree, "soc");
    tree_put_cell_counts(tree, 2, 2);
    tree_put_string(tree, "compatible", "simple-bus");
    tree_put_flag(tree, "ranges");

    tree_begin_node(tree, "test@100000");
    tree_put_bytes(tree, "compatible", test_compatible, sizeof(test_compatible));
    tree_put_reg(tree, BOARD_TEST_BASE, VTEST_SIZE);
    tree_put_u32(tree, "phandle", PHANDLE_TEST);
    tree_end_node(tree);

    tree_begin_node(tree, "rtc@101000");
    tree_put_string(tree, "compatible", "google,goldfish-rtc");
    tree_put_reg(tree, BOARD_RTC_BASE, VRTC_SIZE);
    put_interrupt(tree, BOARD_RTC_IRQ);
    tree_end_node(tree);

    write_plic(tree, what);

    tree_begin_node(tree, "serial@10000000");
    tree_put_string(tree, "compatible", "ns16550a");
    tree_put_reg(tree, BOARD_UART_BASE, VUART_SIZE);
    put_interrupt(tree, BOARD_UART_IRQ);
    tree_put_u32(tree, "clock-frequency", BOARD_UART_CLOCK);
    tree_end_node(tree);
    tree_end_node(tree);
}

/* A node that names the test device's register and the value that does it. */
static void write_syscon(struct tree *tree, const char *name, const char *compatible,
                         uint32_t value)
{
    tree_begin_node(tree, name);
    tree_put_string(tree, "compatible", compatible);
    tree_put_u32(tree, "regmap", PHANDLE_TEST);
    tree_put_u32(tree, "offset", 0);
    tree_put_u32(tree, "value", value);
    tree_end_node(tree);
}

static void write_root(struct tree *tree, const struct guest_dt *what, const struct isa *isa)
{
    tree_begin_node(tree, "");
    tree_put_cell_counts(tree, 2, 2);
    tree_put_string(tree, "compatible", "riscv-virtio");
    tree_put_string(tree, "model", "understudy,virt");
    write_chosen(tree, what);
    write_memory(tree, what);
    write_cpus(tree, what, isa);
    write_soc(tree, what);
    write_syscon(tree, "poweroff", "syscon-poweroff", TEST_POWEROFF);
    write_syscon(tree, "reboot", "syscon-reboot", TEST_REBOOT);
    tree_end_node(tree);
}

size_t guest_dt_room(uint32_t vcpus, const char *bootargs)
{
    size_t cpu = 2 * ISA_LIST_MAX + 512;

    return 4096 + strlen(bootargs) + vcpus * cpu;
}

int guest_dt_build(void *buffer, size_t size, const struct guest_dt *what)
{
    struct tree tree;
    struct isa isa;

    isa.list_size = isa_guest_extensions(what->caps, isa.list, sizeof(isa.list));
    if (isa.list_size < 0)
        return isa.list_size;
    isa_guest_text(isa.list, isa.list_size, isa.text);
    tree_open(&tree, buffer, size);
    write_root(&tree, what, &isa);
    return tree_close(&tree);
}
