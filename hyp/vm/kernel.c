/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernels that are one piece: the Image of RISC-V Linux ("Boot image header in RISC-V Linux",
 * Linux documentation) and raw files. ELF files are elf.c's. loader.c comes after this file.
 */
#include "vm/kernel.h"

#include "lib/err.h"
#include "lib/string.h"
#include "mem/guest_mem.h"
#include "vm/elf.h"

#define IMAGE_MAGIC            0x05435352 /* "RSC\x05" */
#define IMAGE_FLAGS_BIG_ENDIAN BIT(0)

struct image_header {
    uint32_t code[2];
    uint64_t text_offset; /* from the start of RAM */
    uint64_t image_size;  /* with .bss; 0: as the file */
    uint64_t flags;
    uint32_t version;
    uint32_t reserved1;
    uint64_t reserved2;
    uint64_t magic_old;
    uint32_t magic;
    uint32_t reserved3;
};

static bool image_detect(const struct vm_config *config, struct image_header *header)
{
    if (config->kernel_size < sizeof(*header))
        return false;
    memcpy(header, config->kernel, sizeof(*header));
    return header->magic == IMAGE_MAGIC;
}

static int kernel_place(struct kernel *kernel, const struct vm_config *config, uint64_t offset,
                        uint64_t size, struct refusal *refusal)
{
    if (size > config->memory)
        return refusal_set(refusal, ERR_RANGE,
                           "kernel (%lu bytes) is larger than the VM's memory (%lu bytes)", size,
                           config->memory);
    if (!range_within(offset, size, 0, config->memory))
        return refusal_set(
            refusal, ERR_RANGE,
            "kernel (%lu bytes, 0x%lx behind the start of RAM) passes the VM's memory (%lu bytes)",
            size, offset, config->memory);
    kernel->start = BOARD_RAM_BASE + offset;
    kernel->size = size;
    kernel->entry = kernel->start;
    return 0;
}

/* An offset of 0 stands for the usual place: on a real board firmware owns the start of RAM. */
static int image_plan(const struct image_header *header, const struct vm_config *config,
                      struct kernel *kernel, struct refusal *refusal)
{
    uint64_t offset = header->text_offset ? header->text_offset : KERNEL_USUAL_OFFSET;

    kernel->kind = KERNEL_IMAGE;
    if (header->flags & IMAGE_FLAGS_BIG_ENDIAN)
        return refusal_set(refusal, ERR_INVALID, "kernel is a big-endian Image");
    if (!is_aligned(offset, PAGE_SIZE))
        return refusal_set(refusal, ERR_INVALID, "kernel's text_offset (0x%lx) is inside a page",
                           offset);
    return kernel_place(kernel, config, offset, max_u64(header->image_size, config->kernel_size),
                        refusal);
}

int kernel_plan(const struct vm_config *config, struct kernel *kernel, struct refusal *refusal)
{
    struct image_header header;

    if (config->kernel_is_raw) {
        kernel->kind = KERNEL_RAW;
        return kernel_place(kernel, config, KERNEL_USUAL_OFFSET, config->kernel_size, refusal);
    }
    if (image_detect(config, &header))
        return image_plan(&header, config, kernel, refusal);
    if (elf_detect(config->kernel, config->kernel_size))
        return elf_plan(config, kernel, refusal);
    return refusal_set(refusal, ERR_INVALID,
                       "kernel is no kernel: neither Image nor ELF, and format is not raw");
}

int kernel_copy(const struct vm_config *config, const struct kernel *kernel,
                const struct gstage *gstage)
{
    uint64_t file_size = config->kernel_size;
    int err;

    if (kernel->kind == KERNEL_ELF)
        return elf_copy(config, gstage);
    err = guest_mem_write(gstage, kernel->start, config->kernel, file_size);
    if (err)
        return err;
    return guest_mem_clear(gstage, kernel->start + file_size, kernel->size - file_size);
}
