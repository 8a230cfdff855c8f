// SPDX-License-Identifier: BSD-2-Clause
/*
 * Traps that never end, handlers that are not there, and what an exception that the hypervisor
 * delivers must look like. Priv 12.1.1 (sstatus), 21.6.2 (Trap Entry).
 */
#include "hostile/hostile.h"

#define WHILE CLOCK_MS(20) /* that a loop goes on beside the rest of its machine */

extern const char insn_loop_ebreak[], insn_loop_hfence[], insn_loop_load[], insn_loop_sret[];
extern const char trap_entry[];
trap_try_fn insn_count_long, insn_count_short, insn_count_ecall;

static uint64_t loop_handler; /* stvec of the hart that loops */
static volatile bool loops;

/* A trap with a handler in a place that cannot be fetched: the next trap would be another one,
 * for ever. What comes back is another case than meant. */
static void trap_into(uint64_t handler)
{
    csr_write(stvec, handler);
    __asm__ volatile("ebreak");
}

void trap_stvec_hole(void)
{
    trap_into(HOLE);
}

void trap_stvec_uart(void)
{
    trap_into(UART_BASE);
}

void trap_stvec_far(void)
{
    trap_into(FAR_HOLE);
}

/* The same from user mode, where the tables let the kernel jump there. */
void trap_stvec_user(void)
{
    user_map(HOLE, (const void *)HOLE, PTE_ALL);
    csr_write(stvec, HOLE);
    user_run(INSN_EBREAK, 0, 0);
}

/* Not one instruction more can be fetched: the root of the page table is in a hole, or a device. */
void trap_satp_hole(void)
{
    csr_write(satp, table_satp((const uint64_t *)HOLE, SATP_MODE_SV39, 0));
    hart_sfence_vma();
}

void trap_satp_uart(void)
{
    csr_write(satp, table_satp((const uint64_t *)UART_BASE, SATP_MODE_SV39, 0));
    hart_sfence_vma();
}

/* The second hart loops; the first one sees that it neither comes back nor stops anything. */
static void loop(void)
{
    trap_interrupts_off();
    csr_write(stvec, loop_handler);
    loops = true;
    __asm__ volatile("ebreak");
    loops = false;
}

static void watch_loop(void (*job)(void))
{
    uint64_t id = 1 - hart_self()->id;

    expect(harts_start_others(), "the other hart does not start");
    harts_post(id, job);
    expect(WAIT_FOR(loops), "the loop does not begin");
    clock_sleep(WHILE);
    expect(loops, "the loop came to an end");
    expect(sbi_hart_status(id).value == SBI_HSM_STARTED, "the hart is no longer started");
}

static void watch_handler(const void *handler)
{
    loop_handler = (uint64_t)handler;
    watch_loop(loop);
}

void trap_loop_ebreak(void)
{
    watch_handler(insn_loop_ebreak);
}

void trap_loop_hfence(void)
{
    watch_handler(insn_loop_hfence);
}

void trap_loop_load(void)
{
    watch_handler(insn_loop_load);
}

/* The handler begins in RAM, and its second instruction ends outside. */
void trap_loop_straddle(void)
{
    volatile uint16_t *last = (volatile uint16_t *)ram_end() - 1;

    last[-1] = 0x0001; /* c.nop */
    last[0] = 0x0513;  /* the first half of an addi */
    hart_fence_i();
    watch_handler((const void *)(last - 1));
}

/* The handler's page is not mapped: the hart itself loops, and nobody above it sees that. */
static void loop_page(void)
{
    paging_on(table_new());
    loop();
}

void trap_loop_page(void)
{
    loop_handler = BIT(37);
    watch_loop(loop_page);
}

/* An interrupt that is never cleared, as soon as it is back from itself. */
static void loop_timer(void)
{
    trap_interrupts_off();
    csr_write(stvec, insn_loop_sret);
    sbi_set_timer(0);
    csr_set(sie, SIP_STIP);
    loops = true;
    trap_interrupts_on();
    for (;;)
        continue;
}

void trap_loop_timer(void)
{
    watch_loop(loop_timer);
}

/* Exceptions as the hypervisor delivers them: the state before is kept in SPP and SPIE. */
static struct trap_frame seen_frame;
static unsigned skip_length;

static void skip(struct trap_frame *frame)
{
    seen_frame = *frame;
    frame->sepc += skip_length;
}

void trap_spp(void)
{
    skip_length = 4;
    trap_set_handler(skip);
    for (int on = 0; on < 2; on++) {
        if (on)
            trap_interrupts_on();
        access_lw(HOLE, 0);
        trap_interrupts_off();
        expect(seen_frame.scause == CAUSE_LOAD_ACCESS_FAULT && seen_frame.stval == HOLE,
               "cause %lu, stval %lx", seen_frame.scause, seen_frame.stval);
        expect((seen_frame.sstatus & (SSTATUS_SPP | SSTATUS_SPIE | SSTATUS_SIE)) ==
                   (SSTATUS_SPP | (on ? SSTATUS_SPIE : 0)),
               "interrupts %d: sstatus %lx", on, seen_frame.sstatus);
    }
}

/* Exceptions go to the base, whatever the mode: Priv 12.1.2 (stvec). */
void trap_vectored(void)
{
    struct trap_seen seen;

    csr_write(stvec, (uint64_t)trap_entry | STVEC_MODE_VECTORED);
    seen = trap_try(access_ld, HOLE, 0);
    expect_trap(&seen, CAUSE_LOAD_ACCESS_FAULT, HOLE, "vectored");
    insn_expect_illegal(0x22000073);
}

/* The pc after an exception and after an emulated access is the next instruction, not the one
 * behind it. */
void trap_advance(void)
{
    expect(insn_count_long(PLIC_ENABLE, 0) == 3, "behind a device's lw");
    expect(insn_count_short(PLIC_ENABLE, 0) == 3, "behind a device's c.lw");
    expect(insn_count_ecall(0x12345678, 0) == 3, "behind an ecall");
    trap_set_handler(skip);
    skip_length = 4;
    expect(insn_count_long(HOLE, 0) == 3 && seen_frame.scause == 5, "behind a hole's lw");
    skip_length = 2;
    expect(insn_count_short(HOLE, 0) == 3 && seen_frame.scause == 5, "behind a hole's c.lw");
    /* Legacy send_ipi with a mask that cannot be read: SBI 5.5. a7 and a0 are 4. */
    skip_length = 4;
    expect(insn_count_ecall(4, 0) == 3 && seen_frame.scause == 5 && seen_frame.stval == 4,
           "behind a legacy call: cause %lu, stval %lx", seen_frame.scause, seen_frame.stval);
}
