/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: the goldfish RTC. An input sets times and alarms while the clock goes on, and the
 * clock calls as late as it was asked to. Claimed: the wire is up exactly where an alarm has come
 * due and interrupts are enabled, and the deadline is never later than the alarm.
 */
#include "dev/vrtc.h"

#include "dev/bus.h"
#include "fuzz/fuzz.h"

#define BASE 0x101000UL

enum { TIME_LOW = 0, TIME_HIGH = 4, ALARM_LOW = 8, ALARM_HIGH = 12, IRQ_ENABLED = 16 };
enum { CLEAR_ALARM = 20, ALARM_STATUS = 24, CLEAR_INTERRUPT = 28 };

static struct bus bus;
static struct vrtc vrtc;
static uint64_t now, deadline;
static bool wire;

/* What a reader of the driver would keep in mind. */
static struct {
    uint64_t offset, alarm;
    uint32_t high, alarm_high;
    bool is_armed, is_enabled, is_pending;
} model;

static uint64_t now_ns(struct vrtc_clock *clock)
{
    (void)clock;
    return now;
}

static void set_deadline(struct vrtc_clock *clock, uint64_t ns)
{
    (void)clock;
    deadline = ns;
}

static struct vrtc_clock clock_fake = {.now_ns = now_ns, .set_deadline = set_deadline};

static void set_wire(void *target, unsigned number, bool level)
{
    (void)target;
    (void)number;
    wire = level;
}

static void model_check(void)
{
    if (model.is_armed && model.alarm <= now + model.offset) {
        model.is_armed = false;
        model.is_pending = true;
    }
}

static uint32_t model_read(uint64_t offset)
{
    uint64_t time = now + model.offset;

    switch (offset) {
    case TIME_LOW:
        model.high = (uint32_t)(time >> 32);
        return (uint32_t)time;
    case TIME_HIGH:
        return model.high;
    case ALARM_LOW:
        return (uint32_t)model.alarm;
    case ALARM_HIGH:
        return model.alarm_high;
    case IRQ_ENABLED:
        return model.is_enabled;
    case ALARM_STATUS:
        return model.is_armed;
    default:
        return 0;
    }
}

static void model_write(uint64_t offset, uint32_t value)
{
    uint64_t time = now + model.offset;

    switch (offset) {
    case TIME_LOW:
        model.offset = ((time >> 32 << 32) | value) - now;
        break;
    case TIME_HIGH:
        model.offset = ((uint64_t)value << 32 | (uint32_t)time) - now;
        break;
    case ALARM_LOW:
        model.alarm = (uint64_t)model.alarm_high << 32 | value;
        model.is_armed = true;
        break;
    case ALARM_HIGH:
        model.alarm_high = value;
        break;
    case IRQ_ENABLED:
        model.is_enabled = value & 1;
        break;
    case CLEAR_ALARM:
        model.is_armed = false;
        break;
    case CLEAR_INTERRUPT:
        model.is_pending = false;
        break;
    default:
        break;
    }
    if (offset == TIME_LOW || offset == TIME_HIGH || offset == ALARM_LOW)
        model_check();
}

static void start_over(struct fuzz *fuzz)
{
    memset(&model, 0, sizeof(model));
    now = fuzz_take(fuzz, 8);
    deadline = UINT64_MAX;
    wire = false;
    bus_init(&bus);
    vrtc_init(&vrtc, BASE, (struct irq_line){.set = set_wire}, &clock_fake);
    fuzz_claim(bus_add(&bus, &vrtc.vdev) == 0);
}

/* Small steps most of the time, and the clock never turns back. It calls when it is time. */
static void pass_time(struct fuzz *fuzz)
{
    uint64_t step = fuzz_take_bool(fuzz) ? fuzz_take(fuzz, 2) : fuzz_take(fuzz, 8);

    now = step > UINT64_MAX - now ? UINT64_MAX : now + step;
    if (deadline <= now) {
        deadline = UINT64_MAX;
        vrtc_check(&vrtc);
        model_check();
    }
}

static void check(void)
{
    fuzz_claim(wire == (model.is_pending && model.is_enabled));
    /* Where it will come due before the clock's end, somebody will call, and not too late. */
    if (model.is_armed && model.alarm > now + model.offset &&
        model.alarm - (now + model.offset) < UINT64_MAX - now)
        fuzz_claim(deadline <= now + (model.alarm - (now + model.offset)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};

    start_over(&fuzz);
    while (fuzz.left > 0) {
        uint64_t offset = fuzz_take(&fuzz, 1) % 48, value = 0;

        if (offset % 4 == 3) {
            pass_time(&fuzz);
        } else if (offset % 4 == 2) {
            bool is_answered = bus_read(&bus, BASE + offset - 2, 4, &value);
            fuzz_claim(is_answered && value == model_read(offset - 2));
        } else if (offset % 4 == 1) {
            value = fuzz_take(&fuzz, 4);
            fuzz_claim(bus_write(&bus, BASE + offset - 1, 4, value));
            model_write(offset - 1, (uint32_t)value);
        } else {
            fuzz_claim(!bus_read(&bus, BASE + offset, 1U << offset / 4 % 4, &value) ||
                       offset / 4 % 4 == 2);
            if (offset / 4 % 4 == 2)
                (void)model_read(offset);
        }
        check();
    }
    return 0;
}
