/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One atomic word of each hart. Whose place is taken already is not asked for: it has its turn in
 * time all the same.
 */
#include "vm/prefer.h"

#include "vcpu/kick.h"
#include "vcpu/usage.h"

bool prefer_is_due(const struct vcpu *vcpu)
{
    return !__atomic_load_n(&vcpu->is_blocked, __ATOMIC_RELAXED) && !usage_is_on(vcpu);
}

/* Its home may change meanwhile: then a hart is asked that does not have it, and finds that out. */
void prefer_ask(struct vcpu *vcpu)
{
    struct vcpu_home *home = vcpu->home;
    struct vcpu *nobody = NULL;

    __atomic_add_fetch(&vcpu->vm->live_vcpus, 1, __ATOMIC_SEQ_CST);
    if (__atomic_compare_exchange_n(&home->wanted, &nobody, vcpu, false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST))
        kick_home(home);
    else
        __atomic_sub_fetch(&vcpu->vm->live_vcpus, 1, __ATOMIC_SEQ_CST);
}

struct vcpu *prefer_take(struct vcpu_home *home)
{
    return __atomic_exchange_n(&home->wanted, NULL, __ATOMIC_SEQ_CST);
}
