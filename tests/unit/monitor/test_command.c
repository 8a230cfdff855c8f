/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands on real machines: words, counts of arguments, numbers, completion; and what each
 * answers or refuses.
 */
#include "../life/life_fixture.h"
#include "../vm/good_bundle.h"

#include "monitor/command.h"
#include "vcpu/exit_counts.h"
#include "vm/crash.h"

static struct answer answer;
static struct order order;
static char text[16384];

/* The command line's answer, as JSON, or the words it is refused with. */
static const char *run(const char *line)
{
    static char words[256];
    const char *name;

    strcpy(words, line);
    answer_init(&answer, ANSWER_JSON, text, sizeof(text) - 1);
    order = (struct order){.answer = &answer};
    name = command_split(&order, words);
    command_run(&order, name);
    text[answer.length] = '\0';
    return answer.is_refused ? answer.error : text;
}

static void expect(const char *line, const char *words)
{
    assert_string_equal(run(line), words);
}

static void expect_in(const char *line, const char *words)
{
    if (!strstr(run(line), words))
        fail_msg("%s: %s", line, answer.is_refused ? answer.error : text);
}

static void unknown_commands_and_wrong_counts(void **state)
{
    (void)state;
    expect("nonsense", "there is no command nonsense; try help");
    expect("list x", "usage: list");
    expect("create", "usage: create CONFIGURATION [NAME]");
    expect("pause", "usage: pause VM");
    expect("pause a b", "usage: pause VM");
    expect("pause a", "there is no VM a");
    expect("help x", "there is no command x");
    expect_in("help", "\"command\":\"destroy\"");
    expect("help list", "\"commands\":[{\"command\":\"list\",\"arguments\":\"\","
                        "\"what\":\"the VMs\"}]");
}

static void words_are_cut_at_blanks(void **state)
{
    char line[] = "  one two   three ";
    char blank[] = "   ";
    char many[] = "c 1 2 3 4 5 6 7 8 9 10";

    (void)state;
    assert_string_equal(command_split(&order, line), "one");
    assert_int_equal(order.arg_count, 2);
    assert_string_equal(order.args[0], "two");
    assert_string_equal(order.args[1], "three");
    assert_null(command_split(&order, blank));
    assert_int_equal(order.arg_count, 0);
    command_split(&order, many);
    assert_int_equal(order.arg_count, ORDER_ARGS_MAX);
}

static void numbers(void **state)
{
    static const char *const bad[] = {
        "", "x", "0x", "1a", "-1", "1 ", "0xg", "18446744073709551616", "0x10000000000000000"};
    uint64_t value;

    (void)state;
    assert_true(command_number("0", &value) && value == 0);
    assert_true(command_number("18446744073709551615", &value) && value == UINT64_MAX);
    assert_true(command_number("0xFfffffffffffffff", &value) && value == UINT64_MAX);
    assert_true(command_number("0X80", &value) && value == 128);
    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(command_number(bad[i], &value));
}

static void a_life_by_commands(void **state)
{
    struct machine *machine = life_created("a", 1);

    (void)state;
    expect("list", "\"vms\":[{\"id\":1,\"name\":\"a\",\"state\":\"created\",\"vcpus\":1,"
                   "\"mib\":4,\"starts\":0}]");
    expect("pause a", "a is created: it cannot pause");
    expect("start a", "\"vm\":\"a\"");
    expect("pause 1", "\"vm\":\"a\"");
    assert_non_null(order.is_done);
    expect("resume a", "\"vm\":\"a\"");
    expect("start a", "a is running: it cannot start");
    expect("reset a", "\"vm\":\"a\"");
    assert_false(order.is_done(&order));
    life_leave_all(machine->vm);
    assert_true(order.is_done(&order));
    expect_in("list", "\"starts\":2");
    expect("destroy a", "\"vm\":\"a\"");
    assert_null(order.machine);
    assert_false(order.is_done(&order));
    life_leave_all(machine->vm);
    assert_true(order.is_done(&order));
    expect("list", "\"vms\":[]");
    expect("quit", "\"quits\":true");
    assert_true(order.ends_all);
}

