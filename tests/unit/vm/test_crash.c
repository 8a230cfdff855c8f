/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report of a crash, word for word.
 */
#include "vm/crash.h"

#include "fakes/machine.h"
#include "lib/print.h"
#include "riscv/csr.h"

static struct vcpu_home home;
static char printed[8192];

static void sink(const char *text, size_t length)
{
    strncat(printed, text, length);
}

static int start(void **state)
{
    printed[0] = '\0';
    print_set_sink(sink);
    return machine_setup(state);
}

#define PREFIX "understudy: error:   "

static void expect_line(const char *text)
{
    const char *line = strstr(printed, text);

    assert_non_null(line);
    assert_true(line >= printed + strlen(PREFIX));
    assert_memory_equal(line - strlen(PREFIX), PREFIX, strlen(PREFIX));
}

static void it_tells_who_where_why_and_what_before(void **state)
{
    struct vcpu *vcpu = &machine_add("a", 2, &home)->vcpus[1];
    struct trap trap = {.scause = CAUSE_INSN_GUEST_PAGE_FAULT,
                        .stval = 0x42,
                        .htval = 0x40,
                        .insn_len = 4};

    (void)state;
    machine_trap(vcpu, 0x40);
    vcpu->csrs.vstvec = 0x40;
    vcpu->csrs.vscause = CAUSE_LOAD_PAGE_FAULT;
    vcpu->csrs.vsepc = 0x80001000;
    vcpu->csrs.vstval = 0xdead;
    vcpu->regs.x[31] = 0xabc;
    vm_crash(vcpu, &trap, "for a reason");
    vm_crash(vcpu, &(struct trap){.scause = 3, .insn_len = 4}, "too late");
    assert_string_equal(vcpu->vm->reason, "for a reason");
    assert_int_equal(vcpu->vm->vcpus[0].requests & VCPU_REQUEST_STOP, VCPU_REQUEST_STOP);
    crash_complete(vcpu->vm);
    crash_print(vcpu->vm);
    expect_line("what: an instruction was fetched where the G-stage (hgatp) maps nothing");
    expect_line("why: hedeleg bit 20 is read-only zero");
    expect_line("verdict: halt: ");
    expect_line("source: Priv 21.5.1 (Guest Physical Address Translation)\n");
    expect_line("VS-stage: Bare, ASID 0, gva 0x42\n" PREFIX "  gpa 0x42, Bare, no table\n");
    expect_line("G-stage: Sv39x4, VMID 0, gpa 0x42\n");
    expect_line("  guest-page fault (20 fetch, 21 load, 23 store): entry not valid\n");
    expect_line("backtrace:\n" PREFIX "  0  0x0000000080001000  pc\n");
    expect_line("x28 0000000000000000  x29 0000000000000000  x30 0000000000000000  "
                "x31 0000000000000abc\n");
    *strstr(printed, PREFIX "what:") = '\0';
    assert_string_equal(
        printed,
        "understudy: error:   vCPU 1 in VS-mode at pc 0x40\n"
        "understudy: error:   scause 20, instruction guest-page fault; stval 0x42\n"
        "understudy: error:   guest physical address 0x102 is not memory; that is 0x80000000 to "
        "0x803fffff\n"
        "understudy: error:   its own last trap, to stvec 0x40: scause 13, load page fault; sepc "
        "0x80001000, stval 0xdead\n");
}

/* As vcpu/enter.S notes it. */
static void note_exit(struct vcpu *vcpu, uint64_t scause, uint64_t pc, uint64_t stval)
{
    struct trap *trap = &vcpu->traps[vcpu_exits(vcpu) % VCPU_TRAPS_COUNT];

    vcpu->traps_at += sizeof(*trap);
    *trap = (struct trap){.scause = scause, .stval = stval, .insn_len = 4, .pc = pc};
}

