/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernels of one piece: Image headers that are right, odd and hostile, and raw files.
 */
#include "vm/kernel.h"

#include "guest_ram.h"

#define FILE_SIZE 10000

struct image {
    uint32_t code[2];
    uint64_t text_offset, image_size, flags;
    uint32_t version, reserved1;
    uint64_t reserved2;
    char magic_old[8];
    char magic[4];
    uint32_t reserved3;
    uint8_t rest[FILE_SIZE - 64];
};

static struct image image;
static struct vm_config config;
static struct kernel kernel;
static struct refusal refusal;

static int make_image(void **state)
{
    (void)state;
    memset(&image, 0x11, sizeof(image));
    image.text_offset = 0x200000;
    image.image_size = 40000;
    image.flags = 0;
    memcpy(image.magic, "RSC\x05", 4);
    config = (struct vm_config){
        .memory = 8 * MIB,
        .kernel = (const uint8_t *)&image,
        .kernel_size = sizeof(image),
    };
    return 0;
}

static void expect_refusal(int err, const char *text)
{
    assert_int_equal(kernel_plan(&config, &kernel, &refusal), err);
    assert_string_equal(refusal.text, text);
}

static void expect_place(gpa_t start, uint64_t size)
{
    assert_int_equal(kernel_plan(&config, &kernel, &refusal), 0);
    assert_int_equal(kernel.start, start);
    assert_int_equal(kernel.entry, start);
    assert_int_equal(kernel.size, size);
}

static void an_image_goes_where_its_header_says(void **state)
{
    (void)state;
    expect_place(0x80200000, 40000);
    assert_int_equal(kernel.kind, KERNEL_IMAGE);
    image.text_offset = 0x400000;
    expect_place(0x80400000, 40000);
    image.text_offset = 0;
    expect_place(0x80200000, 40000);
}

static void an_image_is_at_least_its_file(void **state)
{
    (void)state;
    image.image_size = 0;
    expect_place(0x80200000, FILE_SIZE);
    image.image_size = FILE_SIZE - 1;
    expect_place(0x80200000, FILE_SIZE);
}

static void the_bss_of_an_image_is_cleared(void **state)
{
    (void)state;
    make_ram(config.memory);
    expect_place(0x80200000, 40000);
    assert_int_equal(kernel_copy(&config, &kernel, NULL), 0);
    assert_true(ram_is(0x80000000, 0x200000, GARBAGE));
    assert_memory_equal(ram_at(0x80200000), &image, FILE_SIZE);
    assert_true(ram_is(0x80200000 + FILE_SIZE, 40000 - FILE_SIZE, 0));
    assert_true(ram_is(0x80200000 + 40000, 8 * MIB - 0x200000 - 40000, GARBAGE));
}

static void memory_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    expect_place(0x80200000, 40000);
    make_ram(1 * MIB);
    assert_int_equal(kernel_copy(&config, &kernel, NULL), ERR_RANGE);
    make_ram(2 * MIB + FILE_SIZE);
    assert_int_equal(kernel_copy(&config, &kernel, NULL), ERR_RANGE);
}

static void hostile_images_are_refused(void **state)
{
    (void)state;
    image.text_offset = 0x200004;
    expect_refusal(ERR_INVALID, "kernel's text_offset (0x200004) is inside a page");
    image.text_offset = 8 * MIB;
    expect_refusal(ERR_RANGE, "kernel (40000 bytes, 0x800000 behind the start of RAM) passes the "
                              "VM's memory (8388608 bytes)");
    image.text_offset = UINT64_MAX & ~0xfffUL;
    expect_refusal(ERR_RANGE, "kernel (40000 bytes, 0xfffffffffffff000 behind the start of RAM) "
                              "passes the VM's memory (8388608 bytes)");
    image.image_size = UINT64_MAX;
    expect_refusal(ERR_RANGE, "kernel (18446744073709551615 bytes) is larger than the VM's memory "
                              "(8388608 bytes)");
    image.flags = 1;
    expect_refusal(ERR_INVALID, "kernel is a big-endian Image");
}

static void a_kernel_larger_than_memory_is_refused(void **state)
{
    (void)state;
    image.image_size = 0;
    config.memory = 8192;
    expect_refusal(ERR_RANGE, "kernel (10000 bytes) is larger than the VM's memory (8192 bytes)");
    config.kernel_is_raw = true;
    expect_refusal(ERR_RANGE, "kernel (10000 bytes) is larger than the VM's memory (8192 bytes)");
}

static void a_raw_kernel_goes_to_the_usual_place(void **state)
{
    (void)state;
    config.kernel_is_raw = true;
    make_ram(config.memory);
    expect_place(0x80200000, FILE_SIZE);
    assert_int_equal(kernel.kind, KERNEL_RAW);
    assert_int_equal(kernel_copy(&config, &kernel, NULL), 0);
    assert_memory_equal(ram_at(0x80200000), &image, FILE_SIZE);
    assert_true(ram_is(0x80200000 + FILE_SIZE, 4096, GARBAGE));
    config.kernel_size = 1;
    expect_place(0x80200000, 1);
}

static void anything_else_is_no_kernel(void **state)
{
    const char *text = "kernel is no kernel: neither Image nor ELF, and format is not raw";

    (void)state;
    config.kernel_size = 63;
    expect_refusal(ERR_INVALID, text);
    config.kernel_size = 1;
    expect_refusal(ERR_INVALID, text);
    config.kernel_size = sizeof(image);
    memcpy(image.magic, "ARM\x64", 4);
    expect_refusal(ERR_INVALID, text);
    config.kernel = (const uint8_t *)&image + 1;
    config.kernel_size--;
    expect_refusal(ERR_INVALID, text);
}

static void no_header_harms(void **state)
{
    uint64_t random = 20260302;
    unsigned planned = 0;

    (void)state;
    make_ram(config.memory);
    for (unsigned run = 0; run < 20000; run++) {
        uint8_t *bytes = (uint8_t *)&image;

        make_image(NULL);
        for (unsigned i = 0; i < 1 + run % 3; i++) {
            random = random * 6364136223846793005UL + 1442695040888963407UL;
            bytes[8 + (random >> 40) % 24] = random >> 56;
        }
        if (kernel_plan(&config, &kernel, &refusal))
            continue;
        planned++;
        assert_true(range_within(kernel.start, kernel.size, BOARD_RAM_BASE, config.memory));
        assert_int_equal(kernel_copy(&config, &kernel, NULL), 0);
    }
    assert_in_range(planned, 500, 19500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_image_goes_where_its_header_says, make_image, drop_ram),
        cmocka_unit_test_setup_teardown(an_image_is_at_least_its_file, make_image, drop_ram),
        cmocka_unit_test_setup_teardown(the_bss_of_an_image_is_cleared, make_image, drop_ram),
        cmocka_unit_test_setup_teardown(memory_that_is_not_there_is_an_error, make_image, drop_ram),
        cmocka_unit_test_setup_teardown(hostile_images_are_refused, make_image, drop_ram),
        cmocka_unit_test_setup_teardown(a_kernel_larger_than_memory_is_refused, make_image,
                                        drop_ram),
        cmocka_unit_test_setup_teardown(a_raw_kernel_goes_to_the_usual_place, make_image, drop_ram),
        cmocka_unit_test_setup_teardown(anything_else_is_no_kernel, make_image, drop_ram),
        cmocka_unit_test_setup_teardown(no_header_harms, make_image, drop_ram),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
