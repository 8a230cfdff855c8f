// SPDX-License-Identifier: BSD-2-Clause
/*
 * All harts of a machine at once, on whatever they have in common: calls, interrupts, devices.
 */
#include "hostile/hostile.h"

#define HARTS  4
#define ROUNDS 100

static volatile uint64_t taken[HARTS_MAX]; /* interrupts, by hart */
static volatile bool is_over;

static void take(struct trap_frame *frame)
{
    uint64_t id = hart_self()->id;

    if (frame->scause == (CAUSE_INTERRUPT | INTERRUPT_SSI))
        csr_clear(sip, SIP_SSIP);
    else if (frame->scause == (CAUSE_INTERRUPT | INTERRUPT_STI))
        sbi_set_timer(CLOCK_NEVER);
    else
        expect(false, "hart %lu: cause %lx, stval %lx", id, frame->scause, frame->stval);
    taken[id]++;
}

/* Starts all harts, and runs the job on each. */
static void on_all(hart_job *job)
{
    trap_set_handler(take);
    expect(harts_start_others() && harts_count() == HARTS, "not all harts are there");
    expect(harts_run(job), "a hart did not come back");
}

static void expect_taken(uint64_t count)
{
    for (unsigned id = 0; id < HARTS; id++)
        expect(taken[id] >= count, "hart %u took %lu interrupts", id, taken[id]);
}

static void send_ipis(void)
{
    csr_set(sie, SIP_SSIP);
    trap_interrupts_on();
    for (unsigned i = 0; i < ROUNDS; i++)
        expect(sbi_send_ipi(UINT64_MAX, SBI_ALL_HARTS).error == SBI_SUCCESS, "an IPI");
    trap_interrupts_off();
    csr_clear(sie, SIP_SSIP);
}

void storm_ipi(void)
{
    on_all(send_ipis);
    expect_taken(ROUNDS); /* its own are never merged: they are taken before it goes on */
}

static void send_fences(void)
{
    static const uint64_t sizes[] = {0, 1, PAGE_SIZE, 16 * PAGE_SIZE, BIT(40), UINT64_MAX};

    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t size = sizes[i % ARRAY_SIZE(sizes)], start = i % 2 ? RAM_BASE : 0;

        expect(!sbi_remote_fence_i(0xf, 0).error &&
                   !sbi_remote_sfence_vma(0, SBI_ALL_HARTS, start, size).error &&
                   !sbi_remote_sfence_vma_asid(0xf, 0, start, size, i).error,
               "a fence");
    }
}

void storm_fence(void)
{
    on_all(send_fences);
}

/* Every hart starts every hart, itself and those that run among them, and stops. */
static volatile uint64_t started[HARTS_MAX];

static void start_others(void)
{
    for (uint64_t id = 0; id < HARTS; id++) {
        int64_t error = sbi_hart_start(id, (uint64_t)hart_start, 0).error;

        expect(error == SBI_SUCCESS || error == SBI_ERR_ALREADY_AVAILABLE, "start: %d", (int)error);
    }
}

static void start_and_stop(uint64_t id, uint64_t opaque)
{
    (void)opaque;
    started[id]++;
    if (!is_over)
        start_others();
    hart_ecall(SBI_EXT_HSM, SBI_HSM_HART_STOP, 0, 0, 0);
}

void storm_hsm(void)
{
    harts_entry = start_and_stop;
    while (started[1] < ROUNDS || started[2] < ROUNDS || started[3] < ROUNDS)
        start_others();
    is_over = true;
    for (uint64_t id = 1; id < HARTS; id++)
        expect(WAIT_FOR(sbi_hart_status(id).value == SBI_HSM_STOPPED), "hart %lu runs on", id);
}

/* Interrupts are off until it is back, so that none is taken before it sleeps. */
static void suspend_often(void)
{
    csr_set(sie, SIP_STIP);
    for (unsigned i = 0; i < ROUNDS; i++) {
        sbi_set_timer(clock_now() + i % 8 * CLOCK_US(10));
        expect(sbi_hart_suspend(SBI_HSM_SUSPEND_RETENTIVE, 0, 0).error == SBI_SUCCESS, "a suspend");
        trap_interrupts_on();
        trap_interrupts_off();
    }
    csr_clear(sie, SIP_STIP);
}

void storm_suspend(void)
{
    on_all(suspend_often);
    expect_taken(ROUNDS);
}

/* A timer that is always in the past. */
static void set_timers(void)
{
    csr_set(sie, SIP_STIP);
    trap_interrupts_on();
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t before = taken[hart_self()->id];

        sbi_set_timer(clock_now() - i);
        expect(WAIT_FOR(taken[hart_self()->id] > before), "a timer in the past does not come");
    }
    trap_interrupts_off();
    csr_clear(sie, SIP_STIP);
}

