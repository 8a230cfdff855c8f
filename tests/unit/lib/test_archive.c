/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The archive: what is written is read back; anything else in the buffer gives a sticky error
 * and leaves the fields alone.
 */
#include "lib/archive.h"
#include "lib/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct sample {
    uint8_t u8;
    bool flag;
    uint32_t u32;
    uint64_t u64;
    uint8_t bytes[5];
};

static void archive_sample(struct archive *archive, struct sample *sample)
{
    archive_u8(archive, "u8", &sample->u8);
    archive_bool(archive, "flag", &sample->flag);
    archive_u32(archive, "u32", &sample->u32);
    archive_u64(archive, "u64", &sample->u64);
    archive_bytes(archive, "bytes", sample->bytes, sizeof(sample->bytes));
}

static const struct sample original = {
    .u8 = 0x12, .flag = true, .u32 = 0x3456789a, .u64 = 0xfedcba9876543210, .bytes = "abcd"};

/* The five heads (length, name, size) and the five fields. */
#define SAMPLE_SIZE (5 * 5 + 2 + 4 + 3 + 3 + 5 + 1 + 1 + 4 + 8 + 5)

static size_t write_sample(uint8_t *buffer, size_t size)
{
    struct sample sample = original;
    struct archive archive;

    archive_init_writer(&archive, buffer, size);
    archive_sample(&archive, &sample);
    assert_int_equal(archive.error, 0);
    return archive.position;
}

static int read_sample(const uint8_t *buffer, size_t size, struct sample *sample)
{
    struct archive archive;

    archive_init_reader(&archive, buffer, size);
    archive_sample(&archive, sample);
    return archive.error;
}

static void assert_same(const struct sample *a, const struct sample *b)
{
    assert_int_equal(a->u8, b->u8);
    assert_int_equal(a->flag, b->flag);
    assert_int_equal(a->u32, b->u32);
    assert_int_equal(a->u64, b->u64);
    assert_memory_equal(a->bytes, b->bytes, sizeof(a->bytes));
}

static void round_trip(void **state)
{
    uint8_t buffer[200];
    struct sample sample = {0};

    (void)state;
    assert_int_equal(write_sample(buffer, sizeof(buffer)), SAMPLE_SIZE);
    assert_int_equal(read_sample(buffer, SAMPLE_SIZE, &sample), 0);
    assert_same(&sample, &original);
}

static void layout_of_a_record(void **state)
{
    static const uint8_t expected[] = {3, 'u', '3', '2', 4, 0, 0, 0, 0x78, 0x56, 0x34, 0x12};
    uint8_t buffer[sizeof(expected)];
    struct archive archive;
    uint32_t value = 0x12345678;

    (void)state;
    archive_init_writer(&archive, buffer, sizeof(buffer));
    archive_u32(&archive, "u32", &value);
    assert_int_equal(archive.error, 0);
    assert_int_equal(archive.position, sizeof(expected));
    assert_memory_equal(buffer, expected, sizeof(expected));
}

static void a_full_buffer_is_not_passed(void **state)
{
    (void)state;
    for (size_t size = 0; size < SAMPLE_SIZE; size++) {
        uint8_t *buffer = malloc(size ? size : 1); /* the sanitizer watches its end */
        struct sample sample = original;
        struct archive archive;
        archive_init_writer(&archive, buffer, size);
        archive_sample(&archive, &sample);
        assert_int_equal(archive.error, ERR_NO_MEMORY);
        assert_true(archive.position <= size);
        assert_same(&sample, &original);
        free(buffer);
    }
}

static void a_short_record_is_corrupt(void **state)
{
    uint8_t whole[SAMPLE_SIZE];

    (void)state;
    write_sample(whole, sizeof(whole));
    for (size_t size = 0; size < SAMPLE_SIZE; size++) {
        uint8_t *buffer = malloc(size ? size : 1);
        struct sample sample = {0};
        memcpy(buffer, whole, size);
        assert_int_equal(read_sample(buffer, size, &sample), ERR_CORRUPT);
        free(buffer);
    }
}

