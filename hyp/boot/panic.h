/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ends that nobody wants.
 */
#ifndef BOOT_PANIC_H
#define BOOT_PANIC_H

#include <stdint.h>

/* A fatal trap of the hypervisor itself: prints x[0] to x[31] and the trap, and stops. Called by
 * boot/hyp_trap.S, on the hart's fault stack. */
_Noreturn void hyp_trap_report(const uint64_t *x);

/* Before guests run: says why this machine cannot be used, and turns it off. */
_Noreturn void refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
