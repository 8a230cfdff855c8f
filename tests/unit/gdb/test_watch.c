/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watched memory: what meets it stops before it is done; what is beside it in the same page is done
 * as if nobody watched.
 */
#include "gdb_fixture.h"

#define LD   0x00053583U /* ld a1, 0(a0) */
#define LBU  0x00054583U /* lbu a1, 0(a0) */
#define LD0  0x00053003U /* ld zero, 0(a0) */
#define SD   0x00b53023U /* sd a1, 0(a0) */
#define SH   0x00b51023U /* sh a1, 0(a0) */
#define AMO  0x00b5362fU /* amoadd.d a2, a1, (a0) */
#define LR   0x1005362fU /* lr.d a2, (a0) */
#define SC   0x18b5362fU /* sc.d a2, a1, (a0) */
#define FSD  0x00b53027U /* fsd fa1, 0(a0) */
#define ZERO 0x0045200fU /* cbo.zero (a0) */

#define LOAD  CAUSE_LOAD_GUEST_PAGE_FAULT
#define STORE CAUSE_STORE_GUEST_PAGE_FAULT

static struct vcpu *vcpu;

static int setup(void **state)
{
    int err = gdb_attached_setup(state);

    vcpu = &vm->vcpus[0];
    return err;
}

static uint64_t rights_of(gpa_t gpa)
{
    struct gstage_leaf leaf;

    assert_true(gstage_walk(&vm->gstage, gpa, &leaf));
    return leaf.pte & (PTE_R | PTE_W | PTE_X | PTE_WATCHED);
}

/* The guest, running, accesses `gpa` by `word`. */
static void access(uint32_t word, enum cause cause, gpa_t gpa)
{
    struct trap trap = {.scause = cause, .stval = gpa, .htval = gpa >> 2};

    vcpu->regs.sepc = PC;
    poke(PC, word);
    listen_anew();
    assert_true(debug_stop_watched(vcpu, gpa));
    vcpu->debug.has_event = vcpu->debug.is_held = 0; /* trap_for_debugger does it */
    trap_for_debugger(vcpu, trap);
}

static void go(const char *point)
{
    EXPECT(point, "OK");
    assert_null(ask("vCont;c"));
}

/* The access goes through, in one way or another. */
static void expect_settled(void)
{
    assert_string_equal(heard(), "");
    assert_false(vm_holds(vcpu));
    assert_int_equal(vcpu->regs.sepc, PC + 4);
}

static void rights_are_taken_and_given_back(void **state)
{
    struct gstage_leaf leaf;

    (void)state;
    EXPECT("Z2,80210010,8", "OK");
    assert_true(gstage_walk(&vm->gstage, DATA, &leaf) && leaf.level == 0);
    assert_int_equal(rights_of(DATA), PTE_R | PTE_W | PTE_X);
    go("Z4,80211000,1000");
    assert_int_equal(rights_of(DATA), PTE_R | PTE_X | PTE_WATCHED);
    assert_int_equal(rights_of(DATA + PAGE_SIZE), PTE_X | PTE_WATCHED);
    assert_int_equal(rights_of(DATA + 2 * PAGE_SIZE), PTE_R | PTE_W | PTE_X);
    assert_int_equal(vm->vmids[0].generation, 0);                    /* no old translation */
    assert_int_equal(guest_mem_write(&vm->gstage, DATA, "x", 1), 0); /* our own doors are open */
    put_bytes("\x03");
    assert_int_equal(rights_of(DATA), PTE_R | PTE_W | PTE_X);
    EXPECT("z4,80211000,1000", "OK");
    EXPECT("Z2,80210ffe,4", "E0e"); /* two pages */
    EXPECT("Z2,80210000,0", "E0e");
    EXPECT("Z2,10000000,4", "E0e");
    EXPECT("Z5,80210000,4", "E16");
    EXPECT("Z0,80200040", "E16");
    EXPECT("z2,80210010,8", "OK");
    EXPECT("z2,80210010,8", "OK");
}

static void writes_are_seen(void **state)
{
    (void)state;
    go("Z2,80210010,8");
    access(SD, STORE, DATA + 0x10);
    assert_string_equal(heard(), "T05thread:p1.1;watch:80210010;");
    assert_int_equal(vcpu->regs.sepc, PC);
    assert_null(ask("vCont;c"));
    access(SH, STORE, DATA + 0x16);
    assert_string_equal(heard(), "T05thread:p1.1;watch:80210010;");
    assert_null(ask("vCont;c"));
    access(AMO, STORE, DATA + 0x10);
    assert_string_equal(heard(), "T05thread:p1.1;watch:80210010;");
    assert_null(ask("vCont;c"));
    access(ZERO, STORE, DATA);
    assert_string_equal(heard(), "T05thread:p1.1;watch:80210010;");
}

