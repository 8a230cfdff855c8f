/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers, bytes and threads of packets.
 */
#include "gdb/scan.h"

#include "lib/digit.h"
#include "lib/string.h"

#define DIGITS_MAX 16

bool scan_is_done(const struct scan *scan)
{
    return scan->at == scan->end;
}

static size_t left(const struct scan *scan)
{
    return (size_t)(scan->end - scan->at);
}

bool scan_text(struct scan *scan, const char *text)
{
    size_t length = strlen(text);

    if (length > left(scan) || memcmp(scan->at, text, length) != 0)
        return false;
    scan->at += length;
    return true;
}

bool scan_number(struct scan *scan, uint64_t *value)
{
    const char *at = scan->at;
    uint64_t number = 0;

    while (at < scan->end && digit_value(*at) < 16) {
        if (at - scan->at == DIGITS_MAX)
            return false;
        number = number * 16 + digit_value(*at++);
    }
    if (at == scan->at)
        return false;
    scan->at = at;
    *value = number;
    return true;
}

bool scan_hex(struct scan *scan, void *bytes, size_t count)
{
    uint8_t *to = bytes;

    if (left(scan) / 2 < count)
        return false;
    for (size_t i = 0; i < 2 * count; i++) {
        if (digit_value(scan->at[i]) > 15)
            return false;
    }
    for (size_t i = 0; i < count; i++, scan->at += 2)
        to[i] = (uint8_t)(digit_value(scan->at[0]) * 16 + digit_value(scan->at[1]));
    return true;
}

static bool scan_id(struct scan *scan, int64_t *id)
{
    uint64_t number;

    if (scan_text(scan, "-1")) {
        *id = THREAD_ALL;
        return true;
    }
    if (!scan_number(scan, &number) || number > INT64_MAX)
        return false;
    *id = (int64_t)number;
    return true;
}

bool scan_thread(struct scan *scan, struct thread_id *id)
{
    struct scan start = *scan;

    *id = (struct thread_id){.process = THREAD_ANY, .thread = THREAD_ALL};
    if (!scan_text(scan, "p"))
        return scan_id(scan, &id->thread);
    if (scan_id(scan, &id->process) && (!scan_text(scan, ".") || scan_id(scan, &id->thread)))
        return true;
    *scan = start;
    return false;
}

void scan_skip(struct scan *scan, char end)
{
    while (scan->at < scan->end && *scan->at != end)
        scan->at++;
    if (scan->at < scan->end)
        scan->at++;
}
