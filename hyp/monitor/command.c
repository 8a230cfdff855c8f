/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of commands, and what is the same for all of them: words, numbers, the count of
 * arguments, the VM that the first one names, completion, help.
 */
#include "monitor/command.h"

#include "lib/bits.h"
#include "lib/digit.h"
#include "lib/string.h"

static void command_help(struct order *order);

#define OTHER         COMMAND_FIRST_OTHER
#define VM            COMMAND_FIRST_VM
#define CONFIGURATION COMMAND_FIRST_CONFIGURATION
#define COMMAND       COMMAND_FIRST_COMMAND
#define SUBJECT       COMMAND_FIRST_SUBJECT

static const struct command commands[] = {
    {"help", "[COMMAND]", "what can be said", COMMAND, 0, 1, command_help},
    {"list", "", "the VMs", OTHER, 0, 0, monitor_do_list},
    {"info", "VM", "all about one; of a crashed one, the report", VM, 1, 1, monitor_do_info},
    {"create", "CONFIGURATION [NAME]", "build a VM of the bundle, not started", CONFIGURATION, 1, 2,
     monitor_do_create},
    {"start", "VM", "let a created VM run", VM, 1, 1, monitor_do_start},
    {"pause", "VM", "hold it; its time goes on", VM, 1, 1, monitor_do_pause},
    {"resume", "VM", "let a paused VM run on", VM, 1, 1, monitor_do_resume},
    {"reset", "VM", "let it begin afresh", VM, 1, 1, monitor_do_reset},
    {"destroy", "VM", "end it and give its memory back", VM, 1, 1, monitor_do_destroy},
    {"console", "VM [POSITION [TEXT]]", "show its console; or read from a position on, and type",
     VM, 1, 3, monitor_do_console},
    {"regs", "VM [VCPU]", "registers and CSRs; a VM that runs is held for it", VM, 1, 2,
     monitor_do_regs},
    {"walk", "VM ADDRESS [VCPU] [full]", "both stages of a translation, step by step", VM, 2, 4,
     monitor_do_walk},
    {"explain",
     "VM [VCPU [N]] | cause [interrupt] N | csr NAME [VALUE] | sbi EXTENSION [FUNCTION] | "
     "verdict NAME",
     "the last exit or the Nth before it, or a word of the manuals", SUBJECT, 1, 3,
     monitor_do_explain},
    {"mem", "[VM ADDRESS [BYTES]]", "pages of the machine; or memory of a VM", VM, 0, 3,
     monitor_do_mem},
    {"exits", "VM", "why its vCPUs left their guest, how often, how long", VM, 1, 1,
     monitor_do_exits},
    {"sched", "", "the vCPUs and their harts", OTHER, 0, 0, monitor_do_sched},
    {"trace", "[on [CATEGORIES] | off | [VM] [COUNT]]",
     "record what happens; or the newest records", OTHER, 0, 2, monitor_do_trace},
    {"caps", "", "what the machine below can do", OTHER, 0, 0, monitor_do_caps},
    {"quit", "", "turn the machine off", OTHER, 0, 0, monitor_do_quit},
};

