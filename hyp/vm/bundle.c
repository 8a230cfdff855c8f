/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the configurations of a bundle mean. Each is read by itself, cheap checks first, its
 * images' hashes last. Before this file come fit.c and fit_image.c; after it loader.c, which
 * knows kernels.
 */
#include "vm/bundle.h"

#include "lib/assert.h"
#include "lib/err.h"
#include "lib/ranges.h"
#include "lib/string.h"
#include "vm/fit_image.h"

#include <libfdt.h>

struct property_rule {
    const char *name;
    bool is_required;
};

static const struct property_rule property_rules[] = {
    {"kernel", true},       {"memory", true},    {"vcpus", true},      {"ramdisk", false},
    {"weight", false},      {"cap", false},      {"autostart", false}, {"format", false},
    {"restart", false},     {"affinity", false}, {"load", false},      {"entry", false},
    {"description", false}, {"bootargs", false},
};

int bundle_open(struct bundle *bundle, const void *data, uint64_t size, struct refusal *refusal)
{
    const struct fit *fit = &bundle->fit;
    int err = fit_open(&bundle->fit, data, size, refusal);

    if (err)
        return err;
    bundle->count = 0;
    for (int node = fdt_first_subnode(fit->blob, fit->configurations); node >= 0;
         node = fdt_next_subnode(fit->blob, node))
        bundle->count++;
    if (bundle->count == 0)
        return refusal_set(refusal, ERR_INVALID, "/configurations: is empty");
    /* Finding a VM by its number is a walk: all of them would take forever. */
    if (bundle->count > BUNDLE_CONFIGS_MAX)
        return refusal_set(refusal, ERR_INVALID, "/configurations: holds %u VMs, more than %u",
                           bundle->count, BUNDLE_CONFIGS_MAX);
    return 0;
}

unsigned bundle_count(const struct bundle *bundle)
{
    return bundle->count;
}

static bool is_name_character(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr(",._+-", c));
}

int bundle_name_check(const char *name, struct refusal *refusal)
{
    size_t length = strlen(name);

    if (length < 1 || length > VM_NAME_MAX)
        return refusal_set(refusal, ERR_INVALID, "name has %lu characters, not 1 to %d", length,
                           VM_NAME_MAX);
    for (size_t i = 0; i < length; i++) {
        if (!is_name_character(name[i]))
            return refusal_set(refusal, ERR_INVALID, "name has the character '%c'", name[i]);
    }
    return 0;
}

static int name_check(const struct fit *fit, int node, const char *name, struct refusal *refusal)
{
    int err = bundle_name_check(name, refusal);

    if (err)
        return err;
    if (fit_find(fit, fit->configurations, name) != node)
        return refusal_set(refusal, ERR_EXISTS, "name is taken by an earlier node");
    return 0;
}

static bool is_known(const char *property)
{
    for (unsigned i = 0; i < ARRAY_SIZE(property_rules); i++) {
        if (strcmp(property_rules[i].name, property) == 0)
            return true;
    }
    return false;
}

/* A misspelt property would else be silently without effect. */
static int properties_check(const struct fit *fit, int node, struct refusal *refusal)
{
    const char *name;

    for (int property = fdt_first_property_offset(fit->blob, node); property >= 0;
         property = fdt_next_property_offset(fit->blob, property)) {
        fdt_getprop_by_offset(fit->blob, property, &name, NULL);
        if (!is_known(name))
            return refusal_set(refusal, ERR_INVALID, "property \"%.32s\" is unknown", name);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(property_rules); i++) {
        name = property_rules[i].name;
        if (property_rules[i].is_required && !fdt_getprop(fit->blob, node, name, NULL))
            return refusal_set(refusal, ERR_INVALID, "%s is missing", name);
    }
    if (fdt_first_subnode(fit->blob, node) >= 0)
        return refusal_set(refusal, ERR_INVALID, "has child nodes");
    return 0;
}

static int memory_check(uint64_t memory, struct refusal *refusal)
{
    if (!is_aligned(memory, PAGE_SIZE))
        return refusal_set(refusal, ERR_INVALID, "memory (%lu bytes) is not a multiple of %lu",
                           memory, PAGE_SIZE);
    if (memory < BUNDLE_MEMORY_MIN)
        return refusal_set(refusal, ERR_RANGE, "memory (%lu bytes) is less than %lu", memory,
                           BUNDLE_MEMORY_MIN);
    if (memory > BIT(GSTAGE_GPA_BITS) - BOARD_RAM_BASE)
        return refusal_set(refusal, ERR_RANGE, "memory (%lu bytes) passes the %d-bit address space",
                           memory, GSTAGE_GPA_BITS);
    return 0;
}

static int range_check(const char *name, uint32_t value, uint32_t low, uint32_t high,
                       struct refusal *refusal)
{
    if (value < low || value > high)
        return refusal_set(refusal, ERR_RANGE, "%s is %u, not %u to %u", name, value, low, high);
    return 0;
}

static int numbers_read(const struct fit *fit, int node, struct vm_config *config,
                        struct refusal *refusal)
{
    uint32_t autostart = 1;

