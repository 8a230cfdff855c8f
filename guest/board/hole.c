// SPDX-License-Identifier: BSD-2-Clause
/*
 * Addresses with nothing there, and where RAM ends: access faults, never silence.
 */
#include "board/board.h"
#include "riscv/cause.h"

#define HOLE       0x800000UL /* between the RTC and the next device */
#define FAR_HOLE   BIT(45)    /* more than the tables of a VM can map */
#define MIB_1      (UL(1) << 20)
#define FIRST_HALF 0x0513 /* of a four-byte addi */
#define RAM_LIMIT  (0x80000000UL + (UL(1) << 38))

extern char guest_end[]; /* linker/guest.ld */

static bool faults(trap_try_fn *access, uint64_t address, uint64_t cause)
{
    struct trap_seen seen = trap_try(access, address, 0);
    uint64_t epc = access == access_jump ? address : (uint64_t)access;

    if (trap_is(&seen, cause) && seen.tval == address && seen.epc == epc)
        return true;
    tap_diag("at %lx: trap %d, cause %lu, tval %lx, epc %lx", address, seen.taken, seen.cause,
             seen.tval, seen.epc);
    return false;
}

static void check_hole(void)
{
    tap_ok(faults(access_lw, HOLE, CAUSE_LOAD_ACCESS_FAULT) &&
               faults(access_lb, HOLE + 1, CAUSE_LOAD_ACCESS_FAULT) &&
               faults(access_c_ld, HOLE + 8, CAUSE_LOAD_ACCESS_FAULT) &&
               faults(access_lw_x0, HOLE, CAUSE_LOAD_ACCESS_FAULT),
           "a load where nothing is: cause 5, the address in stval");
    tap_ok(faults(access_sd, HOLE, CAUSE_STORE_ACCESS_FAULT) &&
               faults(access_c_sw, HOLE + 4, CAUSE_STORE_ACCESS_FAULT),
           "a store: cause 7");
    tap_ok(faults(access_jump, HOLE, CAUSE_INSN_ACCESS_FAULT), "a jump: cause 1");
    tap_ok(faults(access_amoadd, HOLE, CAUSE_STORE_ACCESS_FAULT), "an AMO: cause 7");
    tap_ok(faults(access_ld, FAR_HOLE, CAUSE_LOAD_ACCESS_FAULT) &&
               faults(access_sb, FAR_HOLE, CAUSE_STORE_ACCESS_FAULT) &&
               faults(access_jump, FAR_HOLE, CAUSE_INSN_ACCESS_FAULT),
           "the same far beyond all memory");
}

/* The first address behind RAM, which ends at a MiB; 0 where it is not found. */
static uint64_t ram_end(void)
{
    for (uint64_t at = align_up((uint64_t)guest_end, MIB_1); at < RAM_LIMIT; at += MIB_1)
        if (trap_try(access_lb, at, 0).taken)
            return at;
    return 0;
}

/* Half of it in RAM. Priv 12.1.9 (stval): the part that faults. A hart may find a load misaligned
 * first. */
static void check_border(uint64_t end)
{
    struct trap_seen load = trap_try(access_ld, end - 4, 0), fetch;

    tap_ok((trap_is(&load, CAUSE_LOAD_ACCESS_FAULT) && load.tval == end) ||
               (trap_is(&load, CAUSE_LOAD_MISALIGNED) && load.tval == end - 4),
           "a load over the end faults there");
    *(volatile uint16_t *)(end - 2) = FIRST_HALF;
    hart_fence_i();
    fetch = trap_try(access_jump, end - 2, 0);
    if (!tap_ok(trap_is(&fetch, CAUSE_INSN_ACCESS_FAULT) && fetch.epc == end - 2 &&
                    fetch.tval == end,
                "an instruction over the end too, its first half in sepc"))
        tap_diag("cause %lu tval %lx epc %lx", fetch.cause, fetch.tval, fetch.epc);
}

static void check_end(void)
{
    uint64_t end = ram_end();

    tap_ok(end && !trap_try(access_sd, end - 8, 0x5a5a).taken &&
               trap_try(access_ld, end - 8, 0).value == 0x5a5a,
           "RAM works up to its last word");
    tap_ok(faults(access_ld, end, CAUSE_LOAD_ACCESS_FAULT) &&
               faults(access_sd, end, CAUSE_STORE_ACCESS_FAULT),
           "behind it loads and stores fault");
    tap_ok(faults(access_jump, end, CAUSE_INSN_ACCESS_FAULT), "and so do jumps");
    check_border(end);
}

void hole_test(void)
{
    check_hole();
    check_end();
}
