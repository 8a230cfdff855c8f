/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The test device: which words end the machine and how.
 */
#include "dev/vtest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct vtest vtest;
static int requests;
static enum vtest_request last_request;
static uint32_t last_code;

static void on_request(void *target, enum vtest_request request, uint32_t code)
{
    assert_ptr_equal(target, &requests);
    requests++;
    last_request = request;
    last_code = code;
}

static int start(void **state)
{
    (void)state;
    requests = 0;
    vtest_init(&vtest, 0x100000, on_request, &requests);
    return 0;
}

static void write_word(uint64_t offset, unsigned size, uint64_t value)
{
    vtest.vdev.ops->write(&vtest.vdev, offset, size, value);
}

static void assert_request(enum vtest_request request, uint32_t code)
{
    assert_int_equal(requests, 1);
    assert_int_equal(last_request, request);
    assert_int_equal(last_code, code);
    requests = 0;
}

static void window(void **state)
{
    (void)state;
    assert_int_equal(vtest.vdev.base, 0x100000);
    assert_int_equal(vtest.vdev.size, 0x1000);
    assert_int_equal(vtest.vdev.ops->read(&vtest.vdev, 0, 4), 0);
}

static void each_word_asks_for_its_end(void **state)
{
    (void)state;
    write_word(0, 4, 0x5555);
    assert_request(VTEST_POWEROFF, 0);
    write_word(0, 4, 0x7777);
    assert_request(VTEST_RESET, 0);
    write_word(0, 4, 0x3333);
    assert_request(VTEST_FAIL, 0);
    write_word(0, 4, 0x00033333);
    assert_request(VTEST_FAIL, 3);
    write_word(0, 4, 0xffff3333);
    assert_request(VTEST_FAIL, 0xffff);
    write_word(0, 4, 0x12345555);
    assert_request(VTEST_POWEROFF, 0);
}

static void half_words_have_no_code(void **state)
{
    (void)state;
    write_word(0, 2, 0x5555);
    assert_request(VTEST_POWEROFF, 0);
    write_word(0, 2, 0x00073333);
    assert_request(VTEST_FAIL, 0);
}

static void anything_else_does_nothing(void **state)
{
    (void)state;
    write_word(0, 4, 0);
    write_word(0, 4, 0x5556);
    write_word(4, 4, 0x5555);
    write_word(0, 1, 0x55);
    write_word(0, 8, 0x5555);
    vtest.vdev.ops->reset(&vtest.vdev);
    assert_int_equal(requests, 0);
}

static void it_has_no_record(void **state)
{
    uint8_t buffer[8];
    struct archive archive;

    (void)state;
    archive_init_writer(&archive, buffer, sizeof(buffer));
    vtest.vdev.ops->archive(&vtest.vdev, &archive);
    assert_int_equal(archive.error, 0);
    assert_int_equal(archive.position, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(window, start),
        cmocka_unit_test_setup(each_word_asks_for_its_end, start),
        cmocka_unit_test_setup(half_words_have_no_code, start),
        cmocka_unit_test_setup(anything_else_does_nothing, start),
        cmocka_unit_test_setup(it_has_no_record, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
