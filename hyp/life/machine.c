/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of machines: what they are built of, their names and ids. What becomes of them is
 * life.c's.
 */
#include "life/machine.h"

#include "exit/exit_observe.h"
#include "lib/args.h"
#include "lib/err.h"
#include "lib/lock.h"
#include "lib/sha256.h"
#include "lib/string.h"
#include "mem/pages.h"
#include "riscv/caps.h"
#include "trace/trace.h"
#include "vcpu/usage.h"
#include "vcpu/vscsr.h"

static struct lock lock;
static struct list machines; /* lock must be held */
static struct bundle bundle; /* count is 0 where there is none */
static int (*place_vcpus)(struct vm *vm, struct refusal *refusal);
static uint32_t last_id;
static unsigned leaving; /* atomic: removed and not yet freed */

int machine_init(int (*place)(struct vm *vm, struct refusal *refusal), const void *data,
                 uint64_t size, struct refusal *refusal)
{
    int err = bundle_open(&bundle, data, size, refusal);

    if (err)
        bundle.count = 0;
    lock = (struct lock){0};
    list_init(&machines);
    place_vcpus = place;
    last_id = 0;
    leaving = 0;
    return err;
}

const struct bundle *life_bundle(void)
{
    return bundle.count ? &bundle : NULL;
}

void life_lock(void)
{
    lock_take(&lock);
}

void life_unlock(void)
{
    lock_release(&lock);
}

static struct machine *machine_at(struct list *link)
{
    return link == &machines ? NULL : ELEMENT_OF(link, struct machine, link);
}

struct machine *life_first(void)
{
    return machine_at(machines.next);
}

struct machine *life_next(const struct machine *machine)
{
    return machine_at(machine->link.next);
}

static struct machine *find_by_name(const char *name)
{
    struct machine *machine = life_first();

    while (machine && strcmp(machine->name, name) != 0)
        machine = life_next(machine);
    return machine;
}

/* The number that `text` is; 0, which is no id, where it is none. */
static uint64_t id_of(const char *text)
{
    uint64_t id = 0;

    for (; *text >= '0' && *text <= '9' && id <= UINT32_MAX; text++)
        id = id * 10 + (uint64_t)(*text - '0');
    return *text ? 0 : id;
}

struct machine *life_find(const char *name_or_id)
{
    struct machine *machine = find_by_name(name_or_id);
    uint64_t id = id_of(name_or_id);

    if (machine || id == 0)
        return machine;
    machine = life_first();
    while (machine && machine->id != id)
        machine = life_next(machine);
    return machine;
}

unsigned life_leaving(void)
{
    return __atomic_load_n(&leaving, __ATOMIC_SEQ_CST);
}

/* Simplified: time and the counter of VMs are all the entropy that every board has; the device
 * tree's rng-seed is mixed in where the firmware left one. */
static void make_seed(uint8_t seed[VM_SEED_SIZE], uint32_t id)
{
    struct {
        uint64_t time;
        uint64_t id;
        uint8_t tree[SHA256_SIZE];
    } source = {.time = vscsr_time(), .id = id};

    platform_seed(source.tree, sizeof(source.tree));
    for (unsigned i = 0; i < VM_SEED_SIZE / SHA256_SIZE; i++) {
        source.id += (uint64_t)1 << 32;
        sha256_compute(&source, sizeof(source), &seed[(size_t)i * SHA256_SIZE]);
    }
}

/* Owned by its VM, so that it is scrubbed when it is freed: there is input of people in it. */
static struct machine *new_machine(const char *name)
{
    struct machine *machine =
        (struct machine *)pages_alloc(pages_order(sizeof(struct machine)), ++last_id);

    if (!machine)
        return NULL;
    memset(machine, 0, sizeof(*machine));
    machine->id = last_id;
    memcpy(machine->name, name, strnlen(name, VM_NAME_MAX));
    console_add(&machine->channel, machine->name);
    return machine;
}

/* Under the lock, which who brings input holds from the channel that it is for to the VM's serial
 * port: so nobody is on that way afterwards. */
static void remove_console(struct machine *machine)
{
    life_lock();
    console_remove(&machine->channel);
    life_unlock();
}

static void free_block(struct machine *machine)
{
    pages_free((hpa_t)machine, pages_order(sizeof(*machine)));
}

static void observe(struct machine *machine)
{
    for (uint32_t i = 0; i < machine->vm->vcpu_count; i++)
        exit_observe_update(&machine->vm->vcpus[i]);
    trace_name(machine->id, machine->name);
}

void life_observe(void)
{
    life_lock();
    for (struct machine *machine = life_first(); machine; machine = life_next(machine))
        observe(machine);
    life_unlock();
}

static int build(struct machine *machine, const struct vm_config *config, struct refusal *refusal)
{
    const char *words = platform.bootargs;
    struct vm_config own = *config;
    struct vm_backs backs = {
        .console = &machine->channel.tty,
        .machine = machine,
        .epoch_ns = platform.epoch_ns,
    };
    int err;

    own.name = machine->name; /* which lives as long as the VM */
    backs.counts_exits =
        args_has(words, "stats") || args_has(words, "monitor") || args_has(words, "control");
    make_seed(backs.seed, machine->id);
    err = vm_create(&own, machine->id, &backs, &machine->vm, refusal);
    if (err)
        return err;
    err = place_vcpus(machine->vm, refusal);
    if (err)
        vm_destroy(machine->vm);
    else
        observe(machine);
    return err;
}

int life_add(const struct vm_config *config, struct machine **result, struct refusal *refusal)
{
    struct machine *machine;
    int err;

    *result = NULL;
    if (find_by_name(config->name))
        return refusal_set(refusal, ERR_EXISTS, "there is a VM %s already", config->name);
    machine = new_machine(config->name);
    if (!machine)
        return refusal_set(refusal, ERR_NO_MEMORY, "no memory for its console");
    err = build(machine, config, refusal);
    if (err) {
        remove_console(machine);
        free_block(machine);
        return err;
    }
    life_lock();
    list_append(&machines, &machine->link);
    life_unlock();
    *result = machine;
    return 0;
}

int life_create(const char *configuration, const char *name, struct machine **result,
                struct refusal *refusal)
{
    struct vm_config config;
    int err = bundle_find(&bundle, configuration, &config, refusal);

    *result = NULL;
    if (!err && name)
        err = bundle_name_check(name, refusal);
    if (err)
        return err;
    if (name)
        config.name = name;
    return life_add(&config, result, refusal);
}

uint64_t life_overhead(const struct machine *machine)
{
    return vm_overhead(machine->vm) + (PAGE_SIZE << pages_order(sizeof(*machine)));
}

uint64_t life_time(const struct machine *machine)
{
    const struct vm *vm = machine->vm;
    uint64_t now = vscsr_time(), ticks = 0;

    for (uint32_t i = 0; i < vm->vcpu_count; i++)
        ticks += usage_read(&vm->vcpus[i], now);
    return caps_ns(ticks);
}

uint64_t life_exits(const struct machine *machine)
{
    const struct vm *vm = machine->vm;
    uint64_t exits = 0;

    for (uint32_t i = 0; i < vm->vcpu_count; i++)
        exits += vcpu_exits(&vm->vcpus[i]);
    return exits;
}

void machine_remove(struct machine *machine)
{
    list_remove(&machine->link);
    __atomic_add_fetch(&leaving, 1, __ATOMIC_SEQ_CST);
}

void machine_free(struct machine *machine)
{
    remove_console(machine);
    vm_destroy(machine->vm);
    free_block(machine);
    __atomic_sub_fetch(&leaving, 1, __ATOMIC_SEQ_CST);
}
