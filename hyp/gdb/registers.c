/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From numbers to places in struct vcpu. What a debugger writes is as if the guest had written it,
 * or the hart: the next entry makes it legal.
 */
#include "gdb/registers.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "riscv/caps.h"
#include "riscv/csr.h"
#include "vcpu/fpu.h"

#define F_COUNT       32
#define FFLAGS        BITS(4, 0) /* of fcsr. Unpriv, "F" (Control and Status Register) */
#define FRM           BITS(7, 5)
#define VXSAT         BIT(0) /* of vcsr. Unpriv, "V" (Control and Status Register) */
#define VXRM          BITS(2, 1)
#define WHOLE         UINT64_MAX
#define NO_WRITE      0
#define OFFSET(field) offsetof(struct vcpu, field)

/* When a hart has the CSR. */
enum need { NEED_NOTHING, NEED_SSTC, NEED_SENVCFG, NEED_V };

/* A CSR is a field of a word of struct vcpu; `writable` are the bits of that word that change. */
struct csr {
    const char *name;
    uint16_t number;
    uint16_t offset;
    uint8_t need; /* enum need */
    uint64_t field;
    uint64_t writable;
};

#define SIE_BITS (SIP_SSIP | SIP_STIP | SIP_SEIP)

static const struct csr csrs[] = {
    {"fflags", 0x001, OFFSET(fp.fcsr), NEED_NOTHING, FFLAGS, FFLAGS},
    {"frm", 0x002, OFFSET(fp.fcsr), NEED_NOTHING, FRM, FRM},
    {"fcsr", 0x003, OFFSET(fp.fcsr), NEED_NOTHING, FFLAGS | FRM, FFLAGS | FRM},
    {"vstart", 0x008, OFFSET(vector.vstart), NEED_V, WHOLE, WHOLE},
    {"vxsat", 0x009, OFFSET(vector.vcsr), NEED_V, VXSAT, VXSAT},
    {"vxrm", 0x00a, OFFSET(vector.vcsr), NEED_V, VXRM, VXRM},
    {"vcsr", 0x00f, OFFSET(vector.vcsr), NEED_V, VXSAT | VXRM, VXSAT | VXRM},
    {"sstatus", 0x100, OFFSET(csrs.vsstatus), NEED_NOTHING, WHOLE, ~SSTATUS_UXL},
    {"sie", 0x104, OFFSET(csrs.vsie), NEED_NOTHING, WHOLE, SIE_BITS},
    {"stvec", 0x105, OFFSET(csrs.vstvec), NEED_NOTHING, WHOLE, WHOLE},
    {"scounteren", 0x106, OFFSET(csrs.scounteren), NEED_NOTHING, WHOLE, BITS(31, 0)},
    {"senvcfg", 0x10a, OFFSET(csrs.senvcfg), NEED_SENVCFG, WHOLE, WHOLE},
    {"sscratch", 0x140, OFFSET(csrs.vsscratch), NEED_NOTHING, WHOLE, WHOLE},
    {"sepc", 0x141, OFFSET(csrs.vsepc), NEED_NOTHING, WHOLE, ~BIT(0)},
    {"scause", 0x142, OFFSET(csrs.vscause), NEED_NOTHING, WHOLE, WHOLE},
    {"stval", 0x143, OFFSET(csrs.vstval), NEED_NOTHING, WHOLE, WHOLE},
    /* hvip's bits stand one place above sip's. Priv 21.2.12 (vsip) */
    {"sip", 0x144, OFFSET(csrs.hvip), NEED_NOTHING, BITS(63, 1), NO_WRITE},
    {"stimecmp", 0x14d, OFFSET(csrs.vstimecmp), NEED_SSTC, WHOLE, NO_WRITE},
    {"satp", 0x180, OFFSET(csrs.vsatp), NEED_NOTHING, WHOLE, WHOLE},
    {"vl", 0xc20, OFFSET(vector.vl), NEED_V, WHOLE, NO_WRITE},
    {"vtype", 0xc21, OFFSET(vector.vtype), NEED_V, WHOLE, NO_WRITE},
};

