/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GDB's end of the port, and a machine whose vCPUs a test moves by hand: packets go in, answers
 * come out; vCPUs that are held leave their guest when the harts have their turn.
 */
#ifndef GDB_FIXTURE_H
#define GDB_FIXTURE_H

#include "fakes/lives.h"

#include "gdb/gdb.h"
#include "gdb/process.h"
#include "gdb/traffic.h"
#include "riscv/csr.h"
#include "vcpu/request.h"
#include "vm/debug_point.h"

#include <stdio.h>

#define PC     MACHINE_KERNEL
#define STVEC  (MACHINE_KERNEL + 0x100)
#define DATA   (MACHINE_KERNEL + 0x10000)
#define NOP    0x00000013U
#define ATTACH "vAttach;1"

static struct vcpu_home home;
static struct machine *machine;
static struct vm *vm;
static char sent[3 * PACKET_MAX];
static char ordered[300]; /* the last line for the monitor */

static inline void order(char *line, void (*say)(const char *text, size_t count))
{
    snprintf(ordered, sizeof(ordered), "%s", line);
    say("said\n", 5);
}

/* What the run loops would do: mail is read; who is held stands still; who is not runs. */
static inline void harts_work(void)
{
    for (struct vcpu *next, *vcpu = vcpu_take_mail(&home); vcpu; vcpu = next)
        next = vcpu->mail_next;
    for (uint32_t i = 0; i < vm->vcpu_count; i++) {
        struct vcpu *vcpu = &vm->vcpus[i];

        vcpu_take_requests(vcpu, UINT64_MAX & ~VCPU_REQUEST_STOP);
        vcpu->is_blocked = vm_holds(vcpu) || vcpu->hsm_state == SBI_HSM_STOPPED;
        vcpu->in_guest = !vcpu->is_blocked;
    }
    debug_tell();
}

static inline void work(void)
{
    for (unsigned i = 0; i < 20; i++) {
        gdb_work();
        harts_work();
    }
}

/* What the last packet that was sent says, its sum checked; "" where there was none. */
static inline const char *heard(void)
{
    static char text[sizeof(board_fake.port_text)];
    char *end, *start, sum_text[3];
    uint8_t sum = 0;

    snprintf(text, sizeof(text), "%s", board_fake.port_text);
    start = strrchr(text, '$');
    if (!start)
        return "";
    end = strrchr(start, '#');
    assert_non_null(end);
    for (const char *at = start + 1; at < end; at++)
        sum = (uint8_t)(sum + (uint8_t)*at);
    snprintf(sum_text, sizeof(sum_text), "%02x", sum);
    assert_string_equal(end + 1, sum_text);
    *end = '\0';
    return start + 1;
}

static inline void listen_anew(void)
{
    board_fake.port_count = 0;
    memset(board_fake.port_text, 0, sizeof(board_fake.port_text));
}

static inline void put_bytes(const char *bytes)
{
    listen_anew();
    board_fake.port_in = bytes;
    gdb_wake();
    work();
}

/* The packet's answer, without its frame; NULL where there was none. */
static inline const char *ask(const char *what)
{
    uint8_t sum = 0;

    for (const char *at = what; *at; at++)
        sum = (uint8_t)(sum + (uint8_t)*at);
    snprintf(sent, sizeof(sent), "$%s#%02x", what, sum);
    put_bytes(sent);
    return strchr(board_fake.port_text, '$') ? heard() : NULL;
}

#define EXPECT(what, answer) assert_string_equal(ask(what), answer)

static inline void poke(gpa_t gpa, uint32_t word)
{
    assert_int_equal(guest_mem_write(&vm->gstage, gpa, &word, sizeof(word)), 0);
}

static inline uint32_t peek(gpa_t gpa)
{
    uint32_t word = 0;

    assert_int_equal(guest_mem_read(&vm->gstage, gpa, &word, sizeof(word)), 0);
    return word;
}

/* The vCPU, released by GDB, traps, and leaves its hart if that was for the debugger. */
static inline void trap_for_debugger(struct vcpu *vcpu, struct trap trap)
{
    assert_false(vm_holds(vcpu));
    trap.pc = vcpu->regs.sepc;
    trap.insn_len = 4;
    vcpu->traps[vcpu_exits(vcpu) % VCPU_TRAPS_COUNT] = trap;
    vcpu->traps_at += sizeof(trap);
    assert_true(debug_stop(vcpu));
    harts_work();
    work();
}

static inline void hit_breakpoint(struct vcpu *vcpu, uint64_t pc)
{
    assert_int_equal(peek(pc & ~1UL) & 0xffff, 0x9002);
    vcpu->regs.sepc = pc;
    trap_for_debugger(vcpu, (struct trap){.scause = CAUSE_BREAKPOINT, .stval = pc});
}

/* A VM of three vCPUs: the first two run in its kernel, satp Bare; the third one is stopped. */
static inline int gdb_setup(void **state)
{
    int err = machine_setup(state);
    struct vm_config config = machine_config("guest", 3);

    if (err)
        return err;
    lives_setup();
    home = (struct vcpu_home){.hartid = 7};
    machine = lives_add(&config, &home);
    vm = machine->vm;
    life_start(machine);
    for (unsigned i = 0; i < 2; i++) {
        vcpu_start(&vm->vcpus[i], PC, 0);
        vm->vcpus[i].csrs.vstvec = STVEC;
        vm->vcpus[i].csrs.vsie = SIP_STIP;
    }
    for (gpa_t gpa = PC; gpa < PC + 0x200; gpa += 4)
        poke(gpa, NOP);
    gdb_start(&home, order);
    harts_work();
    put_bytes("");
    return 0;
}

static inline int gdb_attached_setup(void **state)
{
    int err = gdb_setup(state);

    if (!err)
        EXPECT(ATTACH, "T05thread:p1.1;");
    return err;
}

#define GDB_TEST(test) cmocka_unit_test_setup_teardown(test, gdb_setup, machine_teardown)
#define ATTACHED_TEST(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, gdb_attached_setup, machine_teardown)

#endif
