/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One function for each kind of record, in a table. What the values are stands in trace/record.h.
 */
#include "monitor/record_text.h"

#include "lib/format.h"
#include "lib/string.h"
#include "riscv/caps.h"
#include "riscv/cause.h"
#include "sbi/sbi.h"
#include "vcpu/verdict.h"
#include "vm/vm.h"

struct text {
    char *buffer;
    size_t size;
};

typedef void (*tell_t)(const struct text *text, const struct trace_record *record);

static void put(const struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(const struct text *text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    format_text_v(text->buffer, text->size, format, args);
    va_end(args);
}

/* The word at a place, or a question mark: records may come from elsewhere. */
static const char *word(const char *const words[], size_t count, uint64_t at)
{
    return at < count && words[at] ? words[at] : "?";
}

static void tell_entry(const struct text *text, const struct trace_record *record)
{
    put(text, "at 0x%lx, hstatus 0x%lx, sstatus 0x%lx", record->value[0], record->value[1],
        record->value[2]);
}

static void tell_exit(const struct text *text, const struct trace_record *record)
{
    static const char *const verdicts[] = {
        [EXIT_RESUME] = "again", [EXIT_ADVANCE] = "done", [EXIT_INJECT] = "injected",
        [EXIT_YIELD] = "yields", [EXIT_WAIT] = "waits",   [EXIT_PASS] = "passes",
        [EXIT_HALT] = "halts",
    };
    const uint64_t *value = record->value;
    const char *verdict = word(verdicts, ARRAY_SIZE(verdicts), record->detail);

    if (value[0] & CAUSE_INTERRUPT)
        put(text, "interrupt %lu at 0x%lx: %s, %lu ns", value[0] & ~CAUSE_INTERRUPT, value[1],
            verdict, caps_ns(value[5]));
    else if (value[3])
        put(text, "%s at 0x%lx, address 0x%lx: %s, %lu ns", cause_name(value[0]), value[1],
            value[3] << 2 | (value[2] & 3), verdict, caps_ns(value[5]));
    else
        put(text, "%s at 0x%lx: %s, %lu ns", cause_name(value[0]), value[1], verdict,
            caps_ns(value[5]));
}

static void tell_sbi(const struct text *text, const struct trace_record *record)
{
    const uint64_t *value = record->value;

    put(text, "%s %lu (0x%lx, 0x%lx): %ld, 0x%lx", sbi_name(sbi_index(value[0])), value[1],
        value[2], value[3], (int64_t)value[4], value[5]);
}

static void tell_mmio(const struct text *text, const struct trace_record *record)
{
    put(text, "%s of %u at 0x%lx, 0x%lx%s", record->detail & TRACE_MMIO_WRITE ? "store" : "load",
        record->detail & 15, record->value[0], record->value[1],
        record->detail & TRACE_MMIO_NONE ? ": no device" : "");
}

static void tell_csr(const struct text *text, const struct trace_record *record)
{
    if (record->detail & TRACE_CSR_WRITE)
        put(text, "CSR 0x%lx, 0x%lx becomes 0x%lx", record->value[0], record->value[1],
            record->value[2]);
    else
        put(text, "CSR 0x%lx is 0x%lx", record->value[0], record->value[1]);
}

static void tell_inject(const struct text *text, const struct trace_record *record)
{
    put(text, "%s at 0x%lx, stval 0x%lx: to 0x%lx", cause_name(record->value[0]), record->value[1],
        record->value[2], record->value[5]);
}

static void tell_interrupt(const struct text *text, const struct trace_record *record)
{
    put(text, "raised 0x%lx, lowered 0x%lx, hvip 0x%lx", record->value[0], record->value[1],
        record->value[2]);
}

static void tell_request(const struct text *text, const struct trace_record *record)
{
    const uint64_t *value = record->value;

    if (value[3] == UINT64_MAX)
        put(text, "0x%lx of VM %lu vCPU %lu", value[0], value[1], value[2]);
    else
        put(text, "0x%lx of VM %lu vCPU %lu, kicks hart %lu", value[0], value[1], value[2],
            value[3]);
}

static void tell_wire(const struct text *text, const struct trace_record *record)
{
    put(text, "source %lu %s", record->value[0], record->detail ? "raised" : "lowered");
}

static void tell_switch(const struct text *text, const struct trace_record *record)
{
    if (record->value[0] == UINT64_MAX)
        put(text, "takes the hart");
    else
        put(text, "takes the hart from VM %lu vCPU %lu", record->value[0] >> 16,
            record->value[0] & 0xffff);
}

static void tell_sched(const struct text *text, const struct trace_record *record)
{
    static const char *const words[] = {
        [TRACE_SCHED_WAKE] = "wakes",
        [TRACE_SCHED_BLOCK] = "sleeps",
        [TRACE_SCHED_SLICE_OVER] = "its slice is over",
        [TRACE_SCHED_PREEMPTED] = "makes room",
        [TRACE_SCHED_PASSED] = "lets others go first",
        [TRACE_SCHED_HELD] = "held by its cap",
        [TRACE_SCHED_SENT] = "sent to hart",
        [TRACE_SCHED_ARRIVED] = "arrives",
        [TRACE_SCHED_IDLE] = "idle",
        [TRACE_SCHED_DIRECTED] = "gives way to vCPU",
    };
    const char *what = word(words, ARRAY_SIZE(words), record->detail);

    if (record->detail == TRACE_SCHED_SENT)
        put(text, "%s %lu", what, record->value[0]);
    else if (record->detail == TRACE_SCHED_DIRECTED)
        put(text, "%s %lu", what, record->value[0] & 0xffff);
    else
        put(text, "%s", what);
}

static void tell_life(const struct text *text, const struct trace_record *record)
{
    static const char *const states[] = {
        [VM_CREATED] = "created", [VM_RUNNING] = "running",     [VM_PAUSED] = "paused",
        [VM_HALTED] = "halted",   [VM_RESETTING] = "resetting", [VM_CRASHED] = "crashed",
    };

    put(text, "%s, was %s", word(states, ARRAY_SIZE(states), record->detail),
        word(states, ARRAY_SIZE(states), record->value[0]));
}

static void tell_name(const struct text *text, const struct trace_record *record)
{
    size_t length = min_u64(record->detail, TRACE_NAME_MAX);

    length = min_u64(length, text->size - 1);
    memcpy(text->buffer, record->value, length);
    text->buffer[length] = '\0';
}

static void tell_bound(const struct text *text, const struct trace_record *record)
{
    put(text, "hgatp 0x%lx, generation %lu", record->value[0], record->value[1]);
}

static void tell_drop(const struct text *text, const struct trace_record *record)
{
    put(text, "%lu records were lost before this", record->value[0]);
}

static const struct {
    const char *name;
    tell_t tell;
} kinds[] = {
    [TRACE_KIND_NAME] = {"name", tell_name},
    [TRACE_KIND_DROP] = {"drop", tell_drop},
    [TRACE_KIND_ENTRY] = {"entry", tell_entry},
    [TRACE_KIND_EXIT] = {"exit", tell_exit},
    [TRACE_KIND_SBI] = {"sbi", tell_sbi},
    [TRACE_KIND_MMIO] = {"mmio", tell_mmio},
    [TRACE_KIND_CSR] = {"csr", tell_csr},
    [TRACE_KIND_INJECT] = {"inject", tell_inject},
    [TRACE_KIND_INTERRUPT] = {"interrupt", tell_interrupt},
    [TRACE_KIND_REQUEST] = {"request", tell_request},
    [TRACE_KIND_WIRE] = {"wire", tell_wire},
    [TRACE_KIND_SWITCH] = {"switch", tell_switch},
    [TRACE_KIND_SCHED] = {"sched", tell_sched},
    [TRACE_KIND_LIFE] = {"life", tell_life},
    [TRACE_KIND_BOUND] = {"bound", tell_bound},
};

static bool is_known(const struct trace_record *record)
{
    return record->kind < ARRAY_SIZE(kinds) && kinds[record->kind].name;
}

const char *record_text_kind(const struct trace_record *record)
{
    return is_known(record) ? kinds[record->kind].name : "?";
}

void record_text(const struct trace_record *record, char *text, size_t size)
{
    const struct text into = {.buffer = text, .size = size};

    text[0] = '\0';
    if (is_known(record))
        kinds[record->kind].tell(&into, record);
}
