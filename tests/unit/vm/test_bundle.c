/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configurations, good and bad, and bundles with random damage.
 */
#include "good_bundle.h"

static uint64_t random_state;

static uint64_t random_below(uint64_t limit)
{
    random_state = random_state * 6364136223846793005UL + 1442695040888963407UL;
    return (random_state >> 33) % limit;
}

/* What a good bundle says. */

static void both_vms_are_read(void **state)
{
    (void)state;
    expect_good();
    assert_int_equal(bundle_count(&bundle), 2);
    assert_string_equal(config.name, "linux");
    assert_int_equal(config.memory, 256 << 20);
    assert_int_equal(config.vcpus, 4);
    assert_int_equal(config.kernel_size, sizeof(linux_kernel));
    assert_memory_equal(config.kernel, linux_kernel, sizeof(linux_kernel));
    assert_int_equal(config.ramdisk_size, sizeof(ramdisk));
    assert_memory_equal(config.ramdisk, ramdisk, sizeof(ramdisk));

    assert_int_equal(bundle_config(&bundle, 1, &config, &refusal), 0);
    assert_string_equal(config.name, "tiny");
    assert_memory_equal(config.kernel, tiny_kernel, sizeof(tiny_kernel));
    assert_null(config.ramdisk);
    assert_int_equal(config.ramdisk_size, 0);
}

static void what_is_not_said_has_a_default(void **state)
{
    (void)state;
    expect_good();
    assert_int_equal(config.weight, 100);
    assert_int_equal(config.cap, 0);
    assert_int_equal(config.affinity, VM_AFFINITY_ANY);
    assert_true(config.autostart);
    assert_int_equal(config.restart, VM_RESTART_NEVER);
    assert_false(config.kernel_is_raw);
    assert_string_equal(config.bootargs, "");
}

static void what_is_said_counts(void **state)
{
    (void)state;
    set_u32(LINUX, "weight", 1000);
    set_u32(LINUX, "cap", 51200);
    set_string(LINUX, "affinity", "0-2,5");
    set_u32(LINUX, "autostart", 0);
    set_string(LINUX, "restart", "on-crash");
    set_string(LINUX, "format", "raw");
    set_string(LINUX, "bootargs", "console=ttyS0 quiet");
    set_string(LINUX, "description", "no matter");
    set_u64(LINUX, "load", 1);
    set_u64(LINUX, "entry", 2);
    expect_good();
    assert_int_equal(config.weight, 1000);
    assert_int_equal(config.cap, 51200);
    assert_int_equal(config.affinity, 0x27);
    assert_false(config.autostart);
    assert_true(config.kernel_is_raw);
    assert_int_equal(config.restart, VM_RESTART_ON_CRASH);
    assert_string_equal(config.bootargs, "console=ttyS0 quiet");
    set_string(LINUX, "format", "auto");
    expect_good();
    assert_false(config.kernel_is_raw);
}

static void two_vms_may_share_a_kernel(void **state)
{
    (void)state;
    set_string(LINUX, "kernel", "tiny-kernel");
    expect_good();
    assert_memory_equal(config.kernel, tiny_kernel, sizeof(tiny_kernel));
}

/* What a configuration must not say. */

static void names_are_checked(void **state)
{
    const char *longest = "abcdefghijklmnopqrstuvwxyz01234";

    (void)state;
    assert_int_equal(fdt_set_name(work, node_at(LINUX), "AZaz09,._+-"), 0);
    expect_good();
    assert_int_equal(fdt_set_name(work, node_at("/configurations/AZaz09,._+-"), longest), 0);
    expect_good();
    assert_string_equal(config.name, longest);
    add_vm("abcdefghijklmnopqrstuvwxyz012345", "tiny-kernel", 4 << 20, 1);
    open_good();
    assert_int_equal(bundle_config(&bundle, 0, &config, &refusal), ERR_INVALID);
    assert_string_equal(refusal.text, "/configurations/abcdefghijklmnopqrstuvwxyz012345: "
                                      "name has 32 characters, not 1 to 31");
    add_vm("a@b", "tiny-kernel", 4 << 20, 1);
    open_good();
    assert_int_equal(bundle_config(&bundle, 0, &config, &refusal), ERR_INVALID);
    assert_string_equal(refusal.text, "/configurations/a@b: name has the character '@'");
}

