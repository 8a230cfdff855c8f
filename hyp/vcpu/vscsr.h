/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only place that moves a vCPU's CSRs between struct vcpu_csrs and the hart. A vCPU that
 * exits and enters again on the same hart moves none of them.
 */
#ifndef VCPU_VSCSR_H
#define VCPU_VSCSR_H

#include "vcpu/vcpu.h"

/* Sets the hart up before it runs its first vCPU: nothing pends, nothing is delegated. */
void vscsr_init_hart(void);

/*
 * vscsr_load puts everything of the vCPU that lives in the hart there, registers of F, D and V
 * too, and lets its counters count; vscsr_save takes it back. Between the two the vCPU is loaded
 * (usage_is_on), and the hardware leads. vscsr_load wants vcpu->csrs.hgatp ready (vm_bind);
 * `drop_translations` says that what the hart has cached of any VMID is worth nothing any more.
 * vscsr_exchange(from, to, d) is vscsr_save(from) and vscsr_load(to, d), in half the instructions.
 */
void vscsr_load(struct vcpu *vcpu, bool drop_translations);
void vscsr_save(struct vcpu *vcpu);
void vscsr_exchange(struct vcpu *from, struct vcpu *to, bool drop_translations);

/* No vCPU is loaded, and the hart is about to wait: what the last one left wakes it no more. */
void vscsr_leave(void);

/* Of a loaded vCPU: the five CSRs that the delivery of an exception reads and writes. */
void vscsr_save_trap(struct vcpu *vcpu);
void vscsr_load_trap(const struct vcpu *vcpu);

/* Of a loaded vCPU: raises and lowers bits of hvip. A bit is in one of the two at most. */
void vscsr_change_hvip(uint64_t raise, uint64_t lower);

/* Of a loaded vCPU: brings csrs.hvip up to date; the guest clears its VSSIP by itself. */
void vscsr_save_hvip(struct vcpu *vcpu);

/* Of a loaded vCPU: the interrupts of HVIP_ALL that pend and that the guest has enabled, VS
 * timer included: hip AND hie. Priv 3.3.3 (Wait for Interrupt). */
uint64_t vscsr_pending(const struct vcpu *vcpu);

/* Of a loaded vCPU: vstimecmp takes csrs.vstimecmp. Only with Sstc. */
void vscsr_load_timer(const struct vcpu *vcpu);

/* Of a loaded vCPU: the counters that its kernel lets VU-mode read. */
uint64_t vscsr_scounteren(void);

/* The counters of this hart; 0 where they are kept from us. */
struct pmu_hart vscsr_counters(void);

/* The time of this hart, host time, in ticks of caps.timebase. */
uint64_t vscsr_time(void);

#endif
