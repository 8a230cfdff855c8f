/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The goldfish RTC: wall time in nanoseconds, moved by what the guest set, and one alarm. Where
 * the time comes from and who calls at the deadline is the clock's business (struct vrtc_clock).
 * There is no standard for it: this is what QEMU's goldfish_rtc.c does and Linux'
 * rtc-goldfish.c expects. Registers are 32 bits wide; an access of another size
 * reads 0 and writes nothing.
 */
#include "dev/vrtc.h"

#include "lib/bits.h"

enum {
    REG_TIME_LOW = 0x00,
    REG_TIME_HIGH = 0x04,
    REG_ALARM_LOW = 0x08,
    REG_ALARM_HIGH = 0x0c,
    REG_IRQ_ENABLED = 0x10,
    REG_CLEAR_ALARM = 0x14,
    REG_ALARM_STATUS = 0x18,
    REG_CLEAR_INTERRUPT = 0x1c,
};

#define HALF_HIGH BITS(63, 32)
#define HALF_LOW  BITS(31, 0)

_Static_assert(offsetof(struct vrtc, vdev) == 0, "a vdev is cast to its vrtc");

static uint64_t guest_now(const struct vrtc *vrtc)
{
    return vrtc->clock->now_ns(vrtc->clock) + vrtc->offset_ns;
}

static void update_irq(const struct vrtc *vrtc)
{
    irq_line_set(&vrtc->irq, vrtc->irq_is_pending && vrtc->irq_is_enabled);
}

/* The alarm is a guest time; the clock wants its own, and cannot wait past the end of it. */
static void update_deadline(struct vrtc *vrtc)
{
    uint64_t deadline = UINT64_MAX;

    if (vrtc->alarm_is_armed) {
        uint64_t now = vrtc->clock->now_ns(vrtc->clock);
        uint64_t guest = now + vrtc->offset_ns;
        uint64_t left = vrtc->alarm_ns > guest ? vrtc->alarm_ns - guest : 0;
        deadline = left > UINT64_MAX - now ? UINT64_MAX : now + left;
    }
    vrtc->clock->set_deadline(vrtc->clock, deadline);
}

void vrtc_check(struct vrtc *vrtc)
{
    if (vrtc->alarm_is_armed && vrtc->alarm_ns <= guest_now(vrtc)) {
        vrtc->alarm_is_armed = false;
        vrtc->irq_is_pending = true;
        update_irq(vrtc);
    }
    update_deadline(vrtc);
}

/* Writing one half of the time leaves the other as it is at that moment. */
static void set_time(struct vrtc *vrtc, uint64_t half, uint64_t value)
{
    uint64_t now = guest_now(vrtc);

    vrtc->offset_ns += field_set(half, now, value) - now;
    vrtc_check(vrtc);
}

static uint64_t vrtc_read(struct vdev *self, uint64_t offset, unsigned size)
{
    struct vrtc *vrtc = (struct vrtc *)self;
    uint64_t now;

    if (size != 4)
        return 0;
    switch (offset) {
    case REG_TIME_LOW: /* the low half of now; the high half is kept for TIME_HIGH */
        now = guest_now(vrtc);
        vrtc->time_high = (uint32_t)field_get(HALF_HIGH, now);
        return field_get(HALF_LOW, now);
    case REG_TIME_HIGH: /* the high half as it was when TIME_LOW was read */
        return vrtc->time_high;
    case REG_ALARM_LOW: /* the alarm that was armed last */
        return field_get(HALF_LOW, vrtc->alarm_ns);
    case REG_ALARM_HIGH: /* what was written last, armed or not */
        return vrtc->alarm_high;
    case REG_IRQ_ENABLED:
        return vrtc->irq_is_enabled;
    case REG_ALARM_STATUS: /* 1 from arming to firing or clearing */
        return vrtc->alarm_is_armed;
    default: /* CLEAR_ALARM and CLEAR_INTERRUPT are only written; there is nothing else */
        return 0;
    }
}

static void vrtc_write(struct vdev *self, uint64_t offset, unsigned size, uint64_t value)
{
    struct vrtc *vrtc = (struct vrtc *)self;

    if (size != 4)
        return;
    switch (offset) {
    case REG_TIME_LOW:
        set_time(vrtc, HALF_LOW, value);
        break;
    case REG_TIME_HIGH:
        set_time(vrtc, HALF_HIGH, value);
        break;
    case REG_ALARM_LOW: /* arms; a time that has passed fires at once */
        vrtc->alarm_ns = field_set(HALF_HIGH, HALF_LOW & value, vrtc->alarm_high);
        vrtc->alarm_is_armed = true;
        vrtc_check(vrtc);
        break;
    case REG_ALARM_HIGH: /* kept for the next write of ALARM_LOW */
        vrtc->alarm_high = (uint32_t)value;
        break;
    case REG_IRQ_ENABLED: /* bit 0 gates the wire; a pending interrupt stays pending */
        vrtc->irq_is_enabled = value & 1;
        update_irq(vrtc);
        break;
    case REG_CLEAR_ALARM: /* disarms, whatever is written; leaves a pending interrupt alone */
        vrtc->alarm_is_armed = false;
        update_deadline(vrtc);
        break;
    case REG_CLEAR_INTERRUPT: /* whatever is written */
        vrtc->irq_is_pending = false;
        update_irq(vrtc);
        break;
    default: /* ALARM_STATUS is only read; there is nothing else */
        break;
    }
}

/* A battery keeps the time that the guest set. */
static void vrtc_reset(struct vdev *self)
{
    struct vrtc *vrtc = (struct vrtc *)self;

    vrtc->alarm_ns = 0;
    vrtc->time_high = 0;
    vrtc->alarm_high = 0;
    vrtc->alarm_is_armed = false;
    vrtc->irq_is_enabled = false;
    vrtc->irq_is_pending = false;
    update_irq(vrtc);
    update_deadline(vrtc);
}

/* Only the deadline is asked for anew: the wire's level is in the interrupt controller's record,
 * and an alarm that is due fires through vrtc_check, when that has been read too. */
static void vrtc_archive(struct vdev *self, struct archive *archive)
{
    struct vrtc *vrtc = (struct vrtc *)self;

    archive_u64(archive, "offset_ns", &vrtc->offset_ns);
    archive_u64(archive, "alarm_ns", &vrtc->alarm_ns);
    archive_u32(archive, "time_high", &vrtc->time_high);
    archive_u32(archive, "alarm_high", &vrtc->alarm_high);
    archive_bool(archive, "alarm_is_armed", &vrtc->alarm_is_armed);
    archive_bool(archive, "irq_is_enabled", &vrtc->irq_is_enabled);
    archive_bool(archive, "irq_is_pending", &vrtc->irq_is_pending);
    if (archive->is_writing)
        return;
    if (archive->error)
        vrtc_reset(self);
    else
        update_deadline(vrtc);
}

static const struct vdev_ops vrtc_ops = {
    .read = vrtc_read,
    .write = vrtc_write,
    .reset = vrtc_reset,
    .archive = vrtc_archive,
};

void vrtc_init(struct vrtc *vrtc, uint64_t base, struct irq_line irq, struct vrtc_clock *clock)
{
    *vrtc = (struct vrtc){
        .vdev = {.name = "rtc",
                 .ops = &vrtc_ops,
                 .base = base,
                 .size = VRTC_SIZE,
                 .width_min = 4,
                 .width_max = 4},
        .irq = irq,
        .clock = clock,
    };
}