/* The last ones, the crash at the end; and a walk through the guest's tables as they are. */
static void it_tells_its_last_exits_and_the_walk(void **state)
{
    struct vcpu *vcpu = &machine_add("a", 1, &home)->vcpus[0];
    const uint64_t table = 0x80300000, pte = field_set(PTE_PPN, PTE_V, 0x10000);

    (void)state;
    machine_trap(vcpu, MACHINE_KERNEL);
    for (unsigned i = 0; i < VCPU_TRAPS_COUNT; i++)
        note_exit(vcpu, CAUSE_ECALL_VS, MACHINE_KERNEL + 8UL * i, 0);
    note_exit(vcpu, CAUSE_INTERRUPT | INTERRUPT_STI, MACHINE_KERNEL, 0);
    note_exit(vcpu, CAUSE_INSN_GUEST_PAGE_FAULT, 0x1000, 0x1000);
    assert_int_equal(guest_mem_write(&vcpu->vm->gstage, table, &pte, sizeof(pte)), 0);
    vm_crash(vcpu, vcpu_trap_back(vcpu, 0), "for a reason");
    vcpu->csrs.vsatp =
        field_set(SATP_MODE, field_set(SATP_PPN, 0, table / PAGE_SIZE), SATP_MODE_SV39);
    crash_complete(vcpu->vm);
    assert_int_equal(vcpu->vm->crash.exit_count, VCPU_TRAPS_COUNT);
    assert_int_equal(vcpu->vm->crash.walk.vs.end, WALK_NO_MEMORY);
    assert_int_equal(vcpu->vm->crash.walk.g.from, 0x10000000);
    crash_print(vcpu->vm);
    expect_line("VS-stage: Sv39, ASID 0, gva 0x1000\n" PREFIX
                "  level 2, entry 0 at gpa 0x80300000\n");
    expect_line("      pte 0x0000000004000001  V - - - - - - -  ppn 0x10000\n" PREFIX
                "  level 1, entry 0 at gpa 0x10000000\n" PREFIX "      G-stage: guest-page fault");
    expect_line("  guest-page fault (20 fetch, 21 load, 23 store): table is not in memory\n");
    expect_line("exit 15, at pc 0x80200010: environment call from VS-mode; stval 0x0\n");
    expect_line("exit 1, at pc 0x80200000: interrupt; stval 0x0\n" PREFIX
                "exit 0, at pc 0x1000: instruction guest-page fault; stval 0x1000\n");
    assert_null(strstr(printed, "exit 16"));
}

/* Not from where it cannot go on, but from where its own last trap came. */
static void it_tells_how_the_guest_got_there(void **state)
{
    struct vcpu *vcpu = &machine_add("a", 1, &home)->vcpus[0];
    const uint32_t call = 0x008000ef; /* jal ra, 8 */

    (void)state;
    machine_trap(vcpu, MACHINE_KERNEL);
    assert_int_equal(guest_mem_write(&vcpu->vm->gstage, MACHINE_KERNEL + 0x40, &call, sizeof(call)),
                     0);
    vcpu->regs.x[REG_RA] = MACHINE_KERNEL + 0x44;
    vcpu->regs.sepc = 0x40;
    vcpu->csrs.vstvec = 0x41;
    vcpu->csrs.vsepc = MACHINE_KERNEL + 0x80;
    vm_crash(vcpu, &(struct trap){.scause = CAUSE_INSN_GUEST_PAGE_FAULT, .insn_len = 4}, "why");
    crash_complete(vcpu->vm);
    crash_print(vcpu->vm);
    expect_line("backtrace:\n" PREFIX "  0  0x0000000080200080  pc\n" PREFIX
                "  1  0x0000000080200044  ra\n");
}

/* The pc's translation instead. */
static void a_trap_without_an_address_has_none(void **state)
{
    struct vcpu *vcpu = &machine_add("a", 1, &home)->vcpus[0];

    (void)state;
    machine_trap(vcpu, 0x80200000);
    vcpu->regs.hstatus = 0;
    vcpu->regs.sstatus = 0;
    vm_crash(vcpu, &(struct trap){.scause = CAUSE_HARDWARE_ERROR, .insn_len = 4}, "for a reason");
    crash_complete(vcpu->vm);
    assert_int_equal(vcpu->vm->crash.walk.vs.from, 0x80200000);
    assert_int_equal(vcpu->vm->crash.walk.g.end, WALK_DONE);
    crash_print(vcpu->vm);
    assert_non_null(strstr(printed, "vCPU 0 in VU-mode at pc 0x80200000\n"));
    assert_non_null(strstr(printed, "scause 19, hardware error; stval 0x0\n"));
    assert_null(strstr(printed, "guest physical"));
}

static void an_end_without_a_trap_says_no_more(void **state)
{
    struct vm *vm = machine_add("a", 1, &home);

    (void)state;
    machine_trap(&vm->vcpus[0], 0);
    vm_crash(&vm->vcpus[0], &(struct trap){.insn_len = 4}, "in an earlier life");
    vm->state = VM_RUNNING;
    vm_stop(vm, VM_CRASHED, "the guest said so");
    crash_complete(vm);
    crash_print(vm);
    assert_string_equal(printed, "");
}

#define CRASH_TEST(test) cmocka_unit_test_setup_teardown(test, start, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CRASH_TEST(it_tells_who_where_why_and_what_before),
        CRASH_TEST(it_tells_its_last_exits_and_the_walk),
        CRASH_TEST(it_tells_how_the_guest_got_there),
        CRASH_TEST(a_trap_without_an_address_has_none),
        CRASH_TEST(an_end_without_a_trap_says_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
