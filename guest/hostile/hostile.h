/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the hostile cases share: how a case says what must come, how it runs a single instruction
 * in the kernel or in user mode, and where things lie on the virt board. cases.inc lists the
 * cases; scripts/hostile runs them.
 */
#ifndef HOSTILE_HOSTILE_H
#define HOSTILE_HOSTILE_H

#include "lib/access.h"
#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/table.h"
#include "lib/tap.h"
#include "riscv/cause.h"
#include "riscv/csr.h"

/* The board, and places where it has nothing. */
#define TEST_BASE 0x100000UL
#define RTC_BASE  0x101000UL
#define PLIC_BASE 0xc000000UL
#define PLIC_SIZE 0x600000UL
#define UART_BASE 0x10000000UL
#define UART_SIZE 0x100UL
#define RAM_BASE  0x80000000UL

/* Of TEST and RTC. */
#define DEVICE_SIZE 0x1000UL

#define HOLE     0x800000UL /* between the RTC and the PLIC */
#define FAR_HOLE BIT(45)    /* more than the tables of a VM can map */

/* The scratch register of the UART: what is stored there is loaded again. */
#define UART_SCRATCH (UART_BASE + 7)

/* Some context's enable bits: 32 bits that are memory, but for source 0. */
#define PLIC_ENABLE (PLIC_BASE + 0x2000)

/* Where cases and the neighbour map what they like; all use the same ASID. */
#define VIRTUAL 0x40000000UL

/* Where the VM's RAM ends; from memory= of the boot arguments. */
uint64_t ram_end(void);

/* One expectation of a case; says so where it does not hold. The case has then failed. */
bool expect(bool good, const char *format, ...) PRINTF_LIKE(2);

/* "taken", with that cause and stval; `what` is for the person. */
bool expect_trap(const struct trap_seen *seen, uint64_t cause, uint64_t tval, const char *what);

/* Loads, stores and fetches at an address all end in the fault that belongs to them: access
 * faults, or page faults. stval is the address. */
void expect_access_faults(uint64_t address);
void expect_page_faults(uint64_t address);

/* Runs one instruction of 2 or 4 bytes in the kernel, with a0 and a1; its result is a0. */
struct trap_seen insn_run(uint32_t word, uint64_t a0, uint64_t a1);

/* It is an illegal instruction: cause 2, at its own address, with its bits or 0 in stval. */
void insn_expect_illegal(uint32_t word);

/* It is illegal, or it is not and runs; false where something else came of it. */
bool insn_is_harmless(uint32_t word, uint64_t a0);

/* The same in user mode, where it is followed by an ecall: a frame with cause 8 and that pc means
 * that it ran. user_map gives the user program a page at `va`, with more rights or less. */
#define USER_CODE 0x10000UL
const struct trap_frame *user_run(uint32_t word, uint64_t a0, uint64_t a1);
bool user_ran(const struct trap_frame *frame);
void user_expect_illegal(uint32_t word);
void user_map(uint64_t va, const void *page, uint64_t flags);

/* Instructions by number; CSR instructions use a0 for source and destination. */
#define INSN_WFI       0x10500073
#define INSN_SRET      0x10200073
#define INSN_EBREAK    0x00100073
#define INSN_CSRR(n)   ((uint32_t)(n) << 20 | 0x2573)  /* csrr a0, n */
#define INSN_CSRW(n)   ((uint32_t)(n) << 20 | 0x51073) /* csrw n, a0 */
#define INSN_CSRRW(n)  ((uint32_t)(n) << 20 | 0x51573) /* csrrw a0, n, a0 */
#define INSN_CBO(n)    ((uint32_t)(n) << 20 | 0x5200f) /* 0 inval, 1 clean, 2 flush, 4 zero */
#define INSN_WRS_NTO   0x00d00073
#define INSN_WRS_STO   0x01d00073
#define INSN_AMO_W(f5) ((uint32_t)(f5) << 27 | 0xb5252f) /* amo.w a0, a1, (a0) */
#define INSN_AMO_D(f5) ((uint32_t)(f5) << 27 | 0xb5352f)
#define INSN_LR_W      0x1005252f
#define INSN_LR_D      0x1005352f

/* Pseudo-random numbers, the same in each run. */
uint64_t next_random(uint64_t *state);

/* Switches to a table and back to none, with the fences. */
void paging_on(const uint64_t *root);
void paging_off(void);

/* The cases, one function each. */
#define CASE(name, vcpus, outcome) void name(void);
#include "hostile/cases.inc"
#undef CASE

/* Not a case: the VM beside them. */
_Noreturn void neighbour(void);

#endif
