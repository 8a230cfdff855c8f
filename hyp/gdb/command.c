/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables, and the packets about registers. Memory and points are command_memory.c's, threads
 * and what becomes of them command_thread.c's, questions command_query.c's.
 */
#include "gdb/command.h"

#include "gdb/process.h"
#include "gdb/registers.h"
#include "lib/bits.h"
#include "lib/string.h"

static struct thread_id general;
static bool without_acks;
static gdb_send_t send;

void gdb_put_ok(struct request *request)
{
    packet_put_text(request->out, "OK");
}

void gdb_put_error(struct request *request, unsigned number)
{
    uint8_t byte = (uint8_t)number;

    packet_clear(request->out);
    packet_put_text(request->out, "E");
    packet_put_hex(request->out, &byte, 1);
}

void gdb_send(const struct packet_out *out)
{
    send(out);
}

void gdb_set_thread(struct thread_id thread)
{
    general = thread;
}

/* Where GDB named none, or it is gone, any other one. */
bool gdb_thread(struct thread_id *thread)
{
    *thread = general;
    if (process_vcpu(general))
        return true;
    return process_pick((struct thread_id){.process = THREAD_ANY, .thread = THREAD_ANY}, thread);
}

struct vcpu *gdb_need_vcpu(struct request *request)
{
    struct thread_id thread;
    struct vcpu *vcpu = gdb_thread(&thread) ? process_vcpu(thread) : NULL;

    if (!vcpu)
        gdb_put_error(request, GDB_ESRCH);
    return vcpu;
}

/* Hg: the thread that is meant from now on. Hc is of old days, before vCont. */
static void do_thread(struct request *request)
{
    struct thread_id id, thread;

    if (scan_text(&request->scan, "c"))
        gdb_put_ok(request);
    else if (!scan_text(&request->scan, "g") || !scan_thread(&request->scan, &id))
        gdb_put_error(request, GDB_EINVAL);
    else if (!process_pick(id, &thread))
        gdb_put_error(request, GDB_ESRCH);
    else {
        general = thread;
        gdb_put_ok(request);
    }
}

static void do_read_registers(struct request *request)
{
    const struct vcpu *vcpu = gdb_need_vcpu(request);

    if (!vcpu)
        return;
    packet_put_hex(request->out, vcpu->regs.x, sizeof(vcpu->regs.x));
    packet_put_hex(request->out, &vcpu->regs.sepc, sizeof(vcpu->regs.sepc));
}

static void do_write_registers(struct request *request)
{
    struct vcpu *vcpu = gdb_need_vcpu(request);
    uint64_t values[REGISTERS_GENERAL_SIZE / sizeof(uint64_t)];

    if (!vcpu)
        return;
    if (!scan_hex(&request->scan, values, sizeof(values))) {
        gdb_put_error(request, GDB_EINVAL);
        return;
    }
    for (unsigned i = 0; i < REGISTERS_GENERAL_SIZE / sizeof(uint64_t); i++)
        registers_write(vcpu, i, &values[i], sizeof(values[i]));
    gdb_put_ok(request);
}

static uint8_t bytes[REGISTERS_SIZE_MAX];

static void do_read_register(struct request *request)
{
    const struct vcpu *vcpu = gdb_need_vcpu(request);
    uint64_t number;
    size_t size;

    if (!vcpu)
        return;
    size = scan_number(&request->scan, &number) ? registers_read(vcpu, number, bytes) : 0;
    if (size == 0)
        gdb_put_error(request, GDB_EINVAL);
    packet_put_hex(request->out, bytes, size);
}

static void do_write_register(struct request *request)
{
    struct vcpu *vcpu = gdb_need_vcpu(request);
    struct scan *scan = &request->scan;
    uint64_t number;
    size_t size;

    if (!vcpu)
        return;
    if (!scan_number(scan, &number) || !scan_text(scan, "=")) {
        gdb_put_error(request, GDB_EINVAL);
        return;
    }
    size = (size_t)(scan->end - scan->at) / 2;
    if (size <= sizeof(bytes) && scan_hex(scan, bytes, size) &&
        registers_write(vcpu, number, bytes, size))
        gdb_put_ok(request);
    else
        gdb_put_error(request, GDB_EINVAL);
}

static void do_no_acks(struct request *request)
{
    without_acks = true;
    gdb_put_ok(request);
}

static const struct gdb_command letters[] = {
    {"H", do_thread},
    {"g", do_read_registers},
    {"G", do_write_registers},
    {"p", do_read_register},
    {"P", do_write_register},
    {"QStartNoAckMode", do_no_acks},
    {NULL, NULL},
};

void gdb_command_init(gdb_monitor_t monitor, gdb_send_t how)
{
    gdb_query_init(monitor);
    send = how;
    gdb_greet();
}

void gdb_greet(void)
{
    general = (struct thread_id){.process = THREAD_ANY, .thread = THREAD_ANY};
    without_acks = false;
}

bool gdb_without_acks(void)
{
    return without_acks;
}

/* A word ends where its letters do: qC is not qCRC. What follows a single letter belongs to it. */
static bool is_whole(const char *word, const struct scan *scan)
{
    size_t length = strlen(word);
    bool ends_in_letter = (word[length - 1] | 0x20) >= 'a' && (word[length - 1] | 0x20) <= 'z';
    char next = scan_is_done(scan) ? ';' : *scan->at;

    return length == 1 || !ends_in_letter || next == ';' || next == ':' || next == '?';
}

static const struct gdb_command *find(const struct gdb_command *table, struct scan *scan)
{
    struct scan start = *scan;

    for (; table->word; table++) {
        if (scan_text(scan, table->word) && is_whole(table->word, scan))
            return table;
        *scan = start;
    }
    return NULL;
}

bool gdb_command_run(const char *text, size_t length, struct packet_out *out)
{
    static const struct gdb_command *const tables[] = {gdb_threads, gdb_queries, gdb_memories,
                                                       letters};
    struct request request = {.scan = {text, text + length}, .out = out};
    const struct gdb_command *command = NULL;

    packet_clear(out);
    for (unsigned i = 0; i < ARRAY_SIZE(tables) && !command; i++)
        command = find(tables[i], &request.scan);
    if (command)
        command->run(&request);
    if (out->is_cut)
        gdb_put_error(&request, GDB_ENOMEM);
    return !request.is_late;
}