static bool is_there(const struct csr *csr)
{
    switch (csr->need) {
    case NEED_SSTC:
        return caps.sstc;
    case NEED_SENVCFG:
        return caps.senvcfg;
    case NEED_V:
        return caps.v;
    default:
        return true;
    }
}

bool registers_csr(unsigned index, const char **name, unsigned *number)
{
    for (unsigned i = 0; i < ARRAY_SIZE(csrs); i++) {
        if (!is_there(&csrs[i]) || index-- > 0)
            continue;
        *name = csrs[i].name;
        *number = csrs[i].number;
        return true;
    }
    return false;
}

static const struct csr *find(uint64_t number)
{
    for (unsigned i = 0; i < ARRAY_SIZE(csrs); i++) {
        if (csrs[i].number == number && is_there(&csrs[i]))
            return &csrs[i];
    }
    return NULL;
}

/* The word that the register is all of: of x, pc and f. NULL for any other one. */
static uint64_t *word_of(struct vcpu *vcpu, uint64_t number)
{
    if (number < REGISTERS_PC)
        return &vcpu->regs.x[number];
    if (number == REGISTERS_PC)
        return &vcpu->regs.sepc;
    if (number >= REGISTERS_F && number < REGISTERS_F + F_COUNT)
        return &vcpu->fp.f[number - REGISTERS_F];
    return NULL;
}

static uint8_t *vector_of(const struct vcpu *vcpu, uint64_t number)
{
    if (!vcpu->vector.registers || number < REGISTERS_V || number >= REGISTERS_V + 32)
        return NULL;
    return (uint8_t *)vcpu->vector.registers + (number - REGISTERS_V) * caps.vlenb;
}

/* Those that are one number: false where there is no such register. */
static bool read_value(const struct vcpu *vcpu, uint64_t number, uint64_t *value)
{
    const uint64_t *word = word_of((struct vcpu *)vcpu, number);
    const struct csr *csr = find(number - REGISTERS_CSR);

    if (word) {
        *value = *word;
    } else if (number == REGISTERS_PRIV) {
        *value = vcpu_was_user(vcpu) ? 0 : 1;
    } else if (csr) {
        memcpy(value, (const uint8_t *)vcpu + csr->offset, sizeof(*value));
        *value = field_get(csr->field, *value);
    } else {
        return false;
    }
    return true;
}

size_t registers_read(const struct vcpu *vcpu, uint64_t number, void *to)
{
    const uint8_t *vector = vector_of(vcpu, number);
    uint64_t value;

    if (vector && caps.vlenb <= REGISTERS_SIZE_MAX) {
        memcpy(to, vector, caps.vlenb);
        return caps.vlenb;
    }
    if (!read_value(vcpu, number, &value))
        return 0;
    memcpy(to, &value, sizeof(value));
    return sizeof(value);
}

static bool write_csr(struct vcpu *vcpu, const struct csr *csr, uint64_t value)
{
    uint8_t *place = (uint8_t *)vcpu + csr->offset;
    uint64_t old;

    memcpy(&old, place, sizeof(old));
    value = field_set(csr->field, old, value);
    value = (old & ~csr->writable) | (value & csr->writable);
    memcpy(place, &value, sizeof(value));
    return csr->writable != NO_WRITE;
}

bool registers_write(struct vcpu *vcpu, uint64_t number, const void *from, size_t size)
{
    uint8_t *vector = vector_of(vcpu, number);
    uint64_t *word = word_of(vcpu, number);
    const struct csr *csr = find(number - REGISTERS_CSR);
    uint64_t value;

    if (vector && size == caps.vlenb) {
        memcpy(vector, from, size);
        fpu_change(vcpu);
        return true;
    }
    if (vector || size != sizeof(value))
        return false;
    memcpy(&value, from, sizeof(value));
    if (number == REGISTERS_PC)
        value &= ~BIT(0);
    if (!word)
        return csr && write_csr(vcpu, csr, value);
    if (number != REG_ZERO)
        *word = value;
    if (number >= REGISTERS_F)
        fpu_change(vcpu);
    return true;
}