    config->weight = 100;
    config->cap = 0;
    if (fit_get_u64(fit, node, "memory", &config->memory, refusal) ||
        fit_get_u32(fit, node, "vcpus", &config->vcpus, refusal) ||
        fit_get_u32(fit, node, "weight", &config->weight, refusal) ||
        fit_get_u32(fit, node, "cap", &config->cap, refusal) ||
        fit_get_u32(fit, node, "autostart", &autostart, refusal))
        return ERR_INVALID;
    if (memory_check(config->memory, refusal) ||
        range_check("vcpus", config->vcpus, 1, BUNDLE_VCPUS_MAX, refusal) ||
        range_check("weight", config->weight, 1, 1000, refusal) ||
        range_check("cap", config->cap, 0, BUNDLE_CAP_MAX, refusal) ||
        range_check("autostart", autostart, 0, 1, refusal))
        return ERR_RANGE;
    config->autostart = autostart;
    return 0;
}

static int texts_read(const struct fit *fit, int node, struct vm_config *config,
                      struct refusal *refusal)
{
    const char *format = "auto", *affinity = NULL;

    config->bootargs = "";
    if (fit_get_string(fit, node, "bootargs", &config->bootargs, refusal) ||
        fit_get_string(fit, node, "affinity", &affinity, refusal) ||
        fit_get_string(fit, node, "format", &format, refusal))
        return ERR_INVALID;
    config->affinity = VM_AFFINITY_ANY;
    if (affinity && !ranges_parse(affinity, &config->affinity))
        return refusal_set(refusal, ERR_INVALID,
                           "affinity is \"%.24s\", not harts such as \"0-2,5\"", affinity);
    if (strnlen(config->bootargs, VM_BOOTARGS_MAX + 1) > VM_BOOTARGS_MAX)
        return refusal_set(refusal, ERR_RANGE, "bootargs are longer than %u characters",
                           VM_BOOTARGS_MAX);
    config->kernel_is_raw = strcmp(format, "raw") == 0;
    if (!config->kernel_is_raw && strcmp(format, "auto") != 0)
        return refusal_set(refusal, ERR_INVALID, "format is \"%.24s\", not \"auto\" or \"raw\"",
                           format);
    return 0;
}

static int restart_read(const struct fit *fit, int node, struct vm_config *config,
                        struct refusal *refusal)
{
    static const char *const words[] = {
        [VM_RESTART_NEVER] = "never",
        [VM_RESTART_ON_CRASH] = "on-crash",
        [VM_RESTART_ALWAYS] = "always",
    };
    const char *word = words[VM_RESTART_NEVER];

    if (fit_get_string(fit, node, "restart", &word, refusal))
        return ERR_INVALID;
    for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
        if (strcmp(word, words[i]) == 0) {
            config->restart = (enum vm_restart)i;
            return 0;
        }
    }
    return refusal_set(refusal, ERR_INVALID,
                       "restart is \"%.24s\", not \"never\", \"on-crash\" or \"always\"", word);
}

/* The image that the property `kind` names; the file's type is called the same. */
static int image_read(const struct fit *fit, int node, const char *kind, const uint8_t **data,
                      uint64_t *size, struct refusal *refusal)
{
    const char *name = NULL;
    struct fit_image image;
    int err = fit_get_string(fit, node, kind, &name, refusal);

    if (err || !name)
        return err;
    err = fit_image_get(fit, name, kind, &image, refusal);
    if (err) {
        refusal_prepend(refusal, "%s \"%.48s\": ", kind, name);
        return err;
    }
    *data = image.data;
    *size = image.size;
    return 0;
}

static int config_read(const struct fit *fit, int node, struct vm_config *config,
                       struct refusal *refusal)
{
    int err = name_check(fit, node, config->name, refusal);

    if (!err)
        err = properties_check(fit, node, refusal);
    if (!err)
        err = numbers_read(fit, node, config, refusal);
    if (!err)
        err = texts_read(fit, node, config, refusal);
    if (!err)
        err = restart_read(fit, node, config, refusal);
    if (!err)
        err = image_read(fit, node, "kernel", &config->kernel, &config->kernel_size, refusal);
    if (!err)
        err = image_read(fit, node, "ramdisk", &config->ramdisk, &config->ramdisk_size, refusal);
    return err;
}

static int node_read(const struct fit *fit, int node, struct vm_config *config,
                     struct refusal *refusal)
{
    int err;

    *config = (struct vm_config){.name = fdt_get_name(fit->blob, node, NULL)};
    err = config_read(fit, node, config, refusal);
    if (err)
        refusal_prepend(refusal, "/configurations/%.40s: ", config->name);
    return err;
}

static int node_at(const struct bundle *bundle, unsigned index)
{
    const struct fit *fit = &bundle->fit;
    int node = fdt_first_subnode(fit->blob, fit->configurations);

    assert(index < bundle->count);
    while (index-- > 0)
        node = fdt_next_subnode(fit->blob, node);
    return node;
}

int bundle_config(const struct bundle *bundle, unsigned index, struct vm_config *config,
                  struct refusal *refusal)
{
    return node_read(&bundle->fit, node_at(bundle, index), config, refusal);
}

const char *bundle_name(const struct bundle *bundle, unsigned index)
{
    return fdt_get_name(bundle->fit.blob, node_at(bundle, index), NULL);
}

int bundle_find(const struct bundle *bundle, const char *name, struct vm_config *config,
                struct refusal *refusal)
{
    const struct fit *fit = &bundle->fit;
    int node = bundle->count ? fit_find(fit, fit->configurations, name) : ERR_NOT_FOUND;

    if (node < 0)
        return refusal_set(refusal, ERR_NOT_FOUND, "the bundle has no VM %.40s", name);
    return node_read(fit, node, config, refusal);
}
