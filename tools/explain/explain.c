/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of hyp/explain/ on the host: for GDB (us explain), for the timeline page (--json), and
 * for people with a number in their hand. The command line is here, the object of --json in json.c.
 */
#include "args.h"
#include "json.h"

#include "explain/say.h"
#include "riscv/cause.h"

#include <stdio.h>
#include <string.h>

#define WIDTH  96
#define INDENT 10

static const char usage[] =
    "usage: explain cause [interrupt] [NUMBER]\n"
    "       explain csr [NAME|NUMBER [VALUE]]\n"
    "       explain sbi [EXTENSION [FUNCTION]]\n"
    "       explain verdict [NAME|NUMBER]\n"
    "       explain exit scause=N [sepc=N] [stval=N] [htval=N] [htinst=N] [hstatus=N]\n"
    "                    [sstatus=N] [hedeleg=N] [a7=N a6=N] [verdict=NAME|NUMBER]\n"
    "       explain --json\n"
    "Numbers are decimal, or hexadecimal behind 0x. Without one, what there is is listed.\n";

/* The words behind a name, in lines that end before WIDTH. */
static void put_line(void *context, const char *name, const char *words)
{
    int column = printf("%-*s", INDENT - 1, name);

    (void)context;
    while (*words) {
        int length = (int)strcspn(words, " ");

        if (column + 1 + length > WIDTH && column > INDENT)
            column = printf("\n%*s", INDENT - 1, "") - 1;
        column += printf(" %.*s", length, words);
        words += length;
        words += strspn(words, " ");
    }
    putchar('\n');
}

static void put_field(void *context, const char *csr, const struct explain_field *field,
                      const uint64_t *value)
{
    char bits[16];

    (void)context;
    snprintf(bits, sizeof(bits), field->high == field->low ? "%u" : "%u:%u", field->high,
             field->low);
    if (value) {
        uint64_t own = explain_field_get(field, *value);
        char text[EXPLAIN_FIELD_TEXT_MAX];

        explain_field_text(field, own, text);
        printf("  %-10s %-9s %-6s = 0x%-8lx %s\n", csr, field->name, bits, own, text);
        return;
    }
    printf("  %-10s %-9s %-6s %s\n", csr, field->name, bits, field->words);
    for (unsigned i = 0; i < field->value_count; i++)
        printf("  %-10s %-9s %-6s   %lu: %s\n", "", "", "", field->values[i].value,
               field->values[i].words);
}

static const struct explain_listener listener = {.line = put_line, .field = put_field};

static void list_causes(void)
{
    const struct explain_cause *cause;

    for (size_t i = 0; (cause = explain_cause_at(i)); i++)
        printf("%-9s %2u  %s\n", cause->is_interrupt ? "interrupt" : "exception", cause->code,
               explain_cause_name(cause));
}

static void explain_cause(char **words, int count)
{
    bool is_interrupt = count > 0 && strcmp(words[0], "interrupt") == 0;
    const struct explain_cause *cause;
    uint64_t number;

    if (count == 0) {
        list_causes();
        return;
    }
    if (count != 1 + is_interrupt)
        args_refuse("cause: one number is needed, or `interrupt` and one");
    number = args_number_of(words[is_interrupt]);
    cause = explain_cause_find(is_interrupt ? number | CAUSE_INTERRUPT : number);
    if (!cause)
        args_refuse("there is no cause %s that has words", words[is_interrupt]);
    explain_say_cause(&listener, cause);
}

static void list_csrs(void)
{
    const struct explain_csr *csr;

    for (size_t i = 0; (csr = explain_csr_at(i)); i++)
        printf("0x%03x  %-12s %s\n", csr->number, csr->name, csr->words);
}

static void explain_csr(char **words, int count)
{
    const struct explain_csr *csr;
    uint16_t own = 0;
    uint64_t number, value = 0;

    if (count == 0) {
        list_csrs();
        return;
    }
    if (count > 2)
        args_refuse("csr: a name or number, and perhaps a value");
    csr = explain_csr_named(words[0], &own);
    if (!csr && args_number(words[0], &number)) {
        csr = explain_csr_find(number);
        own = (uint16_t)number;
    }
    if (!csr)
        args_refuse("there is no CSR %.40s that has words", words[0]);
    if (count == 2)
        value = args_number_of(words[1]);
    explain_say_csr(&listener, csr, own, count == 2 ? &value : NULL);
}

static const struct explain_extension *find_extension(const char *text)
{
    uint64_t id;

    if (args_number(text, &id))
        return explain_extension_find(id);
    for (size_t i = 0; i < explain_extension_count; i++) {
        if (!explain_extensions[i].is_one_function && !strcasecmp(explain_extensions[i].name, text))
            return &explain_extensions[i];
    }
    return NULL;
}

