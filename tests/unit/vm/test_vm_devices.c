/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine whose devices cannot be added: nothing of it is left.
 */
#include "fakes/machine.h"

#include "lib/err.h"
#include "vm/board.h"

static struct vm *seen;

/* Stands in for vm/board.c. */
int board_init(struct vm *vm)
{
    seen = vm;
    return ERR_EXISTS;
}

static void it_is_refused_and_undone(void **state)
{
    struct vm_config config = machine_config("a", 2);
    uint64_t before = pages_free_count();
    struct vm_backs backs = {0};
    struct refusal refusal;
    struct vm *vm;

    (void)state;
    assert_int_equal(vm_create(&config, 1, &backs, &vm, &refusal), ERR_EXISTS);
    assert_null(vm);
    assert_non_null(seen);
    assert_string_equal(refusal.text, "its devices: the place is taken");
    assert_int_equal(pages_free_count(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_refused_and_undone, machine_setup, machine_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
