/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Building a machine and taking it apart, and its start. How it stops and is held is vm/stop.c's,
 * loading is vm/loader.c's, devices are vm/board.c's.
 */
#include "vm/vm.h"

#include "lib/err.h"
#include "lib/sha256.h"
#include "lib/string.h"
#include "mem/fence.h"
#include "mem/pages.h"
#include "riscv/caps.h"
#include "riscv/csr.h"
#include "trace/trace.h"
#include "vcpu/exit_counts.h"
#include "vcpu/request.h"
#include "vcpu/vscsr.h"
#include "vm/board.h"
#include "vm/guest_dt.h"
#include "vm/loader.h"
#include "vm/ram.h"

/* The blocks are owned by the VM, so that they are scrubbed when they are freed. Everything of a VM
 * but its RAM and G-stage tables stands in one block; these are the parts. */
struct parts {
    uint64_t vcpus, vmids, contexts, vectors, counts, size;
};

static struct parts plan_parts(uint32_t vcpus, bool is_counted)
{
    struct parts parts;

    parts.vcpus = align_up(sizeof(struct vm), 64);
    parts.vmids = align_up(parts.vcpus + vcpus * sizeof(struct vcpu), 64);
    parts.contexts = align_up(parts.vmids + vcpus * sizeof(struct vmid), 64);
    parts.vectors = align_up(parts.contexts + 2UL * vcpus * sizeof(struct vplic_context), 64);
    parts.counts = align_up(parts.vectors + 32UL * caps.vlenb * vcpus, 64);
    parts.size = parts.counts + (is_counted ? vcpus * sizeof(struct exit_counts) : 0);
    return parts;
}

static struct vm *alloc_vm(uint32_t vcpus, uint32_t id, bool is_counted)
{
    struct parts parts = plan_parts(vcpus, is_counted);
    hpa_t block = pages_alloc(pages_order(parts.size), id);
    struct vm *vm = (struct vm *)block;

    if (!block)
        return NULL;
    memset(vm, 0, parts.size);
    vm->vcpu_count = vcpus;
    vm->vcpus = (struct vcpu *)(block + parts.vcpus);
    vm->vmids = (struct vmid *)(block + parts.vmids);
    vm->contexts = (struct vplic_context *)(block + parts.contexts);
    for (uint32_t i = 0; i < vcpus; i++) {
        vm->vcpus[i].id = i;
        vm->vcpus[i].who = trace_who(id, i);
        vm->vcpus[i].vm = vm;
        vm->vcpus[i].vmid = &vm->vmids[i];
        if (caps.vlenb)
            vm->vcpus[i].vector.registers = (void *)(block + parts.vectors + 32UL * caps.vlenb * i);
        if (is_counted)
            vm->vcpus[i].counts = (struct exit_counts *)(block + parts.counts) + i;
    }
    return vm;
}

/* The order of the block that it stands in. */
static unsigned block_order(const struct vm *vm)
{
    return pages_order(plan_parts(vm->vcpu_count, vm->backs.counts_exits).size);
}

static void free_vm(struct vm *vm)
{
    pages_free((hpa_t)vm, block_order(vm));
}

uint64_t vm_overhead(const struct vm *vm)
{
    return (PAGE_SIZE << block_order(vm)) + (PAGE_SIZE << GSTAGE_ROOT_ORDER) +
           PAGE_SIZE * vm->gstage.tables;
}

static int build_fdt(struct vm *vm, const struct loader_plan *plan, void *buffer)
{
    struct guest_dt what = {
        .caps = &caps,
        .memory = vm->config.memory,
        .vcpus = vm->vcpu_count,
        .bootargs = vm->config.bootargs,
        .initrd_start = plan->ramdisk,
        .initrd_end = plan->ramdisk + vm->config.ramdisk_size,
    };

    memcpy(what.rng_seed, vm->backs.seed, sizeof(what.rng_seed));
    return guest_dt_build(buffer, plan->fdt_room, &what);
}

static int load_planned(struct vm *vm, const struct loader_plan *plan)
{
    unsigned order = pages_order(plan->fdt_room);
    hpa_t buffer = pages_alloc(order, vm->id);
    int result;

    if (!buffer)
        return ERR_NO_MEMORY;
    result = build_fdt(vm, plan, (void *)buffer);
    if (result >= 0)
        result = loader_copy(&vm->config, plan, &vm->gstage, (void *)buffer, (uint64_t)result);
    pages_free(buffer, order);
    fence_i_local();
    return result;
}

