/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ends of machines: what is said, what the whole machine's exit status is, who begins again.
 */
#include "sched/life.h"

#include "hart_fixture.h"

/* Ends one VM of one vCPU. */
struct ending {
    struct vm *vm;
    enum vm_state state;
};

static void leave(void *argument)
{
    const struct ending *ending = argument;

    vm_stop(ending->vm, ending->state, "by state %d", ending->state);
    for (uint32_t i = 0; i < ending->vm->vcpu_count; i++)
        life_leave(ending->vm);
}

static enum end end_vm(struct vm *vm, enum vm_state state)
{
    struct ending ending = {vm, state};

    return end_of(leave, &ending);
}

/* VMs of one vCPU end one after the other in these states; what the machine's status is then. */
static enum platform_status status_after(bool was_refused, const enum vm_state *states,
                                         unsigned count)
{
    struct vm *vms[MACHINE_VMS_MAX];

    life_init(count, was_refused);
    for (unsigned i = 0; i < count; i++)
        vms[i] = hart_add("vm", 1, &hart);
    for (unsigned i = 0; i + 1 < count; i++)
        assert_int_equal(end_vm(vms[i], states[i]), END_RETURNED);
    assert_int_equal(end_vm(vms[count - 1], states[count - 1]), END_EXIT);
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
        hart_setup(state);
    }
}

static void init_without_vms(void *was_refused)
{
    life_init(0, *(bool *)was_refused);
}

static void without_machines_it_ends_at_once(void **state)
{
    bool was_refused = false;

    (void)state;
    assert_int_equal(end_of(init_without_vms, &was_refused), END_EXIT);
    assert_int_equal(board_fake.status, PLATFORM_OK);
    was_refused = true;
    assert_int_equal(end_of(init_without_vms, &was_refused), END_EXIT);
    assert_int_equal(board_fake.status, PLATFORM_REFUSED);
}

static void each_end_is_reported(void **state)
{
    struct vm *first = hart_add("first", 1, &hart), *second = hart_add("second", 1, &hart);

    (void)state;
    life_init(2, false);
    assert_int_equal(end_vm(second, VM_CRASHED), END_RETURNED);
    assert_int_equal(machine_ttys[0].flushes, 0);
    assert_int_equal(machine_ttys[1].flushes, 1); /* its last words first */
    assert_string_equal(printed, "understudy: error: second: by state 4\n");
    printed[0] = '\0';
    assert_int_equal(end_vm(first, VM_HALTED), END_EXIT);
    assert_string_equal(printed, "understudy: first: by state 2\n");
}

/* And at each reset: what is counted is one life. */
static void counts_go_to_their_port_at_each_end(void **state)
{
    struct vm *vm;

    (void)state;
    machine_counts = true;
    vm = hart_add("a", 1, &hart);
    life_init(1, false);
    assert_int_equal(end_vm(vm, VM_RESETTING), END_RETURNED);
    vcpu_take_mail(&hart.home);
    assert_int_equal(end_vm(vm, VM_HALTED), END_EXIT);
    assert_string_equal(board_fake.port_text, "{\"vm\": \"a\", \"end\": \"by state 3\", \"vcpus\": "
                                              "[{\"id\": 0, \"exits\": []}]}\n"
                                              "{\"vm\": \"a\", \"end\": \"by state 2\", \"vcpus\": "
                                              "[{\"id\": 0, \"exits\": []}]}\n");
}

/* Before the last vCPU has left, its machine is still there. */
static void the_last_vcpu_closes_the_door(void **state)
{
    struct vm *vm = hart_add("a", 3, &hart);

    (void)state;
    life_init(1, false);
    vm_stop(vm, VM_HALTED, "done");
    life_leave(vm);
    life_leave(vm);
    assert_string_equal(printed, "");
    vm->live_vcpus = 3;
    assert_int_equal(end_vm(vm, VM_HALTED), END_EXIT);
    assert_string_equal(printed, "understudy: a: done\n");
}

static void a_reset_is_no_end(void **state)
{
    struct vm *vm = hart_add("a", 2, &hart);

    (void)state;
    life_init(1, false);
    for (unsigned i = 0; i < 3; i++) {
        vcpu_take_mail(&hart.home);
        assert_int_equal(end_vm(vm, VM_RESETTING), END_RETURNED);
        assert_int_equal(vm->state, VM_RUNNING);
        assert_int_equal(vm->live_vcpus, 2);
        assert_ptr_equal(hart.home.mail, &vm->vcpus[0]);
        assert_int_equal(vm->vcpus[0].hsm_state, SBI_HSM_START_PENDING);
        assert_int_equal(vm->vcpus[1].hsm_state, SBI_HSM_STOPPED);
    }
    assert_string_equal(printed, "");
    assert_int_equal(end_vm(vm, VM_CRASHED), END_EXIT);
}

/* There is no page left for the device tree: the machine cannot begin again, and does not. */
static void a_reset_that_fails_is_an_end(void **state)
{
    struct vm *vm = hart_add("a", 1, &hart);

    (void)state;
    life_init(1, false);
    while (pages_alloc(0, PAGES_OWNER_HYP))
        continue;
    assert_int_equal(end_vm(vm, VM_RESETTING), END_EXIT);
    assert_int_not_equal(vm->state, VM_RUNNING);
    assert_int_equal(board_fake.status, PLATFORM_CRASHED);
}

#define LIFE_TEST(test) cmocka_unit_test_setup_teardown(test, hart_setup, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE_TEST(the_worst_status_counts),       LIFE_TEST(without_machines_it_ends_at_once),
        LIFE_TEST(each_end_is_reported),          LIFE_TEST(counts_go_to_their_port_at_each_end),
        LIFE_TEST(the_last_vcpu_closes_the_door), LIFE_TEST(a_reset_is_no_end),
        LIFE_TEST(a_reset_that_fails_is_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
