/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The topics of this guest, and the functions in assembly that alone touch floating-point and
 * vector registers: the compiler's code does not, so what they leave there stays.
 */
#ifndef FP_FP_H
#define FP_FP_H

#include "lib/trap.h"

enum { STATUS_CHECKS = 6, KEEP_CHECKS = 7 };

void status_test(void);
void keep_test(void);

#define FLOAT_FCSR  32 /* index behind f0 to f31 */
#define FLOAT_WORDS 33

enum { VECTOR_VL, VECTOR_VTYPE, VECTOR_VCSR, VECTOR_VSTART, VECTOR_CSRS };

/* float.S */
void float_load(const uint64_t words[FLOAT_WORDS]);
void float_store(uint64_t words[FLOAT_WORDS]);

/* vector.S; `bytes` holds v0 to v31, one after the other. vstart is 0 before vector_load and
 * after vector_store. */
void vector_load(const uint8_t *bytes, const uint64_t csrs[VECTOR_CSRS]);
void vector_store(uint8_t *bytes, uint64_t csrs[VECTOR_CSRS]);

/* For trap_try: write f0 from a; write fcsr; load f0 from memory at a; set vl to a, giving the
 * bytes of a vector register. */
trap_try_fn float_write, float_write_fcsr, float_load_one, vector_set;

/* The fields FS and VS of sstatus. */
void status_set(uint64_t field, uint64_t state);
uint64_t status_get(uint64_t field);

/* Bytes of a vector register, 0 where there are none. */
uint64_t vector_bytes(void);

#endif
