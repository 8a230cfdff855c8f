/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets about processes and threads: who is there, who is attached to, who goes on, and the end.
 */
#include "gdb/command.h"
#include "gdb/process.h"
#include "gdb/stop.h"
#include "gdb/traffic.h"
#include "lib/bits.h"

#define LISTED_MAX 256 /* threads in an answer */

static const struct thread_id any = {.process = THREAD_ANY, .thread = THREAD_ANY};

static void put_id(struct packet_out *out, struct thread_id id)
{
    packet_put_text(out, "p");
    packet_put_number(out, (uint64_t)id.process);
    packet_put_text(out, ".");
    packet_put_number(out, (uint64_t)id.thread);
}

static void do_extended(struct request *request)
{
    gdb_put_ok(request);
}

static void do_why(struct request *request)
{
    struct stop stop = {.signal = STOP_SIGTRAP};

    if (gdb_thread(&stop.thread))
        stop_put(request->out, &stop);
    else
        packet_put_text(request->out, "W00");
}

static void do_is_alive(struct request *request)
{
    struct thread_id id;

    if (scan_thread(&request->scan, &id) && process_vcpu(id))
        gdb_put_ok(request);
    else
        gdb_put_error(request, GDB_ESRCH);
}

static void do_current(struct request *request)
{
    struct thread_id thread;

    if (!gdb_thread(&thread))
        return;
    packet_put_text(request->out, "QC");
    put_id(request->out, thread);
}

static void do_attached(struct request *request)
{
    packet_put_text(request->out, "1"); /* it was there before GDB came, and stays */
}

/* How many threads were listed already. */
static uint64_t listed, skipped;
static struct request *listing;

static bool list_thread(struct vcpu *vcpu)
{
    if (skipped < listed) {
        skipped++;
        return false;
    }
    packet_put_text(listing->out, listing->out->length == 0 ? "m" : ",");
    put_id(listing->out, process_thread(vcpu));
    listed++;
    skipped++;
    return listed % LISTED_MAX == 0;
}

static void do_list_on(struct request *request)
{
    listing = request;
    skipped = 0;
    process_find(list_thread);
    if (request->out->length == 0)
        packet_put_text(request->out, "l");
}

static void do_list(struct request *request)
{
    listed = 0;
    do_list_on(request);
}

static const char *hsm_text(uint32_t state)
{
    static const char *const words[] = {
        [SBI_HSM_STARTED] = "started",
        [SBI_HSM_STOPPED] = "stopped",
        [SBI_HSM_START_PENDING] = "about to start",
        [SBI_HSM_SUSPENDED] = "suspended",
    };

    return state < ARRAY_SIZE(words) && words[state] ? words[state] : "between states";
}

static void put_words(struct request *request, const char *text)
{
    size_t length = 0;

    while (text[length])
        length++;
    packet_put_hex(request->out, text, length);
}

static void do_words(struct request *request)
{
    struct thread_id id;
    const struct vcpu *vcpu = scan_thread(&request->scan, &id) ? process_vcpu(id) : NULL;

    if (!vcpu) {
        gdb_put_error(request, GDB_ESRCH);
        return;
    }
    put_words(request, vcpu->vm->name);
    put_words(request, vcpu_was_user(vcpu) ? ", VU-mode, " : ", VS-mode, ");
    put_words(request, hsm_text(__atomic_load_n(&vcpu->hsm_state, __ATOMIC_SEQ_CST)));
}

static void do_attach(struct request *request)
{
    struct thread_id thread;
    uint64_t id;

    if (!scan_number(&request->scan, &id) || id > UINT32_MAX || process_attach((uint32_t)id)) {
        gdb_put_error(request, GDB_ESRCH);
        return;
    }
    process_pick((struct thread_id){.process = (int64_t)id, .thread = THREAD_ANY}, &thread);
    traffic_stop(thread, STOP_SIGTRAP);
    request->is_late = true;
}

/* The letter of the first action of "vCont" that is for the vCPU; 0 for none. */
static char action_of(struct scan scan, const struct vcpu *vcpu)
{
    while (scan_text(&scan, ";") && !scan_is_done(&scan)) {
        char letter = *scan.at++;
        struct thread_id id = any;
        uint64_t signal;

        if ((letter == 'C' || letter == 'S') && !scan_number(&scan, &signal))
            return 0;
        if (scan_text(&scan, ":") && !scan_thread(&scan, &id))
            return 0;
        if (process_matches(id, vcpu))
            return letter;
    }
    return 0;
}

static struct scan actions;

static bool plan(struct vcpu *vcpu)
{
    char letter = action_of(actions, vcpu);

    vcpu->debug.runs = letter == 'c' || letter == 'C' || letter == 's' || letter == 'S';
    return false;
}

static bool is_to_step(struct vcpu *vcpu)
{
    char letter = action_of(actions, vcpu);

    return letter == 's' || letter == 'S';
}

static bool is_to_run(struct vcpu *vcpu)
{
    return vcpu->debug.runs;
}

/* A guest knows no signals, so C is c, and S is s. */
static void do_go(struct request *request)
{
    struct thread_id thread;
    struct vcpu *vcpu;

    actions = request->scan;
    process_find(plan);
    if (!process_find(is_to_run) && !process_ended()) {
        gdb_put_error(request, GDB_EINVAL);
        return;
    }
    request->is_late = true;
    vcpu = process_find(is_to_step);
    if (vcpu)
        thread = process_thread(vcpu);
    traffic_go(vcpu ? &thread : NULL);
}

static void do_actions(struct request *request)
{
    packet_put_text(request->out, "vCont;c;C;s;S;t");
}

/* D;PID, or D alone for all. */
static void do_detach(struct request *request)
{
    uint64_t id;

    if (scan_is_done(&request->scan)) {
        while ((id = process_next(0)) != 0)
            process_detach((uint32_t)id);
    } else if (scan_text(&request->scan, ";") && scan_number(&request->scan, &id) &&
               id <= UINT32_MAX) {
        process_detach((uint32_t)id);
    } else {
        gdb_put_error(request, GDB_EINVAL);
        return;
    }
    gdb_put_ok(request);
}

/* The VM is turned off, as by its guest; it stays in the list for questions, until it is
 * destroyed. */
static void do_kill(struct request *request)
{
    uint64_t id;
    struct vm *vm = NULL;

    if (scan_number(&request->scan, &id) && id <= UINT32_MAX)
        vm = process_vm((uint32_t)id);
    if (!vm) {
        gdb_put_error(request, GDB_ESRCH);
        return;
    }
    vm_stop(vm, VM_HALTED, "killed in GDB");
    process_detach((uint32_t)id);
    gdb_put_ok(request);
}

/* Of old days, for all; as GDB does not wait for an answer, it cannot mean more than this. */
static void do_leave(struct request *request)
{
    traffic_leave();
    request->is_late = true;
}

const struct gdb_command gdb_threads[] = {
    {"!", do_extended},
    {"?", do_why},
    {"T", do_is_alive},
    {"D", do_detach},
    {"k", do_leave},
    {"vAttach;", do_attach},
    {"vCont?", do_actions},
    {"vCont", do_go},
    {"vKill;", do_kill},
    {"qC", do_current},
    {"qAttached", do_attached},
    {"qfThreadInfo", do_list},
    {"qsThreadInfo", do_list_on},
    {"qThreadExtraInfo,", do_words},
    {NULL, NULL},
};
