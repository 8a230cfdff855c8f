/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF kernels: segments in their places, entries translated, and every number in the headers
 * hostile. The file is in a block of exactly its size, so that the sanitizer sees a read behind.
 */
#include "vm/elf.h"

#include "guest_ram.h"

#include <elf.h>

#define TEXT_SIZE 5000
#define DATA_SIZE 3000
#define FILE_SIZE (sizeof(Elf64_Ehdr) + 3 * sizeof(Elf64_Phdr) + TEXT_SIZE + DATA_SIZE)
#define TEXT      0x80200000UL
#define DATA      0x80300000UL
#define VIRTUAL   0xffffffff00000000UL /* what is added to a physical address */

static uint8_t *file;
static Elf64_Ehdr *header;
static Elf64_Phdr *segments; /* text, a note, data with .bss */
static struct vm_config config;
static struct kernel kernel;
static struct refusal refusal;

static int make_elf(void **state)
{
    uint64_t text = sizeof(Elf64_Ehdr) + 3 * sizeof(Elf64_Phdr);

    (void)state;
    file = malloc(FILE_SIZE);
    memset(file, 0x22, FILE_SIZE);
    header = (Elf64_Ehdr *)file;
    segments = (Elf64_Phdr *)(header + 1);
    *header = (Elf64_Ehdr){
        .e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
        .e_type = ET_EXEC,
        .e_machine = EM_RISCV,
        .e_version = EV_CURRENT,
        .e_entry = VIRTUAL + TEXT + 0x10,
        .e_phoff = sizeof(Elf64_Ehdr),
        .e_phentsize = sizeof(Elf64_Phdr),
        .e_phnum = 3,
    };
    segments[0] =
        (Elf64_Phdr){PT_LOAD, PF_R | PF_X, text, VIRTUAL + TEXT, TEXT, TEXT_SIZE, TEXT_SIZE, 4096};
    segments[1] = (Elf64_Phdr){PT_NOTE, PF_R, 1UL << 60, 0, 0, 1UL << 60, 1UL << 60, 4};
    segments[2] = (Elf64_Phdr){PT_LOAD, PF_R | PF_W, text + TEXT_SIZE, VIRTUAL + DATA,
                               DATA,    DATA_SIZE,   0x10000,          4096};
    memset(file + text, 0x33, TEXT_SIZE);
    memset(file + text + TEXT_SIZE, 0x44, DATA_SIZE);
    config = (struct vm_config){.memory = 8 * MIB, .kernel = file, .kernel_size = FILE_SIZE};
    return 0;
}

static int drop_elf(void **state)
{
    free(file);
    return drop_ram(state);
}

static void expect_refusal(int err, const char *text)
{
    assert_int_equal(kernel_plan(&config, &kernel, &refusal), err);
    assert_string_equal(refusal.text, text);
}

static void segments_go_to_their_physical_addresses(void **state)
{
    (void)state;
    assert_int_equal(kernel_plan(&config, &kernel, &refusal), 0);
    assert_int_equal(kernel.kind, KERNEL_ELF);
    assert_int_equal(kernel.start, TEXT);
    assert_int_equal(kernel.size, DATA + 0x10000 - TEXT);
    assert_int_equal(kernel.entry, TEXT + 0x10);

    make_ram(config.memory);
    assert_int_equal(kernel_copy(&config, &kernel, NULL), 0);
    assert_true(ram_is(TEXT, TEXT_SIZE, 0x33));
    assert_true(ram_is(TEXT + TEXT_SIZE, DATA - TEXT - TEXT_SIZE, GARBAGE));
    assert_true(ram_is(DATA, DATA_SIZE, 0x44));
    assert_true(ram_is(DATA + DATA_SIZE, 0x10000 - DATA_SIZE, 0));
    assert_true(ram_is(DATA + 0x10000, 4096, GARBAGE));
}

