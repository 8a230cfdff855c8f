/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is said of causes, CSRs, calls and exits: the pieces that are handed out, in order.
 */
#include "explain/say.h"

#include "lib/bits.h"
#include "riscv/cause.h"
#include "riscv/sbi.h"
#include "vcpu/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char said[8192];

static void hear_line(void *context, const char *name, const char *words)
{
    size_t length = strlen(said);

    (void)context;
    snprintf(said + length, sizeof(said) - length, "%s: %s\n", name, words);
}

static void hear_field(void *context, const char *csr, const struct explain_field *field,
                       const uint64_t *value)
{
    size_t length = strlen(said);

    (void)context;
    snprintf(said + length, sizeof(said) - length, "%s.%s", csr, field->name);
    length = strlen(said);
    if (value)
        snprintf(said + length, sizeof(said) - length, "=%lu", explain_field_get(field, *value));
    strcat(said, "\n");
}

static const struct explain_listener listener = {.line = hear_line, .field = hear_field};

static void expect(const char *text)
{
    if (!strstr(said, text))
        fail_msg("\"%s\" is not in:\n%s", text, said);
}

static void hear_exit(struct explain_exit exit)
{
    said[0] = '\0';
    explain_say_exit(&listener, &exit);
}

static void a_cause_has_five_lines(void **state)
{
    (void)state;
    said[0] = '\0';
    explain_say_cause(&listener, explain_cause_find(CAUSE_INTERRUPT | INTERRUPT_STI));
    expect("cause: interrupt 5: supervisor timer interrupt\nwhat: our timer");
    expect("\nwhy: mideleg bit 5 ");
    expect("\ndone: ");
    expect("\nsource: Priv 12.1.3 (sip and sie)\n");
}

static void a_csr_shows_its_fields_with_a_value_and_without(void **state)
{
    const uint64_t value = 0x2000001c0;

    (void)state;
    said[0] = '\0';
    explain_say_csr(&listener, explain_csr_find(0x600), 0x600, &value);
    expect("csr: hstatus, CSR 0x600\n");
    expect("value: 0x2000001c0\n");
    expect("hstatus.VSXL=2\nhstatus.VTSR=0\n");
    said[0] = '\0';
    explain_say_csr(&listener, explain_csr_find(0x600), 0x600, NULL);
    assert_null(strstr(said, "value:"));
    expect("hstatus.VSXL\nhstatus.VTSR\n");
}

static void a_call_says_who_answers(void **state)
{
    const struct explain_extension *rfence = explain_extension_find(SBI_EXT_RFENCE);

    (void)state;
    said[0] = '\0';
    explain_say_function(&listener, rfence, SBI_RFENCE_FENCE_I);
    expect("call: RFENCE remote_fence_i\n");
    expect("answer: error in a0, value in a1\nsource: SBI 8.1\n");
    said[0] = '\0';
    explain_say_function(&listener, rfence, SBI_RFENCE_HFENCE_VVMA);
    expect("answer: NOT_SUPPORTED (-2) in a0\n");
    said[0] = '\0';
    explain_say_function(&listener, rfence, 99);
    expect("call: RFENCE function that there is not\n");
    expect("NOT_SUPPORTED");
    said[0] = '\0';
    explain_say_extension(&listener, explain_extension_find(SBI_LEGACY_SHUTDOWN));
    expect("extension: legacy, 0x8: the VM ends\nfunction_0: shutdown: ");
    said[0] = '\0';
    explain_say_extension(&listener, explain_extension_find(SBI_EXT_FWFT));
    expect("not offered");
}

static void a_load_from_a_device(void **state)
{
    (void)state;
    hear_exit((struct explain_exit){
        .scause = CAUSE_LOAD_GUEST_PAGE_FAULT,
        .sepc = 0x80200ac0,
        .stval = 0x10000007,
        .htval = 0x4000001,
        .htinst = 0x4783, /* lbu a5 */
        .hstatus = 0x2000001c0,
        .has_hstatus = true,
        .hedeleg = 0xb1ff,
        .has_hedeleg = true,
        .verdict = EXIT_ADVANCE,
    });
    expect("cause: exception 21: load guest-page fault\n");
    expect("pc: 0x80200ac0\nstval: 0x10000007: the guest virtual address\n"
           "htval: 0x4000001: guest physical address 0x10000007\n"
           "htinst: 0x4783: a load, 1 byte into or from x15; the instruction has 4 bytes\n");
    expect("hedeleg: 0xb1ff: bit 21 is 0, so it is for HS-mode\n");
    expect("verdict: advance: past");
    expect("hstatus.SPVP=1\n");
    assert_null(strstr(said, "sstatus."));
}

