// SPDX-License-Identifier: BSD-2-Clause
/*
 * Step after step, and how they ended. fuzz.h says what a step is.
 */
#include "fuzz/fuzz.h"

#include "lib/bootargs.h"
#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"
#include "riscv/cause.h"
#include "riscv/csr.h"

#define STEP_TICKS  CLOCK_MS(2) /* after which the timer ends a step that goes in circles */
#define WORDS_MAX   8
#define QUIET_EVERY 32     /* steps */
#define REPORT      100000 /* steps */

#define WORD_ECALL      0x00000073U
#define HALF_EBREAK     0x9002U /* c.ebreak: wherever a step jumps to in its page, it stops */
#define STIMECMP        "0x14d"
#define INTERRUPTS      32 /* outcomes: exceptions by cause, then interrupts */
#define OUTCOME_RESUMED (2 * INTERRUPTS)
#define OUTCOMES        (OUTCOME_RESUMED + 1)

static const char *const names[OUTCOMES] = {
    [CAUSE_INSN_MISALIGNED] = "insn-misaligned",
    [CAUSE_INSN_ACCESS_FAULT] = "insn-access-fault",
    [CAUSE_ILLEGAL_INSN] = "illegal",
    [CAUSE_BREAKPOINT] = "done", /* it retired, and the breakpoint behind it was met */
    [CAUSE_LOAD_MISALIGNED] = "load-misaligned",
    [CAUSE_LOAD_ACCESS_FAULT] = "load-access-fault",
    [CAUSE_STORE_MISALIGNED] = "store-misaligned",
    [CAUSE_STORE_ACCESS_FAULT] = "store-access-fault",
    [CAUSE_ECALL_U] = "user-call",
    [CAUSE_INSN_PAGE_FAULT] = "insn-page-fault",
    [CAUSE_LOAD_PAGE_FAULT] = "load-page-fault",
    [CAUSE_STORE_PAGE_FAULT] = "store-page-fault",
    [CAUSE_SOFTWARE_CHECK] = "software-check",
    [INTERRUPTS + 1] = "software-interrupt",
    [INTERRUPTS + 5] = "timer-interrupt",
    [INTERRUPTS + 9] = "external-interrupt",
    [OUTCOME_RESUMED] = "resumed",
};

/* Of S-mode words, U-mode words, and SBI calls. */
enum kind { KIND_S, KIND_U, KIND_CALL, KINDS };
static const char *const kinds[KINDS] = {"vs", "vu", "vs-call"};

static uint64_t counts[KINDS][OUTCOMES];
static uint64_t sstatus_start;
static bool has_stimecmp;

static uint64_t try_stimecmp(uint64_t a, uint64_t b)
{
    (void)b;
    __asm__ volatile("csrw " STIMECMP ", %0" : : "r"(a));
    return 0;
}

static void set_timer(uint64_t deadline)
{
    if (has_stimecmp)
        try_stimecmp(deadline, 0);
    else
        sbi_set_timer(deadline);
}

/* The words, and breakpoints all around them. A page that was written must be fetched anew. */
static void write_code(uint64_t offset, const uint32_t *words, unsigned count)
{
    static uint64_t last; /* what the step before wrote */
    volatile uint16_t *halves = (volatile uint16_t *)windows_code();

    for (unsigned i = 0; i < 2 * WORDS_MAX + 2; i++)
        halves[(last / 2 + i) % (PAGE_SIZE / 2)] = HALF_EBREAK;
    for (unsigned i = 0; i < 2 * count; i++)
        halves[(offset / 2 + i) % (PAGE_SIZE / 2)] = (uint16_t)(words[i / 2] >> (i % 2 ? 16 : 0));
    last = offset;
    hart_fence_i();
}

/* In the middle of the page most of the time; else its last bytes, before something else. */
static uint64_t choose_place(uint64_t *page)
{
    static const uint8_t pages[] = {WINDOW_CODE, WINDOW_CODE_HOLE, WINDOW_CODE_UART,
                                    WINDOW_CODE_NOTHING};

    *page = pages[random_below(sizeof(pages))];
    return random_one_in(8) ? PAGE_SIZE - 2 : 1024 + 2 * random_below(512);
}

