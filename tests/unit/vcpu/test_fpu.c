/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which values a hart's F, D and V registers hold, and when they move.
 */
#include "vcpu/fpu.h"

#include "fakes/caps.h"
#include "fakes/fpu_regs.h"
#include "lib/bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VCPUS 4
#define HARTS 2
#define DIRTY (SSTATUS_SD | SSTATUS_FS)

static struct vcpu_home homes[HARTS];
static struct fpu_regs_hart harts[HARTS]; /* fpu_regs_hart of each while the other's is in use */
static struct vcpu vcpus[VCPUS];
static uint8_t v[VCPUS][sizeof(fpu_regs_hart.v)];

static int start(void **state)
{
    (void)state;
    caps_reset();
    for (unsigned i = 0; i < HARTS; i++)
        homes[i] = (struct vcpu_home){.fp_values = FPU_UNKNOWN};
    memset(harts, 0x77, sizeof(harts));
    memset(&fpu_regs_hart, 0x77, sizeof(fpu_regs_hart));
    fpu_regs_hart.fp_loads = fpu_regs_hart.fp_saves = 0;
    fpu_regs_hart.vector_loads = fpu_regs_hart.vector_saves = 0;
    memset(vcpus, 0, sizeof(vcpus));
    for (unsigned i = 0; i < VCPUS; i++) {
        vcpus[i].home = &homes[0];
        vcpus[i].vector.registers = v[i];
        fpu_reset(&vcpus[i]);
    }
    return 0;
}

/* The guest writes its registers. */
static void use(struct vcpu *vcpu, uint64_t value)
{
    fpu_regs_hart.fp.f[31] = value;
    fpu_regs_hart.vector.vl = value;
    memset(fpu_regs_hart.v, (int)value, sizeof(fpu_regs_hart.v));
    vcpu->regs.sstatus |= DIRTY;
}

static void expect_in_hart(uint64_t value)
{
    assert_int_equal(fpu_regs_hart.fp.f[31], value);
    assert_int_equal(fpu_regs_hart.vector.vl, value);
    assert_int_equal(fpu_regs_hart.v[0], value & 0xff);
    assert_int_equal(fpu_regs_hart.v[sizeof(fpu_regs_hart.v) - 1], value & 0xff);
}

/* Whatever was there before. */
static void a_first_one_finds_zeros(void **state)
{
    (void)state;
    fpu_load(&vcpus[0]);
    expect_in_hart(0);
    assert_int_equal(fpu_regs_hart.fp_loads, 1);
}

static void who_never_wrote_any_moves_none(void **state)
{
    (void)state;
    fpu_load(&vcpus[0]);
    for (unsigned i = 0; i < 10; i++) {
        fpu_save(&vcpus[i % VCPUS]);
        fpu_load(&vcpus[(i + 1) % VCPUS]);
    }
    assert_int_equal(fpu_regs_hart.fp_loads, 1);
    assert_int_equal(fpu_regs_hart.fp_saves, 0);
    assert_int_equal(fpu_regs_hart.vector_loads, 1);
    assert_int_equal(fpu_regs_hart.vector_saves, 0);
}

static void what_was_written_is_saved_once(void **state)
{
    (void)state;
    fpu_load(&vcpus[0]);
    use(&vcpus[0], 5);
    fpu_save(&vcpus[0]);
    assert_int_equal(vcpus[0].fp.f[31], 5);
    assert_int_equal(vcpus[0].vector.vl, 5);
    assert_ptr_equal(vcpus[0].vector.registers, v[0]);
    assert_int_equal(v[0][100], 5);
    fpu_load(&vcpus[0]);
    fpu_save(&vcpus[0]);
    assert_int_equal(fpu_regs_hart.fp_loads, 1);
    assert_int_equal(fpu_regs_hart.fp_saves, 1);
    assert_int_equal(vcpus[0].regs.sstatus & SSTATUS_SD, 0);
    assert_int_equal(field_get(SSTATUS_FS, vcpus[0].regs.sstatus), SSTATUS_FS_CLEAN);
    assert_int_equal(field_get(SSTATUS_VS, vcpus[0].regs.sstatus), SSTATUS_FS_CLEAN);
}

