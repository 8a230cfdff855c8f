/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A remote fence asks all harts before it waits for one: they leave their guests at the same time.
 * The requests are the test's own and leave words in the trace.
 */
#include "sbi_call.h"

#include "vcpu/request.h"

/* Stand in for vcpu/request.c. */
void vcpu_request(struct vcpu *of, uint64_t bits)
{
    char label[TRACE_LABEL_MAX];

    trace_note("ask:%s:%lu", trace_label(of, label), bits);
}

void vcpu_request_await(const struct vcpu *of, uint64_t bits)
{
    char label[TRACE_LABEL_MAX];

    trace_note("await:%s:%lu", trace_label(of, label), bits);
}

void vcpu_interrupt(struct vcpu *of, uint64_t hvip_bits, bool level)
{
    (void)of;
    (void)hvip_bits;
    (void)level;
}

static void all_are_asked_then_awaited(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 3, 1, 0, 0);
    trace_check("ask:a1:64 ask:a2:64 await:a1:66 await:a2:66");
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, 0, UINT64_MAX);
    trace_check("fence.i ask:a1:4 ask:a2:4 ask:a3:4 await:a1:4 await:a2:4 await:a3:4");
}

static void nobody_is_awaited_after_an_error(void **state)
{
    (void)state;
    EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, 0x11, 0);
    trace_check("");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(all_are_asked_then_awaited),
        SBI_TEST(nobody_is_awaited_after_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
