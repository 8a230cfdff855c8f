/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for vcpu/kick.c; may be called from several threads.
 */
#include "fakes/kick.h"

struct kick_fake kick_fake;

void kick_hart(const struct vcpu_home *home)
{
    __atomic_add_fetch(&kick_fake.sure, 1, __ATOMIC_SEQ_CST);
    kick_home(home);
}

void kick_home(const struct vcpu_home *home)
{
    __atomic_store_n(&kick_fake.last, home, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&kick_fake.count, 1, __ATOMIC_SEQ_CST);
    if (kick_fake.hook)
        kick_fake.hook(home);
}
