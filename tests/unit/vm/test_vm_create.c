/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Building a machine and taking it apart: what is where, and no page lost, wherever the building
 * stops.
 */
#include "fakes/machine.h"

#include "lib/err.h"
#include "riscv/csr.h"

#define MIB (1UL << 20)

static struct tty_fake tty;
static struct vm *vm;
static struct refusal refusal;

static int create(const struct vm_config *config)
{
    struct vm_backs backs = {.console = &tty.tty};

    tty_init(&tty);
    refusal.text[0] = '\0';
    vm = (struct vm *)1;
    return vm_create(config, 3, &backs, &vm, &refusal);
}

static void a_machine_is_built(void **state)
{
    struct vm_config config = machine_config("one", 5);

    (void)state;
    assert_int_equal(create(&config), 0);
    assert_int_equal(vm->id, 3);
    assert_string_equal(vm->name, "one");
    assert_int_equal(vm->state, VM_CREATED);
    assert_int_equal(vm->vcpu_count, 5);
    assert_int_equal(vm->entry, MACHINE_KERNEL);
    assert_int_equal(vm->start_time, vscsr_hart.time);
    trace_check("fence.i");
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(vm->vcpus[i].id, i);
        assert_ptr_equal(vm->vcpus[i].vm, vm);
        assert_null(vm->vcpus[i].home);
        assert_int_equal(vm->vcpus[i].hsm_state, SBI_HSM_STOPPED);
        assert_int_equal(vm->vcpus[i].is_blocked, 1);
    }
}

static bool overlap(const void *a, size_t a_size, const void *b, size_t b_size)
{
    return (uintptr_t)a < (uintptr_t)b + b_size && (uintptr_t)b < (uintptr_t)a + a_size;
}

/* Each part of the one block is aligned and has its place to itself. */
static void the_parts_are_apart(void **state)
{
    struct vm_config config = machine_config("parts", 9);
    const size_t vector_size = 32 * caps.vlenb;

    (void)state;
    assert_int_equal(create(&config), 0);
    struct {
        const void *start;
        size_t size;
    } parts[] = {
        {vm, sizeof(*vm)},
        {vm->vcpus, 9 * sizeof(*vm->vcpus)},
        {vm->vmids, 9 * sizeof(*vm->vmids)},
        {vm->contexts, 18 * sizeof(*vm->contexts)},
        {vm->vcpus[0].vector.registers, 9 * vector_size},
    };
    for (unsigned i = 0; i < ARRAY_SIZE(parts); i++) {
        assert_int_equal((uintptr_t)parts[i].start % 64, 0);
        for (unsigned j = 0; j < i; j++)
            assert_false(overlap(parts[i].start, parts[i].size, parts[j].start, parts[j].size));
    }
    for (unsigned i = 0; i < 9; i++)
        assert_ptr_equal(vm->vcpus[i].vector.registers,
                         (uint8_t *)vm->vcpus[0].vector.registers + i * vector_size);
}

static void without_v_there_is_no_place_for_it(void **state)
{
    struct vm_config config = machine_config("novec", 1);

    (void)state;
    caps.v = false;
    caps.vlenb = 0;
    assert_int_equal(create(&config), 0);
    assert_null(vm->vcpus[0].vector.registers);
}

static void a_long_name_is_cut(void **state)
{
    struct vm_config config = machine_config("0123456789abcdef0123456789abcdefgh", 1);

    (void)state;
    assert_int_equal(create(&config), 0);
    assert_string_equal(vm->name, "0123456789abcdef0123456789abcde");
}

static void all_pages_come_back(void **state)
{
    const uint32_t vcpus[] = {1, 2, 64, 512};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(vcpus); i++) {
        uint64_t before = pages_free_count();
        struct vm_config config = machine_config("back", vcpus[i]);

        assert_int_equal(create(&config), 0);
        assert_true(pages_free_count() < before - MACHINE_RAM / PAGE_SIZE);
        vm_destroy(vm);
        assert_int_equal(pages_free_count(), before);
    }
}

/* What a VM had in its memory, nobody finds there. */
static void destroying_leaves_no_traces(void **state)
{
    struct vm_config config = machine_config("secret", 1);
    struct gstage_leaf leaf;
    const uint64_t *words;

    (void)state;
    assert_int_equal(create(&config), 0);
    assert_true(gstage_walk(&vm->gstage, BOARD_RAM_BASE, &leaf));
    memset((void *)leaf.hpa, 0x77, 2 * MIB);
    vm_destroy(vm);
    words = (const uint64_t *)leaf.hpa;
    for (unsigned i = 0; i < 2 * MIB / sizeof(*words); i++)
        assert_int_not_equal(words[i], 0x7777777777777777);
}

/* With each number of pages that is not enough, and some that are. */
static void no_page_is_lost_where_it_fails(void **state)
{
    struct vm_config config = machine_config("poor", 2);
    unsigned refused = 0, built = 0;

    (void)state;
    for (uint64_t pages = 3; pages < 1080; pages += pages < 40 || pages > 1010 ? 1 : 19) {
        uint64_t before;

        pages_init();
        assert_int_equal(pages_add((uintptr_t)machine_pool, pages * PAGE_SIZE), 0);
        before = pages_free_count();
        if (create(&config) == 0) {
            built++;
            vm_destroy(vm);
        } else {
            refused++;
            assert_null(vm);
            assert_int_not_equal(refusal.text[0], '\0');
        }
        assert_int_equal(pages_free_count(), before);
    }
    assert_true(refused > 60);
    assert_true(built > 20);
}

static void expect_refused(const struct vm_config *config, int err, const char *text)
{
    uint64_t before = pages_free_count();

    assert_int_equal(create(config), err);
    assert_null(vm);
    assert_string_equal(refusal.text, text);
    assert_int_equal(pages_free_count(), before);
}

static void refusals_say_why(void **state)
{
    struct vm_config config = machine_config("no", 1);

    (void)state;
    config.memory = 64 * MIB;
    expect_refused(&config, ERR_NO_MEMORY, "memory of 64 MiB is more than the 31 MiB left");
    config = machine_config("no", 1);
    config.kernel_size = 16;
    config.kernel_is_raw = false;
    assert_int_not_equal(create(&config), 0);
    assert_null(vm);
    while (pages_alloc(1, PAGES_OWNER_HYP))
        continue;
    config = machine_config("no", 1);
    expect_refused(&config, ERR_NO_MEMORY, "no memory for its vCPUs");
}

#define CREATE_TEST(test) cmocka_unit_test_setup_teardown(test, machine_setup, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CREATE_TEST(a_machine_is_built),
        CREATE_TEST(the_parts_are_apart),
        CREATE_TEST(without_v_there_is_no_place_for_it),
        CREATE_TEST(a_long_name_is_cut),
        CREATE_TEST(all_pages_come_back),
        CREATE_TEST(destroying_leaves_no_traces),
        CREATE_TEST(no_page_is_lost_where_it_fails),
        CREATE_TEST(refusals_say_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
