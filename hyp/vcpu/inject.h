/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Delivers an exception to VS-mode by hand, as the hart does it for a delegated one.
 */
#ifndef VCPU_INJECT_H
#define VCPU_INJECT_H

#include "vcpu/vcpu.h"

/*
 * The vCPU's next instruction is the first of its handler. Works on the struct alone: for a
 * loaded vCPU the caller brackets it with vscsr_save_trap and vscsr_load_trap. Priv 21.6.2
 * (Trap Entry).
 */
void vcpu_inject(struct vcpu *vcpu, const struct exception *exception);

#endif
