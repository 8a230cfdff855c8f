/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's device tree, read back with libfdt, with dtc's opinion of it.
 */
#include "vm/guest_dt.h"

#include "lib/err.h"
#include "riscv/csr.h"
#include "vm/bundle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libfdt.h>

static const char extensions[] = "i\0m\0a\0f\0d\0c\0h\0zicbom\0zicboz\0zicsr\0sstc";

/* Long names of which a guest is told all. */
static const char many[] =
    "i\0m\0a\0f\0d\0c\0b\0v\0zic64b\0zicbom\0zicboz\0ziccamoa\0ziccif\0zicclsm\0ziccrse\0"
    "zicntr\0zicond\0zicsr\0zifencei\0zihintntl\0zihintpause\0zimop\0zmmul\0za64rs\0zaamo\0"
    "zabha\0zacas\0zalrsc\0zama16b\0zawrs\0zfa\0zfbfmin\0zfh\0zfhmin\0zca\0zcb\0zcd\0zcmop\0"
    "zba\0zbb\0zbc\0zbkb\0zbkc\0zbkx\0zbs\0zkn\0zknd\0zkne\0zknh\0zks\0zksed\0zksh\0zkt\0ztso\0"
    "zvbb\0zvbc\0zve32f\0zve32x\0zve64d\0zve64f\0zve64x\0zvfbfmin\0zvfbfwma\0zvfh\0zvfhmin\0"
    "zvkb\0zvkg\0zvkn\0zvknc\0zvkned\0zvkng\0zvknha\0zvknhb\0zvks\0zvksc\0zvksed\0zvksg\0"
    "zvksh\0zvkt\0sstc\0svade\0svinval\0svnapot\0svvptc";

static struct caps host;
static struct guest_dt what;
static void *tree;
static int tree_size;

static int make_machine(void **state)
{
    (void)state;
    host = (struct caps){
        .isa_extensions = extensions,
        .isa_extensions_size = sizeof(extensions),
        .henvcfg_mask = HENVCFG_CBZE | HENVCFG_CBCFE | HENVCFG_CBIE,
        .cbom_block_size = 64,
        .cboz_block_size = 128,
        .sstc = true,
        .sv48 = true,
        .timebase = 10000000,
    };
    what = (struct guest_dt){
        .caps = &host,
        .memory = 0x123456000,
        .vcpus = 3,
        .bootargs = "console=ttyS0 quiet",
        .initrd_start = 0x83000000,
        .initrd_end = 0x83001234,
    };
    for (unsigned i = 0; i < GUEST_DT_SEED_BYTES; i++)
        what.rng_seed[i] = 3 * i + 1;
    return 0;
}

static int drop_tree(void **state)
{
    (void)state;
    free(tree);
    tree = NULL;
    return 0;
}

static void build(void)
{
    size_t room = guest_dt_room(what.vcpus, what.bootargs);

    drop_tree(NULL);
    tree = malloc(room);
    tree_size = guest_dt_build(tree, room, &what);
    assert_true(tree_size > 0);
    assert_int_equal(fdt_check_full(tree, tree_size), 0);
    assert_int_equal(fdt_totalsize(tree), tree_size);
}

static const void *get(const char *path, const char *name, int *size)
{
    int node = fdt_path_offset(tree, path);

    if (node < 0)
        fail_msg("no node %s", path);
    return fdt_getprop(tree, node, name, size);
}

static void check_bytes(const char *path, const char *name, const void *bytes, int size)
{
    int found;
    const void *value = get(path, name, &found);

    assert_non_null(value);
    assert_int_equal(found, size);
    assert_memory_equal(value, bytes, size);
}

static void check_string(const char *path, const char *name, const char *text)
{
    check_bytes(path, name, text, strlen(text) + 1);
}

static void check_u32(const char *path, const char *name, uint32_t number)
{
    fdt32_t cell = cpu_to_fdt32(number);

    check_bytes(path, name, &cell, sizeof(cell));
}

static void check_u64(const char *path, const char *name, uint64_t number)
{
    fdt64_t cells = cpu_to_fdt64(number);

    check_bytes(path, name, &cells, sizeof(cells));
}

static void check_reg(const char *path, uint64_t base, uint64_t size)
{
    fdt64_t reg[] = {cpu_to_fdt64(base), cpu_to_fdt64(size)};

    check_bytes(path, "reg", reg, sizeof(reg));
}

