/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Return addresses of guests: by frames, from the stack; and of guests whose registers, stacks and
 * page tables are nonsense, or meant to lead astray.
 */
#include "fakes/machine.h"
#include "riscv/csr.h"

#define CODE  0x80200000UL
#define STACK 0x80300000UL
#define TABLE 0x80310000UL

#define JAL_RA    0x008000efU /* jal ra, 8 */
#define JALR_RA   0x000500e7U /* jalr ra, 0(a0) */
#define C_JALR    0x9502U     /* c.jalr a0 */
#define NOP       0x00000013U
#define NO_CALL   0x0080006fU /* j 8: the same bits but for ra */
#define SENTINEL  0x5a5a5a5a5a5a5a5aUL
#define ONE_TABLE field_set(SATP_MODE, field_set(SATP_PPN, 0, TABLE / PAGE_SIZE), SATP_MODE_SV39)

static struct vcpu_home home;
static struct vm *vm;
static uint64_t x[32];
static struct backtrace backtrace;

static int start(void **state)
{
    int err = machine_setup(state);

    if (err)
        return err;
    vm = machine_add("a", 1, &home);
    memset(x, 0, sizeof(x));
    memset(&backtrace, 0x5a, sizeof(backtrace));
    return 0;
}

static void put_u64(uint64_t gpa, uint64_t value)
{
    assert_int_equal(guest_mem_write(&vm->gstage, gpa, &value, sizeof(value)), 0);
}

static void put_u32(uint64_t gpa, uint32_t value)
{
    assert_int_equal(guest_mem_write(&vm->gstage, gpa, &value, sizeof(value)), 0);
}

static void take(uint64_t vsatp, uint64_t pc)
{
    backtrace_take(&vm->gstage, vsatp, x, pc, &backtrace);
    assert_in_range(backtrace.count, 1, BACKTRACE_MAX);
    assert_int_equal(backtrace.frames[0].pc, pc);
    assert_int_equal(backtrace.frames[0].source, BACKTRACE_PC);
}

static void expect(unsigned i, uint64_t pc, enum backtrace_source source)
{
    assert_true(i < backtrace.count);
    assert_int_equal(backtrace.frames[i].pc, pc);
    assert_int_equal(backtrace.frames[i].source, source);
}

/* A frame: return address and the caller's s0 below fp. */
static void put_frame(uint64_t fp, uint64_t ra, uint64_t next)
{
    put_u64(fp - 8, ra);
    put_u64(fp - 16, next);
}

static void frames_are_followed(void **state)
{
    (void)state;
    put_u32(CODE + 0x100, JAL_RA);
    put_u32(CODE + 0x200, JALR_RA);
    put_u32(CODE + 0x302, C_JALR);
    x[8] = STACK;
    put_frame(STACK, CODE + 0x104, STACK + 0x40);
    put_frame(STACK + 0x40, CODE + 0x204, STACK + 0x80);
    put_frame(STACK + 0x80, CODE + 0x304, 0);
    take(0, CODE);
    assert_int_equal(backtrace.count, 4);
    expect(1, CODE + 0x104, BACKTRACE_FRAME);
    expect(2, CODE + 0x204, BACKTRACE_FRAME);
    expect(3, CODE + 0x304, BACKTRACE_FRAME);
}

/* A leaf has no frame; its caller is in ra. */
static void ra_may_be_the_caller(void **state)
{
    (void)state;
    put_u32(CODE + 0x100, JAL_RA);
    x[1] = CODE + 0x104;
    take(0, CODE);
    assert_int_equal(backtrace.count, 2);
    expect(1, CODE + 0x104, BACKTRACE_RA);
    x[1] = CODE + 0x108; /* behind no call */
    take(0, CODE);
    assert_int_equal(backtrace.count, 1);
}

static void without_frames_the_stack_is_looked_through(void **state)
{
    (void)state;
    put_u32(CODE + 0x100, JAL_RA);
    put_u32(CODE + 0x200, NO_CALL);
    x[2] = STACK + 4; /* not aligned */
    put_u64(STACK + 8, CODE + 0x104);
    put_u64(STACK + 16, CODE + 0x204); /* behind a jump */
    put_u64(STACK + 24, CODE + 0x105); /* odd */
    put_u64(STACK + 32, SENTINEL);     /* nowhere */
    put_u64(STACK + 4096, CODE + 0x104);
    put_u64(STACK + 4104, CODE + 0x104); /* too far */
    take(0, CODE);
    assert_int_equal(backtrace.count, 3);
    expect(1, CODE + 0x104, BACKTRACE_STACK);
    expect(2, CODE + 0x104, BACKTRACE_STACK);
}

