/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bundle, console channels, homes: what the VMs get at boot. The bundle is the initrd, else the
 * embedded one.
 */
#include "boot/machines.h"

#include "boot/harts.h"
#include "boot/image.h"
#include "console/console.h"
#include "lib/args.h"
#include "lib/bits.h"
#include "lib/err.h"
#include "lib/format.h"
#include "lib/print.h"
#include "lib/sha256.h"
#include "lib/string.h"
#include "mem/pages.h"
#include "platform.h"
#include "riscv/hart.h"
#include "sched/life.h"
#include "vm/bundle.h"
#include "vm/vm.h"

/* A VM and its console, linked as the bundle has them. */
struct machine {
    struct machine *next;
    struct vm *vm;
    struct console_channel channel;
};

static struct machine *first;
static bool was_refused;
static unsigned next_home; /* vCPUs take the harts in turn */

static void report_refusal(const struct refusal *refusal)
{
    print("understudy: error: %s\n", refusal->text);
    was_refused = true;
}

/* Simplified: time and the counter of VMs are all the entropy that every board has; the device
 * tree's rng-seed is mixed in where the firmware left one. */
static void make_seed(uint8_t seed[VM_SEED_SIZE], uint32_t id)
{
    struct {
        uint64_t time;
        uint64_t id;
        uint8_t tree[SHA256_SIZE];
    } source = {.time = csr_read(time), .id = id};

    platform_seed(source.tree, sizeof(source.tree));
    for (unsigned i = 0; i < VM_SEED_SIZE / SHA256_SIZE; i++) {
        source.id += (uint64_t)1 << 32;
        sha256_compute(&source, sizeof(source), &seed[(size_t)i * SHA256_SIZE]);
    }
}

static void give_homes(struct vm *vm, unsigned hart_count)
{
    for (uint32_t i = 0; i < vm->vcpu_count; i++)
        vm->vcpus[i].home = &harts_get(next_home++ % hart_count)->home;
}

static struct machine *new_machine(const char *name)
{
    unsigned order = pages_order(sizeof(struct machine));
    struct machine *machine = (struct machine *)pages_alloc(order, PAGES_OWNER_HYP);

    if (!machine)
        return NULL;
    machine->next = NULL;
    console_add(&machine->channel, name);
    return machine;
}

/* `left` pages were free before it was built. */
static void report_vm(const struct vm *vm, uint64_t left)
{
    uint64_t taken = (left - pages_free_count()) << PAGE_SHIFT;

    print("  VM %-8s %u vCPUs, %lu MiB, and %lu KiB for itself\n", vm->name, vm->vcpu_count,
          vm->config.memory >> 20, (taken - vm->config.memory) >> 10);
}

static int create(const struct vm_config *config, uint32_t id, struct machine ***last,
                  struct refusal *refusal)
{
    uint64_t left = pages_free_count();
    struct machine *machine = new_machine(config->name);
    struct vm_backs backs = {.epoch_ns = platform.epoch_ns};
    size_t length;
    int err;

    if (!machine)
        return refusal_set(refusal, ERR_NO_MEMORY, "no memory for its console");
    backs.console = &machine->channel.tty;
    backs.counts_exits = args_find(platform.bootargs, "stats", &length) != NULL;
    make_seed(backs.seed, id);
    err = vm_create(config, id, &backs, &machine->vm, refusal);
    if (err) {
        console_remove(&machine->channel);
        memset(machine, 0, sizeof(*machine)); /* the next owner may be a VM */
        pages_free((hpa_t)machine, pages_order(sizeof(*machine)));
        return err;
    }
    **last = machine;
    *last = &machine->next;
    give_homes(machine->vm, harts_count());
    report_vm(machine->vm, left);
    return 0;
}

static void create_all(const struct bundle *bundle)
{
    struct machine **last = &first;
    struct vm_config config;
    struct refusal refusal;

    for (unsigned i = 0; i < bundle_count(bundle); i++) {
        int err = bundle_config(bundle, i, &config, &refusal);

        if (!err) {
            err = create(&config, i + 1, &last, &refusal);
            if (err)
                refusal_prepend(&refusal, "/configurations/%s: ", config.name);
        }
        if (err) {
            refusal_prepend(&refusal, "bundle: ");
            report_refusal(&refusal);
        }
    }
}

void machines_create(void)
{
    const void *data = embedded_bundle;
    uint64_t size = (uint64_t)(embedded_bundle_end - embedded_bundle);
    struct bundle bundle;
    struct refusal refusal;

    if (platform.bundle.size) {
        data = (const void *)platform.bundle.base;
        size = platform.bundle.size;
    }
    if (bundle_open(&bundle, data, size, &refusal) != 0)
        report_refusal(&refusal);
    else
        create_all(&bundle);
}

/* `marker=NONCE` in our boot arguments: the console belongs to the one VM that there is. */
static void give_console(void)
{
    char nonce[CONSOLE_NONCE_MAX + 1];
    size_t length;
    const char *value = args_find(platform.bootargs, "marker", &length);

    if (value && first && !first->next) {
        format_text(nonce, min_u64(length + 1, sizeof(nonce)), "%s", value);
        console_own(nonce);
    }
}

void machines_start(void)
{
    unsigned count = 0;

    for (struct machine *machine = first; machine; machine = machine->next)
        count += machine->vm->config.autostart;
    give_console();
    life_init(count, was_refused);
    for (struct machine *machine = first; machine; machine = machine->next) {
        if (machine->vm->config.autostart)
            vm_start(machine->vm);
    }
}

void machines_input(const char *bytes, size_t count)
{
    struct console_channel *channel = console_input(bytes, count);

    for (struct machine *machine = first; machine; machine = machine->next) {
        if (&machine->channel == channel)
            vm_console_poke(machine->vm);
    }
}
