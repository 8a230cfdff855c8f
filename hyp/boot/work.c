/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each room that serves somebody outside has two functions here: one that is told that bytes came
 * to a port, and one that does its work. Both look for themselves whether there is any, as neither
 * the interrupt nor the run loop knows whom it is for.
 */
#include "boot/work.h"

#include "boot/harts.h"
#include "gdb/gdb.h"
#include "lib/args.h"
#include "lib/print.h"
#include "monitor/monitor.h"
#include "monitor/tracing.h"
#include "platform.h"
#include "trace/control.h"
#include "trace/stream.h"
#include "vcpu/vscsr.h"

static bool hurries;

/* In the interrupt: it only wakes. */
static void ports_came(void)
{
    monitor_wake();
    gdb_wake();
}

bool work_start(void)
{
    bool is_asked = monitor_start(&boot_hart.home);

    if (args_has(platform.bootargs, "control")) {
        gdb_start(&boot_hart.home, monitor_order);
        platform_watch_ports(ports_came);
    }
    return is_asked;
}

/* The run loop calls work_do where it comes by. */
static void ask_for_work(void)
{
    __atomic_store_n(&boot_hart.home.has_work, 1, __ATOMIC_SEQ_CST);
}

void work_trace(void)
{
    size_t length;
    const char *words = args_find(platform.bootargs, "trace", &length);
    uint64_t mask = TRACE_MASK_DEFAULT;

    if (!words)
        return;
    if (length > 0)
        mask = trace_mask_parse(words, length);
    if (!mask || tracing_start(mask) != 0)
        print("understudy: no trace: no such categories, no memory, or no trace points\n");
    ask_for_work();
}

/* Taken before anything is looked at, so that what comes later sets it again. A stream of records
 * is looked after as long as it is on. */
void work_do(void)
{
    bool is_soon;

    __atomic_exchange_n(&boot_hart.home.has_work, 0, __ATOMIC_SEQ_CST);
    is_soon = monitor_work() | gdb_work();
    if (trace_stream_is_on())
        trace_stream_work(vscsr_time());
    if (is_soon != hurries)
        platform_hurry(is_soon);
    hurries = is_soon;
    if (is_soon || trace_stream_is_on())
        ask_for_work();
}