static const struct command *find(const char *name)
{
    for (unsigned i = 0; i < ARRAY_SIZE(commands); i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

/* help: one command, or all. */
static void command_help(struct order *order)
{
    const struct command *only = order->arg_count > 0 ? find(order->args[0]) : NULL;

    if (order->arg_count > 0 && !only) {
        answer_refuse(order->answer, "there is no command %.40s", order->args[0]);
        return;
    }
    answer_table_begin(order->answer, "commands");
    for (unsigned i = 0; i < ARRAY_SIZE(commands); i++) {
        if (only && only != &commands[i])
            continue;
        answer_row_begin(order->answer);
        answer_text(order->answer, "command", 7, commands[i].name);
        answer_text(order->answer, "arguments", 20, commands[i].usage);
        answer_text(order->answer, "what", 0, commands[i].what);
        answer_row_end(order->answer);
    }
    answer_table_end(order->answer);
}

/* Nobody but an order destroys a machine, and this is the one: it stays. */
bool command_find_machine(struct order *order, const char *name)
{
    life_lock();
    order->machine = life_find(name);
    life_unlock();
    if (!order->machine)
        answer_refuse(order->answer, "there is no VM %.40s", name);
    return order->machine != NULL;
}

struct vcpu *command_vcpu(struct order *order, unsigned arg)
{
    const struct machine *machine = order->machine;
    uint64_t id = 0;

    if (arg < order->arg_count &&
        (!command_number(order->args[arg], &id) || id >= machine->vm->vcpu_count)) {
        answer_refuse(order->answer, "%s has no vCPU %.20s", machine->name, order->args[arg]);
        return NULL;
    }
    return &machine->vm->vcpus[id];
}

void command_run(struct order *order, const char *name)
{
    const struct command *command = find(name);

    order->machine = NULL;
    order->is_done = NULL;
    order->finish = NULL;
    order->ends_all = false;
    if (!command)
        answer_refuse(order->answer, "there is no command %.40s; try help", name);
    else if (order->arg_count < command->args_min || order->arg_count > command->args_max)
        answer_refuse(order->answer, "usage: %s%s%s", name, *command->usage ? " " : "",
                      command->usage);
    else if (command->first != VM || order->arg_count == 0 ||
             command_find_machine(order, order->args[0]))
        command->run(order);
}

/* The next word from *at on, ended by NUL; NULL at the end. */
static char *take_word(char **at)
{
    char *word;

    while (**at == ' ')
        (*at)++;
    word = *at;
    while (**at && **at != ' ')
        (*at)++;
    if (**at)
        *(*at)++ = '\0';
    return *word ? word : NULL;
}

const char *command_split(struct order *order, char *line)
{
    const char *name = take_word(&line);
    char *word;

    order->arg_count = 0;
    while (name && order->arg_count < ORDER_ARGS_MAX && (word = take_word(&line)) != NULL)
        order->args[order->arg_count++] = word;
    return name;
}

typedef void (*visit_t)(void *context, const char *name);

static void visit_commands(visit_t visit, void *context)
{
    for (unsigned i = 0; i < ARRAY_SIZE(commands); i++)
        visit(context, commands[i].name);
}

static void visit_machines(visit_t visit, void *context)
{
    life_lock();
    for (struct machine *machine = life_first(); machine; machine = life_next(machine))
        visit(context, machine->name);
    life_unlock();
}

static void visit_subjects(visit_t visit, void *context)
{
    for (unsigned i = 0; command_explain_subjects[i]; i++)
        visit(context, command_explain_subjects[i]);
}

static void visit_configurations(visit_t visit, void *context)
{
    const struct bundle *bundle = life_bundle();
    struct refusal refusal;

    for (unsigned i = 0; bundle && i < bundle_count(bundle); i++) {
        if (bundle_name_check(bundle_name(bundle, i), &refusal) == 0)
            visit(context, bundle_name(bundle, i));
    }
}

/* Names that begin with what is typed. */
struct prefix {
    const char *text;
    size_t length;
    visit_t visit;
    void *context;
};

static void visit_matching(void *context, const char *name)
{
    const struct prefix *prefix = context;

    if (strlen(name) >= prefix->length && strncmp(name, prefix->text, prefix->length) == 0)
        prefix->visit(prefix->context, name);
}

static void visit_first(const char *name, size_t length, struct prefix *prefix)
{
    for (unsigned i = 0; i < ARRAY_SIZE(commands); i++) {
        if (strlen(commands[i].name) != length || strncmp(commands[i].name, name, length) != 0)
            continue;
        if (commands[i].first == VM || commands[i].first == SUBJECT)
            visit_machines(visit_matching, prefix);
        if (commands[i].first == SUBJECT)
            visit_subjects(visit_matching, prefix);
        else if (commands[i].first == CONFIGURATION)
            visit_configurations(visit_matching, prefix);
        else if (commands[i].first == COMMAND)
            visit_commands(visit_matching, prefix);
    }
}

/* Where the word that begins at `at` ends, or the blanks that do: at `end` at the latest. */
static size_t skip(const char *line, size_t at, size_t end, bool blanks)
{
    while (at < end && (line[at] == ' ') == blanks)
        at++;
    return at;
}

/* The last word is the first one, or the second: nothing else can be completed. */
size_t command_complete(const char *line, size_t length, visit_t visit, void *context)
{
    struct prefix prefix = {.visit = visit, .context = context};
    size_t start = length, name, name_end;

    while (start > 0 && line[start - 1] != ' ')
        start--;
    prefix.text = line + start;
    prefix.length = length - start;
    name = skip(line, 0, start, true);
    name_end = skip(line, name, start, false);
    if (name == start)
        visit_commands(visit_matching, &prefix);
    else if (skip(line, name_end, start, true) == start)
        visit_first(line + name, name_end - name, &prefix);
    return prefix.length;
}

bool command_number(const char *text, uint64_t *value)
{
    uint64_t base = 10;

    if (text[0] == '0' && (text[1] | 0x20) == 'x') {
        base = 16;
        text += 2;
    }
    *value = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        unsigned digit = digit_value(*text);

        if (digit >= base || *value > (UINT64_MAX - digit) / base)
            return false;
        *value = *value * base + digit;
    }
    return true;
}
