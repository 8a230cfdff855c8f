/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The index of the extensions, and the calling convention. Comes after exit/exit_ecall.c; the
 * next stop is the extension's file. SBI 3 (Binary Encoding).
 */
#include "sbi/sbi.h"

#include "lib/bits.h"
#include "vcpu/exit_counts.h"

static const struct sbi_extension *const extensions[] = {
    &sbi_base, &sbi_time, &sbi_ipi, &sbi_rfence, &sbi_hsm,
    &sbi_srst, &sbi_dbcn, &sbi_pmu, &sbi_sta,    &sbi_legacy,
};

_Static_assert(ARRAY_SIZE(extensions) < EXIT_COUNTS_CALLS, "a row each, and one for none");

const struct sbi_extension *sbi_find(uint64_t id)
{
    for (unsigned i = 0; i < ARRAY_SIZE(extensions); i++) {
        if (id >= extensions[i]->first && id <= extensions[i]->last)
            return extensions[i];
    }
    return NULL;
}

unsigned sbi_index(uint64_t id)
{
    const struct sbi_extension *extension = sbi_find(id);
    unsigned i = 0;

    while (i < ARRAY_SIZE(extensions) && extensions[i] != extension)
        i++;
    return i;
}

const char *sbi_name(unsigned index)
{
    return index < ARRAY_SIZE(extensions) ? extensions[index]->name : "unknown";
}

enum exit_verdict sbi_handle(struct vcpu *vcpu)
{
    const struct sbi_extension *extension = sbi_find(vcpu->regs.x[REG_A7]);

    if (!extension)
        return sbi_error(vcpu, SBI_ERR_NOT_SUPPORTED);
    return extension->handle(vcpu);
}
