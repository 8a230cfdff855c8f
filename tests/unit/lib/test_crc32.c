/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crc32 against known check sums, and against division bit by bit for every short length and
 * alignment.
 */
#include "lib/crc32.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The definition: IEEE 802.3, bits in the order of sending. */
static uint32_t reference(const uint8_t *bytes, size_t size)
{
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < size * 8; i++) {
        uint32_t bit = (bytes[i / 8] >> (i % 8)) & 1;
        uint32_t out = (crc ^ bit) & 1;
        crc = (crc >> 1) ^ (out ? 0xedb88320 : 0);
    }
    return ~crc;
}

static void known_check_sums(void **state)
{
    uint8_t bytes[256];

    (void)state;
    assert_int_equal(crc32_compute("", 0), 0);
    assert_int_equal(crc32_compute(NULL, 0), 0);
    assert_int_equal(crc32_compute("a", 1), 0xe8b7be43);
    assert_int_equal(crc32_compute("123456789", 9), 0xcbf43926);
    assert_int_equal(crc32_compute("The quick brown fox jumps over the lazy dog", 43), 0x414fa339);
    memset(bytes, 0, 32);
    assert_int_equal(crc32_compute(bytes, 32), 0x190a55ad);
    memset(bytes, 0xff, 32);
    assert_int_equal(crc32_compute(bytes, 32), 0xff6cab0b);
    for (int i = 0; i < 256; i++)
        bytes[i] = (uint8_t)i;
    assert_int_equal(crc32_compute(bytes, 256), 0x29058c73);
}

static void every_short_length_and_alignment(void **state)
{
    static _Alignas(8) uint8_t bytes[300];

    (void)state;
    srand(1);
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)rand();
    for (size_t offset = 0; offset < 16; offset++)
        for (size_t size = 0; size + offset <= sizeof(bytes); size++)
            assert_int_equal(crc32_compute(bytes + offset, size), reference(bytes + offset, size));
}

static void every_single_bit_counts(void **state)
{
    static _Alignas(8) uint8_t bytes[128];

    (void)state;
    for (size_t bit = 0; bit < sizeof(bytes) * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(crc32_compute(bytes, sizeof(bytes)), reference(bytes, sizeof(bytes)));
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void a_large_image(void **state)
{
    size_t size = 1024 * 1024 + 5;
    uint8_t *bytes = malloc(size);

    (void)state;
    assert_non_null(bytes);
    srand(2);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)rand();
    assert_int_equal(crc32_compute(bytes, size), reference(bytes, size));
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_check_sums),
        cmocka_unit_test(every_short_length_and_alignment),
        cmocka_unit_test(every_single_bit_counts),
        cmocka_unit_test(a_large_image),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
