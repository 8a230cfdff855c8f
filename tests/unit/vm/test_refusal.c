/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The texts of refusals: whole, cut, and printable.
 */
#include "vm/refusal.h"

#include "lib/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct refusal refusal;

static void long_reasons_are_cut(void **state)
{
    char name[161];

    (void)state;
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(refusal_set(&refusal, ERR_RANGE, "%s", name), ERR_RANGE);
    assert_int_equal(strlen(refusal.text), sizeof(refusal.text) - 1);
    refusal_prepend(&refusal, "here: ");
    assert_int_equal(strlen(refusal.text), sizeof(refusal.text) - 1);
    assert_memory_equal(refusal.text, "here: nnn", 9);
    refusal_prepend(&refusal, "%s", name);
    assert_memory_equal(refusal.text, name, sizeof(refusal.text) - 1);
    assert_int_equal(refusal.text[sizeof(refusal.text) - 1], '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_reasons_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
