/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The instruments of the hart: CSR access by name, fences, waiting, calls to the firmware. Only
 * hardware files include this (STYLE 8).
 */
#ifndef RISCV_HART_H
#define RISCV_HART_H

#include "riscv/sbi.h"

#include <stdint.h>

/* The assembler needs the h extension for the names of H's CSRs and instructions only. */
#define HART_ASM(text) ".option push\n.option arch, +h\n" text "\n.option pop"

#define csr_read(csr)                                                                              \
    ({                                                                                             \
        uint64_t csr_value_;                                                                       \
        __asm__ volatile(HART_ASM("csrr %0, " #csr) : "=r"(csr_value_) : : "memory");              \
        csr_value_;                                                                                \
    })

#define csr_write(csr, value)                                                                      \
    __asm__ volatile(HART_ASM("csrw " #csr ", %0") : : "rK"((uint64_t)(value)) : "memory")

#define csr_set(csr, bits)                                                                         \
    __asm__ volatile(HART_ASM("csrs " #csr ", %0") : : "rK"((uint64_t)(bits)) : "memory")

#define csr_clear(csr, bits)                                                                       \
    __asm__ volatile(HART_ASM("csrc " #csr ", %0") : : "rK"((uint64_t)(bits)) : "memory")

#define csr_swap(csr, value)                                                                       \
    ({                                                                                             \
        uint64_t csr_old_;                                                                         \
        __asm__ volatile(HART_ASM("csrrw %0, " #csr ", %1")                                        \
                         : "=r"(csr_old_)                                                          \
                         : "rK"((uint64_t)(value))                                                 \
                         : "memory");                                                              \
        csr_old_;                                                                                  \
    })

/* All memory accesses before it are seen by all after it, on every hart. */
static inline void hart_fence(void)
{
    __asm__ volatile("fence rw, rw" : : : "memory");
}

/* The same, and accesses to device registers among them. */
static inline void hart_fence_io(void)
{
    __asm__ volatile("fence iorw, iorw" : : : "memory");
}

static inline void hart_fence_i(void)
{
    __asm__ volatile("fence.i" : : : "memory");
}

static inline void hart_sfence_vma(void)
{
    __asm__ volatile("sfence.vma" : : : "memory");
}

static inline void hart_hfence_gvma(void)
{
    __asm__ volatile(HART_ASM("hfence.gvma") : : : "memory");
}

static inline void hart_hfence_vvma(void)
{
    __asm__ volatile(HART_ASM("hfence.vvma") : : : "memory");
}

static inline void hart_hfence_vvma_asid(uint64_t asid)
{
    __asm__ volatile(HART_ASM("hfence.vvma zero, %0") : : "r"(asid) : "memory");
}

static inline void hart_hfence_vvma_page(uint64_t gva)
{
    __asm__ volatile(HART_ASM("hfence.vvma %0") : : "r"(gva) : "memory");
}

static inline void hart_hfence_vvma_page_asid(uint64_t gva, uint64_t asid)
{
    __asm__ volatile(HART_ASM("hfence.vvma %0, %1") : : "r"(gva), "r"(asid) : "memory");
}

/* What an LR of someone else reserved on this hart is lost: no SC of the next one succeeds by it.
 * *zero is 0, and stays so. Unpriv, "Zalrsc" (Load-Reserved/Store-Conditional Instructions) */
static inline void hart_drop_reservation(uint64_t *zero)
{
    __asm__ volatile("sc.d zero, zero, (%0)" : : "r"(zero) : "memory");
}

/* Waits until an interrupt that sie enables is pending, whatever sstatus.SIE. */
static inline void hart_wfi(void)
{
    __asm__ volatile("wfi" : : : "memory");
}

/* A call to the firmware. SBI 3 (Binary Encoding): only a0 and a1 change. */
static inline struct sbi_ret hart_ecall(uint64_t extension, uint64_t function, uint64_t arg0,
                                        uint64_t arg1, uint64_t arg2)
{
    register uint64_t a0 __asm__("a0") = arg0;
    register uint64_t a1 __asm__("a1") = arg1;
    register uint64_t a2 __asm__("a2") = arg2;
    register uint64_t a6 __asm__("a6") = function;
    register uint64_t a7 __asm__("a7") = extension;

    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return (struct sbi_ret){.error = (int64_t)a0, .value = a1};
}

#endif
