// SPDX-License-Identifier: BSD-2-Clause
/*
 * The forms of load and store that reach a device: widths, signs, compressed instructions, and
 * the register that is always zero.
 */
#include "board/board.h"
#include "lib/sbi_call.h"
#include "riscv/cause.h"

#define SCRATCH (UART_BASE + UART_SCR)

/* A form works if it does not trap and gives what is expected. */
static bool gives(trap_try_fn *form, uint64_t address, uint64_t expected)
{
    struct trap_seen seen = trap_try(form, address, 0);

    if (!seen.taken && seen.value == expected)
        return true;
    tap_diag("trap %d, cause %lu, value %lx, expected %lx", seen.taken, seen.cause, seen.value,
             expected);
    return false;
}

static bool puts(trap_try_fn *form, uint64_t address, uint64_t value)
{
    return !trap_try(form, address, value).taken;
}

static bool faults(trap_try_fn *form, uint64_t address, uint64_t cause)
{
    struct trap_seen seen = trap_try(form, address, 0);

    if (trap_is(&seen, cause) && seen.tval == address && seen.epc == (uint64_t)form)
        return true;
    tap_diag("trap %d, cause %lu, tval %lx", seen.taken, seen.cause, seen.tval);
    return false;
}

static void check_forms(uint64_t word)
{
    tap_ok(puts(access_sb, SCRATCH, 0x12345678a5) && gives(access_lbu, SCRATCH, 0xa5),
           "sb stores the low byte, lbu loads it");
    tap_ok(gives(access_lb, SCRATCH, UINT64_MAX - 0x5a), "lb extends its sign");
    tap_ok(puts(access_sb, SCRATCH, 0x5a) && gives(access_lb, SCRATCH, 0x5a),
           "or that it has none");
    tap_ok(puts(access_sw, word, 0xdead00008000f00e) && gives(access_lwu, word, 0x8000f00e),
           "sw stores the low word, lwu loads it");
    tap_ok(gives(access_lw, word, 0xffffffff8000f00e), "lw extends its sign");
    tap_ok(puts(access_c_sw, word, 0x80000ff0) && gives(access_c_lw, word, 0xffffffff80000ff0),
           "the compressed c.sw and c.lw do the same");
    tap_ok(gives(access_lw_x0, word, 0), "a load to x0 changes nothing");
}

/* A hart may also say that they are misaligned, which has lower priority. Priv 12.1.8 (scause) */
static bool misaligned_faults(uint64_t address)
{
    struct trap_seen load = trap_try(access_lw, address, 0);
    struct trap_seen store = trap_try(access_sw, address, 0);

    return (trap_is(&load, CAUSE_LOAD_ACCESS_FAULT) || trap_is(&load, CAUSE_LOAD_MISALIGNED)) &&
           (trap_is(&store, CAUSE_STORE_ACCESS_FAULT) || trap_is(&store, CAUSE_STORE_MISALIGNED));
}

static void check_refusals(uint64_t word)
{
    tap_ok(faults(access_ld, word, CAUSE_LOAD_ACCESS_FAULT) &&
               faults(access_sd, word, CAUSE_STORE_ACCESS_FAULT) &&
               faults(access_lb, word, CAUSE_LOAD_ACCESS_FAULT),
           "a width that the PLIC has not is an access fault");
    tap_ok(misaligned_faults(word + 2), "so is an access between two of its words");
    tap_ok(faults(access_amoadd, word, CAUSE_STORE_ACCESS_FAULT) &&
               faults(access_lr, word, CAUSE_LOAD_ACCESS_FAULT),
           "so is an AMO, or LR");
    struct trap_seen jump = trap_try(access_jump, UART_BASE, 0);

    /* Natively it takes PMP to forbid it, which rva23s64 has not: that runs what it reads. */
    tap_ok(sbi_is_opensbi() ? jump.taken
                            : trap_is(&jump, CAUSE_INSN_ACCESS_FAULT) && jump.tval == UART_BASE,
           "so is a jump to a device");
}

void width_test(void)
{
    uint64_t word = plic_enable(0);

    check_forms(word);
    mmio_write(word, 0);
    check_refusals(word);
}
