// SPDX-License-Identifier: BSD-2-Clause
/*
 * rdcycle, rdtime and rdinstret in user mode: what scounteren allows gives what the kernel would
 * read, all else is an illegal instruction. Priv 12.1.5 (scounteren).
 */
#include "pmu/topics.h"

#include "lib/trap.h"
#include "riscv/cause.h"

#define ALLOW_CYCLE   BIT(0)
#define ALLOW_TIME    BIT(1)
#define ALLOW_INSTRET BIT(2)

extern const char reads_cycle[], reads_time[], reads_instret[]; /* reads.S */
trap_try_fn write_cycle;

static struct trap_frame frame;

static void run(const char *program, uint64_t scounteren)
{
    csr_write(scounteren, scounteren);
    trap_user_init(&frame, (uint64_t)program, 0);
    trap_user_run(&frame);
}

static bool is_read(const char *program, uint64_t scounteren)
{
    run(program, scounteren);
    return frame.scause == CAUSE_ECALL_U;
}

static bool is_illegal(const char *program, uint64_t scounteren)
{
    run(program, scounteren);
    return frame.scause == CAUSE_ILLEGAL_INSN && frame.sepc == (uint64_t)program;
}

void user_test(void)
{
    uint64_t old = csr_read(scounteren), before;
    struct trap_seen seen = trap_try(write_cycle, 0, 0);

    pmu_start(INDEX_CYCLE, SBI_PMU_START_SET_INIT_VALUE, 0);
    pmu_start(INDEX_INSTRET, SBI_PMU_START_SET_INIT_VALUE, 0);
    before = csr_read(cycle);
    tap_ok(is_read(reads_cycle, ALLOW_CYCLE) && frame.x[REG_A0] > before &&
               frame.x[REG_A0] < csr_read(cycle),
           "user mode reads the cycle counter of the kernel");
    before = csr_read(instret);
    tap_ok(is_read(reads_instret, ALLOW_INSTRET) && frame.x[REG_A0] > before &&
               frame.x[REG_A0] < csr_read(instret),
           "and instret");
    before = clock_now();
    tap_ok(is_read(reads_time, ALLOW_TIME) && frame.x[REG_A0] >= before &&
               frame.x[REG_A0] <= clock_now(),
           "and time");
    /* OpenSBI emulates a read of time for user mode, whatever scounteren says. */
    tap_ok(is_illegal(reads_cycle, ALLOW_TIME | ALLOW_INSTRET) &&
               is_illegal(reads_instret, ALLOW_TIME | ALLOW_CYCLE) &&
               (sbi_is_opensbi() || is_illegal(reads_time, ALLOW_CYCLE | ALLOW_INSTRET)),
           "each only if scounteren allows it, else cause 2");
    csr_write(scounteren, old);
    tap_ok(trap_is(&seen, CAUSE_ILLEGAL_INSN), "the kernel writes no counter: cause 2");
}
