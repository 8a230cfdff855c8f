/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions behind platform.h: console, timer, interrupts, the end. Hardware.
 */
#include "drivers/drivers.h"
#include "drivers/virtio_console.h"
#include "lib/bits.h"
#include "platform.h"
#include "riscv/caps.h"
#include "riscv/csr.h"
#include "riscv/hart.h"
#include "riscv/hart_head.h"

#define INPUT_CHUNK    64
#define POLLS_A_SECOND 50
#define HURRY_A_SECOND 1000

/* Of a hart's `polls`. Without an interrupt for input, or with no room for it, it looks for it by
 * its timer. */
#define POLLS_INPUT BIT(0)
#define POLLS_PORTS BIT(1) /* likewise */
#define POLLS_LOOK  BIT(2)
#define POLLS_HURRY BIT(3)
#define POLLS_ANY   BITS(3, 0)
/* Its timer is the firmware's. */
#define BY_FIRMWARE BIT(4)

const struct console_driver *console_driver = &sbi_console;

static size_t (*input_room)(void);
static void (*input_handler)(const char *bytes, size_t count);
static void (*port_handler)(void);
static uint32_t port_irq; /* 0: none is enabled */
static bool has_input_irq;

void platform_console_write(const char *bytes, size_t count)
{
    console_driver->write(bytes, count);
}

size_t platform_console_read(char *bytes, size_t count)
{
    return console_driver->read(bytes, count);
}

void platform_port_write(const char *port, const void *bytes, size_t size)
{
    virtio_console_write(port, bytes, size);
}

bool platform_port_is_left(const char *port)
{
    return virtio_console_is_left(port);
}

size_t platform_port_read(const char *port, void *bytes, size_t size)
{
    return virtio_console_read(port, bytes, size);
}

bool platform_port_post(const char *port, const void *bytes, size_t size)
{
    return virtio_console_post(port, bytes, size);
}

bool platform_port_is_free(const char *port)
{
    return virtio_console_is_free(port);
}

/* From now on this hart is interrupted by its timer for that, or not any more. */
static void poll(uint64_t what, bool is_on)
{
    struct hart_head *head = hart_head();

    head->polls = is_on ? head->polls | what : head->polls & ~what;
}

static void take_input(void)
{
    char bytes[INPUT_CHUNK];
    size_t room, count;

    while ((room = input_room()) > 0 &&
           (count = console_driver->read(bytes, min_u64(room, sizeof(bytes)))) > 0)
        input_handler(bytes, count);
    if (has_input_irq) {
        /* What nobody has room for stays in the device, which then waits and holds its peer. */
        ns16550_set_irq(room > 0);
        poll(POLLS_INPUT, room == 0);
    }
}

void platform_enable_interrupts(size_t (*room)(void),
                                void (*input)(const char *bytes, size_t count))
{
    poll(BY_FIRMWARE, !caps.sstc);
    platform_timer_set(UINT64_MAX);
    csr_write(sie, SIP_SSIP | SIP_STIP);
    if (!input)
        return;
    input_room = room;
    input_handler = input;
    has_input_irq = plic_is_there() && console_driver->irq;
    if (has_input_irq) {
        plic_enable(console_driver->irq);
        ns16550_set_irq(true);
        csr_set(sie, SIP_SEIP);
    } else {
        poll(POLLS_INPUT, true);
    }
}

void platform_watch_ports(void (*come)(void))
{
    port_handler = come;
    port_irq = plic_is_there() ? virtio_console_enable() : 0;
    if (port_irq) {
        plic_enable(port_irq);
        csr_set(sie, SIP_SEIP);
    } else {
        poll(POLLS_PORTS, true);
    }
}

void platform_hurry(bool is_on)
{
    poll(POLLS_HURRY, is_on);
    if (is_on)
        platform_timer_set(UINT64_MAX);
}

void platform_look(bool is_on)
{
    poll(POLLS_LOOK, is_on);
    if (is_on)
        platform_timer_set(UINT64_MAX);
}

/* SBI 6.1 (Set Timer), and a hart that must be interrupted now and then. Out of line, as mostly it
 * is neither. */
static __attribute__((noinline)) void set_timer(uint64_t deadline, uint64_t polls)
{
    unsigned rate = polls & POLLS_HURRY ? HURRY_A_SECOND : POLLS_A_SECOND;

    if (polls & POLLS_ANY)
        deadline = min_u64(deadline, csr_read(time) + caps.timebase / rate);
    if (polls & BY_FIRMWARE)
        hart_ecall(SBI_EXT_TIME, SBI_TIME_SET_TIMER, deadline, 0, 0);
    else
        csr_write(stimecmp, deadline);
}

/* stimecmp: Priv 19 (Sstc). */
void platform_timer_set(uint64_t deadline)
{
    uint64_t polls = hart_head()->polls;

    if (polls)
        set_timer(deadline, polls);
    else
        csr_write(stimecmp, deadline);
}

static void take_port_interrupt(void)
{
    virtio_console_interrupt();
    port_handler();
}

static void take_external(void)
{
    uint32_t irq;

    if (!plic_is_there())
        return;
    while ((irq = plic_claim()) != 0) {
        if (irq == console_driver->irq)
            take_input();
        else if (irq == port_irq)
            take_port_interrupt();
        plic_complete(irq);
    }
}

/* Out of line, as mostly there is only the timer. */
static __attribute__((noinline)) void take_devices(uint64_t pending)
{
    uint64_t polls = pending & SIP_STIP ? hart_head()->polls : 0;

    if (polls & POLLS_INPUT)
        take_input();
    if (polls & POLLS_PORTS)
        port_handler();
    if (pending & SIP_SEIP)
        take_external();
}

void platform_interrupts(void)
{
    uint64_t pending = csr_read(sip);

    /* Cleared before anything is looked at, so that what comes later raises it again. */
    if (pending & SIP_SSIP)
        csr_clear(sip, SIP_SSIP);
    if ((pending & SIP_SEIP) || hart_head()->polls)
        take_devices(pending);
}

void platform_wait(void)
{
    hart_wfi();
}

/* SBI 10.1 (System reset), only where there is no test device: its request would overtake the
 * status, as the device does not end the machine at once. */
_Noreturn void platform_exit(enum platform_status status)
{
    uint64_t reason = status == PLATFORM_OK ? SBI_SRST_NO_REASON : SBI_SRST_SYSTEM_FAILURE;

    if (!test_device_exit(status))
        hart_ecall(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, SBI_SRST_SHUTDOWN, reason, 0);
    for (;;)
        hart_wfi();
}
