/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One exit in words: its cause, what each CSR says of it, why it came to us and what was done.
 */
#include "explain/say.h"

#include "lib/format.h"
#include "riscv/cause.h"
#include "riscv/insn.h"
#include "riscv/trap.h"

#define TEXT_MAX 480

#define CSR_SSTATUS 0x100
#define CSR_HSTATUS 0x600

static void say(const struct explain_listener *listener, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(const struct explain_listener *listener, const char *name, const char *format, ...)
{
    char text[TEXT_MAX];
    va_list args;

    va_start(args, format);
    format_text_v(text, sizeof(text), format, args);
    va_end(args);
    listener->line(listener->context, name, text);
}

static bool is_guest_page_fault(uint64_t scause)
{
    return scause == CAUSE_INSN_GUEST_PAGE_FAULT || scause == CAUSE_LOAD_GUEST_PAGE_FAULT ||
           scause == CAUSE_STORE_GUEST_PAGE_FAULT;
}

/* Priv 12.1.9 (stval). */
static const char *stval_words(uint64_t scause)
{
    switch (scause) {
    case CAUSE_ILLEGAL_INSN:
    case CAUSE_VIRTUAL_INSN:
        return "the instruction, where the hart tells it";
    case CAUSE_ECALL_U:
    case CAUSE_ECALL_S:
    case CAUSE_ECALL_VS:
    case CAUSE_ECALL_M:
        return "nothing";
    default:
        return scause & CAUSE_INTERRUPT ? "nothing" : "the guest virtual address";
    }
}

/* The low two bits are those of stval, or 0 where a page-table entry was walked: Priv 21.2.8. */
static uint64_t gpa_of(const struct explain_exit *exit)
{
    const struct trap trap = {.htval = exit->htval, .stval = exit->stval};

    return insn_htinst_is_walk(exit->htinst) ? exit->htval << 2 : trap_gpa(&trap);
}

/* Of an AMO the decoder tells neither size nor register. */
static void say_access(const struct explain_listener *listener, uint64_t htinst,
                       const struct insn *insn)
{
    static const char *const kinds[] = {
        [INSN_LOAD] = "a load",
        [INSN_STORE] = "a store",
        [INSN_FP_LOAD] = "a floating-point load",
        [INSN_FP_STORE] = "a floating-point store",
        [INSN_AMO] = "an AMO",
    };

    if (insn->kind == INSN_AMO) {
        say(listener, "htinst", "0x%lx: %s", htinst, kinds[insn->kind]);
        return;
    }
    say(listener, "htinst", "0x%lx: %s, %u byte%s into or from x%u; the instruction has %u bytes",
        htinst, kinds[insn->kind], insn->width, insn->width == 1 ? "" : "s", insn->reg,
        insn->length);
}

static void say_htinst(const struct explain_listener *listener, uint64_t htinst)
{
    struct insn insn;

    if (htinst == 0)
        say(listener, "htinst", "0x0: the hart does not tell the instruction; it is fetched");
    else if (insn_htinst_is_walk(htinst))
        say(listener, "htinst", "0x%lx: the walk of the guest's own page tables faulted", htinst);
    else if (insn_decode_htinst(htinst, &insn))
        say_access(listener, htinst, &insn);
    else
        say(listener, "htinst", "0x%lx: no load or store", htinst);
}

/* Of a virtual-instruction exception, which bit it was, where stval tells the instruction. */
static void say_virtual(const struct explain_listener *listener, uint32_t word)
{
    struct insn insn = insn_decode(word);
    const struct explain_csr *csr;
    char name[EXPLAIN_CSR_NAME_MAX];

    if (insn.kind == INSN_WFI)
        say(listener, "bit", "WFI: hstatus.VTW, as others wait for this hart");
    if (insn.kind == INSN_WRS_NTO)
        say(listener, "bit", "WRS.NTO: hstatus.VTW, as others wait for this hart");
    if (insn.kind == INSN_SRET)
        say(listener, "bit", "SRET: hstatus.VTSR, or it was in VU-mode");
    if (insn.kind != INSN_CSR)
        return;
    csr = explain_csr_find(insn.csr);
    if (!csr) {
        say(listener, "bit", "CSR 0x%x, which has no text here", insn.csr);
        return;
    }
    explain_csr_name(csr, insn.csr, name);
    say(listener, "bit", "%s of %s: %s", insn_csr_writes(&insn) ? "write" : "read", name,
        csr->words);
}

static void say_hedeleg(const struct explain_listener *listener, const struct explain_exit *exit)
{
    bool is_set = exit->hedeleg >> exit->scause & 1;

    say(listener, "hedeleg", "0x%lx: bit %lu is %u, so %s", exit->hedeleg, exit->scause, is_set,
        is_set ? "the hart should have given it to the guest; M-mode passed it to us"
               : "it is for HS-mode");
}

static void say_fields(const struct explain_listener *listener, uint16_t number, uint64_t value)
{
    const struct explain_csr *csr = explain_csr_find(number);

    for (unsigned i = 0; i < csr->field_count; i++)
        listener->field(listener->context, csr->name, &csr->fields[i], &value);
}

/* What the hart said, number by number. */
static void say_values(const struct explain_listener *listener, const struct explain_exit *exit)
{
    say(listener, "pc", "0x%lx", exit->sepc);
    say(listener, "stval", "0x%lx: %s", exit->stval, stval_words(exit->scause));
    if (is_guest_page_fault(exit->scause)) {
        say(listener, "htval", "0x%lx: guest physical address 0x%lx", exit->htval, gpa_of(exit));
        if (exit->scause != CAUSE_INSN_GUEST_PAGE_FAULT || exit->htinst)
            say_htinst(listener, exit->htinst);
    }
}

static void say_call(const struct explain_listener *listener, const struct explain_exit *exit)
{
    const struct explain_extension *extension = explain_extension_find(exit->extension);
    const struct explain_function *function =
        extension ? explain_function_find(extension, exit->function) : NULL;

    if (!extension)
        say(listener, "call", "extension 0x%lx, which there is not: NOT_SUPPORTED",
            exit->extension);
    else if (!function)
        say(listener, "call", "%s, function %lu: NOT_SUPPORTED", extension->name, exit->function);
    else
        say(listener, "call", "%s %s: %s (%s)", extension->name, function->name, function->words,
            function->source);
}

static void say_reasons(const struct explain_listener *listener, const struct explain_exit *exit,
                        const struct explain_cause *cause)
{
    say(listener, "why", "%s", cause->why);
    if (exit->scause == CAUSE_VIRTUAL_INSN && exit->stval)
        say_virtual(listener, (uint32_t)exit->stval);
    if (exit->has_hedeleg && !cause->is_interrupt)
        say_hedeleg(listener, exit);
    say(listener, "done", "%s", cause->done);
    if (exit->verdict >= 0 && (size_t)exit->verdict < explain_verdict_count)
        say(listener, "verdict", "%s: %s", explain_verdicts[exit->verdict].name,
            explain_verdicts[exit->verdict].words);
    say(listener, "source", "%s", cause->source);
}

void explain_say_exit(const struct explain_listener *listener, const struct explain_exit *exit)
{
    const struct explain_cause *cause = explain_cause_find(exit->scause);

    if (!cause) {
        say(listener, "cause", "%s %lu: reserved, or the platform's own",
            exit->scause & CAUSE_INTERRUPT ? "interrupt" : "exception",
            exit->scause & ~CAUSE_INTERRUPT);
        say_values(listener, exit);
    } else {
        say(listener, "cause", "%s %u: %s", cause->is_interrupt ? "interrupt" : "exception",
            cause->code, explain_cause_name(cause));
        say(listener, "what", "%s", cause->words);
        say_values(listener, exit);
        if (exit->has_call)
            say_call(listener, exit);
        say_reasons(listener, exit, cause);
    }
    if (exit->has_hstatus)
        say_fields(listener, CSR_HSTATUS, exit->hstatus);
    if (exit->has_sstatus)
        say_fields(listener, CSR_SSTATUS, exit->sstatus);
}
