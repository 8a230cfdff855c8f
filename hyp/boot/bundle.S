/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bundle of our own small guests, for a boot without one. EMBEDDED_BUNDLE is the Makefile's.
 */
    .section .rodata
    .balign 8
    .globl embedded_bundle
embedded_bundle:
    .incbin EMBEDDED_BUNDLE
    .globl embedded_bundle_end
embedded_bundle_end:
