// SPDX-License-Identifier: BSD-2-Clause
/*
 * A guest that misbehaves in one way: the case that the boot arguments name. Ends with `ok` or
 * `not ok` and turns its machine off, unless being halted is what must come of it.
 */
#include "hostile/hostile.h"

#include "lib/bootargs.h"
#include "lib/line.h"

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
#define CASE(name, vcpus, outcome) {#name, name},
#include "hostile/cases.inc"
#undef CASE
};

static unsigned failures;

uint64_t ram_end(void)
{
    return RAM_BASE + (bootargs_number("memory", 8) << 20);
}

bool expect(bool good, const char *format, ...)
{
    struct line line = {0};
    va_list args;

    if (good)
        return true;
    va_start(args, format);
    line_add(&line, "not ok: ");
    line_add_list(&line, format, args);
    line_end(&line);
    va_end(args);
    __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
    return false;
}

bool expect_trap(const struct trap_seen *seen, uint64_t cause, uint64_t tval, const char *what)
{
    return expect(trap_is(seen, cause) && seen->tval == tval,
                  "%s: expected cause %lu at %lx; trap %d, cause %lu, stval %lx, sepc %lx", what,
                  cause, tval, seen->taken, seen->cause, seen->tval, seen->epc);
}

static bool is(const char *left, const char *right)
{
    while (*left && *left == *right)
        left++, right++;
    return *left == *right;
}

void guest_main(void)
{
    char name[32];

    bootargs_get("case", name, sizeof(name));
    if (is(name, "neighbour"))
        neighbour();
    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        if (is(name, cases[i].name)) {
            cases[i].run();
            print_line(failures ? "not ok" : "ok");
            sbi_shutdown(SBI_SRST_NO_REASON);
        }
    }
    print_line("not ok: there is no case '%s'", name);
    sbi_shutdown(SBI_SRST_SYSTEM_FAILURE);
}
