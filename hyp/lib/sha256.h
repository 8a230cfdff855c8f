/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-256 (FIPS 180-4), for bundles that carry it.
 */
#ifndef LIB_SHA256_H
#define LIB_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32

/* The digest of `size` bytes at `data`, of any alignment. */
void sha256_compute(const void *data, size_t size, uint8_t digest[SHA256_SIZE]);

#endif
