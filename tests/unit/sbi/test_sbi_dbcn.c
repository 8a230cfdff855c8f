/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 12 (Debug Console Extension): buffers in guest memory, and buffers that are not.
 */
#include "sbi_call.h"

#define BUFFER  (BOARD_RAM_BASE + 0x1000)
#define RAM_END (BOARD_RAM_BASE + MACHINE_RAM)
#define CHUNK   256 /* what one call moves at most, here */

struct buffer {
    uint64_t size, low, high;
};

/* Each holds a byte that the guest has not. */
static const struct buffer bad_buffers[] = {
    {1, RAM_END, 0},
    {1, BOARD_RAM_BASE - 1, 0},
    {2, BOARD_RAM_BASE - 1, 0},
    {2, RAM_END - 1, 0},
    {MACHINE_RAM + 1, BOARD_RAM_BASE, 0}, /* also where the first chunk would do */
    {CHUNK + 5, RAM_END - CHUNK - 4, 0},
    {8, BOARD_UART_BASE, 0},
    {8, 0, 0},
    {8, UINT64_MAX - 3, 0}, /* it wraps */
    {UINT64_MAX, BUFFER, 0},
    {UINT64_MAX - BUFFER + 2, BUFFER, 0},
    {1, BUFFER, 1}, /* the upper half of the address */
    {1, BUFFER, UINT64_MAX},
    {0, BUFFER, 1},
};

static void put(uint64_t gpa, const char *text)
{
    assert_int_equal(guest_mem_write(&vm->gstage, gpa, text, strlen(text)), 0);
}

static void expect_text_at(uint64_t gpa, const char *text)
{
    char found[64];

    assert_int_equal(guest_mem_read(&vm->gstage, gpa, found, strlen(text)), 0);
    assert_memory_equal(found, text, strlen(text));
}

static void a_line_is_written(void **state)
{
    (void)state;
    put(BUFFER, "hello\n");
    EXPECT_VALUE(6, SBI_EXT_DBCN, SBI_DBCN_WRITE, 6, BUFFER, 0);
    assert_string_equal(sbi_console->out, "hello\n");
    put(RAM_END - 3, "end");
    EXPECT_VALUE(3, SBI_EXT_DBCN, SBI_DBCN_WRITE, 3, RAM_END - 3, 0);
    assert_string_equal(sbi_console->out, "hello\nend");
}

static void no_bytes_are_a_success(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_DBCN, SBI_DBCN_WRITE, 0, BUFFER, 0);
    EXPECT_VALUE(0, SBI_EXT_DBCN, SBI_DBCN_READ, 0, BUFFER, 0);
    assert_int_equal(sbi_console->out_count, 0);
}

/* "it may do partial/no writes": the guest calls again with the rest. */
static void long_texts_go_in_parts(void **state)
{
    uint64_t written = 0;
    char text[601] = "";

    (void)state;
    memset(text, 'x', 600);
    put(BUFFER, text);
    while (written < 600) {
        EXPECT_ERROR(SBI_SUCCESS, SBI_EXT_DBCN, SBI_DBCN_WRITE, 600 - written, BUFFER + written, 0);
        assert_in_range(sbi_value(), 1, CHUNK);
        written += sbi_value();
    }
    assert_string_equal(sbi_console->out, text);
}

static void what_is_typed_is_read(void **state)
{
    (void)state;
    put(BUFFER, "0123456789");
    tty_type(sbi_console, "abcde");
    vm_console_poke(vm);
    EXPECT_VALUE(3, SBI_EXT_DBCN, SBI_DBCN_READ, 3, BUFFER, 0);
    expect_text_at(BUFFER, "abc3456789");
    EXPECT_VALUE(2, SBI_EXT_DBCN, SBI_DBCN_READ, 10, BUFFER, 0);
    expect_text_at(BUFFER, "dec3456789");
    EXPECT_VALUE(0, SBI_EXT_DBCN, SBI_DBCN_READ, 10, BUFFER, 0);
    expect_text_at(BUFFER, "dec3456789");
}

static void bad_buffers_are_refused(void **state)
{
    (void)state;
    tty_type(sbi_console, "abcde");
    vm_console_poke(vm);
    for (unsigned i = 0; i < ARRAY_SIZE(bad_buffers); i++) {
        const struct buffer *bad = &bad_buffers[i];

        EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_DBCN, SBI_DBCN_WRITE, bad->size, bad->low,
                     bad->high);
        EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_DBCN, SBI_DBCN_READ, bad->size, bad->low,
                     bad->high);
    }
    assert_int_equal(sbi_console->out_count, 0);
    /* Nothing was lost either. */
    EXPECT_VALUE(5, SBI_EXT_DBCN, SBI_DBCN_READ, 5, BUFFER, 0);
    expect_text_at(BUFFER, "abcde");
}

/* Memory that the guest may only read, or only write, as the call needs it. */
static void rights_count(void **state)
{
    (void)state;
    assert_int_equal(gstage_protect(&vm->gstage, BUFFER, 4096, PTE_R), 0);
    EXPECT_VALUE(1, SBI_EXT_DBCN, SBI_DBCN_WRITE, 1, BUFFER, 0);
    EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_DBCN, SBI_DBCN_READ, 1, BUFFER, 0);
    EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_DBCN, SBI_DBCN_READ, 2, BUFFER + 4095, 0);
    EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_DBCN, SBI_DBCN_READ, 2, BUFFER - 1, 0);
    assert_int_equal(gstage_protect(&vm->gstage, BUFFER, 4096, PTE_X), 0);
    EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_DBCN, SBI_DBCN_WRITE, 1, BUFFER, 0);
}

static void one_byte_is_written(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_DBCN, SBI_DBCN_WRITE_BYTE, 'A');
    EXPECT_VALUE(0, SBI_EXT_DBCN, SBI_DBCN_WRITE_BYTE, 0xffffffffffffff00 | 'B');
    assert_string_equal(sbi_console->out, "AB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(a_line_is_written),       SBI_TEST(no_bytes_are_a_success),
        SBI_TEST(long_texts_go_in_parts),  SBI_TEST(what_is_typed_is_read),
        SBI_TEST(bad_buffers_are_refused), SBI_TEST(rights_count),
        SBI_TEST(one_byte_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
