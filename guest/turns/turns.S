/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loop of all vCPUs, without a stack: a0 is the vCPU, a1 its struct turns.
 */
#define TIME  0
#define WHO   8
#define COUNT 16
#define TICKS 24
#define LIMIT 32
#define END   40

#define LEAST 48

/* A turn may end after the look at `who` and before the time is stored: then the switch seems to
 * take next to nothing, or a turn. Such are not counted. */
#define TICKS_MOST 1000

    .text
    .globl  turns_start
turns_start:
1:  jal     t6, look
    j       1b

    .globl  turns_watch
turns_watch:
1:  jal     t6, look
    ld      t0, COUNT(a1)
    ld      t1, LIMIT(a1)
    bgeu    t0, t1, 2f
    rdtime  t0
    ld      t1, END(a1)
    bltu    t0, t1, 1b
2:  ret

look:
    ld      t0, WHO(a1)
    bne     t0, a0, 1f
    rdtime  t0
    sd      t0, TIME(a1)
    jr      t6

1:  rdtime  t0
    ld      t1, TIME(a1)
    sd      a0, WHO(a1)
    sd      t0, TIME(a1)
    sub     t0, t0, t1
    ld      t1, LEAST(a1)
    bltu    t0, t1, 2f
    li      t2, TICKS_MOST
    bgtu    t0, t2, 2f
    ld      t1, TICKS(a1)
    add     t1, t1, t0
    sd      t1, TICKS(a1)
    ld      t1, COUNT(a1)
    addi    t1, t1, 1
    sd      t1, COUNT(a1)
2:  jr      t6
