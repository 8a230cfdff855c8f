// SPDX-License-Identifier: BSD-2-Clause
/*
 * Interrupts between harts. SBI 7 (IPI); each that is sent must be taken, once.
 */
#include "riscv/cause.h"
#include "smp/smp.h"

#define BALLS  10
#define ROUNDS 1000
#define NOBODY UINT64_MAX

static uint64_t taken[HARTS_MAX];    /* IPIs */
static uint64_t reply_to[HARTS_MAX]; /* whom to answer, or NOBODY */
static uint64_t strange_traps;
static uint64_t player, partner; /* of the game under way */
static bool game_is_good;

/* Clears first, then acts: an IPI that comes meanwhile is a new one. */
static void on_trap(struct trap_frame *frame)
{
    uint64_t id = hart_self()->id;

    if (frame->scause != (CAUSE_INTERRUPT | INTERRUPT_SSI)) {
        __atomic_fetch_add(&strange_traps, 1, __ATOMIC_RELAXED);
        csr_write(sie, 0);
        return;
    }
    csr_clear(sip, SIP_SSIP);
    __atomic_fetch_add(&taken[id], 1, __ATOMIC_RELEASE);
    if (reply_to[id] != NOBODY) /* last: the game may be over when the answer is there */
        sbi_send_ipi(1, reply_to[id]);
}

static uint64_t taken_by(uint64_t id)
{
    return __atomic_load_n(&taken[id], __ATOMIC_ACQUIRE);
}

static void listen(void)
{
    reply_to[hart_self()->id] = NOBODY;
    csr_set(sie, SIP_SSIP);
    trap_interrupts_on();
}

static void stop_listening(void)
{
    trap_interrupts_off();
    csr_write(sie, 0);
}

/* The player serves a ball and waits for its return, BALLS times. */
static void play(void)
{
    for (unsigned ball = 0; ball < BALLS && game_is_good; ball++) {
        uint64_t before = taken_by(player);

        sbi_send_ipi(1, partner);
        game_is_good = WAIT_FOR(taken_by(player) == before + 1);
    }
}

static bool play_pair(uint64_t from, uint64_t to)
{
    game_is_good = true;
    player = from;
    partner = to;
    reply_to[to] = from;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    bool ended = harts_run_on(from, play);

    reply_to[to] = NOBODY;
    if (!ended || !game_is_good)
        tap_diag("from hart %lu to hart %lu", from, to);
    return ended && game_is_good;
}

static void check_pairs(void)
{
    unsigned good = 0;

    for (uint64_t from = 0; from < SMP_HARTS; from++)
        for (uint64_t to = 0; to < SMP_HARTS; to++)
            if (from != to)
                good += play_pair(from, to);
    tap_equal(good, SMP_HARTS * (SMP_HARTS - 1), "every pair of harts plays ping-pong with IPIs");
}

/* Sends, and waits until each hart of `mask` has taken one more. */
static bool send_and_wait(uint64_t mask, uint64_t base, uint64_t receivers)
{
    uint64_t before[SMP_HARTS];
    bool all = true;

    for (uint64_t id = 0; id < SMP_HARTS; id++)
        before[id] = taken_by(id);
    all = sbi_send_ipi(mask, base).error == SBI_SUCCESS;
    for (uint64_t id = 0; id < SMP_HARTS; id++)
        if (receivers & BIT(id))
            all &= WAIT_FOR(taken_by(id) > before[id]);
    clock_sleep(CLOCK_US(10)); /* for one too many */
    for (uint64_t id = 0; id < SMP_HARTS; id++)
        all &= taken_by(id) == before[id] + (receivers >> id & 1);
    return all;
}

static void check_masks(void)
{
    uint64_t last = SMP_HARTS - 1;
    bool good = true;

    for (uint64_t id = 0; id < SMP_HARTS; id++)
        good &= send_and_wait(1, id, BIT(id)) && send_and_wait(BIT(id), 0, BIT(id));
    good &= send_and_wait(BIT(0), last, BIT(last)) && send_and_wait(0, 0, 0);
    tap_ok(good, "an IPI reaches the harts of its mask and no others");
    tap_ok(send_and_wait(0, SBI_ALL_HARTS, BIT(SMP_HARTS) - 1),
           "a mask base of -1 means all harts, the sender too");
}

static void check_many(void)
{
    uint64_t lost = 0, others = other_harts();

    for (unsigned round = 0; round < ROUNDS && lost == 0; round++)
        lost += !send_and_wait(others, 0, others);
    tap_equal(lost, 0, "%d rounds of IPIs to the others: each is taken, once", ROUNDS);
}

void ipi_test(void)
{
    trap_set_handler(on_trap);
    harts_run(listen);
    check_pairs();
    check_masks();
    check_many();
    tap_equal(strange_traps, 0, "no other trap was taken");
    harts_run(stop_listening);
    trap_set_handler(NULL);
}
