/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command `trace`: on, off, and the newest records. Who looks is the hart that takes records
 * out of the rings, so what it looks at is not overwritten meanwhile.
 */
#include "lib/err.h"
#include "lib/format.h"
#include "lib/string.h"
#include "monitor/command.h"
#include "monitor/record_text.h"
#include "monitor/tracing.h"
#include "riscv/caps.h"
#include "trace/control.h"

#define SHOWN     20 /* where nothing else is asked for */
#define SHOWN_MAX 200
#define TEXT_MAX  120

static void put_state(struct answer *answer)
{
    uint64_t mask = trace_mask();

    answer_group_begin(answer, "recorded");
    for (unsigned i = 0; i < TRACE_CATEGORIES; i++)
        answer_flag(answer, trace_category_name((enum trace_category)i), mask & BIT(i));
    answer_group_end(answer);
    answer_number(answer, "lost", trace_lost());
}

static void switch_on(struct order *order)
{
    const char *words = order->arg_count > 1 ? order->args[1] : NULL;
    uint64_t mask = words ? trace_mask_parse(words, strlen(words)) : TRACE_MASK_DEFAULT;
    int err;

    if (!mask) {
        answer_refuse(order->answer, "%.60s names no categories, such as exit,sbi or all", words);
        return;
    }
    err = tracing_start(mask);
    if (err == ERR_STATE)
        answer_refuse(order->answer, "this image was built without traces");
    else if (err)
        answer_refuse(order->answer, "no memory for the records of all harts");
    else
        put_state(order->answer);
}

/* The newest record that was not looked at yet, of all harts; NULL where none is kept. */
static const struct trace_record *take_newest(void)
{
    const struct trace_record *newest = NULL;
    struct trace_ring *of = NULL;

    for (struct trace_ring *ring = trace_rings(); ring; ring = ring->next) {
        const struct trace_record *record = trace_ring_before(ring, ring->looked);

        if (record && (!newest || record->time > newest->time)) {
            newest = record;
            of = ring;
        }
    }
    if (of)
        of->looked--;
    return newest;
}

static const char *name_of(const struct trace_record *record)
{
    const char *name = record->vm == TRACE_NONE ? "" : "?";

    life_lock();
    for (struct machine *machine = life_first(); machine; machine = life_next(machine)) {
        if ((machine->id & 0xffff) == record->vm)
            name = machine->name;
    }
    life_unlock();
    return name;
}

static void put_record(struct answer *answer, const struct trace_record *record)
{
    char text[TEXT_MAX];
    char vcpu[8] = "";

    if (record->vcpu != TRACE_NONE)
        format_text(vcpu, sizeof(vcpu), "%u", record->vcpu);
    record_text(record, text, sizeof(text));
    answer_row_begin(answer);
    answer_number(answer, "us", caps_ns(record->time) / 1000);
    answer_number(answer, "hart", record->hart);
    answer_text(answer, "vm", 8, name_of(record));
    answer_text(answer, "vcpu", 4, vcpu);
    answer_text(answer, "kind", 9, record_text_kind(record));
    answer_text(answer, "what", 0, text);
    answer_row_end(answer);
}

/* The newest `count` of the VM, or of all: the oldest of them first. */
static void show(struct order *order, const struct machine *machine, uint64_t count)
{
    static const struct trace_record *records[SHOWN_MAX];
    const struct trace_record *record;
    uint64_t found = 0;

    for (struct trace_ring *ring = trace_rings(); ring; ring = ring->next)
        ring->looked = trace_ring_count(ring);
    while (found < count && (record = take_newest())) {
        if (!machine || record->vm == (machine->id & 0xffff))
            records[found++] = record;
    }
    put_state(order->answer);
    answer_table_begin(order->answer, "records");
    while (found > 0)
        put_record(order->answer, records[--found]);
    answer_table_end(order->answer);
}

/* trace [VM] [COUNT]: one word that is a number is a count. */
static void look(struct order *order)
{
    const struct machine *machine = NULL;
    const char *const *args = order->args;
    unsigned left = order->arg_count;
    uint64_t count = SHOWN;

    if (left == 2 || (left == 1 && !command_number(args[0], &count))) {
        life_lock();
        machine = life_find(args[0]);
        life_unlock();
        if (!machine) {
            answer_refuse(order->answer, "there is no VM %.40s", args[0]);
            return;
        }
        args++;
        left--;
    }
    if (left == 1 && (!command_number(args[0], &count) || count == 0 || count > SHOWN_MAX))
        answer_refuse(order->answer, "%.20s is no number of records, 1 to %d", args[0], SHOWN_MAX);
    else
        show(order, machine, count);
}

void monitor_do_trace(struct order *order)
{
    const char *first = order->arg_count > 0 ? order->args[0] : "";

    if (strcmp(first, "on") == 0) {
        switch_on(order);
    } else if (strcmp(first, "off") == 0 && order->arg_count == 1) {
        tracing_stop();
        put_state(order->answer);
    } else {
        look(order);
    }
}
