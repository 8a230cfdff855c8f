/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes of interrupt levels on their way into hvip: they merge, the last level counts, and what
 * was not changed is not touched.
 */
#include "vcpu/pending.h"

#include "lib/bits.h"
#include "riscv/csr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct vcpu vcpu;
static uint64_t hvip;

static int start(void **state)
{
    (void)state;
    vcpu.pending = (struct vcpu_pending){0};
    hvip = 0;
    return 0;
}

/* As the home hart does it before it enters the guest. */
static void show(void)
{
    uint64_t raise, lower;

    pending_take(&vcpu, &raise, &lower);
    assert_int_equal(raise & lower, 0);
    hvip = (hvip | raise) & ~lower;
}

static void nothing_was_changed(void **state)
{
    uint64_t raise = 1, lower = 1;

    (void)state;
    pending_take(&vcpu, &raise, &lower);
    assert_int_equal(raise, 0);
    assert_int_equal(lower, 0);
}

static void each_bit_comes_through_and_only_once(void **state)
{
    const uint64_t bits[] = {HVIP_VSSIP, HVIP_VSTIP, HVIP_VSEIP, HVIP_ALL};
    uint64_t raise, lower;

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(bits); i++) {
        pending_set(&vcpu, bits[i], true);
        pending_take(&vcpu, &raise, &lower);
        assert_int_equal(raise, bits[i]);
        assert_int_equal(lower, 0);
        pending_set(&vcpu, bits[i], false);
        pending_take(&vcpu, &raise, &lower);
        assert_int_equal(raise, 0);
        assert_int_equal(lower, bits[i]);
        pending_take(&vcpu, &raise, &lower);
        assert_int_equal(raise | lower, 0);
    }
}

static void the_last_level_counts(void **state)
{
    (void)state;
    hvip = HVIP_VSEIP;
    pending_set(&vcpu, HVIP_VSEIP, true);
    pending_set(&vcpu, HVIP_VSEIP, false);
    show();
    assert_int_equal(hvip, 0);
    pending_set(&vcpu, HVIP_VSEIP, true);
    pending_set(&vcpu, HVIP_VSEIP, false);
    pending_set(&vcpu, HVIP_VSEIP, true);
    show();
    assert_int_equal(hvip, HVIP_VSEIP);
}

static void bits_merge_between_takes(void **state)
{
    (void)state;
    hvip = HVIP_VSTIP;
    pending_set(&vcpu, HVIP_VSSIP, true);
    pending_set(&vcpu, HVIP_VSEIP, true);
    pending_set(&vcpu, HVIP_VSTIP, false);
    show();
    assert_int_equal(hvip, HVIP_VSSIP | HVIP_VSEIP);
    pending_set(&vcpu, HVIP_VSEIP, false);
    show();
    assert_int_equal(hvip, HVIP_VSSIP);
}

/* The guest clears VSSIP by itself. A change of another bit must not bring it back. */
static void what_the_guest_cleared_stays_clear(void **state)
{
    (void)state;
    pending_set(&vcpu, HVIP_VSSIP, true);
    show();
    assert_int_equal(hvip, HVIP_VSSIP);
    hvip &= ~HVIP_VSSIP; /* the guest, through sip.SSIP */
    pending_set(&vcpu, HVIP_VSEIP, true);
    show();
    assert_int_equal(hvip, HVIP_VSEIP);
    pending_set(&vcpu, HVIP_VSSIP, true); /* the next IPI is not lost either */
    show();
    assert_int_equal(hvip, HVIP_VSSIP | HVIP_VSEIP);
}

/* What the guest set by itself is not lowered by a take that knows nothing of it. */
static void what_the_guest_set_stays_set(void **state)
{
    (void)state;
    hvip |= HVIP_VSSIP;
    pending_set(&vcpu, HVIP_VSEIP, true);
    pending_set(&vcpu, HVIP_VSEIP, false);
    show();
    assert_int_equal(hvip, HVIP_VSSIP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_was_changed, start),
        cmocka_unit_test_setup(each_bit_comes_through_and_only_once, start),
        cmocka_unit_test_setup(the_last_level_counts, start),
        cmocka_unit_test_setup(bits_merge_between_takes, start),
        cmocka_unit_test_setup(what_the_guest_cleared_stays_clear, start),
        cmocka_unit_test_setup(what_the_guest_set_stays_set, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
