// SPDX-License-Identifier: BSD-2-Clause
/*
 * One program in user mode: what it may not do, and how that shows. Also the two exceptions that
 * the kernel raises in itself. Priv 12.1.8 (scause).
 */
#include "paging/user.h"

#include "lib/sbi_call.h"
#include "paging/paging.h"

#define KERNEL_ADDRESS 0x80200000UL
#define NO_ADDRESS     0x30000UL
#define ASID           1

#define SCOUNTEREN_TM BIT(1) /* Priv 12.1.5 (scounteren) */

static uint64_t *root;
static struct trap_frame frame;

uint64_t *user_space_new(void)
{
    uint64_t *space = table_new();

    for (uint64_t offset = 0; user_begin + offset < user_end; offset += PAGE_SIZE)
        table_map(space, USER_CODE + offset, user_begin + offset, 0,
                  PTE_V | PTE_X | PTE_R | PTE_A | PTE_D | PTE_U);
    return space;
}

/* Without ASIDs in this hart a switch of spaces needs a fence: Priv 12.2.1 (SFENCE.VMA). */
void user_space_enter(const uint64_t *space, uint64_t asid)
{
    csr_write(satp, table_satp(space, SATP_MODE_SV39, asid));
    if (field_get(SATP_ASID, csr_read(satp)) != asid)
        hart_sfence_vma();
}

void user_space_fence(uint64_t va, uint64_t asid)
{
    __asm__ volatile("sfence.vma %0, %1" : : "r"(va), "r"(asid) : "memory");
}

static void run(const char *program, uint64_t a0, uint64_t a1)
{
    trap_user_init(&frame, user_address(program), 0);
    frame.x[REG_A0] = a0;
    frame.x[REG_A1] = a1;
    trap_user_run(&frame);
}

/* The program's first instruction raises `cause`, from user mode. */
static bool traps(const char *program, uint64_t a0, uint64_t cause)
{
    run(program, a0, 0);
    if (frame.scause == cause && frame.sepc == user_address(program) &&
        !(frame.sstatus & SSTATUS_SPP))
        return true;
    tap_diag("expected cause %lu; cause %lu, sepc %lx, sstatus %lx", cause, frame.scause,
             frame.sepc, frame.sstatus);
    return false;
}

/* As traps, for a page fault: stval is the address. */
static bool faults(const char *program, uint64_t va, uint64_t cause)
{
    return traps(program, va, cause) && frame.stval == va;
}

/* It ran to its end. */
static bool ends(const char *program, uint64_t a0, uint64_t a1)
{
    run(program, a0, a1);
    return frame.scause == CAUSE_ECALL_U && frame.x[REG_A7] == SYS_DONE;
}

static void check_exceptions(void)
{
    uint64_t pc = user_address(user_ebreak);

    tap_ok(traps(user_ecall, 42, CAUSE_ECALL_U) && frame.x[REG_A0] == 42,
           "ecall from user mode is cause 8, at the ecall");
    tap_ok(traps(user_ebreak, 0, CAUSE_BREAKPOINT) && (frame.stval == pc || frame.stval == 0),
           "ebreak is cause 3");
    tap_ok(traps(user_illegal, 0, CAUSE_ILLEGAL_INSN) &&
               (frame.stval == 0xffffffff || frame.stval == 0),
           "an illegal instruction is cause 2, with its bits or 0 in stval");
}

static void check_privileged(void)
{
    tap_ok(traps(user_csr, 0, CAUSE_ILLEGAL_INSN), "user mode reads no sstatus: cause 2");
    tap_ok(traps(user_sret, 0, CAUSE_ILLEGAL_INSN), "nor runs sret");
    tap_ok(traps(user_sfence, 0, CAUSE_ILLEGAL_INSN), "nor sfence.vma");
    tap_ok(traps(user_hfence, 0, CAUSE_ILLEGAL_INSN), "nor hfence.vvma");
    tap_ok(traps(user_wfi, 0, CAUSE_ILLEGAL_INSN), "nor waits with wfi");
}

static void check_counters(void)
{
    uint64_t old = csr_swap(scounteren, 0);
    bool refused = traps(user_cycle, 0, CAUSE_ILLEGAL_INSN);

    /* OpenSBI emulates a read of time for user mode, whatever scounteren says. */
    refused &= sbi_is_opensbi() || traps(user_time, 0, CAUSE_ILLEGAL_INSN);
    csr_write(scounteren, SCOUNTEREN_TM);
    uint64_t before = clock_now();

    tap_ok(refused && ends(user_time, 0, 0) && frame.x[REG_A0] >= before &&
               frame.x[REG_A0] <= clock_now(),
           "user mode reads a counter if scounteren allows it, else cause 2");
    csr_write(scounteren, old);
}

static void check_pages(void)
{
    uint64_t *data = page_new();

    table_map(root, USER_DATA, data, 0, PTE_WRITE | PTE_U);
    user_space_fence(USER_DATA, ASID);
    tap_ok(ends(user_store, USER_DATA + 8, 0x1234) && data[1] == 0x1234 &&
               ends(user_load, USER_DATA + 8, 0) && frame.x[REG_A0] == 0x1234,
           "user mode stores to its page, and loads");
    run(user_jump, USER_DATA, 0);
    tap_ok(frame.scause == CAUSE_INSN_PAGE_FAULT && frame.stval == USER_DATA &&
               frame.sepc == USER_DATA,
           "it does not run code in a page without X");
    tap_ok(faults(user_load, KERNEL_ADDRESS, CAUSE_LOAD_PAGE_FAULT) &&
               faults(user_store, KERNEL_ADDRESS, CAUSE_STORE_PAGE_FAULT),
           "the kernel's pages are closed to it");
    tap_ok(faults(user_load, NO_ADDRESS, CAUSE_LOAD_PAGE_FAULT) &&
               faults(user_store, NO_ADDRESS, CAUSE_STORE_PAGE_FAULT),
           "so is what is not mapped");
}

static void check_interrupt(void)
{
    csr_set(sie, SIP_STIP);
    sbi_set_timer(clock_now() + CLOCK_MS(1));
    run(user_loop, 0, 0);
    sbi_set_timer(CLOCK_NEVER);
    csr_clear(sie, SIP_STIP);
    tap_ok(frame.scause == (CAUSE_INTERRUPT | INTERRUPT_STI) &&
               frame.sepc - user_address(user_loop) <= 4,
           "the timer interrupts an endless loop of user mode");
}

static uint64_t kernel_illegal(uint64_t a, uint64_t b)
{
    (void)a;
    (void)b;
    return csr_read(mstatus); /* machine mode's */
}

static uint64_t kernel_break(uint64_t a, uint64_t b)
{
    __asm__ volatile("ebreak");
    return a + b;
}

static void check_kernel(void)
{
    struct trap_seen illegal = trap_try(kernel_illegal, 0, 0);
    struct trap_seen breakpoint = trap_try(kernel_break, 0, 0);

    tap_ok(trap_is(&illegal, CAUSE_ILLEGAL_INSN) && trap_is(&breakpoint, CAUSE_BREAKPOINT),
           "in the kernel a CSR of machine mode is cause 2, ebreak cause 3");
}

void user_test(void)
{
    root = user_space_new();
    user_space_enter(root, ASID);
    check_exceptions();
    check_privileged();
    check_counters();
    check_pages();
    check_interrupt();
    user_space_enter(kernel_root, 0);
    check_kernel();
}
