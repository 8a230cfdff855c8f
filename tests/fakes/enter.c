/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for vcpu/enter.S, with the hart's opinion of what must be true at an entry.
 */
#include "fakes/enter.h"

#include "fakes/end.h"
#include "fakes/trace.h"
#include "fakes/vscsr.h"
#include "riscv/csr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct enter_exit *script;
static unsigned left;

void enter_script(const struct enter_exit *exits, unsigned count)
{
    script = exits;
    left = count;
}

struct trap *vcpu_enter(struct vcpu *vcpu)
{
    struct trap *trap = &vcpu->traps[vcpu_exits(vcpu) % VCPU_TRAPS_COUNT];
    char label[TRACE_LABEL_MAX];

    assert_ptr_equal(vcpu, vscsr_hart.loaded);
    assert_int_equal(vcpu->in_guest, 1);
    assert_int_equal(vcpu->is_blocked, 0);
    assert_true(vcpu->regs.hstatus & HSTATUS_SPV);
    assert_int_equal(vcpu->regs.x[REG_ZERO], 0);
    trace_note("enter:%s", trace_label(vcpu, label));
    if (left == 0) {
        vcpu->in_guest = 0;
        end_now(END_SCRIPT);
    }
    left--;
    if (script->guest)
        script->guest(vcpu);
    vscsr_hart.time += script->ticks;
    vcpu->traps_at += sizeof(*trap);
    *trap = script->trap;
    trap->insn_len = 4;
    trap->pc = vcpu->regs.sepc;
    script++;
    return trap;
}
