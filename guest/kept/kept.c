// SPDX-License-Identifier: BSD-2-Clause
/*
 * What is easily lost when a hart is taken away from a vCPU: the control registers of F and V,
 * written alone; and the interrupt that ends a suspension without retention.
 */
#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"
#include "lib/trap.h"
#include "riscv/csr.h"

#define ROUNDS     4
#define LONG_WHILE CLOCK_MS(60) /* several time slices of a hypervisor */

/* vcsr by its number: its name needs the assembler's v extension. */
#define WRITE_VCSR "csrw 0x00f, %0"
#define READ_VCSR  "csrr %0, 0x00f"

static unsigned lost; /* values, of all harts */

static void stay_busy(void)
{
    uint64_t end = clock_now() + LONG_WHILE;

    while (clock_now() < end)
        continue;
}

static void count_lost(uint64_t written, uint64_t found)
{
    if (written == found)
        return;
    __atomic_fetch_add(&lost, 1, __ATOMIC_RELAXED);
    tap_diag("hart %lu wrote %lx, found %lx", hart_self()->id, written, found);
}

/* Each hart has another value. No floating-point instruction runs. */
static void keep_fcsr(void)
{
    for (uint64_t round = 0; round < ROUNDS; round++) {
        uint64_t written = (hart_self()->id + 1) << 5 | (round + 3), found;

        csr_clear(sstatus, SSTATUS_FS);
        csr_set(sstatus, field_set(SSTATUS_FS, 0, SSTATUS_FS_INITIAL));
        __asm__ volatile("csrw fcsr, %0" : : "r"(written));
        stay_busy();
        __asm__ volatile("csrr %0, fcsr" : "=r"(found));
        count_lost(written, found);
    }
}

static bool has_vector(void)
{
    csr_set(sstatus, SSTATUS_VS);
    return csr_read(sstatus) & SSTATUS_VS;
}

static void keep_vcsr(void)
{
    for (uint64_t round = 0; has_vector() && round < ROUNDS; round++) {
        uint64_t written = (hart_self()->id + round + 1) % 8, found;

        csr_clear(sstatus, SSTATUS_VS);
        csr_set(sstatus, field_set(SSTATUS_VS, 0, SSTATUS_FS_INITIAL));
        __asm__ volatile(WRITE_VCSR : : "r"(written));
        stay_busy();
        __asm__ volatile(READ_VCSR : "=r"(found));
        count_lost(written, found);
    }
}

static _Noreturn void suspend_self(uint64_t enabled)
{
    csr_write(sie, enabled);
    sbi_hart_suspend(SBI_HSM_SUSPEND_NON_RETENTIVE, (uint64_t)hart_start, 0);
    tap_ok(false, "the suspension does not return");
    tap_end();
}

static _Noreturn void after_ipi(void)
{
    tap_ok(csr_read(sip) & SIP_SSIP, "so is the IPI");
    tap_end();
}

/* Where the boot hart comes back, first by its timer, then by an IPI to itself. */
static void come_back(uint64_t id, uint64_t opaque)
{
    static unsigned times;

    (void)opaque;
    if (times++ > 0)
        after_ipi();
    tap_ok(csr_read(sip) & SIP_STIP,
           "the timer that ends a suspension without retention is pending then");
    sbi_set_timer(CLOCK_NEVER);
    sbi_send_ipi(1, id);
    suspend_self(SIP_SSIP);
}

void guest_main(void)
{
    tap_plan(4);
    harts_start_others();
    harts_run(keep_fcsr);
    tap_equal(lost, 0, "fcsr keeps what was written to it alone");
    harts_run(keep_vcsr);
    tap_equal(lost, 0, "so does vcsr, where there is one");
    harts_entry = come_back;
    trap_interrupts_off();
    sbi_set_timer(clock_now() + CLOCK_MS(20));
    suspend_self(SIP_STIP);
}
