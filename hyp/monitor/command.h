/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands, whoever gives them: a person at the monitor's line, a program at the control
 * port. Each is one function, which makes values (monitor/answer.h) or refuses.
 *
 * Orders come one at a time, on one hart, outside of any exit and with no lock held.
 */
#ifndef MONITOR_COMMAND_H
#define MONITOR_COMMAND_H

#include "life/life.h"
#include "monitor/answer.h"

#define ORDER_ARGS_MAX 8

/* A command on its way. The caller sets the first four fields. */
struct order {
    struct answer *answer;
    const char *args[ORDER_ARGS_MAX]; /* without the command's name */
    unsigned arg_count;
    bool cannot_wait; /* nobody will ask is_done, nor call finish */
    /* Set by the command. */
    struct machine *machine; /* the first argument, where that is a VM; NULL once destroyed */
    /* Not NULL: what was asked for takes its time on other harts; true when it is done. */
    bool (*is_done)(const struct order *order);
    /* Not NULL: answers then; and what hold.c, which sets it, is to call. */
    void (*finish)(struct order *order);
    void (*look)(struct order *order);
    bool is_full;  /* walk, with all steps */
    bool ends_all; /* the machine below is to be turned off when the answer is out */
};

/* What the first argument names: for looking it up, and for completion. */
enum command_first {
    COMMAND_FIRST_OTHER,
    COMMAND_FIRST_VM,
    COMMAND_FIRST_CONFIGURATION,
    COMMAND_FIRST_COMMAND,
    COMMAND_FIRST_SUBJECT, /* of explain, or a VM */
};

struct command {
    const char *name;
    const char *usage; /* its arguments, as people write them */
    const char *what;
    enum command_first first;
    unsigned args_min, args_max;
    void (*run)(struct order *order);
};

/* Runs the command of that name, whose arguments are in `order`. */
void command_run(struct order *order, const char *name);

/* Cuts the line into words, in place: a command's name, which is returned, and the arguments of
 * `order`: at most ORDER_ARGS_MAX, more than any command takes. NULL where there is no word. */
const char *command_split(struct order *order, char *line);

/* Calls `visit` with each name that the last word of the line of `length` characters may become,
 * and returns how long that word is so far. */
size_t command_complete(const char *line, size_t length,
                        void (*visit)(void *context, const char *name), void *context);

/* The machine of that name or id into order->machine; or refused. */
bool command_find_machine(struct order *order, const char *name);

/* The vCPU of order->machine that argument number `arg` names, 0 where there is none; NULL,
 * refused, where it does not exist. */
struct vcpu *command_vcpu(struct order *order, unsigned arg);

/* Number `text`, decimal or 0x and hexadecimal digits, into *value. False where it is none. */
bool command_number(const char *text, uint64_t *value);

/* The subjects of explain, NULL behind the last. */
extern const char *const command_explain_subjects[];

/* The table's commands, by file. */
void monitor_do_list(struct order *order); /* command_life.c */
void monitor_do_info(struct order *order);
void monitor_do_create(struct order *order);
void monitor_do_start(struct order *order);
void monitor_do_pause(struct order *order);
void monitor_do_resume(struct order *order);
void monitor_do_reset(struct order *order);
void monitor_do_destroy(struct order *order);
void monitor_do_quit(struct order *order);
void monitor_do_regs(struct order *order); /* command_look.c */
void monitor_do_walk(struct order *order);
void monitor_do_mem(struct order *order);
void monitor_do_exits(struct order *order);
void monitor_do_console(struct order *order);
void monitor_do_explain(struct order *order); /* command_explain.c */
void monitor_do_sched(struct order *order);   /* command_below.c */
void monitor_do_caps(struct order *order);
void monitor_do_trace(struct order *order); /* command_trace.c */

#endif
