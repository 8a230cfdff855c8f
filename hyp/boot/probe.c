/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recoverable CSR accesses: an access that traps leaves `failed` set and goes on (hyp_trap.S).
 * Each CSR is asked for itself; what comes from one does not follow from another (a hart may have
 * H and no henvcfg).
 */
#include "boot/probe.h"

#include "lib/args.h"
#include "lib/print.h"
#include "platform.h"
#include "riscv/caps.h"
#include "riscv/csr.h"
#include "riscv/hart.h"
#include "riscv/hart_head.h"

struct caps caps;

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

/* One CSR instruction under a fix-up. `text` may use %0 for a register that holds `value` before
 * and the result after. True where it did not trap. */
#define TRY(text, value)                                                                           \
    ({                                                                                             \
        uint64_t failed_;                                                                          \
        __asm__ volatile(HART_ASM("lla  %1, 1f\n"                                                  \
                                  "sd   %1, " TEXT(HART_RECOVER) "(tp)\n"                          \
                                                                 "li   %1, 1\n" text "\n"          \
                                                                 "li   %1, 0\n"                    \
                                                                 "1: sd   zero, " TEXT(            \
                                                                     HART_RECOVER) "(tp)")         \
                         : "+r"(value), "=&r"(failed_)                                             \
                         :                                                                         \
                         : "memory");                                                              \
        !failed_;                                                                                  \
    })

