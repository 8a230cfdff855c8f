/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exception delivery, by table: what the guest's trap CSRs, its pc and the two privileges are
 * afterwards.
 */
#include "vcpu/inject.h"

#include "lib/bits.h"
#include "riscv/csr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PC      0x80201234UL
#define HANDLER 0xffffffff80001000UL

/* Bits of vsstatus that a trap leaves alone: all but the three. */
#define OTHERS (~(SSTATUS_SPP | SSTATUS_SPIE | SSTATUS_SIE))

struct row {
    bool was_user;
    uint64_t vsstatus;
    uint64_t expected;
    uint64_t vstvec;
};

static const struct row rows[] = {
    /* From VS-mode, SIE clear and set. */
    {false, 0, SSTATUS_SPP, HANDLER},
    {false, SSTATUS_SIE, SSTATUS_SPP | SSTATUS_SPIE, HANDLER},
    /* From VU-mode. */
    {true, 0, 0, HANDLER},
    {true, SSTATUS_SIE, SSTATUS_SPIE, HANDLER},
    /* What an earlier trap left in SPP and SPIE does not stay. */
    {true, SSTATUS_SPP | SSTATUS_SPIE, 0, HANDLER},
    {true, SSTATUS_SPP | SSTATUS_SIE, SSTATUS_SPIE, HANDLER},
    {false, SSTATUS_SPIE, SSTATUS_SPP, HANDLER},
    /* Exceptions go to BASE also in vectored mode. */
    {false, 0, SSTATUS_SPP, HANDLER | STVEC_MODE_VECTORED},
    {true, SSTATUS_SIE, SSTATUS_SPIE, HANDLER | STVEC_MODE_VECTORED},
    /* All other bits stay. */
    {false, OTHERS, OTHERS | SSTATUS_SPP, HANDLER},
    {true, UINT64_MAX, OTHERS | SSTATUS_SPIE, HANDLER},
};

static struct vcpu vcpu;

static void make_vcpu(const struct row *row)
{
    memset(&vcpu, 0xa5, sizeof(vcpu));
    vcpu.regs.sepc = PC;
    vcpu.regs.sstatus = SSTATUS_FS | (row->was_user ? 0 : SSTATUS_SPP);
    vcpu.regs.hstatus = HSTATUS_SPV | (row->was_user ? 0 : HSTATUS_SPVP);
    vcpu.csrs.vsstatus = row->vsstatus;
    vcpu.csrs.vstvec = row->vstvec;
}

static void the_table_holds(void **state)
{
    const struct exception exception = {.cause = CAUSE_LOAD_ACCESS_FAULT, .tval = 0xdeadbeef};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        make_vcpu(&rows[i]);
        vcpu_inject(&vcpu, &exception);
        assert_int_equal(vcpu.csrs.vsstatus, rows[i].expected);
        assert_int_equal(vcpu.csrs.vsepc, PC);
        assert_int_equal(vcpu.csrs.vscause, CAUSE_LOAD_ACCESS_FAULT);
        assert_int_equal(vcpu.csrs.vstval, 0xdeadbeef);
        assert_int_equal(vcpu.regs.sepc, HANDLER);
        assert_int_equal(vcpu.regs.sstatus, SSTATUS_FS | SSTATUS_SPP);
        assert_int_equal(vcpu.regs.hstatus, HSTATUS_SPV | HSTATUS_SPVP);
    }
}

static void nothing_else_changes(void **state)
{
    const struct exception exception = {.cause = CAUSE_ILLEGAL_INSN};
    struct vcpu before;

    (void)state;
    make_vcpu(&rows[3]);
    before = vcpu;
    vcpu_inject(&vcpu, &exception);
    before.csrs.vsstatus = vcpu.csrs.vsstatus;
    before.csrs.vsepc = vcpu.csrs.vsepc;
    before.csrs.vscause = vcpu.csrs.vscause;
    before.csrs.vstval = vcpu.csrs.vstval;
    before.regs.sepc = vcpu.regs.sepc;
    before.regs.sstatus |= SSTATUS_SPP;
    before.regs.hstatus |= HSTATUS_SPVP;
    assert_memory_equal(&vcpu, &before, sizeof(vcpu));
}

/* A second exception in the handler's first instruction: the first one's state is lost, as on the
 * real hart, and the previous mode is now VS. */
static void a_second_one_comes_from_the_handler(void **state)
{
    const struct exception first = {.cause = CAUSE_STORE_ACCESS_FAULT, .tval = 1};
    const struct exception second = {.cause = CAUSE_INSN_ACCESS_FAULT, .tval = 2};

    (void)state;
    make_vcpu(&rows[3]);
    vcpu_inject(&vcpu, &first);
    vcpu_inject(&vcpu, &second);
    assert_int_equal(vcpu.csrs.vsstatus, SSTATUS_SPP);
    assert_int_equal(vcpu.csrs.vsepc, HANDLER);
    assert_int_equal(vcpu.csrs.vscause, CAUSE_INSN_ACCESS_FAULT);
    assert_int_equal(vcpu.csrs.vstval, 2);
    assert_int_equal(vcpu.regs.sepc, HANDLER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_holds),
        cmocka_unit_test(nothing_else_changes),
        cmocka_unit_test(a_second_one_comes_from_the_handler),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
