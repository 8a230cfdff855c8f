// SPDX-License-Identifier: BSD-2-Clause
/*
 * Processes in turn: four address spaces, all with their memory at the same addresses, told
 * apart by ASID alone. A timer interrupt ends a turn; a page is supplied when it is first
 * touched. The program is user_worker (user.S).
 */
#include "lib/sbi_call.h"
#include "paging/paging.h"
#include "paging/user.h"

#define PROCESSES 4
#define HEAP      32 /* pages */
#define SLICE     CLOCK_MS(1)
#define TURNS     5 /* each has at least so many cut short, */
#define ROUNDS    3 /* and does at least so many rounds over its heap */

struct process {
    uint64_t *root, asid;
    struct trap_frame frame;
    uint64_t *pages[HEAP];
    unsigned faults, rounds, turns;
    unsigned bad_faults, strange; /* traps that should not have been */
};

static struct process processes[PROCESSES];

static uint64_t tag(const struct process *process)
{
    return process->asid << 32 | 0x5a0000;
}

static void process_create(struct process *process, uint64_t asid)
{
    process->asid = asid;
    process->root = user_space_new();
    trap_user_init(&process->frame, user_address(user_worker), 0);
    process->frame.x[REG_A0] = USER_HEAP;
    process->frame.x[REG_A1] = HEAP;
    process->frame.x[REG_A2] = tag(process);
}

/* The worker touches its pages in order, each with a load first. */
static void supply_page(struct process *process)
{
    uint64_t va = process->frame.stval, index = process->faults++;

    if (va != USER_HEAP + index * PAGE_SIZE || index >= HEAP) {
        process->bad_faults++;
        process->strange++;
        return;
    }
    process->bad_faults += process->frame.scause != CAUSE_LOAD_PAGE_FAULT;
    process->pages[index] = page_new();
    table_map(process->root, va, process->pages[index], 0, PTE_WRITE | PTE_U);
    user_space_fence(va, process->asid);
}

static void system_call(struct process *process)
{
    struct trap_frame *frame = &process->frame;

    if (frame->x[REG_A7] != SYS_ROUND) {
        tap_diag("process %lu read %lx at %lx, not %lx", process->asid, frame->x[REG_A1],
                 frame->x[REG_A0], frame->x[REG_A2]);
        process->strange++;
    }
    process->rounds++;
    frame->sepc += 4;
}

static bool is_done(const struct process *process)
{
    return process->strange || (process->turns >= TURNS && process->rounds >= ROUNDS);
}

/* Runs one until its time is over, or it is done. */
static void take_turn(struct process *process)
{
    user_space_enter(process->root, process->asid);
    sbi_set_timer(clock_now() + SLICE);
    while (!is_done(process)) {
        trap_user_run(&process->frame);
        switch (process->frame.scause) {
        case CAUSE_INTERRUPT | INTERRUPT_STI:
            process->turns++;
            return;
        case CAUSE_ECALL_U:
            system_call(process);
            break;
        case CAUSE_LOAD_PAGE_FAULT:
        case CAUSE_STORE_PAGE_FAULT:
            supply_page(process);
            break;
        default:
            tap_diag("cause %lx at %lx", process->frame.scause, process->frame.sepc);
            process->strange++;
        }
    }
}

static void run_all(void)
{
    uint64_t end = clock_now() + clock_patience;
    unsigned done;

    csr_set(sie, SIP_STIP);
    do {
        done = 0;
        for (unsigned i = 0; i < PROCESSES; i++) {
            if (!is_done(&processes[i]))
                take_turn(&processes[i]);
            done += is_done(&processes[i]);
        }
    } while (done < PROCESSES && clock_now() < end);
    sbi_set_timer(CLOCK_NEVER);
    csr_clear(sie, SIP_STIP);
    user_space_enter(kernel_root, 0);
}

static bool heap_is_right(const struct process *process)
{
    for (unsigned i = 0; i < HEAP; i++)
        if (!process->pages[i] || *process->pages[i] != tag(process) + i)
            return false;
    return true;
}

void process_test(void)
{
    unsigned turns = 0, rounds = 0, faults = 0, bad_faults = 0, strange = 0, right = 0;

    for (unsigned i = 0; i < PROCESSES; i++)
        process_create(&processes[i], 2 + i);
    run_all();
    for (unsigned i = 0; i < PROCESSES; i++) {
        const struct process *process = &processes[i];

        turns += process->turns >= TURNS;
        rounds += process->rounds >= ROUNDS;
        faults += process->faults;
        bad_faults += process->bad_faults;
        strange += process->strange;
        right += heap_is_right(process);
    }
    tap_equal(turns, PROCESSES, "the timer takes the hart from each of %d processes", PROCESSES);
    tap_equal(rounds, PROCESSES, "each goes on where it was, and gets its work done");
    tap_equal(faults, PROCESSES * HEAP, "each page they touch faults once");
    tap_equal(bad_faults, 0, "as a load page fault at its address");
    tap_equal(strange, 0, "none reads another's memory at the same address");
    tap_equal(right, PROCESSES, "in the end each has its own words in its own pages");
}