static void reads_are_seen(void **state)
{
    (void)state;
    go("Z3,80210010,8");
    access(LBU, LOAD, DATA + 0x17);
    assert_string_equal(heard(), "T05thread:p1.1;rwatch:80210010;");
    assert_null(ask("vCont;c"));
    access(SD, STORE, DATA + 0x10); /* a write is not a read */
    expect_settled();
    put_bytes("\x03");
    EXPECT("z3,80210010,8", "OK");
    go("Z4,80210010,8");
    access(SD, STORE, DATA + 0x10);
    assert_string_equal(heard(), "T05thread:p1.1;awatch:80210010;");
}

static void what_is_beside_is_done(void **state)
{
    (void)state;
    go("Z4,80210010,8");
    vcpu->regs.x[11] = 0x8182838485868788;
    access(SD, STORE, DATA + 0x18);
    expect_settled();
    assert_int_equal(peek(DATA + 0x18), 0x85868788);
    access(SH, STORE, DATA + 0x8);
    expect_settled();
    assert_int_equal(peek(DATA + 0x8), 0x8788);
    access(LBU, LOAD, DATA + 0x18);
    expect_settled();
    assert_int_equal(vcpu->regs.x[11], 0x88);
    access(LD, LOAD, DATA + 0x18);
    expect_settled();
    assert_int_equal(vcpu->regs.x[11], 0x8182838485868788);
    access(LD0, LOAD, DATA + 0x18);
    expect_settled();
    assert_int_equal(vcpu->regs.x[0], 0);
}

/* What cannot be done by hand runs by itself, alone, with nothing watched. */
static void what_is_beside_is_passed(void **state)
{
    static const uint32_t words[] = {AMO, FSD, ZERO};

    (void)state;
    go("Z2,80210010,8");
    for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
        access(words[i], STORE, DATA + 0x100);
        assert_string_equal(heard(), "");
        assert_int_equal(rights_of(DATA), PTE_R | PTE_W | PTE_X);
        assert_false(vm_holds(vcpu));
        assert_true(vm_holds(&vm->vcpus[1]));
        hit_breakpoint(vcpu, PC + 4);
        expect_settled();
        assert_int_equal(rights_of(DATA), PTE_R | PTE_X | PTE_WATCHED);
        assert_false(vm_holds(&vm->vcpus[1]));
    }
}

/* No reservation lives through an exit: an SC that is met fails, so from then on its LR is met, and
 * the two are passed as one. A watch of what they change is met at the LR. */
static void lr_and_sc_are_passed_as_one(void **state)
{
    (void)state;
    poke(PC + 4, SC);
    go("Z2,80210010,8");
    access(SC, STORE, DATA + 0x100);
    hit_breakpoint(vcpu, PC + 4);
    expect_settled();
    assert_int_equal(rights_of(DATA), PTE_X | PTE_WATCHED);
    poke(PC + 4, SC);
    access(LR, LOAD, DATA + 0x100);
    assert_int_equal(rights_of(DATA), PTE_R | PTE_W | PTE_X);
    assert_int_equal(peek(PC + 4), SC);
    hit_breakpoint(vcpu, PC + 8);
    assert_string_equal(heard(), "");
    assert_false(vm_holds(vcpu));
    access(LR, LOAD, DATA + 0x10);
    assert_string_equal(heard(), "T05thread:p1.1;watch:80210010;");
}

/* A table of the guest's lies in the page: the trap is about that, not about the access. */
static void walks_are_passed(void **state)
{
    struct trap trap = {.scause = LOAD, .stval = 0x1234, .htval = DATA >> 2};

    (void)state;
    go("Z4,80210010,8");
    vcpu->regs.sepc = PC;
    poke(PC, LD);
    trap_for_debugger(vcpu, trap);
    assert_int_equal(rights_of(DATA), PTE_R | PTE_W | PTE_X);
    hit_breakpoint(vcpu, PC + 4);
    expect_settled();
}

