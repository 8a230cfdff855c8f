/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Points are rows of one table. A breakpoint is a C.EBREAK in the guest's memory, whatever stood
 * there: its 2 bytes never reach into the next instruction or page. A watched page loses rights in
 * the G-stage, and its vCPUs get new VMIDs, so no old translation is left.
 */
#include "vm/debug_point.h"

#include "lib/err.h"
#include "lib/lock.h"
#include "riscv/caps.h"
#include "vm/debug.h"

#define C_EBREAK   0x9002
#define POINTS     (DEBUG_POINTS_MAX + DEBUG_STEPS_MAX)
#define ALL_RIGHTS (PTE_R | PTE_W | PTE_X)

static struct lock lock;
static struct debug_point points[POINTS]; /* lock must be held */

void debug_point_init(void)
{
    lock = (struct lock){0};
    for (unsigned i = 0; i < POINTS; i++)
        points[i].vm = NULL;
}

static bool is_code(enum debug_kind kind)
{
    return kind == DEBUG_CODE || kind == DEBUG_STEP;
}

static struct debug_point *find(const struct vm *vm, enum debug_kind kind, gva_t gva, uint64_t size)
{
    for (unsigned i = 0; i < POINTS; i++) {
        struct debug_point *point = &points[i];

        if (point->vm == vm && point->kind == kind && point->gva == gva && point->size == size)
            return point;
    }
    return NULL;
}

/* Steps have places of their own: who sets many points must still be able to go on from them. */
static struct debug_point *find_free(enum debug_kind kind)
{
    unsigned first = kind == DEBUG_STEP ? DEBUG_POINTS_MAX : 0;
    unsigned end = kind == DEBUG_STEP ? POINTS : DEBUG_POINTS_MAX;

    for (unsigned i = first; i < end; i++) {
        if (!points[i].vm)
            return &points[i];
    }
    return NULL;
}

/* The page gets a leaf of its own here, where that can still fail. */
static int prepare(struct vm *vm, enum debug_kind kind, gpa_t gpa, uint64_t size)
{
    gpa_t page = align_down(gpa, PAGE_SIZE);

    if (is_code(kind))
        return guest_mem_check(&vm->gstage, gpa, sizeof(uint16_t), PTE_W);
    if (size == 0 || !range_within(gpa, size, page, PAGE_SIZE))
        return ERR_RANGE;
    if (guest_mem_check(&vm->gstage, page, PAGE_SIZE, PTE_W))
        return ERR_RANGE;
    return gstage_protect(&vm->gstage, page, PAGE_SIZE, ALL_RIGHTS);
}

int debug_point_add(struct vm *vm, enum debug_kind kind, gva_t gva, gpa_t gpa, uint64_t size)
{
    struct debug_point *point;
    int err = prepare(vm, kind, gpa, size);

    if (err)
        return err;
    lock_take(&lock);
    point = find(vm, kind, gva, size);
    if (!point)
        point = find_free(kind);
    if (!point)
        err = ERR_NO_MEMORY;
    else if (!debug_is_on(vm))
        err = ERR_STATE;
    else
        *point = (struct debug_point){.vm = vm, .kind = kind, .gva = gva, .gpa = gpa, .size = size};
    lock_release(&lock);
    return err;
}

int debug_point_remove(struct vm *vm, enum debug_kind kind, gva_t gva, uint64_t size)
{
    struct debug_point *point;

    lock_take(&lock);
    point = find(vm, kind, gva, size);
    if (point)
        point->vm = NULL;
    lock_release(&lock);
    return point ? 0 : ERR_NOT_FOUND;
}

static bool is_of(const struct debug_point *point, const struct vm *vm, uint64_t kinds)
{
    return point->vm == vm && (kinds & BIT(point->kind));
}

static bool has_code_in(const struct vm *vm)
{
    for (unsigned i = 0; i < POINTS; i++) {
        if (points[i].vm == vm && points[i].is_in && is_code(points[i].kind))
            return true;
    }
    return false;
}

/* Breakpoint exceptions come to us while one is there that is not the guest's own. Its vCPUs are
 * not loaded. */
static void choose_delegation(struct vm *vm)
{
    bool is_on = has_code_in(vm);

    for (uint32_t i = 0; i < vm->vcpu_count; i++)
        vcpu_take_breakpoints(&vm->vcpus[i], is_on);
}

/* A number that no vCPU has had in this generation means no translation that is cached. */
static void drop_translations(struct vm *vm)
{
    for (uint32_t i = 0; i < vm->vcpu_count; i++)
        vm->vmids[i].generation = 0;
}