/* The seed of the next start must be another one. */
static void stir_seed(struct vm *vm)
{
    sha256_compute(vm->backs.seed, VM_SEED_SIZE, vm->backs.seed);
    sha256_compute(vm->backs.seed, VM_SEED_SIZE, vm->backs.seed + SHA256_SIZE);
}

static int load_guest(struct vm *vm, struct refusal *refusal)
{
    struct loader_plan plan;
    int err = loader_plan(&vm->config, guest_dt_room(vm->vcpu_count, vm->config.bootargs), &plan,
                          refusal);

    if (err)
        return err;
    err = load_planned(vm, &plan);
    if (err)
        return refusal_set(refusal, err, "cannot be loaded: %s", err_text(err));
    stir_seed(vm);
    vm->entry = plan.kernel.entry;
    vm->fdt = plan.fdt;
    vm->start_time = vscsr_time();
    for (uint32_t i = 0; i < vm->vcpu_count; i++) {
        vcpu_reset(&vm->vcpus[i]);
        vm->vmids[i] = (struct vmid){0}; /* vm_bind makes hgatp and htimedelta anew */
    }
    return 0;
}

static int build(struct vm *vm, struct refusal *refusal)
{
    uint64_t left = pages_free_count() >> (20 - PAGE_SHIFT);
    int err = ram_add(vm);

    if (err)
        return refusal_set(refusal, err, "memory of %lu MiB is more than the %lu MiB left",
                           vm->config.memory >> 20, left);
    err = board_init(vm);
    if (err)
        return refusal_set(refusal, err, "its devices: %s", err_text(err));
    return load_guest(vm, refusal);
}

int vm_create(const struct vm_config *config, uint32_t id, const struct vm_backs *backs,
              struct vm **result, struct refusal *refusal)
{
    struct vm *vm = alloc_vm(config->vcpus, id, backs->counts_exits);
    int err;

    *result = NULL;
    if (!vm)
        return refusal_set(refusal, ERR_NO_MEMORY, "no memory for its vCPUs");
    vm->id = id;
    vm->config = *config;
    vm->backs = *backs;
    vm->state = VM_CREATED;
    memcpy(vm->name, config->name, strnlen(config->name, VM_NAME_MAX));
    for (uint32_t i = 0; i < vm->vcpu_count; i++)
        vm->vcpus[i].turn.weight = config->weight;
    err = gstage_init(&vm->gstage, id);
    if (err) {
        free_vm(vm);
        return refusal_set(refusal, err, "no memory for its page table");
    }
    err = build(vm, refusal);
    if (err) {
        vm_destroy(vm);
        return err;
    }
    *result = vm;
    return 0;
}

void vm_destroy(struct vm *vm)
{
    ram_free(vm);
    gstage_destroy(&vm->gstage);
    free_vm(vm);
}

int vm_reset(struct vm *vm)
{
    struct refusal refusal;

    bus_reset(&vm->bus);
    return load_guest(vm, &refusal);
}

void vm_start(struct vm *vm)
{
    struct vcpu *first = &vm->vcpus[0];

    vm->live_vcpus = vm->vcpu_count;
    trace_life(vm->id, VM_RUNNING, vm->state);
    __atomic_store_n(&vm->state, VM_RUNNING, __ATOMIC_SEQ_CST);
    first->start_pc = vm->entry;
    first->start_opaque = vm->fdt;
    first->hsm_state = SBI_HSM_START_PENDING;
    /* Code was stored by this hart; the vCPUs' harts must not fetch what was there before. And a
     * machine that starts again finds no translation of its earlier life. */
    for (uint32_t i = 0; i < vm->vcpu_count; i++)
        vcpu_request(&vm->vcpus[i], VCPU_REQUEST_FENCE_I | VCPU_REQUEST_FENCE_VVMA);
    vcpu_request(first, VCPU_REQUEST_START);
}

bool vm_bind_anew(struct vcpu *vcpu, struct vmid_pool *pool)
{
    struct vm *vm = vcpu->vm;
    struct vmid *vmid = vcpu->vmid;
    uint64_t generation = vmid->generation;
    bool is_new_generation = vmid_take(pool, vmid);

    vcpu->csrs.hgatp = field_set(HGATP_VMID, gstage_hgatp(&vm->gstage), vmid->number);
    vcpu->csrs.htimedelta = -vm->start_time;
    if (vmid->generation != generation)
        trace_bound(vcpu->who, vcpu->csrs.hgatp, vmid->generation);
    return is_new_generation;
}
