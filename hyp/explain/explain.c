/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding things in the tables, and the verdicts, which are few. Saying them is say.c's.
 */
#include "explain/tables.h"

#include "lib/format.h"
#include "lib/string.h"
#include "riscv/cause.h"

/* By enum exit_verdict (vcpu/verdict.h). */
const struct explain_verdict explain_verdicts[] = {
    {"resume", "the guest is entered again where it was"},
    {"advance", "past this instruction, which was done for it, and on"},
    {"inject", "the guest gets an exception: it goes on in its own trap handler"},
    {"yield", "an interrupt of the host: timers and mail are looked at, then the same pc again"},
    {"wait", "past this instruction; it leaves the hart until an interrupt comes for it"},
    {"pass", "past this instruction; it waits for another vCPU, so others go first"},
    {"halt", "it leaves the hart: its VM is over, or held"},
};

const size_t explain_verdict_count = ARRAY_SIZE(explain_verdicts);

const struct explain_cause *explain_cause_at(size_t i)
{
    if (i < explain_exception_count)
        return &explain_exceptions[i];
    i -= explain_exception_count;
    return i < explain_interrupt_count ? &explain_interrupts[i] : NULL;
}

const struct explain_csr *explain_csr_at(size_t i)
{
    if (i < explain_csr_host_count)
        return &explain_csr_host[i];
    i -= explain_csr_host_count;
    if (i < explain_csr_hypervisor_count)
        return &explain_csr_hypervisor[i];
    i -= explain_csr_hypervisor_count;
    return i < explain_csr_guest_count ? &explain_csr_guest[i] : NULL;
}

const struct explain_cause *explain_cause_find(uint64_t scause)
{
    bool is_interrupt = scause & CAUSE_INTERRUPT;
    uint64_t code = scause & ~CAUSE_INTERRUPT;
    const struct explain_cause *cause;

    for (size_t i = 0; (cause = explain_cause_at(i)); i++) {
        if (cause->is_interrupt == is_interrupt && cause->code == code)
            return cause;
    }
    return NULL;
}

const struct explain_csr *explain_csr_find(uint64_t number)
{
    const struct explain_csr *csr;

    for (size_t i = 0; (csr = explain_csr_at(i)); i++) {
        if (number == csr->number || (number > csr->number && number <= csr->last))
            return csr;
    }
    return NULL;
}

void explain_csr_name(const struct explain_csr *csr, uint16_t number,
                      char name[EXPLAIN_CSR_NAME_MAX])
{
    size_t length = format_text(name, EXPLAIN_CSR_NAME_MAX, "%s", csr->name);

    if (!csr->last)
        return;
    while (length > 0 && name[length - 1] >= '0' && name[length - 1] <= '9')
        length--;
    format_text(name + length, EXPLAIN_CSR_NAME_MAX - length, "%u", number & 0x1f);
}

const struct explain_csr *explain_csr_named(const char *name, uint16_t *number)
{
    const struct explain_csr *csr;
    char own[EXPLAIN_CSR_NAME_MAX];

    for (size_t i = 0; (csr = explain_csr_at(i)); i++) {
        *number = csr->number;
        do {
            explain_csr_name(csr, *number, own);
            if (strcmp(own, name) == 0)
                return csr;
        } while ((*number)++ < csr->last);
    }
    return NULL;
}

const struct explain_extension *explain_extension_find(uint64_t id)
{
    for (size_t i = 0; i < explain_extension_count; i++) {
        if (explain_extensions[i].id == id)
            return &explain_extensions[i];
    }
    return NULL;
}

const struct explain_function *explain_function_find(const struct explain_extension *extension,
                                                     uint64_t function)
{
    for (unsigned i = 0; i < extension->function_count; i++) {
        if (extension->is_one_function || extension->functions[i].number == function)
            return &extension->functions[i];
    }
    return NULL;
}

const char *explain_cause_name(const struct explain_cause *cause)
{
    return cause->is_interrupt ? cause->name : cause_name(cause->code);
}

uint64_t explain_field_get(const struct explain_field *field, uint64_t word)
{
    return field_get(BITS(field->high, field->low), word);
}

static const char *value_words(const struct explain_field *field, uint64_t value)
{
    for (unsigned i = 0; i < field->value_count; i++) {
        if (field->values[i].value == value)
            return field->values[i].words;
    }
    return NULL;
}

void explain_field_text(const struct explain_field *field, uint64_t value,
                        char text[EXPLAIN_FIELD_TEXT_MAX])
{
    const char *words = value_words(field, value);
    bool is_off = !words && value == 0 && field->high == field->low;

    format_text(text, EXPLAIN_FIELD_TEXT_MAX, "%s%s", is_off ? "no: " : "",
                words ? words : field->words);
}
