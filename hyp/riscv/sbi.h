/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of the Supervisor Binary Interface, SBI 2.0: extension ids, function ids, errors.
 * Used for the calls we answer (sbi/), the calls we make (riscv/hart.h), and by the guests.
 */
#ifndef RISCV_SBI_H
#define RISCV_SBI_H

#include "lib/bits.h"

#include <stdint.h>

/* SBI 3 (Binary Encoding), table "Standard SBI Errors" */
enum sbi_error {
    SBI_SUCCESS = 0,
    SBI_ERR_FAILED = -1,
    SBI_ERR_NOT_SUPPORTED = -2,
    SBI_ERR_INVALID_PARAM = -3,
    SBI_ERR_DENIED = -4,
    SBI_ERR_INVALID_ADDRESS = -5,
    SBI_ERR_ALREADY_AVAILABLE = -6,
    SBI_ERR_ALREADY_STARTED = -7,
    SBI_ERR_ALREADY_STOPPED = -8,
    SBI_ERR_NO_SHMEM = -9,
};

/* What a call returns: a0 and a1. */
struct sbi_ret {
    int64_t error;
    uint64_t value;
};

#define SBI_VERSION_MAJOR_SHIFT 24 /* SBI 4.1 (Get SBI specification version) */

/* Legacy extensions, SBI 5: the extension id is the function. */
enum sbi_legacy {
    SBI_LEGACY_SET_TIMER = 0,
    SBI_LEGACY_CONSOLE_PUTCHAR = 1,
    SBI_LEGACY_CONSOLE_GETCHAR = 2,
    SBI_LEGACY_CLEAR_IPI = 3,
    SBI_LEGACY_SEND_IPI = 4,
    SBI_LEGACY_REMOTE_FENCE_I = 5,
    SBI_LEGACY_REMOTE_SFENCE_VMA = 6,
    SBI_LEGACY_REMOTE_SFENCE_VMA_ASID = 7,
    SBI_LEGACY_SHUTDOWN = 8,
};

#define SBI_EXT_BASE 0x10
enum sbi_base {
    SBI_BASE_GET_SPEC_VERSION,
    SBI_BASE_GET_IMPL_ID,
    SBI_BASE_GET_IMPL_VERSION,
    SBI_BASE_PROBE_EXTENSION,
    SBI_BASE_GET_MVENDORID,
    SBI_BASE_GET_MARCHID,
    SBI_BASE_GET_MIMPID,
};

#define SBI_EXT_TIME 0x54494d45
enum sbi_time { SBI_TIME_SET_TIMER };

#define SBI_EXT_IPI 0x735049
enum sbi_ipi { SBI_IPI_SEND_IPI };

#define SBI_EXT_RFENCE 0x52464e43
enum sbi_rfence {
    SBI_RFENCE_FENCE_I,
    SBI_RFENCE_SFENCE_VMA,
    SBI_RFENCE_SFENCE_VMA_ASID,
    SBI_RFENCE_HFENCE_GVMA_VMID,
    SBI_RFENCE_HFENCE_GVMA,
    SBI_RFENCE_HFENCE_VVMA_ASID,
    SBI_RFENCE_HFENCE_VVMA,
};

#define SBI_EXT_HSM 0x48534d
enum sbi_hsm {
    SBI_HSM_HART_START,
    SBI_HSM_HART_STOP,
    SBI_HSM_HART_GET_STATUS,
    SBI_HSM_HART_SUSPEND,
};

/* SBI 9 (Hart State Management), Table "HSM Hart States" */
enum sbi_hsm_state {
    SBI_HSM_STARTED,
    SBI_HSM_STOPPED,
    SBI_HSM_START_PENDING,
    SBI_HSM_STOP_PENDING,
    SBI_HSM_SUSPENDED,
    SBI_HSM_SUSPEND_PENDING,
    SBI_HSM_RESUME_PENDING,
};

#define SBI_HSM_SUSPEND_RETENTIVE     0x00000000
#define SBI_HSM_SUSPEND_NON_RETENTIVE 0x80000000

#define SBI_EXT_SRST 0x53525354
enum sbi_srst { SBI_SRST_SYSTEM_RESET };

enum sbi_srst_type { SBI_SRST_SHUTDOWN, SBI_SRST_COLD_REBOOT, SBI_SRST_WARM_REBOOT };
enum sbi_srst_reason { SBI_SRST_NO_REASON, SBI_SRST_SYSTEM_FAILURE };

#define SBI_EXT_DBCN 0x4442434e
enum sbi_dbcn { SBI_DBCN_WRITE, SBI_DBCN_READ, SBI_DBCN_WRITE_BYTE };

#define SBI_EXT_PMU 0x504d55
enum sbi_pmu {
    SBI_PMU_NUM_COUNTERS,
    SBI_PMU_COUNTER_GET_INFO,
    SBI_PMU_COUNTER_CONFIG_MATCHING,
    SBI_PMU_COUNTER_START,
    SBI_PMU_COUNTER_STOP,
    SBI_PMU_COUNTER_FW_READ,
    SBI_PMU_COUNTER_FW_READ_HI,
    SBI_PMU_SNAPSHOT_SET_SHMEM,
};

/* Flags of config_matching, start and stop: SBI 11.7, 11.8, 11.9. */
#define SBI_PMU_CONFIG_SKIP_MATCH    BIT(0)
#define SBI_PMU_CONFIG_CLEAR_VALUE   BIT(1)
#define SBI_PMU_CONFIG_AUTO_START    BIT(2)
#define SBI_PMU_START_SET_INIT_VALUE BIT(0)
#define SBI_PMU_START_INIT_SNAPSHOT  BIT(1)
#define SBI_PMU_STOP_RESET           BIT(0)
#define SBI_PMU_STOP_TAKE_SNAPSHOT   BIT(1)

/* event_idx. SBI 11.1 (Hardware general events), 11.4 (Firmware events) */
#define SBI_PMU_EVENT_TYPE    BITS(19, 16)
#define SBI_PMU_EVENT_CODE    BITS(15, 0)
#define SBI_PMU_TYPE_FIRMWARE 15
enum sbi_pmu_hardware { SBI_PMU_HW_CPU_CYCLES = 1, SBI_PMU_HW_INSTRUCTIONS = 2 };
enum sbi_pmu_firmware {
    SBI_PMU_FW_MISALIGNED_LOAD,
    SBI_PMU_FW_MISALIGNED_STORE,
    SBI_PMU_FW_ACCESS_LOAD,
    SBI_PMU_FW_ACCESS_STORE,
    SBI_PMU_FW_ILLEGAL_INSN,
    SBI_PMU_FW_SET_TIMER,
    SBI_PMU_FW_IPI_SENT,
    SBI_PMU_FW_IPI_RECEIVED,
    SBI_PMU_FW_FENCE_I_SENT,
    SBI_PMU_FW_FENCE_I_RECEIVED,
    SBI_PMU_FW_SFENCE_VMA_SENT,
    SBI_PMU_FW_SFENCE_VMA_RECEIVED,
    SBI_PMU_FW_SFENCE_VMA_ASID_SENT,
    SBI_PMU_FW_SFENCE_VMA_ASID_RECEIVED,
};

#define SBI_EXT_FWFT 0x46574654

#define SBI_EXT_STA 0x535441
enum sbi_sta { SBI_STA_SET_SHMEM };

#endif
