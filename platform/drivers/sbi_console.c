/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The firmware's console: good before the device tree is read, and on boards whose serial port
 * we do not know. SBI 12 (Debug Console Extension), SBI 5.2 and 5.3.
 */
#include "drivers.h"

#include "riscv/hart.h"

static bool has_dbcn(void)
{
    static int8_t known;

    if (!known) {
        struct sbi_ret ret = hart_ecall(SBI_EXT_BASE, SBI_BASE_PROBE_EXTENSION, SBI_EXT_DBCN, 0, 0);

        known = ret.error == 0 && ret.value ? 1 : -1;
    }
    return known > 0;
}

static void console_write(const char *bytes, size_t count)
{
    while (count > 0) {
        struct sbi_ret ret = {.value = 1};

        if (has_dbcn())
            ret = hart_ecall(SBI_EXT_DBCN, SBI_DBCN_WRITE, count, (uint64_t)bytes, 0);
        else
            hart_ecall(SBI_LEGACY_CONSOLE_PUTCHAR, 0, (uint8_t)*bytes, 0, 0);
        if (ret.error)
            return;
        bytes += ret.value;
        count -= ret.value;
    }
}

static size_t console_read(char *bytes, size_t count)
{
    struct sbi_ret ret;

    if (has_dbcn()) {
        ret = hart_ecall(SBI_EXT_DBCN, SBI_DBCN_READ, count, (uint64_t)bytes, 0);
        return ret.error ? 0 : ret.value;
    }
    ret = hart_ecall(SBI_LEGACY_CONSOLE_GETCHAR, 0, 0, 0, 0);
    if (ret.error < 0 || count == 0)
        return 0;
    *bytes = (char)ret.error;
    return 1;
}

const struct console_driver sbi_console = {.write = console_write, .read = console_read};
