/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pause, look, resume, as one order. Nobody else gives orders meanwhile: they come one at a time.
 */
#include "monitor/hold.h"

bool hold_is_done(const struct order *order)
{
    return life_is_still(order->machine) ||
           __atomic_load_n(&order->machine->vm->state, __ATOMIC_SEQ_CST) != VM_PAUSED;
}

/* A machine that ended by itself while it was held is not resumed: life_resume refuses. */
static void look_and_resume(struct order *order)
{
    if (life_is_still(order->machine))
        order->look(order);
    else
        answer_refuse(order->answer, "%s ended meanwhile: it is %s", order->machine->name,
                      life_state(order->machine));
    life_resume(order->machine);
}

void hold_look(struct order *order, void (*look)(struct order *order))
{
    if (life_is_still(order->machine)) {
        look(order);
    } else if (order->cannot_wait) {
        answer_refuse(order->answer, "%s is %s: pause it first", order->machine->name,
                      life_state(order->machine));
    } else if (life_pause(order->machine)) {
        answer_refuse(order->answer, "%s is %s: it cannot be held", order->machine->name,
                      life_state(order->machine));
    } else {
        order->is_done = hold_is_done;
        order->finish = look_and_resume;
        order->look = look;
    }
}
