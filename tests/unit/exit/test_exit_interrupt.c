/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host interrupt during the guest: taken once, the guest unchanged, the scheduler asked.
 */
#include "exit/exit.h"

#include "fakes/board.h"
#include "fakes/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void it_is_taken_and_the_scheduler_looks(void **state)
{
    struct vcpu vcpu = {.regs.sepc = 0x1234};
    struct vcpu before = vcpu;
    struct trap trap = {.scause = CAUSE_INTERRUPT | INTERRUPT_STI};

    (void)state;
    board_reset();
    trace_reset();
    assert_int_equal(exit_take(&vcpu, &trap), EXIT_YIELD);
    trace_check("interrupts");
    assert_memory_equal(&vcpu, &before, sizeof(vcpu));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_taken_and_the_scheduler_looks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
