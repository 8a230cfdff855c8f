/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's kernel: which kind of file it is, and where in guest memory it wants to be. Kinds
 * are told apart by their magic numbers; a raw file is one only if its configuration says so.
 */
#ifndef VM_KERNEL_H
#define VM_KERNEL_H

#include "vm/refusal.h"
#include "vm/vm.h"

/* Where QEMU's virt board and U-Boot put an S-mode payload: behind the firmware's 2 MiB. */
#define KERNEL_USUAL_OFFSET 0x200000UL

enum kernel_kind {
    KERNEL_IMAGE, /* the header of RISC-V Linux */
    KERNEL_ELF,
    KERNEL_RAW,
};

struct kernel {
    enum kernel_kind kind;
    gpa_t start;   /* of all the memory that it takes, .bss too; inside the VM's RAM */
    uint64_t size; /* of the same */
    gpa_t entry;
};

/*
 * Reads the kernel's headers, which may say anything; nothing is copied. `config` is in the
 * ranges of bundle_config. ERR_INVALID, ERR_CORRUPT or ERR_RANGE, with the reason.
 */
int kernel_plan(const struct vm_config *config, struct kernel *kernel, struct refusal *refusal);

/* Copies it to where kernel_plan decided. ERR_RANGE where guest memory is not mapped there. */
int kernel_copy(const struct vm_config *config, const struct kernel *kernel,
                const struct gstage *gstage);

#endif
