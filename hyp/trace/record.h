/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a trace is made of: records of 64 bytes, little-endian, the same in the rings, on the port
 * org.understudy.trace and in a file (.utrace). No other header: a stream begins with a record
 * TRACE_KIND_HELLO. The records of one hart are in the order of their time; those of several harts
 * come in turns.
 */
#ifndef TRACE_RECORD_H
#define TRACE_RECORD_H

#include "lib/bits.h"

#define TRACE_VERSION  1
#define TRACE_MAGIC    0x4543415254535521UL /* "!USTRACE" as it lies in memory */
#define TRACE_NONE     0xffff               /* no VM, or no vCPU */
#define TRACE_VALUES   6
#define TRACE_NAME_MAX (TRACE_VALUES * 8UL) /* bytes of a name in one record */

struct trace_record {
    uint64_t time; /* host time, in ticks of the timebase */
    union {
        struct {
            uint8_t kind;   /* enum trace_kind */
            uint8_t detail; /* by kind */
            uint16_t hart;  /* its index, from 0 */
            uint16_t vm;    /* the low 16 bits of its id, or TRACE_NONE */
            uint16_t vcpu;  /* or TRACE_NONE */
        };
        uint64_t what; /* these together: trace_what */
    };
    uint64_t value[TRACE_VALUES]; /* by kind; what is not named below is 0 */
};

_Static_assert(sizeof(struct trace_record) == 64, "as it stands in files");

/* Whom a record is about, in one word: its `vm`, and above it its `vcpu`. */
#define TRACE_NOBODY 0xffffffffU

static inline uint32_t trace_who(uint32_t vm, uint32_t vcpu)
{
    return (vm & 0xffff) | vcpu << 16;
}

/* All of a record's `what` but its hart, which is 0. */
static inline uint64_t trace_what(unsigned kind, unsigned detail, uint32_t who)
{
    return kind | (detail & 0xff) << 8 | (uint64_t)who << 32;
}

/* The hart's part of it. */
static inline uint64_t trace_hart(unsigned index)
{
    return (uint64_t)(index & 0xffff) << 16;
}

/* Behind each: its category; detail; then the values in their order. */
enum trace_kind {
    /* The first record of a stream. Version; magic, timebase in Hz, number of harts, the mask of
     * categories, wall time in ns at host time 0 or 0, nothing. */
    TRACE_KIND_HELLO = 1,
    /* life. The name's length; its bytes. `vm` is whose it is. Of each VM at the start of a
     * stream, and when one is created. */
    TRACE_KIND_NAME = 2,
    /* Records that were lost here since the last DROP of this hart: their number. */
    TRACE_KIND_DROP = 3,
    /* entry. pc, hstatus, sstatus. */
    TRACE_KIND_ENTRY = 4,
    /* exit. enum exit_verdict; scause, sepc, stval, htval, htinst, ticks from the trap to the
     * verdict. `time` is when the trap was seen; the records of what was done for it stand behind.
     */
    TRACE_KIND_EXIT = 5,
    /* sbi. Extension, function, a0, a1 as they were; error, value. */
    TRACE_KIND_SBI = 6,
    /* mmio. Bytes, TRACE_MMIO_ bits; address, value, the device's place on the bus. */
    TRACE_KIND_MMIO = 7,
    /* csr. TRACE_CSR_WRITE or 0; number, value read, value written. */
    TRACE_KIND_CSR = 8,
    /* inject. Cause, pc before, tval, tval2, tinst, pc of the guest's handler. */
    TRACE_KIND_INJECT = 9,
    /* interrupt. What the guest is shown: bits of hvip raised, lowered, hvip afterwards. */
    TRACE_KIND_INTERRUPT = 10,
    /* request. One asks another: VCPU_REQUEST_ bits; id of the VM asked, vCPU asked, hart that is
     * kicked or ~0. `vm` and `vcpu`: in whose exit,
     * TRACE_NONE where it is in none or exit is not recorded. */
    TRACE_KIND_REQUEST = 11,
    /* interrupt. The level, 0 or 1; the number of the source at the VM's PLIC. */
    TRACE_KIND_WIRE = 12,
    /* sched. The vCPU takes the hart; id << 16 | vCPU that was loaded before, or ~0. */
    TRACE_KIND_SWITCH = 13,
    /* sched. enum trace_sched; a hart, or id << 16 | vCPU, where that says so. */
    TRACE_KIND_SCHED = 14,
    /* life. enum vm_state after the change; the one before. */
    TRACE_KIND_LIFE = 15,
    /* life. A VMID is taken: hgatp, generation. */
    TRACE_KIND_BOUND = 16,
    /* The last record of a stream, when the trace is switched off. Records lost in all. */
    TRACE_KIND_END = 17,
};

#define TRACE_MMIO_WRITE BIT(7)
#define TRACE_MMIO_NONE  BIT(6) /* no device answered */
#define TRACE_CSR_WRITE  BIT(7)

enum trace_sched {
    TRACE_SCHED_WAKE = 1,
    TRACE_SCHED_BLOCK = 2,
    TRACE_SCHED_SLICE_OVER = 3,
    TRACE_SCHED_PREEMPTED = 4,
    TRACE_SCHED_PASSED = 5,
    TRACE_SCHED_HELD = 6, /* by its cap */
    TRACE_SCHED_SENT = 7, /* to hart value[0] */
    TRACE_SCHED_ARRIVED = 8,
    TRACE_SCHED_IDLE = 9,     /* no vCPU: the hart has none to run */
    TRACE_SCHED_DIRECTED = 10 /* lets the vCPU of value[0] go first */
};

/* Bits of a mask, and what people call them: trace_category_name. */
enum trace_category {
    TRACE_EXIT,
    TRACE_ENTRY,
    TRACE_SBI,
    TRACE_MMIO,
    TRACE_CSR,
    TRACE_INJECT,
    TRACE_INTERRUPT,
    TRACE_REQUEST,
    TRACE_SCHED,
    TRACE_LIFE,
    TRACE_CATEGORIES
};

#define TRACE_MASK_ALL     (BIT(TRACE_CATEGORIES) - 1)
/* An EXIT tells when it was entered again, so an ENTRY is one record more for little. */
#define TRACE_MASK_DEFAULT (TRACE_MASK_ALL & ~BIT(TRACE_ENTRY))

#endif
