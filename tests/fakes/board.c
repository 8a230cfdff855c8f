/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for platform/: those functions of the door that pure files call.
 */
#include "fakes/board.h"

#include "fakes/end.h"
#include "fakes/trace.h"
#include "fakes/vscsr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct platform platform;
struct board_fake board_fake;

void board_reset(void)
{
    platform = (struct platform){.bootargs = ""};
    board_fake = (struct board_fake){.timer = UINT64_MAX, .port_in = ""};
}

/* The tree has none. */
void platform_seed(uint8_t *seed, size_t size)
{
    (void)seed;
    (void)size;
}

void platform_timer_set(uint64_t deadline)
{
    if (deadline == UINT64_MAX)
        trace_note("timer:none");
    else
        trace_note("timer:%lu", deadline);
    board_fake.timer = deadline;
    board_fake.timer_sets++;
}

/* As platform/services.c does it: a timer that fired is set to none. */
void platform_interrupts(void)
{
    trace_note("interrupts");
    if (board_fake.timer <= vscsr_hart.time)
        board_fake.timer = UINT64_MAX;
    if (board_fake.interrupts_hook)
        board_fake.interrupts_hook();
}

void platform_wait(void)
{
    trace_note("wait");
    if (board_fake.wait_hook)
        board_fake.wait_hook();
    else if (board_fake.timer == UINT64_MAX)
        end_now(END_ASLEEP);
    else if (board_fake.timer > vscsr_hart.time)
        vscsr_hart.time = board_fake.timer;
}

void platform_port_write(const char *port, const void *bytes, size_t size)
{
    trace_note("port:%s", port);
    assert_true(board_fake.port_count + size < sizeof(board_fake.port_text));
    memcpy(board_fake.port_text + board_fake.port_count, bytes, size);
    board_fake.port_count += size;
}

bool platform_port_is_left(const char *port)
{
    (void)port;
    return board_fake.port_is_left;
}

size_t platform_port_read(const char *port, void *bytes, size_t size)
{
    size_t count = strlen(board_fake.port_in);

    (void)port;
    if (count > size)
        count = size;
    memcpy(bytes, board_fake.port_in, count);
    board_fake.port_in += count;
    return count;
}

bool platform_port_post(const char *port, const void *bytes, size_t size)
{
    (void)port;
    if (board_fake.post_is_kept)
        return false;
    board_fake.post_is_kept = board_fake.post_stalls;
    if (board_fake.post_hook)
        board_fake.post_hook(bytes, size);
    return true;
}

bool platform_port_is_free(const char *port)
{
    (void)port;
    return !board_fake.post_is_kept;
}

void platform_look(bool is_on)
{
    board_fake.looks = is_on;
}

void platform_exit(enum platform_status status)
{
    trace_note("exit:%d", status);
    board_fake.status = status;
    end_now(END_EXIT);
}
