// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who answers, and what it offers. SBI 4 (Base).
 */
#include "sbi/topics.h"

#define VERSION_2_0 (UL(2) << SBI_VERSION_MAJOR_SHIFT)
#define NO_EXT      0x0badcafe /* in no range that is given away */

static const uint64_t offered[] = {
    SBI_EXT_BASE, SBI_EXT_TIME, SBI_EXT_IPI,  SBI_EXT_RFENCE,
    SBI_EXT_HSM,  SBI_EXT_SRST, SBI_EXT_DBCN, SBI_EXT_PMU,
};

static struct sbi_ret base(uint64_t function, uint64_t arg)
{
    return hart_ecall(SBI_EXT_BASE, function, arg, 0, 0);
}

static bool answers(uint64_t function)
{
    return base(function, 0).error == SBI_SUCCESS;
}

static void check_identity(void)
{
    struct sbi_ret version = base(SBI_BASE_GET_SPEC_VERSION, 0);

    tap_ok(!version.error && version.value >= VERSION_2_0 && version.value < BIT(31),
           "the specification is 2.0 or newer");
    tap_ok(answers(SBI_BASE_GET_IMPL_ID), "the implementation has an id");
    tap_ok(answers(SBI_BASE_GET_IMPL_VERSION), "and a version");
    tap_ok(answers(SBI_BASE_GET_MVENDORID), "the hart has a vendor");
    tap_ok(answers(SBI_BASE_GET_MARCHID), "an architecture");
    tap_ok(answers(SBI_BASE_GET_MIMPID), "and an implementation");
}

static void check_probe(void)
{
    unsigned present = 0, legacy = 0;

    for (unsigned i = 0; i < ARRAY_SIZE(offered); i++) {
        struct sbi_ret ret = base(SBI_BASE_PROBE_EXTENSION, offered[i]);

        present += !ret.error && ret.value;
    }
    tap_equal(present, ARRAY_SIZE(offered),
              "Base, TIME, IPI, RFENCE, HSM, SRST, DBCN, PMU are there");
    for (uint64_t id = SBI_LEGACY_SET_TIMER; id <= SBI_LEGACY_SHUTDOWN; id++)
        legacy += base(SBI_BASE_PROBE_EXTENSION, id).value != 0;
    tap_equal(legacy, SBI_LEGACY_SHUTDOWN + 1, "so are the nine legacy extensions");

    struct sbi_ret none = base(SBI_BASE_PROBE_EXTENSION, NO_EXT);

    tap_ok(!none.error && !none.value, "probing one that is not there gives 0");
}

static void check_unknown(void)
{
    unsigned refused = 0;

    tap_equal(hart_ecall(NO_EXT, 0, 0, 0, 0).error, SBI_ERR_NOT_SUPPORTED,
              "calling an unknown extension is NOT_SUPPORTED");
    for (unsigned i = 0; i < ARRAY_SIZE(offered); i++)
        refused += hart_ecall(offered[i], NO_FUNCTION, 0, 0, 0).error == SBI_ERR_NOT_SUPPORTED;
    tap_equal(refused, ARRAY_SIZE(offered), "so is an unknown function of each extension");
}

void base_test(void)
{
    check_identity();
    check_probe();
    check_unknown();
}
