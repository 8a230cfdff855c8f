/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The SBI's extensions and their functions: those that we answer, and those that we refuse with
 * NOT_SUPPORTED. What a call does here stands in sbi/, a file an extension.
 */
#include "explain/calls.h"

#include "riscv/sbi.h"

static const struct explain_function base[] = {
    ANSWERED(SBI_BASE_GET_SPEC_VERSION, "get_spec_version", "the SBI's version: 2.0", "SBI 4.1"),
    ANSWERED(SBI_BASE_GET_IMPL_ID, "get_impl_id", "who answers: 0x5553, \"US\"", "SBI 4.2"),
    ANSWERED(SBI_BASE_GET_IMPL_VERSION, "get_impl_version", "our version", "SBI 4.3"),
    ANSWERED(SBI_BASE_PROBE_EXTENSION, "probe_extension", "is extension a0 there? 1: yes, 0: no",
             "SBI 4.4"),
    ANSWERED(SBI_BASE_GET_MVENDORID, "get_mvendorid",
             "mvendorid: 0, so that the guest applies no errata of the host", "SBI 4.5"),
    ANSWERED(SBI_BASE_GET_MARCHID, "get_marchid", "marchid: 0, as mvendorid", "SBI 4.6"),
    ANSWERED(SBI_BASE_GET_MIMPID, "get_mimpid", "mimpid: 0, as mvendorid", "SBI 4.7"),
};

static const struct explain_function timer[] = {
    ANSWERED(SBI_TIME_SET_TIMER, "set_timer",
             "a timer interrupt when time reaches a0. With Sstc the hart's vstimecmp is set; "
             "without, our own timer stands in",
             "SBI 6.1"),
};

static const struct explain_function ipi[] = {
    ANSWERED(SBI_IPI_SEND_IPI, "send_ipi",
             "a software interrupt for each hart of mask a0 from base a1 on: hvip.VSSIP of each, "
             "and a kick for those that run elsewhere",
             "SBI 7.1"),
};

static const struct explain_function rfence[] = {
    ANSWERED(SBI_RFENCE_FENCE_I, "remote_fence_i",
             "FENCE.I on the harts of mask a0, base a1; those that run are kicked and waited for",
             "SBI 8.1"),
    ANSWERED(SBI_RFENCE_SFENCE_VMA, "remote_sfence_vma",
             "SFENCE.VMA for a3 bytes from a2 on, on the harts of mask a0, base a1", "SBI 8.2"),
    ANSWERED(SBI_RFENCE_SFENCE_VMA_ASID, "remote_sfence_vma_asid",
             "the same for the address space a4 alone", "SBI 8.3"),
    REFUSED(SBI_RFENCE_HFENCE_GVMA_VMID, "remote_hfence_gvma_vmid", NO_H, "SBI 8.4"),
    REFUSED(SBI_RFENCE_HFENCE_GVMA, "remote_hfence_gvma", NO_H, "SBI 8.5"),
    REFUSED(SBI_RFENCE_HFENCE_VVMA_ASID, "remote_hfence_vvma_asid", NO_H, "SBI 8.6"),
    REFUSED(SBI_RFENCE_HFENCE_VVMA, "remote_hfence_vvma", NO_H, "SBI 8.7"),
};

static const struct explain_function hsm[] = {
    ANSWERED(SBI_HSM_HART_START, "hart_start",
             "vCPU a0, which is stopped, starts at a1 with a2 in its a1", "SBI 9.1"),
    ANSWERED(SBI_HSM_HART_STOP, "hart_stop",
             "the calling vCPU stops and leaves its hart until somebody starts it", "SBI 9.2"),
    ANSWERED(SBI_HSM_HART_GET_STATUS, "hart_get_status",
             "what vCPU a0 does: 0 started, 1 stopped, 2 to 6 on the way or suspended", "SBI 9.3"),
    ANSWERED(SBI_HSM_HART_SUSPEND, "hart_suspend",
             "the calling vCPU leaves its hart until an interrupt; with a0 = 0x80000000 it begins "
             "anew at a1 then",
             "SBI 9.4"),
};

static const struct explain_function srst[] = {
    ANSWERED(SBI_SRST_SYSTEM_RESET, "system_reset",
             "the VM ends, or begins afresh: a0 is 0 shut down, 1 cold, 2 warm reboot; a1 is 1 "
             "where the system failed",
             "SBI 10.1"),
};

static const struct explain_function pmu[] = {
    ANSWERED(SBI_PMU_NUM_COUNTERS, "num_counters", "how many counters there are", "SBI 11.5"),
    ANSWERED(SBI_PMU_COUNTER_GET_INFO, "counter_get_info",
             "of counter a0: its CSR and width, or that it is of firmware", "SBI 11.6"),
    ANSWERED(SBI_PMU_COUNTER_CONFIG_MATCHING, "counter_config_matching",
             "a counter of base a0, mask a1 that can count event a3", "SBI 11.7"),
    ANSWERED(SBI_PMU_COUNTER_START, "counter_start", "the counters of base a0, mask a1 count",
             "SBI 11.8"),
    ANSWERED(SBI_PMU_COUNTER_STOP, "counter_stop", "the counters of base a0, mask a1 stand still",
             "SBI 11.9"),
    ANSWERED(SBI_PMU_COUNTER_FW_READ, "counter_fw_read", "the value of firmware counter a0",
             "SBI 11.10"),
    ANSWERED(SBI_PMU_COUNTER_FW_READ_HI, "counter_fw_read_hi",
             "what of it does not fit a register: 0", "SBI 11.11"),
    REFUSED(SBI_PMU_SNAPSHOT_SET_SHMEM, "snapshot_set_shmem",
            "a page for the values of counters; it is optional and not offered", "SBI 11.12"),
};

