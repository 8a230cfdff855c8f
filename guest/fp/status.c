// SPDX-License-Identifier: BSD-2-Clause
/*
 * The bookkeeping in sstatus.FS and VS: Off forbids, a write makes Dirty, and nothing else
 * changes them. Priv 3.1.6.7 (Extension Context Status in mstatus Register).
 */
#include "fp/fp.h"
#include "lib/clock.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"
#include "riscv/cause.h"
#include "riscv/csr.h"

static bool is_illegal(trap_try_fn *fn, uint64_t arg)
{
    struct trap_seen seen = trap_try(fn, arg, 0);

    return trap_is(&seen, CAUSE_ILLEGAL_INSN) && seen.epc == (uint64_t)fn;
}

/* Only a write that changes something must show. */
static bool makes_dirty(trap_try_fn *fn, uint64_t field, uint64_t before)
{
    trap_try(fn, 1, 0);
    status_set(field, before);
    bool taken = trap_try(fn, 2, 0).taken;

    return !taken && status_get(field) == SSTATUS_FS_DIRTY && (csr_read(sstatus) & SSTATUS_SD);
}

/* Leaves the hart in every way that a guest has, a few times. */
static void go_away(void)
{
    for (unsigned i = 0; i < 20; i++) {
        hart_ecall(SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION, 0, 0, 0);
        hart_ecall(SBI_EXT_DBCN, SBI_DBCN_WRITE, 0, (uint64_t)&i, 0);
        clock_nap();
    }
}

/* What is read at once counts: a hart may know no other states than Off and Dirty. */
static bool stays(uint64_t field, uint64_t state)
{
    status_set(field, state);
    uint64_t before = status_get(field);

    go_away();
    return status_get(field) == before;
}

static void check_vector(void)
{
    bool good = true;

    if (vector_bytes()) {
        status_set(SSTATUS_VS, SSTATUS_FS_OFF);
        good = is_illegal(vector_set, 0) && makes_dirty(vector_set, SSTATUS_VS, SSTATUS_FS_CLEAN) &&
               stays(SSTATUS_VS, SSTATUS_FS_CLEAN) && stays(SSTATUS_VS, SSTATUS_FS_OFF);
    }
    tap_ok(good, "so it is with VS and vector instructions, where there are any");
}

void status_test(void)
{
    uint64_t word = 0;

    status_set(SSTATUS_FS, SSTATUS_FS_OFF);
    tap_ok(is_illegal(float_write, 0) && is_illegal(float_write_fcsr, 0) &&
               is_illegal(float_load_one, (uint64_t)&word),
           "with FS off floating-point instructions are illegal");
    tap_ok(makes_dirty(float_write, SSTATUS_FS, SSTATUS_FS_INITIAL) &&
               makes_dirty(float_write, SSTATUS_FS, SSTATUS_FS_CLEAN),
           "writing a register makes FS and SD dirty");
    tap_ok(makes_dirty(float_write_fcsr, SSTATUS_FS, SSTATUS_FS_CLEAN), "so does writing fcsr");
    tap_ok(stays(SSTATUS_FS, SSTATUS_FS_CLEAN) && stays(SSTATUS_FS, SSTATUS_FS_INITIAL),
           "a clean FS stays clean over SBI calls, interrupts and WFI");
    tap_ok(stays(SSTATUS_FS, SSTATUS_FS_OFF) && is_illegal(float_write, 0),
           "and one that is off stays off");
    check_vector();
}