#define EXISTS(csr)                                                                                \
    ({                                                                                             \
        uint64_t read_ = 0;                                                                        \
        TRY("csrr %0, " #csr, read_);                                                              \
    })

/* The bits that can be set; the CSR has its old value again afterwards. The CSR exists. */
#define WRITABLE(csr)                                                                              \
    ({                                                                                             \
        uint64_t old_ = csr_swap(csr, ~0UL);                                                       \
        csr_swap(csr, old_);                                                                       \
    })

static bool takes_mode(uint64_t mode)
{
    uint64_t wanted = field_set(HGATP_MODE, 0, mode);

    csr_write(hgatp, wanted);
    return csr_swap(hgatp, 0) == wanted;
}

/* hgatp with a MODE that is not supported is WARL: write, read back. Priv 21.2.10 (hgatp) */
static void probe_hgatp(void)
{
    uint64_t all = field_set(HGATP_MODE, HGATP_VMID, HGATP_MODE_SV39X4);

    caps.sv39x4 = takes_mode(HGATP_MODE_SV39X4);
    caps.sv48x4 = takes_mode(HGATP_MODE_SV48X4);
    caps.sv57x4 = takes_mode(HGATP_MODE_SV57X4);
    csr_write(hgatp, all);
    all = field_get(HGATP_VMID, csr_swap(hgatp, 0));
    for (caps.vmid_bits = 0; all & 1; all >>= 1)
        caps.vmid_bits++;
    hart_hfence_gvma();
}

static void probe_environment(void)
{
    caps.henvcfg = EXISTS(henvcfg);
    caps.senvcfg = EXISTS(senvcfg);
    if (caps.henvcfg)
        caps.henvcfg_mask = WRITABLE(henvcfg);
    caps.sstc = EXISTS(vstimecmp) && (caps.henvcfg_mask & HENVCFG_STCE);
    caps.svpbmt = caps.henvcfg_mask & HENVCFG_PBMTE;
    caps.svadu = caps.henvcfg_mask & HENVCFG_ADUE;
    caps.hstateen[0] = EXISTS(hstateen0);
    caps.hstateen[1] = EXISTS(hstateen1);
    caps.hstateen[2] = EXISTS(hstateen2);
    caps.hstateen[3] = EXISTS(hstateen3);
    if (caps.hstateen[0])
        caps.hstateen0_mask = WRITABLE(hstateen0);
}

static void probe_interrupts(void)
{
    uint64_t files;

    caps.hedeleg_mask = WRITABLE(hedeleg);
    caps.aia = EXISTS(vstopi);
    files = WRITABLE(hgeie) >> 1;
    for (caps.guest_files = 0; files & 1; files >>= 1)
        caps.guest_files++;
}

static void probe_vector(void)
{
    uint64_t status = csr_swap(sstatus, csr_read(sstatus) | SSTATUS_VS);

    caps.v = csr_read(sstatus) & SSTATUS_VS;
    if (caps.v) {
        uint64_t vlenb = 0;

        /* 0xc22 is vlenb's number; its name needs the assembler's v extension. */
        if (TRY("csrr %0, 0xc22", vlenb))
            caps.vlenb = (unsigned)vlenb;
        /* QEMU 7.2 lets VS be set without V. */
        caps.v = caps.vlenb != 0;
    }
    csr_write(sstatus, status);
}

/* Priv 3.1.6.7 (Extension Context Status in mstatus Register). What V=0 does is taken for V=1; for
 * harts of which that is not true there is `save-fp` among our boot arguments. */
static void probe_fp(void)
{
    uint64_t clean = field_set(SSTATUS_FS, csr_read(sstatus), SSTATUS_FS_CLEAN);

    csr_write(sstatus, clean);
    __asm__ volatile("fmv.d.x ft0, zero");
    caps.fp_tracked = field_get(SSTATUS_FS, csr_swap(sstatus, clean)) == SSTATUS_FS_DIRTY &&
                      !args_has(platform.bootargs, "save-fp");
}

/* The machine may keep its counters to itself: Priv 3.1.11 (mcounteren). */
static void probe_counters(void)
{
    caps.cycle = EXISTS(cycle);
    caps.instret = EXISTS(instret);
}

static bool takes_satp_mode(uint64_t mode)
{
    uint64_t wanted = field_set(SATP_MODE, 0, mode);

    /* A mode that is not supported is not read back: Priv 21.2.18 (vsatp). What vsatp takes is
     * taken for satp too; vsatp is harmless while no guest runs. */
    csr_write(vsatp, 0);
    csr_write(vsatp, wanted);
    return csr_swap(vsatp, 0) == wanted;
}

static void probe_firmware(void)
{
    caps.sbi_version = hart_ecall(SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION, 0, 0, 0).value;
    caps.sbi_impl_id = hart_ecall(SBI_EXT_BASE, SBI_BASE_GET_IMPL_ID, 0, 0, 0).value;
}

void probe_caps(void)
{
    probe_firmware();
    caps.h = EXISTS(hgatp);
    if (!caps.h)
        return;
    probe_hgatp();
    probe_environment();
    probe_interrupts();
    probe_vector();
    probe_fp();
    probe_counters();
    caps.sv48 = takes_satp_mode(SATP_MODE_SV48);
    caps.sv57 = takes_satp_mode(SATP_MODE_SV57);
}

static const char *yes_no(bool value)
{
    return value ? "yes" : "no";
}

void probe_print(void)
{
    print("  G-stage    Sv39x4 %s, Sv48x4 %s, Sv57x4 %s; VMID bits %u\n", yes_no(caps.sv39x4),
          yes_no(caps.sv48x4), yes_no(caps.sv57x4), caps.vmid_bits);
    print("  VS-stage   Sv39 yes, Sv48 %s, Sv57 %s; Svpbmt %s, Svadu %s, Svinval %s\n",
          yes_no(caps.sv48), yes_no(caps.sv57), yes_no(caps.svpbmt), yes_no(caps.svadu),
          yes_no(caps.svinval));
    print("  timer      Sstc %s; timebase %u Hz\n", yes_no(caps.sstc), caps.timebase);
    print("  interrupts AIA %s, guest files %u\n", yes_no(caps.aia), caps.guest_files);
    print("  henvcfg    %s, mask %016lx; senvcfg %s\n", yes_no(caps.henvcfg), caps.henvcfg_mask,
          yes_no(caps.senvcfg));
    print("  hstateen   0 %s, 1 %s, 2 %s, 3 %s; mask of 0 %016lx\n", yes_no(caps.hstateen[0]),
          yes_no(caps.hstateen[1]), yes_no(caps.hstateen[2]), yes_no(caps.hstateen[3]),
          caps.hstateen0_mask);
    print("  hedeleg    mask %016lx\n", caps.hedeleg_mask);
    print("  vector     %s, %u bits\n", yes_no(caps.v), caps.vlenb * 8);
    print("  firmware   SBI %lu.%lu, implementation %lu\n",
          caps.sbi_version >> SBI_VERSION_MAJOR_SHIFT,
          caps.sbi_version & (BIT(SBI_VERSION_MAJOR_SHIFT) - 1), caps.sbi_impl_id);
}
