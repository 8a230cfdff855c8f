// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a call may change: a0 and a1, and a0 alone where it is a legacy call. SBI 3 (Binary
 * Encoding), 5 (Legacy).
 */
#include "sbi/topics.h"

enum { A0 = 10, A1, A2, A6 = 16, A7 };

void raw_call(uint64_t x[32]); /* raw.S */

static uint64_t pattern(unsigned n)
{
    return 0xfedcba9876543210 + n * 0x0101010101010101;
}

/* True where the call changed only a0, and a1 unless it is a legacy one. */
static bool keeps(uint64_t extension, uint64_t function, uint64_t arg0, uint64_t arg1)
{
    uint64_t x[32];
    bool is_legacy = extension <= SBI_LEGACY_SHUTDOWN;

    for (unsigned n = 1; n < 32; n++)
        x[n] = pattern(n);
    x[A0] = arg0;
    x[A1] = arg1;
    x[A2] = 0;
    x[A6] = function;
    x[A7] = extension;
    raw_call(x);
    for (unsigned n = 1; n < 32; n++) {
        uint64_t before = n == A1   ? arg1
                          : n == A2 ? 0
                          : n == A6 ? function
                          : n == A7 ? extension
                                    : pattern(n);

        if (x[n] != before && n != A0 && (n != A1 || is_legacy)) {
            tap_diag("extension %lx function %lx: x%u was %lx, is %lx", extension, function, n,
                     before, x[n]);
            return false;
        }
    }
    return true;
}

void register_test(void)
{
    uint64_t self = hart_self()->id, own = BIT(self), odd = 0x1234;
    bool kept = keeps(SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION, odd, odd) &
                keeps(SBI_EXT_BASE, SBI_BASE_PROBE_EXTENSION, SBI_EXT_TIME, odd) &
                keeps(SBI_EXT_TIME, SBI_TIME_SET_TIMER, CLOCK_NEVER, odd) &
                keeps(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, self) &
                keeps(SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, 1, self) &
                keeps(SBI_EXT_HSM, SBI_HSM_HART_GET_STATUS, self, odd) &
                keeps(SBI_EXT_HSM, SBI_HSM_HART_START, NO_HART, 0) &
                keeps(SBI_EXT_DBCN, SBI_DBCN_WRITE, 0, (uint64_t)&odd) &
                keeps(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, 3, 0) &
                keeps(SBI_EXT_SRST, NO_FUNCTION, odd, odd) & keeps(0x0badcafe, odd, odd, odd);

    tap_ok(kept, "calls change no register but a0 and a1, whether they succeed or not");
    tap_ok(keeps(SBI_LEGACY_SET_TIMER, odd, CLOCK_NEVER, odd) &
               keeps(SBI_LEGACY_CONSOLE_GETCHAR, odd, odd, odd) &
               keeps(SBI_LEGACY_CLEAR_IPI, odd, odd, odd) &
               keeps(SBI_LEGACY_REMOTE_FENCE_I, odd, (uint64_t)&own, odd),
           "legacy calls change a0 alone");
    csr_clear(sip, SIP_SSIP);
}
