/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands that look into a VM: its registers, translations, memory, exits and console. What
 * stands in struct vcpu is a vCPU's own while it runs, so some hold the VM (hold.c).
 */
#include "exit/exit_stats.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/string.h"
#include "mem/guest_mem.h"
#include "mem/pages.h"
#include "mem/walk.h"
#include "monitor/command.h"
#include "monitor/hold.h"
#include "monitor/report.h"
#include "riscv/caps.h"

#define DUMP_ROW   16
#define DUMP_BYTES 64 /* where nothing else is asked for */
#define DUMP_MAX   1024
#define CHUNK      1024

static const struct {
    const char *name;
    size_t offset;
} csr_names[] = {
    {"vsstatus", offsetof(struct vcpu_csrs, vsstatus)},
    {"vsie", offsetof(struct vcpu_csrs, vsie)},
    {"vstvec", offsetof(struct vcpu_csrs, vstvec)},
    {"vsscratch", offsetof(struct vcpu_csrs, vsscratch)},
    {"vsepc", offsetof(struct vcpu_csrs, vsepc)},
    {"vscause", offsetof(struct vcpu_csrs, vscause)},
    {"vstval", offsetof(struct vcpu_csrs, vstval)},
    {"vsatp", offsetof(struct vcpu_csrs, vsatp)},
    {"vstimecmp", offsetof(struct vcpu_csrs, vstimecmp)},
    {"hvip", offsetof(struct vcpu_csrs, hvip)},
    {"hedeleg", offsetof(struct vcpu_csrs, hedeleg)},
    {"hideleg", offsetof(struct vcpu_csrs, hideleg)},
    {"henvcfg", offsetof(struct vcpu_csrs, henvcfg)},
    {"hcounteren", offsetof(struct vcpu_csrs, hcounteren)},
    {"hgatp", offsetof(struct vcpu_csrs, hgatp)},
};

static void look_regs(struct order *order)
{
    const struct vcpu *vcpu = command_vcpu(order, 1);
    struct answer *answer = order->answer;

    answer_text(answer, "vm", 0, order->machine->name);
    answer_number(answer, "vcpu", vcpu->id);
    answer_text(answer, "mode", 0, vcpu_was_user(vcpu) ? "VU" : "VS");
    answer_hex(answer, "pc", vcpu->regs.sepc);
    report_registers(answer, vcpu->regs.x);
    answer_group_begin(answer, "csrs");
    for (unsigned i = 0; i < ARRAY_SIZE(csr_names); i++) {
        uint64_t value;

        memcpy(&value, (const char *)&vcpu->csrs + csr_names[i].offset, sizeof(value));
        answer_hex(answer, csr_names[i].name, value);
    }
    answer_group_end(answer);
}

void monitor_do_regs(struct order *order)
{
    if (command_vcpu(order, 1))
        hold_look(order, look_regs);
}

static void look_walk(struct order *order)
{
    const struct vcpu *vcpu = command_vcpu(order, 2);
    struct walk walk;
    uint64_t gva;

    command_number(order->args[1], &gva);
    walk_guest(&vcpu->vm->gstage, vcpu->csrs.vsatp, gva, &walk);
    walk.hgatp = vcpu->csrs.hgatp;
    report_walk(order->answer, &walk, &vcpu->vm->gstage, order->is_full);
}

void monitor_do_walk(struct order *order)
{
    uint64_t gva;

    order->is_full = strcmp(order->args[order->arg_count - 1], "full") == 0;
    if (order->is_full)
        order->arg_count--;
    if (order->arg_count < 2 || !command_number(order->args[1], &gva))
        answer_refuse(order->answer, "an address is needed, such as 0x80000000");
    else if (order->arg_count > 3)
        answer_refuse(order->answer, "%.20s is not the word full", order->args[3]);
    else if (command_vcpu(order, 2))
        hold_look(order, look_walk);
}