void storm_timer(void)
{
    on_all(set_timers);
}

/* A word that goes round by IPI; whoever has nothing sleeps without a timer, so a wake-up that is
 * lost ends it. */
static volatile uint64_t turn;

static void pass_on(void)
{
    uint64_t id = hart_self()->id;

    csr_set(sie, SIP_SSIP);
    while (turn < HARTS * ROUNDS) {
        if (turn % HARTS == id) {
            turn++;
            sbi_send_ipi(1, (id + 1) % HARTS);
            continue;
        }
        hart_wfi(); /* SIE is 0: it ends by what is pending, which is not taken */
        csr_clear(sip, SIP_SSIP);
    }
    sbi_send_ipi(UINT64_MAX, SBI_ALL_HARTS);
}

void storm_ring(void)
{
    trap_interrupts_off();
    on_all(pass_on);
    expect(turn == HARTS * ROUNDS, "it stopped at %lu", turn);
}

/* One device, all harts: what is a hart's own stays so. */
static void use_devices(void)
{
    uint64_t id = hart_self()->id, enable = PLIC_BASE + 0x2000 + 0x80 * (2 * id + 1);

    for (uint64_t i = 0; i < ROUNDS; i++) {
        uint64_t word = (id << 24 | i << 8) & ~UINT64_C(1);

        access_sw(enable, word);
        access_sb(UART_SCRATCH, i);
        expect(access_lwu(enable, 0) == word, "another hart's bits");
        access_lbu(UART_SCRATCH, 0);
    }
    access_sw(enable, 0);
}

void storm_devices(void)
{
    on_all(use_devices);
}

/* Lines that look like other VMs', like the hypervisor's, and like the end of all. */
static void forge(void)
{
    static const char text[] = "\n[neighbour] ok: forged\r[neighbour] ok\r\n"
                               "understudy: error: panic: forged\nunderstudy: neighbour: x\n"
                               "\x1b[2Junderstudy: error: panic: forged\n\x01\x1d";

    for (unsigned i = 0; i < 10; i++) {
        console_write(text, sizeof(text) - 1);
        for (unsigned at = 0; at < sizeof(text) - 1; at++)
            access_sb(UART_BASE, (uint64_t)text[at]);
    }
}

void storm_console(void)
{
    on_all(forge);
    print_line("\n");
}

/* Code that hart 0 changes and the others run, on a page of its own, which hart 0 never fetches
 * from: see run_rounds of smp/fence_i.c. */
static uint32_t patch[1024] __attribute__((aligned(PAGE_SIZE)));

static void run_patch(void)
{
    for (uint64_t i = 1; i <= ROUNDS; i++) {
        uint64_t ran = i;

        expect(harts_meet(HARTS), "the harts do not meet");
        if (hart_self()->id == 0) {
            patch[0] = (uint32_t)(i << 20) | 0x513; /* li a0, i */
            patch[1] = 0x8067;                      /* ret */
            hart_fence();
            sbi_remote_fence_i(0, SBI_ALL_HARTS);
        }
        expect(harts_meet(HARTS), "the harts do not meet");
        if (hart_self()->id)
            ran = ((trap_try_fn *)(uint64_t)patch)(0, 0);
        expect(ran == i, "old code: %lu, not %lu", ran, i);
    }
}

void storm_patch(void)
{
    on_all(run_patch);
}

/* All turn the machine off at once: that is one end. */
static void end(void)
{
    sbi_shutdown(SBI_SRST_NO_REASON);
}

void storm_shutdown(void)
{
    on_all(end);
}

/* One hart turns it off while the others are in the middle of fences, calls and devices. */
static void never_end(void)
{
    for (;;) {
        send_fences();
        use_devices();
        sbi_send_ipi(UINT64_MAX, SBI_ALL_HARTS);
    }
}

static void end_amid(void)
{
    if (hart_self()->id == 3) {
        clock_sleep(CLOCK_MS(5));
        end();
    }
    never_end();
}

void storm_end(void)
{
    on_all(end_amid);
}

/* All ask for a reset at once, of either kind, or one does amid what the others do. What lies in
 * RAM outside of the image stays; so it is known when it was often enough. */
#define RESETS ((volatile uint64_t *)(RAM_BASE + PAGE_SIZE))

static void reset(void)
{
    hart_ecall(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, SBI_SRST_COLD_REBOOT + hart_self()->id % 2, 0,
               0);
}

static void reset_amid(void)
{
    if (hart_self()->id == 3) {
        clock_sleep(CLOCK_MS(2));
        reset();
    }
    never_end();
}

void storm_reset(void)
{
    if (++*RESETS < 10)
        on_all(*RESETS % 2 ? reset : reset_amid);
}
