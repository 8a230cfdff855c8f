/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A session as GDB 13 has it: hello, attach, look, break, step, watch, Ctrl-C, detach; and what
 * happens when the VM or GDB goes away.
 */
#include "gdb_fixture.h"

static void hello_and_acks(void **state)
{
    (void)state;
    assert_non_null(strstr(ask("qSupported:multiprocess+;swbreak+"), "vContSupported+"));
    assert_int_equal(board_fake.port_text[0], '+');
    EXPECT("vMustReplyEmpty", "");
    EXPECT("QStartNoAckMode", "OK");
    EXPECT("!", "OK");
    assert_int_equal(board_fake.port_text[0], '$');
    EXPECT("?", "W00");
    EXPECT("Hgp0.0", "E03");
    EXPECT("g", "E03");
    EXPECT("m0,1", "E03");
    put_bytes("$?#00");
    assert_string_equal(board_fake.port_text, ""); /* no acks: a wrong sum is not told */
    ask("qSupported:");
    assert_int_equal(board_fake.port_text[0], '+'); /* another GDB */
    put_bytes("$?#00");
    assert_string_equal(board_fake.port_text, "-");
    ask("?");
    put_bytes("-");
    assert_string_equal(board_fake.port_text, "$W00#b7");
    put_bytes("+");
    assert_string_equal(board_fake.port_text, "");
}

static void who_is_there(void **state)
{
    (void)state;
    EXPECT("vAttach;2", "E03");
    EXPECT("vAttach;x", "E03");
    EXPECT(ATTACH, "T05thread:p1.1;");
    EXPECT(ATTACH, "E03");
    EXPECT("?", "T05thread:p1.1;");
    EXPECT("qC", "QCp1.1");
    EXPECT("qCRC:0,1", "");
    EXPECT("qAttached:1", "1");
    EXPECT("qfThreadInfo", "mp1.1,p1.2,p1.3");
    EXPECT("qsThreadInfo", "l");
    EXPECT("Tp1.3", "OK");
    EXPECT("Tp1.4", "E03");
    EXPECT("Tp2.1", "E03");
    EXPECT("T", "E03");
    EXPECT("qThreadExtraInfo,p1.9", "E03");
    EXPECT("qThreadExtraInfo,p1.3", "67756573742c2056532d6d6f64652c2073746f70706564");
    vm->vcpus[0].hsm_state = 77;
    assert_non_null(ask("qThreadExtraInfo,p1.1"));
    EXPECT("Hgp1.2", "OK");
    EXPECT("qC", "QCp1.2");
    EXPECT("Hgp1.9", "E03");
    EXPECT("Hg", "E16");
    EXPECT("Hc-1", "OK");
}

static void registers_come_and_go(void **state)
{
    struct vcpu *vcpu = &vm->vcpus[0];
    char text[700];
    size_t length = 0;

    (void)state;
    vcpu->regs.x[1] = 0x1122334455667788;
    assert_memory_equal(ask("g") + 16, "8877665544332211", 16);
    assert_int_equal(strlen(ask("g")), 33 * 16);
    length = (size_t)snprintf(text, sizeof(text), "G");
    for (unsigned i = 0; i < 33; i++)
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%02x00000000000000", i);
    assert_string_equal(ask(text), "OK");
    assert_int_equal(vcpu->regs.x[0], 0);
    assert_int_equal(vcpu->regs.x[31], 31);
    assert_int_equal(vcpu->regs.sepc, 32);
    EXPECT("G00", "E16");
    EXPECT("p1f", "1f00000000000000");
    EXPECT("P1f=0100000000000000", "OK");
    assert_int_equal(vcpu->regs.x[31], 1);
    EXPECT("P1f=01", "E16");
    EXPECT("P1f", "E16");
    EXPECT("P1f=zz", "E16");
    EXPECT("pffff", "E16");
    EXPECT("p", "E16");
}

static void memory_comes_and_goes(void **state)
{
    (void)state;
    poke(DATA, 0x12345678);
    EXPECT("m80210000,4", "78563412");
    EXPECT("m80210000,0", "");
    EXPECT("M80210001,2:abcd", "OK");
    EXPECT("m80210000,4", "78abcd12");
    EXPECT("X80210000,3:a}\x03z", "OK");
    EXPECT("m80210000,4", "61237a12");
    EXPECT("X80210000,0:", "OK");
    EXPECT("X80210000,2:a", "E16");
    EXPECT("m10000000,4", "E0e");          /* a device */
    EXPECT("M803ffffe,4:00000000", "E0e"); /* RAM ends */
    EXPECT("m803ffffe,4", "0000");
    EXPECT("m80210000", "E16");
    EXPECT("m80210000,ffff", "E16");
    EXPECT("M80210000,2:a", "E16");
    EXPECT("M80210000,2", "E16");
    EXPECT("mffffffffffffffff,8", "E0e");
}

