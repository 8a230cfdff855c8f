/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt controller's logic: gateways, the choice among sources, thresholds, claim and
 * completion, told by small scenes and by a long random run against a plain model.
 */
#include "dev/vplic.h"
#include "lib/bits.h"
#include "lib/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CONTEXTS 6

static struct vplic vplic;
static struct vplic_context contexts[CONTEXTS];
static bool outputs[CONTEXTS]; /* as last told */
static int told;               /* how often any output was told */

static void on_output(void *target, unsigned number, bool level)
{
    assert_ptr_equal(target, outputs);
    assert_true(number < CONTEXTS);
    outputs[number] = level;
    told++;
}

static int start(void **state)
{
    struct irq_line out = {.set = on_output, .target = outputs, .number = 99};

    (void)state;
    memset(outputs, 0, sizeof(outputs));
    memset(contexts, 0xff, sizeof(contexts));
    vplic_init(&vplic, 0x0c000000, contexts, CONTEXTS, out);
    told = 0;
    return 0;
}

static void enable(uint32_t context, unsigned source, bool on)
{
    uint64_t map = vplic.contexts[context].enable[source / 64];

    map = on ? map | BIT(source % 64) : map & ~BIT(source % 64);
    vplic_set_enable(&vplic, context, source / 64, map);
}

/* Priority 1, enabled in one context: what a guest does before it can get an interrupt. */
static void set_up(uint32_t context, unsigned source, uint32_t priority)
{
    vplic_set_priority(&vplic, source, priority);
    enable(context, source, true);
}

static bool is_pending(unsigned source)
{
    return bitmap_get(vplic.pending, source);
}

static void a_wire_reaches_the_vcpu(void **state)
{
    struct irq_line wire = vplic_line(&vplic, 10);

    (void)state;
    set_up(1, 10, 1);
    irq_line_set(&wire, true);
    assert_true(outputs[1]);
    assert_int_equal(told, 1);
    assert_int_equal(vplic_claim(&vplic, 1), 10);
    assert_false(outputs[1]);
    irq_line_set(&wire, false);
    vplic_complete(&vplic, 1, 10);
    assert_false(outputs[1]);
    assert_int_equal(told, 2);
    assert_int_equal(vplic_claim(&vplic, 1), 0);
}

static void a_wire_that_stays_high_interrupts_again_after_completion(void **state)
{
    (void)state;
    set_up(1, 10, 1);
    vplic_set_level(&vplic, 10, true);
    for (int i = 0; i < 3; i++) {
        assert_true(outputs[1]);
        assert_int_equal(vplic_claim(&vplic, 1), 10);
        assert_false(outputs[1]);
        assert_int_equal(vplic_claim(&vplic, 1), 0); /* the gateway is closed */
        vplic_complete(&vplic, 1, 10);
    }
    assert_true(is_pending(10));
}

static void pulses_while_in_service_are_not_counted(void **state)
{
    (void)state;
    set_up(1, 10, 1);
    vplic_set_level(&vplic, 10, true);
    vplic_claim(&vplic, 1);
    for (int i = 0; i < 5; i++) {
        vplic_set_level(&vplic, 10, false);
        vplic_set_level(&vplic, 10, true);
    }
    vplic_set_level(&vplic, 10, false);
    assert_false(is_pending(10));
    vplic_complete(&vplic, 1, 10);
    assert_false(is_pending(10));
    assert_false(outputs[1]);
}

static void a_request_is_not_taken_back(void **state)
{
    (void)state;
    set_up(1, 10, 1);
    vplic_set_level(&vplic, 10, true);
    vplic_set_level(&vplic, 10, false);
    assert_true(outputs[1]);
    assert_int_equal(vplic_claim(&vplic, 1), 10);
    vplic_complete(&vplic, 1, 10);
    assert_int_equal(vplic_claim(&vplic, 1), 0);
}

static void claims_go_by_priority_then_by_number(void **state)
{
    static const unsigned order[] = {64, 95, 3, 63, 7};

    (void)state;
    set_up(1, 3, 2);
    set_up(1, 63, 2);
    set_up(1, 7, 1);
    set_up(1, 95, 7);
    set_up(1, 64, 7);
    set_up(1, 20, 0); /* never interrupts */
    for (unsigned source = 95; source > 0; source--)
        vplic_set_level(&vplic, source, true);
    for (int i = 0; i < 5; i++) {
        assert_true(outputs[1]);
        assert_int_equal(vplic_claim(&vplic, 1), order[i]);
    }
    assert_false(outputs[1]);
    assert_int_equal(vplic_claim(&vplic, 1), 0);
    assert_true(is_pending(20));
}

