/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of instructions that instruction_probes.S makes; a name of NULL ends it.
 */
#ifndef INSTRUCTION_H
#define INSTRUCTION_H

#include <stdint.h>

extern const struct {
    uint64_t (*act)(uint64_t address);
    const char *name;
} instruction_probes[];

#endif
