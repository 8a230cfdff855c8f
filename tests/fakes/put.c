/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trace points' functions, on an array.
 */
#include "fakes/put.h"

#include "fakes/vscsr.h"
#include "trace/control.h"

#include <string.h>

struct put_fake put_fake;

void put_reset(uint64_t mask)
{
    put_fake = (struct put_fake){0};
    trace_set_mask(mask);
}

const struct trace_record *put_find(enum trace_kind kind)
{
    for (unsigned i = 0; i < put_fake.count; i++) {
        if (put_fake.records[i].kind == kind)
            return &put_fake.records[i];
    }
    return NULL;
}

static struct trace_record *next(uint64_t what)
{
    struct trace_record *record = &put_fake.records[put_fake.count];

    if (put_fake.count == PUT_RECORDS_MAX)
        return NULL;
    put_fake.count++;
    *record = (struct trace_record){.time = vscsr_hart.time, .what = what};
    return record;
}

void trace_put(uint64_t what, uint64_t v0, uint64_t v1, uint64_t v2, uint64_t v3, uint64_t v4,
               uint64_t v5)
{
    const uint64_t value[] = {v0, v1, v2, v3, v4, v5};
    struct trace_record *record = next(what);

    if (record)
        memcpy(record->value, value, sizeof(value));
}

void trace_put_name(uint32_t who, const char *name)
{
    struct trace_record *record = next(trace_what(TRACE_KIND_NAME, (unsigned)strlen(name), who));

    if (record)
        strncpy((char *)record->value, name, TRACE_NAME_MAX);
}

struct trace_record *trace_exit_begin(uint32_t who)
{
    put_fake.open = next(trace_what(TRACE_KIND_EXIT, 0, who));
    return put_fake.open;
}

void trace_exit_end(struct trace_record *record, unsigned verdict, const struct trap *trap)
{
    put_fake.open = NULL;
    if (!record)
        return;
    record->detail = (uint8_t)verdict;
    record->value[0] = trap->scause;
    record->value[1] = trap->pc;
    record->value[2] = trap->stval;
    record->value[3] = trap->htval;
    record->value[4] = trap->htinst;
    record->value[5] = vscsr_hart.time - record->time;
}

uint32_t trace_caller(void)
{
    return put_fake.open ? (uint32_t)(put_fake.open->what >> 32) : TRACE_NOBODY;
}