static void a_nameless_vm_is_refused(void **state)
{
    (void)state;
    pack(NULL, 0);
    for (size_t i = 0; i + 12 <= blob_size; i += 4) {
        /* The node's name "linux", padded, behind the tag that begins it. */
        if (memcmp(blob + i, "\0\0\0\1linux\0\0", 12) == 0)
            memcpy(blob + i, "\0\0\0\1\0\0\0\0\0\0\0\4", 12);
    }
    assert_int_equal(bundle_open(&bundle, blob, blob_size, &refusal), 0);
    assert_int_equal(bundle_config(&bundle, 0, &config, &refusal), ERR_INVALID);
    assert_string_equal(refusal.text, "/configurations/: name has 0 characters, not 1 to 31");
}

static void names_stay_printable(void **state)
{
    (void)state;
    assert_int_equal(fdt_set_name(work, node_at(LINUX), "\x1b[2Jx"), 0);
    expect_refusal("/configurations/?[2Jx: name has the character '?'");
}

static void a_name_is_given_once(void **state)
{
    (void)state;
    pack(NULL, 0);
    assert_int_equal(fdt_set_name(work, node_at(LINUX), "tiny"), 0);
    pack(NULL, 0);
    assert_int_equal(bundle_open(&bundle, blob, blob_size, &refusal), 0);
    assert_int_equal(bundle_config(&bundle, 0, &config, &refusal), 0);
    assert_int_equal(bundle_config(&bundle, 1, &config, &refusal), ERR_EXISTS);
    assert_string_equal(refusal.text, TINY ": name is taken by an earlier node");
}

static void unknown_properties_are_refused(void **state)
{
    (void)state;
    set_string(LINUX, "bootarg", "quiet");
    expect_refusal(LINUX ": property \"bootarg\" is unknown");
    remove_property(LINUX, "bootarg");
    set_string(LINUX, "fdt", "mine");
    expect_refusal(LINUX ": property \"fdt\" is unknown");
    remove_property(LINUX, "fdt");
    add_node(LINUX, "signature-1");
    expect_refusal(LINUX ": has child nodes");
}

static void needed_properties_are_missed(void **state)
{
    (void)state;
    remove_property(LINUX, "vcpus");
    expect_refusal(LINUX ": vcpus is missing");
    remove_property(LINUX, "memory");
    expect_refusal(LINUX ": memory is missing");
    remove_property(LINUX, "kernel");
    expect_refusal(LINUX ": kernel is missing");
}

static void memory_has_bounds(void **state)
{
    (void)state;
    set_u64(LINUX, "memory", 2 << 20);
    expect_good();
    set_u64(LINUX, "memory", 0x1ff80000000);
    expect_good();
    set_u64(LINUX, "memory", 0x1ff80001000);
    expect_refusal(LINUX ": memory (2196875776000 bytes) passes the 41-bit address space");
    set_u64(LINUX, "memory", UINT64_MAX & ~0xfffUL);
    expect_refusal(LINUX ": memory (18446744073709547520 bytes) passes the 41-bit address space");
    set_u64(LINUX, "memory", (2 << 20) - 4096);
    expect_refusal(LINUX ": memory (2093056 bytes) is less than 2097152");
    set_u64(LINUX, "memory", (4 << 20) + 1);
    expect_refusal(LINUX ": memory (4194305 bytes) is not a multiple of 4096");
    set_u32(LINUX, "memory", 4 << 20);
    expect_refusal(LINUX ": memory is not a 64-bit number");
}

