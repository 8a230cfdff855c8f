// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every hart fills its registers with words of its own, leaves the hart in all ways that a guest
 * has, and must find the words again. With more harts than the machine below has, the others run
 * on the same registers meanwhile.
 */
#include "fp/fp.h"
#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"
#include "riscv/csr.h"

#define ROUNDS           60
#define LONG             10  /* of so many rounds one is long */
#define VECTOR_BYTES_MAX 128 /* of a register */

static struct registers {
    uint64_t floats[FLOAT_WORDS];
    uint64_t csrs[VECTOR_CSRS];
    uint8_t vectors[32 * VECTOR_BYTES_MAX];
} written[HARTS_MAX], found[HARTS_MAX];

static uint64_t vlenb; /* 0: no vectors to test */
static uint64_t state; /* what FS and VS are set to after the registers are written */
static unsigned ran;   /* harts that did all rounds; the rest count rounds */
static unsigned bad_floats, bad_fcsr, bad_vectors, bad_csrs, bad_status;

static void count(unsigned *counter, bool is_bad)
{
    if (is_bad)
        __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

static bool differs(const void *left, const void *right, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (((const uint8_t *)left)[i] != ((const uint8_t *)right)[i])
            return true;
    return false;
}

/* Words that no other hart has, nor this one in another round. */
static void invent(struct registers *regs, uint64_t id, uint64_t round)
{
    uint64_t seed = (id + 1) << 56 | (round + 1) << 32;

    for (unsigned n = 0; n < 32; n++)
        regs->floats[n] = seed | n;
    regs->floats[FLOAT_FCSR] = (id + round) % 5 << 5 | (id * 7 + round) % 32; /* frm, fflags */
    for (unsigned n = 0; n < 32 * vlenb; n++)
        regs->vectors[n] = (uint8_t)(n * 5 + id * 61 + round * 17);
    regs->csrs[VECTOR_VL] = 1 + (id + round) % 4;
    regs->csrs[VECTOR_VTYPE] = (id + round) % 4 << 3; /* SEW; LMUL 1 */
    if (regs->csrs[VECTOR_VL] > vlenb >> ((id + round) % 4))
        regs->csrs[VECTOR_VL] = 1;
    regs->csrs[VECTOR_VCSR] = (id + round) % 8;
    regs->csrs[VECTOR_VSTART] = round % 2;
}

/* Some rounds are long enough that even a busy hart is taken away. */
static void go_away(uint64_t round)
{
    uint64_t end = clock_now() + CLOCK_MS(3);

    hart_ecall(SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION, 0, 0, 0);
    hart_ecall(SBI_EXT_DBCN, SBI_DBCN_WRITE, 0, (uint64_t)&end, 0);
    sbi_remote_fence_i(0, SBI_ALL_HARTS);
    clock_nap();
    if (round % LONG == 0)
        while (clock_now() < end)
            ;
}

static void set_states(uint64_t to)
{
    status_set(SSTATUS_FS, to);
    if (vlenb)
        status_set(SSTATUS_VS, to);
}

static void put(const struct registers *regs)
{
    set_states(SSTATUS_FS_INITIAL);
    float_load(regs->floats);
    if (vlenb)
        vector_load(regs->vectors, regs->csrs);
}

static void compare(const struct registers *right, struct registers *regs)
{
    float_store(regs->floats);
    count(&bad_floats, differs(regs->floats, right->floats, 32 * sizeof(uint64_t)));
    count(&bad_fcsr, regs->floats[FLOAT_FCSR] != right->floats[FLOAT_FCSR]);
    if (!vlenb)
        return;
    vector_store(regs->vectors, regs->csrs);
    count(&bad_vectors, differs(regs->vectors, right->vectors, 32 * vlenb));
    count(&bad_csrs, differs(regs->csrs, right->csrs, sizeof(right->csrs)));
}

static void run_rounds(void)
{
    uint64_t id = hart_self()->id;

    for (uint64_t round = 0; round < ROUNDS; round++) {
        invent(&written[id], id, round);
        put(&written[id]);
        set_states(state);
        uint64_t before = csr_read(sstatus);

        go_away(round);
        count(&bad_status, csr_read(sstatus) != before);
        set_states(SSTATUS_FS_CLEAN);
        compare(&written[id], &found[id]);
    }
    count(&ran, true);
}

static void check_state(uint64_t to, const char *name)
{
    bad_floats = bad_fcsr = 0;
    state = to;
    harts_run(run_rounds);
    tap_equal(bad_floats + bad_fcsr, 0, "f0 to f31 and fcsr keep their values, FS being %s", name);
}

void keep_test(void)
{
    bool started = harts_start_others();

    vlenb = vector_bytes();
    if (vlenb > VECTOR_BYTES_MAX)
        vlenb = 0;
    check_state(SSTATUS_FS_DIRTY, "dirty");
    check_state(SSTATUS_FS_CLEAN, "clean");
    check_state(SSTATUS_FS_OFF, "off");
    tap_equal(bad_vectors, 0, "v0 to v31 keep their values, where there are any");
    tap_equal(bad_csrs, 0, "so do vl, vtype, vcsr and vstart");
    tap_equal(bad_status, 0, "sstatus stays as it was, FS and VS too");
    tap_ok(started && ran == 3 * harts_count(), "all harts took part");
}
