/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command explain: an exit of a vCPU in words, or what a cause, a CSR, an SBI call, a verdict
 * is. The words are explain/'s; here they become an answer.
 */
#include "explain/explain.h"
#include "lib/format.h"
#include "lib/string.h"
#include "monitor/command.h"
#include "monitor/hold.h"
#include "monitor/words.h"
#include "riscv/cause.h"

const char *const command_explain_subjects[] = {"cause", "csr", "sbi", "verdict", NULL};

static const struct explain_csr *find_csr(const char *text, uint16_t *number)
{
    const struct explain_csr *csr = explain_csr_named(text, number);
    uint64_t value;

    if (csr || !command_number(text, &value))
        return csr;
    *number = (uint16_t)value;
    return explain_csr_find(value);
}

static const struct explain_extension *find_extension(const char *text)
{
    uint64_t id;

    if (command_number(text, &id))
        return explain_extension_find(id);
    for (size_t i = 0; i < explain_extension_count; i++) {
        if (!explain_extensions[i].is_one_function && strcmp(explain_extensions[i].name, text) == 0)
            return &explain_extensions[i];
    }
    return NULL;
}

/* cause [interrupt] N */
static void explain_cause(struct order *order)
{
    bool is_interrupt = strcmp(order->args[1], "interrupt") == 0;
    const char *text = order->args[order->arg_count - 1];
    const struct explain_cause *cause = NULL;
    uint64_t code;

    if (order->arg_count == 2U + is_interrupt && command_number(text, &code))
        cause = explain_cause_find(is_interrupt ? code | CAUSE_INTERRUPT : code);
    if (cause)
        words_cause(order->answer, cause);
    else
        answer_refuse(order->answer, "there is no cause %.40s", text);
}

/* csr NAME [VALUE] */
static void explain_csr(struct order *order)
{
    uint16_t number;
    const struct explain_csr *csr = find_csr(order->args[1], &number);
    uint64_t value;
    bool has_value = order->arg_count > 2;

    if (!csr)
        answer_refuse(order->answer, "there is no CSR %.40s that has words", order->args[1]);
    else if (has_value && !command_number(order->args[2], &value))
        answer_refuse(order->answer, "%.20s is no value of a CSR", order->args[2]);
    else
        words_csr(order->answer, csr, number, has_value ? &value : NULL);
}

/* sbi EXTENSION [FUNCTION] */
static void explain_sbi(struct order *order)
{
    const struct explain_extension *extension = find_extension(order->args[1]);
    bool has_function = order->arg_count > 2;
    uint64_t function;

    if (!extension)
        answer_refuse(order->answer, "there is no SBI extension %.40s that has words",
                      order->args[1]);
    else if (has_function && !command_number(order->args[2], &function))
        answer_refuse(order->answer, "%.20s is no number of a function", order->args[2]);
    else
        words_call(order->answer, extension, has_function ? &function : NULL);
}

/* verdict NAME */
static void explain_verdict(struct order *order)
{
    const char *name = order->args[order->arg_count - 1];

    for (size_t i = 0; i < explain_verdict_count && order->arg_count == 2; i++) {
        if (strcmp(explain_verdicts[i].name, name) == 0) {
            answer_text(order->answer, "verdict", 0, explain_verdicts[i].name);
            words_line(order->answer, "what", explain_verdicts[i].words);
            return;
        }
    }
    answer_refuse(order->answer, "there is no verdict %.40s", name);
}

/* The order itself came by an interrupt of the host, and what is held was kicked out of its guest
 * by another: those are not what was asked for. The last one, where nothing else is kept. */
static uint64_t newest_of_its_own(const struct vcpu *vcpu)
{
    const struct trap *trap;
    unsigned back = 0;

    while ((trap = vcpu_trap_back(vcpu, back)) && (trap->scause & CAUSE_INTERRUPT))
        back++;
    return trap ? back : 0;
}

/* VM [VCPU [N]] */
static void look_exit(struct order *order)
{
    const struct vcpu *vcpu = command_vcpu(order, 1);
    uint64_t back = newest_of_its_own(vcpu);
    const struct trap *trap;

    if (order->arg_count > 2)
        command_number(order->args[2], &back);
    trap = back < VCPU_TRAPS_COUNT ? vcpu_trap_back(vcpu, (unsigned)back) : NULL;
    if (!trap) {
        answer_refuse(order->answer, "vCPU %u of %s has no exit %lu back", vcpu->id,
                      order->machine->name, back);
        return;
    }
    answer_text(order->answer, "vm", 0, order->machine->name);
    answer_number(order->answer, "vcpu", vcpu->id);
    answer_number(order->answer, "back", back);
    words_exit(order->answer, vcpu, trap, back == 0);
}

static void explain_exit(struct order *order)
{
    uint64_t back;

    if (!command_find_machine(order, order->args[0]) || !command_vcpu(order, 1))
        return;
    if (order->arg_count > 2 && !command_number(order->args[2], &back))
        answer_refuse(order->answer, "%.20s is no number of exits", order->args[2]);
    else
        hold_look(order, look_exit);
}

typedef void (*explainer_t)(struct order *order); /* one of command_explain_subjects */

void monitor_do_explain(struct order *order)
{
    static const explainer_t explainers[] = {explain_cause, explain_csr, explain_sbi,
                                             explain_verdict};

    for (unsigned i = 0; command_explain_subjects[i]; i++) {
        if (strcmp(order->args[0], command_explain_subjects[i]) != 0)
            continue;
        if (order->arg_count > 1)
            explainers[i](order);
        else
            answer_refuse(order->answer, "explain %s: which one?", command_explain_subjects[i]);
        return;
    }
    explain_exit(order);
}
