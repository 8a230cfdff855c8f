/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ends that guests come to: what is said, what the whole machine's exit status is, who begins
 * again.
 */
#include "life_fixture.h"

#include <pthread.h>
#include <unistd.h>

/* VMs of one vCPU end one after the other in these states; what the machine's status is then. */
static enum platform_status status_after(bool was_refused, const enum vm_state *states,
                                         unsigned count)
{
    struct machine *machines[MACHINE_VMS_MAX];

    if (was_refused)
        life_worsen(PLATFORM_REFUSED);
    for (unsigned i = 0; i < count; i++) {
        char name[] = {(char)('a' + (int)i), '\0'};

        machines[i] = life_started(name, 1);
    }
    life_keep(false);
    for (unsigned i = 0; i + 1 < count; i++)
        assert_int_equal(life_end(machines[i], states[i]), END_RETURNED);
    assert_int_equal(life_end(machines[count - 1], states[count - 1]), END_EXIT);
    return board_fake.status;
}

struct row {
    bool was_refused;
    unsigned count;
    enum vm_state states[3];
    enum platform_status status;
};

static const struct row rows[] = {
    {false, 1, {VM_HALTED}, PLATFORM_OK},
    {false, 1, {VM_CRASHED}, PLATFORM_CRASHED},
    {false, 3, {VM_HALTED, VM_HALTED, VM_HALTED}, PLATFORM_OK},
    {false, 3, {VM_CRASHED, VM_HALTED, VM_HALTED}, PLATFORM_CRASHED},
    {false, 3, {VM_HALTED, VM_HALTED, VM_CRASHED}, PLATFORM_CRASHED},
    {false, 2, {VM_CRASHED, VM_CRASHED}, PLATFORM_CRASHED},
    /* A VM of the bundle was refused: the worst counts. */
    {true, 1, {VM_HALTED}, PLATFORM_REFUSED},
    {true, 2, {VM_HALTED, VM_HALTED}, PLATFORM_REFUSED},
    {true, 2, {VM_HALTED, VM_CRASHED}, PLATFORM_CRASHED},
};

static void the_worst_status_counts(void **state)
{
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(status_after(rows[i].was_refused, rows[i].states, rows[i].count),
                         rows[i].status);
        machine_teardown(state);
        life_setup(state);
    }
}

static void keep_no_more(void *argument)
{
    (void)argument;
    life_keep(false);
}

static void without_machines_it_ends_at_once(void **state)
{
    (void)state;
    assert_int_equal(end_of(keep_no_more, NULL), END_EXIT);
    assert_int_equal(board_fake.status, PLATFORM_OK);
    life_worsen(PLATFORM_REFUSED);
    assert_int_equal(end_of(keep_no_more, NULL), END_EXIT);
    assert_int_equal(board_fake.status, PLATFORM_REFUSED);
}

/* A machine that was never started keeps nobody waiting. */
static void a_created_machine_is_no_reason_to_stay(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    life_created("b", 1);
    life_keep(false);
    assert_int_equal(life_end(machine, VM_HALTED), END_EXIT);
}

static void kept_it_stays_on(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    assert_int_equal(life_end(machine, VM_CRASHED), END_RETURNED);
    assert_string_equal(life_state(machine), "crashed");
    assert_ptr_equal(life_find("a"), machine); /* for who asks why */
    assert_int_equal(end_of(keep_no_more, NULL), END_EXIT);
    assert_int_equal(board_fake.status, PLATFORM_CRASHED);
}

static void each_end_is_reported(void **state)
{
    struct machine *first = life_started("first", 1), *second = life_started("second", 1);

    (void)state;
    assert_int_equal(life_end(second, VM_CRASHED), END_RETURNED);
    assert_string_equal(lives_printed, "understudy: error: second: by state 5\n");
    lives_printed[0] = '\0';
    assert_int_equal(life_end(first, VM_HALTED), END_RETURNED);
    assert_string_equal(lives_printed, "understudy: first: by state 3\n");
}