static void a_breakpoint_is_met(void **state)
{
    struct vcpu *first = &vm->vcpus[0], *second = &vm->vcpus[1];

    (void)state;
    EXPECT("Z0,80200040,4", "OK");
    EXPECT("Z0,80200040,4", "OK");
    assert_int_equal(peek(PC + 0x40), NOP);
    assert_null(ask("vCont;c:p1.-1"));
    assert_int_equal(peek(PC + 0x40), 0x9002); /* the upper half stays */
    assert_false(first->csrs.hedeleg & BIT(CAUSE_BREAKPOINT));
    assert_false(vm_holds(first) || vm_holds(second));
    hit_breakpoint(second, PC + 0x40);
    assert_string_equal(heard(), "T05thread:p1.2;swbreak:;");
    assert_int_equal(peek(PC + 0x40), NOP);
    assert_true(first->csrs.hedeleg & BIT(CAUSE_BREAKPOINT));
    assert_true(vm_holds(first) && vm_holds(second));
    EXPECT("qC", "QCp1.2"); /* GDB takes it for granted */
    EXPECT("z0,80200040,4", "OK");
    assert_null(ask("vCont;c:p1.2"));
    assert_true(vm_holds(first));
    assert_false(vm_holds(second));
    assert_int_equal(peek(PC + 0x40), NOP);
    assert_true(first->csrs.hedeleg & BIT(CAUSE_BREAKPOINT));
}

/* It patches its code, or loads other code: the breakpoint is gone from there, its bytes are not.
 * Once GDB has had its say there is one again, in the new code. */
static void what_the_guest_writes_over_a_breakpoint_stays(void **state)
{
    (void)state;
    EXPECT("Z0,80200040,4", "OK");
    EXPECT("Z0,80200044,4", "OK");
    assert_null(ask("vCont;c:p1.-1"));
    poke(PC + 0x40, 0x0000006f); /* j . */
    put_bytes("\x03");
    assert_int_equal(peek(PC + 0x40), 0x0000006f);
    assert_int_equal(peek(PC + 0x44), NOP);
    assert_null(ask("vCont;c:p1.-1"));
    assert_int_equal(peek(PC + 0x40), 0x00009002);
    put_bytes("\x03");
    assert_int_equal(peek(PC + 0x40), 0x0000006f);
}

/* The guest's own is its own, whatever else is set. */
static void the_guests_own_breakpoint_reaches_it(void **state)
{
    struct vcpu *vcpu = &vm->vcpus[0];

    (void)state;
    poke(PC + 0x80, 0x9002);
    EXPECT("Z1,80200040,4", "OK");
    assert_null(ask("vCont;c:p1.-1"));
    hit_breakpoint(vcpu, PC + 0x80);
    assert_string_equal(heard(), "");
    assert_false(vm_holds(vcpu));
    assert_int_equal(vcpu->regs.sepc, STVEC);
    assert_int_equal(vcpu->csrs.vsepc, PC + 0x80);
    assert_int_equal(vcpu->csrs.vscause, CAUSE_BREAKPOINT);
    assert_int_equal(vcpu->csrs.vstval, PC + 0x80);
}

/* Two at once: one is told, the other comes again. */
static void two_events_are_one(void **state)
{
    struct vcpu *first = &vm->vcpus[0], *second = &vm->vcpus[1];

    (void)state;
    EXPECT("Z0,80200040,2", "OK");
    assert_null(ask("vCont;c"));
    first->regs.sepc = second->regs.sepc = PC + 0x40;
    second->traps[0] = (struct trap){.scause = CAUSE_BREAKPOINT, .insn_len = 4};
    second->traps_at = sizeof(struct trap);
    assert_true(debug_stop(second));
    hit_breakpoint(first, PC + 0x40);
    assert_string_equal(heard(), "T05thread:p1.1;swbreak:;");
    assert_int_equal(second->debug.has_event, 0);
    assert_true(vm_holds(second));
}

