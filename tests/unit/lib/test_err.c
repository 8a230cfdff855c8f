/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every error has words of its own, and numbers that are no error have some too.
 */
#include "lib/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void each_error_has_its_own_words(void **state)
{
    (void)state;
    for (int err = ERR_STATE; err <= ERR_OK; err++) {
        assert_non_null(err_text(err));
        assert_true(strlen(err_text(err)) > 0);
        for (int other = ERR_STATE; other < err; other++)
            assert_string_not_equal(err_text(err), err_text(other));
    }
}

static void unknown_numbers_have_words(void **state)
{
    (void)state;
    assert_string_equal(err_text(1), "unknown error");
    assert_string_equal(err_text(ERR_STATE - 1), "unknown error");
    assert_string_equal(err_text(INT32_MIN), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_error_has_its_own_words),
        cmocka_unit_test(unknown_numbers_have_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
