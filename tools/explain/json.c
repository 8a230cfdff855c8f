/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON by hand: a few helpers that know when a comma is due, and a function for each table.
 */
#include "json.h"

#include "explain/explain.h"
#include "lib/json.h"

struct writer {
    FILE *file;
    bool needs_comma;
};

static void put_string(struct writer *writer, const char *text)
{
    char escaped[JSON_ESCAPE_MAX];

    putc('"', writer->file);
    for (; *text; text++)
        fwrite(escaped, 1, json_escape((uint8_t)*text, escaped), writer->file);
    putc('"', writer->file);
}

static void comma(struct writer *writer)
{
    if (writer->needs_comma)
        putc(',', writer->file);
    writer->needs_comma = true;
}

static void name(struct writer *writer, const char *text)
{
    comma(writer);
    put_string(writer, text);
    putc(':', writer->file);
}

static void string(struct writer *writer, const char *key, const char *text)
{
    name(writer, key);
    put_string(writer, text);
}

static void number(struct writer *writer, const char *key, uint64_t value)
{
    name(writer, key);
    fprintf(writer->file, "%lu", value);
}

static void flag(struct writer *writer, const char *key, bool value)
{
    name(writer, key);
    fputs(value ? "true" : "false", writer->file);
}

static void begin(struct writer *writer, const char *bracket)
{
    fputs(bracket, writer->file);
    writer->needs_comma = false;
}

static void end(struct writer *writer, const char *bracket)
{
    fputs(bracket, writer->file);
    writer->needs_comma = true;
}

static void list(struct writer *writer, const char *key)
{
    name(writer, key);
    begin(writer, "[");
}

static void object(struct writer *writer)
{
    comma(writer);
    begin(writer, "{");
}

static void put_causes(struct writer *writer)
{
    const struct explain_cause *cause;

    list(writer, "causes");
    for (size_t i = 0; (cause = explain_cause_at(i)); i++) {
        object(writer);
        number(writer, "code", cause->code);
        flag(writer, "interrupt", cause->is_interrupt);
        string(writer, "name", explain_cause_name(cause));
        string(writer, "words", cause->words);
        string(writer, "why", cause->why);
        string(writer, "done", cause->done);
        string(writer, "source", cause->source);
        end(writer, "}");
    }
    end(writer, "]");
}

static void put_field(struct writer *writer, const struct explain_field *field)
{
    object(writer);
    string(writer, "name", field->name);
    number(writer, "high", field->high);
    number(writer, "low", field->low);
    string(writer, "words", field->words);
    list(writer, "values");
    for (unsigned i = 0; i < field->value_count; i++) {
        object(writer);
        number(writer, "value", field->values[i].value);
        string(writer, "words", field->values[i].words);
        end(writer, "}");
    }
    end(writer, "]");
    end(writer, "}");
}

static void put_csr(struct writer *writer, const struct explain_csr *csr, uint16_t own)
{
    char text[EXPLAIN_CSR_NAME_MAX];

    explain_csr_name(csr, own, text);
    object(writer);
    number(writer, "number", own);
    string(writer, "name", text);
    string(writer, "words", csr->words);
    string(writer, "source", csr->source);
    list(writer, "fields");
    for (unsigned i = 0; i < csr->field_count; i++)
        put_field(writer, &csr->fields[i]);
    end(writer, "]");
    end(writer, "}");
}

/* Of several that are alike each has a place of its own. */
static void put_csrs(struct writer *writer)
{
    const struct explain_csr *csr;

    list(writer, "csrs");
    for (size_t i = 0; (csr = explain_csr_at(i)); i++) {
        uint16_t own = csr->number;

        do {
            put_csr(writer, csr, own);
        } while (own++ < csr->last);
    }
    end(writer, "]");
}

static void put_functions(struct writer *writer, const struct explain_extension *extension)
{
    list(writer, "functions");
    for (unsigned i = 0; i < extension->function_count; i++) {
        const struct explain_function *function = &extension->functions[i];

        object(writer);
        number(writer, "number", function->number);
        string(writer, "name", function->name);
        string(writer, "words", function->words);
        string(writer, "source", function->source);
        flag(writer, "refused", function->is_refused);
        end(writer, "}");
    }
    end(writer, "]");
}

static void put_extensions(struct writer *writer)
{
    list(writer, "sbi");
    for (size_t i = 0; i < explain_extension_count; i++) {
        const struct explain_extension *extension = &explain_extensions[i];

        object(writer);
        number(writer, "extension", extension->id);
        string(writer, "name", extension->name);
        string(writer, "words", extension->words);
        string(writer, "source", extension->source);
        flag(writer, "refused", extension->is_refused);
        flag(writer, "any_function", extension->is_one_function);
        put_functions(writer, extension);
        end(writer, "}");
    }
    end(writer, "]");
}

static void put_verdicts(struct writer *writer)
{
    list(writer, "verdicts");
    for (size_t i = 0; i < explain_verdict_count; i++) {
        object(writer);
        number(writer, "number", i);
        string(writer, "name", explain_verdicts[i].name);
        string(writer, "words", explain_verdicts[i].words);
        end(writer, "}");
    }
    end(writer, "]");
}

bool json_write(FILE *file)
{
    struct writer writer = {.file = file};

    object(&writer);
    put_causes(&writer);
    put_csrs(&writer);
    put_extensions(&writer);
    put_verdicts(&writer);
    end(&writer, "}\n");
    return fflush(file) == 0 && !ferror(file);
}
