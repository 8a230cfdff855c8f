/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the topics of the program `duplicate` share. Each topic prints lines that must be the same
 * on the board and in a VM: results, digests of results, verdicts; never an address, a time or a
 * count that differs from run to run.
 */
#ifndef DUPLICATE_H
#define DUPLICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

struct topic {
    const char *name;
    void (*run)(void);
};

/* An instruction as a function, from one of the .S files; a row without `run` ends a table. */
struct operation {
    uint64_t (*run)(uint64_t a, uint64_t b, uint64_t c, uint64_t d);
    const char *name, *extension;
};

extern const struct operation integer_ops[], extension_ops[], float_ops[];

/* One for each file. */
void topic_integer(void);
void topic_extension(void);
void topic_float(void);
void topic_vector(void);
void topic_keep(void);
void topic_fault(void);
void topic_instruction(void);
void topic_process(void);
void topic_memory(void);
void topic_code(void);
void topic_misaligned(void);
void topic_timer(void);
void topic_counter(void);
void topic_lock(void);
void topic_shootdown(void);
void topic_machine(void);
void topic_paging(void);
void topic_hotplug(void);
void topic_interrupt(void);
void topic_console(void);

/* Adds to what digest_print prints, which then begins anew. One thread only. */
void digest_word(uint64_t word);
void digest_bytes(const void *data, size_t size);
void digest_print(const char *label);

/* "label: yes" or "label: NO". */
void check(const char *label, bool good);

/* The same numbers in every run; `state` begins with any value. */
uint64_t random_next(uint64_t *state);

/* CPUs that are online now. */
unsigned cpu_count(void);

/* This thread runs on that CPU only, from now on. False where there is no such CPU online. */
bool cpu_pin(unsigned cpu);

/* Does /proc/cpuinfo list this extension? */
bool isa_has(const char *name);

/* The ticks of the `time` CSR. */
static inline uint64_t time_read(void)
{
    uint64_t ticks;

    __asm__ volatile("rdtime %0" : "=r"(ticks)::"memory");
    return ticks;
}

/* Nanoseconds of a clock that does not go back. */
uint64_t nanoseconds(void);

#endif
