/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stop replies.
 */
#include "gdb/stop.h"

#include "gdb/process.h"

static void put_signal(struct packet_out *out, const char *what, unsigned signal)
{
    uint8_t byte = (uint8_t)signal;

    packet_clear(out);
    packet_put_text(out, what);
    packet_put_hex(out, &byte, 1);
}

static void put_thread(struct packet_out *out, struct thread_id thread)
{
    packet_put_text(out, "thread:p");
    packet_put_number(out, (uint64_t)thread.process);
    packet_put_text(out, ".");
    packet_put_number(out, (uint64_t)thread.thread);
    packet_put_text(out, ";");
}

void stop_put(struct packet_out *out, const struct stop *stop)
{
    static const char *const watches[] = {
        [DEBUG_WRITE] = "watch:", [DEBUG_READ] = "rwatch:", [DEBUG_ACCESS] = "awatch:"};

    put_signal(out, "T", stop->signal);
    put_thread(out, stop->thread);
    if (stop->is_break)
        packet_put_text(out, "swbreak:;");
    if (stop->is_watch) {
        packet_put_text(out, watches[stop->kind]);
        packet_put_number(out, stop->gva);
        packet_put_text(out, ";");
    }
}

void stop_put_end(struct packet_out *out, uint32_t id)
{
    const struct machine *machine = process_machine(id);
    uint32_t state = machine ? __atomic_load_n(&machine->vm->state, __ATOMIC_SEQ_CST) : 0;

    if (!machine)
        put_signal(out, "X", STOP_SIGKILL);
    else if (state == VM_CRASHED)
        put_signal(out, "X", STOP_SIGABRT);
    else
        put_signal(out, "W", 0);
    packet_put_text(out, ";process:");
    packet_put_number(out, id);
}
