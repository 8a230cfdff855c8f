/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CSRs' tables: their fields are those of riscv/csr.h, in order and without overlap; names and
 * numbers lead to them.
 */
#include "explain/explain.h"

#include "riscv/csr.h"
#include "riscv/csr_num.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct explain_field *field_of(const char *csr, const char *name)
{
    uint16_t number;
    const struct explain_csr *found = explain_csr_named(csr, &number);

    assert_non_null(found);
    for (unsigned i = 0; i < found->field_count; i++) {
        if (strcmp(found->fields[i].name, name) == 0)
            return &found->fields[i];
    }
    fail_msg("%s has no field %s", csr, name);
    return NULL;
}

static const struct mask_row {
    const char *csr, *field;
    uint64_t mask;
} masks[] = {
    {"hstatus", "VSXL", HSTATUS_VSXL},
    {"hstatus", "VTSR", HSTATUS_VTSR},
    {"hstatus", "VTW", HSTATUS_VTW},
    {"hstatus", "VTVM", HSTATUS_VTVM},
    {"hstatus", "VGEIN", HSTATUS_VGEIN},
    {"hstatus", "HU", HSTATUS_HU},
    {"hstatus", "SPVP", HSTATUS_SPVP},
    {"hstatus", "SPV", HSTATUS_SPV},
    {"hstatus", "GVA", HSTATUS_GVA},
    {"hstatus", "VSBE", HSTATUS_VSBE},
    {"sstatus", "SD", SSTATUS_SD},
    {"vsstatus", "UXL", SSTATUS_UXL},
    {"vsstatus", "MXR", SSTATUS_MXR},
    {"vsstatus", "SUM", SSTATUS_SUM},
    {"sstatus", "XS", SSTATUS_XS},
    {"sstatus", "FS", SSTATUS_FS},
    {"sstatus", "VS", SSTATUS_VS},
    {"sstatus", "SPP", SSTATUS_SPP},
    {"sstatus", "UBE", SSTATUS_UBE},
    {"sstatus", "SPIE", SSTATUS_SPIE},
    {"sstatus", "SIE", SSTATUS_SIE},
    {"stvec", "BASE", STVEC_BASE},
    {"vstvec", "MODE", STVEC_MODE},
    {"sip", "SSIP", SIP_SSIP},
    {"sip", "STIP", SIP_STIP},
    {"sip", "SEIP", SIP_SEIP},
    {"hvip", "VSSIP", HVIP_VSSIP},
    {"hvip", "VSTIP", HVIP_VSTIP},
    {"hvip", "VSEIP", HVIP_VSEIP},
    {"henvcfg", "STCE", HENVCFG_STCE},
    {"henvcfg", "PBMTE", HENVCFG_PBMTE},
    {"henvcfg", "ADUE", HENVCFG_ADUE},
    {"henvcfg", "CBZE", HENVCFG_CBZE},
    {"henvcfg", "CBCFE", HENVCFG_CBCFE},
    {"henvcfg", "CBIE", HENVCFG_CBIE},
    {"henvcfg", "FIOM", HENVCFG_FIOM},
    {"hcounteren", "IR", HCOUNTEREN_IR},
    {"hcounteren", "TM", HCOUNTEREN_TM},
    {"hcounteren", "CY", HCOUNTEREN_CY},
    {"hstateen0", "SE0", HSTATEEN0_SE0},
    {"hstateen0", "AIA", HSTATEEN0_AIA},
    {"hstateen0", "ENVCFG", HSTATEEN0_ENVCFG},
    {"hstateen0", "IMSIC", HSTATEEN0_IMSIC},
    {"hstateen0", "CSRIND", HSTATEEN0_CSRIND},
    {"hgatp", "MODE", HGATP_MODE},
    {"hgatp", "VMID", HGATP_VMID},
    {"hgatp", "PPN", HGATP_PPN},
    {"vsatp", "MODE", SATP_MODE},
    {"satp", "ASID", SATP_ASID},
    {"satp", "PPN", SATP_PPN},
};

static void fields_are_those_of_the_manual(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(masks); i++) {
        const struct explain_field *field = field_of(masks[i].csr, masks[i].field);

        assert_int_equal(BITS(field->high, field->low), masks[i].mask);
    }
}

static void fields_stand_in_order(void **state)
{
    const struct explain_csr *csr;
    char text[EXPLAIN_FIELD_TEXT_MAX];

    (void)state;
    for (size_t i = 0; (csr = explain_csr_at(i)); i++) {
        unsigned below = 64;

        for (unsigned n = 0; n < csr->field_count; n++) {
            const struct explain_field *field = &csr->fields[n];

            assert_true(field->high < below && field->low <= field->high);
            below = field->low;
            assert_true(strlen(field->words) > 0);
            for (unsigned v = 0; v < field->value_count; v++) {
                uint64_t word = field_set(BITS(field->high, field->low), 0, field->values[v].value);

                assert_int_equal(explain_field_get(field, word), field->values[v].value);
                explain_field_text(field, field->values[v].value, text);
                assert_string_equal(text, field->values[v].words);
            }
        }
    }
}

static void a_bit_that_is_off_says_so(void **state)
{
    char text[EXPLAIN_FIELD_TEXT_MAX];

    (void)state;
    explain_field_text(field_of("hstatus", "HU"), 0, text);
    assert_string_equal(text, "no: HLV, HLVX and HSV are allowed in U-mode");
    explain_field_text(field_of("hstatus", "HU"), 1, text);
    assert_string_equal(text, "HLV, HLVX and HSV are allowed in U-mode");
    explain_field_text(field_of("hgatp", "VMID"), 0, text);
    assert_string_equal(text, "names the guest, for fences");
}

static void names_and_numbers_lead_to_one(void **state)
{
    const struct explain_csr *csr;
    uint16_t number;

    (void)state;
    for (size_t i = 0; (csr = explain_csr_at(i)); i++) {
        assert_ptr_equal(explain_csr_find(csr->number), csr);
        assert_ptr_equal(explain_csr_named(csr->name, &number), csr);
        assert_int_equal(number, csr->number);
        assert_true(strlen(csr->words) > 0 && strncmp(csr->source, "Priv ", 5) == 0);
    }
    assert_null(explain_csr_named("hpmcounter2", &number));
    assert_null(explain_csr_named("hpmcounter32", &number));
    assert_null(explain_csr_named("", &number));
    assert_null(explain_csr_find(0xfff));
    assert_null(explain_csr_find(UINT64_MAX));
}

static void counters_that_are_alike_have_their_own_names(void **state)
{
    char name[EXPLAIN_CSR_NAME_MAX];
    uint16_t number;

    (void)state;
    assert_non_null(explain_csr_named("hpmcounter17", &number));
    assert_int_equal(number, CSR_NUM_HPMCOUNTER3 + 14);
    explain_csr_name(explain_csr_find(CSR_NUM_HPMCOUNTER31), CSR_NUM_HPMCOUNTER31, name);
    assert_string_equal(name, "hpmcounter31");
    explain_csr_name(explain_csr_find(CSR_NUM_TIME), CSR_NUM_TIME, name);
    assert_string_equal(name, "time");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_those_of_the_manual),
        cmocka_unit_test(fields_stand_in_order),
        cmocka_unit_test(a_bit_that_is_off_says_so),
        cmocka_unit_test(names_and_numbers_lead_to_one),
        cmocka_unit_test(counters_that_are_alike_have_their_own_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