static struct machine *meanwhile; /* what ends on another hart after the first line of a report */
static pthread_t other;

static void *leave_by_a_crash(void *argument)
{
    struct vm *vm = ((struct machine *)argument)->vm;

    vm_crash(vm->vcpus, &(struct trap){.scause = 2, .insn_len = 4}, "why");
    life_leave(vm);
    return NULL;
}

/* The other hart has a while to say what it likes. */
static void interrupted_sink(const char *text, size_t length)
{
    struct machine *machine = __atomic_exchange_n(&meanwhile, NULL, __ATOMIC_SEQ_CST);

    strncat(lives_printed, text, length);
    if (machine) {
        assert_int_equal(pthread_create(&other, NULL, leave_by_a_crash, machine), 0);
        usleep(50000);
    }
}

static void reports_of_two_harts_are_not_mixed(void **state)
{
    struct machine *first = life_started("first", 1), *second = life_started("second", 1);

    (void)state;
    life_started("third", 1);
    vcpu_take_mail(&home);
    meanwhile = second;
    print_set_sink(interrupted_sink);
    leave_by_a_crash(first);
    pthread_join(other, NULL);
    assert_memory_equal(lives_printed, "understudy: error: first: why\n", 30);
    assert_true(strstr(lives_printed, "its own last trap") < strstr(lives_printed, "second: why"));
    assert_null(strstr(strstr(lives_printed, "second: why"), "first"));
    assert_non_null(strstr(strstr(lives_printed, "second: why"), "its own last trap"));
}

/* And at each reset: what is counted is one life. */
static void counts_go_to_their_port_at_each_end(void **state)
{
    struct machine *machine;

    (void)state;
    platform.bootargs = "stats";
    machine = life_started("a", 1);
    assert_int_equal(life_end(machine, VM_RESETTING), END_RETURNED);
    assert_int_equal(life_end(machine, VM_HALTED), END_RETURNED);
    assert_string_equal(board_fake.port_text, "{\"vm\": \"a\", \"end\": \"by state 4\", \"vcpus\": "
                                              "[{\"id\": 0, \"exits\": []}]}\n"
                                              "{\"vm\": \"a\", \"end\": \"by state 3\", \"vcpus\": "
                                              "[{\"id\": 0, \"exits\": []}]}\n");
}

/* Before the last vCPU has left, its machine is still there. */
static void the_last_vcpu_closes_the_door(void **state)
{
    struct machine *machine = life_started("a", 3);

    (void)state;
    vm_stop(machine->vm, VM_HALTED, "done");
    life_leave(machine->vm);
    life_leave(machine->vm);
    assert_string_equal(lives_printed, "");
    assert_false(machine->is_over);
    life_leave(machine->vm);
    assert_string_equal(lives_printed, "understudy: a: done\n");
    assert_true(machine->is_over);
}

static void a_reset_is_no_end(void **state)
{
    struct machine *machine = life_started("a", 2);
    struct vm *vm = machine->vm;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(life_end(machine, VM_RESETTING), END_RETURNED);
        assert_int_equal(vm->state, VM_RUNNING);
        assert_int_equal(vm->live_vcpus, 2);
        assert_ptr_equal(home.mail, &vm->vcpus[0]);
        assert_int_equal(vm->vcpus[0].hsm_state, SBI_HSM_START_PENDING);
        assert_int_equal(vm->vcpus[1].hsm_state, SBI_HSM_STOPPED);
    }
    assert_string_equal(lives_printed, "");
    assert_int_equal(machine->starts, 4);
}

/* There is no page left for the device tree: the machine cannot begin again, and does not. */
static void a_reset_that_fails_is_an_end(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    life_keep(false);
    while (pages_alloc(0, PAGES_OWNER_HYP))
        continue;
    assert_int_equal(life_end(machine, VM_RESETTING), END_EXIT);
    assert_int_equal(machine->vm->state, VM_CRASHED);
    assert_int_equal(board_fake.status, PLATFORM_CRASHED);
}