static void a_step_runs_alone(void **state)
{
    struct vcpu *first = &vm->vcpus[0], *second = &vm->vcpus[1];

    (void)state;
    assert_null(ask("vCont;s:p1.1;c:p1.-1"));
    assert_false(vm_holds(first));
    assert_true(vm_holds(second));
    assert_int_equal(first->csrs.vsie, 0);
    assert_int_equal(peek(PC) & 0xffff, NOP);
    assert_int_equal(peek(STVEC) & 0xffff, 0x9002);
    hit_breakpoint(first, PC + 4);
    assert_string_equal(heard(), "T05thread:p1.1;");
    assert_int_equal(first->csrs.vsie, SIP_STIP);
    assert_int_equal(peek(PC + 4), NOP);
    assert_int_equal(peek(STVEC), NOP);
    poke(PC + 4, 0x0100006f);                  /* j 16 */
    EXPECT("vCont;s:p1.1", "T05thread:p1.1;"); /* no guest ran for it */
    assert_int_equal(first->regs.sepc, PC + 0x14);
    EXPECT("vCont;S05:p1.3", "T05thread:p1.3;"); /* it is stopped */
}

/* Ctrl-C while it steps, for instance a call that does not return. */
static void a_step_can_be_given_up(void **state)
{
    struct vcpu *vcpu = &vm->vcpus[0];

    (void)state;
    assert_null(ask("vCont;s:p1.1"));
    put_bytes("\x03");
    assert_string_equal(heard(), "T02thread:p1.1;");
    assert_int_equal(peek(PC + 4), NOP);
    assert_int_equal(vcpu->csrs.vsie, SIP_STIP);
    put_bytes("\x03");
    assert_string_equal(heard(), "");
}

static void ctrl_c_stops_all(void **state)
{
    (void)state;
    assert_null(ask("vCont;c"));
    EXPECT("g", "E10"); /* not while it runs */
    put_bytes("\x03");
    assert_string_equal(heard(), "T02thread:p1.1;");
    assert_true(vm_holds(&vm->vcpus[1]));
    EXPECT("vCont;t", "E16");
    EXPECT("vCont;C", "E16");
    EXPECT("vCont?", "vCont;c;C;s;S;t");
}

static void detached_it_goes_on(void **state)
{
    (void)state;
    EXPECT("Z0,80200040,4", "OK");
    EXPECT("D;1", "OK");
    assert_false(vm_holds(&vm->vcpus[0]) || vm_holds(&vm->vcpus[1]));
    assert_false(debug_is_on(vm));
    assert_false(debug_stop(&vm->vcpus[0]));
    EXPECT("?", "W00");
    EXPECT(ATTACH, "T05thread:p1.1;");
    EXPECT("Dx", "E16");
    EXPECT("D", "OK");
    assert_false(vm_holds(&vm->vcpus[0]));
}

static void killed_it_is_over(void **state)
{
    (void)state;
    EXPECT("vKill;2", "E03");
    EXPECT("vKill;1", "OK");
    assert_int_equal(vm->state, VM_HALTED);
    assert_true(vm->vcpus[0].requests & VCPU_REQUEST_STOP);
    EXPECT("?", "W00");
}

static void leave_all(void)
{
    for (uint32_t i = 0; i < vm->vcpu_count; i++)
        life_leave(vm);
    put_bytes("");
}

/* Its last vCPU leaves on another hart, whatever GDB does meanwhile; its memory is as it was. */
static void a_vm_ends_while_it_runs(void **state)
{
    (void)state;
    EXPECT("Z0,80200040,4", "OK");
    EXPECT("Z2,80210000,8", "OK");
    assert_null(ask("vCont;c"));
    vm_stop(vm, VM_HALTED, "its end");
    kick_fake.sure = 0;
    leave_all();
    assert_true(kick_fake.sure > 0); /* it may have been the hart that serves GDB */
    assert_string_equal(heard(), "W00;process:1");
    assert_int_equal(peek(PC + 0x40), NOP);
    EXPECT("?", "W00");
    EXPECT(ATTACH, "E03");
}

static void a_vm_crashes_or_goes(void **state)
{
    (void)state;
    assert_null(ask("vCont;c"));
    vm_stop(vm, VM_CRASHED, "its end");
    leave_all();
    assert_string_equal(heard(), "X06;process:1");
}

/* Between the two looks of process_attach, by another hart. */
static void a_vm_ends_while_gdb_comes(void **state)
{
    (void)state;
    assert_null(ask("vCont;c"));
    vm_stop(vm, VM_HALTED, "its end");
    for (uint32_t i = 0; i < vm->vcpu_count; i++) {
        vm->vcpus[i].is_blocked = 0;
        life_leave(vm);
    }
    debug_begin(vm);
    put_bytes("\x03");
    assert_string_equal(heard(), "W00;process:1");
    assert_false(debug_is_on(vm));
    assert_int_equal(traffic_state(), TRAFFIC_STOPPED);
}

