/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Single instructions as functions, for trap_try: the first instruction of each is the one in
 * its name, so that sepc must be the function's own address.
 */
#ifndef LIB_ACCESS_H
#define LIB_ACCESS_H

#include "lib/trap.h"

/* Loads from a; what the instruction put into its register. access_lw_x0: 0. */
trap_try_fn access_lb, access_lbu, access_lh, access_lhu, access_lw, access_lwu, access_ld;
trap_try_fn access_c_lw, access_c_ld, access_lw_x0, access_lr;

/* Stores of b to a. access_amoadd returns the old value. */
trap_try_fn access_sb, access_sh, access_sw, access_sd, access_c_sw, access_c_sd;
trap_try_fn access_amoadd;

/* Jumps to a as to a function. sepc is then a. */
trap_try_fn access_jump;

#endif
