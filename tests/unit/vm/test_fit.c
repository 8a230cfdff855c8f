/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is no bundle at all.
 */
#include "good_bundle.h"

static void expect_no_bundle(const char *text)
{
    pack(NULL, 0);
    assert_true(bundle_open(&bundle, blob, blob_size, &refusal) < 0);
    assert_string_equal(refusal.text, text);
}

static void the_blob_must_be_aligned(void **state)
{
    (void)state;
    pack(NULL, 0);
    assert_int_equal(bundle_open(&bundle, blob + 4, blob_size - 4, &refusal), ERR_INVALID);
    assert_string_equal(refusal.text, "bundle: is not at a multiple of 8 bytes");
}

static void other_files_are_no_bundle(void **state)
{
    (void)state;
    pack(NULL, 0);
    blob[0] = 0;
    assert_int_equal(bundle_open(&bundle, blob, blob_size, &refusal), ERR_CORRUPT);
    assert_string_equal(refusal.text, "bundle: is no FIT image (FDT_ERR_BADMAGIC)");
}

static void old_trees_are_refused(void **state)
{
    (void)state;
    pack(NULL, 0);
    fdt_set_version(blob, 16);
    assert_int_equal(bundle_open(&bundle, blob, blob_size, &refusal), ERR_INVALID);
    assert_string_equal(refusal.text, "bundle: tree version 16 is too old");
}

static void both_folders_must_be_there(void **state)
{
    (void)state;
    assert_int_equal(fdt_set_name(work, node_at("/images"), "images@1"), 0);
    expect_no_bundle("/images: is missing");
    assert_int_equal(fdt_set_name(work, node_at("/images@1"), "images"), 0);
    assert_int_equal(fdt_del_node(work, node_at("/configurations")), 0);
    expect_no_bundle("/configurations: is missing");
    add_node("/", "configurations");
    expect_no_bundle("/configurations: is empty");
}

static void every_truncation_is_noticed(void **state)
{
    char text[64];

    (void)state;
    pack(NULL, 0);
    for (size_t size = 0; size < fdt_totalsize(blob); size++) {
        uint8_t *part = malloc(size ? size : 1);

        memcpy(part, blob, size);
        assert_int_equal(bundle_open(&bundle, part, size, &refusal), ERR_CORRUPT);
        snprintf(text, sizeof(text), "bundle: is truncated (%zu bytes)", size);
        assert_string_equal(refusal.text, text);
        free(part);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUNDLE_TEST(the_blob_must_be_aligned),    BUNDLE_TEST(other_files_are_no_bundle),
        BUNDLE_TEST(old_trees_are_refused),       BUNDLE_TEST(both_folders_must_be_there),
        BUNDLE_TEST(every_truncation_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