static void a_crash_is_told(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    expect_in("info a", "\"reason\":\"\"");
    life_end(machine, VM_CRASHED);
    machine->vm->crash = (struct vm_crash){.trap = {.scause = 2, .insn_len = 4}, .pc = 0x80201234};
    machine->vm->vcpus[0].regs.x[REG_SP] = 0x4321;
    machine->vm->vcpus[0].traps[0] = (struct trap){.scause = 20, .insn_len = 4, .pc = 0x80200010};
    machine->vm->vcpus[0].traps_at = sizeof(struct trap);
    crash_complete(machine->vm);
    expect_in("info a", "\"state\":\"crashed\"");
    expect_in("info a", "\"crash\":{\"vcpu\":0,\"mode\":\"VS\",\"pc\":\"0x80201234\"");
    expect_in("info a", "\"explanation\":{\"cause\":\"exception 2: illegal instruction\",");
    expect_in("info a", "\"backtrace\":[{\"frame\":0,\"pc\":\"0x80201234\",\"found_by\":\"pc\"}]");
    expect_in("info a", "\"sp\":\"0x4321\"");
    expect_in("info a", "\"last_exits\":[{\"back\":0,\"pc\":\"0x80200010\"");
    expect_in("info a", "\"exits\":1");
    expect_in("info a", "\"gpa\":\"0x80201234\",\"g_stage\":[{\"level\":");
}

/* For people: sentences in lines, the walk drawn, the backtrace as a table. */
static void a_crash_is_told_to_people(void **state)
{
    struct machine *machine = life_started("a", 1);
    char words[] = "info a";

    (void)state;
    life_end(machine, VM_CRASHED);
    machine->vm->crash = (struct vm_crash){.trap = {.scause = 20, .stval = 0x42, .insn_len = 4}};
    crash_complete(machine->vm);
    answer_init(&answer, ANSWER_TEXT, text, sizeof(text) - 1);
    order = (struct order){.answer = &answer};
    command_run(&order, command_split(&order, words));
    text[answer.length] = '\0';
    assert_non_null(strstr(text, "explanation\ncause: exception 20: instruction guest-page fault\n"
                                 "what: an instruction was fetched where "));
    assert_non_null(strstr(text, "frame     pc                  found_by\n0         0x0  "));
    assert_non_null(strstr(text, "VS-stage: Bare, ASID 0, gva 0x42\n  gpa 0x42, Bare, no table\n"));
}

static void registers_are_shown(void **state)
{
    struct machine *machine = life_created("a", 2);

    (void)state;
    machine->vm->vcpus[1].regs.x[REG_A0] = 0x1234;
    machine->vm->vcpus[1].csrs.vscause = 7;
    expect_in("regs a 1", "\"a0\":\"0x1234\"");
    expect_in("regs a 1", "\"vscause\":\"0x7\"");
    expect_in("regs a", "\"vcpu\":0");
    expect("regs a 2", "a has no vCPU 2");
    expect("regs a x", "a has no vCPU x");
}

static void translations_are_walked(void **state)
{
    (void)state;
    life_created("a", 1);
    expect_in("walk a 0x80200000", "\"vs_stage\":[],");
    expect_in("walk a 0x80200000 0", "\"gpa\":\"0x80200000\",\"g_stage\":[{\"level\":2,");
    expect_in("walk a 0x80200000 0 full", "\"bits\":\"V R W X U - A D\"");
    expect_in("walk a 0x80200000 full", "\"rights\":\"RWX\",\"whose\":\"VS- and VU-mode\"");
    expect_in("walk a 0x42", "\"g_end\":\"entry not valid\"");
    expect_in("walk a 0x42", "\"rights\":\"none\",\"whose\":\"nobody\"");
    expect("walk a x", "an address is needed, such as 0x80000000");
    expect("walk a full", "an address is needed, such as 0x80000000");
    expect("walk a 0 1", "a has no vCPU 1");
    expect("walk a 0 0 fool", "fool is not the word full");
    expect("walk a 0 full full", "a has no vCPU full");
}

static void memory_is_shown(void **state)
{
    (void)state;
    life_created("a", 1);
    expect("mem a 0x80200000 3",
           "\"memory\":[{\"address\":\"0x80200000\",\"bytes\":\"13 13 13\",\"text\":\"...\"}]");
    expect_in("mem a 0x80200000", "{\"address\":\"0x80200030\"");
    expect("mem a 0x80200000 1025", "1025 is not a number of bytes, 1 to 1024");
    expect("mem a 0x80200000 0", "0 is not a number of bytes, 1 to 1024");
    expect("mem a x", "an address is needed, such as 0x80000000");
    expect("mem a", "an address is needed, such as 0x80000000");
    expect("mem a 0", "a has no memory at 0x0, or not 64 bytes of it");
    expect("mem a 0xffffffffffffffff 1", "a has no memory at 0xffffffffffffffff, or not 1 bytes "
                                         "of it");
    expect_in("mem", "\"free_pages\":");
}

