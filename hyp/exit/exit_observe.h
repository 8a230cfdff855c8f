/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands around an exit that somebody wants to see. Nowhere for a vCPU that is not observed:
 * one word of it decides (vcpu->is_observed), so that two kinds of observers cost what one does.
 */
#ifndef EXIT_EXIT_OBSERVE_H
#define EXIT_EXIT_OBSERVE_H

#include "exit/exit.h"

/* exit_handle, counted where the vCPU has counts, and traced. */
enum exit_verdict exit_observe(struct vcpu *vcpu, struct trap *trap);

/* Sets vcpu->is_observed by who is there now. On a change of what is traced, from any hart. */
void exit_observe_update(struct vcpu *vcpu);

#endif