static void explain_sbi(char **words, int count)
{
    const struct explain_extension *extension;

    if (count > 2)
        args_refuse("sbi: an extension, and perhaps a function");
    if (count == 0) {
        for (size_t i = 0; i < explain_extension_count; i++)
            printf("0x%08x  %-8s %s\n", explain_extensions[i].id, explain_extensions[i].name,
                   explain_extensions[i].words);
        return;
    }
    extension = find_extension(words[0]);
    if (!extension)
        args_refuse("there is no SBI extension %.40s that has words", words[0]);
    if (count == 2)
        explain_say_function(&listener, extension, args_number_of(words[1]));
    else
        explain_say_extension(&listener, extension);
}

/* By its name or its number; one past the last where there is none. */
static size_t find_verdict(const char *text)
{
    uint64_t number;
    size_t i = 0;

    if (args_number(text, &number))
        return number < explain_verdict_count ? number : explain_verdict_count;
    while (i < explain_verdict_count && strcmp(explain_verdicts[i].name, text) != 0)
        i++;
    return i;
}

static size_t verdict_of(const char *text)
{
    size_t i = find_verdict(text);

    if (i == explain_verdict_count)
        args_refuse("there is no verdict %.40s", text);
    return i;
}

static void explain_verdict(char **words, int count)
{
    size_t first = 0, last = explain_verdict_count;

    if (count > 1)
        args_refuse("verdict: one name or number");
    if (count == 1) {
        first = verdict_of(words[0]);
        last = first + 1;
    }
    for (size_t i = first; i < last; i++)
        put_line(NULL, explain_verdicts[i].name, explain_verdicts[i].words);
}

/* Where key=N of an exit goes; *has is set with it. */
static uint64_t *find_key(struct explain_exit *exit, const char *key, size_t length, bool **has)
{
    static bool unused;
    const struct {
        const char *key;
        uint64_t *value;
        bool *has;
    } keys[] = {
        {"scause", &exit->scause, &unused},
        {"sepc", &exit->sepc, &unused},
        {"stval", &exit->stval, &unused},
        {"htval", &exit->htval, &unused},
        {"htinst", &exit->htinst, &unused},
        {"hstatus", &exit->hstatus, &exit->has_hstatus},
        {"sstatus", &exit->sstatus, &exit->has_sstatus},
        {"hedeleg", &exit->hedeleg, &exit->has_hedeleg},
        {"a7", &exit->extension, &exit->has_call},
        {"a6", &exit->function, &unused},
    };

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strlen(keys[i].key) == length && memcmp(keys[i].key, key, length) == 0) {
            *has = keys[i].has;
            return keys[i].value;
        }
    }
    return NULL;
}

static void read_key(struct explain_exit *exit, const char *word)
{
    const char *equals = strchr(word, '=');
    uint64_t *value;
    bool *has;

    if (!equals)
        args_refuse("exit: %.40s is not KEY=NUMBER", word);
    if (strncmp(word, "verdict=", 8) == 0) {
        exit->verdict = (int)verdict_of(equals + 1);
        return;
    }
    value = find_key(exit, word, (size_t)(equals - word), &has);
    if (!value)
        args_refuse("exit: there is no key %.*s", (int)(equals - word), word);
    *value = args_number_of(equals + 1);
    *has = true;
}

static void explain_exit(char **words, int count)
{
    struct explain_exit exit = {.verdict = -1};
    bool has_cause = false;

    for (int i = 0; i < count; i++) {
        read_key(&exit, words[i]);
        has_cause |= strncmp(words[i], "scause=", 7) == 0;
    }
    if (!has_cause)
        args_refuse("exit: scause=N is needed");
    explain_say_exit(&listener, &exit);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(char **words, int count);
    } subjects[] = {
        {"cause", explain_cause},     {"csr", explain_csr},   {"sbi", explain_sbi},
        {"verdict", explain_verdict}, {"exit", explain_exit},
    };

    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return fputs(usage, stdout) < 0;
    if (argc == 2 && strcmp(argv[1], "--json") == 0)
        return json_write(stdout) ? 0 : 1;
    for (size_t i = 0; argc > 1 && i < sizeof(subjects) / sizeof(subjects[0]); i++) {
        if (strcmp(argv[1], subjects[i].name) == 0) {
            subjects[i].run(argv + 2, argc - 2);
            return fflush(stdout) ? 1 : 0;
        }
    }
    fputs(usage, stderr);
    return 2;
}
