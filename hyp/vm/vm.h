/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One machine: memory map, vCPUs and device bus introduced to each other. A VM looks like QEMU's
 * virt board (DESIGN 1).
 */
#ifndef VM_VM_H
#define VM_VM_H

#include "dev/bus.h"
#include "dev/vdev.h"
#include "dev/vplic.h"
#include "dev/vrtc.h"
#include "dev/vtest.h"
#include "dev/vuart.h"
#include "lib/tty.h"
#include "mem/gstage.h"
#include "mem/guest_mem.h"
#include "mem/vmid.h"
#include "mem/walk.h"
#include "vcpu/vcpu.h"
#include "vm/backtrace.h"
#include "vm/refusal.h"

/* The board's map; interrupt numbers are PLIC sources. */
#define BOARD_TEST_BASE      0x00100000UL
#define BOARD_RTC_BASE       0x00101000UL
#define BOARD_RTC_IRQ        11
#define BOARD_PLIC_BASE      0x0c000000UL
#define BOARD_UART_BASE      0x10000000UL
#define BOARD_UART_IRQ       10
#define BOARD_UART_LSR       5 /* offset of the line status; its bit 0: a byte is there */
#define BOARD_UART_LSR_READY 1
#define BOARD_UART_CLOCK     3686400
#define BOARD_RAM_BASE       0x80000000UL

#define VM_NAME_MAX     31
#define VM_BOOTARGS_MAX 4095
#define VM_SEED_SIZE    64
#define VM_AFFINITY_ANY UINT64_MAX /* any hart, also beyond 63 */

/* Whether a machine that ended begins again by itself. */
enum vm_restart {
    VM_RESTART_NEVER,
    VM_RESTART_ON_CRASH,
    VM_RESTART_ALWAYS,
};

/* What a configuration of a bundle asks for; see vm/bundle.h. Pointers lead into the bundle. */
struct vm_config {
    const char *name;  /* 1 to VM_NAME_MAX characters of [A-Za-z0-9,._+-] */
    uint64_t memory;   /* bytes, a multiple of PAGE_SIZE */
    uint32_t vcpus;    /* at least 1 */
    uint32_t weight;   /* 1 to 1000, of each vCPU */
    uint32_t cap;      /* percent of one hart that its vCPUs may have together; 0: no cap */
    uint64_t affinity; /* bit n: its vCPUs may run on hart n, by index; or VM_AFFINITY_ANY */
    bool autostart;
    enum vm_restart restart;
    const char *bootargs; /* never NULL; at most VM_BOOTARGS_MAX characters */
    const uint8_t *kernel;
    uint64_t kernel_size;
    bool kernel_is_raw;     /* format = "raw": no header is looked for */
    const uint8_t *ramdisk; /* or NULL */
    uint64_t ramdisk_size;
};

/* How a machine came to stand still. */
enum vm_state {
    VM_CREATED, /* built, no vCPU has run */
    VM_RUNNING,
    VM_PAUSED,    /* held: its vCPUs leave their guest and have no hart */
    VM_HALTED,    /* the guest shut itself down */
    VM_RESETTING, /* the guest asked for a reset: start it afresh when all vCPUs left */
    VM_CRASHED,   /* the guest said that it failed, or cannot go on */
};

/* The trap at which a guest ended, and what led to it, for the report (vm/crash.h). */
struct vm_crash {
    struct trap trap; /* insn_len 0: there was none, and nothing else is here */
    uint32_t vcpu;
    bool was_user;
    uint64_t pc;
    uint64_t vstvec; /* and what its own last trap left */
    uint64_t vscause;
    uint64_t vsepc;
    uint64_t vstval;
    /* From crash_complete. */
    uint64_t x[32];
    struct walk walk; /* of the address that the trap is about */
    struct backtrace backtrace;
    unsigned exit_count;
    struct trap exits[VCPU_TRAPS_COUNT]; /* the last one first: it is the trap */
};

struct machine;

/* The other end of a VM's wires, given by life/: its console, and whose it is. */
struct vm_backs {
    struct tty *console;
    struct machine *machine;
    uint8_t seed[VM_SEED_SIZE]; /* random, another for each VM */
    bool counts_exits;          /* its vCPUs have counts */
    uint64_t epoch_ns;          /* wall time, in ns since 1970, at host time 0 */
};

struct vm {
    /* Fixed at creation. */
    uint32_t id; /* 1 and up */
    uint32_t vcpu_count;
    char name[VM_NAME_MAX + 1];
    struct vm_config config; /* its pointers are good as long as the bundle is */
    struct vcpu *vcpus;      /* array */
    struct vmid *vmids;      /* array: one a vCPU */
    struct gstage gstage;
    gpa_t entry;         /* the first instruction */
    gpa_t fdt;           /* the device tree */
    uint64_t start_time; /* host time that is the guest's 0 */
    struct vm_backs backs;

