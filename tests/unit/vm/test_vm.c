/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a machine between its building and its end: start, stop, leave, reset, and the words
 * for hgatp. Building: test_vm_create.c.
 */
#include "fakes/machine.h"

#include "riscv/csr.h"
#include "vcpu/request.h"

#include <libfdt.h>

#define VCPUS 3

static struct vcpu_home home;
static struct vm *vm;

static int start(void **state)
{
    int err = machine_setup(state);

    if (err)
        return err;
    home = (struct vcpu_home){0};
    vm = machine_add("a", VCPUS, &home);
    return 0;
}

static void starting_lets_the_first_vcpu_run(void **state)
{
    (void)state;
    vm_start(vm);
    assert_int_equal(vm->state, VM_RUNNING);
    assert_int_equal(vm->live_vcpus, VCPUS);
    assert_ptr_equal(home.mail, &vm->vcpus[0]);
    assert_null(home.mail->mail_next);
    assert_int_equal(vm->vcpus[0].hsm_state, SBI_HSM_START_PENDING);
    assert_int_equal(vm->vcpus[0].start_pc, MACHINE_KERNEL);
    assert_int_equal(vm->vcpus[0].start_opaque, vm->fdt);
    assert_int_equal(vm->vcpus[0].requests,
                     VCPU_REQUEST_START | VCPU_REQUEST_FENCE_I | VCPU_REQUEST_FENCE_VVMA);
}

/* The others fetch what was loaded, too, when they are started. */
static void the_others_wait_for_their_start(void **state)
{
    (void)state;
    vm_start(vm);
    for (unsigned i = 1; i < VCPUS; i++) {
        assert_int_equal(vm->vcpus[i].hsm_state, SBI_HSM_STOPPED);
        assert_int_equal(vm->vcpus[i].is_blocked, 1);
        assert_int_equal(vm->vcpus[i].requests, VCPU_REQUEST_FENCE_I | VCPU_REQUEST_FENCE_VVMA);
    }
}

static void the_first_stop_counts(void **state)
{
    (void)state;
    vm_start(vm);
    vm_stop(vm, VM_CRASHED, "pc 0x%lx of %s", 0x1234UL, "vCPU");
    vm_stop(vm, VM_HALTED, "too late");
    vm_stop(vm, VM_RESETTING, "too late");
    assert_int_equal(vm->state, VM_CRASHED);
    assert_string_equal(vm->reason, "pc 0x1234 of vCPU");
}

static void stopping_asks_all_to_leave(void **state)
{
    (void)state;
    vm_start(vm);
    vcpu_take_mail(&home);
    kick_fake.count = 0;
    vm->vcpus[0].in_guest = 1;
    vm_stop(vm, VM_HALTED, "done");
    for (unsigned i = 0; i < VCPUS; i++)
        assert_true(vm->vcpus[i].requests & VCPU_REQUEST_STOP);
    assert_ptr_equal(home.mail, &vm->vcpus[2]);
    assert_ptr_equal(home.mail->mail_next, &vm->vcpus[1]);
    assert_null(home.mail->mail_next->mail_next);
    assert_int_equal(kick_fake.count, 3);
}

static void only_what_runs_is_stopped(void **state)
{
    (void)state;
    vm_stop(vm, VM_HALTED, "not yet");
    assert_int_equal(vm->state, VM_CREATED);
    assert_int_equal(vm->vcpus[0].requests, 0);
    assert_string_equal(vm->reason, "");
}

static void long_reasons_are_cut(void **state)
{
    (void)state;
    vm_start(vm);
    vm_stop(vm, VM_CRASHED, "%200d", 1);
    assert_int_equal(strlen(vm->reason), sizeof(vm->reason) - 1);
}

static void the_last_one_to_leave_knows(void **state)
{
    (void)state;
    vm_start(vm);
    assert_false(vm_leave(vm));
    assert_false(vm_leave(vm));
    assert_true(vm_leave(vm));
}