static void consoles_are_read_and_typed_into(void **state)
{
    struct machine *machine = life_created("a", 1);
    struct tty *tty = &machine->channel.tty;
    uint8_t byte;

    (void)state;
    tty->write(tty, (const uint8_t *)"hi\n", 3);
    expect("console a 0", "\"position\":3,\"typed\":0,\"said\":\"hi\\n\"");
    expect("console a 3 x", "\"position\":3,\"typed\":1,\"said\":\"\"");
    assert_int_equal(vm_console_read(machine->vm, &byte, 1), 1);
    assert_int_equal(byte, 'x');
    expect("console a x", "x is not a position");
}

static void exits_and_places(void **state)
{
    struct machine *machine;

    (void)state;
    platform.bootargs = "control";
    machine = life_created("a", 1);
    expect("exits a", "\"exits\":[]");
    machine->vm->vcpus[0].counts->interrupts[INTERRUPT_STI].count = 3;
    expect("exits a", "\"exits\":[{\"vcpu\":0,\"count\":3,\"us\":0,\"cause\":\"interrupt\","
                      "\"what\":\"timer\"}]");
    expect_in("sched", "\"vm\":\"a\",\"vcpu\":0,\"hart\":0,\"state\":\"created\"");
    life_start(machine);
    expect_in("sched", "\"state\":\"ready\"");
    machine->vm->vcpus[0].hsm_state = SBI_HSM_STOPPED;
    expect_in("sched", "\"state\":\"stopped\"");
    machine->vm->vcpus[0].hsm_state = SBI_HSM_STARTED;
    machine->vm->vcpus[0].in_guest = 1;
    expect_in("sched", "\"state\":\"runs\"");
    machine->vm->vcpus[0].hsm_state = SBI_HSM_SUSPENDED;
    expect_in("sched", "\"state\":\"suspended\"");
    expect_in("caps", "\"sstc\":");
}

/* With a bundle: what is in it can be built, by any name that is free. */
static void bundles_are_built_from(void **state)
{
    make_good_bundle(state);
    set_string("/configurations/tiny", "format", "raw");
    open_good();
    assert_int_equal(life_init(lives_place, blob, blob_size, &refusal), 0);
    lives_home = &home;
    expect_in("create nothing", "the bundle has no VM nothing");
    expect_in("create tiny", "\"name\":\"tiny\",\"state\":\"created\"");
    expect_in("create tiny", "there is a VM tiny already");
    expect_in("create tiny two", "\"name\":\"two\"");
    expect_in("create tiny a/b", "name has the character '/'");
    drop_blob(state);
}

static char names[512];

static void visit(void *context, const char *name)
{
    (void)context;
    strcat(strcat(names, name), " ");
}

static void expect_names(const char *line, size_t typed, const char *expected)
{
    names[0] = '\0';
    assert_int_equal(command_complete(line, strlen(line), visit, NULL), typed);
    assert_string_equal(names, expected);
}

static void words_are_completed(void **state)
{
    (void)state;
    life_created("linux", 1);
    life_created("lisa", 1);
    expect_names("re", 2, "resume reset regs ");
    expect_names("  de", 2, "destroy ");
    expect_names("x", 1, "");
    expect_names("pause ", 0, "linux lisa ");
    expect_names(" pause  lin", 3, "linux ");
    expect_names("pause linux l", 1, "");
    expect_names("list l", 1, "");
    expect_names("lis l", 1, "");
    expect_names("help li", 2, "list ");
    expect_names("create l", 1, "");
    expect_names("explain ", 0, "linux lisa cause csr sbi verdict ");
    expect_names("explain c", 1, "cause csr ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE_TEST(unknown_commands_and_wrong_counts),
        LIFE_TEST(words_are_cut_at_blanks),
        LIFE_TEST(numbers),
        LIFE_TEST(a_life_by_commands),
        LIFE_TEST(a_crash_is_told),
        LIFE_TEST(a_crash_is_told_to_people),
        LIFE_TEST(registers_are_shown),
        LIFE_TEST(translations_are_walked),
        LIFE_TEST(memory_is_shown),
        LIFE_TEST(consoles_are_read_and_typed_into),
        LIFE_TEST(exits_and_places),
        LIFE_TEST(bundles_are_built_from),
        LIFE_TEST(words_are_completed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
