/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices meet vCPUs here: PLIC outputs become VSEIP, the test device stops the machine, the
 * RTC's alarm becomes a deadline of vCPU 0. Wires may be pulled on any hart, with the bus's
 * lock held.
 */
#include "vm/board.h"

#include "riscv/caps.h"
#include "riscv/csr.h"
#include "trace/trace.h"
#include "vcpu/request.h"
#include "vcpu/vscsr.h"

/* Contexts go by pairs: 2n is hart n's M-mode, which nothing listens to, 2n + 1 its S-mode. */
static void set_external(void *target, unsigned context, bool level)
{
    struct vm *vm = target;

    if (context % 2 == 1)
        vcpu_interrupt(&vm->vcpus[context / 2], HVIP_VSEIP, level);
}

/* From a device to the interrupt controller, on a change. */
static void set_wire(void *target, unsigned source, bool level)
{
    struct vm *vm = target;

    trace_wire(vm->id, source, level);
    vplic_set_level(&vm->vplic, source, level);
}

static struct irq_line wire(struct vm *vm, unsigned source)
{
    return (struct irq_line){.set = set_wire, .target = vm, .number = source};
}

static void request_end(void *target, enum vtest_request request, uint32_t code)
{
    struct vm *vm = target;

    switch (request) {
    case VTEST_POWEROFF:
        vm_stop(vm, VM_HALTED, "shut down by its test device");
        break;
    case VTEST_RESET:
        vm_stop(vm, VM_RESETTING, "reset by its test device");
        break;
    case VTEST_FAIL:
        vm_stop(vm, VM_CRASHED, "its test device reports failure %u", code);
        break;
    }
}

static uint64_t ns_to_ticks(uint64_t ns)
{
    return ns / NS_PER_SECOND * caps.timebase + ns % NS_PER_SECOND * caps.timebase / NS_PER_SECOND;
}

static struct vm *vm_of_clock(struct vrtc_clock *clock)
{
    return (struct vm *)((char *)clock - offsetof(struct vm, clock));
}

static struct vm *vm_of_stream(struct stream *stream)
{
    return (struct vm *)((char *)stream - offsetof(struct vm, uart_stream));
}

static uint64_t clock_now(struct vrtc_clock *clock)
{
    return vm_of_clock(clock)->backs.epoch_ns + caps_ns(vscsr_time());
}

static void clock_set_deadline(struct vrtc_clock *clock, uint64_t ns)
{
    struct vm *vm = vm_of_clock(clock);
    uint64_t deadline = UINT64_MAX;

    if (ns != UINT64_MAX)
        deadline = ns > vm->backs.epoch_ns ? ns_to_ticks(ns - vm->backs.epoch_ns) + 1 : 0;
    __atomic_store_n(&vm->vcpus[0].device_deadline, deadline, __ATOMIC_SEQ_CST);
    vcpu_request(&vm->vcpus[0], VCPU_REQUEST_TIMER);
}

static void uart_write(struct stream *self, const uint8_t *bytes, size_t count)
{
    vm_console_write(vm_of_stream(self), bytes, count);
}

/* As much of the console's input as the serial port takes. The bus's lock must be held. */
static void feed_uart(struct stream *self)
{
    struct vm *vm = vm_of_stream(self);
    uint8_t bytes[VUART_FIFO_BYTES];
    size_t count = vm->backs.console->read(vm->backs.console, bytes, vuart_room(&vm->vuart));

    vuart_receive(&vm->vuart, bytes, count);
}

static int add_devices(struct vm *vm)
{
    struct vdev *const devices[] = {
        &vm->vtest.vdev,
        &vm->vrtc.vdev,
        &vm->vplic.vdev,
        &vm->vuart.vdev,
    };

    for (unsigned i = 0; i < ARRAY_SIZE(devices); i++) {
        int err = bus_add(&vm->bus, devices[i]);

        if (err)
            return err;
    }
    return 0;
}

int board_init(struct vm *vm)
{
    struct irq_line external = {.set = set_external, .target = vm};

    vm->clock = (struct vrtc_clock){.now_ns = clock_now, .set_deadline = clock_set_deadline};
    vm->uart_stream = (struct stream){.write = uart_write, .drained = feed_uart};
    bus_init(&vm->bus);
    vtest_init(&vm->vtest, BOARD_TEST_BASE, request_end, vm);
    vplic_init(&vm->vplic, BOARD_PLIC_BASE, vm->contexts, 2 * vm->vcpu_count, external);
    vuart_init(&vm->vuart, BOARD_UART_BASE, wire(vm, BOARD_UART_IRQ), &vm->uart_stream);
    vrtc_init(&vm->vrtc, BOARD_RTC_BASE, wire(vm, BOARD_RTC_IRQ), &vm->clock);
    return add_devices(vm);
}

void vm_service(struct vcpu *vcpu)
{
    struct vm *vm = vcpu->vm;

    __atomic_store_n(&vcpu->device_deadline, UINT64_MAX, __ATOMIC_SEQ_CST);
    lock_take(&vm->bus.lock);
    vrtc_check(&vm->vrtc);
    lock_release(&vm->bus.lock);
}

void vm_console_write(struct vm *vm, const uint8_t *bytes, size_t count)
{
    vm->backs.console->write(vm->backs.console, bytes, count);
}

/* As firmware does it on the real board: by the serial port's own registers. */
size_t vm_console_read(struct vm *vm, uint8_t *bytes, size_t count)
{
    size_t taken = 0;
    uint64_t status, byte;

    while (taken < count && bus_read(&vm->bus, BOARD_UART_BASE + BOARD_UART_LSR, 1, &status) &&
           (status & BOARD_UART_LSR_READY) && bus_read(&vm->bus, BOARD_UART_BASE, 1, &byte))
        bytes[taken++] = (uint8_t)byte;
    return taken;
}

void vm_console_poke(struct vm *vm)
{
    lock_take(&vm->bus.lock);
    feed_uart(&vm->uart_stream);
    lock_release(&vm->bus.lock);
}