static void check_none(const char *path, const char *name)
{
    int size;

    assert_null(get(path, name, &size));
}

static uint32_t phandle(const char *path)
{
    return fdt_get_phandle(tree, fdt_path_offset(tree, path));
}

static void the_root_is_a_virt_board(void **state)
{
    (void)state;
    build();
    check_string("/", "compatible", "riscv-virtio");
    check_string("/", "model", "understudy,virt");
    check_u32("/", "#address-cells", 2);
    check_u32("/", "#size-cells", 2);
    check_string("/memory@80000000", "device_type", "memory");
    check_reg("/memory@80000000", 0x80000000, 0x123456000);
    check_string("/aliases", "serial0", "/soc/serial@10000000");
}

static void what_the_boot_loader_chose(void **state)
{
    (void)state;
    build();
    check_string("/chosen", "bootargs", "console=ttyS0 quiet");
    check_string("/chosen", "stdout-path", "/soc/serial@10000000");
    check_u64("/chosen", "linux,initrd-start", 0x83000000);
    check_u64("/chosen", "linux,initrd-end", 0x83001234);
    check_bytes("/chosen", "rng-seed", what.rng_seed, 64);
    what.initrd_end = what.initrd_start;
    what.bootargs = "";
    build();
    check_none("/chosen", "linux,initrd-start");
    check_none("/chosen", "linux,initrd-end");
    check_string("/chosen", "bootargs", "");
}

static void every_vcpu_has_a_node(void **state)
{
    static const char list[] = "i\0m\0a\0f\0d\0c\0zicbom\0zicboz\0zicsr\0sstc";
    char path[64];

    (void)state;
    what.vcpus = 11;
    build();
    check_u32("/cpus", "timebase-frequency", 10000000);
    check_u32("/cpus", "#address-cells", 1);
    check_u32("/cpus", "#size-cells", 0);
    for (uint32_t id = 0; id < 11; id++) {
        snprintf(path, sizeof(path), "/cpus/cpu@%x", id);
        check_string(path, "device_type", "cpu");
        check_string(path, "compatible", "riscv");
        check_string(path, "status", "okay");
        check_u32(path, "reg", id);
        check_string(path, "riscv,isa", "rv64imafdc_zicbom_zicboz_zicsr_sstc");
        check_string(path, "riscv,isa-base", "rv64i");
        check_bytes(path, "riscv,isa-extensions", list, sizeof(list));
        check_string(path, "mmu-type", "riscv,sv48");
        check_u32(path, "riscv,cbom-block-size", 64);
        check_u32(path, "riscv,cboz-block-size", 128);
        snprintf(path, sizeof(path), "/cpus/cpu@%x/interrupt-controller", id);
        check_string(path, "compatible", "riscv,cpu-intc");
        check_u32(path, "#interrupt-cells", 1);
        check_bytes(path, "interrupt-controller", "", 0);
    }
    assert_true(fdt_path_offset(tree, "/cpus/cpu@b") < 0);
}

static void what_is_not_granted_is_not_told(void **state)
{
    (void)state;
    host.henvcfg_mask = 0;
    host.sv48 = false;
    build();
    check_none("/cpus/cpu@0", "riscv,cbom-block-size");
    check_none("/cpus/cpu@0", "riscv,cboz-block-size");
    check_string("/cpus/cpu@0", "mmu-type", "riscv,sv39");
    host.sv57 = true;
    host.sv48 = true;
    build();
    check_string("/cpus/cpu@0", "mmu-type", "riscv,sv57");
}

static void the_plic_knows_every_vcpu(void **state)
{
    static const char compatible[] = "sifive,plic-1.0.0\0riscv,plic0";
    const fdt32_t *cells;
    char path[64];
    int size;

    (void)state;
    build();
    check_bytes("/soc/plic@c000000", "compatible", compatible, sizeof(compatible));
    check_reg("/soc/plic@c000000", 0xc000000, 0x600000);
    check_u32("/soc/plic@c000000", "riscv,ndev", 95);
    check_u32("/soc/plic@c000000", "#interrupt-cells", 1);
    check_u32("/soc/plic@c000000", "#address-cells", 0);
    check_bytes("/soc/plic@c000000", "interrupt-controller", "", 0);
    cells = get("/soc/plic@c000000", "interrupts-extended", &size);
    assert_int_equal(size, 3 * 16);
    for (int id = 0; id < 3; id++) {
        snprintf(path, sizeof(path), "/cpus/cpu@%x/interrupt-controller", id);
        assert_int_equal(fdt32_to_cpu(cells[4 * id]), phandle(path));
        assert_int_equal(fdt32_to_cpu(cells[4 * id + 1]), 0xffffffff);
        assert_int_equal(fdt32_to_cpu(cells[4 * id + 2]), phandle(path));
        assert_int_equal(fdt32_to_cpu(cells[4 * id + 3]), 9);
    }
}

