/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The V extension, where /proc/cpuinfo lists it: each instruction of vector_ops.S for all element
 * widths, memory accesses that fault halfway, and vsetvl. Kept under switching: keep.c.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "duplicate.h"

#define PAGE      4096
#define MOST_REGS 8
#define MOST_VLEN 1024 /* bytes of a register, more than QEMU's models have */
#define ROUNDS    8

/* vtype: vlmul in bits 2:0, vsew in 5:3, vta 6, vma 7 (Unprivileged, "Vector Type Register"). */
#define LMUL_2     1
#define VTYPE(sew) ((uint64_t)(sew) << 3 | LMUL_2)

extern const struct {
    size_t (*run)(uint64_t vtype, const void *a, const void *b, void *out);
    const char *name;
    uint64_t is_float;
} vector_ops[];

size_t vector_set(size_t wanted, uint64_t vtype);
uint64_t vector_type(void);
uint64_t vector_bytes(void);
uint64_t vector_status(void);
void vector_copy(void *to, const void *from, size_t size, ptrdiff_t stride);
size_t vector_first(void *to, const void *from);
void vector_gather(void *to, const void *from, const void *offsets);
void vector_segments(void *to, const void *from);

static uint8_t out[MOST_REGS * MOST_VLEN];

static void fill(void *to, size_t size, uint64_t seed)
{
    uint64_t word;

    for (size_t i = 0; i < size; i += sizeof(word)) {
        word = random_next(&seed);
        memcpy((uint8_t *)to + i, &word, sizeof(word));
    }
}

static void settings(void)
{
    for (uint64_t vtype = 0; vtype < 0x100; vtype++) {
        for (size_t wanted = 0; wanted < 600; wanted += 13) {
            digest_word(vector_set(wanted, vtype));
            digest_word(vector_type());
        }
    }
    digest_print("vsetvl");
    vector_set(1, 0xfff);
    printf("a vtype that is not: %lx\n", vector_type());
}

static void operations(size_t size)
{
    static uint8_t a[MOST_REGS * MOST_VLEN], b[MOST_REGS * MOST_VLEN];

    for (unsigned i = 0; vector_ops[i].run; i++) {
        for (unsigned sew = vector_ops[i].is_float ? 2 : 0; sew < 4; sew++) {
            for (unsigned round = 0; round < ROUNDS; round++) {
                fill(a, size, i + round);
                fill(b, size, i - round);
                vector_status();
                digest_word(vector_ops[i].run(VTYPE(sew), a, b, out));
                digest_word(vector_status());
                digest_bytes(out, size);
            }
        }
        digest_print(vector_ops[i].name);
    }
}

/* Each element lies in a page of its own that is not there yet: vstart takes part. */
static void demand(void)
{
    size_t count = 64;
    uint64_t *pages = mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    static uint64_t taken[64];

    vector_copy(taken, pages, count, PAGE);
    digest_bytes(taken, sizeof(taken));
    for (size_t i = 0; i < count; i++)
        pages[i * PAGE / sizeof(*pages)] = i * 0x0101010101010101;
    madvise(pages + PAGE, PAGE, MADV_DONTNEED);
    vector_copy(taken, pages, count, PAGE);
    digest_bytes(taken, sizeof(taken));
    digest_print("strided over new pages");
    munmap(pages, count * PAGE);
}

static void memory(size_t register_size)
{
    uint8_t *pages =
        mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    static uint32_t offsets[MOST_VLEN];
    uint64_t state = 7;

    fill(pages, PAGE, 3);
    for (unsigned i = 0; i < ARRAY_SIZE(offsets); i++)
        offsets[i] = random_next(&state) % (PAGE - 8);
    vector_gather(out, pages, offsets);
    digest_bytes(out, 2 * register_size);
    digest_print("gather, misaligned");
    vector_segments(out, pages);
    digest_bytes(out, 2 * register_size);
    digest_print("segments");
    mprotect(pages + PAGE, PAGE, PROT_NONE);
    printf("fault only first: %zu elements\n", vector_first(out, pages + PAGE - 21));
    munmap(pages, 2 * PAGE);
}

void topic_vector(void)
{
    if (!isa_has("v")) {
        printf("no V extension\n");
        return;
    }
    printf("vlenb: %lu\n", vector_bytes());
    settings();
    operations(2 * vector_bytes());
    demand();
    memory(vector_bytes());
}
