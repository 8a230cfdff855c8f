/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers by GDB's numbers, and that the description names the same ones.
 */
#include "gdb_fixture.h"

#include "gdb/description.h"
#include "gdb/registers.h"
#include "vcpu/fpu.h"

#define CSR(number) (REGISTERS_CSR + (number))

static struct vcpu *vcpu;

static int setup(void **state)
{
    int err = gdb_setup(state);

    vcpu = &vm->vcpus[0];
    return err;
}

static uint64_t read(uint64_t number)
{
    uint8_t bytes[REGISTERS_SIZE_MAX];
    uint64_t value;

    assert_int_equal(registers_read(vcpu, number, bytes), 8);
    memcpy(&value, bytes, sizeof(value));
    return value;
}

static bool write(uint64_t number, uint64_t value)
{
    return registers_write(vcpu, number, &value, sizeof(value));
}

static void numbers_are_places(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 32; i++)
        assert_true(write(i, 0x100 + i) && write(REGISTERS_F + i, 0x200 + i));
    assert_true(write(REGISTERS_PC, 0x12345));
    assert_int_equal(read(0), 0);
    assert_int_equal(vcpu->regs.x[31], 0x11f);
    assert_int_equal(vcpu->fp.f[31], 0x21f);
    assert_int_not_equal(vcpu->fp_values, FPU_ZEROS); /* else no hart would load them */
    assert_int_equal(read(REGISTERS_PC), 0x12344);
    assert_int_equal(read(REGISTERS_PRIV), 1);
    vcpu->regs.sstatus &= ~SSTATUS_SPP;
    assert_int_equal(read(REGISTERS_PRIV), 0);
    assert_false(write(REGISTERS_PRIV, 1));
    assert_false(write(CSR(0x7ff), 1));
}

static void csrs_are_the_guests(void **state)
{
    (void)state;
    vcpu->csrs.vsatp = 0x1234;
    assert_int_equal(read(CSR(0x180)), 0x1234);
    assert_true(write(CSR(0x100), UINT64_MAX));
    assert_int_equal(field_get(SSTATUS_UXL, vcpu->csrs.vsstatus), SSTATUS_UXL_64);
    assert_true(write(CSR(0x104), UINT64_MAX));
    assert_int_equal(vcpu->csrs.vsie, SIP_SSIP | SIP_STIP | SIP_SEIP);
    vcpu->csrs.hvip = HVIP_VSEIP;
    assert_int_equal(read(CSR(0x144)), SIP_SEIP);
    assert_false(write(CSR(0x144), 0));
    assert_true(write(CSR(0x003), 0xff)); /* fcsr, frm, fflags */
    assert_true(write(CSR(0x002), 2));
    assert_int_equal(vcpu->fp.fcsr, 0x5f);
    assert_int_equal(read(CSR(0x001)), 0x1f);
}

static void vectors_have_their_length(void **state)
{
    uint8_t bytes[REGISTERS_SIZE_MAX], other[REGISTERS_SIZE_MAX];

    (void)state;
    memset(bytes, 0x5a, sizeof(bytes));
    assert_true(registers_write(vcpu, REGISTERS_V + 31, bytes, 16));
    assert_false(registers_write(vcpu, REGISTERS_V + 31, bytes, 8));
    assert_false(registers_write(vcpu, REGISTERS_V + 32, bytes, 16));
    assert_int_equal(registers_read(vcpu, REGISTERS_V + 31, other), 16);
    assert_memory_equal(bytes, other, 16);
    assert_memory_equal((uint8_t *)vcpu->vector.registers + 31 * 16, bytes, 16);
    assert_int_not_equal(vcpu->fp_values, FPU_ZEROS);
    assert_int_equal(registers_read(vcpu, REGISTERS_V + 32, other), 0);
}

/* Each register of the text can be read, in the size that it says. */
static void the_description_is_true(void **state)
{
    uint8_t bytes[REGISTERS_SIZE_MAX];
    size_t length;
    const char *at = description_text(&length);
    unsigned count = 0, bits, number;

    (void)state;
    assert_int_equal(length, strlen(at));
    while ((at = strstr(at, "<reg name=\""))) {
        at = strstr(at, "bitsize=");
        assert_int_equal(sscanf(at, "bitsize=\"%u\" regnum=\"%u\"", &bits, &number), 2);
        assert_int_equal(registers_read(vcpu, number, bytes), bits / 8);
        count++;
    }
    assert_int_equal(count, 33 + 32 + 21 + 1 + 32);
    caps.v = caps.sstc = caps.senvcfg = false;
    at = description_text(&length);
    assert_null(strstr(at, "riscv.vector"));
    assert_null(strstr(at, "\"vl\""));
    assert_null(strstr(at, "stimecmp"));
    assert_null(strstr(at, "senvcfg"));
    assert_non_null(strstr(at, "</target>"));
}

#define REGISTERS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REGISTERS_TEST(numbers_are_places),
        REGISTERS_TEST(csrs_are_the_guests),
        REGISTERS_TEST(vectors_have_their_length),
        REGISTERS_TEST(the_description_is_true),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
