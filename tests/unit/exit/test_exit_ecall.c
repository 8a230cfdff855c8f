/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An ECALL is a call to the SBI: its verdict is passed on.
 */
#include "exit/exit.h"
#include "sbi/sbi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Stands in for sbi/sbi.c. */
enum exit_verdict sbi_handle(struct vcpu *vcpu)
{
    check_expected_ptr(vcpu);
    return mock_type(enum exit_verdict);
}

static void the_sbi_decides(void **state)
{
    const enum exit_verdict verdicts[] = {EXIT_ADVANCE, EXIT_INJECT, EXIT_WAIT, EXIT_HALT};
    struct trap trap = {.scause = CAUSE_ECALL_VS};
    struct vcpu vcpu = {0};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(verdicts); i++) {
        expect_value(sbi_handle, vcpu, &vcpu);
        will_return(sbi_handle, verdicts[i]);
        assert_int_equal(exit_ecall(&vcpu, &trap), verdicts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sbi_decides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
