/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts on their way into a vCPU. Any hart may set them; the vCPU's own hart takes the
 * changes over into hvip before it enters. Only changes travel, so what the guest itself did to
 * its VSSIP in the meantime is not overwritten.
 */
#ifndef VCPU_PENDING_H
#define VCPU_PENDING_H

#include "vcpu/vcpu.h"

/* `bits` of HVIP_ALL shall be `level`. Two callers never set the same bit to different levels
 * at once: VSEIP is set under the VM's bus lock, VSTIP by the own hart, VSSIP only raised. */
void pending_set(struct vcpu *vcpu, uint64_t bits, bool level);

/* Takes the changes since the last call: bits to raise in hvip, and bits to lower. */
void pending_take(struct vcpu *vcpu, uint64_t *raise, uint64_t *lower);

#endif
