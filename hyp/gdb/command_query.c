/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What GDB asks of the stub itself: what it can do, which registers there are, which VMs; and
 * orders that it hands on to the monitor.
 */
#include "gdb/command.h"
#include "gdb/description.h"
#include "gdb/process.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/string.h"

#define ORDER_MAX    256
#define PROCESS_ROWS 8192
#define SAID_MAX     1024 /* bytes of the monitor's words in a packet */

static gdb_monitor_t run_monitor;

void gdb_query_init(gdb_monitor_t monitor)
{
    run_monitor = monitor;
}

static void do_supported(struct request *request)
{
    packet_put_text(request->out, "PacketSize=");
    packet_put_number(request->out, PACKET_MAX);
    packet_put_text(request->out, ";QStartNoAckMode+;multiprocess+;vContSupported+;swbreak+;"
                                  "hwbreak+;qXfer:features:read+;qXfer:osdata:read+");
}

/* OFFSET,LENGTH of a text: `m` where more follows it, `l` where not. */
static void put_part(struct request *request, const char *text, size_t length)
{
    struct scan *scan = &request->scan;
    uint64_t offset, size;

    if (!scan_number(scan, &offset) || !scan_text(scan, ",") || !scan_number(scan, &size)) {
        gdb_put_error(request, GDB_EINVAL);
        return;
    }
    offset = min_u64(offset, length);
    size = min_u64(min_u64(size, length - offset), PACKET_MAX / 2 - 1); /* all may be escapes */
    packet_put_text(request->out, offset + size < length ? "m" : "l");
    packet_put_binary(request->out, text + offset, size);
}

static void do_description(struct request *request)
{
    size_t length;
    const char *text = description_text(&length);

    put_part(request, text, length);
}

/* For `info os processes`: the VMs. Their names have no characters that XML would want escaped. */
static void do_processes(struct request *request)
{
    static char text[PROCESS_ROWS];
    size_t length = format_text(text, sizeof(text), "<osdata type=\"processes\">\n");
    struct machine *machine;

    life_lock();
    for (machine = life_first(); machine && length + 512 < sizeof(text);
         machine = life_next(machine))
        length += format_text(text + length, sizeof(text) - length,
                              "<item><column name=\"pid\">%u</column>"
                              "<column name=\"user\">%s</column>"
                              "<column name=\"command\">%s</column></item>\n",
                              machine->id, life_state(machine), machine->name);
    life_unlock();
    length += format_text(text + length, sizeof(text) - length, "</osdata>\n");
    put_part(request, text, length);
}

/* What the monitor says goes out as it comes. */
static void say(const char *text, size_t count)
{
    static struct packet_out out;

    for (size_t part; count > 0; text += part, count -= part) {
        part = min_u64(count, SAID_MAX);
        packet_clear(&out);
        packet_put_text(&out, "O");
        packet_put_hex(&out, text, part);
        gdb_send(&out);
    }
}

static void do_monitor(struct request *request)
{
    struct scan *scan = &request->scan;
    char line[ORDER_MAX + 1] = "";
    size_t length = (size_t)(scan->end - scan->at) / 2;

    if (!run_monitor || length > ORDER_MAX || !scan_hex(scan, line, length) ||
        !scan_is_done(scan)) {
        gdb_put_error(request, GDB_EINVAL);
        return;
    }
    run_monitor(line, say);
    gdb_put_ok(request);
}

const struct gdb_command gdb_queries[] = {
    {"qSupported", do_supported},
    {"qXfer:features:read:target.xml:", do_description},
    {"qXfer:osdata:read:processes:", do_processes},
    {"qRcmd,", do_monitor},
    {NULL, NULL},
};