static void stop_and_leave(void)
{
    vm_stop(vm, VM_RESETTING, "reset");
    for (unsigned i = 0; i < VCPUS; i++)
        vm_leave(vm);
    home.mail = NULL; /* their hart has read it */
}

/* The device tree in the guest's memory, with its seed. */
static const void *read_tree(uint8_t seed[VM_SEED_SIZE])
{
    static uint8_t tree[65536];
    const void *found;
    int chosen, size;

    assert_int_equal(guest_mem_read(&vm->gstage, vm->fdt, tree, 4096), 0);
    assert_int_equal(fdt_check_header(tree), 0);
    assert_true(fdt_totalsize(tree) <= sizeof(tree));
    assert_int_equal(guest_mem_read(&vm->gstage, vm->fdt, tree, fdt_totalsize(tree)), 0);
    chosen = fdt_path_offset(tree, "/chosen");
    found = fdt_getprop(tree, chosen, "rng-seed", &size);
    assert_int_equal(size, VM_SEED_SIZE);
    memcpy(seed, found, VM_SEED_SIZE);
    return tree;
}

static void reset_loads_the_guest_again(void **state)
{
    uint8_t bytes[sizeof(machine_kernel)];

    (void)state;
    vm_start(vm);
    assert_int_equal(guest_mem_clear(&vm->gstage, MACHINE_KERNEL, sizeof(bytes)), 0);
    assert_int_equal(guest_mem_clear(&vm->gstage, vm->fdt, 4096), 0);
    stop_and_leave();
    trace_reset();
    vscsr_hart.time = 99999;
    assert_int_equal(vm_reset(vm), 0);
    trace_check("fence.i");
    assert_int_equal(guest_mem_read(&vm->gstage, MACHINE_KERNEL, bytes, sizeof(bytes)), 0);
    assert_memory_equal(bytes, machine_kernel, sizeof(bytes));
    read_tree(bytes);
    assert_int_equal(vm->start_time, 99999); /* its clock begins at 0 again */
}

/* The same random numbers twice would be worse than none. */
static void each_start_has_another_seed(void **state)
{
    uint8_t seeds[4][VM_SEED_SIZE];

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(seeds); i++) {
        read_tree(seeds[i]);
        for (unsigned j = 0; j < i; j++) {
            assert_memory_not_equal(seeds[i], seeds[j], VM_SEED_SIZE / 2);
            assert_memory_not_equal(seeds[i] + VM_SEED_SIZE / 2, seeds[j], VM_SEED_SIZE / 2);
            assert_memory_not_equal(seeds[i] + VM_SEED_SIZE / 2, seeds[j] + VM_SEED_SIZE / 2,
                                    VM_SEED_SIZE / 2);
        }
        vm_start(vm);
        stop_and_leave();
        assert_int_equal(vm_reset(vm), 0);
    }
}

static void reset_forgets_vcpus_and_devices(void **state)
{
    uint64_t value;

    (void)state;
    vm_start(vm);
    vm->vcpus[1].hsm_state = SBI_HSM_SUSPENDED;
    vm->vcpus[1].regs.x[REG_SP] = 5;
    vm->vcpus[2].pending.changed = HVIP_VSSIP;
    assert_true(bus_write(&vm->bus, BOARD_UART_BASE + 7, 1, 0x42)); /* SCR */
    assert_true(bus_write(&vm->bus, BOARD_PLIC_BASE + 4, 4, 3));
    stop_and_leave();
    assert_int_equal(vm_reset(vm), 0);
    for (unsigned i = 0; i < VCPUS; i++) {
        assert_int_equal(vm->vcpus[i].hsm_state, SBI_HSM_STOPPED);
        assert_int_equal(vm->vcpus[i].requests, 0);
        assert_int_equal(vm->vcpus[i].pending.changed, 0);
        assert_int_equal(vm->vcpus[i].regs.x[REG_SP], 0);
    }
    assert_true(bus_read(&vm->bus, BOARD_UART_BASE + 7, 1, &value));
    assert_int_equal(value, 0);
    assert_true(bus_read(&vm->bus, BOARD_PLIC_BASE + 4, 4, &value));
    assert_int_equal(value, 0);
    assert_null(home.mail);
    vm_start(vm);
    assert_ptr_equal(home.mail, &vm->vcpus[0]);
}

