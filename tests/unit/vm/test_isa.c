/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The extensions that a guest is told of, on hosts of all kinds: the lists are QEMU's.
 */
#include "vm/isa.h"

#include "lib/err.h"
#include "riscv/csr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* QEMU 10 -cpu rv64, shortened; then everything that a rule knows of, and more. */
static const char rv64[] = "i\0m\0a\0f\0d\0c\0h\0zic64b\0zicbom\0zicbop\0zicboz\0zicntr\0zicsr\0"
                           "zifencei\0zihpm\0zawrs\0zba\0zbb\0shgatpa\0sstc\0sstvala\0svadu\0"
                           "svvptc";
static const char all[] =
    "i\0m\0a\0f\0d\0c\0b\0v\0h\0zic64b\0zicbom\0zicbop\0zicboz\0ziccamoa\0ziccif\0zicclsm\0"
    "ziccrse\0zicfilp\0zicfiss\0zicond\0zicntr\0zicsr\0zifencei\0zihintntl\0zihintpause\0zihpm\0"
    "zimop\0zmmul\0za64rs\0zaamo\0zabha\0zacas\0zama16b\0zalrsc\0zawrs\0zfa\0zfbfmin\0zfh\0"
    "zfhmin\0zca\0zcb\0zcd\0zcmop\0zba\0zbb\0zbc\0zbkb\0zbkc\0zbkx\0zbs\0zk\0zkn\0zknd\0zkne\0"
    "zknh\0zkr\0zks\0zksed\0zksh\0zkt\0ztso\0zvbb\0zvbc\0zve32f\0zve32x\0zve64f\0zve64d\0zve64x\0"
    "zvfbfmin\0zvfbfwma\0zvfh\0zvfhmin\0zvkb\0zvkg\0zvkn\0zvknc\0zvkned\0zvkng\0zvknha\0zvknhb\0"
    "zvks\0zvksc\0zvksed\0zvksg\0zvksh\0zvkt\0shcounterenw\0sha\0smaia\0smstateen\0ssaia\0"
    "sscofpmf\0ssdbltrp\0ssnpm\0ssstateen\0sstc\0supm\0svade\0svadu\0svinval\0svnapot\0svpbmt\0"
    "svvptc";

static struct caps host;
static char list[ISA_LIST_MAX];
static char text[ISA_LIST_MAX + 5];
static int size;

static int make_host(void **state)
{
    (void)state;
    host = (struct caps){
        .isa_extensions = all,
        .isa_extensions_size = sizeof(all),
        .sstc = true,
        .svadu = true,
        .svpbmt = true,
        .v = true,
        .henvcfg_mask = HENVCFG_CBZE | HENVCFG_CBCFE | HENVCFG_CBIE,
        .cbom_block_size = 64,
        .cboz_block_size = 64,
    };
    return 0;
}

static void filter(void)
{
    size = isa_guest_extensions(&host, list, sizeof(list));
    assert_true(size >= 0);
    isa_guest_text(list, size, text);
}

static bool has(const char *name)
{
    return isa_list_has(list, size, name);
}

static void a_plain_host(void **state)
{
    (void)state;
    host = (struct caps){
        .isa_extensions = rv64,
        .isa_extensions_size = sizeof(rv64),
        .sstc = true,
        .svadu = true,
        .henvcfg_mask = HENVCFG_CBZE | HENVCFG_CBCFE | HENVCFG_CBIE,
        .cbom_block_size = 64,
        .cboz_block_size = 64,
    };
    filter();
    assert_string_equal(text, "rv64imafdc_zic64b_zicbom_zicboz_zicntr_zicsr_zifencei_zawrs_zba_zbb"
                              "_sstc_svadu_svvptc");
    assert_memory_equal(list, "i\0m\0a\0f\0d\0c\0zic64b\0zicbom", 25);
    assert_int_equal(list[size - 1], '\0');
}

static void the_fullest_host_fits(void **state)
{
    (void)state;
    filter();
    assert_true(size < ISA_LIST_MAX / 2 + ISA_LIST_MAX / 4);
    assert_memory_equal(text, "rv64imafdcbv_zic64b_", 20);
    assert_true(has("zvksh") && has("zkt") && has("svnapot") && has("svinval"));
}

static void what_needs_more_is_never_given(void **state)
{
    static const char *const names[] = {
        "h",     "zicbop",    "zicfilp",   "zicfiss", "zihpm",    "zk",       "zkr",   "sha",
        "smaia", "smstateen", "ssstateen", "ssaia",   "sscofpmf", "ssdbltrp", "ssnpm", "supm",
    };

    (void)state;
    filter();
    for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
        assert_false(has(names[i]));
    assert_false(has(""));
    assert_false(has("z"));
    assert_false(has("zicsr0"));
}

