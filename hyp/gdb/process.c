/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A short table of ids, and the way from there to machines and vCPUs.
 */
#include "gdb/process.h"

#include "lib/bits.h"
#include "lib/err.h"

static struct process processes[PROCESSES_MAX];

void process_init(void)
{
    for (unsigned i = 0; i < PROCESSES_MAX; i++)
        processes[i].id = 0;
}

struct machine *process_machine(uint32_t id)
{
    struct machine *machine;

    life_lock();
    machine = life_first();
    while (machine && machine->id != id)
        machine = life_next(machine);
    life_unlock();
    return machine;
}

static struct process *find(uint32_t id)
{
    for (unsigned i = 0; i < PROCESSES_MAX; i++) {
        if (processes[i].id == id)
            return &processes[i];
    }
    return NULL;
}

static bool is_alive(const struct vm *vm)
{
    uint32_t state = __atomic_load_n(&vm->state, __ATOMIC_SEQ_CST);

    return state == VM_RUNNING || state == VM_PAUSED;
}

int process_attach(uint32_t id)
{
    struct machine *machine = process_machine(id);
    struct process *process = find(0);

    if (id == 0 || !machine)
        return ERR_NOT_FOUND;
    if (find(id) || !is_alive(machine->vm))
        return ERR_STATE;
    if (!process)
        return ERR_NO_MEMORY;
    process->id = id;
    debug_begin(machine->vm);
    return 0;
}

void process_detach(uint32_t id)
{
    struct machine *machine = process_machine(id);
    struct process *process = id ? find(id) : NULL;

    if (!process)
        return;
    process->id = 0;
    if (machine)
        debug_end(machine->vm);
}

/* GDB came just as its last vCPU had left: nobody ends that. */
static bool is_over(const struct machine *machine)
{
    bool is;

    life_lock();
    is = machine->is_over;
    life_unlock();
    return is;
}

struct vm *process_vm(uint32_t id)
{
    struct machine *machine = id && find(id) ? process_machine(id) : NULL;

    return machine && debug_is_on(machine->vm) && !is_over(machine) ? machine->vm : NULL;
}

uint32_t process_next(uint32_t id)
{
    uint32_t next = 0;

    for (unsigned i = 0; i < PROCESSES_MAX; i++) {
        uint32_t other = processes[i].id;

        if (other > id && (next == 0 || other < next))
            next = other;
    }
    return next;
}

uint32_t process_ended(void)
{
    uint32_t id = process_next(0);

    while (id && process_vm(id))
        id = process_next(id);
    return id;
}

struct vcpu *process_vcpu(struct thread_id id)
{
    struct vm *vm =
        id.process > 0 && id.process <= UINT32_MAX ? process_vm((uint32_t)id.process) : NULL;

    if (!vm || id.thread < 1 || id.thread > vm->vcpu_count)
        return NULL;
    return &vm->vcpus[id.thread - 1];
}

struct thread_id process_thread(const struct vcpu *vcpu)
{
    return (struct thread_id){.process = vcpu->vm->id, .thread = (int64_t)vcpu->id + 1};
}

bool process_matches(struct thread_id id, const struct vcpu *vcpu)
{
    return (id.process <= 0 || id.process == vcpu->vm->id) &&
           (id.thread <= 0 || id.thread == (int64_t)vcpu->id + 1);
}

struct vcpu *process_find(bool (*visit)(struct vcpu *vcpu))
{
    for (uint32_t id = process_next(0); id; id = process_next(id)) {
        struct vm *vm = process_vm(id);

        for (uint32_t i = 0; vm && i < vm->vcpu_count; i++) {
            if (visit(&vm->vcpus[i]))
                return &vm->vcpus[i];
        }
    }
    return NULL;
}

static struct thread_id wanted;

static bool is_wanted(struct vcpu *vcpu)
{
    return process_matches(wanted, vcpu);
}

bool process_pick(struct thread_id id, struct thread_id *thread)
{
    const struct vcpu *vcpu;

    wanted = id;
    vcpu = process_find(is_wanted);
    if (vcpu)
        *thread = process_thread(vcpu);
    return vcpu;
}