static const struct explain_function dbcn[] = {
    ANSWERED(SBI_DBCN_WRITE, "console_write",
             "a0 bytes at guest physical address a1 go to the console; at most 256 a call",
             "SBI 12.1"),
    ANSWERED(SBI_DBCN_READ, "console_read",
             "as many bytes of input as there are, at most a0, go to guest physical address a1",
             "SBI 12.2"),
    ANSWERED(SBI_DBCN_WRITE_BYTE, "console_write_byte", "byte a0 goes to the console", "SBI 12.3"),
};

static const struct explain_function sta[] = {
    ANSWERED(SBI_STA_SET_SHMEM, "steal_time_set_shmem",
             "from now on the time that other vCPUs had the hart is told at guest physical "
             "address a0; all ones: no more",
             "SBI 16.1"),
};

const struct explain_extension explain_extensions[] = {
    LEGACY(SBI_LEGACY_SET_TIMER, "set_timer", "as TIME set_timer", "SBI 5.1"),
    LEGACY(SBI_LEGACY_CONSOLE_PUTCHAR, "console_putchar", "byte a0 goes to the console", "SBI 5.2"),
    LEGACY(SBI_LEGACY_CONSOLE_GETCHAR, "console_getchar", "a byte of input, or -1", "SBI 5.3"),
    LEGACY(SBI_LEGACY_CLEAR_IPI, "clear_ipi", "the caller's software interrupt is cleared",
           "SBI 5.4"),
    LEGACY(SBI_LEGACY_SEND_IPI, "send_ipi", "as IPI send_ipi; a0 points to the mask", "SBI 5.5"),
    LEGACY(SBI_LEGACY_REMOTE_FENCE_I, "remote_fence_i",
           "as RFENCE remote_fence_i; a0 points to the mask", "SBI 5.6"),
    LEGACY(SBI_LEGACY_REMOTE_SFENCE_VMA, "remote_sfence_vma",
           "as RFENCE remote_sfence_vma; a0 points to the mask", "SBI 5.7"),
    LEGACY(SBI_LEGACY_REMOTE_SFENCE_VMA_ASID, "remote_sfence_vma_asid",
           "as RFENCE remote_sfence_vma_asid; a0 points to the mask", "SBI 5.8"),
    LEGACY(SBI_LEGACY_SHUTDOWN, "shutdown", "the VM ends", "SBI 5.9"),
    EXTENSION(SBI_EXT_BASE, "BASE", "who answers, and what it offers", "SBI 4 (Base)", base),
    EXTENSION(SBI_EXT_TIME, "TIME", "the timer", "SBI 6 (Timer)", timer),
    EXTENSION(SBI_EXT_IPI, "IPI", "software interrupts between harts", "SBI 7 (IPI)", ipi),
    EXTENSION(SBI_EXT_RFENCE, "RFENCE", "fences on other harts", "SBI 8 (RFENCE)", rfence),
    EXTENSION(SBI_EXT_HSM, "HSM", "starting and stopping harts", "SBI 9 (Hart State Management)",
              hsm),
    EXTENSION(SBI_EXT_SRST, "SRST", "the end, or a fresh start", "SBI 10 (System Reset)", srst),
    EXTENSION(SBI_EXT_PMU, "PMU", "counters", "SBI 11 (Performance Monitoring Unit)", pmu),
    EXTENSION(SBI_EXT_DBCN, "DBCN", "the console", "SBI 12 (Debug Console)", dbcn),
    EXTENSION(SBI_EXT_STA, "STA", "stolen time", "SBI 16 (Steal-time Accounting)", sta),
    NOT_OFFERED(0x53555350, "SUSP", "the whole system sleeps", "SBI 13 (System Suspend)"),
    NOT_OFFERED(0x43505043, "CPPC", "how fast processors run", "SBI 14 (CPPC)"),
    NOT_OFFERED(0x4e41434c, "NACL", "help for a hypervisor in a guest; guests have no H extension",
                "SBI 15 (Nested Acceleration)"),
    NOT_OFFERED(SBI_EXT_FWFT, "FWFT", "features of the firmware", "newer than SBI 2.0"),
    NOT_OFFERED(0x535345, "SSE", "events of supervisor software", "newer than SBI 2.0"),
    NOT_OFFERED(0x44425452, "DBTR", "triggers of the debug extension", "newer than SBI 2.0"),
    NOT_OFFERED(0x4d505859, "MPXY", "messages to the firmware", "newer than SBI 2.0"),
};

const size_t explain_extension_count = ARRAY_SIZE(explain_extensions);