static void the_instruction_may_be_unknown(void **state)
{
    (void)state;
    hear_exit((struct explain_exit){.scause = CAUSE_STORE_GUEST_PAGE_FAULT, .verdict = -1});
    expect("htinst: 0x0: the hart does not tell");
    assert_null(strstr(said, "verdict:"));
    hear_exit((struct explain_exit){.scause = CAUSE_LOAD_GUEST_PAGE_FAULT,
                                    .stval = 3,
                                    .htval = 0x100,
                                    .htinst = 0x3000,
                                    .verdict = 99});
    expect("htinst: 0x3000: the walk of the guest's own page tables faulted\n");
    expect("guest physical address 0x400\n");
    assert_null(strstr(said, "verdict:"));
    hear_exit((struct explain_exit){.scause = CAUSE_LOAD_GUEST_PAGE_FAULT, .htinst = 0x13});
    expect("htinst: 0x13: no load or store\n");
    hear_exit((struct explain_exit){.scause = CAUSE_STORE_GUEST_PAGE_FAULT, .htinst = 0x2f});
    expect("htinst: 0x2f: ");
    hear_exit((struct explain_exit){.scause = CAUSE_INSN_GUEST_PAGE_FAULT});
    assert_null(strstr(said, "htinst: ")); /* it is the fetch itself */
    hear_exit((struct explain_exit){.scause = CAUSE_INSN_GUEST_PAGE_FAULT, .htinst = 0x3000});
    expect("htinst: 0x3000: the walk");
}

/* What each virtual instruction was forbidden by. */
static void a_virtual_instruction_names_its_bit(void **state)
{
    static const struct {
        uint32_t word;
        const char *words;
    } rows[] = {
        {0x10500073, "bit: WFI: hstatus.VTW"},
        {0x10200073, "bit: SRET: hstatus.VTSR"},
        {0x00d00073, "bit: WRS.NTO: hstatus.VTW"},
        {0xc0002573, "bit: read of cycle: "},
        {0xc1f02573, "bit: read of hpmcounter31: "},
        {0x60051073, "bit: write of hstatus: "},
        {0xfff02573, "bit: CSR 0xfff, which has no text here\n"},
    };

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        hear_exit((struct explain_exit){.scause = CAUSE_VIRTUAL_INSN, .stval = rows[i].word});
        expect(rows[i].words);
    }
    hear_exit((struct explain_exit){.scause = CAUSE_VIRTUAL_INSN});
    assert_null(strstr(said, "bit: "));
    hear_exit((struct explain_exit){.scause = CAUSE_VIRTUAL_INSN, .stval = 0x13});
    assert_null(strstr(said, "bit: "));
}

static void a_call_is_named(void **state)
{
    struct explain_exit exit = {.scause = CAUSE_ECALL_VS,
                                .has_call = true,
                                .extension = SBI_EXT_HSM,
                                .verdict = -1};

    (void)state;
    hear_exit(exit);
    expect("call: HSM hart_start: ");
    expect("(SBI 9.1)\n");
    exit.function = 77;
    hear_exit(exit);
    expect("call: HSM, function 77: NOT_SUPPORTED\n");
    exit.extension = 0x12345678;
    hear_exit(exit);
    expect("call: extension 0x12345678, which there is not: NOT_SUPPORTED\n");
}

static void what_was_delegated_and_came_here(void **state)
{
    (void)state;
    hear_exit((struct explain_exit){.scause = CAUSE_ILLEGAL_INSN,
                                    .hedeleg = BIT(CAUSE_ILLEGAL_INSN),
                                    .has_hedeleg = true,
                                    .sstatus = 0x100,
                                    .has_sstatus = true});
    expect("hedeleg: 0x4: bit 2 is 1, so the hart should have given it to the guest");
    expect("sstatus.SPP=1\n");
}

/* Whatever the hart says; nothing is looked up by it unchecked. */
static void any_cause_has_words(void **state)
{
    (void)state;
    hear_exit((struct explain_exit){.scause = 1000, .has_hedeleg = true, .has_call = true});
    expect("cause: exception 1000: reserved, or the platform's own\n");
    hear_exit((struct explain_exit){.scause = UINT64_MAX, .sepc = UINT64_MAX, .verdict = -5});
    expect("cause: interrupt 9223372036854775807: reserved");
    hear_exit((struct explain_exit){.scause = CAUSE_INTERRUPT | INTERRUPT_SEI});
    expect("stval: 0x0: nothing\n");
    for (uint64_t cause = 0; cause < 64; cause++) {
        hear_exit((struct explain_exit){.scause = cause, .stval = ~0UL, .htinst = ~0UL});
        hear_exit((struct explain_exit){.scause = cause | CAUSE_INTERRUPT, .htval = ~0UL});
        expect("cause: interrupt");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cause_has_five_lines),
        cmocka_unit_test(a_csr_shows_its_fields_with_a_value_and_without),
        cmocka_unit_test(a_call_says_who_answers),
        cmocka_unit_test(a_load_from_a_device),
        cmocka_unit_test(the_instruction_may_be_unknown),
        cmocka_unit_test(a_virtual_instruction_names_its_bit),
        cmocka_unit_test(a_call_is_named),
        cmocka_unit_test(what_was_delegated_and_came_here),
        cmocka_unit_test(any_cause_has_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
