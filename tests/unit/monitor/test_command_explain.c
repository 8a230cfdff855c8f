/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain at the monitor: exits of vCPUs, and words of the manuals, as text and as JSON.
 */
#include "../life/life_fixture.h"

#include "monitor/command.h"

static struct answer answer;
static struct order order;
static char text[32768];

static const char *run(enum answer_form form, const char *line)
{
    static char words[256];
    const char *name;

    strcpy(words, line);
    answer_init(&answer, form, text, sizeof(text) - 1);
    order = (struct order){.answer = &answer};
    name = command_split(&order, words);
    command_run(&order, name);
    if (order.finish && !answer.is_refused) {
        for (uint32_t i = 0; i < order.machine->vm->vcpu_count; i++)
            order.machine->vm->vcpus[i].is_blocked = 1;
        assert_true(order.is_done(&order));
        order.finish(&order);
    }
    text[answer.length] = '\0';
    return answer.is_refused ? answer.error : text;
}

static void expect(const char *line, const char *words)
{
    if (!strstr(run(ANSWER_JSON, line), words))
        fail_msg("%s: %s", line, answer.is_refused ? answer.error : text);
}

static void expect_text(const char *line, const char *words)
{
    if (!strstr(run(ANSWER_TEXT, line), words))
        fail_msg("%s:\n%s", line, answer.is_refused ? answer.error : text);
}

static void note_exit(struct vcpu *vcpu, uint64_t scause, uint64_t stval, uint64_t htval)
{
    struct trap *trap = &vcpu->traps[vcpu_exits(vcpu) % VCPU_TRAPS_COUNT];

    vcpu->traps_at += sizeof(*trap);
    *trap = (struct trap){
        .scause = scause, .stval = stval, .htval = htval, .insn_len = 4, .pc = 0x80200000};
}

static void exits_in_words(void **state)
{
    struct vcpu *vcpu = &life_created("a", 2)->vm->vcpus[1];

    (void)state;
    expect("explain a 1", "vCPU 1 of a has no exit 0 back");
    note_exit(vcpu, CAUSE_LOAD_GUEST_PAGE_FAULT, 0x10000005, 0x4000001);
    note_exit(vcpu, CAUSE_ECALL_VS, 0, 0);
    vcpu->regs.x[REG_A7] = SBI_EXT_HSM;
    vcpu->regs.x[REG_A6] = SBI_HSM_HART_STOP;
    expect("explain a 1", "\"vm\":\"a\",\"vcpu\":1,\"back\":0,\"cause\":\"exception 10: ");
    expect("explain a 1", "\"call\":\"HSM hart_stop: ");
    expect("explain a 1", "\"fields\":[{\"csr\":\"hstatus\",\"field\":\"VSXL\"");
    expect("explain a 1 1", "\"htval\":\"0x4000001: guest physical address 0x10000005\"");
    expect_text("explain a 1 1", "cause: exception 21: load guest-page fault\nwhat: a load");
    assert_null(strstr(text, "hstatus"));
    expect("explain a 1 2", "vCPU 1 of a has no exit 2 back");
    expect("explain a 1 16", "vCPU 1 of a has no exit 16 back");
    expect("explain a 1 18446744073709551615", "has no exit 18446744073709551615 back");
    expect("explain a 1 x", "x is no number of exits");
    expect("explain a 2", "a has no vCPU 2");
    expect("explain b", "there is no VM b");
}

/* The IPI that takes it off its hart is no exit that anybody asked for. */
static void of_one_that_runs_the_last_of_its_own(void **state)
{
    struct machine *machine = life_started("a", 1);
    struct vcpu *vcpu = &machine->vm->vcpus[0];

    (void)state;
    note_exit(vcpu, CAUSE_VIRTUAL_INSN, 0x10500073, 0);
    note_exit(vcpu, CAUSE_INTERRUPT | INTERRUPT_SSI, 0, 0);
    expect("explain a", "\"back\":1,\"cause\":\"exception 22: virtual instruction\"");
    assert_int_equal(machine->vm->state, VM_RUNNING);
    vcpu->is_blocked = 0;
    expect("explain a 0 0", "\"back\":0,\"cause\":\"interrupt 1: ");
    for (unsigned i = 0; i < VCPU_TRAPS_COUNT; i++)
        note_exit(vcpu, CAUSE_INTERRUPT | INTERRUPT_SSI, 0, 0);
    expect("explain a", "\"back\":0,\"cause\":\"interrupt 1: ");
}

static void words_of_the_manuals(void **state)
{
    (void)state;
    expect("explain cause 21", "\"cause\":\"exception 21: load guest-page fault\"");
    expect("explain cause interrupt 5", "supervisor timer interrupt");
    expect("explain cause 0x8000000000000005", "supervisor timer interrupt");
    expect("explain csr hstatus", "\"field\":\"SPVP\",\"bits\":\"8\",\"words\"");
    expect("explain csr 0x600 0x100", "\"field\":\"SPVP\",\"bits\":\"8\",\"value\":\"0x1\"");
    expect("explain sbi TIME 0", "\"call\":\"TIME set_timer\"");
    expect("explain sbi 0x48534d", "\"function_1\":\"hart_stop: ");
    expect("explain verdict pass", "\"verdict\":\"pass\"");
    expect_text("explain csr hstatus 0x100", "hstatus     SPVP       8      0x1     the guest was");
}

static void what_has_no_words_is_refused(void **state)
{
    (void)state;
    expect("explain", "usage: explain VM");
    expect("explain cause", "explain cause: which one?");
    expect("explain cause x", "there is no cause x");
    expect("explain cause 99", "there is no cause 99");
    expect("explain cause 1 2", "there is no cause 2");
    expect("explain cause interrupt", "there is no cause interrupt");
    expect("explain csr nonsense", "there is no CSR nonsense that has words");
    expect("explain csr 0xfff", "there is no CSR 0xfff that has words");
    expect("explain csr hstatus x", "x is no value of a CSR");
    expect("explain sbi nonsense", "there is no SBI extension nonsense that has words");
    expect("explain sbi 99", "there is no SBI extension 99 that has words");
    expect("explain sbi TIME x", "x is no number of a function");
    expect("explain verdict x", "there is no verdict x");
    expect("explain verdict pass x", "there is no verdict x");
}

/* Lines end in time, and nothing is lost between them. */
static void long_sentences_are_broken(void **state)
{
    const char *line;

    (void)state;
    run(ANSWER_TEXT, "explain cause 22");
    for (line = text; *line; line = strchr(line, '\n') + 1)
        assert_true(strchr(line, '\n') - line <= 96);
    expect_text("explain cause 22", "\n    ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE_TEST(exits_in_words),
        LIFE_TEST(of_one_that_runs_the_last_of_its_own),
        LIFE_TEST(words_of_the_manuals),
        LIFE_TEST(what_has_no_words_is_refused),
        LIFE_TEST(long_sentences_are_broken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