static void the_order_of_segments_does_not_matter(void **state)
{
    Elf64_Phdr text = segments[0];

    (void)state;
    segments[0] = segments[2];
    segments[2] = text;
    assert_int_equal(kernel_plan(&config, &kernel, &refusal), 0);
    assert_int_equal(kernel.start, TEXT);
    assert_int_equal(kernel.size, DATA + 0x10000 - TEXT);
    assert_int_equal(kernel.entry, TEXT + 0x10);
}

static void an_entry_may_be_physical(void **state)
{
    (void)state;
    header->e_type = ET_DYN;
    header->e_entry = TEXT + 0x20;
    assert_int_equal(kernel_plan(&config, &kernel, &refusal), 0);
    assert_int_equal(kernel.entry, TEXT + 0x20);
}

static void an_entry_must_be_inside(void **state)
{
    (void)state;
    header->e_entry = VIRTUAL + DATA + 0x10000;
    expect_refusal(ERR_INVALID, "kernel's ELF entry (0xffffffff80310000) is in no segment");
    header->e_entry = 0;
    expect_refusal(ERR_INVALID, "kernel's ELF entry (0x0) is in no segment");
    header->e_phnum = 0;
    header->e_entry = TEXT;
    expect_refusal(ERR_INVALID, "kernel's ELF entry (0x80200000) is in no segment");
}

static void other_machines_are_refused(void **state)
{
    const char *text = "kernel is an ELF file, but not for RV64";

    (void)state;
    header->e_machine = EM_X86_64;
    expect_refusal(ERR_INVALID, text);
    header->e_machine = EM_RISCV;
    header->e_ident[EI_CLASS] = ELFCLASS32;
    expect_refusal(ERR_INVALID, text);
    header->e_ident[EI_CLASS] = ELFCLASS64;
    header->e_ident[EI_DATA] = ELFDATA2MSB;
    expect_refusal(ERR_INVALID, text);
    header->e_ident[EI_DATA] = ELFDATA2LSB;
    header->e_type = ET_REL;
    expect_refusal(ERR_INVALID, "kernel is an ELF file, but no program (type 1)");
}

static void headers_must_be_whole(void **state)
{
    (void)state;
    config.kernel_size = sizeof(*header) - 1;
    expect_refusal(ERR_CORRUPT, "kernel is an ELF file cut short");
    config.kernel_size = sizeof(*header) + 3 * sizeof(*segments) - 1;
    expect_refusal(ERR_CORRUPT, "kernel's ELF program headers are damaged");
    config.kernel_size = FILE_SIZE;
    header->e_phentsize = 32;
    expect_refusal(ERR_CORRUPT, "kernel's ELF program headers are damaged");
    header->e_phentsize = sizeof(*segments);
    header->e_phoff = UINT64_MAX;
    expect_refusal(ERR_CORRUPT, "kernel's ELF program headers are damaged");
    header->e_phoff = sizeof(*header);
    header->e_phnum = UINT16_MAX;
    expect_refusal(ERR_CORRUPT, "kernel's ELF program headers are damaged");
}

static void segments_must_be_in_the_file(void **state)
{
    const char *text = "kernel's ELF segment 2 passes the file's end";

    (void)state;
    segments[2].p_offset++;
    expect_refusal(ERR_CORRUPT, text);
    segments[2].p_offset = UINT64_MAX;
    expect_refusal(ERR_CORRUPT, text);
    segments[2].p_offset = 0;
    segments[2].p_filesz = UINT64_MAX;
    expect_refusal(ERR_CORRUPT, text);
    segments[2].p_filesz = 2;
    segments[2].p_memsz = 1;
    expect_refusal(ERR_CORRUPT, text);
}

