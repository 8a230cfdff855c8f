/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of contents: what is set up, in which order, until the first guest runs. Comes after
 * start.S; the next stop is sched/run.c.
 */
#include "boot/harts.h"
#include "boot/hyp_map.h"
#include "boot/machines.h"
#include "boot/memory.h"
#include "boot/panic.h"
#include "boot/probe.h"
#include "boot/work.h"
#include "console/console.h"
#include "lib/print.h"
#include "mem/pages.h"
#include "platform.h"
#include "riscv/caps.h"
#include "riscv/hart.h"
#include "sched/run.h"
#include "vcpu/vscsr.h"

_Noreturn void main(uint64_t hartid, const void *fdt);
_Noreturn void main_secondary(struct hart *hart);

#define SBI_VERSION_MIN 2 /* 0.2: HSM, IPI and TIME have extension ids of their own */

extern uintptr_t __stack_chk_guard;

static void check_reach(const char *what, const struct platform_range *ranges, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (!hyp_map_reaches(ranges[i].base + ranges[i].size))
            refuse("%s at 0x%lx lies beyond what Sv39 reaches", what, ranges[i].base);
    }
}

/* Words for the person who started us on the wrong machine. */
static void check_machine(void)
{
    if (caps.sbi_version < SBI_VERSION_MIN)
        refuse("the firmware's SBI is older than 0.2; use OpenSBI 0.8 or later");
    if (!caps.h)
        refuse("this hart has no H extension; on QEMU use -cpu rv64 or -cpu max without h=false, "
               "and see docs/platforms.md for boards");
    if (!caps.sv39x4)
        refuse("hgatp does not take Sv39x4");
    if (platform.memory_count == 0)
        refuse("the device tree names no memory");
    check_reach("memory", platform.memory, platform.memory_count);
    check_reach("a device", platform.devices, platform.device_count);
    check_reach("the bundle", &platform.bundle, 1);
}

static void init_hart(void)
{
    vscsr_init_hart();
    platform_enable_interrupts(NULL, NULL);
}

/* Not inlined: the canary changes within it, so it must not have one itself. */
__attribute__((noinline, optimize("no-stack-protector"))) static void stir_canary(void)
{
    __stack_chk_guard ^= csr_read(time) * 0x9e3779b97f4a7c15UL;
}

_Noreturn void main(uint64_t hartid, const void *fdt)
{
    const char *why;

    (void)hartid; /* start.S noted it in the hart's block */
    console_init(platform_console_write);
    print_set_sink(console_print);
    stir_canary();

    if (!platform_init(fdt, &why)) /* what the device tree says */
        refuse("%s", why);
    probe_caps(); /* what the hart says */
    print("\nUnderstudy on %s, %u harts\n", platform.model, platform.hart_count);
    check_machine();
    probe_print();

    memory_init();  /* the page pool */
    hyp_map_init(); /* our own page tables, W^X */
    print("  memory     %lu MiB\n", pages_total_count() >> (20 - PAGE_SHIFT));
    harts_start(); /* the other harts, as far as main_secondary */
    init_hart();

    machines_create(); /* the VMs of the bundle */
    platform_enable_interrupts(console_input_room, machines_input);
    harts_release();
    boot_hart.work = work_do;
    work_trace(); /* from here on what happens is recorded, where that is asked for */
    machines_start();
    run_forever(&boot_hart);
}

_Noreturn void main_secondary(struct hart *hart)
{
    init_hart();
    harts_report(hart);
    run_forever(hart);
}