static void a_reset_needs_and_keeps_no_pages(void **state)
{
    uint64_t before = pages_free_count();

    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        vm_start(vm);
        stop_and_leave();
        assert_int_equal(vm_reset(vm), 0);
        assert_int_equal(pages_free_count(), before);
    }
    vm_start(vm);
    stop_and_leave();
    while (pages_alloc(0, PAGES_OWNER_HYP))
        continue;
    assert_int_not_equal(vm_reset(vm), 0); /* the buffer of its device tree */
    assert_int_equal(pages_free_count(), 0);
}

/* One VMID a vCPU, the VM's table, guest time from 0. */
static void binding_makes_the_word_for_hgatp(void **state)
{
    struct vmid_pool pool;

    (void)state;
    vmid_pool_init(&pool, 2, 0);
    vm->start_time = 123;
    for (unsigned i = 0; i < VCPUS; i++) {
        struct vcpu *vcpu = &vm->vcpus[i];

        assert_int_equal(vm_bind(vcpu, &pool), i == 0);
        assert_int_equal(field_get(HGATP_MODE, vcpu->csrs.hgatp), HGATP_MODE_SV39X4);
        assert_int_equal(field_get(HGATP_PPN, vcpu->csrs.hgatp), vm->gstage.root >> PAGE_SHIFT);
        assert_int_equal(field_get(HGATP_VMID, vcpu->csrs.hgatp), i);
        assert_int_equal(vcpu->csrs.htimedelta, -123UL);
    }
    assert_false(vm_bind(&vm->vcpus[0], &pool));
    assert_int_equal(field_get(HGATP_VMID, vm->vcpus[0].csrs.hgatp), 0);
}

static void without_vmids_each_binding_drops(void **state)
{
    struct vmid_pool pool;

    (void)state;
    vmid_pool_init(&pool, 0, 0);
    for (unsigned turn = 0; turn < 3; turn++) {
        assert_true(vm_bind(&vm->vcpus[0], &pool));
        assert_true(vm_bind(&vm->vcpus[1], &pool));
        assert_int_equal(field_get(HGATP_VMID, vm->vcpus[1].csrs.hgatp), 0);
    }
}

/* On another hart a vCPU gets another VMID; coming back it is not trusted any more. */
static void moving_to_another_hart_rebinds(void **state)
{
    struct vmid_pool here, there;

    (void)state;
    vmid_pool_init(&here, 14, 0);
    vmid_pool_init(&there, 14, 1);
    assert_true(vm_bind(&vm->vcpus[0], &here));
    assert_true(vm_bind(&vm->vcpus[1], &there));
    assert_false(vm_bind(&vm->vcpus[0], &there));
    assert_int_equal(field_get(HGATP_VMID, vm->vcpus[0].csrs.hgatp), 1);
    assert_false(vm_bind(&vm->vcpus[0], &here));
    assert_int_equal(field_get(HGATP_VMID, vm->vcpus[0].csrs.hgatp), 1);
}

#define VM_TEST(test) cmocka_unit_test_setup_teardown(test, start, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VM_TEST(starting_lets_the_first_vcpu_run),
        VM_TEST(the_others_wait_for_their_start),
        VM_TEST(the_first_stop_counts),
        VM_TEST(stopping_asks_all_to_leave),
        VM_TEST(only_what_runs_is_stopped),
        VM_TEST(long_reasons_are_cut),
        VM_TEST(the_last_one_to_leave_knows),
        VM_TEST(reset_loads_the_guest_again),
        VM_TEST(each_start_has_another_seed),
        VM_TEST(reset_forgets_vcpus_and_devices),
        VM_TEST(a_reset_needs_and_keeps_no_pages),
        VM_TEST(binding_makes_the_word_for_hgatp),
        VM_TEST(without_vmids_each_binding_drops),
        VM_TEST(moving_to_another_hart_rebinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
