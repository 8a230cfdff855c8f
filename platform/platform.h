/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only door to the board. The record is filled from the device tree at boot and constant
 * afterwards; everything that data can say is in it, the functions are the rest.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLATFORM_REGIONS_MAX 64
#define PLATFORM_MODEL_MAX   64

/* Bytes of physical memory. */
struct platform_range {
    uint64_t base;
    uint64_t size;
};

struct platform {
    char model[PLATFORM_MODEL_MAX];
    const void *fdt;
    uint64_t fdt_size;

    struct platform_range memory[PLATFORM_REGIONS_MAX];
    unsigned memory_count;
    /* What of it must not be touched: firmware, device tree, bundle. Not our image. */
    struct platform_range reserved[PLATFORM_REGIONS_MAX];
    unsigned reserved_count;
    /* Device registers that we map for ourselves. */
    struct platform_range devices[PLATFORM_REGIONS_MAX];
    unsigned device_count;

    struct platform_range bundle; /* the initrd; size 0 where there is none */
    const char *bootargs;         /* never NULL */
    uint32_t hart_count;          /* harts that the tree calls okay */
    uint64_t epoch_ns;            /* wall time at host time 0; 0 where there is no clock */
};

extern struct platform platform;

/* How the whole machine ends: its exit status where the board can give one. */
enum platform_status {
    PLATFORM_OK = 0,      /* every guest shut itself down */
    PLATFORM_REFUSED = 2, /* something could not be started */
    PLATFORM_CRASHED = 3, /* a guest crashed */
    PLATFORM_PANIC = 4,   /* the hypervisor did */
};

/*
 * Reads the device tree at `fdt` into the record and caps (what comes from the tree). False,
 * with *why set to a few words, where this board cannot be used.
 */
bool platform_init(const void *fdt, const char **why);

/* At most `size` bytes of the tree's /chosen rng-seed; what it does not give stays as it was. */
void platform_seed(uint8_t *seed, size_t size);

/* Hands each hart of the tree that is okay to `visit`, by its hartid. */
void platform_harts(void (*visit)(uint64_t hartid));

/* The console: bytes out, waiting until they are taken; bytes in, as many as there are. */
void platform_console_write(const char *bytes, size_t count);
size_t platform_console_read(char *bytes, size_t count);

/*
 * Sends the bytes, in order and as one piece, on the port of that name (a virtio console's; on
 * QEMU, -device virtserialport,name=...), and returns when they have left the machine. Where the
 * board has no such port they are dropped; where the port does not take them within two seconds,
 * the rest is, and all that follows until it has. Any hart may call it; it takes a lock of its own.
 */
void platform_port_write(const char *port, const void *bytes, size_t size);

/* At most `size` of the bytes that came to the port of that name; returns how many, and does not
 * wait. What is not read stays outside. Any hart may call it; it takes a lock of its own. */
size_t platform_port_read(const char *port, void *bytes, size_t size);

/*
 * Hands the bytes to the port of that name, and does not wait: they must stay as they are until
 * platform_port_is_free. Where the board has no such port they are dropped. False, with nothing
 * done, while the port still has others; for a port that nobody writes to by platform_port_write.
 * Any hart may call them; they take a lock of their own.
 */
bool platform_port_post(const char *port, const void *bytes, size_t size);
bool platform_port_is_free(const char *port);

/* True where somebody was at the other end of the port, and has gone. Any hart may call it; it
 * takes a lock of its own. */
bool platform_port_is_left(const char *port);

/* From now on this hart is interrupted when bytes come to a port, or somebody leaves it, and then
 * calls `come`; where the
 * board cannot do that, 50 times a second. After platform_enable_interrupts. */
void platform_watch_ports(void (*come)(void));

/* From now on this hart is interrupted within a millisecond, again and again, or not any more.
 * For somebody who waits for what other harts do. One hart only. */
void platform_hurry(bool is_on);

/* From now on this hart is interrupted 50 times a second at least, or not any more. For somebody
 * who must look from time to time. One hart only. */
void platform_look(bool is_on);

/* From now on this hart is interrupted by the timer, by IPIs, and hart 0 of the tree by devices.
 * Bytes that arrive at the console are handed to `input` on the hart that is interrupted, as many
 * as `room` says; the others stay outside until there is room. */
void platform_enable_interrupts(size_t (*room)(void),
                                void (*input)(const char *bytes, size_t count));

/* This hart's timer: an interrupt at host time `deadline`, UINT64_MAX for none. It pends until the
 * timer is set anew. */
void platform_timer_set(uint64_t deadline);

/* Takes all host interrupts that pend at this hart: clears IPIs, serves devices. The caller sets
 * the timer before it waits or lets a guest run. */
void platform_interrupts(void);

/* Sleeps until a host interrupt pends. */
void platform_wait(void);

/* Turns the machine off. */
_Noreturn void platform_exit(enum platform_status status);

#endif
