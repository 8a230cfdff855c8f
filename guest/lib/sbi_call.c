// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls to the SBI that are more than one ecall, or have more than three arguments.
 */
#include "lib/sbi_call.h"

struct sbi_ret sbi_call6(uint64_t extension, uint64_t function, const uint64_t args[6])
{
    register uint64_t a0 __asm__("a0") = args[0];
    register uint64_t a1 __asm__("a1") = args[1];
    register uint64_t a2 __asm__("a2") = args[2];
    register uint64_t a3 __asm__("a3") = args[3];
    register uint64_t a4 __asm__("a4") = args[4];
    register uint64_t a5 __asm__("a5") = args[5];
    register uint64_t a6 __asm__("a6") = function;
    register uint64_t a7 __asm__("a7") = extension;

    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1)
                     : "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a6), "r"(a7)
                     : "memory");
    return (struct sbi_ret){.error = (int64_t)a0, .value = a1};
}

bool sbi_is_opensbi(void)
{
    return hart_ecall(SBI_EXT_BASE, SBI_BASE_GET_IMPL_ID, 0, 0, 0).value == SBI_IMPL_OPENSBI;
}

void sbi_shutdown(uint64_t reason)
{
    hart_ecall(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, SBI_SRST_SHUTDOWN, reason, 0);
    for (;;)
        hart_wfi();
}
