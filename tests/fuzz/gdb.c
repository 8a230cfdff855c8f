/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: GDB's end of the port. An input is a mixture of bytes as they are, and of packets
 * with good sums whose words are chosen, for a VM whose vCPUs run, trap and end in between.
 * Claimed: what is answered is whole packets; nobody runs who is held; and when GDB has left, the
 * VM runs on, with memory, rights and delegation as they were.
 */
#include "gdb/gdb.h"
#include "fakes/lives.h"
#include "fuzz/fuzz.h"
#include "gdb/traffic.h"
#include "riscv/csr.h"
#include "vcpu/request.h"
#include "vm/debug_point.h"

#define VCPUS    2
#define PC       MACHINE_KERNEL
#define PAGE_GPA (MACHINE_KERNEL + 0x1000)

static struct vcpu_home home;
static struct vm *vm;
static uint8_t memory[2 * PAGE_SIZE];
static bool is_written; /* GDB may have written what a breakpoint looks like */

static const char *const words[] = {
    "vAttach;1",
    "vCont;c",
    "vCont;s:p1.1;c",
    "vCont;C05:p1.2",
    "Hgp1.1",
    "Hg0",
    "g",
    "G",
    "p20",
    "P",
    "m802",
    "M802",
    "X802",
    "Z0,80200010,4",
    "z0,80200010,4",
    "Z2,80201000,8",
    "Z4,80201008,4",
    "z2,80201000,8",
    "Z3,80201ff8,8",
    "D;1",
    "D",
    "k",
    "vKill;1",
    "?",
    "qC",
    "qfThreadInfo",
    "qsThreadInfo",
    "qThreadExtraInfo,p1.1",
    "qSupported",
    "qXfer:",
    "qXfer:features:read:target.xml:",
    "qXfer:osdata:read:processes:",
    "qRcmd,",
    "QStartNoAckMode",
    "!",
    "T",
    "vCont?",
    "qAttached:1",
    "vCont;s",
};

static void order(char *line, void (*say)(const char *text, size_t count))
{
    say(line, strlen(line));
}

static void make_vm(void)
{
    struct vm_config config = machine_config("a", VCPUS);

    machine_setup(NULL);
    lives_setup();
    vm = lives_add(&config, &home)->vm;
}

/* As after life_start, at home on a hart that nobody plays but harts_work. */
static void start_over(void)
{
    if (!vm)
        make_vm();
    kick_fake = (struct kick_fake){0};
    board_reset();
    home = (struct vcpu_home){0};
    vm->state = VM_RUNNING;
    vm->live_vcpus = VCPUS;
    debug_end(vm);
    for (unsigned i = 0; i < VCPUS; i++) {
        vcpu_reset(&vm->vcpus[i]);
        vcpu_start(&vm->vcpus[i], PC, 0);
        vm->vcpus[i].csrs.vstvec = PC + 0x100;
        vm->vcpus[i].is_blocked = 0;
        vm->vcpus[i].debug = (struct vcpu_debug){0};
    }
    for (unsigned i = 0; i < sizeof(memory); i++)
        memory[i] = i % 4 == 0 ? 0x13 : 0; /* nop */
    fuzz_claim(guest_mem_write(&vm->gstage, PC, memory, sizeof(memory)) == 0);
    is_written = false;
    gdb_start(&home, order);
}

static void harts_work(void)
{
    while (vcpu_take_mail(&home))
        continue;
    for (unsigned i = 0; i < VCPUS; i++) {
        struct vcpu *vcpu = &vm->vcpus[i];

        vcpu_take_requests(vcpu, UINT64_MAX);
        vcpu->is_blocked = vm_holds(vcpu);
    }
    debug_tell();
}

static void work(void)
{
    for (unsigned i = 0; i < 8; i++) {
        gdb_work();
        harts_work();
    }
}

/* All that was sent is acks and packets with good sums. */
static void check_sent(void)
{
    const char *at = board_fake.port_text, *end = at + board_fake.port_count;

    while (at < end) {
        uint8_t sum = 0;
        char text[3];

        if (*at == '+' || *at == '-') {
            at++;
            continue;
        }
        fuzz_claim(*at++ == '$');
        for (; at < end && *at != '#'; at++)
            sum = (uint8_t)(sum + (uint8_t)*at);
        fuzz_claim(end - at >= 3);
        snprintf(text, sizeof(text), "%02x", sum);
        fuzz_claim(memcmp(at + 1, text, 2) == 0);
        at += 3;
    }
    board_fake.port_count = 0;
}