/* A step by GDB meets the page: first with watches, then without. */
static void steps_are_watched_too(void **state)
{
    struct trap trap = {.scause = STORE, .stval = DATA + 0x10, .htval = (DATA + 0x10) >> 2};

    (void)state;
    EXPECT("Z2,80210010,8", "OK");
    poke(PC, AMO);
    assert_null(ask("vCont;s:p1.1"));
    trap_for_debugger(vcpu, trap);
    assert_string_equal(heard(), "T05thread:p1.1;watch:80210010;");
    assert_null(ask("vCont;s:p1.1"));
    trap.stval += 0x100;
    trap.htval += 0x40;
    trap_for_debugger(vcpu, trap);
    assert_string_equal(heard(), "");
    assert_int_equal(rights_of(DATA), PTE_R | PTE_W | PTE_X);
    hit_breakpoint(vcpu, PC + 4);
    assert_string_equal(heard(), "T05thread:p1.1;");
}

/* Ctrl-C while one is about to be passed. */
static void a_pass_can_be_given_up(void **state)
{
    (void)state;
    go("Z2,80210010,8");
    access(AMO, STORE, DATA + 0x100);
    put_bytes("\x03");
    assert_string_equal(heard(), "T02thread:p1.1;");
    assert_int_equal(peek(PC + 4), NOP);
    assert_int_equal(vcpu->csrs.vsie, SIP_STIP);
}

/* Code that is mapped twice: met by another address it is nobody's. Here Sv39 maps it so. */
static void a_breakpoint_by_another_name_is_passed(void **state)
{
    gpa_t root = DATA + 0x10000;
    uint64_t leaf = (BOARD_RAM_BASE >> 12 << 10) | PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D;

    (void)state;
    for (unsigned gib = 0; gib < 4; gib++)
        guest_mem_write(&vm->gstage, root + 8 * gib, &leaf, sizeof(leaf));
    for (unsigned i = 0; i < 2; i++)
        vm->vcpus[i].csrs.vsatp =
            field_set(SATP_MODE, 0, SATP_MODE_SV39) | field_set(SATP_PPN, 0, root >> 12);
    go("Z0,80200040,4");
    vcpu->regs.sepc = PC + 0x40 - (1UL << 30);
    assert_int_equal(peek(PC + 0x40) & 0xffff, 0x9002);
    trap_for_debugger(vcpu, (struct trap){.scause = CAUSE_BREAKPOINT, .stval = vcpu->regs.sepc});
    assert_string_equal(heard(), "");
    assert_int_equal(peek(PC + 0x40), NOP);
    assert_int_equal(peek(PC + 0x44) & 0xffff, 0x9002);
    vcpu->regs.sepc += 4;
    trap_for_debugger(vcpu, (struct trap){.scause = CAUSE_BREAKPOINT, .stval = vcpu->regs.sepc});
    assert_string_equal(heard(), "");
    assert_int_equal(peek(PC + 0x44), NOP);
    assert_int_equal(peek(PC + 0x40) & 0xffff, 0x9002);
}

static void points_are_limited(void **state)
{
    char text[32];

    (void)state;
    for (unsigned i = 0; i < DEBUG_POINTS_MAX; i++) {
        snprintf(text, sizeof(text), "Z0,%lx,2", PC + 4 * i);
        EXPECT(text, "OK");
    }
    EXPECT("Z0,80210000,2", "E0c");
    assert_null(ask("vCont;s:p1.1")); /* a step has what it needs, all the same */
    hit_breakpoint(vcpu, PC + 4);
    assert_string_equal(heard(), "T05thread:p1.1;");
    EXPECT("z0,80200000,2", "OK");
    EXPECT("Z0,80210000,2", "OK");
    assert_int_equal(debug_point_remove(vm, DEBUG_WRITE, PC, 0), -5);
    EXPECT("D", "OK");
    assert_int_equal(debug_point_add(vm, DEBUG_CODE, PC, PC, 0), -8);
}

#define WATCH_TEST(test) cmocka_unit_test_setup_teardown(test, setup, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WATCH_TEST(rights_are_taken_and_given_back),
        WATCH_TEST(writes_are_seen),
        WATCH_TEST(reads_are_seen),
        WATCH_TEST(what_is_beside_is_done),
        WATCH_TEST(what_is_beside_is_passed),
        WATCH_TEST(lr_and_sc_are_passed_as_one),
        WATCH_TEST(walks_are_passed),
        WATCH_TEST(steps_are_watched_too),
        WATCH_TEST(a_pass_can_be_given_up),
        WATCH_TEST(a_breakpoint_by_another_name_is_passed),
        WATCH_TEST(points_are_limited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
