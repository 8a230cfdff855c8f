/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers are kept: more processes than CPUs hold different values in all of F, D and V, and look
 * whether the values are still there after turns of other processes, and of other vCPUs.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "duplicate.h"

#define ROUNDS       8
#define ROUND_MS     25
#define FLOAT_WORDS  34
#define VECTOR_REGS  32
#define VECTOR_EXTRA 24
#define MOST_VLEN    1024

void keep_float(uint64_t out[FLOAT_WORDS], const uint64_t in[FLOAT_WORDS], uint64_t deadline);
void keep_vector(uint8_t *out, const uint8_t *in, uint64_t deadline);
uint64_t vector_bytes(void);

static uint64_t ticks_of_ms; /* of `time` */

static void ticks_measure(void)
{
    uint64_t begin = time_read(), end = nanoseconds() + 20000000;

    while (nanoseconds() < end)
        ;
    ticks_of_ms = (time_read() - begin) / 20;
}

static int float_child(uint64_t seed)
{
    uint64_t in[FLOAT_WORDS], out[FLOAT_WORDS];

    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < FLOAT_WORDS; i++)
            in[i] = random_next(&seed);
        in[32] %= 5;  /* frm */
        in[33] %= 32; /* fflags */
        keep_float(out, in, time_read() + ROUND_MS * ticks_of_ms);
        if (memcmp(in, out, sizeof(in)) != 0)
            return 1;
    }
    return 0;
}

static int vector_child(uint64_t seed)
{
    static uint8_t in[VECTOR_REGS * MOST_VLEN + VECTOR_EXTRA], out[sizeof(in)];
    size_t registers = VECTOR_REGS * vector_bytes();

    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t extra[3] = {1 + round % 4, (uint64_t)(round % 4) << 3 | 1, seed % 8};

        for (size_t i = 0; i < registers; i++)
            in[i] = (uint8_t)random_next(&seed);
        memcpy(in + registers, extra, sizeof(extra));
        memset(out, 0, sizeof(out));
        keep_vector(out, in, time_read() + ROUND_MS * ticks_of_ms);
        if (memcmp(in, out, registers + 8) != 0 || memcmp(in + registers, out + registers, 24) != 0)
            return 1;
    }
    return 0;
}

/* Two processes for each CPU and one more; half of the time with the vector registers, if any. */
static void processes(const char *label, int (*even)(uint64_t), int (*odd)(uint64_t))
{
    unsigned count = 2 * cpu_count() + 1, bad = 0;
    int status;

    for (unsigned i = 0; i < count; i++) {
        if (fork() == 0)
            _exit((i % 2 ? odd : even)(i + 1));
    }
    while (wait(&status) > 0)
        bad += status != 0;
    check(label, bad == 0);
}

static volatile double handler_sum;

static void handler(int number)
{
    uint64_t state = (uint64_t)number, in[FLOAT_WORDS], out[FLOAT_WORDS];

    for (unsigned i = 0; i < FLOAT_WORDS; i++)
        in[i] = random_next(&state) % 5;
    keep_float(out, in, 0);
    handler_sum += 1.5;
}

/* A signal's handler uses all of F; what it interrupts must not notice. */
static void handlers(void)
{
    struct itimerval often = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};

    signal(SIGALRM, handler);
    setitimer(ITIMER_REAL, &often, NULL);
    check("F is kept over signal handlers", float_child(77) == 0);
    setitimer(ITIMER_REAL, &never, NULL);
    check("which have run", handler_sum > 5);
}

void topic_keep(void)
{
    ticks_measure();
    processes("F and D are kept", float_child, float_child);
    handlers();
    if (!isa_has("v"))
        return;
    processes("V is kept", vector_child, vector_child);
    processes("F, D and V are kept", float_child, vector_child);
}
