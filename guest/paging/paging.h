/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The topics of this guest, one file each, in the order in which they run, and what they share.
 */
#ifndef PAGING_PAGING_H
#define PAGING_PAGING_H

#include "lib/access.h"
#include "lib/clock.h"
#include "lib/table.h"
#include "lib/tap.h"
#include "lib/trap.h"
#include "riscv/cause.h"
#include "riscv/csr.h"

enum { LEAF_CHECKS = 11, RIGHT_CHECKS = 11, STRADDLE_CHECKS = 6, USER_CHECKS = 15 };
enum { PROCESS_CHECKS = 6, DEMAND_CHECKS = 5, MODE_CHECKS = 4 };

void leaf_test(void);
void right_test(void);
void straddle_test(void);
void user_test(void);
void process_test(void);
void demand_test(void);
void mode_test(void);

/* A GiB of addresses that the kernel does not use itself, for the tests to map. */
#define WINDOW 0x100000000UL

extern uint64_t *kernel_root; /* the Sv39 table in use when a topic begins */

/* Puts one page at `va` in the kernel's table, or with flags 0 takes it away; fenced. */
void window_map(uint64_t va, const void *page, uint64_t flags);

/* Tries `access` at `va`: whether it raises `cause` with the right stval and sepc; whether it
 * works, and what it gave. They say what they saw instead. */
bool access_faults(trap_try_fn *access, uint64_t va, uint64_t cause);
bool access_works(trap_try_fn *access, uint64_t va, uint64_t value);
bool access_gives(trap_try_fn *access, uint64_t va, uint64_t expected);

/* User space: the code of user.S at USER_CODE, one page for data. */
#define USER_CODE 0x10000UL
#define USER_DATA 0x20000UL
#define USER_HEAP 0x40000000UL

/* A table with the kernel (not for users) and the code of user.S. */
uint64_t *user_space_new(void);

/* Goes to that space; sfence.vma for one of its pages. */
void user_space_enter(const uint64_t *root, uint64_t asid);
void user_space_fence(uint64_t va, uint64_t asid);

/* Where a program of user.S is for user mode. */
extern const char user_begin[], user_end[];
static inline uint64_t user_address(const char *program)
{
    return USER_CODE + (uint64_t)(program - user_begin);
}

#endif
