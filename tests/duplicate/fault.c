/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bad accesses: each kind of fault with its signal, code, address and pc. fault_try is also what
 * instruction.c uses.
 */
#define _GNU_SOURCE
#include "fault.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <ucontext.h>
#include <unistd.h>

#include "duplicate.h"

#define PAGE       4096
#define ACT_SIZE   64 /* an act's own code, where its pc is looked for */
#define MOST_PLACE 8
#define KERNEL     0xffffffff80000000
#define SINK       100 /* a file that act_write_call writes to */

static sigjmp_buf back;
static siginfo_t caught;
static uint64_t caught_pc;

static struct {
    const char *name;
    uint64_t base, size;
} places[MOST_PLACE];
static unsigned place_count = 1; /* the first is the act's */

static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE};

static void on_signal(int number, siginfo_t *info, void *context)
{
    const ucontext_t *machine = context;

    (void)number;
    caught = *info;
    caught_pc = (uint64_t)machine->uc_mcontext.__gregs[REG_PC];
    siglongjmp(back, 1);
}

static void handlers_set(void)
{
    static uint8_t stack[65536];
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    stack_t other = {.ss_sp = stack, .ss_size = sizeof(stack)};

    sigaltstack(&other, NULL);
    for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++)
        sigaction(numbers[i], &action, NULL);
}

void fault_place(const char *name, const void *base, uint64_t size)
{
    places[place_count].name = name;
    places[place_count].base = (uint64_t)base;
    places[place_count++].size = size;
}

static void address_print(uint64_t address)
{
    for (unsigned i = 0; i < place_count; i++) {
        if (address - places[i].base < places[i].size) {
            printf("%s+0x%lx", places[i].name, address - places[i].base);
            return;
        }
    }
    printf("0x%lx", address);
}

/* What was printed is out first: firmware may speak at an illegal instruction, as OpenSBI 1.6 does,
 * and would cut our line. */
void fault_try(const char *label, uint64_t (*act)(uint64_t), uint64_t argument)
{
    uint64_t result;

    fflush(stdout);
    tcdrain(STDOUT_FILENO);
    handlers_set();
    places[0].name = "act";
    places[0].base = (uint64_t)act;
    places[0].size = ACT_SIZE;
    if (sigsetjmp(back, 1) == 0) {
        result = act(argument);
        printf("%s: no signal, ", label);
        address_print(result);
        printf("\n");
        return;
    }
    printf("%s: SIG%s code %d at ", label, sigabbrev_np(caught.si_signo), caught.si_code);
    address_print((uint64_t)caught.si_addr);
    printf(", pc ");
    address_print(caught_pc);
    printf("\n");
}

/* In assembly, so that the pc is where it is whatever the compiler does. */
#define ACT(name, text)                                                                            \
    uint64_t name(uint64_t address);                                                               \
    __asm__(".pushsection .text\n.balign 4\n" #name ":\n" text "\nret\n.popsection")

ACT(act_load, "ld a0, 0(a0)");
ACT(act_load_byte, "nop\nlbu a0, 0(a0)");
ACT(act_load_float, "fld fa0, 0(a0)\nfmv.x.d a0, fa0");
ACT(act_store, "sd zero, 0(a0)\nli a0, 0");
ACT(act_store_short, "c.sw a0, 0(a0)\nsw zero, 0(a0)\nli a0, 0");
ACT(act_atomic, "li a1, 0\namoadd.d a0, a1, (a0)");
ACT(act_reserve, "lr.d a0, (a0)");
ACT(act_jump, "jr a0");
ACT(act_read_call, "mv a1, a0\nli a0, 1\nli a7, 113\necall");             /* clock_gettime */
ACT(act_write_call, "mv a1, a0\nli a0, 100\nli a2, 8\nli a7, 64\necall"); /* write */

static const struct {
    const char *name;
    uint64_t (*act)(uint64_t address);
} acts[] = {
    {"load", act_load},        {"byte", act_load_byte},   {"float", act_load_float},
    {"store", act_store},      {"c.sw", act_store_short}, {"amo", act_atomic},
    {"lr", act_reserve},       {"jump", act_jump},        {"clock_gettime", act_read_call},
    {"write", act_write_call},
};

static void acts_try(const char *where, uint64_t address)
{
    char label[64];

    for (unsigned i = 0; i < ARRAY_SIZE(acts); i++) {
        snprintf(label, sizeof(label), "%s %s", acts[i].name, where);
        fault_try(label, acts[i].act, address);
    }
}

/* A file of one and a half pages, mapped with three. */
static uint8_t *file_map(void)
{
    int file = memfd_create("short", 0);
    uint8_t *pages;

    if (ftruncate(file, PAGE + PAGE / 2) != 0)
        return MAP_FAILED;
    pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return pages;
}

static uint64_t overflow(uint64_t depth)
{
    volatile uint8_t room[PAGE];

    room[0] = (uint8_t)depth;
    return depth == UINT64_MAX ? 0 : overflow(depth + 1) + room[0];
}

static void stack_overflow(void)
{
    handlers_set();
    if (sigsetjmp(back, 1) == 0)
        overflow(0);
    printf("stack overflow: SIG%s code %d\n", sigabbrev_np(caught.si_signo), caught.si_code);
}

void topic_fault(void)
{
    uint8_t *pages = mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint8_t *file = file_map();

    dup2(memfd_create("sink", 0), SINK);
    fault_place("pages", pages, 4 * PAGE);
    fault_place("file", file, 3 * PAGE);
    mprotect(pages + PAGE, PAGE, PROT_READ);
    mprotect(pages + 2 * PAGE, PAGE, PROT_READ | PROT_WRITE);
    acts_try("at NULL", 0);
    acts_try("near NULL", 0x7f8);
    acts_try("in the kernel", KERNEL);
    acts_try("at no address", 0x4000000000000000);
    acts_try("at the last byte", UINT64_MAX - 7);
    acts_try("without rights", (uint64_t)pages + 24);
    acts_try("read-only", (uint64_t)pages + PAGE + 8);
    acts_try("not executable", (uint64_t)pages + 2 * PAGE);
    acts_try("beyond the file's page", (uint64_t)file + 2 * PAGE + 16);
    munmap(pages + 3 * PAGE, PAGE);
    acts_try("unmapped", (uint64_t)pages + 3 * PAGE);
    acts_try("over the end", (uint64_t)pages + 3 * PAGE - 4);
    stack_overflow();
    if (sigsetjmp(back, 1) == 0)
        kill(getpid(), SIGFPE);
    printf("kill: SIG%s code %d\n", sigabbrev_np(caught.si_signo), caught.si_code);
}
