/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 12 (Debug Console Extension): the guest's console without a driver. It is the same console
 * as its serial port's.
 */
#include "sbi/sbi.h"

#include "vm/vm.h"

#define CHUNK 256 /* bytes moved at a time: partial counts are legal */

/* SBI 12.1 and 12.2: a bad buffer is INVALID_PARAM; the upper half of the address is 0 on RV64. */
static bool is_buffer(const struct vm *vm, const uint64_t *x, uint64_t rights)
{
    return x[REG_A2] == 0 && guest_mem_check(&vm->gstage, x[REG_A1], x[REG_A0], rights) == 0;
}

static enum exit_verdict console_write(struct vcpu *vcpu)
{
    const uint64_t *x = vcpu->regs.x;
    uint8_t bytes[CHUNK];
    uint64_t count = min_u64(x[REG_A0], CHUNK);

    if (!is_buffer(vcpu->vm, x, PTE_R) ||
        guest_mem_read(&vcpu->vm->gstage, x[REG_A1], bytes, count) != 0)
        return sbi_error(vcpu, SBI_ERR_INVALID_PARAM);
    vm_console_write(vcpu->vm, bytes, count);
    return sbi_success(vcpu, count);
}

static enum exit_verdict console_read(struct vcpu *vcpu)
{
    const uint64_t *x = vcpu->regs.x;
    uint8_t bytes[CHUNK];
    uint64_t count;

    if (!is_buffer(vcpu->vm, x, PTE_W))
        return sbi_error(vcpu, SBI_ERR_INVALID_PARAM);
    count = vm_console_read(vcpu->vm, bytes, min_u64(x[REG_A0], CHUNK));
    if (guest_mem_write(&vcpu->vm->gstage, x[REG_A1], bytes, count) != 0)
        return sbi_error(vcpu, SBI_ERR_FAILED);
    return sbi_success(vcpu, count);
}

static enum exit_verdict handle(struct vcpu *vcpu)
{
    uint8_t byte;

    switch (vcpu->regs.x[REG_A6]) {
    case SBI_DBCN_WRITE:
        return console_write(vcpu);
    case SBI_DBCN_READ:
        return console_read(vcpu);
    case SBI_DBCN_WRITE_BYTE:
        byte = (uint8_t)vcpu->regs.x[REG_A0];
        vm_console_write(vcpu->vm, &byte, 1);
        return sbi_success(vcpu, 0);
    default:
        return sbi_error(vcpu, SBI_ERR_NOT_SUPPORTED);
    }
}

const struct sbi_extension sbi_dbcn = {
    .name = "DBCN",
    .first = SBI_EXT_DBCN,
    .last = SBI_EXT_DBCN,
    .handle = handle,
};
