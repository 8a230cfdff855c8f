/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where instructions lead. The words are the assembler's, each with what it was made of.
 */
#include "riscv/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PC 0xffffffff80001000UL

static uint64_t x[32];

static int setup(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 32; i++)
        x[i] = i * 0x1000;
    return 0;
}

static void expect_jump(uint32_t word, uint64_t target, unsigned link)
{
    struct flow flow = flow_decode(word, PC, x);

    assert_int_equal(flow.kind, FLOW_JUMP);
    assert_int_equal(flow.target, target);
    assert_int_equal(flow.link, link);
    assert_int_equal(flow.length, (word & 3) == 3 ? 4 : 2);
}

static void expect(uint32_t word, enum flow_kind kind, unsigned length)
{
    struct flow flow = flow_decode(word, PC, x);

    assert_int_equal(flow.kind, kind);
    assert_int_equal(flow.length, length);
}

static void jumps(void **state)
{
    (void)state;
    expect_jump(0x0100006f, PC + 16, 0);        /* j .+16 */
    expect_jump(0xff1ff0ef, PC - 16, 1);        /* jal ra, .-16 */
    expect_jump(0x80000a6f, PC - 0x100000, 20); /* jal s4, .-1M */
    expect_jump(0x7ffff06f, PC + 0xffffe, 0);   /* j .+1M-2 */
    expect_jump(0x000580e7, 0xb000, 1);         /* jalr ra, 0(a1) */
    expect_jump(0xfff58067, 0xaffe, 0);         /* jr -1(a1): bit 0 goes */
    expect_jump(0xa001, PC, 0);                 /* c.j . */
    expect_jump(0xb001, PC - 2048, 0);          /* c.j .-2048 */
    expect_jump(0xaffd, PC + 2046, 0);          /* c.j .+2046 */
    expect_jump(0x8582, 0xb000, 0);             /* c.jr a1 */
    expect_jump(0x9582, 0xb000, 1);             /* c.jalr a1 */
}

static void branches(void **state)
{
    uint64_t target;

    (void)state;
    x[10] = 5;
    x[11] = (uint64_t)-5;
    expect_jump(0x00b50863, PC + 4, 0);    /* beq a0, a1, .+16 */
    expect_jump(0x00b51863, PC + 16, 0);   /* bne */
    expect_jump(0x00b54863, PC + 4, 0);    /* blt */
    expect_jump(0x00b55863, PC + 16, 0);   /* bge */
    expect_jump(0x00b56863, PC + 16, 0);   /* bltu */
    expect_jump(0x00b57863, PC + 4, 0);    /* bgeu */
    expect_jump(0xfea50ee3, PC - 4, 0);    /* beq a0, a0, .-4 */
    expect_jump(0x80a50063, PC - 4096, 0); /* beq a0, a0, .-4096 */
    expect_jump(0xc111, PC + 2, 0);        /* c.beqz a0, .+4 */
    expect_jump(0xe111, PC + 4, 0);        /* c.bnez a0, .+4 */
    expect_jump(0xf101, PC - 256, 0);      /* c.bnez a0, .-256 */
    assert_true(flow_is_branch(0x00b50863, PC, &target));
    assert_int_equal(target, PC + 16);
    assert_true(flow_is_branch(0xfd7d, PC, &target)); /* c.bnez a0, .-2 */
    assert_int_equal(target, PC - 2);
    assert_false(flow_is_branch(0x0100006f, PC, &target));
    assert_false(flow_is_branch(0x00b52863, PC, &target)); /* funct3 = 2 is reserved */
}

static void others(void **state)
{
    (void)state;
    expect(0x00000013, FLOW_ON, 4);        /* nop */
    expect(0x0001, FLOW_ON, 2);            /* c.nop */
    expect(0x8082 + 0x1000, FLOW_JUMP, 2); /* c.jalr ra */
    expect(0x9002, FLOW_ON, 2);            /* c.ebreak */
    expect(0x852e, FLOW_ON, 2);            /* c.mv a0, a1 */
    expect(0x00000073, FLOW_ON, 4);        /* ecall */
    expect(0x10200073, FLOW_SRET, 4);
    expect(0x10500073, FLOW_WFI, 4);
    expect(0x100525af, FLOW_LR, 4); /* lr.w a1, (a0) */
    expect(0x18b5262f, FLOW_SC, 4); /* sc.w a2, a1, (a0) */
    expect(0x00b5262f, FLOW_ON, 4); /* amoadd.w */
    expect(0x00b52863, FLOW_ON, 4); /* reserved branch */
    expect(0x00059067, FLOW_ON, 4); /* reserved jalr */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(jumps, setup),
        cmocka_unit_test_setup(branches, setup),
        cmocka_unit_test_setup(others, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