static void send(const char *bytes)
{
    is_written |= strchr(bytes, 'M') || strchr(bytes, 'X');
    board_fake.port_in = bytes;
    gdb_wake();
    work();
    board_fake.port_in = "";
    check_sent();
}

/* A word and some characters behind it; the fake of the port takes no NUL. */
static void send_packet(struct fuzz *fuzz)
{
    static const char some[] = "0123456789abcdef,;:.=-p}";
    char said[128], packet[160];
    size_t length =
        (size_t)snprintf(said, sizeof(said), "%s",
                         words[fuzz_take_below(fuzz, sizeof(words) / sizeof(words[0]))]);
    uint8_t sum = 0;

    for (unsigned count = fuzz_take_below(fuzz, 24); count > 0 && fuzz->left > 0; count--)
        said[length++] = some[fuzz_take_below(fuzz, sizeof(some) - 1)];
    said[length] = '\0';
    for (size_t i = 0; i < length; i++)
        sum = (uint8_t)(sum + (uint8_t)said[i]);
    snprintf(packet, sizeof(packet), "$%s#%02x", said, sum);
    send(packet);
}

static void send_bytes(struct fuzz *fuzz)
{
    char bytes[33];
    size_t count = fuzz_take_below(fuzz, sizeof(bytes));

    for (size_t i = 0; i < count; i++)
        bytes[i] = (char)(fuzz_take(fuzz, 1) % 255 + 1);
    bytes[count] = '\0';
    send(bytes);
}

/* A vCPU that runs traps: at a breakpoint, or at a page that may be watched. */
static void trap(struct fuzz *fuzz)
{
    static const enum cause causes[] = {CAUSE_BREAKPOINT, CAUSE_LOAD_GUEST_PAGE_FAULT,
                                        CAUSE_STORE_GUEST_PAGE_FAULT};
    struct vcpu *vcpu = &vm->vcpus[fuzz_take_below(fuzz, VCPUS)];
    gpa_t gpa = PAGE_GPA + fuzz_take(fuzz, 1) * 8;
    uint64_t cause = causes[fuzz_take_below(fuzz, 3)];

    if (vm_holds(vcpu) || !debug_is_on(vm))
        return;
    vcpu->regs.sepc = PC + fuzz_take_below(fuzz, 128) * 4;
    vcpu->traps[vcpu_exits(vcpu) % VCPU_TRAPS_COUNT] =
        (struct trap){.scause = cause, .stval = gpa, .htval = gpa >> 2, .insn_len = 4};
    vcpu->traps_at += sizeof(struct trap);
    if (debug_stop(vcpu))
        work();
    check_sent();
}

/* What GDB wrote with M and X is its will; what it planted must be gone. */
static void check_left(void)
{
    struct gstage_leaf leaf;

    debug_end(vm);
    fuzz_claim(guest_mem_read(&vm->gstage, PC, memory, sizeof(memory)) == 0);
    for (unsigned i = 0; i < sizeof(memory) && !is_written; i += 2)
        fuzz_claim(memory[i] != 0x02 || memory[i + 1] != 0x90);
    fuzz_claim(gstage_walk(&vm->gstage, PAGE_GPA, &leaf));
    fuzz_claim((leaf.pte & (PTE_R | PTE_W | PTE_X | PTE_WATCHED)) == (PTE_R | PTE_W | PTE_X));
    for (unsigned i = 0; i < VCPUS; i++) {
        fuzz_claim(vm->vcpus[i].csrs.hedeleg & BIT(CAUSE_BREAKPOINT));
        fuzz_claim(!vm->vcpus[i].debug.is_held);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};

    start_over();
    if (fuzz_take_bool(&fuzz))
        send("$vAttach;1#37");
    while (fuzz.left > 0) {
        switch (fuzz_take_below(&fuzz, 8)) {
        case 0:
            send_bytes(&fuzz);
            break;
        case 1:
        case 2:
            trap(&fuzz);
            break;
        case 3:
            send("\x03");
            break;
        default:
            send_packet(&fuzz);
            break;
        }
    }
    send("\x03");
    send("$D#44");
    check_left();
    return 0;
}