static void the_threshold_masks_the_output_but_not_the_claim(void **state)
{
    (void)state;
    set_up(1, 10, 3);
    vplic_set_threshold(&vplic, 1, 3);
    vplic_set_level(&vplic, 10, true);
    assert_false(outputs[1]);
    vplic_set_threshold(&vplic, 1, 2);
    assert_true(outputs[1]);
    vplic_set_threshold(&vplic, 1, 7);
    assert_false(outputs[1]);
    assert_int_equal(vplic_claim(&vplic, 1), 10);
}

static void priorities_and_enables_take_effect_at_once(void **state)
{
    (void)state;
    enable(1, 10, true);
    vplic_set_level(&vplic, 10, true);
    assert_false(outputs[1]);
    vplic_set_priority(&vplic, 10, 1);
    assert_true(outputs[1]);
    enable(1, 10, false);
    assert_false(outputs[1]);
    enable(1, 10, true);
    assert_true(outputs[1]);
    vplic_set_priority(&vplic, 10, 8); /* only the low three bits count */
    assert_false(outputs[1]);
    assert_int_equal(vplic.priority[10], 0);
}

static void every_enabled_context_is_told_and_one_gets_it(void **state)
{
    (void)state;
    set_up(1, 10, 1);
    set_up(3, 10, 1);
    set_up(4, 10, 1);
    vplic_set_level(&vplic, 10, true);
    assert_true(outputs[1] && outputs[3] && outputs[4]);
    assert_false(outputs[0] || outputs[2] || outputs[5]);
    assert_int_equal(vplic_claim(&vplic, 3), 10);
    assert_false(outputs[1] || outputs[3] || outputs[4]);
    assert_int_equal(vplic_claim(&vplic, 1), 0);
    enable(4, 10, false);
    vplic_complete(&vplic, 3, 10);
    assert_true(outputs[1] && outputs[3]);
    assert_false(outputs[4]);
}

static void completion_needs_an_enabled_source(void **state)
{
    (void)state;
    set_up(1, 10, 1);
    vplic_set_level(&vplic, 10, true);
    vplic_claim(&vplic, 1);
    vplic_complete(&vplic, 3, 10); /* not enabled there */
    assert_false(is_pending(10));
    enable(1, 10, false);
    vplic_complete(&vplic, 1, 10); /* no longer enabled */
    assert_false(is_pending(10));
    enable(1, 10, true);
    vplic_complete(&vplic, 1, 10);
    assert_true(is_pending(10));
}

/* PLIC 9 (Interrupt Completion) does not ask for the context that claimed. */
static void completion_may_come_from_another_context(void **state)
{
    (void)state;
    set_up(1, 10, 1);
    set_up(3, 10, 1);
    vplic_set_level(&vplic, 10, true);
    vplic_claim(&vplic, 1);
    vplic_complete(&vplic, 3, 10);
    assert_true(is_pending(10));
}

static void completion_of_what_is_not_claimed_is_ignored(void **state)
{
    (void)state;
    set_up(1, 10, 1);
    vplic_set_level(&vplic, 10, true);
    vplic_complete(&vplic, 1, 10);
    vplic_complete(&vplic, 1, 0);
    vplic_complete(&vplic, 1, 96);
    vplic_complete(&vplic, 1, 1024);
    vplic_complete(&vplic, 1, UINT32_MAX);
    assert_true(outputs[1]);
    assert_int_equal(told, 1);
    assert_int_equal(vplic_claim(&vplic, 1), 10);
}

/* After one of several is completed the output must still show the rest (hvisor #129). */
static void completion_leaves_the_others_shown(void **state)
{
    (void)state;
    for (unsigned source = 1; source <= 8; source++) {
        set_up(1, source, 1);
        vplic_set_level(&vplic, source, true);
    }
    for (unsigned source = 1; source <= 8; source++) {
        assert_true(outputs[1]);
        assert_int_equal(vplic_claim(&vplic, 1), source);
        vplic_set_level(&vplic, source, false);
        vplic_complete(&vplic, 1, source);
    }
    assert_false(outputs[1]);
}

