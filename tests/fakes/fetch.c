/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for vcpu/fetch.c. As there, nothing but the asked for is written.
 */
#include "fakes/fetch.h"

struct fetch_fake fetch_fake;

enum fetch_result fetch_insn(const struct vcpu *vcpu, uint32_t *word, struct exception *exception)
{
    (void)vcpu;
    fetch_fake.insns++;
    if (fetch_fake.result == FETCH_OK)
        *word = fetch_fake.word;
    if (fetch_fake.result == FETCH_FAULT)
        *exception = fetch_fake.fault;
    return fetch_fake.result;
}

enum fetch_result fetch_u64(const struct vcpu *vcpu, uint64_t gva, uint64_t *value,
                            struct exception *exception)
{
    (void)vcpu;
    fetch_fake.loads++;
    fetch_fake.load_gva = gva;
    if (fetch_fake.result == FETCH_OK)
        *value = fetch_fake.value;
    if (fetch_fake.result == FETCH_FAULT)
        *exception = fetch_fake.fault;
    return fetch_fake.result;
}
