/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls that a guest makes to us: SBI 2.0. One extension a file, each ending in its record;
 * sbi.c lists the records.
 */
#ifndef SBI_SBI_H
#define SBI_SBI_H

#include "riscv/sbi.h"
#include "vcpu/vcpu.h"
#include "vcpu/verdict.h"

/*
 * Answers one call: function and arguments stand in a6 and a0 to a5 of vcpu->regs. A handler ends
 * with sbi_success or sbi_error, which set a0 and a1; or it leaves them and says EXIT_INJECT.
 */
typedef enum exit_verdict (*sbi_handler_t)(struct vcpu *vcpu);

struct sbi_extension {
    const char *name;
    uint32_t first, last; /* extension ids */
    sbi_handler_t handle;
};

/* Answers the call that the vCPU just made. */
enum exit_verdict sbi_handle(struct vcpu *vcpu);

/* The extension with this id, or NULL. SBI 3: ids are 32 bits, sign does not matter. */
const struct sbi_extension *sbi_find(uint64_t id);

/* Its place in the index, less than EXIT_COUNTS_CALLS; one past the last for an unknown id. And
 * the name at a place, never NULL. */
unsigned sbi_index(uint64_t id);
const char *sbi_name(unsigned index);

extern const struct sbi_extension sbi_base;
extern const struct sbi_extension sbi_time;
extern const struct sbi_extension sbi_ipi;
extern const struct sbi_extension sbi_rfence;
extern const struct sbi_extension sbi_hsm;
extern const struct sbi_extension sbi_srst;
extern const struct sbi_extension sbi_dbcn;
extern const struct sbi_extension sbi_pmu;
extern const struct sbi_extension sbi_sta;
extern const struct sbi_extension sbi_legacy;

/* The call's answer. SBI 3 (Binary Encoding): the error in a0, the value in a1. */
static inline enum exit_verdict sbi_success(struct vcpu *vcpu, uint64_t value)
{
    vcpu->regs.x[REG_A0] = SBI_SUCCESS;
    vcpu->regs.x[REG_A1] = value;
    return EXIT_ADVANCE;
}

/* `error` may be SBI_SUCCESS, for a call that has no value. */
static inline enum exit_verdict sbi_error(struct vcpu *vcpu, enum sbi_error error)
{
    vcpu->regs.x[REG_A0] = (uint64_t)(int64_t)error;
    vcpu->regs.x[REG_A1] = 0;
    return EXIT_ADVANCE;
}

/* Sets the timer of the calling vCPU; shared by TIME and legacy. */
void sbi_time_set(struct vcpu *vcpu, uint64_t deadline);

/* What becomes of the caller after sbi_ipi_send: it passes where one that it interrupted waits for
 * the same hart. */
enum exit_verdict sbi_ipi_verdict(const struct vcpu *caller);

/* Acts on all vCPUs that a hart mask names; shared by IPI, RFENCE and legacy. */
enum sbi_error sbi_ipi_send(struct vcpu *caller, uint64_t mask, uint64_t base);
enum sbi_error sbi_rfence_fence_i(struct vcpu *caller, uint64_t mask, uint64_t base);
enum sbi_error sbi_rfence_sfence_vma(struct vcpu *caller, uint64_t mask, uint64_t base,
                                     const struct vma_range *range);

/* The range of a remote fence's arguments. False where it is none: INVALID_ADDRESS. */
bool sbi_rfence_range(uint64_t start, uint64_t size, uint64_t asid, struct vma_range *range);

#endif
