/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lib/string.c against the C library's functions of the same names. The source is included here
 * with its functions renamed, as both cannot be linked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define memcpy  us_memcpy
#define memmove us_memmove
#define memset  us_memset
#define memcmp  us_memcmp
#define memchr  us_memchr
#define strlen  us_strlen
#define strnlen us_strnlen
#define strchr  us_strchr
#define strrchr us_strrchr
#define strcmp  us_strcmp
#define strncmp us_strncmp

#include "lib/string.c"

#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef memchr
#undef strlen
#undef strnlen
#undef strchr
#undef strrchr
#undef strcmp
#undef strncmp

#define SIZE 160

static _Alignas(8) uint8_t ours[SIZE];
static _Alignas(8) uint8_t theirs[SIZE];
static _Alignas(8) uint8_t source[SIZE];

static int start(void **state)
{
    (void)state;
    srand(3);
    for (int i = 0; i < SIZE; i++) {
        source[i] = (uint8_t)rand();
        ours[i] = theirs[i] = (uint8_t)rand();
    }
    return 0;
}

static void memcpy_at_every_alignment(void **state)
{
    (void)state;
    for (size_t to = 0; to < 16; to++)
        for (size_t from = 0; from < 16; from++)
            for (size_t size = 0; size <= SIZE - 16; size++) {
                assert_ptr_equal(us_memcpy(ours + to, source + from, size), ours + to);
                memcpy(theirs + to, source + from, size);
                assert_memory_equal(ours, theirs, SIZE);
                source[(to + from + size) % SIZE]++; /* so that the next copy differs */
            }
}

static void memmove_over_itself(void **state)
{
    (void)state;
    for (size_t to = 0; to < 48; to++)
        for (size_t from = 0; from < 48; from++)
            for (size_t size = 0; size <= SIZE - 48; size += 1 + size / 16) {
                memcpy(ours, source, SIZE);
                memcpy(theirs, source, SIZE);
                assert_ptr_equal(us_memmove(ours + to, ours + from, size), ours + to);
                memmove(theirs + to, theirs + from, size);
                assert_memory_equal(ours, theirs, SIZE);
            }
}

static void memset_at_every_alignment(void **state)
{
    (void)state;
    for (size_t to = 0; to < 16; to++)
        for (size_t size = 0; size <= SIZE - 16; size++) {
            int byte = (int)(size + 256 * to); /* only the low byte counts */
            assert_ptr_equal(us_memset(ours + to, byte, size), ours + to);
            memset(theirs + to, byte, size);
            assert_memory_equal(ours, theirs, SIZE);
        }
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

static void memcmp_orders_by_unsigned_bytes(void **state)
{
    (void)state;
    assert_int_equal(us_memcmp("a", "b", 0), 0);
    assert_int_equal(us_memcmp("abc", "abd", 2), 0);
    assert_true(us_memcmp("abc", "abd", 3) < 0);
    assert_true(us_memcmp("\xff", "\x01", 1) > 0);
    assert_int_equal(us_memcmp("a\0b", "a\0b", 3), 0);
    assert_true(us_memcmp("a\0b", "a\0c", 3) < 0);
}

static void memchr_looks_no_further_than_asked(void **state)
{
    const char *text = "hypervisor";

    (void)state;
    assert_ptr_equal(us_memchr(text, 'r', 10), text + 4);
    assert_ptr_equal(us_memchr(text, 'r' + 256, 10), text + 4);
    assert_null(us_memchr(text, 'r', 4));
    assert_null(us_memchr(text, 'r', 0));
    assert_ptr_equal(us_memchr(text, '\0', 11), text + 10);
}

static void lengths(void **state)
{
    const char unterminated[3] = {'a', 'b', 'c'};

    (void)state;
    assert_int_equal(us_strlen(""), 0);
    assert_int_equal(us_strlen("vcpu"), 4);
    assert_int_equal(us_strnlen("vcpu", 2), 2);
    assert_int_equal(us_strnlen("vcpu", 9), 4);
    assert_int_equal(us_strnlen(unterminated, 3), 3);
    assert_int_equal(us_strnlen(NULL, 0), 0);
}

static void characters_are_found_from_both_ends(void **state)
{
    const char *path = "/cpus/cpu@0";

    (void)state;
    assert_ptr_equal(us_strchr(path, '/'), path);
    assert_ptr_equal(us_strrchr(path, '/'), path + 5);
    assert_ptr_equal(us_strchr(path, '@'), path + 9);
    assert_null(us_strchr(path, '!'));
    assert_null(us_strrchr(path, '!'));
    assert_ptr_equal(us_strchr(path, '\0'), path + 11);
    assert_ptr_equal(us_strrchr(path, '\0'), path + 11);
}

static void comparisons_agree_with_the_c_library(void **state)
{
    static const char *const words[] = {"", "a", "ab", "abc", "abd", "b", "\x80", "a\xff"};
    size_t count = sizeof(words) / sizeof(words[0]);

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            assert_int_equal(sign(us_strcmp(words[i], words[j])), sign(strcmp(words[i], words[j])));
            for (size_t limit = 0; limit < 5; limit++)
                assert_int_equal(sign(us_strncmp(words[i], words[j], limit)),
                                 sign(strncmp(words[i], words[j], limit)));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(memcpy_at_every_alignment, start),
        cmocka_unit_test_setup(memmove_over_itself, start),
        cmocka_unit_test_setup(memset_at_every_alignment, start),
        cmocka_unit_test(memcmp_orders_by_unsigned_bytes),
        cmocka_unit_test(memchr_looks_no_further_than_asked),
        cmocka_unit_test(lengths),
        cmocka_unit_test(characters_are_found_from_both_ends),
        cmocka_unit_test(comparisons_agree_with_the_c_library),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
