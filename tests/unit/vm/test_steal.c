/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands in the guest's 64 bytes, and when it changes.
 */
#include "vm/steal.h"

#include "fakes/machine.h"
#include "lib/err.h"

#define HERE (MACHINE_KERNEL + 0x1000)
#define NS   1000UL /* in one tick of fakes/caps.h's timebase */

/* SBI 16.1, table "STA Shared Memory Structure" */
struct sta {
    uint32_t sequence;
    uint32_t flags;
    uint64_t steal;
    uint8_t preempted;
    uint8_t pad[47];
};

static struct vcpu_home home;
static struct vm *vm;
static struct vcpu *vcpu;

static int start(void **state)
{
    static const uint8_t dirt[3 * STEAL_SIZE] = {[0 ... 3 * STEAL_SIZE - 1] = 0x5a};
    int err = machine_setup(state);

    if (err)
        return err;
    vm = machine_add("a", 1, &home);
    vcpu = &vm->vcpus[0];
    return guest_mem_write(&vm->gstage, HERE - STEAL_SIZE, dirt, sizeof(dirt));
}

static struct sta told_at(gpa_t gpa)
{
    struct sta sta;

    assert_int_equal(guest_mem_read(&vm->gstage, gpa, &sta, sizeof(sta)), 0);
    return sta;
}

static void expect_told(uint32_t sequence, uint64_t steal, uint8_t preempted)
{
    struct sta sta = told_at(HERE);

    assert_int_equal(sta.sequence, sequence);
    assert_int_equal(sta.steal, steal);
    assert_int_equal(sta.preempted, preempted);
    assert_int_equal(sta.flags, 0);
    for (unsigned i = 0; i < sizeof(sta.pad); i++)
        assert_int_equal(sta.pad[i], 0);
    assert_int_equal(told_at(HERE - STEAL_SIZE).pad[46], 0x5a);
    assert_int_equal(told_at(HERE + STEAL_SIZE).sequence, 0x5a5a5a5a);
}

static void the_place_is_zeroed(void **state)
{
    (void)state;
    assert_int_equal(steal_tell(vcpu, HERE), 0);
    expect_told(0, 0, 0);
}

static void a_turn_of_another_is_stolen(void **state)
{
    (void)state;
    steal_tell(vcpu, HERE);
    steal_begin(vcpu, 5000);
    expect_told(0, 0, 1);
    steal_end(vcpu, 5010);
    expect_told(2, 10 * NS, 0);
    steal_begin(vcpu, 9000);
    expect_told(2, 10 * NS, 1);
    steal_end(vcpu, 9003);
    expect_told(4, 13 * NS, 0);
}

/* Time that is no multiple of ns is not lost by overflow. */
static void long_times_are_exact(void **state)
{
    (void)state;
    caps.timebase = 3;
    steal_tell(vcpu, HERE);
    steal_begin(vcpu, 0);
    steal_end(vcpu, 3UL * 1000000000 + 1);
    expect_told(2, 1000000000333333333, 0);
}

/* What is told is ours; the guest's own stores there do not last. */
static void the_guests_stores_mislead_nobody(void **state)
{
    static const struct sta wrong = {.sequence = 77, .steal = 88, .preempted = 99};

    (void)state;
    steal_tell(vcpu, HERE);
    steal_begin(vcpu, 100);
    guest_mem_write(&vm->gstage, HERE, &wrong, sizeof(wrong));
    steal_end(vcpu, 101);
    expect_told(2, NS, 0);
}

static void nowhere_nothing_is_told(void **state)
{
    (void)state;
    steal_begin(vcpu, 100);
    steal_end(vcpu, 200);
    steal_tell(vcpu, HERE);
    steal_begin(vcpu, 300);
    steal_end(vcpu, 301);
    assert_int_equal(steal_tell(vcpu, VCPU_STEAL_NOWHERE), 0);
    steal_begin(vcpu, 400);
    steal_end(vcpu, 500);
    expect_told(2, NS, 0);
    steal_tell(vcpu, HERE); /* counted anew */
    expect_told(0, 0, 0);
}

static void what_is_no_memory_is_refused(void **state)
{
    (void)state;
    steal_tell(vcpu, HERE);
    assert_int_equal(steal_tell(vcpu, BOARD_RAM_BASE + MACHINE_RAM - 32), ERR_RANGE);
    assert_int_equal(steal_tell(vcpu, 0), ERR_RANGE);
    assert_int_equal(steal_tell(vcpu, -64UL), ERR_RANGE);
    assert_int_equal(vcpu->steal.gpa, HERE);
}

static void a_place_that_went_away_is_left_alone(void **state)
{
    (void)state;
    steal_tell(vcpu, HERE);
    assert_int_equal(gstage_unmap(&vm->gstage, HERE, 4096), 0);
    steal_begin(vcpu, 100);
    steal_end(vcpu, 101);
    assert_int_equal(vcpu->steal.stolen_ns, NS);
}

static void a_reset_turns_it_off(void **state)
{
    (void)state;
    steal_tell(vcpu, HERE);
    assert_int_equal(vm_reset(vm), 0);
    assert_int_equal(vcpu->steal.gpa, VCPU_STEAL_NOWHERE);
    assert_int_equal(vcpu->steal.stolen_ns, 0);
}

#define VM_TEST(test) cmocka_unit_test_setup_teardown(test, start, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VM_TEST(the_place_is_zeroed),
        VM_TEST(a_turn_of_another_is_stolen),
        VM_TEST(long_times_are_exact),
        VM_TEST(the_guests_stores_mislead_nobody),
        VM_TEST(nowhere_nothing_is_told),
        VM_TEST(what_is_no_memory_is_refused),
        VM_TEST(a_place_that_went_away_is_left_alone),
        VM_TEST(a_reset_turns_it_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
