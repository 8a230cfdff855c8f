/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that does what no guest should: random instructions and random SBI calls, in S- and
 * U-mode, one step after the other. A step is a frame of registers and a few words of code; it
 * ends with a trap, after which the kernel puts everything back that it needs.
 *
 * Words behind kernel= for the boot arguments: seed= (the same steps every time), steps=.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "lib/table.h"
#include "lib/trap.h"

/* random.c: splitmix64. */
void random_seed(uint64_t seed);
uint64_t random_u64(void);
uint64_t random_below(uint64_t limit);

static inline bool random_one_in(uint64_t count)
{
    return random_below(count) == 0;
}

/* step.S: runs the frame until it traps; the trap stands in the frame. Interrupts that sie lets
 * through end a step too. STEP_RESUMED for scause: a suspension without retention ended. */
#define STEP_RESUMED 100
extern struct trap_frame step_frame;
extern uint64_t step_satp; /* what step_resume puts into satp */
extern const char step_resume[];
void step_run(void);

/*
 * windows.c: what a step sees beside the kernel, twice: for S-mode, and with the U bit for U-mode.
 * Places in units of pages behind WINDOW_S or WINDOW_U; what is not named is not mapped.
 */
#define WINDOW_S    0x1000000000UL
#define WINDOW_U    0x1100000000UL
#define WINDOW_STEP 0x200000UL /* from one large window to the next */

enum window_page {
    WINDOW_CODE = 0,      /* two pages: the second is the first again */
    WINDOW_CODE_HOLE = 4, /* code, then a hole in the board's map */
    WINDOW_CODE_UART = 8, /* code, then a device */
    WINDOW_CODE_NOTHING = 12,
    WINDOW_DATA = 16, /* two pages */
    WINDOW_DATA_HOLE = 20,
    WINDOW_DATA_UART = 24,
    WINDOW_UART = 28,         /* one page, then a hole */
    WINDOW_PLIC = 30,         /* priorities, pending bits, enables */
    WINDOW_PLIC_CONTEXT = 34, /* two pages: of our hart's M- and S-mode */
    WINDOW_RTC = 36,          /* one page, then a hole */
    WINDOW_READ_ONLY = 38,
    WINDOW_NO_A_D = 40,
    WINDOW_BEYOND = 42,    /* behind the RAM; behind 2^41; the highest page */
    WINDOW_USER_CODE = 46, /* data that U-mode may execute */
    WINDOW_PAGES = 48,
};

/* Large windows, from 1: a page table in a hole, in the UART, in the PLIC; a table that is its own
 * parent; 2 MiB of devices; of a hole; and misaligned. */
#define WINDOWS_LARGE 7

void windows_init(void);
uint64_t windows_satp(void);

/* The code page, as the kernel writes it; and pages of RAM that calls may be given. */
uint8_t *windows_code(void);
uint64_t windows_data(void);
uint64_t windows_text(void); /* two pages of '.' */

/* Quiet devices: no interrupt enabled, the UART in loopback, so that it prints nothing. */
void windows_quiet(void);

/* An address for a register: in or near some window of the mode, or a number of any kind. */
uint64_t windows_address(bool is_user);

/* words.c: an instruction; what would take the kernel's trap vector or page table away from it in
 * S-mode is not among them. */
uint32_t words_random(bool is_user);

/* calls.c: registers of an SBI call, without those that end the machine or the hart. */
void calls_random(struct trap_frame *frame);

#endif
