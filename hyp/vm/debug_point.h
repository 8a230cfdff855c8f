/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a debugger changes in a VM's memory: instructions that it replaces by breakpoints, pages
 * that it watches.
 *
 * Points are added and removed, put in and taken out, by the one debugger, while all vCPUs of their
 * VM are held and still; so a guest that runs meets either all of them or none. A lock of its own
 * guards them all the same: a VM may end meanwhile, which takes them out on another hart.
 */
#ifndef VM_DEBUG_POINT_H
#define VM_DEBUG_POINT_H

#include "vm/vm.h"

#define DEBUG_POINTS_MAX 128 /* of all VMs together, but for DEBUG_STEP */
#define DEBUG_STEPS_MAX  18  /* DEBUG_STEP: those of gdb/step.c, which makes one step at a time */

enum debug_kind {
    DEBUG_CODE,   /* an instruction is about to be executed */
    DEBUG_WRITE,  /* memory is written */
    DEBUG_READ,   /* read */
    DEBUG_ACCESS, /* either */
    DEBUG_STEP,   /* as DEBUG_CODE, for one step */
};

/* Sets of kinds. */
#define DEBUG_ALL     (BIT(DEBUG_CODE) | DEBUG_WATCHES | BIT(DEBUG_STEP))
#define DEBUG_WATCHES (BIT(DEBUG_WRITE) | BIT(DEBUG_READ) | BIT(DEBUG_ACCESS))

struct debug_point {
    struct vm *vm; /* NULL: the place is free */
    enum debug_kind kind;
    bool is_in;        /* the guest meets it */
    bool meets_loads;  /* DEBUG_WRITE: loads from its page are met, too */
    uint16_t original; /* what a breakpoint replaces */
    gva_t gva;         /* as the debugger knows it */
    gpa_t gpa;         /* where that was when it was added */
    uint64_t size;     /* watched bytes, within one page */
};

/* No points. */
void debug_point_init(void);

/*
 * A point, not put in; the same one once more is still one. `size` is that of the watched range, 0
 * for code. ERR_RANGE where it does not lie in one page of RAM, ERR_NO_MEMORY (no place, or no page
 * to split a large one of the G-stage), ERR_STATE (the VM is not debugged).
 */
int debug_point_add(struct vm *vm, enum debug_kind kind, gva_t gva, gpa_t gpa, uint64_t size);

/* ERR_NOT_FOUND where there is none; it is not put in. */
int debug_point_remove(struct vm *vm, enum debug_kind kind, gva_t gva, uint64_t size);

/* Those of the VM whose kind is in the set: into its memory and G-stage. */
void debug_point_put_in(struct vm *vm, uint64_t kinds);

/* All that are in: out again; what the guest wrote over a breakpoint stays. Those of the set, which
 * are out: forgotten. */
void debug_point_take_out(struct vm *vm);
void debug_point_remove_all(struct vm *vm, uint64_t kinds);

/* From the next time that it is put in, what watches stores to the page of `gpa` meets its loads,
 * too: an SC that is met never succeeds, as no reservation lives through an exit, so its LR has to
 * be met first. */
void debug_point_meet_loads(struct vm *vm, gpa_t gpa);

/* One that is put in, by copy: of code, at `gpa`; or a watch that an access of [gpa, gpa + size)
 * meets. */
bool debug_point_find_code(const struct vm *vm, gpa_t gpa, struct debug_point *found);
bool debug_point_find_watch(const struct vm *vm, gpa_t gpa, uint64_t size, uint64_t kinds,
                            struct debug_point *found);

#endif
