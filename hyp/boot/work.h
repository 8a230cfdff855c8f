/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one hart, the one whose interrupts devices have, does beside running vCPUs: for those
 * outside, who come by the console and by ports.
 */
#ifndef BOOT_WORK_H
#define BOOT_WORK_H

#include <stdbool.h>

/* Lets in who is named by the boot arguments. True where somebody is: the machine must stay on
 * then. On that hart, before it runs its first vCPU. */
bool work_start(void);

/* `trace` or `trace=CATEGORIES` among the boot arguments: records from now on. Before a VM runs. */
void work_trace(void);

/* For its `work` of struct hart. */
void work_do(void);

#endif
