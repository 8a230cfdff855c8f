// SPDX-License-Identifier: BSD-2-Clause
/*
 * The forms in which remote fences may be asked for. SBI 8 (RFENCE). That they fence is shown in
 * guest/smp.
 */
#include "sbi/topics.h"

#define ALL UINT64_MAX

static const struct range {
    uint64_t start, size;
} ranges[] = {
    {0, 0},          {0, ALL},           {0x80200000, 4096},
    {0x80200001, 1}, {ALL - 4095, 4096}, {0x80200000, 1 << 30},
};

static int64_t rfence(uint64_t function, uint64_t mask, uint64_t base, const struct range *range)
{
    uint64_t args[6] = {mask, base, range->start, range->size, 1};

    return sbi_call6(SBI_EXT_RFENCE, function, args).error;
}

/* How many ranges are answered with `error`. */
static unsigned count(uint64_t function, int64_t error)
{
    unsigned found = 0;

    for (unsigned i = 0; i < ARRAY_SIZE(ranges); i++)
        found += rfence(function, 1, hart_self()->id, &ranges[i]) == error;
    return found;
}

/* A board's harts may have H, a VM's have not: either all four work or none. */
static bool hfences_are_right(uint64_t self)
{
    unsigned supported = 0, refused = 0;

    for (uint64_t f = SBI_RFENCE_HFENCE_GVMA_VMID; f <= SBI_RFENCE_HFENCE_VVMA; f++) {
        int64_t error = rfence(f, 1, self, &ranges[0]);

        supported += error == SBI_SUCCESS;
        refused += error == SBI_ERR_NOT_SUPPORTED;
    }
    return refused == 4 || (sbi_is_opensbi() && supported == 4);
}

static bool is_refused(uint64_t mask, uint64_t base)
{
    bool refused = true;

    for (uint64_t f = SBI_RFENCE_FENCE_I; f <= SBI_RFENCE_SFENCE_VMA_ASID; f++)
        refused &= rfence(f, mask, base, &ranges[0]) == SBI_ERR_INVALID_PARAM;
    return refused;
}

void rfence_test(void)
{
    uint64_t self = hart_self()->id;

    tap_ok(!sbi_remote_fence_i(1, self).error && !sbi_remote_fence_i(0, SBI_ALL_HARTS).error,
           "remote fence.i is done");
    tap_equal(count(SBI_RFENCE_SFENCE_VMA, SBI_SUCCESS), ARRAY_SIZE(ranges),
              "remote sfence.vma takes pages, odd ranges, and both forms of all");
    tap_equal(count(SBI_RFENCE_SFENCE_VMA_ASID, SBI_SUCCESS), ARRAY_SIZE(ranges),
              "so does the one with an ASID");
    tap_ok(hfences_are_right(self), "remote hfences are NOT_SUPPORTED without H");
    /* OpenSBI 1.6 does not refuse all three. */
    tap_ok(sbi_is_opensbi() || is_refused(1, NO_HART),
           "a fence of a hart that does not exist is INVALID_PARAM");
    /* OpenSBI fences those that exist and answers 0. */
    tap_ok(sbi_is_opensbi() || is_refused(BIT(63) | BIT(self), 0),
           "so is one of harts of which only some exist");
}
