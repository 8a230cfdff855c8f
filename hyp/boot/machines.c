/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bundle's VMs at boot: homes, and the console. The bundle is the initrd, else the embedded
 * one. What a machine is, and what becomes of it, is life/'s.
 */
#include "boot/machines.h"

#include "boot/image.h"
#include "boot/work.h"
#include "lib/args.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/print.h"
#include "life/life.h"
#include "monitor/monitor.h"
#include "platform.h"
#include "sched/balance.h"

static void report_refusal(const struct refusal *refusal)
{
    print("understudy: error: %s\n", refusal->text);
    life_worsen(PLATFORM_REFUSED);
}

static int create(const struct bundle *bundle, unsigned index, struct refusal *refusal)
{
    struct vm_config config;
    struct machine *machine;
    int err = bundle_config(bundle, index, &config, refusal);

    if (err)
        return err;
    err = life_add(&config, &machine, refusal);
    if (err)
        refusal_prepend(refusal, "/configurations/%s: ", config.name);
    else
        print("  VM %-8s %u vCPUs, %lu MiB, and %lu KiB for itself\n", machine->name, config.vcpus,
              config.memory >> 20, life_overhead(machine) >> 10);
    return err;
}

void machines_create(void)
{
    const void *data = embedded_bundle;
    uint64_t size = (uint64_t)(embedded_bundle_end - embedded_bundle);
    const struct bundle *bundle;
    struct refusal refusal;

    if (platform.bundle.size) {
        data = (const void *)platform.bundle.base;
        size = platform.bundle.size;
    }
    if (life_init(balance_place, data, size, &refusal) != 0)
        report_refusal(&refusal);
    bundle = life_bundle();
    for (unsigned i = 0; bundle && i < bundle_count(bundle); i++) {
        if (create(bundle, i, &refusal) != 0) {
            refusal_prepend(&refusal, "bundle: ");
            report_refusal(&refusal);
        }
    }
}

/* `marker=NONCE` in our boot arguments: the console belongs to the one VM that there is. */
static void give_console(void)
{
    struct machine *first = life_first();
    char nonce[CONSOLE_NONCE_MAX + 1];
    size_t length;
    const char *value = args_find(platform.bootargs, "marker", &length);

    if (value && first && !life_next(first)) {
        format_text(nonce, min_u64(length + 1, sizeof(nonce)), "%s", value);
        console_own(nonce);
    }
}

void machines_start(void)
{
    give_console();
    for (struct machine *machine = life_first(); machine; machine = life_next(machine)) {
        if (machine->vm->config.autostart)
            life_start(machine);
    }
    life_keep(work_start());
}

void machines_input(const char *bytes, size_t count)
{
    life_lock();
    while (count > 0) {
        size_t taken = count;
        struct console_channel *channel = console_input(bytes, &taken);

        if (channel && !monitor_hears(channel))
            vm_console_poke(ELEMENT_OF(channel, struct machine, channel)->vm);
        bytes += taken;
        count -= taken;
    }
    life_unlock();
}