/* Harts that do not say what was written: save-fp, or caps. */
static void without_tracking_all_is_saved_always(void **state)
{
    (void)state;
    caps.fp_tracked = false;
    fpu_reset(&vcpus[0]);
    fpu_load(&vcpus[0]);
    for (uint64_t i = 1; i < 5; i++) {
        assert_int_equal(field_get(SSTATUS_FS, vcpus[0].regs.sstatus), SSTATUS_FS_DIRTY);
        fpu_regs_hart.fp.f[31] = i;
        vcpus[0].regs.sstatus |= SSTATUS_SD; /* as the hart says with FS Dirty */
        fpu_save(&vcpus[0]);
        assert_int_equal(vcpus[0].fp.f[31], i);
    }
}

/* A hart without V: its registers do not exist. */
static void without_v_nothing_of_it_moves(void **state)
{
    (void)state;
    caps.v = false;
    caps.vlenb = 0;
    vcpus[0].vector.registers = NULL;
    vcpus[0].regs.sstatus = 0;
    fpu_reset(&vcpus[0]);
    assert_int_equal(field_get(SSTATUS_VS, vcpus[0].regs.sstatus), SSTATUS_FS_OFF);
    fpu_load(&vcpus[0]);
    vcpus[0].regs.sstatus |= DIRTY;
    fpu_save(&vcpus[0]);
    assert_int_equal(fpu_regs_hart.fp_saves, 1);
    assert_int_equal(fpu_regs_hart.vector_saves, 0);
    assert_int_equal(fpu_regs_hart.vector_loads, 0);
}

/* A vCPU that was reset, or whose place in memory another one has, leaves nothing behind. */
static void after_a_reset_there_are_zeros_again(void **state)
{
    (void)state;
    fpu_load(&vcpus[0]);
    use(&vcpus[0], 5);
    fpu_save(&vcpus[0]);
    fpu_reset(&vcpus[0]);
    fpu_load(&vcpus[0]);
    expect_in_hart(0);
}

static void what_we_write_is_loaded(void **state)
{
    (void)state;
    fpu_load(&vcpus[0]);
    fpu_save(&vcpus[0]);
    vcpus[0].fp.f[31] = vcpus[0].vector.vl = 9;
    memset(v[0], 9, sizeof(v[0]));
    fpu_change(&vcpus[0]);
    fpu_load(&vcpus[0]);
    expect_in_hart(9);
}

/* Any turns, moves between harts, writes and resets: each finds its own registers, always. */
static void everybody_finds_its_own(void **state)
{
    static uint64_t own[VCPUS];
    static struct vcpu *loaded[HARTS];
    unsigned moves = 0;

    (void)state;
    srandom(1);
    memset(own, 0, sizeof(own));
    memset(loaded, 0, sizeof(loaded));
    for (unsigned step = 0; step < 20000; step++) {
        unsigned h = (unsigned)random() % HARTS, i = (unsigned)random() % VCPUS;

        fpu_regs_hart = harts[h];
        if (loaded[1 - h] != &vcpus[i]) {
            if (loaded[h])
                fpu_save(loaded[h]);
            if (random() % 50 == 0) {
                fpu_reset(&vcpus[i]);
                own[i] = 0;
            }
            vcpus[i].home = &homes[h];
            fpu_load(&vcpus[i]);
            loaded[h] = &vcpus[i];
            expect_in_hart(own[i]);
            if (random() % 3 == 0)
                use(&vcpus[i], own[i] = 1 + (uint64_t)random() % 255);
            moves++;
        }
        harts[h] = fpu_regs_hart;
    }
    assert_in_range(moves, 10000, 20000);
}

#define FPU_TEST(test) cmocka_unit_test_setup(test, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FPU_TEST(a_first_one_finds_zeros),        FPU_TEST(who_never_wrote_any_moves_none),
        FPU_TEST(what_was_written_is_saved_once), FPU_TEST(without_tracking_all_is_saved_always),
        FPU_TEST(without_v_nothing_of_it_moves),  FPU_TEST(after_a_reset_there_are_zeros_again),
        FPU_TEST(what_we_write_is_loaded),        FPU_TEST(everybody_finds_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
