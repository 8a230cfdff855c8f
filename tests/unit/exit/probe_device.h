/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device of the tests' own on a VM's bus, and the instructions that touch it.
 */
#ifndef PROBE_DEVICE_H
#define PROBE_DEVICE_H

#include "exit/exit.h"

#include "fakes/machine.h"

#define PC     0x80204560UL
#define DEVICE 0x20000000UL /* a window of the test's own */
#define HOLE   0x30000000UL

#define LOAD  CAUSE_LOAD_GUEST_PAGE_FAULT
#define STORE CAUSE_STORE_GUEST_PAGE_FAULT
#define FETCH CAUSE_INSN_GUEST_PAGE_FAULT

/* Instructions with a0 as base and offset 0. */
#define INSN_LOAD(funct3, rd)   (0x00050003U | (funct3) << 12 | (rd) << 7)
#define INSN_STORE(funct3, rs2) (0x00050023U | (rs2) << 20 | (funct3) << 12)
#define INSN_C_0(funct3, reg)   (0x0100U | (funct3) << 13 | ((reg) % 8) << 2) /* reg: x8 to x15 */
#define INSN_C_LWSP(rd)         (0x4002U | (rd) << 7)
#define INSN_C_SDSP(rs2)        (0xe002U | (rs2) << 2)
#define INSN_C_LBU(rd)          (0x8100U | ((rd) % 8) << 2)
#define INSN_C_SH(rs2)          (0x8d00U | ((rs2) % 8) << 2)
#define INSN_AMOADD_W           0x00c5a52fU
#define INSN_LR_D               0x1005b52fU
#define INSN_FLD                0x00053507U
#define INSN_FSW                0x00a52027U
#define INSN_ADDI               0x00150513U

/* As htinst has it: rs1 and the offset are 0; bit 1 is clear where it was compressed. */
#define TRANSFORMED(insn) ((insn) & ~BITS(19, 15))
#define WAS_COMPRESSED    BIT(1)

struct probe {
    struct vdev vdev;
    uint64_t value; /* read and written */
    uint64_t offset;
    unsigned size, reads, writes;
};

static struct probe probe;
static struct vcpu_home home;
static struct vcpu *vcpu;

static inline uint64_t probe_read(struct vdev *self, uint64_t offset, unsigned size)
{
    struct probe *of = (struct probe *)self;

    of->offset = offset;
    of->size = size;
    of->reads++;
    return of->value;
}

static inline void probe_write(struct vdev *self, uint64_t offset, unsigned size, uint64_t value)
{
    struct probe *of = (struct probe *)self;

    of->offset = offset;
    of->size = size;
    of->value = value;
    of->writes++;
}

static const struct vdev_ops probe_ops = {.read = probe_read, .write = probe_write};

static inline int start(void **state)
{
    int err = machine_setup(state);

    if (err)
        return err;
    vcpu = &machine_add("a", 1, &home)->vcpus[0];
    probe = (struct probe){
        .vdev =
            {
                .name = "probe",
                .ops = &probe_ops,
                .base = DEVICE,
                .size = 0x1000,
                .width_min = 1,
                .width_max = 8,
            },
    };
    assert_int_equal(bus_add(&vcpu->vm->bus, &probe.vdev), 0);
    machine_trap(vcpu, PC);
    for (unsigned i = 1; i < 32; i++)
        vcpu->regs.x[i] = 0x1111111111111111UL * (i % 16);
    return 0;
}

/* The fault at `gpa` as the hart tells it, with the low bits of the address in stval only. */
static inline struct trap fault(enum cause cause, uint64_t gpa, uint64_t htinst)
{
    return (struct trap){.scause = cause,
                         .stval = 0xffffffc000000000 | gpa,
                         .htval = gpa >> 2,
                         .htinst = htinst,
                         .insn_len = 4};
}

/* By its handler, as the table of exit.c says. */
static inline enum exit_verdict fault_handle(struct trap *trap)
{
    switch (trap->scause) {
    case LOAD:
        return exit_load_fault(vcpu, trap);
    case STORE:
        return exit_store_fault(vcpu, trap);
    default:
        return exit_fetch_fault(vcpu, trap);
    }
}

#define FAULT_TEST(test) cmocka_unit_test_setup_teardown(test, start, machine_teardown)

#endif