static void the_devices_are_where_they_are_on_virt(void **state)
{
    static const char test[] = "sifive,test1\0sifive,test0\0syscon";
    uint32_t plic;

    (void)state;
    build();
    plic = phandle("/soc/plic@c000000");
    check_string("/soc", "compatible", "simple-bus");
    check_bytes("/soc", "ranges", "", 0);
    check_string("/soc/serial@10000000", "compatible", "ns16550a");
    check_reg("/soc/serial@10000000", 0x10000000, 0x100);
    check_u32("/soc/serial@10000000", "interrupts", 10);
    check_u32("/soc/serial@10000000", "interrupt-parent", plic);
    check_u32("/soc/serial@10000000", "clock-frequency", 3686400);
    check_string("/soc/rtc@101000", "compatible", "google,goldfish-rtc");
    check_reg("/soc/rtc@101000", 0x101000, 0x1000);
    check_u32("/soc/rtc@101000", "interrupts", 11);
    check_u32("/soc/rtc@101000", "interrupt-parent", plic);
    check_bytes("/soc/test@100000", "compatible", test, sizeof(test));
    check_reg("/soc/test@100000", 0x100000, 0x1000);
    check_string("/poweroff", "compatible", "syscon-poweroff");
    check_u32("/poweroff", "regmap", phandle("/soc/test@100000"));
    check_u32("/poweroff", "offset", 0);
    check_u32("/poweroff", "value", 0x5555);
    check_string("/reboot", "compatible", "syscon-reboot");
    check_u32("/reboot", "regmap", phandle("/soc/test@100000"));
    check_u32("/reboot", "value", 0x7777);
}

static void the_room_is_always_enough(void **state)
{
    char *bootargs = malloc(5001);

    (void)state;
    memset(bootargs, 'b', 5000);
    bootargs[5000] = '\0';
    what.bootargs = bootargs;
    what.vcpus = BUNDLE_VCPUS_MAX;
    host.isa_extensions = many;
    host.isa_extensions_size = sizeof(many);
    host.v = true;
    build();
    check_u32("/cpus/cpu@1ff", "reg", 511);
    free(bootargs);
}

static void a_small_buffer_is_not_passed(void **state)
{
    int needed;

    (void)state;
    build();
    needed = tree_size;
    for (int size = 0; size < needed; size += 4) {
        void *buffer = malloc(size + 1);

        assert_int_equal(guest_dt_build(buffer, size, &what), ERR_NO_MEMORY);
        free(buffer);
    }
}

/* dtc checks what libfdt does not: that references, cells and unit addresses agree. */
static void dtc_has_no_complaint(void **state)
{
    char name[] = "/tmp/guest_dt_XXXXXX";
    char command[128];
    char output[512] = "";
    int fd = mkstemp(name);
    FILE *dtc;

    (void)state;
    if (system("command -v dtc > /dev/null") != 0)
        skip();
    build();
    assert_int_equal(write(fd, tree, tree_size), tree_size);
    close(fd);
    snprintf(command, sizeof(command), "dtc -I dtb -O dts -o /dev/null %s 2>&1", name);
    dtc = popen(command, "r");
    assert_non_null(dtc);
    assert_int_equal(fread(output, 1, sizeof(output) - 1, dtc), 0);
    assert_string_equal(output, "");
    assert_int_equal(pclose(dtc), 0);
    unlink(name);
}

#define DT_TEST(test) cmocka_unit_test_setup_teardown(test, make_machine, drop_tree)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DT_TEST(the_root_is_a_virt_board),  DT_TEST(what_the_boot_loader_chose),
        DT_TEST(every_vcpu_has_a_node),     DT_TEST(what_is_not_granted_is_not_told),
        DT_TEST(the_plic_knows_every_vcpu), DT_TEST(the_devices_are_where_they_are_on_virt),
        DT_TEST(the_room_is_always_enough), DT_TEST(a_small_buffer_is_not_passed),
        DT_TEST(dtc_has_no_complaint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
