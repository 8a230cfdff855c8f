/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of extensions that work in a VM. A guest gets what is in the table, and on the host,
 * and allowed by its row's condition; so it never meets an extension that nobody thought about.
 *
 * Absent on purpose: h (no nesting), smaia and ssaia (no guest interrupt files), sscofpmf and
 * zihpm (no counters), smstateen, ssnpm, ssdbltrp, zicfilp, zicfiss, zcmt (their state is not
 * switched), zk and zkr (VS-mode never reads `seed`: "Access Control to seed", Scalar
 * Cryptography), zicbop (the host's block size is not kept).
 */
#include "vm/isa.h"

#include "lib/err.h"
#include "lib/string.h"
#include "riscv/csr.h"

struct isa_row {
    bool (*condition)(const struct caps *caps);
    const char *names; /* with one space between */
};

static bool always(const struct caps *caps)
{
    (void)caps;
    return true;
}

static bool has_vector(const struct caps *caps)
{
    return caps->v;
}

static bool has_cache_management(const struct caps *caps)
{
    uint64_t needed = HENVCFG_CBCFE | HENVCFG_CBIE;

    return (caps->henvcfg_mask & needed) == needed && caps->cbom_block_size;
}

static bool has_cache_zero(const struct caps *caps)
{
    return (caps->henvcfg_mask & HENVCFG_CBZE) && caps->cboz_block_size;
}

static bool has_sstc(const struct caps *caps)
{
    return caps->sstc;
}

static bool has_svadu(const struct caps *caps)
{
    return caps->svadu;
}

static bool has_no_svadu(const struct caps *caps)
{
    return !caps->svadu;
}

static bool has_svpbmt(const struct caps *caps)
{
    return caps->svpbmt;
}

/* Single letters come first, as "riscv,isa" needs them. */
static const struct isa_row isa_rows[] = {
    {always, "i m a f d c b"},
    {has_vector, "v"},
    {always, "zic64b"},
    {has_cache_management, "zicbom"},
    {has_cache_zero, "zicboz"},
    {always, "ziccamoa ziccif zicclsm ziccrse zicntr zicond zicsr zifencei zihintntl"},
    {always, "zihintpause zimop zmmul za64rs zaamo zabha zacas zalrsc zama16b"},
    {always, "zawrs"}, /* WRS.NTO exits under VTW, as WFI does */
    {always, "zfa zfbfmin zfh zfhmin zca zcb zcd zcmop zba zbb zbc zbkb zbkc zbkx zbs"},
    {always, "zkn zknd zkne zknh zks zksed zksh zkt ztso"},
    {has_vector, "zvbb zvbc zve32f zve32x zve64d zve64f zve64x zvfbfmin zvfbfwma zvfh zvfhmin"},
    {has_vector, "zvkb zvkg zvkn zvknc zvkned zvkng zvknha zvknhb zvks zvksc zvksed zvksg zvksh"},
    {has_vector, "zvkt"},
    {has_sstc, "sstc"},
    {has_no_svadu, "svade"},
    {has_svadu, "svadu"},
    {always, "svinval svnapot"}, /* of the VS-stage, where VTVM=0 */
    {has_svpbmt, "svpbmt"},
    {always, "svvptc"},
};

/* Characters before the end of the text or the first that is one of `ends`. */
static size_t word_length(const char *text, const char *ends)
{
    size_t length = 0;

    while (text[length] && !strchr(ends, text[length]))
        length++;
    return length;
}

static bool list_has(const char *list, size_t size, const char *name, size_t length)
{
    size_t word;

    for (size_t i = 0; i < size; i += word + 1) {
        word = strnlen(list + i, size - i);
        if (word == length && memcmp(list + i, name, length) == 0)
            return true;
    }
    return false;
}

/* What "g" and, in trees of that age, "i" include: riscv/extensions.yaml and Linux's parser. */
static bool letters_imply(const char *letters, size_t count, const char *name, size_t length)
{
    static const char of_i[] = "zicsr\0zifencei\0zicntr";

    if (length == 1)
        return memchr(letters, 'g', count) && strchr("imafd", name[0]);
    return list_has(of_i, sizeof(of_i), name, length);
}

/* Looks into "rv64imafdch_zicsr_...". Digits of versions match no name. */
static bool text_lists(const char *text, const char *name, size_t length)
{
    size_t word;

    text += strnlen(text, 4);
    word = word_length(text, "_szx");
    if ((length == 1 && memchr(text, name[0], word)) || letters_imply(text, word, name, length))
        return true;
    for (text += word; *text; text += word) {
        text += *text == '_';
        word = word_length(text, "_");
        if (word == length && memcmp(text, name, length) == 0)
            return true;
    }
    return false;
}

bool isa_list_has(const char *list, size_t list_size, const char *name)
{
    return list_has(list, list_size, name, strlen(name));
}

/* Where the device tree says nothing, it is the RV64GC that the hypervisor itself needs. */
static bool host_lists(const struct caps *caps, const char *name, size_t length)
{
    if (caps->isa_extensions)
        return list_has(caps->isa_extensions, caps->isa_extensions_size, name, length);
    return text_lists(caps->isa ? caps->isa : "rv64gc", name, length);
}

/* Appends those names of a row that the host has; returns the new size or ERR_NO_MEMORY. */
static int row_append(const struct caps *caps, const char *names, char *buffer, size_t size,
                      size_t used)
{
    size_t length;

    for (; *names; names += length + (names[length] == ' ')) {
        length = word_length(names, " ");
        if (!host_lists(caps, names, length))
            continue;
        if (length + 1 > size - used)
            return ERR_NO_MEMORY;
        memcpy(buffer + used, names, length);
        buffer[used + length] = '\0';
        used += length + 1;
    }
    return (int)used;
}

int isa_guest_extensions(const struct caps *caps, char *buffer, size_t size)
{
    int used = 0;

    for (unsigned i = 0; i < ARRAY_SIZE(isa_rows) && used >= 0; i++) {
        if (isa_rows[i].condition(caps))
            used = row_append(caps, isa_rows[i].names, buffer, size, used);
    }
    return used;
}

void isa_guest_text(const char *list, size_t list_size, char *text)
{
    size_t length;

    memcpy(text, "rv64", 4);
    text += 4;
    for (size_t i = 0; i < list_size; i += length + 1) {
        length = strlen(list + i);
        if (length > 1)
            *text++ = '_';
        memcpy(text, list + i, length);
        text += length;
    }
    *text = '\0';
}