static void a_storm_tells_only_changes(void **state)
{
    (void)state;
    set_up(1, 10, 1);
    for (int i = 0; i < 1000; i++) {
        vplic_set_level(&vplic, 10, true);
        vplic_set_level(&vplic, 10, false);
    }
    assert_int_equal(told, 1);
    for (int i = 0; i < 1000; i++)
        vplic_set_threshold(&vplic, 3, (uint32_t)i);
    assert_int_equal(told, 1);
}

static void sources_that_do_not_exist_cannot_be_enabled(void **state)
{
    (void)state;
    vplic_set_enable(&vplic, 1, 0, UINT64_MAX);
    vplic_set_enable(&vplic, 1, 1, UINT64_MAX);
    assert_int_equal(contexts[1].enable[0], UINT64_MAX - 1);
    assert_int_equal(contexts[1].enable[1], 0xffffffff);
    expect_assert_failure(vplic_set_level(&vplic, 0, true));
    expect_assert_failure(vplic_set_level(&vplic, 96, true));
}

static void without_an_output_it_still_works(void **state)
{
    struct irq_line none = {0};

    (void)state;
    vplic_init(&vplic, 0, contexts, CONTEXTS, none);
    set_up(1, 10, 1);
    vplic_set_level(&vplic, 10, true);
    assert_int_equal(vplic_claim(&vplic, 1), 10);
}

static void reset_lowers_everything(void **state)
{
    (void)state;
    set_up(1, 10, 1);
    set_up(3, 11, 1);
    vplic_set_level(&vplic, 10, true);
    vplic_set_level(&vplic, 11, true);
    vplic_claim(&vplic, 3);
    vplic.vdev.ops->reset(&vplic.vdev);
    for (int i = 0; i < CONTEXTS; i++)
        assert_false(outputs[i]);
    assert_int_equal(vplic.pending[0] | vplic.level[0] | vplic.in_service[0], 0);
    set_up(1, 10, 1);
    assert_false(outputs[1]); /* the wire counts as low until its device says otherwise */
    vplic_set_level(&vplic, 10, true);
    assert_true(outputs[1]);
}

/* The model: everything in plain arrays, everything worked out anew each time. */
static struct {
    bool level[96], pending[96], in_service[96];
    unsigned priority[96];
    bool enable[CONTEXTS][96];
    unsigned threshold[CONTEXTS];
} model;

static unsigned model_best(unsigned context)
{
    unsigned best = 0;

    for (unsigned priority = 7; priority > 0; priority--)
        for (unsigned source = 1; source < 96 && best == 0; source++)
            if (model.pending[source] && model.enable[context][source] &&
                model.priority[source] == priority)
                best = source;
    return best;
}

static void model_latch(unsigned source)
{
    if (model.level[source] && !model.in_service[source])
        model.pending[source] = true;
}

static void model_check(void)
{
    for (unsigned context = 0; context < CONTEXTS; context++)
        assert_int_equal(outputs[context],
                         model.priority[model_best(context)] > model.threshold[context]);
    for (unsigned source = 1; source < 96; source++) {
        unsigned count = 0;
        assert_int_equal(is_pending(source), model.pending[source]);
        for (unsigned context = 0; context < CONTEXTS; context++)
            count += model.enable[context][source];
        assert_int_equal(vplic.enabled_in[source], count);
    }
}

static void random_claim(unsigned context)
{
    unsigned source = model_best(context);

    assert_int_equal(vplic_claim(&vplic, context), source);
    model.pending[source] = false;
    model.in_service[source] = source > 0;
}

static void random_complete(unsigned context, unsigned source)
{
    vplic_complete(&vplic, context, source);
    if (model.enable[context][source]) {
        model.in_service[source] = false;
        model_latch(source);
    }
}

static void random_step(void)
{
    static const unsigned sources[] = {1, 2, 10, 31, 32, 33, 63, 64, 65, 95};
    unsigned source = sources[rand() % 10];
    unsigned context = (unsigned)rand() % CONTEXTS;
    unsigned value = (unsigned)rand() % 8;

    switch (rand() % 8) {
    case 0:
    case 1:
        model.level[source] = value & 1;
        model_latch(source);
        vplic_set_level(&vplic, source, value & 1);
        break;
    case 2:
        random_claim(context);
        break;
    case 3:
    case 4:
        random_complete(context, source);
        break;
    case 5:
        model.enable[context][source] = value != 0;
        enable(context, source, value != 0);
        break;
    case 6:
        model.priority[source] = value;
        vplic_set_priority(&vplic, source, value);
        break;
    default:
        model.threshold[context] = value % 4;
        vplic_set_threshold(&vplic, context, value % 4);
        break;
    }
}

