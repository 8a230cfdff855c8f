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
    bool is_asked = monitor_start();

    if (args_has(platform.bootargs, "control")) {
        gdb_start(&boot_hart.home, monitor_order);
        platform_watch_ports(ports_came);
    }
    return is_asked;
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
}

void work_do(void)
{
    bool is_soon = monitor_work() | gdb_work();

    if (trace_stream_is_on())
        trace_stream_work(vscsr_time());
    if (is_soon != hurries)
        platform_hurry(is_soon);
    hurries = is_soon;
}
