/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the tables to sentences about a cause, a CSR, a call. Exits are say_exit.c's.
 */
#include "explain/say.h"

#include "lib/format.h"

#define TEXT_MAX 400

void explain_say_cause(const struct explain_listener *listener, const struct explain_cause *cause)
{
    char text[TEXT_MAX];

    format_text(text, sizeof(text), "%s %u: %s", cause->is_interrupt ? "interrupt" : "exception",
                cause->code, explain_cause_name(cause));
    listener->line(listener->context, "cause", text);
    listener->line(listener->context, "what", cause->words);
    listener->line(listener->context, "why", cause->why);
    listener->line(listener->context, "done", cause->done);
    listener->line(listener->context, "source", cause->source);
}

void explain_say_csr(const struct explain_listener *listener, const struct explain_csr *csr,
                     uint16_t number, const uint64_t *value)
{
    char name[EXPLAIN_CSR_NAME_MAX];
    char text[TEXT_MAX];

    explain_csr_name(csr, number, name);
    format_text(text, sizeof(text), "%s, CSR 0x%x", name, number);
    listener->line(listener->context, "csr", text);
    listener->line(listener->context, "what", csr->words);
    if (value) {
        format_text(text, sizeof(text), "0x%lx", *value);
        listener->line(listener->context, "value", text);
    }
    listener->line(listener->context, "source", csr->source);
    for (unsigned i = 0; i < csr->field_count; i++)
        listener->field(listener->context, name, &csr->fields[i], value);
}

void explain_say_extension(const struct explain_listener *listener,
                           const struct explain_extension *extension)
{
    char name[24];
    char text[TEXT_MAX];

    format_text(text, sizeof(text), "%s, 0x%x: %s%s", extension->name, extension->id,
                extension->words,
                extension->is_refused ? "; not offered: calls get NOT_SUPPORTED" : "");
    listener->line(listener->context, "extension", text);
    for (unsigned i = 0; i < extension->function_count; i++) {
        const struct explain_function *function = &extension->functions[i];

        format_text(name, sizeof(name), "function_%u", function->number);
        format_text(text, sizeof(text), "%s: %s%s", function->name, function->words,
                    function->is_refused ? "; refused" : "");
        listener->line(listener->context, name, text);
    }
    listener->line(listener->context, "source", extension->source);
}

void explain_say_function(const struct explain_listener *listener,
                          const struct explain_extension *extension, uint64_t number)
{
    const struct explain_function *function = explain_function_find(extension, number);
    bool is_refused = !function || function->is_refused;
    char text[TEXT_MAX];

    format_text(text, sizeof(text), "%s %s", extension->name,
                function ? function->name : "function that there is not");
    listener->line(listener->context, "call", text);
    listener->line(listener->context, "what", function ? function->words : extension->words);
    listener->line(listener->context, "answer",
                   is_refused ? "NOT_SUPPORTED (-2) in a0" : "error in a0, value in a1");
    listener->line(listener->context, "source", function ? function->source : extension->source);
}