static size_t save(uint8_t *buffer, size_t size)
{
    struct archive archive;

    archive_init_writer(&archive, buffer, size);
    vplic.vdev.ops->archive(&vplic.vdev, &archive);
    assert_int_equal(archive.error, 0);
    return archive.position;
}

static int load(const uint8_t *buffer, size_t size)
{
    struct archive archive;

    archive_init_reader(&archive, buffer, size);
    vplic.vdev.ops->archive(&vplic.vdev, &archive);
    return archive.error;
}

/* Now and then the state goes through an archive and a fresh device, which changes nothing. */
static void random_run_agrees_with_the_model(void **state)
{
    uint8_t buffer[2048];

    (void)state;
    memset(&model, 0, sizeof(model));
    srand(6);
    for (int i = 0; i < 60000; i++) {
        random_step();
        model_check();
        if (i % 1000 == 999) {
            size_t size = save(buffer, sizeof(buffer));
            start(NULL);
            memset(outputs, rand() % 2, sizeof(outputs)); /* vCPUs restored to anything */
            assert_int_equal(load(buffer, size), 0);
            model_check();
        }
    }
}

static void a_corrupt_record_leaves_it_reset(void **state)
{
    uint8_t buffer[2048];

    (void)state;
    set_up(1, 10, 1);
    vplic_set_level(&vplic, 10, true);
    size_t size = save(buffer, sizeof(buffer));
    for (size_t cut = 0; cut < size; cut++) {
        assert_int_equal(load(buffer, cut), ERR_CORRUPT);
        assert_false(outputs[1]);
        assert_int_equal(vplic.pending[0] | contexts[1].enable[0] | vplic.priority[10], 0);
    }
}

/* Writes a record of a state that no guest could have made; reading it must refuse. */
static void assert_refused(void)
{
    uint8_t buffer[2048];
    size_t size = save(buffer, sizeof(buffer));

    assert_int_equal(load(buffer, size), ERR_CORRUPT);
    start(NULL);
}

static void impossible_states_are_corrupt(void **state)
{
    (void)state;
    vplic.priority[10] = 8;
    assert_refused();
    vplic.priority[0] = 1;
    assert_refused();
    contexts[2].threshold = 8;
    assert_refused();
    vplic.pending[0] = BIT(0);
    assert_refused();
    vplic.in_service[1] = BIT(32);
    assert_refused();
    vplic.level[1] = BIT(63);
    assert_refused();
    contexts[5].enable[1] = BIT(40);
    assert_refused();
}

static void a_record_of_more_contexts_is_corrupt(void **state)
{
    uint8_t buffer[2048];
    struct irq_line none = {0};

    (void)state;
    size_t size = save(buffer, sizeof(buffer));
    vplic_init(&vplic, 0, contexts, CONTEXTS - 2, none);
    assert_int_equal(load(buffer, size), ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_wire_reaches_the_vcpu, start),
        cmocka_unit_test_setup(a_wire_that_stays_high_interrupts_again_after_completion, start),
        cmocka_unit_test_setup(pulses_while_in_service_are_not_counted, start),
        cmocka_unit_test_setup(a_request_is_not_taken_back, start),
        cmocka_unit_test_setup(claims_go_by_priority_then_by_number, start),
        cmocka_unit_test_setup(the_threshold_masks_the_output_but_not_the_claim, start),
        cmocka_unit_test_setup(priorities_and_enables_take_effect_at_once, start),
        cmocka_unit_test_setup(every_enabled_context_is_told_and_one_gets_it, start),
        cmocka_unit_test_setup(completion_needs_an_enabled_source, start),
        cmocka_unit_test_setup(completion_may_come_from_another_context, start),
        cmocka_unit_test_setup(completion_of_what_is_not_claimed_is_ignored, start),
        cmocka_unit_test_setup(completion_leaves_the_others_shown, start),
        cmocka_unit_test_setup(a_storm_tells_only_changes, start),
        cmocka_unit_test_setup(sources_that_do_not_exist_cannot_be_enabled, start),
        cmocka_unit_test_setup(without_an_output_it_still_works, start),
        cmocka_unit_test_setup(reset_lowers_everything, start),
        cmocka_unit_test_setup(random_run_agrees_with_the_model, start),
        cmocka_unit_test_setup(a_corrupt_record_leaves_it_reset, start),
        cmocka_unit_test_setup(impossible_states_are_corrupt, start),
        cmocka_unit_test_setup(a_record_of_more_contexts_is_corrupt, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
