/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When F, D and V registers move: loading always, saving only what HS's copy of FS and VS says
 * was written.
 */
#include "vcpu/fpu.h"

#include "fakes/fpu_regs.h"
#include "lib/bits.h"
#include "riscv/csr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define OTHERS (SSTATUS_SD | SSTATUS_SPP | SSTATUS_SUM | SSTATUS_SIE)

static struct vcpu vcpu;
static uint8_t v[sizeof(fpu_regs_hart.v)];

static int start(void **state)
{
    (void)state;
    memset(&vcpu, 0, sizeof(vcpu));
    memset(v, 0x11, sizeof(v));
    vcpu.vector.registers = v;
    vcpu.vector.vl = 7;
    vcpu.fp.f[31] = 3131;
    vcpu.fp.fcsr = 0x21;
    memset(&fpu_regs_hart, 0, sizeof(fpu_regs_hart));
    return 0;
}

static int start_without_v(void **state)
{
    start(state);
    vcpu.vector.registers = NULL;
    return 0;
}

static void set_status(uint64_t fs, uint64_t vs)
{
    vcpu.regs.sstatus = field_set(SSTATUS_FS, OTHERS, fs);
    vcpu.regs.sstatus = field_set(SSTATUS_VS, vcpu.regs.sstatus, vs);
}

static void expect_status(uint64_t fs, uint64_t vs)
{
    assert_int_equal(field_get(SSTATUS_FS, vcpu.regs.sstatus), fs);
    assert_int_equal(field_get(SSTATUS_VS, vcpu.regs.sstatus), vs);
    assert_int_equal(vcpu.regs.sstatus & OTHERS, OTHERS);
}

static void loading_fills_all_and_marks_it_clean(void **state)
{
    (void)state;
    set_status(SSTATUS_FS_DIRTY, SSTATUS_FS_DIRTY);
    fpu_load(&vcpu);
    assert_int_equal(fpu_regs_hart.fp.f[31], 3131);
    assert_int_equal(fpu_regs_hart.fp.fcsr, 0x21);
    assert_int_equal(fpu_regs_hart.vector.vl, 7);
    assert_memory_equal(fpu_regs_hart.v, v, sizeof(v));
    expect_status(SSTATUS_FS_CLEAN, SSTATUS_FS_CLEAN);
}

static void clean_registers_are_not_saved(void **state)
{
    (void)state;
    for (uint64_t status = SSTATUS_FS_OFF; status <= SSTATUS_FS_CLEAN; status++) {
        set_status(status, status);
        fpu_save(&vcpu);
        expect_status(status, status);
    }
    assert_int_equal(fpu_regs_hart.fp_saves, 0);
    assert_int_equal(fpu_regs_hart.vector_saves, 0);
    assert_int_equal(vcpu.fp.f[31], 3131);
}

static void dirty_registers_are_saved_and_clean_then(void **state)
{
    (void)state;
    set_status(SSTATUS_FS_DIRTY, SSTATUS_FS_DIRTY);
    fpu_regs_hart.fp.f[0] = 99;
    fpu_regs_hart.vector.vtype = 5;
    memset(fpu_regs_hart.v, 0x77, sizeof(v));
    fpu_save(&vcpu);
    assert_int_equal(vcpu.fp.f[0], 99);
    assert_int_equal(vcpu.vector.vtype, 5);
    assert_ptr_equal(vcpu.vector.registers, v);
    assert_memory_equal(v, fpu_regs_hart.v, sizeof(v));
    expect_status(SSTATUS_FS_CLEAN, SSTATUS_FS_CLEAN);
    fpu_save(&vcpu);
    assert_int_equal(fpu_regs_hart.fp_saves, 1);
    assert_int_equal(fpu_regs_hart.vector_saves, 1);
}

static void each_is_saved_for_itself(void **state)
{
    (void)state;
    set_status(SSTATUS_FS_DIRTY, SSTATUS_FS_INITIAL);
    fpu_save(&vcpu);
    assert_int_equal(fpu_regs_hart.fp_saves, 1);
    assert_int_equal(fpu_regs_hart.vector_saves, 0);
    expect_status(SSTATUS_FS_CLEAN, SSTATUS_FS_INITIAL);
    set_status(SSTATUS_FS_OFF, SSTATUS_FS_DIRTY);
    fpu_save(&vcpu);
    assert_int_equal(fpu_regs_hart.fp_saves, 1);
    assert_int_equal(fpu_regs_hart.vector_saves, 1);
    expect_status(SSTATUS_FS_OFF, SSTATUS_FS_CLEAN);
}

/* A hart without V: its VS field is not ours to change, its registers do not exist. */
static void without_v_nothing_of_it_moves(void **state)
{
    (void)state;
    set_status(SSTATUS_FS_DIRTY, SSTATUS_FS_DIRTY);
    fpu_save(&vcpu);
    expect_status(SSTATUS_FS_CLEAN, SSTATUS_FS_DIRTY);
    fpu_load(&vcpu);
    assert_int_equal(fpu_regs_hart.vector_saves, 0);
    assert_int_equal(fpu_regs_hart.vector_loads, 0);
    expect_status(SSTATUS_FS_CLEAN, SSTATUS_FS_DIRTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(loading_fills_all_and_marks_it_clean, start),
        cmocka_unit_test_setup(clean_registers_are_not_saved, start),
        cmocka_unit_test_setup(dirty_registers_are_saved_and_clean_then, start),
        cmocka_unit_test_setup(each_is_saved_for_itself, start),
        cmocka_unit_test_setup(without_v_nothing_of_it_moves, start_without_v),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
