/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupts that may take the hart from a guest. Those of the guest itself, VSSI, VSTI and
 * VSEI, go to it without us.
 */
#include "explain/tables.h"

#include "riscv/cause.h"

#define HOST(bit)                                                                                  \
    "mideleg bit " #bit " gives it to HS-mode, and hideleg bit " #bit " is read-only zero: it is " \
    "the host's, not the guest's. It comes whatever sstatus.SIE says, as the guest has less "      \
    "privilege; sie bit " #bit " alone could keep it off"

const struct explain_cause explain_interrupts[] = {
    {
        .is_interrupt = true,
        .code = INTERRUPT_SSI,
        .name = "supervisor software interrupt",
        .words = "an IPI for this hart: another hart asks something of a vCPU here, or of us",
        .why = HOST(1),
        .done = "sip.SSIP is cleared; then the run loop looks at mail and requests before it "
                "enters the guest again",
        .source = "Priv 12.1.3 (sip and sie)",
    },
    {
        .is_interrupt = true,
        .code = INTERRUPT_VSSI,
        .name = "virtual supervisor software interrupt",
        .words = "the guest's own IPI: hvip.VSSIP",
        .why = "hideleg bit 2 is set, so the guest takes it itself, as its code 1; it came here "
               "only if hideleg was not loaded",
        .done = "nothing: the run loop looks around and enters again",
        .source = "Priv 21.2.3 (hvip, hip, and hie)",
    },
    {
        .is_interrupt = true,
        .code = INTERRUPT_STI,
        .name = "supervisor timer interrupt",
        .words = "our timer of this hart: a slice is over, a guest's timer is due (without Sstc), "
                 "a sleeper or a device wants to be looked at",
        .why = HOST(5),
        .done = "the timer is turned off; then the run loop decides who goes on, and sets it anew",
        .source = "Priv 12.1.3 (sip and sie)",
    },
    {
        .is_interrupt = true,
        .code = INTERRUPT_VSTI,
        .name = "virtual supervisor timer interrupt",
        .words = "the guest's own timer: vstimecmp, or hvip.VSTIP",
        .why = "hideleg bit 6 is set, so the guest takes it itself, as its code 5; it came here "
               "only if hideleg was not loaded",
        .done = "nothing: the run loop looks around and enters again",
        .source = "Priv 21.2.3 (hvip, hip, and hie), 19 (Sstc)",
    },
    {
        .is_interrupt = true,
        .code = INTERRUPT_SEI,
        .name = "supervisor external interrupt",
        .words = "a device of the real machine, through its interrupt controller",
        .why = HOST(9),
        .done = "the controller is asked which device it was, and that one's driver is run: input "
                "of the console, a port. What it means for a guest reaches it as hvip.VSEIP",
        .source = "Priv 12.1.3 (sip and sie)",
    },
    {
        .is_interrupt = true,
        .code = INTERRUPT_VSEI,
        .name = "virtual supervisor external interrupt",
        .words = "a device of the guest, through the PLIC that it sees: hvip.VSEIP",
        .why = "hideleg bit 10 is set, so the guest takes it itself, as its code 9; it came here "
               "only if hideleg was not loaded",
        .done = "nothing: the run loop looks around and enters again",
        .source = "Priv 21.2.3 (hvip, hip, and hie)",
    },
    {
        .is_interrupt = true,
        .code = INTERRUPT_SGEI,
        .name = "supervisor guest external interrupt",
        .words = "an interrupt file of a vCPU that does not run here has something for it (AIA)",
        .why = "hideleg bit 12 is read-only zero. It comes where hie.SGEIE and a bit of hgeie are "
               "set, and we set none: hstatus.VGEIN is 0",
        .done = "nothing: the run loop looks around and enters again",
        .source = "Priv 21.2.4 (hgeip and hgeie)",
    },
    {
        .is_interrupt = true,
        .code = 13,
        .name = "counter-overflow interrupt",
        .words = "a counter of the hart overflowed (Sscofpmf)",
        .why = "sie.LCOFIE would have to be set, and we do not set it",
        .done = "nothing: the run loop looks around and enters again",
        .source = "Priv 20 (Sscofpmf)",
    },
};

const size_t explain_interrupt_count = ARRAY_SIZE(explain_interrupts);
