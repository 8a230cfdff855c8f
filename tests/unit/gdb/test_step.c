/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Single steps: what is carried out in place, what runs up to a breakpoint and where that stands,
 * and what the guest must not see of it.
 */
#include "gdb_fixture.h"

#include "gdb/step.h"

static struct vcpu *vcpu;

static int setup(void **state)
{
    int err = gdb_attached_setup(state);

    vcpu = &vm->vcpus[0];
    return err;
}

/* Puts the instruction at pc and begins. */
static bool begin(uint32_t word)
{
    vcpu->regs.sepc = PC;
    poke(PC, word);
    return step_begin(vcpu);
}

/* True where the step that was begun would stop at `gva`. */
static bool stops_at(gva_t gva)
{
    return debug_point_remove(vm, DEBUG_STEP, gva, 0) == 0;
}

static void end(void)
{
    step_end(vcpu);
    for (gva_t gva = PC; gva < PC + 0x200; gva += 2)
        assert_false(stops_at(gva));
}

static void a_plain_instruction_runs(void **state)
{
    (void)state;
    assert_false(begin(NOP));
    assert_int_equal(vcpu->csrs.vsie, 0);
    assert_true(stops_at(PC + 4));
    assert_true(stops_at(STVEC));
    assert_false(stops_at(PC));
    end();
    assert_int_equal(vcpu->csrs.vsie, SIP_STIP);
    assert_false(begin(0x0001)); /* c.nop */
    assert_true(stops_at(PC + 2));
    end();
    vcpu->csrs.vstvec = PC | STVEC_MODE_VECTORED; /* the first instruction of its handler */
    assert_false(begin(NOP));
    assert_false(stops_at(PC));
    end();
}

static void jumps_are_made_here(void **state)
{
    (void)state;
    assert_true(begin(0x0100006f)); /* j .+16 */
    assert_int_equal(vcpu->regs.sepc, PC + 16);
    vcpu->regs.x[11] = 0x12345;
    assert_true(begin(0x000580e7)); /* jalr ra, 0(a1) */
    assert_int_equal(vcpu->regs.sepc, 0x12344);
    assert_int_equal(vcpu->regs.x[1], PC + 4);
    assert_true(begin(0x0000006f)); /* j . */
    assert_int_equal(vcpu->regs.sepc, PC);
    assert_int_equal(vcpu->regs.x[0], 0);
    end();
}

static void wfi_is_over_at_once(void **state)
{
    (void)state;
    assert_true(begin(0x10500073));
    assert_int_equal(vcpu->regs.sepc, PC + 4);
    vcpu->regs.sstatus &= ~SSTATUS_SPP; /* to user mode it may be illegal */
    assert_false(begin(0x10500073));
    end();
}

static void sret_changes_the_mode(void **state)
{
    (void)state;
    vcpu->csrs.vsepc = 0x4000;
    vcpu->csrs.vsstatus = SSTATUS_SPIE;
    assert_true(begin(0x10200073));
    assert_int_equal(vcpu->regs.sepc, 0x4000);
    assert_true(vcpu_was_user(vcpu));
    assert_int_equal(vcpu->regs.hstatus & HSTATUS_SPVP, 0);
    assert_int_equal(vcpu->csrs.vsstatus, SSTATUS_SPIE | SSTATUS_SIE);
    assert_false(begin(0x10200073)); /* illegal there */
    end();
    vcpu->regs.sstatus |= SSTATUS_SPP;
    vcpu->csrs.vsstatus = SSTATUS_SPP | SSTATUS_SIE;
    assert_true(begin(0x10200073));
    assert_false(vcpu_was_user(vcpu));
    assert_int_equal(vcpu->csrs.vsstatus, SSTATUS_SPIE);
}

