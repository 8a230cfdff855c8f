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

const struct console_driver *console_driver = &sbi_console;

static size_t (*input_room)(void);
static void (*input_handler)(const char *bytes, size_t count);
/* Without an interrupt for input, or with no room for it, one hart looks for it by its timer. */
static const struct hart_head *polling_hart;
static const struct hart_head *port_polling_hart; /* likewise, for ports */
static const struct hart_head *hurrying_hart;
static const struct hart_head *looking_hart;
static void (*port_handler)(void);
static uint32_t port_irq; /* 0: none is enabled */
static bool has_input_irq;
static bool has_stimecmp;

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
        polling_hart = room > 0 ? NULL : hart_head();
    }
}

void platform_enable_interrupts(size_t (*room)(void),
                                void (*input)(const char *bytes, size_t count))
{
    has_stimecmp = caps.sstc;
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
        polling_hart = hart_head();
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
        port_polling_hart = hart_head();
    }
}

/* How often this hart must be interrupted at least; 0: as it comes. */
static unsigned polls_a_second(void)
{
    if (hurrying_hart == hart_head())
        return HURRY_A_SECOND;
    if (polling_hart == hart_head() || port_polling_hart == hart_head() ||
        looking_hart == hart_head())
        return POLLS_A_SECOND;
    return 0;
}

void platform_hurry(bool is_on)
{
    hurrying_hart = is_on ? hart_head() : NULL;
    if (is_on)
        platform_timer_set(UINT64_MAX);
}

void platform_look(bool is_on)
{
    looking_hart = is_on ? hart_head() : NULL;
    if (is_on)
        platform_timer_set(UINT64_MAX);
}

/* SBI 6.1 (Set Timer), or stimecmp where the hart has it: Priv 19 (Sstc). */
void platform_timer_set(uint64_t deadline)
{
    unsigned polls = polls_a_second();

    if (polls)
        deadline = min_u64(deadline, csr_read(time) + caps.timebase / polls);
    if (has_stimecmp)
        csr_write(stimecmp, deadline);
    else
        hart_ecall(SBI_EXT_TIME, SBI_TIME_SET_TIMER, deadline, 0, 0);
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

void platform_interrupts(void)
{
    uint64_t pending = csr_read(sip);

    /* Cleared before anything is looked at, so that what comes later raises it again. */
    if (pending & SIP_SSIP)
        csr_clear(sip, SIP_SSIP);
    if (pending & SIP_STIP) {
        if (polling_hart == hart_head())
            take_input();
        if (port_polling_hart == hart_head())
            port_handler();
    }
    if (pending & SIP_SEIP)
        take_external();
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
