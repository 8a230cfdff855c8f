/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The offsets that start.S and trap.S need, each pinned to its field in trap.c or harts.c.
 */
#ifndef LIB_TRAP_LAYOUT_H
#define LIB_TRAP_LAYOUT_H

#define FRAME_SP        16 /* x[2] */
#define FRAME_SEPC      256
#define FRAME_SSTATUS   264
#define FRAME_SCAUSE    272
#define FRAME_STVAL     280
#define FRAME_KERNEL_SP 288
#define FRAME_SIZE      304 /* a multiple of 16: the stack stays aligned */

#define HARTS_MAX       8
#define HART_STACK_SIZE 16384
#define HART_SIZE       64 /* struct hart stands at the top of its hart's stack */

#endif