/* sie is 0 while an instruction runs; who looks at it sees what it is. */
static void sie_is_what_it_is(void **state)
{
    (void)state;
    assert_true(begin(0x104025f3)); /* csrr a1, sie */
    assert_int_equal(vcpu->regs.x[11], SIP_STIP);
    assert_int_equal(vcpu->regs.sepc, PC + 4);
    assert_true(begin(0x10416073)); /* csrsi sie, 2 */
    assert_int_equal(vcpu->csrs.vsie, SIP_STIP | SIP_SSIP);
    vcpu->regs.x[12] = SIP_STIP;
    assert_true(begin(0x104635f3)); /* csrrc a1, sie, a2 */
    assert_int_equal(vcpu->csrs.vsie, SIP_SSIP);
    vcpu->regs.x[12] = UINT64_MAX;
    assert_true(begin(0x10461073)); /* csrw sie, a2 */
    assert_int_equal(vcpu->csrs.vsie, SIP_SSIP | SIP_STIP | SIP_SEIP);
    assert_false(begin(0x100025f3)); /* csrr a1, sstatus: runs */
    end();
    vcpu->regs.sstatus &= ~SSTATUS_SPP;
    assert_false(begin(0x104025f3)); /* user mode may not */
    end();
}

/* A suspended hart is woken by what it must not miss. */
static void calls_of_hsm_keep_their_interrupts(void **state)
{
    (void)state;
    vcpu->regs.x[REG_A7] = SBI_EXT_HSM;
    assert_false(begin(0x00000073));
    assert_int_equal(vcpu->csrs.vsie, SIP_STIP);
    end();
    vcpu->regs.x[REG_A7] = SBI_EXT_TIME;
    assert_false(begin(0x00000073));
    assert_int_equal(vcpu->csrs.vsie, 0);
    end();
}

/* A reservation does not live through an exit, so the whole sequence is one step. */
static void lr_and_sc_are_one_step(void **state)
{
    (void)state;
    poke(PC + 4, 0x02b51063);        /* bne a0, a1, .+32: out of it */
    poke(PC + 8, 0x18b5262f);        /* sc.w a2, a1, (a0) */
    poke(PC + 12, 0xfe061ae3);       /* bnez a2, .-12 */
    assert_false(begin(0x100525af)); /* lr.w a1, (a0) */
    assert_false(stops_at(PC + 4));
    assert_false(stops_at(PC + 8));
    assert_true(stops_at(PC + 12));
    assert_true(stops_at(PC + 36));
    assert_true(stops_at(STVEC));
    end();
    poke(PC + 8, NOP); /* no SC in sight */
    assert_false(begin(0x100525af));
    assert_true(stops_at(PC + 4));
    end();
    vcpu->regs.sepc = BOARD_RAM_BASE + MACHINE_RAM - 4; /* memory ends behind LR */
    poke(vcpu->regs.sepc, 0x100525af);
    assert_false(step_begin(vcpu));
    assert_true(stops_at(STVEC));
    end();
}

/* It cannot be fetched: its handler will be told. */
static void nothing_is_at_pc(void **state)
{
    (void)state;
    vcpu->regs.sepc = 0x1000;
    assert_false(step_begin(vcpu));
    assert_true(stops_at(STVEC));
    end();
}

/* The guest's own breakpoint, while it is stepped over. */
static void a_breakpoint_of_the_guest_is_one_step(void **state)
{
    (void)state;
    poke(PC, 0x9002);
    assert_null(ask("vCont;s:p1.1"));
    hit_breakpoint(vcpu, PC);
    assert_string_equal(heard(), "T05thread:p1.1;");
    assert_int_equal(vcpu->regs.sepc, STVEC);
    assert_int_equal(vcpu->csrs.vscause, CAUSE_BREAKPOINT);
}

#define STEP_TEST(test) cmocka_unit_test_setup_teardown(test, setup, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STEP_TEST(a_plain_instruction_runs),
        STEP_TEST(jumps_are_made_here),
        STEP_TEST(wfi_is_over_at_once),
        STEP_TEST(sret_changes_the_mode),
        STEP_TEST(sie_is_what_it_is),
        STEP_TEST(calls_of_hsm_keep_their_interrupts),
        STEP_TEST(lr_and_sc_are_one_step),
        STEP_TEST(nothing_is_at_pc),
        STEP_TEST(a_breakpoint_of_the_guest_is_one_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
