/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One order at a time, from whoever has one. An order that waits for other harts keeps the others
 * waiting too, so answers come in the order of the questions.
 */
#include "monitor/monitor.h"

#include "lib/args.h"
#include "lib/string.h"
#include "monitor/control.h"
#include "monitor/keyboard.h"

#define ANSWER_MAX 65536
#define BATCH      8 /* orders before the guests of this hart get their turn */
#define BUSY       "another order is being carried out; try again\n"

/* A way for orders in and answers out. */
struct giver {
    enum answer_form form;
    enum giver_event (*take)(struct order *order, const char **command);
    void (*answer)(const struct answer *answer);
};

static const struct giver keyboard = {ANSWER_TEXT, keyboard_take, keyboard_answer};
static const struct giver control = {ANSWER_JSON, control_take, control_answer};

static bool has_keyboard, has_control;
static bool is_awake;            /* something may have come */
static struct vcpu_home *worker; /* of the hart that does the work */
static const struct giver *busy; /* whose order is carried out; NULL: nobody's */
static struct order order;
static struct answer answer;
static char text[ANSWER_MAX];

void monitor_wake(void)
{
    is_awake = true;
    __atomic_store_n(&worker->has_work, 1, __ATOMIC_SEQ_CST);
}

bool monitor_start(struct vcpu_home *home)
{
    worker = home;
    busy = NULL;
    has_keyboard = args_has(platform.bootargs, "monitor");
    has_control = args_has(platform.bootargs, "control");
    if (has_keyboard)
        keyboard_start();
    if (has_control)
        control_start();
    is_awake = false;
    if (has_keyboard || has_control)
        monitor_wake(); /* something may have come before */
    return is_awake;
}

bool monitor_hears(const struct console_channel *channel)
{
    bool is_ours = has_keyboard && channel == keyboard_channel();

    if (is_ours)
        monitor_wake();
    return is_ours;
}

static enum giver_event take_from(const struct giver *giver)
{
    const char *command = NULL;
    enum giver_event event;

    order = (struct order){.answer = &answer};
    answer_init(&answer, giver->form, text, sizeof(text));
    event = giver->take(&order, &command);
    if (event == GIVER_ORDER) {
        busy = giver;
        if (!answer.is_refused)
            command_run(&order, command);
    }
    return event;
}

static enum giver_event take(void)
{
    enum giver_event event = GIVER_NOTHING;

    if (has_keyboard)
        event = take_from(&keyboard);
    if (has_control && event == GIVER_NOTHING)
        event = take_from(&control);
    return event;
}

/* True where the order that was begun, if there is one, is carried out and answered. */
static bool finish(void)
{
    if (!busy)
        return true;
    if (!answer.is_refused && order.is_done && !order.is_done(&order))
        return false;
    if (!answer.is_refused && order.finish)
        order.finish(&order);
    if (answer.is_cut)
        answer_refuse(&answer, "the answer is longer than %d bytes", ANSWER_MAX);
    busy->answer(&answer);
    busy = NULL;
    if (order.ends_all && !answer.is_refused)
        platform_exit(PLATFORM_OK);
    return true;
}

static bool work(void)
{
    enum giver_event event = GIVER_BUSY;

    for (unsigned i = 0; i < BATCH && finish() && event != GIVER_NOTHING; i++)
        event = take();
    is_awake = busy || event != GIVER_NOTHING;
    return is_awake;
}

/* What it asks of other harts it does not wait for: whoever gives it may be waiting for those. */
void monitor_order(char *words, void (*say)(const char *text, size_t count))
{
    const char *command;

    if (busy) {
        say(BUSY, sizeof(BUSY) - 1);
        return;
    }
    order = (struct order){.answer = &answer, .cannot_wait = true};
    answer_init(&answer, ANSWER_TEXT, text, sizeof(text));
    command = command_split(&order, words);
    if (!command)
        return;
    command_run(&order, command);
    if (answer.is_refused) {
        say(answer.error, strlen(answer.error));
        say("\n", 1);
    } else {
        say(answer.buffer, answer.length);
    }
    if (order.ends_all && !answer.is_refused)
        platform_exit(PLATFORM_OK);
}

bool monitor_work(void)
{
    return is_awake && work();
}
