// SPDX-License-Identifier: BSD-2-Clause
/*
 * Stolen time, as two harts see it that have a hart of the machine each, or share one. SBI 16
 * (STA). What firmware that does not offer it cannot show is passed over.
 */
#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"

#define ALL_ONES    UINT64_MAX
#define NOWHERE     BIT(50)
#define BUSY        CLOCK_MS(300)
#define MOMENT      CLOCK_US(100)
#define TRIES       1000
#define NS_PER_TICK (1000000000UL / CLOCK_HZ)

/* SBI 16.1, table "STA Shared Memory Structure" */
struct sta {
    uint32_t sequence;
    uint32_t flags;
    uint64_t steal; /* ns */
    uint8_t preempted;
    uint8_t pad[47];
} __attribute__((aligned(64)));

static volatile struct sta told[2]; /* by hart */
static uint64_t other;
static bool is_offered;

static volatile uint64_t beats; /* of the other hart */
static volatile bool is_over;
static uint64_t seen_preempted; /* how often the other hart saw this one so */

static int64_t set_shmem(uint64_t low, uint64_t high, uint64_t flags)
{
    return hart_ecall(SBI_EXT_STA, SBI_STA_SET_SHMEM, low, high, flags).error;
}

static void check(bool good, const char *text)
{
    tap_ok(good || !is_offered, "%s", text);
}

static void check_refusals(void)
{
    uint64_t here = (uint64_t)&told[0];

    check(set_shmem(here, 0, 1) == SBI_ERR_INVALID_PARAM, "flags are INVALID_PARAM");
    check(set_shmem(here + 8, 0, 0) == SBI_ERR_INVALID_PARAM &&
              set_shmem(ALL_ONES, 0, 0) == SBI_ERR_INVALID_PARAM,
          "so is an address that is no multiple of 64");
    check(set_shmem(NOWHERE, 0, 0) == SBI_ERR_INVALID_ADDRESS &&
              set_shmem(here, 1, 0) == SBI_ERR_INVALID_ADDRESS,
          "what is no memory is INVALID_ADDRESS");
}

static void fill(volatile struct sta *sta)
{
    for (unsigned i = 0; i < sizeof(*sta); i++)
        ((volatile uint8_t *)sta)[i] = 0x5a;
}

static bool is_filled(const volatile struct sta *sta)
{
    bool filled = true;

    for (unsigned i = 0; i < sizeof(*sta); i++)
        filled &= ((const volatile uint8_t *)sta)[i] == 0x5a;
    return filled;
}

static void check_zeroed(void)
{
    volatile struct sta *sta = &told[hart_self()->id];
    unsigned left = 0;

    fill(sta);
    int64_t error = set_shmem((uint64_t)sta, 0, 0);

    for (unsigned i = 0; i < sizeof(sta->pad); i++)
        left += sta->pad[i] != 0;
    check(!error && left == 0 && sta->flags == 0 && sta->preempted == 0 &&
              sta->steal < CLOCK_HZ * NS_PER_TICK,
          "memory of ours is taken, and zeroed");
}

static void be_busy(void)
{
    uint64_t self = 1 - other;

    while (!is_over) {
        beats++;
        seen_preempted += told[self].preempted != 0;
    }
}

/* One moment of this hart. Its cycles are its own, not those of who shares the hart with it. */
struct moment {
    uint64_t time, cycle, steal;
};

/* The clock is read on both sides, so that what was read between is of one moment. */
static struct moment moment_now(void)
{
    const volatile struct sta *sta = &told[hart_self()->id];
    struct moment now;

    for (unsigned i = 0; i < TRIES; i++) {
        now.time = clock_now();
        now.cycle = csr_read(cycle);
        now.steal = sta->steal;
        if (clock_now() - now.time < MOMENT)
            break;
    }
    return now;
}

/* What a hart that is never without work sees of itself. */
struct look {
    uint64_t odd, back; /* sequences that were odd, values smaller than before */
    uint64_t ticks, cycles, stolen;
};

static struct look look_for(uint64_t ticks)
{
    const volatile struct sta *sta = &told[hart_self()->id];
    struct moment begin = moment_now(), end;
    struct look look = {0};

    while (clock_now() - begin.time < ticks) {
        uint64_t steal = sta->steal;

        look.odd += sta->sequence & 1;
        look.back += sta->steal < steal;
    }
    end = moment_now();
    look.ticks = end.time - begin.time;
    look.cycles = end.cycle - begin.cycle;
    look.stolen = (end.steal - begin.steal) / NS_PER_TICK;
    return look;
}

static struct look look_while_other_is_busy(void)
{
    struct look look;

    is_over = false;
    beats = 0;
    harts_post(other, be_busy);
    WAIT_FOR(beats > 0);
    look = look_for(BUSY);
    is_over = true;
    harts_wait(other);
    return look;
}

/* What is not stolen is what the hart counted cycles in, as many as in the same time alone. */
static bool is_plausible(const struct look *look, const struct look *alone)
{
    uint64_t own = look->cycles / 100 * alone->ticks / (alone->cycles / 100);
    uint64_t sum = own + look->stolen;

    if (sum > look->ticks - look->ticks / 10 && sum < look->ticks + look->ticks / 10)
        return true;
    tap_diag("of %lu ticks %lu were stolen and %lu its own", look->ticks, look->stolen, own);
    return false;
}

static void check_stealing(const struct look *alone)
{
    struct look look = look_while_other_is_busy();

    check(!is_offered || is_plausible(&look, alone),
          "stolen is the time that another had the hart in");
    check(look.odd == 0 && look.back == 0,
          "when read the sequence is even, and the value never smaller than before");
    check(look.stolen < look.ticks / 20 || seen_preempted > 0,
          "the other sees that this one is preempted");
}

static void stop_self(void)
{
    trap_interrupts_off();
    hart_ecall(SBI_EXT_HSM, SBI_HSM_HART_STOP, 0, 0, 0);
}

static bool other_is_stopped(void)
{
    harts_post(other, stop_self);
    return WAIT_FOR(sbi_hart_status(other).value == SBI_HSM_STOPPED);
}

static void set_there(void)
{
    set_shmem((uint64_t)&told[other], 0, 0);
}

/* While the other hart is stopped nobody takes this one's place; a hart that is started again has
 * nothing set. */
static void check_stopped(void)
{
    uint32_t sequence;

    harts_run_on(other, set_there);
    bool stopped = other_is_stopped();

    fill(&told[other]);
    sequence = told[1 - other].sequence;
    look_for(CLOCK_MS(50));
    check(stopped && told[1 - other].sequence == sequence, "alone nothing is stolen");
    harts_start_others();
    look_while_other_is_busy();
    check(is_filled(&told[other]), "a hart that was stopped is told no more");
}

static void check_off(void)
{
    volatile struct sta *sta = &told[hart_self()->id];
    int64_t error = set_shmem(ALL_ONES, ALL_ONES, 0);

    fill(sta);
    look_while_other_is_busy();
    check(!error && is_filled(sta), "all ones turn it off: nothing is written any more");
}

void guest_main(void)
{
    other = 1 - hart_self()->id;
    is_offered = hart_ecall(SBI_EXT_BASE, SBI_BASE_PROBE_EXTENSION, SBI_EXT_STA, 0, 0).value;
    struct look alone = look_for(CLOCK_MS(50)); /* the other hart is not started */

    tap_plan(12);
    tap_ok(is_offered || sbi_is_opensbi(), "STA is there");
    tap_ok(harts_start_others(), "there are two harts");
    check_refusals();
    check_zeroed();
    check_stealing(&alone);
    check_stopped();
    check_off();
    tap_end();
}