static void segments_must_be_in_memory(void **state)
{
    (void)state;
    segments[2].p_paddr = 0x80800000 - 0x10000;
    assert_int_equal(kernel_plan(&config, &kernel, &refusal), 0);
    segments[2].p_paddr++;
    expect_refusal(ERR_RANGE, "kernel's ELF segment 2 (0x807f0001, 65536 bytes) is not in the VM's "
                              "memory (0x80000000, 8388608 bytes)");
    segments[2].p_paddr = 0x7fffffff;
    expect_refusal(ERR_RANGE, "kernel's ELF segment 2 (0x7fffffff, 65536 bytes) is not in the VM's "
                              "memory (0x80000000, 8388608 bytes)");
    segments[2].p_paddr = DATA;
    segments[2].p_memsz = UINT64_MAX;
    expect_refusal(ERR_RANGE, "kernel's ELF segment 2 (0x80300000, 18446744073709551615 bytes) is "
                              "not in the VM's memory (0x80000000, 8388608 bytes)");
}

static void segments_may_not_clear_memory_for_ever(void **state)
{
    (void)state;
    segments[2].p_memsz = 5 * MIB;
    segments[0].p_memsz = 4 * MIB;
    expect_refusal(ERR_RANGE,
                   "kernel (9437184 bytes) is larger than the VM's memory (8388608 bytes)");
}

static void a_segment_without_memory_does_nothing(void **state)
{
    (void)state;
    segments[2].p_memsz = 0;
    segments[2].p_paddr = 0;
    assert_int_equal(kernel_plan(&config, &kernel, &refusal), 0);
    assert_int_equal(kernel.size, TEXT_SIZE);
    make_ram(config.memory);
    assert_int_equal(kernel_copy(&config, &kernel, NULL), 0);
    assert_true(ram_is(DATA, 0x10000, GARBAGE));
}

static void memory_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(kernel_plan(&config, &kernel, &refusal), 0);
    make_ram(2 * MIB);
    assert_int_equal(kernel_copy(&config, &kernel, NULL), ERR_RANGE);
    make_ram(3 * MIB + DATA_SIZE);
    assert_int_equal(kernel_copy(&config, &kernel, NULL), ERR_RANGE);
}

static void no_header_harms(void **state)
{
    size_t headers = sizeof(Elf64_Ehdr) + 3 * sizeof(Elf64_Phdr);
    uint64_t random = 20260303;
    uint8_t *good = malloc(headers);
    unsigned planned = 0;

    (void)state;
    make_ram(config.memory);
    memcpy(good, file, headers);
    for (unsigned run = 0; run < 20000; run++) {
        for (unsigned i = 0; i < 1 + run % 4; i++) {
            random = random * 6364136223846793005UL + 1442695040888963407UL;
            file[(random >> 33) % headers] = random >> 56;
        }
        config.kernel_size = run % 5 ? FILE_SIZE : (random >> 20) % FILE_SIZE;
        if (kernel_plan(&config, &kernel, &refusal) == 0) {
            planned++;
            assert_true(range_within(kernel.start, kernel.size, BOARD_RAM_BASE, config.memory));
            assert_true(range_within(kernel.entry, 1, kernel.start, kernel.size));
            assert_int_equal(kernel_copy(&config, &kernel, NULL), 0);
        }
        memcpy(file, good, headers);
    }
    free(good);
    assert_in_range(planned, 500, 19500);
}

#define ELF_TEST(test) cmocka_unit_test_setup_teardown(test, make_elf, drop_elf)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ELF_TEST(segments_go_to_their_physical_addresses),
        ELF_TEST(the_order_of_segments_does_not_matter),
        ELF_TEST(an_entry_may_be_physical),
        ELF_TEST(an_entry_must_be_inside),
        ELF_TEST(other_machines_are_refused),
        ELF_TEST(headers_must_be_whole),
        ELF_TEST(segments_must_be_in_the_file),
        ELF_TEST(segments_must_be_in_memory),
        ELF_TEST(segments_may_not_clear_memory_for_ever),
        ELF_TEST(a_segment_without_memory_does_nothing),
        ELF_TEST(memory_that_is_not_there_is_an_error),
        ELF_TEST(no_header_harms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
