/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The front of a goldfish RTC: nanoseconds since 1970 in two 32-bit registers, and an alarm.
 */
#ifndef DEV_VRTC_H
#define DEV_VRTC_H

#include "dev/vdev.h"

#define VRTC_SIZE 0x1000

/* The back: wall time. now_ns must not decrease but by the operator's hand. */
struct vrtc_clock {
    uint64_t (*now_ns)(struct vrtc_clock *self);
    /* Asks for a call of vrtc_check at or after wall time `ns`; UINT64_MAX: no call needed. */
    void (*set_deadline)(struct vrtc_clock *self, uint64_t ns);
};

struct vrtc {
    struct vdev vdev;
    /* Where it leads, fixed at creation. */
    struct irq_line irq;
    struct vrtc_clock *clock;
    /* The bus's lock must be held. */
    uint64_t offset_ns; /* what the guest added by setting the time */
    uint64_t alarm_ns;
    uint32_t time_high; /* latched by reading TIME_LOW */
    uint32_t alarm_high;
    bool alarm_is_armed;
    bool irq_is_enabled;
    bool irq_is_pending;
};

void vrtc_init(struct vrtc *vrtc, uint64_t base, struct irq_line irq, struct vrtc_clock *clock);

/* Fires the alarm if its time has come. The bus's lock must be held. */
void vrtc_check(struct vrtc *vrtc);

#endif
