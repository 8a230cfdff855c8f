/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Orders of people: which are obeyed in which state, and what a machine is that gets them while it
 * ends by itself.
 */
#include "life_fixture.h"

#include "lib/err.h"

enum order { START, PAUSE, RESUME, RESET };

static int give(struct machine *machine, enum order order)
{
    static int (*const orders[])(struct machine *) = {
        [START] = life_start,
        [PAUSE] = life_pause,
        [RESUME] = life_resume,
        [RESET] = life_reset,
    };

    return orders[order](machine);
}

/* A machine in that state, as far as its vCPUs need not leave. */
static struct machine *machine_in(const char *state)
{
    struct machine *machine = life_created("a", 2);

    if (strcmp(state, "created") != 0)
        life_start(machine);
    if (strcmp(state, "paused") == 0)
        life_pause(machine);
    if (strcmp(state, "resetting") == 0)
        life_reset(machine);
    if (strcmp(state, "halted") == 0)
        life_end(machine, VM_HALTED);
    if (strcmp(state, "crashed") == 0)
        life_end(machine, VM_CRASHED);
    assert_string_equal(life_state(machine), state);
    return machine;
}

struct row {
    const char *from;
    enum order order;
    const char *to; /* NULL: refused */
};

static const struct row rows[] = {
    {"created", START, "running"}, {"created", PAUSE, NULL},
    {"created", RESUME, NULL},     {"created", RESET, NULL},
    {"running", START, NULL},      {"running", PAUSE, "paused"},
    {"running", RESUME, NULL},     {"running", RESET, "resetting"},
    {"paused", START, NULL},       {"paused", PAUSE, NULL},
    {"paused", RESUME, "running"}, {"paused", RESET, "resetting"},
    {"resetting", START, NULL},    {"resetting", PAUSE, NULL},
    {"resetting", RESUME, NULL},   {"resetting", RESET, "resetting"},
    {"halted", START, NULL},       {"halted", PAUSE, NULL},
    {"halted", RESUME, NULL},      {"halted", RESET, "running"},
    {"crashed", START, NULL},      {"crashed", PAUSE, NULL},
    {"crashed", RESUME, NULL},     {"crashed", RESET, "running"},
};

static void each_order_in_each_state(void **state)
{
    uint64_t left = pages_free_count();

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct row *row = &rows[i];
        struct machine *machine = machine_in(row->from);
        struct vm *vm = machine->vm;
        bool was_over = machine->is_over || vm->state == VM_CREATED;

        assert_int_equal(give(machine, row->order), row->to ? 0 : ERR_STATE);
        assert_string_equal(life_state(machine), row->to ? row->to : row->from);
        assert_int_equal(life_destroy(machine), 0);
        if (!was_over || row->to)
            life_leave_all(vm);
        assert_int_equal(pages_free_count(), left);
        lives_printed[0] = '\0';
    }
}

/* One vCPU has left, the other is on its way: what will become of it is decided already. */
static void a_machine_on_its_way_out_takes_no_orders(void **state)
{
    struct machine *machine = life_started("a", 2);
    struct vm *vm = machine->vm;
    uint64_t left;

    (void)state;
    vm_stop(vm, VM_CRASHED, "by itself");
    life_leave(vm);
    assert_int_equal(life_reset(machine), ERR_STATE);
    assert_int_equal(life_pause(machine), ERR_STATE);
    assert_false(life_is_still(machine));
    left = pages_free_count();
    life_destroy(machine);
    assert_int_equal(pages_free_count(), left);
    assert_int_equal(life_leaving(), 1);
    assert_null(life_find("a"));
    life_leave(vm);
    assert_true(pages_free_count() > left);
    assert_int_equal(life_leaving(), 0);
    assert_string_equal(lives_printed, "understudy: error: a: by itself\n");
}

/* Its name can be had at once, while its vCPUs are still leaving. */
static void its_name_is_free_before_its_pages(void **state)
{
    struct machine *machine = life_started("a", 1), *second;
    struct vm *vm = machine->vm;

    (void)state;
    life_destroy(machine);
    assert_int_equal(life_leaving(), 1);
    second = life_started("a", 1);
    assert_ptr_equal(life_find("a"), second);
    life_leave_all(vm);
    assert_string_equal(lives_printed, "understudy: a: destroyed\n");
    assert_ptr_equal(life_find("a"), second);
    assert_string_equal(life_state(second), "running");
}

static uint64_t free_at_farewell;

static void note_free_pages(const char *text, size_t length)
{
    (void)text;
    (void)length;
    free_at_farewell = pages_free_count();
}

/* What is typed meanwhile finds no way to it; here the console says what is seen instead. */
static void its_console_goes_before_its_memory(void **state)
{
    static struct console_channel monitor;
    struct machine *machine;
    struct vm *vm;
    uint64_t left;

    (void)state;
    console_init(note_free_pages);
    console_add(&monitor, "monitor");
    console_switch(&monitor);
    machine = life_started("a", 1);
    vm = machine->vm;
    console_show(&machine->channel);
    life_destroy(machine);
    left = pages_free_count();
    life_leave_all(vm);
    assert_int_equal(free_at_farewell, left);
    assert_true(pages_free_count() > left);
    assert_int_equal(console_input_room(), CONSOLE_INPUT_MAX);
}

/* The guest asked for a reset, a person for the end: the end it is. */
static void destroyed_while_it_resets_it_does_not_begin(void **state)
{
    uint64_t left = pages_free_count();
    struct machine *machine = life_started("a", 2);
    struct vm *vm = machine->vm;

    (void)state;
    vm_stop(vm, VM_RESETTING, "by itself");
    life_leave(vm);
    life_destroy(machine);
    life_leave(vm);
    assert_int_equal(pages_free_count(), left);
}

/* What people reset counts as living again. */
static void a_reset_of_the_last_one_keeps_it_on(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    life_end(machine, VM_HALTED);
    assert_int_equal(life_reset(machine), 0);
    assert_int_equal(machine->starts, 2);
    life_keep(false);
    assert_int_equal(life_end(machine, VM_HALTED), END_EXIT);
}

/* There is no page left for the device tree. */
static void a_reset_that_fails_leaves_it_over(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    life_end(machine, VM_HALTED);
    while (pages_alloc(0, PAGES_OWNER_HYP))
        continue;
    assert_int_equal(life_reset(machine), 0);
    assert_string_equal(life_state(machine), "crashed");
    assert_true(machine->is_over);
    assert_int_equal(life_destroy(machine), 0);
    assert_null(life_first());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE_TEST(each_order_in_each_state),
        LIFE_TEST(a_machine_on_its_way_out_takes_no_orders),
        LIFE_TEST(its_name_is_free_before_its_pages),
        LIFE_TEST(its_console_goes_before_its_memory),
        LIFE_TEST(destroyed_while_it_resets_it_does_not_begin),
        LIFE_TEST(a_reset_of_the_last_one_keeps_it_on),
        LIFE_TEST(a_reset_that_fails_leaves_it_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
