// SPDX-License-Identifier: BSD-2-Clause
/*
 * The VM beside the hostile ones: adds up its memory over and over, has a timer every 10 ms, and
 * ends when it reads a `q`. Its sums must be right, its registers and CSRs as it left them, and
 * nothing late: neither the timer nor the next sum by more than late= of the boot arguments, in
 * milliseconds. early= timer interrupts may come before their time, and again then: the manual has
 * software expect a spurious one. Priv 19 (Sstc). Its memory is where the others map something too,
 * with the same ASID.
 */
#include "hostile/hostile.h"

#include "lib/bootargs.h"

#define WORDS  8192
#define SEED   0x9e3779b97f4a7c15UL
#define SUM    0x53081af909475ab1UL /* of what next_random gives from SEED */
#define PERIOD CLOCK_MS(10)

#define SCOUNTEREN 5
#define FCSR       0xa5
#define FS0        0x7ff4c0ffee000001UL

static uint64_t memory[WORDS] __attribute__((aligned(PAGE_SIZE)));
static volatile bool is_over;
static uint64_t deadline, ticks, early, worst_tick;

static uint64_t ms(uint64_t time)
{
    return time / CLOCK_MS(1);
}

/* A `q` on the console; it is looked for when the timer comes. */
static bool is_told_to_end(void)
{
    static uint8_t byte;

    return hart_ecall(SBI_EXT_DBCN, SBI_DBCN_READ, 1, (uint64_t)&byte, 0).value == 1 && byte == 'q';
}

static void handle(struct trap_frame *frame)
{
    uint64_t now = clock_now();

    if (!expect(frame->scause == (CAUSE_INTERRUPT | INTERRUPT_STI), "a trap: cause %lu, stval %lx",
                frame->scause, frame->stval))
        tap_fail();
    if (now < deadline) {
        early++;
    } else {
        ticks++;
        worst_tick = now - deadline > worst_tick ? now - deadline : worst_tick;
        deadline = clock_now() + PERIOD;
    }
    is_over |= is_told_to_end();
    sbi_set_timer(deadline);
}

static uint64_t add_up(void)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < WORDS; i++)
        sum = (sum << 1 | sum >> 63) ^ ((volatile uint64_t *)VIRTUAL)[i];
    return sum;
}

/* What has no copy for VS-mode, and what moves only when another vCPU takes the hart. */
static bool keeps_its_own(void)
{
    uint64_t fs0;

    __asm__ volatile("fmv.x.d %0, fs0" : "=r"(fs0));
    return expect(fs0 == FS0, "fs0 is %lx", fs0) &&
           expect(csr_read(fcsr) == FCSR, "fcsr is %lx", csr_read(fcsr)) &&
           expect(csr_read(scounteren) == SCOUNTEREN, "scounteren is %lx", csr_read(scounteren));
}

static void begin(void)
{
    uint64_t state = SEED, *root = table_new();

    for (unsigned i = 0; i < WORDS; i++)
        memory[i] = next_random(&state);
    for (uint64_t offset = 0; offset < sizeof(memory); offset += PAGE_SIZE)
        table_map(root, VIRTUAL + offset, (char *)memory + offset, 0, PTE_WRITE);
    paging_on(root);
    csr_set(sstatus, SSTATUS_FS);
    csr_write(scounteren, SCOUNTEREN);
    csr_write(fcsr, FCSR);
    __asm__ volatile("fmv.d.x fs0, %0" : : "r"(FS0));
}

void neighbour(void)
{
    uint64_t limit = CLOCK_MS(bootargs_number("late", 100));
    uint64_t rounds = 0, worst_round = 0, last;
    bool good = true;

    begin();
    trap_set_handler(handle);
    deadline = clock_now() + PERIOD;
    sbi_set_timer(deadline);
    csr_set(sie, SIP_STIP);
    trap_interrupts_on();
    for (last = clock_now(); !is_over; rounds++) {
        uint64_t sum = add_up(), now = clock_now();

        good &= expect(sum == SUM, "round %lu: the sum is %lx", rounds, sum) && keeps_its_own();
        worst_round = now - last > worst_round ? now - last : worst_round;
        last = now;
    }
    trap_interrupts_off();
    good &= expect(worst_tick <= limit, "the timer was %lu ms late", ms(worst_tick));
    good &= expect(early <= bootargs_number("early", 0), "%lu timers were early", early);
    good &= expect(worst_round <= limit, "a round took %lu ms", ms(worst_round));
    print_line("%s: %lu rounds, %lu deadlines, at most %lu ms late, a round at most %lu ms",
               good ? "ok" : "not ok", rounds, ticks, ms(worst_tick), ms(worst_round));
    sbi_shutdown(SBI_SRST_NO_REASON);
}
