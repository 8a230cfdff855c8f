/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The statistics of exits. Comes after exit_observe.c, which counts them.
 */
#include "exit/exit_stats.h"

#include "lib/format.h"
#include "lib/string.h"
#include "riscv/caps.h"
#include "sbi/sbi.h"
#include "vcpu/exit_counts.h"

_Static_assert(EXIT_COUNTS_DEVICES == BUS_DEVICES_MAX + 1, "a row each, and one for none");

struct exit_count *exit_stats_row(struct vcpu *vcpu, const struct trap *trap)
{
    struct exit_counts *counts = vcpu->counts;
    uint64_t code = trap->scause & ~CAUSE_INTERRUPT;

    if (trap->scause & CAUSE_INTERRUPT)
        return &counts->interrupts[min_u64(code, EXIT_COUNTS_INTERRUPTS - 1)];
    switch (code) {
    case CAUSE_ECALL_VS:
        return &counts->calls[sbi_index(vcpu->regs.x[REG_A7])];
    case CAUSE_LOAD_GUEST_PAGE_FAULT:
        return &counts->loads[bus_index(&vcpu->vm->bus, trap_gpa(trap))];
    case CAUSE_STORE_GUEST_PAGE_FAULT:
        return &counts->stores[bus_index(&vcpu->vm->bus, trap_gpa(trap))];
    default:
        return &counts->exceptions[code < CAUSE_COUNT ? code : CAUSE_RESERVED_14];
    }
}

/* Where the text goes, and what parts one row from the next. */
struct writer {
    void (*write)(const char *text, size_t length);
    bool has_row;
};

static void put(const struct writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(const struct writer *writer, const char *format, ...)
{
    char text[256];
    va_list args;
    size_t length;

    va_start(args, format);
    length = format_text_v(text, sizeof(text), format, args);
    va_end(args);
    writer->write(text, min_u64(length, sizeof(text) - 1));
}

static void put_row(void *context, const struct exit_count *row, const char *cause,
                    const char *what)
{
    struct writer *writer = context;

    put(writer, "%s{\"cause\": \"%s\", \"what\": \"%s\", \"count\": %lu, \"ns\": %lu}",
        writer->has_row ? ", " : "", cause, what, row->count, caps_ns(row->ticks));
    writer->has_row = true;
}

static const char *interrupt_name(unsigned code)
{
    static const char *const names[EXIT_COUNTS_INTERRUPTS] = {
        [INTERRUPT_SSI] = "software",
        [INTERRUPT_STI] = "timer",
        [INTERRUPT_SEI] = "external",
        [INTERRUPT_SGEI] = "guest external",
    };

    return names[code] ? names[code] : "other";
}

/* Who is told of the rows. */
struct visitor {
    exit_stats_visit_t visit;
    void *context;
};

static void visit_row(const struct visitor *visitor, const struct exit_count *row,
                      const char *cause, const char *what)
{
    if (row->count > 0)
        visitor->visit(visitor->context, row, cause, what);
}

void exit_stats_visit(const struct vcpu *vcpu, exit_stats_visit_t visit, void *context)
{
    const struct visitor visitor = {.visit = visit, .context = context};
    const struct exit_counts *counts = vcpu->counts;
    const struct bus *bus = &vcpu->vm->bus;

    for (unsigned i = 0; i < CAUSE_COUNT; i++)
        visit_row(&visitor, &counts->exceptions[i], cause_name(i), "");
    for (unsigned i = 0; i < EXIT_COUNTS_INTERRUPTS; i++)
        visit_row(&visitor, &counts->interrupts[i], "interrupt", interrupt_name(i));
    for (unsigned i = 0; i < EXIT_COUNTS_CALLS; i++)
        visit_row(&visitor, &counts->calls[i], cause_name(CAUSE_ECALL_VS), sbi_name(i));
    for (unsigned i = 0; i <= bus->count; i++) {
        const char *name = i < bus->count ? bus->devices[i]->name : "no device";

        visit_row(&visitor, &counts->loads[i], cause_name(CAUSE_LOAD_GUEST_PAGE_FAULT), name);
        visit_row(&visitor, &counts->stores[i], cause_name(CAUSE_STORE_GUEST_PAGE_FAULT), name);
    }
}

static void put_vcpu(struct writer *writer, const struct vcpu *vcpu)
{
    writer->has_row = false;
    put(writer, "%s{\"id\": %u, \"exits\": [", vcpu->id ? ", " : "", vcpu->id);
    exit_stats_visit(vcpu, put_row, writer);
    put(writer, "]}");
}

/* A name has no character that JSON would want escaped (vm/vm.h); a reason is our own words and
 * the guest's numbers. */
void exit_stats_write(struct vm *vm, void (*write)(const char *text, size_t length))
{
    struct writer writer = {.write = write};

    if (!vm->vcpus[0].counts)
        return;
    put(&writer, "{\"vm\": \"%s\", \"end\": \"%s\", \"vcpus\": [", vm->name, vm->reason);
    for (uint32_t i = 0; i < vm->vcpu_count; i++) {
        put_vcpu(&writer, &vm->vcpus[i]);
        memset(vm->vcpus[i].counts, 0, sizeof(struct exit_counts));
    }
    put(&writer, "]}\n");
}
