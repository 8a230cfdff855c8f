/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Included before every file of the image: nothing in it can be replaced from outside, so that
 * the compiler addresses all data directly instead of through a table of addresses.
 */
#ifndef HIDDEN_H
#define HIDDEN_H

#ifndef __ASSEMBLER__
#pragma GCC visibility push(hidden)
#endif

#endif
