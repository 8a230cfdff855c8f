/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Four states, and what all are held for. A vCPU that met what is none of GDB's business is passed:
 * all are held, the points are taken out, it makes one step, and all go on.
 */
#include "gdb/traffic.h"

#include "gdb/event.h"
#include "gdb/step.h"
#include "gdb/stop.h"

enum intent { INTENT_REPORT, INTENT_PASS, INTENT_LEAVE };

static enum traffic_state state;
static enum intent intent;        /* TRAFFIC_HOLDING */
static struct stop stop;          /* INTENT_REPORT */
static struct thread_id stepping; /* INTENT_PASS, TRAFFIC_STEPPING; thread 0 for nobody */
static bool is_pass;              /* the step is not GDB's */
static traffic_report_t report;

void traffic_init(traffic_report_t how)
{
    process_init();
    state = TRAFFIC_STOPPED;
    stepping.thread = THREAD_ANY;
    report = how;
}

enum traffic_state traffic_state(void)
{
    return state;
}

static bool hold(struct vcpu *vcpu)
{
    debug_hold(vcpu);
    return false;
}

static void hold_all(enum intent what)
{
    intent = what;
    state = TRAFFIC_HOLDING;
    process_find(hold);
}

void traffic_stop(struct thread_id thread, unsigned signal)
{
    if (state == TRAFFIC_HOLDING && intent != INTENT_PASS)
        return;
    stop = (struct stop){.thread = thread, .signal = signal};
    hold_all(INTENT_REPORT);
}

void traffic_leave(void)
{
    hold_all(INTENT_LEAVE);
}

static void put_in_all(uint64_t kinds)
{
    for (uint32_t id = process_next(0); id; id = process_next(id)) {
        struct vm *vm = process_vm(id);

        if (vm)
            debug_point_put_in(vm, kinds);
    }
}

static void take_out_all(void)
{
    for (uint32_t id = process_next(0); id; id = process_next(id)) {
        struct vm *vm = process_vm(id);

        if (vm)
            debug_point_take_out(vm);
    }
}

static bool has_event(const struct vcpu *vcpu)
{
    return __atomic_load_n(&vcpu->debug.has_event, __ATOMIC_SEQ_CST);
}

static bool forget_event(struct vcpu *vcpu)
{
    __atomic_store_n(&vcpu->debug.has_event, 0, __ATOMIC_SEQ_CST);
    return false;
}

static bool let_run(struct vcpu *vcpu)
{
    if (vcpu->debug.runs && !has_event(vcpu))
        debug_release(vcpu);
    return false;
}

static void run_all(void)
{
    state = TRAFFIC_RUNNING;
    put_in_all(DEBUG_ALL);
    process_find(let_run);
}

/* The end of a step, where there is one. Points are out. */
static void finish_step(void)
{
    struct vcpu *vcpu = process_vcpu(stepping);

    if (vcpu) {
        step_end(vcpu);
        forget_event(vcpu);
    }
    stepping.thread = THREAD_ANY;
}

static void report_stop(void)
{
    static struct packet_out out;
    uint32_t ended = process_ended();

    process_find(forget_event);
    state = TRAFFIC_STOPPED;
    if (ended) {
        stop_put_end(&out, ended);
        process_detach(ended);
    } else {
        stop_put(&out, &stop);
    }
    report(&out, ended ? NULL : &stop.thread);
}

static void leave(void)
{
    uint32_t id;

    state = TRAFFIC_STOPPED;
    while ((id = process_next(0)) != 0)
        process_detach(id);
}

/* The step of `stepping` is made; points are out. */
static void after_step(void)
{
    finish_step();
    if (is_pass)
        run_all();
    else
        report_stop();
}

static void run_step(struct vcpu *vcpu, uint64_t kinds)
{
    forget_event(vcpu);
    debug_point_put_in(vcpu->vm, kinds);
    debug_release(vcpu);
}

/* Its VM may have ended: that is seen next. */
static void begin_step(void)
{
    struct vcpu *vcpu = process_vcpu(stepping);

    state = TRAFFIC_STEPPING;
    if (vcpu && step_begin(vcpu))
        after_step();
    else if (vcpu)
        run_step(vcpu, is_pass ? BIT(DEBUG_STEP) : BIT(DEBUG_STEP) | DEBUG_WATCHES);
}

void traffic_go(const struct thread_id *step)
{
    if (!step) {
        run_all();
        return;
    }
    stepping = *step;
    is_pass = false;
    stop = (struct stop){.thread = *step, .signal = STOP_SIGTRAP};
    begin_step();
}

static bool is_moving(struct vcpu *vcpu)
{
    return !debug_is_still(vcpu);
}

static bool is_waiting(struct vcpu *vcpu)
{
    return has_event(vcpu) && debug_is_still(vcpu);
}

static void note_stop(const struct vcpu *vcpu, enum event_kind event,
                      const struct debug_point *point)
{
    stop = (struct stop){
        .thread = process_thread(vcpu),
        .signal = STOP_SIGTRAP,
        .is_break = event == EVENT_BREAK,
        .is_watch = event == EVENT_WATCH,
        .kind = point->kind,
        .gva = point->gva,
    };
}

static void pass(const struct vcpu *vcpu)
{
    stepping = process_thread(vcpu);
    is_pass = true;
    hold_all(INTENT_PASS);
}

/* Code may be mapped twice: at another address it is not what GDB asked for. */
static void take_event(struct vcpu *vcpu)
{
    struct debug_point point = {.vm = NULL};
    enum event_kind event = event_read(vcpu, &point);

    if (event == EVENT_DONE) {
        forget_event(vcpu);
        debug_release(vcpu);
    } else if (event == EVENT_WATCH || (event == EVENT_BREAK && point.gva == vcpu->regs.sepc)) {
        note_stop(vcpu, event, &point);
        hold_all(INTENT_REPORT);
    } else {
        pass(vcpu);
    }
}

static bool work_running(void)
{
    struct vcpu *vcpu = process_find(is_waiting);

    if (process_ended())
        hold_all(INTENT_REPORT);
    else if (vcpu)
        take_event(vcpu);
    return vcpu || state == TRAFFIC_HOLDING;
}

/* It met a watched page with what cannot be made for it: the same once more, without watches. */
static void step_again(struct vcpu *vcpu)
{
    debug_point_take_out(vcpu->vm);
    run_step(vcpu, BIT(DEBUG_STEP));
}

static bool work_stepping(void)
{
    struct vcpu *vcpu = process_vcpu(stepping);
    struct debug_point point = {.vm = NULL};
    enum event_kind event;

    if (vcpu && !is_waiting(vcpu))
        return false;
    event = vcpu ? event_read(vcpu, &point) : EVENT_DONE;
    if (event == EVENT_PASS) {
        step_again(vcpu);
        return false;
    }
    take_out_all();
    if (event == EVENT_WATCH)
        note_stop(vcpu, event, &point);
    after_step();
    return true;
}

static bool work_holding(void)
{
    if (process_find(is_moving))
        return true;
    take_out_all();
    if (intent == INTENT_PASS) {
        begin_step();
    } else {
        finish_step();
        if (intent == INTENT_REPORT)
            report_stop();
        else
            leave();
    }
    return true;
}

bool traffic_work(void)
{
    switch (state) {
    case TRAFFIC_HOLDING:
        return work_holding();
    case TRAFFIC_RUNNING:
        return work_running();
    case TRAFFIC_STEPPING:
        return work_stepping();
    default:
        return false;
    }
}
