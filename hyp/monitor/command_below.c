/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands about the machine below: where the vCPUs are, and what its harts can do.
 */
#include "monitor/command.h"
#include "riscv/caps.h"
#include "riscv/sbi.h"
#include "vcpu/usage.h"
#include "vcpu/vscsr.h"

/* What another hart may change meanwhile: one look, no lock. */
static const char *vcpu_state(const struct machine *machine, const struct vcpu *vcpu)
{
    if (life_is_still(machine))
        return life_state(machine);
    switch (__atomic_load_n(&vcpu->hsm_state, __ATOMIC_SEQ_CST)) {
    case SBI_HSM_STOPPED:
        return "stopped";
    case SBI_HSM_SUSPENDED:
        return "suspended";
    default:
        break;
    }
    if (__atomic_load_n(&vcpu->in_guest, __ATOMIC_SEQ_CST))
        return "runs";
    return __atomic_load_n(&vcpu->is_blocked, __ATOMIC_SEQ_CST) ? "waits" : "ready";
}

static void put_vcpu(struct answer *answer, const struct machine *machine, const struct vcpu *vcpu)
{
    answer_row_begin(answer);
    answer_text(answer, "vm", 16, machine->name);
    answer_number(answer, "vcpu", vcpu->id);
    answer_number(answer, "hart", vcpu->home->hartid);
    answer_text(answer, "state", 9, vcpu_state(machine, vcpu));
    answer_number(answer, "weight", machine->vm->config.weight);
    answer_number(answer, "cap", machine->vm->config.cap);
    answer_number(answer, "ran_ms", caps_ns(usage_read(vcpu, vscsr_time())) / 1000000);
    answer_number(answer, "exits", vcpu_exits(vcpu));
    answer_row_end(answer);
}

void monitor_do_sched(struct order *order)
{
    answer_table_begin(order->answer, "vcpus");
    life_lock();
    for (struct machine *machine = life_first(); machine; machine = life_next(machine)) {
        for (uint32_t i = 0; i < machine->vm->vcpu_count; i++)
            put_vcpu(order->answer, machine, &machine->vm->vcpus[i]);
    }
    life_unlock();
    answer_table_end(order->answer);
}

void monitor_do_caps(struct order *order)
{
    struct answer *answer = order->answer;

    answer_text(answer, "model", 0, platform.model);
    answer_number(answer, "harts", platform.hart_count);
    answer_number(answer, "timebase", caps.timebase);
    answer_number(answer, "sbi_major", caps.sbi_version >> SBI_VERSION_MAJOR_SHIFT);
    answer_number(answer, "sbi_minor", caps.sbi_version & (BIT(SBI_VERSION_MAJOR_SHIFT) - 1));
    answer_number(answer, "sbi_implementation", caps.sbi_impl_id);
    answer_group_begin(answer, "extensions");
    answer_flag(answer, "sstc", caps.sstc);
    answer_flag(answer, "svadu", caps.svadu);
    answer_flag(answer, "svpbmt", caps.svpbmt);
    answer_flag(answer, "svinval", caps.svinval);
    answer_flag(answer, "aia", caps.aia);
    answer_flag(answer, "v", caps.v);
    answer_group_end(answer);
    answer_group_begin(answer, "translation");
    answer_flag(answer, "sv39x4", caps.sv39x4);
    answer_flag(answer, "sv48x4", caps.sv48x4);
    answer_flag(answer, "sv57x4", caps.sv57x4);
    answer_flag(answer, "sv48", caps.sv48);
    answer_flag(answer, "sv57", caps.sv57);
    answer_number(answer, "vmid_bits", caps.vmid_bits);
    answer_group_end(answer);
    answer_group_begin(answer, "csrs");
    answer_flag(answer, "henvcfg", caps.henvcfg);
    answer_hex(answer, "henvcfg_mask", caps.henvcfg_mask);
    answer_flag(answer, "senvcfg", caps.senvcfg);
    answer_flag(answer, "hstateen0", caps.hstateen[0]);
    answer_hex(answer, "hstateen0_mask", caps.hstateen0_mask);
    answer_hex(answer, "hedeleg_mask", caps.hedeleg_mask);
    answer_number(answer, "guest_files", caps.guest_files);
    answer_number(answer, "vector_bits", caps.vlenb * 8UL);
    answer_group_end(answer);
}