static void chains_that_do_not_climb_end(void **state)
{
    (void)state;
    put_u32(CODE + 0x100, JAL_RA);
    x[8] = STACK;
    put_frame(STACK, CODE + 0x104, STACK); /* itself */
    take(0, CODE);
    assert_int_equal(backtrace.count, 2);
    put_frame(STACK, CODE + 0x104, STACK + 0x40);
    put_frame(STACK + 0x40, CODE + 0x104, STACK); /* back */
    take(0, CODE);
    assert_int_equal(backtrace.count, 3);
}

static void long_chains_are_cut(void **state)
{
    (void)state;
    put_u32(CODE + 0x100, JAL_RA);
    x[8] = STACK;
    for (unsigned i = 0; i < 100; i++)
        put_frame(STACK + 16UL * i, CODE + 0x104, STACK + 16UL * (i + 1));
    take(0, CODE);
    assert_int_equal(backtrace.count, BACKTRACE_MAX);
    x[8] = 0;
    x[2] = STACK;
    for (unsigned i = 0; i < 600; i++)
        put_u64(STACK + 8UL * i, CODE + 0x104);
    take(0, CODE);
    assert_int_equal(backtrace.count, BACKTRACE_MAX);
    expect(BACKTRACE_MAX - 1, CODE + 0x104, BACKTRACE_STACK);
}

/* Devices, holes, the ends of memory and of the address space: nothing is read there. */
static void wild_pointers_lead_nowhere(void **state)
{
    static const uint64_t wild[] = {0,          1,          7,         8,         16,
                                    0x10000000, 0x10000008, CODE - 1,  STACK + 1, 0x803ffff8,
                                    0x80400000, 0x80400008, 1UL << 41, 1UL << 63, ~0UL,
                                    ~0UL - 7,   ~0UL - 15};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(wild); i++) {
        for (unsigned n = 0; n < ARRAY_SIZE(wild); n++) {
            x[1] = wild[i];
            x[2] = wild[n];
            x[8] = wild[(i + n) % ARRAY_SIZE(wild)];
            take(0, wild[n]);
            assert_int_equal(backtrace.count, 1);
        }
    }
}

static void put_pte(uint64_t index, uint64_t target, uint64_t flags)
{
    put_u64(TABLE + 8 * index, field_set(PTE_PPN, flags, target / PAGE_SIZE));
}

/* Through its own tables: gigabytes 4 and 5 are its memory, once with code and once without. */
static void the_guests_own_tables_are_used(void **state)
{
    const uint64_t code = (4UL << 30) + 0x200000, data = (5UL << 30) + 0x200000;

    (void)state;
    put_pte(4, 0x80000000, PTE_D | PTE_A | PTE_X | PTE_R | PTE_V);
    put_pte(5, 0x80000000, PTE_D | PTE_A | PTE_W | PTE_R | PTE_V);
    put_u32(CODE + 0x100, JAL_RA);
    x[8] = data + 0x100000;
    put_frame(STACK, code + 0x104, data + 0x100040);
    put_frame(STACK + 0x40, data + 0x104, 0); /* cannot be executed there */
    take(ONE_TABLE, code);
    assert_int_equal(backtrace.count, 2);
    expect(1, code + 0x104, BACKTRACE_FRAME);
    put_pte(4, 0x80000000, PTE_X | PTE_V); /* code that cannot be read is read as code */
    take(ONE_TABLE, code);
    assert_int_equal(backtrace.count, 2);
    put_pte(5, 0x10000000, PTE_W | PTE_R | PTE_V); /* not aligned */
    take(ONE_TABLE, code);
    assert_int_equal(backtrace.count, 1);
    put_pte(5, TABLE, PTE_V); /* a table that is its own next */
    take(ONE_TABLE, code);
    take(field_set(SATP_MODE, ONE_TABLE, 15), code); /* a mode that there is not */
    assert_int_equal(backtrace.count, 1);
}

static void sources_have_names(void **state)
{
    (void)state;
    assert_string_equal(backtrace_source_text(BACKTRACE_PC), "pc");
    assert_string_equal(backtrace_source_text(BACKTRACE_RA), "ra");
    assert_string_equal(backtrace_source_text(BACKTRACE_FRAME), "frame");
    assert_string_equal(backtrace_source_text(BACKTRACE_STACK), "stack");
}

#define TRACE_TEST(test) cmocka_unit_test_setup_teardown(test, start, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRACE_TEST(frames_are_followed),
        TRACE_TEST(ra_may_be_the_caller),
        TRACE_TEST(without_frames_the_stack_is_looked_through),
        TRACE_TEST(chains_that_do_not_climb_end),
        TRACE_TEST(long_chains_are_cut),
        TRACE_TEST(wild_pointers_lead_nowhere),
        TRACE_TEST(the_guests_own_tables_are_used),
        cmocka_unit_test(sources_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
