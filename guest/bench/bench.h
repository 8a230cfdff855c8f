/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loops of loops.S: each does its operation `count` times, with the arguments given, and
 * returns how often it saw what it must see (a trap taken, or just done).
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdint.h>

typedef uint64_t bench_loop(uint64_t count, uint64_t a, uint64_t b, uint64_t c);

bench_loop loop_empty;
bench_loop loop_sbi_base;
bench_loop loop_sbi_set_timer; /* a: the time */
bench_loop loop_sbi_ipi;       /* a: mask, b: mask base; clears sip.SSIP each time */
bench_loop loop_sbi_ipi_taken; /* as loop_sbi_ipi, interrupts on */
bench_loop loop_dbcn_write0;   /* a: any address in RAM */
bench_loop loop_csr_time;
bench_loop loop_mmio_store_load; /* a: a byte that keeps what is written */
bench_loop loop_mmio_load;       /* a: a word */
bench_loop loop_illegal_insn;
bench_loop loop_page_fault; /* a: first page, b: its table, of no entries, c: the entry */
bench_loop loop_ecall_user; /* a: where user_begin is for user mode */

/* The code for user mode, in whole pages. */
extern const char user_begin[], user_end[];

#endif