static void numbers_have_bounds(void **state)
{
    (void)state;
    set_u32(LINUX, "vcpus", 512);
    expect_good();
    set_u32(LINUX, "vcpus", 513);
    expect_refusal(LINUX ": vcpus is 513, not 1 to 512");
    set_u32(LINUX, "vcpus", 0);
    expect_refusal(LINUX ": vcpus is 0, not 1 to 512");
    set_u64(LINUX, "vcpus", 1);
    expect_refusal(LINUX ": vcpus is not a 32-bit number");
    set_u32(LINUX, "vcpus", 1);
    set_u32(LINUX, "weight", 0);
    expect_refusal(LINUX ": weight is 0, not 1 to 1000");
    set_u32(LINUX, "weight", 1001);
    expect_refusal(LINUX ": weight is 1001, not 1 to 1000");
    set_bytes(LINUX, "weight", NULL, 0);
    expect_refusal(LINUX ": weight is not a 32-bit number");
    set_u32(LINUX, "weight", 1);
    set_u32(LINUX, "cap", 51201);
    expect_refusal(LINUX ": cap is 51201, not 0 to 51200");
    set_u32(LINUX, "cap", 1);
    set_u32(LINUX, "autostart", 2);
    expect_refusal(LINUX ": autostart is 2, not 0 to 1");
    set_u64(LINUX, "autostart", 1);
    expect_refusal(LINUX ": autostart is not a 32-bit number");
}

static void texts_are_texts(void **state)
{
    char text[VM_BOOTARGS_MAX + 2] = {0};

    (void)state;
    set_bytes(LINUX, "bootargs", "no end", 6);
    expect_refusal(LINUX ": bootargs is not a string");
    set_bytes(LINUX, "bootargs", "two\0of them", 12);
    expect_refusal(LINUX ": bootargs is not a string");
    set_bytes(LINUX, "bootargs", NULL, 0);
    expect_refusal(LINUX ": bootargs is not a string");
    memset(text, 'a', VM_BOOTARGS_MAX + 1);
    set_bytes(LINUX, "bootargs", text, VM_BOOTARGS_MAX + 2);
    expect_refusal(LINUX ": bootargs are longer than 4095 characters");
    set_bytes(LINUX, "bootargs", text + 1, VM_BOOTARGS_MAX + 1);
    expect_good();
    set_string(LINUX, "bootargs", "");
    set_string(LINUX, "restart", "sometimes");
    expect_refusal(LINUX ": restart is \"sometimes\", not \"never\", \"on-crash\" or \"always\"");
    set_u32(LINUX, "restart", 1);
    expect_refusal(LINUX ": restart is not a string");
    set_string(LINUX, "restart", "always");
    expect_good();
    assert_int_equal(config.restart, VM_RESTART_ALWAYS);
    set_u32(LINUX, "format", 1);
    expect_refusal(LINUX ": format is not a string");
    set_string(LINUX, "format", "elf");
    expect_refusal(LINUX ": format is \"elf\", not \"auto\" or \"raw\"");
    remove_property(LINUX, "format");
    set_u32(LINUX, "kernel", 7);
    expect_refusal(LINUX ": kernel is not a string");
    set_string(LINUX, "affinity", "2-1");
    expect_refusal(LINUX ": affinity is \"2-1\", not harts such as \"0-2,5\"");
}

static void too_many_vms_are_refused(void **state)
{
    size_t size = 64 << 10;
    void *tree = malloc(size);

    (void)state;
    assert_int_equal(fdt_create(tree, size), 0);
    assert_int_equal(fdt_finish_reservemap(tree), 0);
    fdt_begin_node(tree, "");
    fdt_begin_node(tree, "images");
    fdt_end_node(tree);
    fdt_begin_node(tree, "configurations");
    for (int i = 0; i < BUNDLE_CONFIGS_MAX + 1; i++) {
        assert_int_equal(fdt_begin_node(tree, "a"), 0);
        assert_int_equal(fdt_end_node(tree), 0);
    }
    fdt_end_node(tree);
    fdt_end_node(tree);
    assert_int_equal(fdt_finish(tree), 0);
    assert_int_equal(bundle_open(&bundle, tree, size, &refusal), ERR_INVALID);
    assert_string_equal(refusal.text, "/configurations: holds 4097 VMs, more than 4096");
    free(tree);
}

