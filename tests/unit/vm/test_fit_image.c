/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files in a bundle: where their data may stand, and what a hash must prove.
 */
#include "good_bundle.h"

static void every_kind_of_hash_is_checked(void **state)
{
    (void)state;
    add_sha256("/images/linux-kernel", "hash-2", linux_kernel, sizeof(linux_kernel));
    add_sha256("/images/linux-kernel", "hash", linux_kernel, sizeof(linux_kernel));
    add_crc32("/images/linux-kernel", "hash@3", linux_kernel, sizeof(linux_kernel));
    expect_good();
    set_bytes("/images/linux-kernel/hash-2", "value", "0123456789abcdef0123456789abcdef", 32);
    expect_refusal(LINUX ": kernel \"linux-kernel\": sha256 does not match");
}

static void data_may_stand_behind_the_tree(void **state)
{
    static const char behind[] = "....this stands for a kernel of some size";
    uint32_t tree_size;

    (void)state;
    remove_property("/images/linux-kernel", "data");
    set_u32("/images/linux-kernel", "data-size", sizeof(linux_kernel));
    set_u32("/images/linux-kernel", "data-offset", 4);
    pack(behind, sizeof(behind));
    assert_int_equal(bundle_open(&bundle, blob, blob_size, &refusal), 0);
    assert_int_equal(bundle_config(&bundle, 0, &config, &refusal), 0);
    assert_ptr_equal(config.kernel, blob + blob_size - sizeof(linux_kernel));

    remove_property("/images/linux-kernel", "data-offset");
    set_u32("/images/linux-kernel", "data-position", 0);
    pack(NULL, 0);
    tree_size = blob_size;
    set_u32("/images/linux-kernel", "data-position", tree_size + 4);
    pack(behind, sizeof(behind));
    assert_int_equal(bundle_open(&bundle, blob, blob_size, &refusal), 0);
    assert_int_equal(bundle_config(&bundle, 0, &config, &refusal), 0);
    assert_ptr_equal(config.kernel, blob + blob_size - sizeof(linux_kernel));
    blob[blob_size - 2] ^= 1;
    assert_int_equal(bundle_config(&bundle, 0, &config, &refusal), ERR_CORRUPT);
}

static void images_must_be_there(void **state)
{
    (void)state;
    set_string(LINUX, "ramdisk", "ramdisk");
    expect_refusal(LINUX ": ramdisk \"ramdisk\": is not in /images");
    set_string(LINUX, "kernel", "linux");
    expect_refusal(LINUX ": kernel \"linux\": is not in /images");
    set_string(LINUX, "kernel", "linux-kernel/hash-1");
    expect_refusal(LINUX ": kernel \"linux-kernel/hash-1\": is not in /images");
    set_string(LINUX, "kernel", "");
    expect_refusal(LINUX ": kernel \"\": is not in /images");
}

static void labels_must_fit(void **state)
{
    (void)state;
    set_string(LINUX, "ramdisk", "tiny-kernel");
    expect_refusal(LINUX ": ramdisk \"tiny-kernel\": type is \"kernel\", not \"ramdisk\"");
    set_string("/images/linux-kernel", "compression", "gzip");
    expect_refusal(LINUX ": kernel \"linux-kernel\": compression is \"gzip\", not \"none\"");
    set_string("/images/linux-kernel", "arch", "arm64");
    expect_refusal(LINUX ": kernel \"linux-kernel\": arch is \"arm64\", not \"riscv\"");
    set_u32("/images/linux-kernel", "type", 1);
    expect_refusal(LINUX ": kernel \"linux-kernel\": type is not a string");
}

static void labels_may_be_absent(void **state)
{
    (void)state;
    remove_property("/images/linux-kernel", "type");
    remove_property("/images/linux-kernel", "arch");
    remove_property("/images/linux-kernel", "compression");
    expect_good();
}

static void an_image_has_data(void **state)
{
    (void)state;
    set_bytes("/images/linux-kernel", "data", NULL, 0);
    expect_refusal(LINUX ": kernel \"linux-kernel\": is empty");
    remove_property("/images/linux-kernel", "data");
    expect_refusal(LINUX ": kernel \"linux-kernel\": data is missing");
    set_u32("/images/linux-kernel", "data-offset", 0);
    expect_refusal(LINUX ": kernel \"linux-kernel\": data is missing");
    set_u32("/images/linux-kernel", "data-size", 0);
    expect_refusal(LINUX ": kernel \"linux-kernel\": is empty");
    set_u32("/images/linux-kernel", "data-size", 1);
    expect_refusal(LINUX ": kernel \"linux-kernel\": data passes the end of the bundle");
    set_u32("/images/linux-kernel", "data-size", UINT32_MAX);
    set_u32("/images/linux-kernel", "data-offset", UINT32_MAX);
    expect_refusal(LINUX ": kernel \"linux-kernel\": data passes the end of the bundle");
    set_u32("/images/linux-kernel", "data-position", UINT32_MAX);
    expect_refusal(LINUX ": kernel \"linux-kernel\": data passes the end of the bundle");
    set_u64("/images/linux-kernel", "data-position", 0);
    expect_refusal(LINUX ": kernel \"linux-kernel\": data-position is not a 32-bit number");
}

static void hashes_must_prove_the_data(void **state)
{
    const char *node = "/images/linux-kernel/hash-1";

    (void)state;
    set_u32(node, "value", 0x12345678);
    expect_refusal(LINUX ": kernel \"linux-kernel\": crc32 does not match");
    set_u64(node, "value", 0);
    expect_refusal(LINUX ": kernel \"linux-kernel\": crc32 has no value of 4 bytes");
    remove_property(node, "value");
    expect_refusal(LINUX ": kernel \"linux-kernel\": crc32 has no value of 4 bytes");
    set_string(node, "algo", "sha256");
    expect_refusal(LINUX ": kernel \"linux-kernel\": sha256 has no value of 32 bytes");
    set_string(node, "algo", "md5");
    expect_refusal(LINUX ": kernel \"linux-kernel\": hash algorithm \"md5\" is unknown");
    set_u32(node, "algo", 5);
    expect_refusal(LINUX ": kernel \"linux-kernel\": algo is not a string");
    remove_property(node, "algo");
    expect_refusal(LINUX ": kernel \"linux-kernel\": hash algorithm \"\" is unknown");
    assert_int_equal(fdt_set_name(work, node_at(node), "hashes"), 0);
    expect_refusal(LINUX ": kernel \"linux-kernel\": node \"hashes\" is unknown");
    assert_int_equal(fdt_del_node(work, node_at("/images/linux-kernel/hashes")), 0);
    expect_refusal(LINUX ": kernel \"linux-kernel\": has no hash");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUNDLE_TEST(every_kind_of_hash_is_checked), BUNDLE_TEST(data_may_stand_behind_the_tree),
        BUNDLE_TEST(images_must_be_there),          BUNDLE_TEST(labels_must_fit),
        BUNDLE_TEST(labels_may_be_absent),          BUNDLE_TEST(an_image_has_data),
        BUNDLE_TEST(hashes_must_prove_the_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
