/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A look into a machine that may run: what stands in struct vcpu is true only while the vCPU has no
 * hart, so the machine is held for as long as the look takes.
 */
#ifndef MONITOR_HOLD_H
#define MONITOR_HOLD_H

#include "monitor/command.h"

/* Calls `look`, which answers: at once where order->machine stands still, else when its vCPUs have
 * left their harts; then it runs on. A VM that ends meanwhile is looked at if it stays, else the
 * order is refused; so is one for a VM that runs where the order cannot wait. */
void hold_look(struct order *order, void (*look)(struct order *order));

/* True where each vCPU has left its hart; or the machine is no longer to be held, as its guest
 * ended or began again. For an order that paused it. */
bool hold_is_done(const struct order *order);

#endif
