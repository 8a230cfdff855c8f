/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * F, D and V registers move in both directions, always all of them.
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

static void loading_fills_all(void **state)
{
    (void)state;
    fpu_load(&vcpu);
    assert_int_equal(fpu_regs_hart.fp.f[31], 3131);
    assert_int_equal(fpu_regs_hart.fp.fcsr, 0x21);
    assert_int_equal(fpu_regs_hart.vector.vl, 7);
    assert_memory_equal(fpu_regs_hart.v, v, sizeof(v));
}

/* The fields say Clean or Off, as they do after a write of fcsr alone. */
static void saving_takes_all_whatever_fs_and_vs_say(void **state)
{
    (void)state;
    for (uint64_t status = SSTATUS_FS_OFF; status <= SSTATUS_FS_DIRTY; status++) {
        vcpu.regs.sstatus = field_set(SSTATUS_FS, 0, status);
        vcpu.regs.sstatus = field_set(SSTATUS_VS, vcpu.regs.sstatus, status);
        fpu_regs_hart.fp.f[0] = 99 + status;
        fpu_regs_hart.fp.fcsr = 0x40 + status;
        fpu_regs_hart.vector.vtype = 5 + status;
        memset(fpu_regs_hart.v, 0x77 + (int)status, sizeof(v));
        fpu_save(&vcpu);
        assert_int_equal(vcpu.fp.f[0], 99 + status);
        assert_int_equal(vcpu.fp.fcsr, 0x40 + status);
        assert_int_equal(vcpu.vector.vtype, 5 + status);
        assert_ptr_equal(vcpu.vector.registers, v);
        assert_memory_equal(v, fpu_regs_hart.v, sizeof(v));
    }
}

/* A hart without V: its registers do not exist. */
static void without_v_nothing_of_it_moves(void **state)
{
    (void)state;
    fpu_save(&vcpu);
    fpu_load(&vcpu);
    assert_int_equal(fpu_regs_hart.fp_saves, 1);
    assert_int_equal(fpu_regs_hart.vector_saves, 0);
    assert_int_equal(fpu_regs_hart.vector_loads, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(loading_fills_all, start),
        cmocka_unit_test_setup(saving_takes_all_whatever_fs_and_vs_say, start),
        cmocka_unit_test_setup(without_v_nothing_of_it_moves, start_without_v),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