/* Damage. */

static bool is_one_of_ours(const void *data, size_t size)
{
    return (size == sizeof(linux_kernel) && memcmp(data, linux_kernel, size) == 0) ||
           (size == sizeof(ramdisk) && memcmp(data, ramdisk, size) == 0) ||
           (size == sizeof(tiny_kernel) && memcmp(data, tiny_kernel, size) == 0);
}

/* Reads everything; what is accepted must be what the hashes were made of. */
static unsigned read_damaged(void)
{
    unsigned accepted = 0;

    if (bundle_open(&bundle, blob, blob_size, &refusal))
        return 0;
    for (unsigned i = 0; i < bundle_count(&bundle); i++) {
        if (bundle_config(&bundle, i, &config, &refusal)) {
            assert_memory_equal(refusal.text, "/configurations/", 16);
            continue;
        }
        accepted++;
        assert_true(is_one_of_ours(config.kernel, config.kernel_size));
        assert_true(!config.ramdisk || is_one_of_ours(config.ramdisk, config.ramdisk_size));
        assert_in_range(strlen(config.name), 1, VM_NAME_MAX);
        assert_true(config.memory % PAGE_SIZE == 0 && config.memory >= BUNDLE_MEMORY_MIN);
        assert_in_range(config.vcpus, 1, BUNDLE_VCPUS_MAX);
        assert_in_range(config.weight, 1, 1000);
        assert_true(strlen(config.bootargs) < blob_size);
    }
    return accepted;
}

static void no_single_byte_deceives(void **state)
{
    (void)state;
    add_sha256("/images/linux-ramdisk", "hash-2", ramdisk, sizeof(ramdisk));
    pack(NULL, 0);
    for (size_t i = 0; i < blob_size; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            blob[i] ^= 1 << bit;
            read_damaged();
            blob[i] ^= 1 << bit;
        }
    }
    assert_int_equal(read_damaged(), 2);
}

static void random_damage_deceives_nobody(void **state)
{
    uint8_t *good;
    unsigned accepted = 0;

    (void)state;
    random_state = 20260301;
    pack(NULL, 0);
    good = malloc(blob_size);
    memcpy(good, blob, blob_size);
    for (unsigned run = 0; run < 20000; run++) {
        for (unsigned count = 1 + random_below(4); count > 0; count--)
            blob[random_below(blob_size)] = random_below(256);
        accepted += read_damaged();
        memcpy(blob, good, blob_size);
    }
    free(good);
    /* Both fates occur, so the runs prove something. */
    assert_in_range(accepted, 1000, 39000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUNDLE_TEST(both_vms_are_read),
        BUNDLE_TEST(what_is_not_said_has_a_default),
        BUNDLE_TEST(what_is_said_counts),
        BUNDLE_TEST(two_vms_may_share_a_kernel),
        BUNDLE_TEST(names_are_checked),
        BUNDLE_TEST(a_nameless_vm_is_refused),
        BUNDLE_TEST(names_stay_printable),
        BUNDLE_TEST(a_name_is_given_once),
        BUNDLE_TEST(unknown_properties_are_refused),
        BUNDLE_TEST(needed_properties_are_missed),
        BUNDLE_TEST(memory_has_bounds),
        BUNDLE_TEST(numbers_have_bounds),
        BUNDLE_TEST(texts_are_texts),
        cmocka_unit_test(too_many_vms_are_refused),
        BUNDLE_TEST(no_single_byte_deceives),
        BUNDLE_TEST(random_damage_deceives_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
