/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line that is gathered, and a ring of input.
 */
#include "console/channel.h"

bool console_channel_gather(struct console_channel *channel, char byte)
{
    if (byte == '\n')
        return true;
    if (byte == '\r')
        return false;
    channel->line[channel->line_length++] = byte;
    return channel->line_length == CONSOLE_LINE_MAX;
}

size_t console_channel_give(struct console_channel *channel, const char *bytes, size_t count)
{
    size_t put = 0;

    for (; put < count && channel->input_count < CONSOLE_INPUT_MAX; put++) {
        uint32_t tail = (channel->input_head + channel->input_count) % CONSOLE_INPUT_MAX;

        channel->input[tail] = (uint8_t)bytes[put];
        channel->input_count++;
    }
    return put;
}

size_t console_channel_take(struct console_channel *channel, uint8_t *bytes, size_t count)
{
    size_t taken = 0;

    while (taken < count && channel->input_count > 0) {
        bytes[taken++] = channel->input[channel->input_head];
        channel->input_head = (channel->input_head + 1) % CONSOLE_INPUT_MAX;
        channel->input_count--;
    }
    return taken;
}
