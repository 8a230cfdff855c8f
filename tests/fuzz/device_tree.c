/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: the guest's device tree, on a host whose own tree says anything. Claimed: it always
 * fits into the room that is asked for it and never leaves a smaller one; libfdt finds it sound;
 * it says what was asked for; and no extension is offered that the host does not list.
 */
#include "fakes/caps.h"
#include "fuzz/fuzz.h"
#include "lib/err.h"
#include "vm/bundle.h"
#include "vm/guest_dt.h"
#include "vm/isa.h"

#include <libfdt.h>

static char isa[512], extensions[512], bootargs[512];

/* Text of the input, or words that the table of extensions knows. */
static size_t take_text(struct fuzz *fuzz, char *text, size_t size, char between)
{
    static const char *const words[] = {"i",     "m",         "v",     "zicbom", "zicboz", "sstc",
                                        "svadu", "svpbmt",    "zba",   "zbb",    "zknh",   "zvkt",
                                        "h",     "smstateen", "zawrs", "zicsr",  "svnapot"};
    size_t length = 0;

    for (unsigned count = fuzz_take_below(fuzz, 40); count > 0; count--) {
        uint64_t choice = fuzz_take(fuzz, 1);
        char letters[3] = {(char)('a' + choice % 26), (char)fuzz_take(fuzz, 1), '\0'};
        const char *word = choice < 128 ? words[choice % ARRAY_SIZE(words)] : letters;
        size_t width = strlen(word);

        if (length + width + 2 > size)
            break;
        memcpy(text + length, word, width);
        text[length + width] = between;
        length += width + 1;
    }
    text[length] = '\0';
    return length;
}

static void take_caps(struct fuzz *fuzz)
{
    uint64_t bits = fuzz_take(fuzz, 2);

    caps_reset();
    caps.sstc = bits & 1;
    caps.svadu = bits & 2;
    caps.svpbmt = bits & 4;
    caps.v = bits & 8;
    caps.sv48 = bits & 16;
    caps.sv57 = bits & 32;
    caps.henvcfg_mask = bits & 64 ? UINT64_MAX : fuzz_take(fuzz, 1);
    caps.cbom_block_size = (uint32_t)fuzz_take(fuzz, 1);
    caps.cboz_block_size = (uint32_t)fuzz_take(fuzz, 1);
    caps.isa = NULL;
    caps.isa_extensions = NULL;
    if (bits & 128) {
        memcpy(isa, "rv64", 4);
        take_text(fuzz, isa + 4, sizeof(isa) - 4, '_');
        caps.isa = isa;
    }
    if (bits & 256) {
        caps.isa_extensions_size = take_text(fuzz, extensions, sizeof(extensions), '\0');
        caps.isa_extensions = extensions;
    }
}

static uint32_t u32_of(const void *tree, int node, const char *name)
{
    int size = 0;
    const void *cell = fdt_getprop(tree, node, name, &size);

    fuzz_claim(cell && size == 4);
    return fdt32_ld(cell);
}

static uint64_t u64_of(const void *tree, int node, const char *name, int place, int cells)
{
    int size = 0;
    const uint8_t *bytes = fdt_getprop(tree, node, name, &size);

    fuzz_claim(bytes && size == 8 * cells);
    return fdt64_ld((const fdt64_t *)(bytes + 8 * (size_t)place));
}

static void check_chosen(const void *tree, const struct guest_dt *what)
{
    int node = fdt_path_offset(tree, "/chosen");
    const char *text = fdt_getprop(tree, node, "bootargs", NULL);
    int memory = fdt_path_offset(tree, "/memory@80000000");

    fuzz_claim(text && strcmp(text, what->bootargs) == 0);
    fuzz_claim(u64_of(tree, memory, "reg", 1, 2) == what->memory);
    if (what->initrd_end > what->initrd_start) {
        fuzz_claim(u64_of(tree, node, "linux,initrd-start", 0, 1) == what->initrd_start);
        fuzz_claim(u64_of(tree, node, "linux,initrd-end", 0, 1) == what->initrd_end);
    } else {
        fuzz_claim(!fdt_getprop(tree, node, "linux,initrd-end", NULL));
    }
}

static bool host_lists(const char *name)
{
    return isa_list_has(caps.isa_extensions, caps.isa_extensions_size, name);
}

/* Each name stands once, ends, and is the host's where the host has a list; never h. */
static void check_extensions(const char *list, int size)
{
    fuzz_claim(size == 0 || list[size - 1] == '\0');
    for (int i = 0; i < size; i += (int)strlen(list + i) + 1) {
        fuzz_claim(list[i] && strcmp(list + i, "h") != 0 && strcmp(list + i, "smstateen") != 0);
        fuzz_claim(!caps.isa_extensions || host_lists(list + i));
        for (int j = 0; j < i; j += (int)strlen(list + j) + 1)
            fuzz_claim(strcmp(list + i, list + j) != 0);
    }
}

static void check_cpus(const void *tree, const struct guest_dt *what)
{
    int cpus = fdt_path_offset(tree, "/cpus"), node, size = 0;
    uint32_t count = 0;

    fuzz_claim(u32_of(tree, cpus, "timebase-frequency") == caps.timebase);
    fdt_for_each_subnode(node, tree, cpus)
    {
        const char *list = fdt_getprop(tree, node, "riscv,isa-extensions", &size);

        fuzz_claim(u32_of(tree, node, "reg") == count);
        if (count++ == 0)
            check_extensions(list, size);
    }
    fuzz_claim(count == what->vcpus);
}

static void check_tree(const void *tree, int size, const struct guest_dt *what)
{
    fuzz_claim(fdt_check_full(tree, (size_t)size) == 0);
    check_chosen(tree, what);
    check_cpus(tree, what);
}

/* A room that is too small is said to be. */
static void check_small(struct fuzz *fuzz, int size, const struct guest_dt *what)
{
    size_t room = fuzz_take_below(fuzz, (uint64_t)size);
    void *buffer = malloc(room ? room : 1);

    fuzz_claim(guest_dt_build(buffer, room, what) == ERR_NO_MEMORY);
    free(buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    struct guest_dt what = {.caps = &caps, .bootargs = bootargs};
    size_t room;
    void *tree;
    int result;

    take_caps(&fuzz);
    take_text(&fuzz, bootargs, sizeof(bootargs), ' ');
    what.vcpus = 1 + fuzz_take_below(&fuzz, fuzz_take(&fuzz, 1) < 250 ? 4 : BUNDLE_VCPUS_MAX);
    what.memory = fuzz_take(&fuzz, 5);
    what.initrd_start = fuzz_take(&fuzz, 5);
    what.initrd_end = fuzz_take(&fuzz, 5);
    room = guest_dt_room(what.vcpus, bootargs);
    tree = malloc(room);
    result = guest_dt_build(tree, room, &what);
    fuzz_claim(result > 0 && (size_t)result <= room);
    check_tree(tree, result, &what);
    check_small(&fuzz, result, &what);
    free(tree);
    return 0;
}
