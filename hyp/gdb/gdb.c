/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between the port and the packets. While guests run GDB says nothing but Ctrl-C. A packet that
 * comes then is refused, but for the first one of a new GDB: then the old one is gone. It is, too,
 * when the port says so. What it was attached to goes on.
 */
#include "gdb/gdb.h"

#include "gdb/process.h"
#include "gdb/stop.h"
#include "gdb/traffic.h"
#include "lib/string.h"
#include "platform.h"

#define CHUNK     256
#define BYTES_MAX 16384 /* that are taken in a turn */
#define HELLO     "qSupported"
#define BUSY      "E10" /* EBUSY */

static uint32_t is_awake;        /* atomic */
static struct vcpu_home *worker; /* of the hart that does the work */
static struct packet_in in;
static bool has_packet;          /* `in` holds one that is not answered */
static struct packet_out answer; /* the last one, for who did not get it */
static char chunk[CHUNK];
static size_t chunk_at, chunk_count;

static void write(const char *bytes, size_t count)
{
    platform_port_write(GDB_PORT, bytes, count);
}

static void send(const struct packet_out *out)
{
    packet_send(out, write);
}

static void reply(const struct packet_out *out)
{
    answer = *out;
    send(&answer);
}

/* GDB takes the thread that stopped for the one that is meant from now on. */
static void report(const struct packet_out *out, const struct thread_id *thread)
{
    if (thread)
        gdb_set_thread(*thread);
    reply(out);
}

void gdb_wake(void)
{
    __atomic_store_n(&is_awake, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&worker->has_work, 1, __ATOMIC_SEQ_CST);
}

void gdb_start(struct vcpu_home *home, gdb_monitor_t monitor)
{
    worker = home;
    memset(&in, 0, sizeof(in));
    has_packet = false;
    chunk_at = chunk_count = 0;
    packet_clear(&answer);
    traffic_init(report);
    gdb_command_init(monitor, send);
    debug_init(home, gdb_wake);
    gdb_wake();
}

static bool is_hello(void)
{
    return in.length >= strlen(HELLO) && memcmp(in.text, HELLO, strlen(HELLO)) == 0;
}

/* Somebody else was attached. True where that is over. */
static bool greet(void)
{
    if (process_next(0)) {
        traffic_leave();
        return false;
    }
    gdb_greet();
    return true;
}

/* False where it must wait until all stand still. */
static bool answer_packet(void)
{
    static struct packet_out out;

    if (traffic_state() == TRAFFIC_HOLDING || (is_hello() && !greet()))
        return false;
    has_packet = false;
    packet_clear(&out);
    packet_put_text(&out, BUSY);
    if (traffic_state() != TRAFFIC_STOPPED || gdb_command_run(in.text, in.length, &out))
        reply(&out);
    return true;
}

/* Who is new wants acks, whatever was agreed upon with the one before. */
static void ack(const char *sign)
{
    if (!gdb_without_acks() || is_hello())
        write(sign, 1);
}

static void interrupt(void)
{
    struct thread_id thread;

    if (traffic_state() != TRAFFIC_STOPPED && gdb_thread(&thread))
        traffic_stop(thread, STOP_SIGINT);
}

static void take_byte(uint8_t byte)
{
    switch (packet_take(&in, byte)) {
    case PACKET_WHOLE:
        ack("+");
        has_packet = true;
        break;
    case PACKET_BAD:
        ack("-");
        break;
    case PACKET_BAD_ACK:
        if (!gdb_without_acks())
            send(&answer);
        break;
    case PACKET_INTERRUPT:
        interrupt();
        break;
    default:
        break;
    }
}

static bool fill_chunk(void)
{
    if (chunk_at < chunk_count)
        return true;
    chunk_at = 0;
    chunk_count = platform_port_read(GDB_PORT, chunk, sizeof(chunk));
    return chunk_count > 0;
}

/* True where there is more than should be taken in one turn. */
static bool listen(void)
{
    for (unsigned i = 0; i < BYTES_MAX; i++) {
        if (has_packet && !answer_packet())
            return false;
        if (!fill_chunk())
            return false;
        take_byte((uint8_t)chunk[chunk_at++]);
    }
    return true;
}

/* GDB has gone without a word. */
static void look_after_left(void)
{
    if (!platform_port_is_left(GDB_PORT))
        return;
    memset(&in, 0, sizeof(in));
    has_packet = false;
    if (process_next(0) && traffic_state() != TRAFFIC_HOLDING)
        traffic_leave();
}

static bool work(void)
{
    bool again;

    __atomic_store_n(&is_awake, 0, __ATOMIC_SEQ_CST);
    again = listen();
    look_after_left();
    again |= traffic_work();
    again |= has_packet && traffic_state() == TRAFFIC_STOPPED;
    if (again)
        gdb_wake();
    return again;
}

bool gdb_work(void)
{
    return __atomic_load_n(&is_awake, __ATOMIC_RELAXED) && work();
}