/* Every changed bit of a head is noticed; in a field only a bool can be wrong. */
static void a_changed_head_is_corrupt(void **state)
{
    uint8_t buffer[SAMPLE_SIZE];

    (void)state;
    write_sample(buffer, sizeof(buffer));
    for (size_t bit = 0; bit < 7 * 8; bit++) {
        struct sample sample = {0};
        buffer[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(read_sample(buffer, sizeof(buffer), &sample), ERR_CORRUPT);
        assert_int_equal(sample.u8, 0);
        assert_int_equal(sample.bytes[0], 0); /* the error is sticky */
        buffer[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void a_bool_is_0_or_1(void **state)
{
    uint8_t buffer[32];
    uint8_t byte = 2;
    bool flag = true;
    struct archive archive;

    (void)state;
    archive_init_writer(&archive, buffer, sizeof(buffer));
    archive_u8(&archive, "flag", &byte);
    archive_init_reader(&archive, buffer, sizeof(buffer));
    archive_bool(&archive, "flag", &flag);
    assert_int_equal(archive.error, ERR_CORRUPT);
    assert_true(flag);
}

static void another_size_is_corrupt(void **state)
{
    uint8_t buffer[32];
    uint32_t small = 7;
    uint64_t large = 9;
    struct archive archive;

    (void)state;
    archive_init_writer(&archive, buffer, sizeof(buffer));
    archive_u32(&archive, "word", &small);
    archive_init_reader(&archive, buffer, sizeof(buffer));
    archive_u64(&archive, "word", &large);
    assert_int_equal(archive.error, ERR_CORRUPT);
    assert_int_equal(large, 9);
    assert_int_equal(archive.position, 0);
}

static void after_an_error_nothing_is_read(void **state)
{
    uint8_t buffer[32];
    uint8_t there = 1;
    uint8_t field = 9;
    struct archive archive;

    (void)state;
    archive_init_writer(&archive, buffer, sizeof(buffer));
    archive_u8(&archive, "there", &there);
    archive_init_reader(&archive, buffer, archive.position);
    archive_u8(&archive, "other", &field);
    archive_u8(&archive, "there", &field); /* the next record, but too late */
    assert_int_equal(archive.error, ERR_CORRUPT);
    assert_int_equal(field, 9);
}

static void require_judges_readers_only(void **state)
{
    uint8_t buffer[8];
    struct archive archive;

    (void)state;
    archive_init_writer(&archive, buffer, sizeof(buffer));
    archive_require(&archive, false);
    assert_int_equal(archive.error, 0);
    archive_init_reader(&archive, buffer, sizeof(buffer));
    archive_require(&archive, true);
    assert_int_equal(archive.error, 0);
    archive_require(&archive, false);
    assert_int_equal(archive.error, ERR_CORRUPT);
    archive.error = ERR_NO_MEMORY; /* the first error stays */
    archive_require(&archive, false);
    assert_int_equal(archive.error, ERR_NO_MEMORY);
}

static void names_have_1_to_255_characters(void **state)
{
    uint8_t buffer[600];
    char name[257];
    uint8_t field = 5;
    struct archive archive;

    (void)state;
    memset(name, 'n', sizeof(name));
    name[255] = '\0';
    archive_init_writer(&archive, buffer, sizeof(buffer));
    archive_u8(&archive, name, &field);
    assert_int_equal(archive.error, 0);
    archive_init_reader(&archive, buffer, archive.position);
    field = 0;
    archive_u8(&archive, name, &field);
    assert_int_equal(archive.error, 0);
    assert_int_equal(field, 5);
    name[255] = 'n';
    name[256] = '\0';
    expect_assert_failure(archive_u8(&archive, name, &field));
    expect_assert_failure(archive_u8(&archive, "", &field));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(layout_of_a_record),
        cmocka_unit_test(a_full_buffer_is_not_passed),
        cmocka_unit_test(a_short_record_is_corrupt),
        cmocka_unit_test(a_changed_head_is_corrupt),
        cmocka_unit_test(a_bool_is_0_or_1),
        cmocka_unit_test(another_size_is_corrupt),
        cmocka_unit_test(after_an_error_nothing_is_read),
        cmocka_unit_test(require_judges_readers_only),
        cmocka_unit_test(names_have_1_to_255_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
