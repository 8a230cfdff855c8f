// SPDX-License-Identifier: BSD-2-Clause
/*
 * The registers of the F, D and V extensions: that nobody else's values appear in them, however
 * often the hart is given away, and that sstatus says truly what state they are in. What is
 * printed does not depend on V being there.
 */
#include "fp/fp.h"

#include "lib/harts.h"
#include "lib/tap.h"
#include "riscv/csr.h"
#include "riscv/hart.h"

void status_set(uint64_t field, uint64_t state)
{
    csr_write(sstatus, field_set(field, csr_read(sstatus), state));
}

uint64_t status_get(uint64_t field)
{
    return field_get(field, csr_read(sstatus));
}

uint64_t vector_bytes(void)
{
    struct trap_seen seen;

    status_set(SSTATUS_VS, SSTATUS_FS_INITIAL);
    seen = trap_try(vector_set, 0, 0);
    return seen.taken ? 0 : seen.value;
}

void guest_main(void)
{
    tap_plan(STATUS_CHECKS + KEEP_CHECKS);
    status_test();
    keep_test();
    tap_end();
}
