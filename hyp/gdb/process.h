/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whom GDB is attached to. To GDB a VM is a process, whose number is the VM's id, and a vCPU is a
 * thread, whose number is the vCPU's plus 1.
 *
 * A VM may end, begin again, or be destroyed while GDB is attached. So a process is a number, and
 * is looked up each time; what is found stays until the next order of people, who share the hart.
 */
#ifndef GDB_PROCESS_H
#define GDB_PROCESS_H

#include "gdb/scan.h"
#include "life/life.h"
#include "vm/debug.h"

#define PROCESSES_MAX 16

struct process {
    uint32_t id; /* of the VM; 0: the place is free */
};

/* Nobody. */
void process_init(void);

/* The machine of that id, attached or not; NULL where there is none. */
struct machine *process_machine(uint32_t id);

/* ERR_NOT_FOUND (no such VM), ERR_STATE (it does not run, or GDB is attached already),
 * ERR_NO_MEMORY. */
int process_attach(uint32_t id);

/* GDB knows it no more; its vCPUs are still. The VM goes on as if nothing had been. */
void process_detach(uint32_t id);

/* The attached one of that id; its VM while it is debugged. NULL where there is none. */
struct vm *process_vm(uint32_t id);

/* The id of the attached process after `id`, in rising order; 0 after the last one; the first one
 * is after 0. */
uint32_t process_next(uint32_t id);

/* The id of an attached process whose VM has ended, or begun again, since; 0 where there is none.
 */
uint32_t process_ended(void);

/* The vCPU of an attached process; NULL where there is none. The id names one thread. */
struct vcpu *process_vcpu(struct thread_id id);

/* The first thread that the id stands for; false where there is none. */
bool process_pick(struct thread_id id, struct thread_id *thread);

struct thread_id process_thread(const struct vcpu *vcpu);

/* True where `id`, with its THREAD_ALL and THREAD_ANY, means the vCPU. */
bool process_matches(struct thread_id id, const struct vcpu *vcpu);

/* Calls `visit` for each vCPU of all attached VMs until one says true, which is returned, or
 * NULL. */
struct vcpu *process_find(bool (*visit)(struct vcpu *vcpu));

#endif
