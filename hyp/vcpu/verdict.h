/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a handler of an exit decides. Only exit/exit.c moves the guest's pc.
 */
#ifndef VCPU_VERDICT_H
#define VCPU_VERDICT_H

enum exit_verdict {
    EXIT_RESUME,  /* enter again at the same pc */
    EXIT_ADVANCE, /* past this instruction (trap->insn_len), then enter */
    EXIT_INJECT,  /* the guest gets the exception in vcpu->inject */
    EXIT_YIELD,   /* same pc; a host interrupt came: look at timers and mail before entering */
    EXIT_WAIT,    /* past this instruction; nothing to do until an interrupt: leave the hart */
    EXIT_PASS,    /* past this instruction; it waits for another vCPU: let others go first */
    EXIT_HALT,    /* the machine stops (vm_stop was called) or is paused: off the hart */
};

#endif
