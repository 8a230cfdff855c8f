// SPDX-License-Identifier: BSD-2-Clause
/*
 * The debug console. SBI 12 (DBCN). Its address is physical; natively and in a VM nobody types
 * while this runs.
 */
#include "lib/table.h"
#include "sbi/topics.h"

#define TEXT "# this line lies on two pages and came in one call\n"

static char two_pages[2 * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static struct sbi_ret dbcn(uint64_t function, uint64_t count, uint64_t low, uint64_t high)
{
    return hart_ecall(SBI_EXT_DBCN, function, count, low, high);
}

static bool is_done(struct sbi_ret ret, uint64_t value)
{
    return ret.error == SBI_SUCCESS && ret.value == value;
}

static void check_write(void)
{
    char *text = &two_pages[PAGE_SIZE - 20];

    for (unsigned i = 0; i < sizeof(TEXT); i++)
        text[i] = TEXT[i];
    struct sbi_ret ret = dbcn(SBI_DBCN_WRITE, sizeof(TEXT) - 1, (uint64_t)text, 0);

    tap_ok(!ret.error && ret.value > 0 && ret.value < sizeof(TEXT),
           "a write says how much it took");
    if (!ret.error && ret.value < sizeof(TEXT) - 1)
        console_write(text + ret.value, sizeof(TEXT) - 1 - ret.value);
    tap_ok(is_done(dbcn(SBI_DBCN_WRITE, 0, (uint64_t)text, 0), 0), "a write of nothing is done");
}

static void check_write_byte(void)
{
    bool done = true;

    for (const char *c = "# bytes, one by one\n"; *c; c++)
        done &= is_done(dbcn(SBI_DBCN_WRITE_BYTE, (uint8_t)*c, 0, 0), 0);
    tap_ok(done, "single bytes are written, with value 0");
}

static void check_read(void)
{
    uint64_t buffer = 0x1234;

    tap_ok(is_done(dbcn(SBI_DBCN_READ, sizeof(buffer), (uint64_t)&buffer, 0), 0) &&
               buffer == 0x1234,
           "a read where nothing was typed is done, 0 bytes, and leaves memory alone");
    tap_ok(is_done(dbcn(SBI_DBCN_READ, 0, (uint64_t)&buffer, 0), 0), "so is a read of nothing");
}

static bool is_refused(uint64_t count, uint64_t low, uint64_t high)
{
    return dbcn(SBI_DBCN_WRITE, count, low, high).error == SBI_ERR_INVALID_PARAM &&
           dbcn(SBI_DBCN_READ, count, low, high).error == SBI_ERR_INVALID_PARAM;
}

/* OpenSBI calls a high half that is not 0 FAILED; it takes all but its own memory for good and
 * would fault beyond RAM, and does not see a sum that wraps. */
static void check_bad_memory(void)
{
    bool is_opensbi = sbi_is_opensbi();
    uint64_t buffer = (uint64_t)two_pages;

    tap_ok(is_refused(16, bad_address(), 0), "memory that is not the guest's is INVALID_PARAM");
    tap_ok(is_opensbi || is_refused(16, 0x10000000, 0), "so is a device");
    tap_ok(is_opensbi || is_refused(16, buffer, 1), "so is an address with a high half");
    tap_ok(is_opensbi || is_refused(BIT(40), buffer, 0), "so is a range that leaves RAM");
    tap_ok(is_opensbi || is_refused(UINT64_MAX, buffer, 0), "so is one whose end wraps around");
    tap_ok(is_opensbi || is_refused(32, UINT64_MAX - 15, 0),
           "so is one at the end of all addresses");
}

void dbcn_test(void)
{
    check_write();
    check_write_byte();
    check_read();
    check_bad_memory();
}
