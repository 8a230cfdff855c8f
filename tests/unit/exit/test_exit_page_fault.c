/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest-page faults that mean a device: loads and stores of every width, told by htinst or
 * fetched. What is refused: test_exit_page_fault_refused.c.
 */
#include "probe_device.h"

static void expect_done(struct trap *trap, unsigned length)
{
    assert_int_equal(fault_handle(trap), EXIT_ADVANCE);
    assert_int_equal(trap->insn_len, length);
    assert_int_equal(vcpu->regs.x[0], 0);
}

struct load {
    uint32_t funct3;
    unsigned size;
    uint64_t result; /* of 0x8899aabbccddeeff */
};

static const struct load loads[] = {
    {0, 1, 0xffffffffffffffff}, /* lb */
    {1, 2, 0xffffffffffffeeff}, /* lh */
    {2, 4, 0xffffffffccddeeff}, /* lw */
    {3, 8, 0x8899aabbccddeeff}, /* ld */
    {4, 1, 0xff},               /* lbu */
    {5, 2, 0xeeff},             /* lhu */
    {6, 4, 0xccddeeff},         /* lwu */
};

static void load_once(const struct load *load, struct trap trap, unsigned length, unsigned rd)
{
    probe.value = 0x8899aabbccddeeff;
    probe.reads = 0;
    expect_done(&trap, length);
    assert_int_equal(probe.reads, 1);
    assert_int_equal(probe.size, load->size);
    assert_int_equal(probe.offset, 0x238);
    assert_int_equal(vcpu->regs.x[rd], rd ? load->result : 0);
}

static void loads_of_all_widths(void **state)
{
    const unsigned registers[] = {0, 1, 10, 31};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(loads); i++) {
        for (unsigned r = 0; r < ARRAY_SIZE(registers); r++) {
            uint32_t insn = INSN_LOAD(loads[i].funct3, registers[r]);

            fetch_fake.word = insn;
            load_once(&loads[i], fault(LOAD, DEVICE + 0x238, 0), 4, registers[r]);
            fetch_fake.word = INSN_ADDI; /* htinst goes first */
            load_once(&loads[i], fault(LOAD, DEVICE + 0x238, TRANSFORMED(insn)), 4, registers[r]);
            load_once(&loads[i], fault(LOAD, DEVICE + 0x238, TRANSFORMED(insn) & ~WAS_COMPRESSED),
                      2, registers[r]);
        }
    }
}

static void store_once(uint32_t insn, struct trap trap, unsigned length, unsigned size,
                       unsigned rs2)
{
    uint64_t low = size == 8 ? UINT64_MAX : BIT(8 * size) - 1;

    fetch_fake.word = insn;
    probe.writes = 0;
    expect_done(&trap, length);
    assert_int_equal(probe.writes, 1);
    assert_int_equal(probe.size, size);
    assert_int_equal(probe.offset, 0x10);
    assert_int_equal(probe.value & low, vcpu->regs.x[rs2] & low);
}

static void stores_of_all_widths(void **state)
{
    const unsigned registers[] = {0, 9, 31};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        for (unsigned r = 0; r < ARRAY_SIZE(registers); r++) {
            uint32_t insn = INSN_STORE(i, registers[r]);
            uint64_t at = DEVICE + 0x10;

            store_once(insn, fault(STORE, at, 0), 4, 1U << i, registers[r]);
            store_once(INSN_ADDI, fault(STORE, at, TRANSFORMED(insn)), 4, 1U << i, registers[r]);
            store_once(INSN_ADDI, fault(STORE, at, TRANSFORMED(insn) & ~WAS_COMPRESSED), 2, 1U << i,
                       registers[r]);
        }
    }
}

static void compressed_ones_are_fetched_too(void **state)
{
    (void)state;
    fetch_fake.word = INSN_C_0(2U, 15);
    load_once(&loads[2], fault(LOAD, DEVICE + 0x238, 0), 2, 15); /* c.lw */
    fetch_fake.word = INSN_C_0(3U, 8);
    load_once(&loads[3], fault(LOAD, DEVICE + 0x238, 0), 2, 8); /* c.ld */
    fetch_fake.word = INSN_C_LBU(9);
    load_once(&loads[4], fault(LOAD, DEVICE + 0x238, 0), 2, 9);
    fetch_fake.word = INSN_C_LWSP(31U);
    load_once(&loads[2], fault(LOAD, DEVICE + 0x238, 0), 2, 31);
    store_once(INSN_C_0(6U, 15), fault(STORE, DEVICE + 0x10, 0), 2, 4, 15); /* c.sw */
    store_once(INSN_C_0(7U, 8), fault(STORE, DEVICE + 0x10, 0), 2, 8, 8);   /* c.sd */
    store_once(INSN_C_SH(14), fault(STORE, DEVICE + 0x10, 0), 2, 2, 14);
    store_once(INSN_C_SDSP(31U), fault(STORE, DEVICE + 0x10, 0), 2, 8, 31);
}

/* htval holds the address without its two lowest bits. */
static void the_low_bits_of_the_address_come_from_stval(void **state)
{
    (void)state;
    fetch_fake.word = INSN_LOAD(0U, 5);
    for (uint64_t low = 0; low < 8; low++) {
        struct trap trap = fault(LOAD, DEVICE + 0x100 + low, 0);

        expect_done(&trap, 4);
        assert_int_equal(probe.offset, 0x100 + low);
    }
}

/* What htinst told is decoded once for all of a driver's loop. Between two equal ones anything may
 * come, and what was fetched is asked for anew. */
static void the_last_access_is_not_another_one(void **state)
{
    const uint64_t told_store = TRANSFORMED(INSN_STORE(0U, 9));
    const uint64_t told_load = TRANSFORMED(INSN_LOAD(4U, 11));
    const uint64_t says_nothing = 0x800b; /* opcode custom-0 */
    struct trap refused = fault(STORE, DEVICE, TRANSFORMED(INSN_AMOADD_W));
    struct trap split = fault(STORE, DEVICE, told_store | BIT(15));

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        store_once(INSN_ADDI, fault(STORE, DEVICE + 0x10, told_store), 4, 1, 9);
        load_once(&loads[4], fault(LOAD, DEVICE + 0x238, told_load), 4, 11);
        store_once(INSN_ADDI, fault(STORE, DEVICE + 0x10, told_store), 4, 1, 9);
        assert_int_equal(fault_handle(&refused), EXIT_INJECT);
        store_once(INSN_ADDI, fault(STORE, DEVICE + 0x10, told_store), 4, 1, 9);
        assert_int_equal(fault_handle(&split), EXIT_INJECT);
        store_once(INSN_STORE(3U, 7), fault(STORE, DEVICE + 0x10, 0), 4, 8, 7);
        store_once(INSN_STORE(2U, 6), fault(STORE, DEVICE + 0x10, 0), 4, 4, 6);
        store_once(INSN_STORE(3U, 7), fault(STORE, DEVICE + 0x10, says_nothing), 4, 8, 7);
        store_once(INSN_STORE(2U, 6), fault(STORE, DEVICE + 0x10, says_nothing), 4, 4, 6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(loads_of_all_widths),
        FAULT_TEST(stores_of_all_widths),
        FAULT_TEST(compressed_ones_are_fetched_too),
        FAULT_TEST(the_low_bits_of_the_address_come_from_stval),
        FAULT_TEST(the_last_access_is_not_another_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
