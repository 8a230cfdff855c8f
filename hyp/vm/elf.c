/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF kernels. A position-independent one (ET_DYN) is taken too: it lands where its segments say
 * and relocates itself, as QEMU's -kernel does it. Sections, symbols and notes are not looked at.
 */
#include "vm/elf.h"

#include "lib/err.h"
#include "lib/string.h"
#include "mem/guest_mem.h"

#define ELF_CLASS_64        2
#define ELF_DATA_LITTLE     1
#define ELF_TYPE_EXECUTABLE 2
#define ELF_TYPE_DYNAMIC    3
#define ELF_MACHINE_RISCV   243
#define ELF_SEGMENT_LOAD    1

struct elf_header {
    uint8_t magic[4];
    uint8_t class;
    uint8_t data;
    uint8_t ident[10];
    uint16_t type;
    uint16_t machine;
    uint32_t version;
    uint64_t entry;
    uint64_t phoff; /* of the program headers: the segments */
    uint64_t shoff;
    uint32_t flags;
    uint16_t ehsize;
    uint16_t phentsize;
    uint16_t phnum;
    uint16_t shentsize;
    uint16_t shnum;
    uint16_t shstrndx;
};

struct elf_segment {
    uint32_t type;
    uint32_t flags;
    uint64_t offset; /* in the file */
    uint64_t vaddr;
    uint64_t paddr;
    uint64_t filesz;
    uint64_t memsz; /* what filesz lacks is zero: .bss */
    uint64_t align;
};

bool elf_detect(const uint8_t *file, uint64_t size)
{
    static const uint8_t magic[4] = {0x7f, 'E', 'L', 'F'};

    return size >= sizeof(magic) && memcmp(file, magic, sizeof(magic)) == 0;
}

static int header_read(const struct vm_config *config, struct elf_header *header,
                       struct refusal *refusal)
{
    if (config->kernel_size < sizeof(*header))
        return refusal_set(refusal, ERR_CORRUPT, "kernel is an ELF file cut short");
    memcpy(header, config->kernel, sizeof(*header));
    if (header->class != ELF_CLASS_64 || header->data != ELF_DATA_LITTLE ||
        header->machine != ELF_MACHINE_RISCV)
        return refusal_set(refusal, ERR_INVALID, "kernel is an ELF file, but not for RV64");
    if (header->type != ELF_TYPE_EXECUTABLE && header->type != ELF_TYPE_DYNAMIC)
        return refusal_set(refusal, ERR_INVALID, "kernel is an ELF file, but no program (type %u)",
                           header->type);
    if (header->phentsize != sizeof(struct elf_segment) ||
        !range_within(header->phoff, header->phnum * sizeof(struct elf_segment), 0,
                      config->kernel_size))
        return refusal_set(refusal, ERR_CORRUPT, "kernel's ELF program headers are damaged");
    return 0;
}

/* The segment with number `index`; false where it takes no memory. */
static bool segment_read(const struct vm_config *config, const struct elf_header *header,
                         unsigned index, struct elf_segment *segment)
{
    memcpy(segment, config->kernel + header->phoff + index * sizeof(*segment), sizeof(*segment));
    return segment->type == ELF_SEGMENT_LOAD && segment->memsz > 0;
}

static int segment_check(const struct vm_config *config, unsigned index,
                         const struct elf_segment *segment, struct refusal *refusal)
{
    if (!range_within(segment->offset, segment->filesz, 0, config->kernel_size) ||
        segment->filesz > segment->memsz)
        return refusal_set(refusal, ERR_CORRUPT, "kernel's ELF segment %u passes the file's end",
                           index);
    if (!range_within(segment->paddr, segment->memsz, BOARD_RAM_BASE, config->memory))
        return refusal_set(refusal, ERR_RANGE,
                           "kernel's ELF segment %u (0x%lx, %lu bytes) is not in the VM's memory "
                           "(0x%lx, %lu bytes)",
                           index, segment->paddr, segment->memsz, BOARD_RAM_BASE, config->memory);
    return 0;
}

/* Makes the kernel's memory include the segment, and the entry a physical address. */
static void segment_add(struct kernel *kernel, const struct elf_header *header,
                        const struct elf_segment *segment)
{
    bool is_first = kernel->size == 0;
    gpa_t end = max_u64(kernel->start + kernel->size, segment->paddr + segment->memsz);

    kernel->start = is_first ? segment->paddr : min_u64(kernel->start, segment->paddr);
    kernel->size = end - kernel->start;
    if (range_within(header->entry, 1, segment->vaddr, segment->memsz))
        kernel->entry = header->entry - segment->vaddr + segment->paddr;
}

int elf_plan(const struct vm_config *config, struct kernel *kernel, struct refusal *refusal)
{
    struct elf_header header = {0};
    struct elf_segment segment;
    uint64_t total = 0;
    int err = header_read(config, &header, refusal);

    if (err)
        return err;
    *kernel = (struct kernel){.kind = KERNEL_ELF, .entry = header.entry};
    for (unsigned i = 0; i < header.phnum; i++) {
        if (!segment_read(config, &header, i, &segment))
            continue;
        err = segment_check(config, i, &segment, refusal);
        if (err)
            return err;
        segment_add(kernel, &header, &segment);
        total += segment.memsz;
        /* Also bounds the work of elf_copy, whatever the segments overlap. */
        if (total > config->memory)
            return refusal_set(refusal, ERR_RANGE,
                               "kernel (%lu bytes) is larger than the VM's memory (%lu bytes)",
                               total, config->memory);
    }
    if (!range_within(kernel->entry, 1, kernel->start, kernel->size))
        return refusal_set(refusal, ERR_INVALID, "kernel's ELF entry (0x%lx) is in no segment",
                           header.entry);
    return 0;
}

int elf_copy(const struct vm_config *config, const struct gstage *gstage)
{
    struct elf_header header;
    struct elf_segment segment;
    int err = 0;

    memcpy(&header, config->kernel, sizeof(header));
    for (unsigned i = 0; i < header.phnum && !err; i++) {
        if (!segment_read(config, &header, i, &segment))
            continue;
        err =
            guest_mem_write(gstage, segment.paddr, config->kernel + segment.offset, segment.filesz);
        if (!err)
            err = guest_mem_clear(gstage, segment.paddr + segment.filesz,
                                  segment.memsz - segment.filesz);
    }
    return err;
}
