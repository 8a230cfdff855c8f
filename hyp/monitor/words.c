/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A listener to explain/say.h that answers. The table of fields begins with the first one.
 */
#include "monitor/words.h"

#include "explain/say.h"
#include "explain/wrap.h"
#include "lib/format.h"

#define WIDTH 96

static void put_wrapped(void *context, const char *line)
{
    answer_line(context, line);
}

void words_line(struct answer *answer, const char *name, const char *words)
{
    if (answer->form == ANSWER_JSON)
        answer_text(answer, name, 0, words);
    else
        explain_wrap(name, words, WIDTH, put_wrapped, answer);
}

struct words {
    struct answer *answer;
    bool has_fields;
};

static void put_line(void *context, const char *name, const char *text)
{
    const struct words *words = context;

    words_line(words->answer, name, text);
}

static void put_field(void *context, const char *csr, const struct explain_field *field,
                      const uint64_t *value)
{
    struct words *words = context;
    struct answer *answer = words->answer;
    uint64_t own = value ? explain_field_get(field, *value) : 0;
    char text[EXPLAIN_FIELD_TEXT_MAX];
    char bits[16];

    if (!words->has_fields)
        answer_table_begin(answer, "fields");
    words->has_fields = true;
    format_text(bits, sizeof(bits), field->high == field->low ? "%u" : "%u:%u", field->high,
                field->low);
    answer_row_begin(answer);
    answer_text(answer, "csr", 10, csr);
    answer_text(answer, "field", 9, field->name);
    answer_text(answer, "bits", 5, bits);
    if (value) {
        format_text(text, sizeof(text), "0x%lx", own);
        answer_text(answer, "value", 6, text);
        explain_field_text(field, own, text);
    } else {
        format_text(text, sizeof(text), "%s", field->words);
    }
    answer_text(answer, "words", 0, text);
    answer_row_end(answer);
}

static struct explain_listener listener_of(struct words *words)
{
    return (struct explain_listener){.line = put_line, .field = put_field, .context = words};
}

static void end_fields(const struct words *words)
{
    if (words->has_fields)
        answer_table_end(words->answer);
}

void words_cause(struct answer *answer, const struct explain_cause *cause)
{
    struct words words = {.answer = answer};
    struct explain_listener listener = listener_of(&words);

    explain_say_cause(&listener, cause);
}

void words_csr(struct answer *answer, const struct explain_csr *csr, uint16_t number,
               const uint64_t *value)
{
    struct words words = {.answer = answer};
    struct explain_listener listener = listener_of(&words);

    explain_say_csr(&listener, csr, number, value);
    end_fields(&words);
}

void words_call(struct answer *answer, const struct explain_extension *extension,
                const uint64_t *function)
{
    struct words words = {.answer = answer};
    struct explain_listener listener = listener_of(&words);

    if (function)
        explain_say_function(&listener, extension, *function);
    else
        explain_say_extension(&listener, extension);
}

/* A call leaves a6 and a7 as they were: SBI 3 (Binary Encoding). */
void words_exit(struct answer *answer, const struct vcpu *vcpu, const struct trap *trap,
                bool is_last)
{
    struct words words = {.answer = answer};
    struct explain_listener listener = listener_of(&words);
    const struct explain_exit exit = {
        .scause = trap->scause,
        .sepc = trap->pc,
        .stval = trap->stval,
        .htval = trap->htval,
        .htinst = trap->htinst,
        .hstatus = vcpu->regs.hstatus,
        .sstatus = vcpu->regs.sstatus,
        .hedeleg = vcpu->csrs.hedeleg,
        .has_hstatus = is_last,
        .has_sstatus = is_last,
        .has_hedeleg = true,
        .has_call = is_last && trap->scause == CAUSE_ECALL_VS,
        .extension = vcpu->regs.x[REG_A7],
        .function = vcpu->regs.x[REG_A6],
        .verdict = -1,
    };

    explain_say_exit(&listener, &exit);
    end_fields(&words);
}
