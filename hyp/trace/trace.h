/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trace points: a function each, which a room calls where the thing happens, whether anybody
 * wants it or not. They record, and decide nothing. What the values mean stands in record.h.
 *
 * `who` is the vCPU that it is about (vcpu->who), or TRACE_NOBODY. Any hart.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include "riscv/trap.h"
#include "trace/wants.h"

/* A record into the ring of this hart; `what` is of trace_what. */
void trace_put(uint64_t what, uint64_t v0, uint64_t v1, uint64_t v2, uint64_t v3, uint64_t v4,
               uint64_t v5);

/* A name of up to TRACE_NAME_MAX bytes. */
void trace_put_name(uint32_t who, const char *name);

/*
 * An exit of the vCPU is handled on this hart, from begin to end: requests in between are its. The
 * record that begin returns is for end; NULL where there is no room. Between the two nothing of
 * this hart is shown to others. Where EXIT is wanted.
 */
struct trace_record *trace_exit_begin(uint32_t who);
void trace_exit_end(struct trace_record *record, unsigned verdict, const struct trap *trap);

/* Whose exit is handled on this hart; TRACE_NOBODY where none is, or EXIT is not wanted. */
uint32_t trace_caller(void);

/* True where exits must be looked at: exit/exit_observe.c. */
static inline bool trace_wants_exits(void)
{
    return trace_wants(TRACE_EXIT) || trace_wants(TRACE_ENTRY) || trace_wants(TRACE_SBI) ||
           trace_wants(TRACE_REQUEST);
}

static inline void trace_entry(uint32_t who, uint64_t pc, uint64_t hstatus, uint64_t sstatus)
{
    if (trace_wants(TRACE_ENTRY))
        trace_put(trace_what(TRACE_KIND_ENTRY, 0, who), pc, hstatus, sstatus, 0, 0, 0);
}

static inline void trace_sbi(uint32_t who, uint64_t extension, uint64_t function, uint64_t a0,
                             uint64_t a1, uint64_t error, uint64_t value)
{
    if (trace_wants(TRACE_SBI))
        trace_put(trace_what(TRACE_KIND_SBI, 0, who), extension, function, a0, a1, error, value);
}

/* `detail`: bytes and TRACE_MMIO_ bits. */
static inline void trace_mmio(uint32_t who, unsigned detail, uint64_t gpa, uint64_t value,
                              unsigned device)
{
    if (trace_wants(TRACE_MMIO))
        trace_put(trace_what(TRACE_KIND_MMIO, detail, who), gpa, value, device, 0, 0, 0);
}

/* `detail`: TRACE_CSR_WRITE or 0. */
static inline void trace_csr(uint32_t who, unsigned detail, unsigned number, uint64_t read,
                             uint64_t written)
{
    if (trace_wants(TRACE_CSR))
        trace_put(trace_what(TRACE_KIND_CSR, detail, who), number, read, written, 0, 0, 0);
}

static inline void trace_inject(uint32_t who, uint64_t cause, uint64_t pc, uint64_t tval,
                                uint64_t handler)
{
    if (trace_wants(TRACE_INJECT))
        trace_put(trace_what(TRACE_KIND_INJECT, 0, who), cause, pc, tval, 0, 0, handler);
}

static inline void trace_interrupt(uint32_t who, uint64_t raised, uint64_t lowered, uint64_t hvip)
{
    if (trace_wants(TRACE_INTERRUPT))
        trace_put(trace_what(TRACE_KIND_INTERRUPT, 0, who), raised, lowered, hvip, 0, 0, 0);
}

/* `kicked`: the index of the hart that is kicked, or UINT64_MAX. */
static inline void trace_request(uint32_t target, uint64_t bits, uint64_t kicked)
{
    if (trace_wants(TRACE_REQUEST))
        trace_put(trace_what(TRACE_KIND_REQUEST, 0, trace_caller()), bits, target & 0xffff,
                  target >> 16, kicked, 0, 0);
}

static inline void trace_wire(uint32_t vm, unsigned source, bool level)
{
    if (trace_wants(TRACE_INTERRUPT))
        trace_put(trace_what(TRACE_KIND_WIRE, level, trace_who(vm, TRACE_NONE)), source, 0, 0, 0, 0,
                  0);
}

/* Another vCPU in one value: id << 16 | vCPU. */
static inline uint64_t trace_other(uint32_t who)
{
    return who == TRACE_NOBODY ? UINT64_MAX : (who & 0xffff) << 16 | who >> 16;
}

/* `before`: who was loaded, or TRACE_NOBODY. */
static inline void trace_switch(uint32_t who, uint32_t before)
{
    if (trace_wants(TRACE_SCHED))
        trace_put(trace_what(TRACE_KIND_SWITCH, 0, who), trace_other(before), 0, 0, 0, 0, 0);
}

static inline void trace_sched(uint32_t who, enum trace_sched what, uint64_t value)
{
    if (trace_wants(TRACE_SCHED))
        trace_put(trace_what(TRACE_KIND_SCHED, what, who), value, 0, 0, 0, 0, 0);
}

static inline void trace_directed(uint32_t who, uint32_t to)
{
    trace_sched(who, TRACE_SCHED_DIRECTED, trace_other(to));
}

/* enum vm_state, both. */
static inline void trace_life(uint32_t vm, unsigned state, unsigned before)
{
    if (trace_wants(TRACE_LIFE))
        trace_put(trace_what(TRACE_KIND_LIFE, state, trace_who(vm, TRACE_NONE)), before, 0, 0, 0, 0,
                  0);
}

static inline void trace_name(uint32_t vm, const char *name)
{
    if (trace_wants(TRACE_LIFE))
        trace_put_name(trace_who(vm, TRACE_NONE), name);
}

static inline void trace_bound(uint32_t who, uint64_t hgatp, uint64_t generation)
{
    if (trace_wants(TRACE_LIFE))
        trace_put(trace_what(TRACE_KIND_BOUND, 0, who), hgatp, generation, 0, 0, 0, 0);
}

#endif
