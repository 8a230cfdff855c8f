/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses that linker/understudy.ld and boot/bundle.S define.
 */
#ifndef BOOT_IMAGE_H
#define BOOT_IMAGE_H

extern char image_start[], text_end[], rodata_end[], boot_stack_guard[], boot_stack_top[],
    image_end[];

/* The bundle that runs when none is handed over. */
extern const char embedded_bundle[], embedded_bundle_end[];

#endif