    /* Devices; bus.lock guards their state. */
    struct bus bus;
    struct vuart vuart;
    struct stream uart_stream; /* between vuart and backs.console */
    struct vplic vplic;
    struct vplic_context *contexts; /* 2 * vcpu_count */
    struct vtest vtest;
    struct vrtc vrtc;
    struct vrtc_clock clock;

    /* Written by any hart, atomically: vm_stop, vm_leave. */
    uint32_t state;        /* enum vm_state */
    uint32_t live_vcpus;   /* vCPUs that have not left for good, and who stands in vm/prefer.h */
    uint64_t cap_until;    /* host time until which it has had what its cap allows: sched/cap.h */
    uint32_t is_debugged;  /* a debugger is attached: vm/debug.h */
    char reason[96];       /* for people; written by the one caller that vm_stop let through */
    struct vm_crash crash; /* likewise, where it was a crash; stays when the VM begins again */
};

/*
 * Builds a machine as `config` says: memory, vCPUs (stopped, without a home), devices, and the
 * guest loaded. `id` is used by no other VM. On failure everything is undone, *result is NULL
 * and *refusal says why in words; returns ERR_NO_MEMORY, ERR_INVALID or ERR_RANGE.
 */
int vm_create(const struct vm_config *config, uint32_t id, const struct vm_backs *backs,
              struct vm **result, struct refusal *refusal);

/* Gives back every page. No vCPU runs or will run. */
void vm_destroy(struct vm *vm);

/* What it takes beside its RAM, in bytes: its structures and G-stage tables. */
uint64_t vm_overhead(const struct vm *vm);

/* Lets vCPU 0 run at the guest's entry. The vCPUs have homes; state VM_CREATED, or
 * VM_RESETTING after vm_reset. */
void vm_start(struct vm *vm);

/* The guest as it was after vm_create, in the same memory; all vCPUs have left. */
int vm_reset(struct vm *vm);

/*
 * The machine stops: `state` is VM_HALTED, VM_RESETTING or VM_CRASHED, the reason a format and
 * its values. The first caller wins. All vCPUs are asked to leave. Any hart, also with the
 * bus's lock held.
 */
void vm_stop(struct vm *vm, enum vm_state state, const char *reason, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * vm_stop with VM_CRASHED, for a vCPU whose guest cannot go on after `trap`; keeps what a person
 * needs to find out why. The vCPU is loaded on this hart, and vscsr_save_trap was called.
 */
void vm_crash(struct vcpu *vcpu, const struct trap *trap, const char *reason);

/*
 * From VM_RUNNING to VM_PAUSED, and back; false where the state is another. Each vCPU leaves its
 * guest at once and has no hart until the machine is resumed or stops; the guest's time goes on.
 * One that waited for an interrupt returns from its WFI at vm_resume: Priv 3.3.3 (Wait for
 * Interrupt) lets it. Any hart; the machine is not taken apart meanwhile.
 */
bool vm_pause(struct vm *vm);
bool vm_resume(struct vm *vm);
bool vm_is_paused(const struct vm *vm);

/* True where the vCPU may not run: its machine is paused, or a debugger holds it. */
bool vm_holds(const struct vcpu *vcpu);

/* A vCPU has left for good, on its home hart; true for the last one. */
bool vm_leave(struct vm *vm);

/* Puts the ready word for hgatp into the vCPU, and its time offset. The vCPU is about to be
 * loaded on the hart that owns `pool`. True where what the hart has cached of guests
 * must be dropped with the load. */
bool vm_bind_anew(struct vcpu *vcpu, struct vmid_pool *pool);

/* The same, where it has no VMID of that pool yet. */
static inline bool vm_bind(struct vcpu *vcpu, struct vmid_pool *pool)
{
    return !vmid_is_good(pool, vcpu->vmid) && vm_bind_anew(vcpu, pool);
}

/* The vCPU comes from another hart, and will be loaded here: what it stored as code is seen. Its
 * translations there stay behind under a VMID that is not used again: mem/vmid.h. */
void vm_arrive(const struct vcpu *vcpu);

/* Carries out those of `requests`, taken from the vCPU, that ask for fences. It is loaded here. */
void vm_fence(struct vcpu *vcpu, uint64_t requests);

/* Calls the VM's devices, as the time that they asked for (vcpu->device_deadline) has come. On the
 * vCPU's home hart. */
void vm_service(struct vcpu *vcpu);

/* The same, if it has come at host time `now`. Who brings it forward asks for VCPU_REQUEST_TIMER
 * afterwards, so a look that misses the change is not the last. */
static inline void vm_service_due(struct vcpu *vcpu, uint64_t now)
{
    if (__atomic_load_n(&vcpu->device_deadline, __ATOMIC_RELAXED) <= now)
        vm_service(vcpu);
}

/* Bytes of the guest to its console; bytes for the guest, as many as were waiting. */
void vm_console_write(struct vm *vm, const uint8_t *bytes, size_t count);
size_t vm_console_read(struct vm *vm, uint8_t *bytes, size_t count);

/* Bytes for the guest have come to its console: its serial port should look. Any hart. */
void vm_console_poke(struct vm *vm);

#endif
