/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Panic, and what the compiler's stack protector calls. The text goes past the console's lock:
 * whoever holds it may be the one that fell.
 */
#include "boot/panic.h"

#include "console/console.h"
#include "lib/assert.h"
#include "lib/format.h"
#include "lib/print.h"
#include "platform.h"
#include "riscv/cause.h"
#include "riscv/hart.h"
#include "riscv/hart_head.h"
#include "sched/hart.h"

#define MESSAGE_MAX 256

/* The canary of the stack protector; main.c changes it at boot. */
uintptr_t __stack_chk_guard = 0x5bd1e995a7c3f00d;

_Noreturn void __stack_chk_fail(void);
_Noreturn void __stack_chk_fail(void)
{
    panic("a stack frame was overwritten");
}

/* The first to fall reports; whoever falls while it does only stops. */
static uint32_t is_down; /* atomic */

static void go_down(void)
{
    if (__atomic_exchange_n(&is_down, 1, __ATOMIC_SEQ_CST)) {
        for (;;)
            hart_wfi();
    }
    console_break_lock();
}

_Noreturn void panic(const char *format, ...)
{
    char text[MESSAGE_MAX];
    va_list args;

    go_down();
    va_start(args, format);
    format_text_v(text, sizeof(text), format, args);
    va_end(args);
    print("\nunderstudy: error: panic: %s\n", text);
    platform_exit(PLATFORM_PANIC);
}

_Noreturn void refuse(const char *format, ...)
{
    char text[MESSAGE_MAX];
    va_list args;

    va_start(args, format);
    format_text_v(text, sizeof(text), format, args);
    va_end(args);
    print("understudy: error: %s\n", text);
    platform_exit(PLATFORM_REFUSED);
}

static void print_registers(const uint64_t *x)
{
    for (unsigned i = 0; i < 32; i += 4)
        print("  x%-2u %016lx  x%-2u %016lx  x%-2u %016lx  x%-2u %016lx\n", i, x[i], i + 1,
              x[i + 1], i + 2, x[i + 2], i + 3, x[i + 3]);
}

/* sepc is printed as an offset too: that is what the symbols of the image, linked at 0, say. */
_Noreturn void hyp_trap_report(const uint64_t *x)
{
    extern const char image_start[];
    const struct hart *hart = (const struct hart *)hart_head();
    uint64_t scause = csr_read(scause);
    uint64_t sepc = csr_read(sepc);

    go_down();
    print("\nunderstudy: trap in the hypervisor, hart %lu\n", hart->head.hartid);
    print("  scause %016lx (%s)\n", scause, cause_name(scause));
    print("  sepc   %016lx (image + 0x%lx)  stval  %016lx\n", sepc, sepc - (uint64_t)image_start,
          csr_read(stval));
    print("  sstatus %016lx  hstatus %016lx  htval %016lx\n", csr_read(sstatus), csr_read(hstatus),
          csr_read(htval));
    print_registers(x);
    if (hart->loaded)
        print("  vCPU %u at pc %016lx\n", hart->loaded->id, hart->loaded->regs.sepc);
    print("\nunderstudy: error: panic: trap in the hypervisor at image + 0x%lx\n",
          sepc - (uint64_t)image_start);
    platform_exit(PLATFORM_PANIC);
}
