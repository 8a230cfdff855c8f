/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The IPI behind vcpu_request: SBI 7.1 (sbi_send_ipi), one hart named by its own mask base.
 */
#include "vcpu/kick.h"

#include "riscv/hart.h"
#include "riscv/hart_head.h"

void kick_hart(const struct vcpu_home *home)
{
    hart_fence();
    hart_ecall(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, home->hartid, 0);
}

void kick_home(const struct vcpu_home *home)
{
    if (home->hartid != hart_head()->hartid)
        kick_hart(home);
}
