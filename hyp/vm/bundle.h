/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bundle: the VMs that the machine is asked to run, as one FIT image (vm/fit.h). An image
 * node a file, a configuration node a VM, named as the VM:
 *
 *   kernel = "image";     ramdisk = "image";  memory = 64 bits, bytes;  vcpus = 32 bits;
 *   weight = 1..1000, default 100;            autostart = 0 or 1, default 1;
 *   affinity = "0-2,5": the harts (0 to 63, the boot hart being 0) that it may run on, default any;
 *   cap = percent of one hart, default 0: none;
 *   restart = "never" (default), "on-crash" or "always";
 *   bootargs = "text";    format = "auto" (default: Image or ELF, by its header) or "raw";
 *   description, load and entry mean nothing here; any other property is refused.
 */
#ifndef VM_BUNDLE_H
#define VM_BUNDLE_H

#include "vm/fit.h"
#include "vm/vm.h"

#define BUNDLE_CONFIGS_MAX 4096
#define BUNDLE_MEMORY_MIN  0x200000UL
#define BUNDLE_CAP_MAX     51200U /* 512 vCPUs, each a whole hart */
#define BUNDLE_VCPUS_MAX   512U   /* the PLIC's window holds the contexts of so many */

struct bundle {
    struct fit fit;
    unsigned count;
};

/*
 * Opens the bundle at `data`, a multiple of 8; it stays there while any VM made of it may be
 * reset. On failure `refusal` says why: it is no FIT image, truncated, or holds no VM.
 */
int bundle_open(struct bundle *bundle, const void *data, uint64_t size, struct refusal *refusal);

/* How many VMs it asks for, good ones and bad ones. */
unsigned bundle_count(const struct bundle *bundle);

/*
 * VM number `index` (below bundle_count), with every value in its range and every hash of its
 * images checked. On failure `refusal` names the node and the reason, *config is not to be used,
 * and the other VMs are as good as before.
 */
int bundle_config(const struct bundle *bundle, unsigned index, struct vm_config *config,
                  struct refusal *refusal);

/* The name of VM number `index` (below bundle_count), which may be a bad one. */
const char *bundle_name(const struct bundle *bundle, unsigned index);

/* As bundle_config for the VM of that name; ERR_NOT_FOUND. */
int bundle_find(const struct bundle *bundle, const char *name, struct vm_config *config,
                struct refusal *refusal);

/* 0 where a VM may have that name: 1 to VM_NAME_MAX characters of those that vm_config names. */
int bundle_name_check(const char *name, struct refusal *refusal);

#endif
