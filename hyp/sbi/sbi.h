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
 * A call's function, arguments and caller: a6 and a0 to a5 stand in vcpu->regs. The handler
 * returns what a0 and a1 become; *verdict is EXIT_ADVANCE before and may be changed to
 * EXIT_WAIT, EXIT_HALT or EXIT_INJECT (then a0 and a1 are left alone).
 */
typedef struct sbi_ret (*sbi_handler_t)(struct vcpu *vcpu, enum exit_verdict *verdict);

struct sbi_extension {
    const char *name;
    uint32_t first, last; /* extension ids */
    bool is_legacy;       /* only a0 changes: SBI 5 (Legacy Extensions) */
    sbi_handler_t handle;
};

/* Answers the call that the vCPU just made. */
enum exit_verdict sbi_handle(struct vcpu *vcpu);

/* The extension with this id, or NULL. SBI 3: ids are 32 bits, sign does not matter. */
const struct sbi_extension *sbi_find(uint64_t id);

extern const struct sbi_extension sbi_base;
extern const struct sbi_extension sbi_time;
extern const struct sbi_extension sbi_ipi;
extern const struct sbi_extension sbi_rfence;
extern const struct sbi_extension sbi_hsm;
extern const struct sbi_extension sbi_srst;
extern const struct sbi_extension sbi_dbcn;
extern const struct sbi_extension sbi_legacy;

static inline struct sbi_ret sbi_success(uint64_t value)
{
    return (struct sbi_ret){.error = SBI_SUCCESS, .value = value};
}

static inline struct sbi_ret sbi_error(enum sbi_error error)
{
    return (struct sbi_ret){.error = error, .value = 0};
}

/* Set the timer of the calling vCPU; shared by TIME and legacy. */
void sbi_time_set(struct vcpu *vcpu, uint64_t deadline);

/* Acts on all vCPUs that a hart mask names; shared by IPI, RFENCE and legacy. */
struct sbi_ret sbi_ipi_send(struct vcpu *vcpu, uint64_t mask, uint64_t base);
struct sbi_ret sbi_rfence_send(struct vcpu *vcpu, uint64_t mask, uint64_t base, uint64_t request);

#endif