static bool watches_page(const struct debug_point *point, const struct vm *vm, gpa_t page)
{
    return is_of(point, vm, DEBUG_WATCHES) && align_down(point->gpa, PAGE_SIZE) == page;
}

/* What all watches of a page leave of its rights: W without R is reserved. */
static uint64_t rights_left(const struct vm *vm, gpa_t page)
{
    uint64_t rights = ALL_RIGHTS;

    for (unsigned i = 0; i < POINTS; i++) {
        const struct debug_point *point = &points[i];

        if (!point->is_in || !watches_page(point, vm, page))
            continue;
        rights &= point->kind == DEBUG_WRITE && !point->meets_loads ? ~PTE_W : ~(PTE_R | PTE_W);
    }
    return rights == ALL_RIGHTS ? rights : rights | PTE_WATCHED;
}

/* It has a leaf of its own, so this cannot fail. */
static void protect(struct vm *vm, gpa_t gpa)
{
    gpa_t page = align_down(gpa, PAGE_SIZE);

    gstage_protect(&vm->gstage, page, PAGE_SIZE, rights_left(vm, page));
}

static void put_in(struct debug_point *point)
{
    static const uint16_t ebreak = C_EBREAK;
    const struct gstage *gstage = &point->vm->gstage;

    point->is_in = true;
    if (!is_code(point->kind)) {
        protect(point->vm, point->gpa);
        return;
    }
    guest_mem_read(gstage, point->gpa, &point->original, sizeof(point->original));
    guest_mem_write(gstage, point->gpa, &ebreak, sizeof(ebreak));
}

/* A guest that patches its code, or loads other code there, wrote over it: then that stays. */
static void restore(const struct debug_point *point)
{
    const struct gstage *gstage = &point->vm->gstage;
    uint16_t now;

    if (guest_mem_read(gstage, point->gpa, &now, sizeof(now)) == 0 && now == C_EBREAK)
        guest_mem_write(gstage, point->gpa, &point->original, sizeof(point->original));
}

static void take_out(struct debug_point *point)
{
    point->is_in = false;
    if (is_code(point->kind))
        restore(point);
    else
        protect(point->vm, point->gpa);
}

void debug_point_put_in(struct vm *vm, uint64_t kinds)
{
    lock_take(&lock);
    if (debug_is_on(vm)) {
        for (unsigned i = 0; i < POINTS; i++) {
            if (is_of(&points[i], vm, kinds) && !points[i].is_in)
                put_in(&points[i]);
        }
        choose_delegation(vm);
        drop_translations(vm);
    }
    lock_release(&lock);
}

/* Backwards: where two are at one place, the later one found the earlier one's. */
void debug_point_take_out(struct vm *vm)
{
    lock_take(&lock);
    for (unsigned i = POINTS; i-- > 0;) {
        if (points[i].vm == vm && points[i].is_in)
            take_out(&points[i]);
    }
    choose_delegation(vm);
    drop_translations(vm);
    lock_release(&lock);
}

void debug_point_remove_all(struct vm *vm, uint64_t kinds)
{
    lock_take(&lock);
    for (unsigned i = 0; i < POINTS; i++) {
        if (is_of(&points[i], vm, kinds))
            points[i].vm = NULL;
    }
    lock_release(&lock);
}

void debug_point_meet_loads(struct vm *vm, gpa_t gpa)
{
    lock_take(&lock);
    for (unsigned i = 0; i < POINTS; i++) {
        if (watches_page(&points[i], vm, align_down(gpa, PAGE_SIZE)))
            points[i].meets_loads = true;
    }
    lock_release(&lock);
}

bool debug_point_find_code(const struct vm *vm, gpa_t gpa, struct debug_point *found)
{
    bool is_found = false;

    lock_take(&lock);
    for (unsigned i = 0; i < POINTS && !is_found; i++) {
        const struct debug_point *point = &points[i];

        if (point->vm != vm || !point->is_in || !is_code(point->kind) || point->gpa != gpa)
            continue;
        *found = *point;
        is_found = true;
    }
    lock_release(&lock);
    return is_found;
}

bool debug_point_find_watch(const struct vm *vm, gpa_t gpa, uint64_t size, uint64_t kinds,
                            struct debug_point *found)
{
    bool is_found = false;

    lock_take(&lock);
    for (unsigned i = 0; i < POINTS && !is_found; i++) {
        const struct debug_point *point = &points[i];

        if (!point->is_in || !is_of(point, vm, kinds & DEBUG_WATCHES))
            continue;
        is_found = gpa < point->gpa + point->size && point->gpa < gpa + size;
        *found = *point;
    }
    lock_release(&lock);
    return is_found;
}
