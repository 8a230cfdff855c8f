/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CSRs that we use, one block each, fields from high bit to low. Numbers of CSRs are not
 * here: the instruments in riscv/hart.h take names, and only what decodes a guest's instruction
 * needs numbers (riscv/csr_num.h). docs/SPEC.md pins the editions.
 */
#ifndef RISCV_CSR_H
#define RISCV_CSR_H

#include "lib/bits.h"

/* hstatus: how the hart behaves while V=1. Priv 21.2.1 (hstatus) */
#define HSTATUS_VSXL    BITS(33, 32) /* XLEN of VS-mode; 2: 64 bits */
#define HSTATUS_VSXL_64 2
#define HSTATUS_VTSR    BIT(22)      /* SRET in VS-mode traps */
#define HSTATUS_VTW     BIT(21)      /* WFI in VS-mode traps */
#define HSTATUS_VTVM    BIT(20)      /* SFENCE.VMA and satp in VS-mode trap */
#define HSTATUS_VGEIN   BITS(17, 12) /* the guest external interrupt source */
#define HSTATUS_HU      BIT(9)       /* HLV, HLVX and HSV are allowed in U-mode */
#define HSTATUS_SPVP    BIT(8) /* nominal privilege before the trap, if V was 1; of HLV, HSV */
#define HSTATUS_SPV     BIT(7) /* V before the trap; SRET sets V to it */
#define HSTATUS_GVA     BIT(6) /* stval holds a guest virtual address */
#define HSTATUS_VSBE    BIT(5) /* VS-mode is big-endian */

/* sstatus, and vsstatus with the same fields. Priv 12.1.1 (sstatus), 21.2.11 (vsstatus) */
#define SSTATUS_SD         BIT(63) /* FS, VS or XS is dirty */
#define SSTATUS_UXL        BITS(33, 32)
#define SSTATUS_UXL_64     2
#define SSTATUS_MXR        BIT(19)
#define SSTATUS_SUM        BIT(18)
#define SSTATUS_XS         BITS(16, 15)
#define SSTATUS_FS         BITS(14, 13) /* floating-point state */
#define SSTATUS_VS         BITS(10, 9)  /* vector state */
#define SSTATUS_SPP        BIT(8)       /* privilege before the trap: 1 is S */
#define SSTATUS_UBE        BIT(6)
#define SSTATUS_SPIE       BIT(5) /* SIE before the trap */
#define SSTATUS_SIE        BIT(1)
#define SSTATUS_FS_OFF     0
#define SSTATUS_FS_INITIAL 1
#define SSTATUS_FS_CLEAN   2
#define SSTATUS_FS_DIRTY   3

/* stvec, vstvec. Priv 12.1.2 (stvec) */
#define STVEC_BASE          BITS(63, 2)
#define STVEC_MODE          BITS(1, 0)
#define STVEC_MODE_DIRECT   0
#define STVEC_MODE_VECTORED 1

/* sie, sip: bits are the numbers of enum interrupt. Priv 12.1.3 (sip and sie) */
#define SIP_SSIP BIT(1)
#define SIP_STIP BIT(5)
#define SIP_SEIP BIT(9)

/* hvip, hip, hie, hideleg: the interrupts of VS-mode. Priv 21.2.3 (hvip, hip, and hie) */
#define HVIP_VSSIP BIT(2)
#define HVIP_VSTIP BIT(6)
#define HVIP_VSEIP BIT(10)
#define HVIP_ALL   (HVIP_VSSIP | HVIP_VSTIP | HVIP_VSEIP)

/* henvcfg: what the environment of VS- and VU-mode offers. Priv 21.2.5 (henvcfg) */
#define HENVCFG_STCE  BIT(63)    /* stimecmp */
#define HENVCFG_PBMTE BIT(62)    /* Svpbmt at the VS-stage */
#define HENVCFG_ADUE  BIT(61)    /* hardware updates A and D at the VS-stage */
#define HENVCFG_CBZE  BIT(7)     /* cbo.zero */
#define HENVCFG_CBCFE BIT(6)     /* cbo.clean, cbo.flush */
#define HENVCFG_CBIE  BITS(5, 4) /* cbo.inval; 1: flushes, 3: invalidates */
#define HENVCFG_FIOM  BIT(0)

/* hcounteren: counters that VS- and VU-mode may read. Priv 21.2.6 (hcounteren) */
#define HCOUNTEREN_IR BIT(2)
#define HCOUNTEREN_TM BIT(1)
#define HCOUNTEREN_CY BIT(0)

/* hstateen0: state that VS- and VU-mode may touch. Priv 4.2 (State Enable 0 Registers) */
#define HSTATEEN0_SE0    BIT(63) /* sstateen0 */
#define HSTATEEN0_ENVCFG BIT(62) /* senvcfg */
#define HSTATEEN0_CSRIND BIT(60) /* siselect, sireg */
#define HSTATEEN0_AIA    BIT(59)
#define HSTATEEN0_IMSIC  BIT(58)
#define HSTATEEN0_FCSR   BIT(1)
#define HSTATEEN0_C      BIT(0)

/* hgatp: the G-stage table. Priv 21.2.10 (hgatp) */
#define HGATP_MODE        BITS(63, 60)
#define HGATP_MODE_BARE   0
#define HGATP_MODE_SV39X4 8
#define HGATP_MODE_SV48X4 9
#define HGATP_MODE_SV57X4 10
#define HGATP_VMID        BITS(57, 44)
#define HGATP_PPN         BITS(43, 0)

/* satp, vsatp. Priv 12.1.11 (satp) */
#define SATP_MODE      BITS(63, 60)
#define SATP_MODE_BARE 0
#define SATP_MODE_SV39 8
#define SATP_MODE_SV48 9
#define SATP_MODE_SV57 10
#define SATP_ASID      BITS(59, 44)
#define SATP_PPN       BITS(43, 0)

#endif
