/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands about the lives of machines, over life/life.h: what they are, and what becomes of
 * them. Where other harts must do something first, the answer waits for it (order->is_done).
 */
#include "monitor/command.h"
#include "monitor/hold.h"
#include "monitor/report.h"

static void put_state(struct answer *answer, const struct machine *machine)
{
    answer_number(answer, "id", machine->id);
    answer_text(answer, "name", 16, machine->name);
    answer_text(answer, "state", 9, life_state(machine));
    answer_number(answer, "vcpus", machine->vm->vcpu_count);
    answer_number(answer, "mib", machine->vm->config.memory >> 20);
    answer_number(answer, "starts", machine->starts);
}

void monitor_do_list(struct order *order)
{
    answer_table_begin(order->answer, "vms");
    life_lock();
    for (struct machine *machine = life_first(); machine; machine = life_next(machine)) {
        answer_row_begin(order->answer);
        put_state(order->answer, machine);
        answer_row_end(order->answer);
    }
    life_unlock();
    answer_table_end(order->answer);
}

void monitor_do_info(struct order *order)
{
    const struct machine *machine = order->machine;
    const struct vm *vm = machine->vm;
    struct answer *answer = order->answer;

    put_state(answer, machine);
    answer_text(answer, "reason", 0, vm->reason);
    answer_number(answer, "weight", vm->config.weight);
    answer_number(answer, "overhead_kib", life_overhead(machine) >> 10);
    answer_text(answer, "bootargs", 0, vm->config.bootargs);
    answer_hex(answer, "entry", vm->entry);
    answer_hex(answer, "device_tree", vm->fdt);
    answer_number(answer, "ran_ms", life_time(machine) / 1000000);
    answer_number(answer, "exits", life_exits(machine));
    report_crash(answer, vm);
}

void monitor_do_create(struct order *order)
{
    struct refusal refusal;
    const char *name = order->arg_count > 1 ? order->args[1] : NULL;

    if (life_create(order->args[0], name, &order->machine, &refusal))
        answer_refuse(order->answer, "%s", refusal.text);
    else
        put_state(order->answer, order->machine);
}

/* `err` is what life/ said to `what`. */
static void put_outcome(struct order *order, int err, const char *what)
{
    if (err)
        answer_refuse(order->answer, "%s is %s: it cannot %s", order->machine->name,
                      life_state(order->machine), what);
    else
        answer_text(order->answer, "vm", 0, order->machine->name);
}

void monitor_do_start(struct order *order)
{
    put_outcome(order, life_start(order->machine), "start");
}

void monitor_do_pause(struct order *order)
{
    put_outcome(order, life_pause(order->machine), "pause");
    order->is_done = hold_is_done;
}

void monitor_do_resume(struct order *order)
{
    put_outcome(order, life_resume(order->machine), "resume");
}

static bool has_begun_again(const struct order *order)
{
    return __atomic_load_n(&order->machine->vm->state, __ATOMIC_SEQ_CST) != VM_RESETTING;
}

void monitor_do_reset(struct order *order)
{
    put_outcome(order, life_reset(order->machine), "reset");
    order->is_done = has_begun_again;
}

static bool has_left(const struct order *order)
{
    (void)order;
    return life_leaving() == 0;
}

void monitor_do_destroy(struct order *order)
{
    answer_text(order->answer, "vm", 0, order->machine->name);
    life_destroy(order->machine);
    order->machine = NULL;
    order->is_done = has_left;
}

void monitor_do_quit(struct order *order)
{
    answer_flag(order->answer, "quits", true);
    order->ends_all = true;
}