static struct machine *started_with(enum vm_restart restart)
{
    struct vm_config config = machine_config("a", 1);
    struct machine *machine;

    config.restart = restart;
    machine = lives_add(&config, &home);
    life_start(machine);
    return machine;
}

/* The VM lives for `seconds`, ends in `state`, and then is in state `then`. */
static void expect_after(struct machine *machine, unsigned seconds, enum vm_state state,
                         const char *then)
{
    vscsr_hart.time += (uint64_t)seconds * caps.timebase;
    assert_int_equal(life_end(machine, state), END_RETURNED);
    assert_string_equal(life_state(machine), then);
    lives_printed[0] = '\0';
}

static void its_policy_says_whether_it_begins_again(void **state)
{
    struct machine *machine = started_with(VM_RESTART_ON_CRASH);

    (void)state;
    expect_after(machine, 2, VM_CRASHED, "running");
    expect_after(machine, 2, VM_HALTED, "halted");
    assert_int_equal(machine->starts, 2);
    life_destroy(machine);
    machine = started_with(VM_RESTART_ALWAYS);
    expect_after(machine, 2, VM_CRASHED, "running");
    expect_after(machine, 2, VM_HALTED, "running");
    assert_int_equal(machine->starts, 3);
}

/* A crash is told each time, and counts for the exit status. */
static void a_restart_is_told(void **state)
{
    struct machine *machine = started_with(VM_RESTART_ON_CRASH);

    (void)state;
    vscsr_hart.time += 2 * (uint64_t)caps.timebase;
    assert_int_equal(life_end(machine, VM_CRASHED), END_RETURNED);
    assert_string_equal(lives_printed, "understudy: error: a: by state 5\n");
    life_keep(false);
    assert_int_equal(life_end(machine, VM_HALTED), END_EXIT);
    assert_int_equal(board_fake.status, PLATFORM_CRASHED);
}

/* One long life starts the count anew. */
static void too_many_short_lives_are_enough(void **state)
{
    struct machine *machine = started_with(VM_RESTART_ALWAYS);

    (void)state;
    for (unsigned i = 1; i < LIFE_SHORT_LIVES_MAX; i++)
        expect_after(machine, 0, VM_CRASHED, "running");
    expect_after(machine, LIFE_SHORT, VM_CRASHED, "running");
    for (unsigned i = 1; i < LIFE_SHORT_LIVES_MAX; i++)
        expect_after(machine, 0, VM_HALTED, "running");
    assert_int_equal(life_end(machine, VM_HALTED), END_RETURNED);
    assert_string_equal(lives_printed,
                        "understudy: a: ended at once 5 times in a row: not restarted\n"
                        "understudy: a: by state 3\n");
    assert_true(machine->is_over);
}

static void destroyed_it_is_not_restarted(void **state)
{
    uint64_t left = pages_free_count();
    struct machine *machine = started_with(VM_RESTART_ALWAYS);
    struct vm *vm = machine->vm;

    (void)state;
    life_destroy(machine);
    life_leave_all(vm);
    assert_int_equal(pages_free_count(), left);
    assert_string_equal(lives_printed, "understudy: a: destroyed\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE_TEST(the_worst_status_counts),
        LIFE_TEST(without_machines_it_ends_at_once),
        LIFE_TEST(a_created_machine_is_no_reason_to_stay),
        LIFE_TEST(kept_it_stays_on),
        LIFE_TEST(each_end_is_reported),
        LIFE_TEST(reports_of_two_harts_are_not_mixed),
        LIFE_TEST(counts_go_to_their_port_at_each_end),
        LIFE_TEST(the_last_vcpu_closes_the_door),
        LIFE_TEST(a_reset_is_no_end),
        LIFE_TEST(a_reset_that_fails_is_an_end),
        LIFE_TEST(its_policy_says_whether_it_begins_again),
        LIFE_TEST(a_restart_is_told),
        LIFE_TEST(too_many_short_lives_are_enough),
        LIFE_TEST(destroyed_it_is_not_restarted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