static void a_vm_is_destroyed_while_it_stands(void **state)
{
    (void)state;
    life_destroy(machine);
    EXPECT("g", "E03");
    for (uint32_t i = 0, count = vm->vcpu_count; i < count; i++)
        life_leave(vm);
    vm = life_first() ? vm : NULL;
    board_fake.port_in = "$vCont;c#a8";
    gdb_wake();
    listen_anew();
    for (unsigned i = 0; i < 10; i++)
        gdb_work();
    assert_string_equal(heard(), "X09;process:1");
}

/* GDB was ended without a word: the next one finds nobody attached, and the VM runs. */
static void another_gdb(void **state)
{
    (void)state;
    EXPECT("Z0,80200040,4", "OK");
    assert_null(ask("vCont;c"));
    assert_non_null(strstr(ask("qSupported"), "multiprocess+"));
    EXPECT("?", "W00");
    assert_false(debug_is_on(vm));
    assert_int_equal(peek(PC + 0x40), NOP);
    assert_false(vm_holds(&vm->vcpus[0]));
    EXPECT(ATTACH, "T05thread:p1.1;");
    assert_null(ask("k"));
    assert_false(debug_is_on(vm));
}

/* It left while its guests ran, or while they stood, in the middle of a packet. */
static void gdb_goes_away(void **state)
{
    (void)state;
    EXPECT("Z0,80200040,4", "OK");
    assert_null(ask("vCont;c"));
    board_fake.port_is_left = true;
    put_bytes("");
    assert_string_equal(heard(), "");
    assert_false(debug_is_on(vm) || vm_holds(&vm->vcpus[0]));
    assert_int_equal(peek(PC + 0x40), NOP);
    board_fake.port_is_left = false;
    EXPECT(ATTACH, "T05thread:p1.1;");
    put_bytes("$m8020");
    board_fake.port_is_left = true;
    put_bytes("");
    assert_false(debug_is_on(vm) || vm_holds(&vm->vcpus[0]));
    board_fake.port_is_left = false;
    EXPECT("?", "W00");
}

static void the_monitor_is_asked(void **state)
{
    (void)state;
    EXPECT("qRcmd,6c697374", "OK");
    assert_non_null(strstr(board_fake.port_text, "$O736169640a#8a$OK#9a"));
    assert_string_equal(ordered, "list");
    EXPECT("qRcmd,6", "E16");
    EXPECT("qRcmd,6z", "E16");
    EXPECT("qXfer:osdata:read:processes:0,ff", "l<osdata type=\"processes\">\n<item>"
                                               "<column name=\"pid\">1</column>"
                                               "<column name=\"user\">running</column>"
                                               "<column name=\"command\">guest</column></item>\n"
                                               "</osdata>\n");
    EXPECT("qXfer:features:read:target.xml:0,5", "m<?xml");
    EXPECT("qXfer:features:read:target.xml:ffff,5", "l");
    EXPECT("qXfer:features:read:target.xml:x", "E16");
    EXPECT("qXfer:features:read:other.xml:0,5", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GDB_TEST(hello_and_acks),
        GDB_TEST(who_is_there),
        ATTACHED_TEST(registers_come_and_go),
        ATTACHED_TEST(memory_comes_and_goes),
        ATTACHED_TEST(a_breakpoint_is_met),
        ATTACHED_TEST(what_the_guest_writes_over_a_breakpoint_stays),
        ATTACHED_TEST(the_guests_own_breakpoint_reaches_it),
        ATTACHED_TEST(two_events_are_one),
        ATTACHED_TEST(a_step_runs_alone),
        ATTACHED_TEST(a_step_can_be_given_up),
        ATTACHED_TEST(ctrl_c_stops_all),
        ATTACHED_TEST(detached_it_goes_on),
        ATTACHED_TEST(killed_it_is_over),
        ATTACHED_TEST(a_vm_ends_while_it_runs),
        ATTACHED_TEST(a_vm_crashes_or_goes),
        ATTACHED_TEST(a_vm_ends_while_gdb_comes),
        ATTACHED_TEST(a_vm_is_destroyed_while_it_stands),
        ATTACHED_TEST(another_gdb),
        ATTACHED_TEST(gdb_goes_away),
        ATTACHED_TEST(the_monitor_is_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
