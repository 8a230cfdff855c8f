/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The programs of user.S and their system calls (a7).
 */
#ifndef PAGING_USER_H
#define PAGING_USER_H

#define SYS_DONE  100 /* the program is over */
#define SYS_ROUND 101 /* one round of user_worker is over */
#define SYS_BAD   102 /* user_worker read what it did not write: at a0, a1 instead of a2 */

#ifndef __ASSEMBLER__

/* One instruction that must trap, at the program's first address. */
extern const char user_ecall[], user_ebreak[], user_illegal[], user_csr[], user_sret[];
extern const char user_sfence[], user_wfi[], user_hfence[], user_cycle[];

/* One access at the first address, then SYS_DONE; address in a0, value in a1. */
extern const char user_load[], user_store[], user_jump[], user_time[];

extern const char user_loop[];   /* never traps */
extern const char user_fill[];   /* stores its number to each of a1 pages at a0, then SYS_DONE */
extern const char user_worker[]; /* as described there */

#endif
#endif