static void set_registers(bool is_user)
{
    for (unsigned i = 1; i < 32; i++)
        step_frame.x[i] = windows_address(is_user);
}

static enum kind prepare(void)
{
    enum kind kind = random_one_in(8) ? KIND_CALL : (enum kind)random_below(2);
    bool is_user = kind == KIND_U;
    unsigned count = is_user ? 1 + (unsigned)random_below(WORDS_MAX) : 1;
    uint32_t words[WORDS_MAX];
    uint64_t page, offset = choose_place(&page);

    for (unsigned i = 0; i < count; i++)
        words[i] = kind == KIND_CALL ? WORD_ECALL : words_random(is_user);
    write_code(offset, words, count);
    set_registers(is_user);
    if (kind == KIND_CALL)
        calls_random(&step_frame);
    step_frame.sepc = (is_user ? WINDOW_U : WINDOW_S) + page * PAGE_SIZE + offset;
    step_frame.sstatus = sstatus_start | (is_user ? 0 : SSTATUS_SPP);
    step_frame.sstatus |= random_u64() & (SSTATUS_SUM | SSTATUS_MXR);
    return kind;
}

/* What a step may have left behind in CSRs. */
static void put_back(void)
{
    csr_write(scounteren, random_one_in(2) ? 7 : 0);
    csr_write(senvcfg, 0);
    csr_clear(sip, SIP_SSIP);
    set_timer(clock_now() + STEP_TICKS);
    csr_write(sie, SIP_STIP | (random_one_in(8) ? SIP_SSIP | SIP_SEIP : 0));
}

/* A cause that no guest of a board without H has ever seen would be ours, leaked. */
static unsigned outcome(void)
{
    uint64_t cause = step_frame.scause & ~CAUSE_INTERRUPT;

    if (step_frame.scause == STEP_RESUMED)
        return OUTCOME_RESUMED;
    if (step_frame.scause & CAUSE_INTERRUPT)
        cause += INTERRUPTS;
    if (cause >= OUTCOMES || !names[cause]) {
        tap_diag("a trap with scause %lx, stval %lx, at %lx", step_frame.scause, step_frame.stval,
                 step_frame.sepc);
        tap_fail();
    }
    return (unsigned)cause;
}

static void run_steps(uint64_t steps)
{
    for (uint64_t step = 0; step < steps; step++) {
        enum kind kind = prepare();

        if (step % QUIET_EVERY == 0)
            windows_quiet();
        put_back();
        step_run();
        counts[kind][outcome()]++;
        if (step_frame.scause == (CAUSE_INTERRUPT | 9))
            windows_quiet();
        if (step % REPORT == REPORT - 1)
            print_line("fuzz at %lu", step + 1);
    }
}

/* On a line of its own: what the steps printed may not end in one. */
static void report(uint64_t steps)
{
    print_line(" ");
    for (unsigned kind = 0; kind < KINDS; kind++) {
        for (unsigned i = 0; i < OUTCOMES; i++) {
            if (counts[kind][i])
                print_line("fuzz outcome %s %s %lu", kinds[kind], names[i], counts[kind][i]);
        }
    }
    print_line("fuzz done %lu", steps);
}

static void begin(void)
{
    csr_set(sstatus, SSTATUS_FS | SSTATUS_VS);
    sstatus_start = (csr_read(sstatus) & ~(SSTATUS_SPP | SSTATUS_SIE)) | SSTATUS_SPIE;
    has_stimecmp = !trap_try(try_stimecmp, CLOCK_NEVER, 0).taken;
    windows_init();
    for (unsigned i = 0; i < PAGE_SIZE / 2; i++)
        ((volatile uint16_t *)windows_code())[i] = HALF_EBREAK;
    for (unsigned i = 0; i < 2 * PAGE_SIZE / 8; i++)
        ((uint64_t *)windows_data())[i] = random_u64();
}

/* Not for the board itself: there S-mode is not held by anything. */
void guest_main(void)
{
    uint64_t steps = bootargs_number("steps", 20000), seed = bootargs_number("seed", 1);

    if (sbi_is_opensbi())
        tap_fail();
    random_seed(seed);
    begin();
    run_steps(steps);
    set_timer(CLOCK_NEVER);
    report(steps);
    sbi_shutdown(SBI_SRST_NO_REASON);
}
