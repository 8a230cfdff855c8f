/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nothing that can happen lacks its words: every cause, every CSR that is emulated, every SBI call
 * that is answered, every verdict. The hypervisor's own tables are asked, so that a new line there
 * fails here until it is explained.
 */
#include "../sbi/sbi_call.h"

#include "exit/csr.h"
#include "explain/explain.h"
#include "vcpu/verdict.h"

#define FUNCTIONS 32 /* more than any extension has */

static void has_words(const char *words)
{
    assert_non_null(words);
    assert_true(strlen(words) > 3);
}

static void has_source(const char *source)
{
    has_words(source);
    if (strncmp(source, "Priv ", 5) != 0 && strncmp(source, "SBI ", 4) != 0 &&
        strcmp(source, "newer than SBI 2.0") != 0)
        fail_msg("\"%s\" is no place in a manual", source);
}

static void cause_is_explained(uint64_t scause)
{
    const struct explain_cause *cause = explain_cause_find(scause);

    if (!cause)
        fail_msg("cause 0x%lx has no words", scause);
    has_words(explain_cause_name(cause));
    has_words(cause->words);
    has_words(cause->why);
    has_words(cause->done);
    has_source(cause->source);
}

static void every_cause(void **state)
{
    static const enum interrupt interrupts[] = {INTERRUPT_SSI,  INTERRUPT_VSSI, INTERRUPT_STI,
                                                INTERRUPT_VSTI, INTERRUPT_SEI,  INTERRUPT_VSEI,
                                                INTERRUPT_SGEI};

    (void)state;
    for (uint64_t code = 0; code < CAUSE_COUNT; code++)
        cause_is_explained(code);
    for (unsigned i = 0; i < ARRAY_SIZE(interrupts); i++)
        cause_is_explained(CAUSE_INTERRUPT | interrupts[i]);
    assert_null(explain_cause_find(CAUSE_COUNT));
    assert_null(explain_cause_find(CAUSE_INTERRUPT));
    assert_null(explain_cause_find(UINT64_MAX));
}

/* csrr t2, number: what csr_emulate carries out is in its table. */
static void every_csr_that_is_emulated(void **state)
{
    unsigned emulated = 0;

    (void)state;
    for (uint16_t number = 0; number < 0x1000; number++) {
        const struct insn insn = {.kind = INSN_CSR,
                                  .csr = number,
                                  .csr_op = INSN_CSR_SET,
                                  .reg = 7};

        if (!csr_emulate(vcpu, &insn))
            continue;
        emulated++;
        if (!explain_csr_find(number))
            fail_msg("CSR 0x%x is emulated and has no words", number);
    }
    assert_int_equal(emulated, 32);
}

/* The index of sbi/sbi.c and the table here have the same extensions. */
static void every_extension(void **state)
{
    bool is_seen[64] = {false};

    (void)state;
    for (size_t i = 0; i < explain_extension_count; i++) {
        const struct explain_extension *extension = &explain_extensions[i];
        const struct sbi_extension *real = sbi_find(extension->id);

        has_words(extension->words);
        has_source(extension->source);
        assert_int_equal(extension->is_refused, real == NULL);
        assert_ptr_equal(explain_extension_find(extension->id), extension);
        if (!real)
            continue;
        assert_string_equal(extension->name, real->name);
        assert_true(extension->is_one_function || real->first == real->last);
        is_seen[sbi_index(extension->id)] = true;
    }
    for (unsigned i = 0; strcmp(sbi_name(i), "unknown") != 0; i++) {
        if (!is_seen[i])
            fail_msg("SBI %s is answered and has no words", sbi_name(i));
    }
    for (uint64_t id = sbi_legacy.first; id <= sbi_legacy.last; id++)
        assert_non_null(explain_extension_find(id));
}

/* No call knows arguments that are all ones, but it says so in other words than NOT_SUPPORTED. */
static bool is_answered(uint32_t extension, uint32_t function)
{
    return CALL(extension, function, ~0UL, ~0UL, ~0UL, ~0UL, ~0UL, ~0UL) != SBI_ERR_NOT_SUPPORTED;
}

static void function_is_explained(const struct explain_extension *extension, uint32_t number)
{
    const struct explain_function *function = explain_function_find(extension, number);
    bool answers = is_answered(extension->id, number);

    if (answers != (function && !function->is_refused))
        fail_msg("SBI %s function %u is %s, its words say otherwise", extension->name, number,
                 answers ? "answered" : "refused");
    if (function) {
        has_words(function->name);
        has_words(function->words);
        has_source(function->source);
    }
}

static void every_function(void **state)
{
    (void)state;
    for (size_t i = 0; i < explain_extension_count; i++) {
        unsigned count = explain_extensions[i].is_one_function ? 1 : FUNCTIONS;

        for (uint32_t number = 0; number < count; number++)
            function_is_explained(&explain_extensions[i], number);
    }
}

static void every_verdict(void **state)
{
    (void)state;
    assert_int_equal(explain_verdict_count, EXIT_HALT + 1);
    assert_string_equal(explain_verdicts[EXIT_RESUME].name, "resume");
    assert_string_equal(explain_verdicts[EXIT_ADVANCE].name, "advance");
    assert_string_equal(explain_verdicts[EXIT_INJECT].name, "inject");
    assert_string_equal(explain_verdicts[EXIT_YIELD].name, "yield");
    assert_string_equal(explain_verdicts[EXIT_WAIT].name, "wait");
    assert_string_equal(explain_verdicts[EXIT_PASS].name, "pass");
    assert_string_equal(explain_verdicts[EXIT_HALT].name, "halt");
    for (size_t i = 0; i < explain_verdict_count; i++)
        has_words(explain_verdicts[i].words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cause),   SBI_TEST(every_csr_that_is_emulated),
        SBI_TEST(every_extension),       SBI_TEST(every_function),
        cmocka_unit_test(every_verdict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