static void put_dump_row(struct answer *answer, gpa_t gpa, const uint8_t *bytes, size_t count)
{
    char hex[3 * DUMP_ROW + 1] = "";
    char text[DUMP_ROW + 1];

    for (size_t i = 0; i < count; i++) {
        format_text(hex + 3 * i, sizeof(hex) - 3 * i, "%02x ", bytes[i]);
        text[i] = (char)(bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.');
    }
    hex[3 * count - 1] = '\0';
    text[count] = '\0';
    answer_row_begin(answer);
    answer_hex(answer, "address", gpa);
    answer_text(answer, "bytes", 3 * DUMP_ROW - 1, hex);
    answer_text(answer, "text", 0, text);
    answer_row_end(answer);
}

static void put_dump(struct answer *answer, gpa_t gpa, const uint8_t *bytes, size_t count)
{
    answer_table_begin(answer, "memory");
    for (size_t done = 0; done < count; done += DUMP_ROW)
        put_dump_row(answer, gpa + done, bytes + done, min_u64(DUMP_ROW, count - done));
    answer_table_end(answer);
}

/* mem without a VM: the pages of the machine. */
static void put_pages(struct answer *answer)
{
    answer_number(answer, "total_pages", pages_total_count());
    answer_number(answer, "free_pages", pages_free_count());
    answer_number(answer, "free_mib", pages_free_count() >> (20 - PAGE_SHIFT));
}

void monitor_do_mem(struct order *order)
{
    uint8_t bytes[DUMP_MAX];
    uint64_t gpa, count = DUMP_BYTES;

    if (order->arg_count == 0)
        put_pages(order->answer);
    else if (order->arg_count == 1 || !command_number(order->args[1], &gpa))
        answer_refuse(order->answer, "an address is needed, such as 0x80000000");
    else if (order->arg_count > 2 &&
             (!command_number(order->args[2], &count) || count == 0 || count > DUMP_MAX))
        answer_refuse(order->answer, "%.20s is not a number of bytes, 1 to %d", order->args[2],
                      DUMP_MAX);
    else if (guest_mem_read(&order->machine->vm->gstage, gpa, bytes, count))
        answer_refuse(order->answer, "%s has no memory at 0x%lx, or not %lu bytes of it",
                      order->machine->name, gpa, count);
    else
        put_dump(order->answer, gpa, bytes, count);
}

struct exits {
    struct answer *answer;
    uint32_t vcpu;
};

static void put_exits(void *context, const struct exit_count *row, const char *cause,
                      const char *what)
{
    const struct exits *exits = context;

    answer_row_begin(exits->answer);
    answer_number(exits->answer, "vcpu", exits->vcpu);
    answer_number(exits->answer, "count", row->count);
    answer_number(exits->answer, "us", caps_ns(row->ticks) / 1000);
    answer_text(exits->answer, "cause", 24, cause);
    answer_text(exits->answer, "what", 0, what);
    answer_row_end(exits->answer);
}

void monitor_do_exits(struct order *order)
{
    const struct vm *vm = order->machine->vm;
    struct exits exits = {.answer = order->answer};

    answer_table_begin(order->answer, "exits");
    for (uint32_t i = 0; i < vm->vcpu_count; i++) {
        exits.vcpu = i;
        if (vm->vcpus[i].counts)
            exit_stats_visit(&vm->vcpus[i], put_exits, &exits);
    }
    answer_table_end(order->answer);
}

/* With a position: what the VM has said from there on, and where to go on; and what is typed.
 * Without: the console itself shows it. */
void monitor_do_console(struct order *order)
{
    struct console_channel *channel = &order->machine->channel;
    struct answer *answer = order->answer;
    char said[CHUNK];
    uint64_t position;
    size_t typed = 0, count;

    if (order->arg_count == 1) {
        answer_text(answer, "vm", 0, order->machine->name);
        console_show(channel);
        return;
    }
    if (!command_number(order->args[1], &position)) {
        answer_refuse(answer, "%.20s is not a position", order->args[1]);
        return;
    }
    if (order->arg_count > 2) {
        typed = console_type(channel, order->args[2], strlen(order->args[2]));
        vm_console_poke(order->machine->vm);
    }
    count = console_get(channel, &position, said, sizeof(said));
    answer_number(answer, "position", position);
    answer_number(answer, "typed", typed);
    answer_bytes(answer, "said", said, count);
}
