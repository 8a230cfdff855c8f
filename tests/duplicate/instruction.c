/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions that user space must not run, system calls that are none, and the three ways in
 * which the hart may answer: see instruction_probes.S.
 */
#define _GNU_SOURCE
#include "instruction.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "duplicate.h"
#include "fault.h"

#define PAGE 4096

/* SBI calls from user space are system calls to Linux, and reach nobody else. */
static void calls(void)
{
    static const long sbi[] = {0x10, 0x54494d45, 0x735049, 0x52464e43, 0x48534d, 0x53525354};

    for (unsigned i = 0; i < ARRAY_SIZE(sbi); i++) {
        long result = syscall(sbi[i], 0, 0, 0);

        printf("system call %lx: %ld, %s\n", sbi[i], result, strerrorname_np(errno));
    }
}

void topic_instruction(void)
{
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    fault_place("page", page, PAGE);
    for (unsigned i = 0; instruction_probes[i].name; i++) {
        *(volatile uint64_t *)page = 0x5a5a;
        fault_try(instruction_probes[i].name, instruction_probes[i].act, (uint64_t)page);
    }
    calls();
}
