/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The capabilities of the machine under a test: `struct caps caps` is the test's to change.
 */
#ifndef FAKES_CAPS_H
#define FAKES_CAPS_H

#include "riscv/caps.h"

/* A hart with all that QEMU's rv64 has, V too (16-byte registers); 1,000,000 ticks a second. */
void caps_reset(void);

#endif