static void conditions_decide(void **state)
{
    (void)state;
    filter();
    assert_true(has("v") && has("zve32x") && has("zvbb") && has("zicbom") && has("zicboz"));
    assert_true(has("sstc") && has("svadu") && has("svpbmt") && !has("svade"));

    host.v = false;
    filter();
    assert_false(has("v") || has("zve32x") || has("zvbb") || has("zvfh") || has("zvkt"));
    host.sstc = false;
    host.svpbmt = false;
    host.svadu = false;
    filter();
    assert_false(has("sstc") || has("svpbmt") || has("svadu"));
    assert_true(has("svade"));
}

static void cache_blocks_need_rights_and_a_size(void **state)
{
    (void)state;
    host.henvcfg_mask = HENVCFG_CBZE | HENVCFG_CBCFE;
    filter();
    assert_true(has("zicboz") && !has("zicbom"));
    host.henvcfg_mask = HENVCFG_CBCFE | HENVCFG_CBIE;
    filter();
    assert_true(!has("zicboz") && has("zicbom"));
    host.henvcfg_mask = HENVCFG_CBZE | HENVCFG_CBCFE | HENVCFG_CBIE;
    host.cbom_block_size = 0;
    host.cboz_block_size = 0;
    filter();
    assert_false(has("zicboz") || has("zicbom"));
}

static void an_old_host_gives_only_a_string(void **state)
{
    (void)state;
    host.isa_extensions = NULL;
    /* QEMU 7.2 */
    host.isa = "rv64imafdch_zicsr_zifencei_zihintpause_zba_zbb_zbc_zbs_sstc";
    filter();
    assert_string_equal(text, "rv64imafdc_zicntr_zicsr_zifencei_zihintpause_zba_zbb_zbc_zbs_sstc");
    host.isa = "rv64imac";
    filter();
    assert_string_equal(text, "rv64imac_zicntr_zicsr_zifencei");
    host.isa = "rv64imafdcsu";
    filter();
    assert_string_equal(text, "rv64imafdc_zicntr_zicsr_zifencei");
    host.isa = "rv64i2p1m2p0ac_zba1p0_zbb";
    filter();
    assert_string_equal(text, "rv64imac_zicntr_zicsr_zifencei_zbb");
    host.isa = "rv64gcvzba__zbb_";
    filter();
    assert_string_equal(text, "rv64imafdcv_zicntr_zicsr_zifencei_zba_zbb");
}

static void a_host_that_says_nothing_is_rv64gc(void **state)
{
    (void)state;
    host.isa_extensions = NULL;
    filter();
    assert_string_equal(text, "rv64imafdc_zicntr_zicsr_zifencei");
}

static void odd_strings_do_no_harm(void **state)
{
    static const char *const strings[] = {"", "rv", "rv64", "rv64_", "_", "rv64__", "rv64z"};

    (void)state;
    host.isa_extensions = NULL;
    for (unsigned i = 0; i < ARRAY_SIZE(strings); i++) {
        char *copy = malloc(strlen(strings[i]) + 1);

        strcpy(copy, strings[i]);
        host.isa = copy;
        filter();
        assert_string_equal(text, "rv64_zicntr_zicsr_zifencei");
        free(copy);
    }
}

static void a_list_without_an_end_is_not_passed(void **state)
{
    char *copy = malloc(8);

    (void)state;
    memcpy(copy, "i\0zicsr0", 8);
    host.isa_extensions = copy;
    host.isa_extensions_size = 8;
    filter();
    assert_string_equal(text, "rv64i");
    host.isa_extensions_size = 7;
    filter();
    assert_string_equal(text, "rv64i_zicsr");
    host.isa_extensions_size = 0;
    filter();
    assert_string_equal(text, "rv64");
    free(copy);
}

static void a_small_buffer_is_not_passed(void **state)
{
    int needed;

    (void)state;
    filter();
    needed = size;
    for (int room = 0; room < needed; room++) {
        char *buffer = malloc(room + 1);

        assert_int_equal(isa_guest_extensions(&host, buffer, room), ERR_NO_MEMORY);
        free(buffer);
    }
    assert_int_equal(isa_guest_extensions(&host, list, needed), needed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_plain_host, make_host),
        cmocka_unit_test_setup(the_fullest_host_fits, make_host),
        cmocka_unit_test_setup(what_needs_more_is_never_given, make_host),
        cmocka_unit_test_setup(conditions_decide, make_host),
        cmocka_unit_test_setup(cache_blocks_need_rights_and_a_size, make_host),
        cmocka_unit_test_setup(an_old_host_gives_only_a_string, make_host),
        cmocka_unit_test_setup(a_host_that_says_nothing_is_rv64gc, make_host),
        cmocka_unit_test_setup(odd_strings_do_no_harm, make_host),
        cmocka_unit_test_setup(a_list_without_an_end_is_not_passed, make_host),
        cmocka_unit_test_setup(a_small_buffer_is_not_passed, make_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
