/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names, ids, and memory of machines: whatever was created and destroyed, the pool has it back.
 */
#include "life_fixture.h"

#include "lib/err.h"

#define TIMES 1000

static void names_and_ids_find_them(void **state)
{
    struct machine *first = life_created("first", 1), *second = life_created("1", 1);

    (void)state;
    assert_int_equal(first->id, 1);
    assert_int_equal(second->id, 2);
    assert_ptr_equal(life_find("first"), first);
    assert_ptr_equal(life_find("1"), second); /* a name goes before an id */
    assert_ptr_equal(life_find("2"), second);
    assert_ptr_equal(life_find("02"), second);
    assert_null(life_find("3"));
    assert_null(life_find("0"));
    assert_null(life_find(""));
    assert_null(life_find("2x"));
    assert_null(life_find("99999999999999999999999999"));
    assert_null(life_find("18446744073709551618")); /* 2 in 64 bits */
    assert_ptr_equal(life_first(), first);
    assert_ptr_equal(life_next(first), second);
    assert_null(life_next(second));
}

static void a_name_is_taken_once(void **state)
{
    struct vm_config config = machine_config("a", 1);
    struct machine *machine = life_created("a", 1), *other;
    struct refusal refusal;
    uint64_t left = pages_free_count();

    (void)state;
    assert_int_equal(life_add(&config, &other, &refusal), ERR_EXISTS);
    assert_null(other);
    assert_string_equal(refusal.text, "there is a VM a already");
    assert_int_equal(pages_free_count(), left);
    life_destroy(machine);
    assert_int_equal(life_created("a", 1)->id, 2); /* the name is free again, the id is not */
}

static void a_refused_machine_costs_nothing(void **state)
{
    struct vm_config config = machine_config("a", 1);
    struct machine *machine;
    struct refusal refusal;
    uint64_t left = pages_free_count();

    (void)state;
    config.memory = MACHINE_POOL;
    assert_int_equal(life_add(&config, &machine, &refusal), ERR_NO_MEMORY);
    assert_null(life_first());
    assert_int_equal(life_create("a", NULL, &machine, &refusal), ERR_NOT_FOUND);
    assert_string_equal(refusal.text, "the bundle has no VM a");
    assert_int_equal(pages_free_count(), left);
    while (pages_alloc(0, PAGES_OWNER_HYP))
        continue;
    assert_int_equal(life_add(&config, &machine, &refusal), ERR_NO_MEMORY);
    assert_string_equal(refusal.text, "no memory for its console");
}

static void what_it_takes_is_known(void **state)
{
    uint64_t left = pages_free_count();
    struct machine *machine = life_created("a", 3);
    uint64_t taken = (left - pages_free_count()) * PAGE_SIZE;

    (void)state;
    assert_int_equal(life_overhead(machine), taken - MACHINE_RAM);
}

/* Never started, running, over: every page comes back, and every page is zero. */
static void a_thousand_times_leave_the_pool_as_it_was(void **state)
{
    uint64_t left = pages_free_count();

    (void)state;
    for (unsigned i = 0; i < TIMES; i++) {
        struct machine *machine = life_created("a", 1 + i % 3);
        struct vm *vm = machine->vm;

        lives_printed[0] = '\0';
        if (i % 4 > 0)
            life_start(machine);
        if (i % 4 == 1)
            life_end(machine, VM_CRASHED);
        if (i % 4 == 2)
            life_end(machine, VM_RESETTING);
        life_destroy(machine);
        if (i % 4 > 1)
            life_leave_all(vm);
        assert_int_equal(life_leaving(), 0);
        assert_int_equal(pages_free_count(), left);
    }
    assert_null(life_first());
}

/* Where it stood, nothing of it is left: its memory, its registers, what people typed. The pool's
 * own links stand at the start of free blocks. */
static void what_it_was_is_scrubbed(void **state)
{
    struct machine *machine = life_created("a", 1);
    uint8_t *block = (uint8_t *)machine;
    uint8_t *vm = (uint8_t *)machine->vm;
    struct gstage_leaf leaf;

    (void)state;
    assert_true(gstage_walk(&machine->vm->gstage, MACHINE_KERNEL, &leaf));
    assert_int_equal(*(uint8_t *)leaf.hpa, machine_kernel[0]);
    life_destroy(machine);
    assert_int_equal(*(uint8_t *)leaf.hpa, 0);
    for (size_t i = sizeof(struct list); i < sizeof(struct machine); i++)
        assert_int_equal(block[i], 0);
    for (size_t i = sizeof(struct list); i < sizeof(struct vm) + sizeof(struct vcpu); i++)
        assert_int_equal(vm[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE_TEST(names_and_ids_find_them),
        LIFE_TEST(a_name_is_taken_once),
        LIFE_TEST(a_refused_machine_costs_nothing),
        LIFE_TEST(what_it_takes_is_known),
        LIFE_TEST(a_thousand_times_leave_the_pool_as_it_was),
        LIFE_TEST(what_it_was_is_scrubbed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
