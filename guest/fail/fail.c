// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest that fails, on purpose: it shuts down with reason "system failure", as every test
 * here does whose last line is FAIL. The launcher must report it: exit status 3.
 */
#include "lib/harts.h"
#include "lib/tap.h"

void guest_main(void)
{
    print_line("# this guest fails on purpose");
    tap_fail();
}
