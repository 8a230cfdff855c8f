/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's side of a virtqueue, against a device that the tests play by the manual's words:
 * it reads the available ring, and writes the used ring.
 */
#include "lib/virtq.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct virtq queue;

static int set_up(void **state)
{
    (void)state;
    memset(&queue, 0xff, sizeof(queue));
    virtq_init(&queue);
    return 0;
}

/* Both indices as after `count` buffers. */
static void age(uint16_t count)
{
    queue.avail.index = count;
    queue.used.index = count;
    queue.taken = count;
}

static void device_use(uint32_t id, uint32_t size)
{
    queue.used.ring[queue.used.index % VIRTQ_SIZE].id = id;
    queue.used.ring[queue.used.index % VIRTQ_SIZE].size = size;
    queue.used.index++;
}

/* Virtio 2.7 (Split Virtqueues): sizes and alignments of the three parts. */
static void the_layout_is_the_manuals(void **state)
{
    (void)state;
    assert_int_equal(sizeof(queue.desc), 16 * VIRTQ_SIZE);
    assert_int_equal(offsetof(struct virtq_desc, size), 8);
    assert_int_equal(offsetof(struct virtq_desc, flags), 12);
    assert_int_equal(offsetof(struct virtq_desc, next), 14);
    assert_int_equal(sizeof(queue.avail), 6 + 2 * VIRTQ_SIZE);
    assert_int_equal(offsetof(struct virtq_avail, ring), 4);
    assert_int_equal(offsetof(struct virtq_used, ring), 4);
    assert_int_equal(offsetof(struct virtq_used, avail_event), 4 + 8 * VIRTQ_SIZE);
    assert_int_equal((uintptr_t)queue.desc % 16, 0);
    assert_int_equal((uintptr_t)&queue.avail % 2, 0);
    assert_int_equal((uintptr_t)&queue.used % 4, 0);
}

static void a_new_queue_is_idle_and_asks_for_no_interrupt(void **state)
{
    unsigned slot;
    uint32_t size;

    (void)state;
    assert_int_equal(queue.avail.flags, VIRTQ_AVAIL_NO_INTERRUPT);
    assert_int_equal(queue.avail.index, 0);
    assert_int_equal(queue.used.flags, 0);
    assert_int_equal(queue.used.index, 0);
    assert_true(virtq_is_idle(&queue));
    assert_false(virtq_take(&queue, &slot, &size));
}

static void an_offer_is_a_descriptor_and_an_entry(void **state)
{
    (void)state;
    virtq_offer(&queue, 5, 0x123456789abcdef0, 77, VIRTQ_DESC_WRITE);
    assert_int_equal(queue.desc[5].address, 0x123456789abcdef0);
    assert_int_equal(queue.desc[5].size, 77);
    assert_int_equal(queue.desc[5].flags, 2);
    assert_int_equal(queue.desc[5].next, 0);
    assert_int_equal(queue.avail.ring[0], 5);
    assert_int_equal(queue.avail.index, 1);
    assert_false(virtq_is_idle(&queue));
    virtq_offer(&queue, 2, 0x1000, 1, 0);
    assert_int_equal(queue.desc[2].flags, 0);
    assert_int_equal(queue.avail.ring[1], 2);
    assert_int_equal(queue.avail.index, 2);
}

static void used_buffers_come_back_in_the_devices_order(void **state)
{
    unsigned slot;
    uint32_t size;

    (void)state;
    virtq_offer(&queue, 0, 0x1000, 64, VIRTQ_DESC_WRITE);
    virtq_offer(&queue, 1, 0x2000, 64, VIRTQ_DESC_WRITE);
    device_use(1, 8);
    assert_false(virtq_is_idle(&queue));
    device_use(0, 64);
    assert_true(virtq_is_idle(&queue));
    assert_true(virtq_take(&queue, &slot, &size));
    assert_int_equal(slot, 1);
    assert_int_equal(size, 8);
    assert_true(virtq_take(&queue, &slot, &size));
    assert_int_equal(slot, 0);
    assert_int_equal(size, 64);
    assert_false(virtq_take(&queue, &slot, &size));
}

static void entries_and_indices_wrap(void **state)
{
    unsigned slot;
    uint32_t size;

    (void)state;
    age(UINT16_MAX);
    virtq_offer(&queue, 3, 0x1000, 10, 0);
    assert_int_equal(queue.avail.index, 0);
    assert_int_equal(queue.avail.ring[VIRTQ_SIZE - 1], 3);
    assert_false(virtq_is_idle(&queue));
    assert_false(virtq_take(&queue, &slot, &size));
    device_use(3, 0);
    assert_true(virtq_is_idle(&queue));
    assert_true(virtq_take(&queue, &slot, &size));
    assert_int_equal(slot, 3);
    assert_int_equal(queue.taken, 0);
    virtq_offer(&queue, 4, 0x1000, 10, 0);
    assert_int_equal(queue.avail.ring[0], 4);
}

static void a_wrong_device_names_no_slot_and_no_byte_beyond_ours(void **state)
{
    unsigned slot;
    uint32_t size;

    (void)state;
    for (unsigned i = 0; i < VIRTQ_SIZE; i++)
        virtq_offer(&queue, i, 0x1000, 64, VIRTQ_DESC_WRITE);
    device_use(UINT32_MAX, UINT32_MAX);
    device_use(VIRTQ_SIZE, 65);
    assert_true(virtq_take(&queue, &slot, &size));
    assert_in_range(slot, 0, VIRTQ_SIZE - 1);
    assert_int_equal(size, 64);
    assert_true(virtq_take(&queue, &slot, &size));
    assert_in_range(slot, 0, VIRTQ_SIZE - 1);
    assert_int_equal(size, 64);
}

/* Whether what was given up comes back later or never, the next buffer is waited for. */
static void what_is_given_up_is_not_waited_for(void **state)
{
    (void)state;
    age(UINT16_MAX - 1);
    virtq_offer(&queue, 0, 0x1000, 64, 0);
    assert_false(virtq_is_idle(&queue));
    virtq_give_up(&queue);
    assert_true(virtq_is_idle(&queue));
    virtq_offer(&queue, 0, 0x2000, 64, 0);
    assert_false(virtq_is_idle(&queue));
    device_use(0, 0);
    assert_true(virtq_is_idle(&queue));
    device_use(0, 0);
    assert_true(virtq_is_idle(&queue));
    virtq_offer(&queue, 0, 0x3000, 64, 0);
    assert_false(virtq_is_idle(&queue));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_given_up_is_not_waited_for, set_up),
        cmocka_unit_test_setup(the_layout_is_the_manuals, set_up),
        cmocka_unit_test_setup(a_new_queue_is_idle_and_asks_for_no_interrupt, set_up),
        cmocka_unit_test_setup(an_offer_is_a_descriptor_and_an_entry, set_up),
        cmocka_unit_test_setup(used_buffers_come_back_in_the_devices_order, set_up),
        cmocka_unit_test_setup(entries_and_indices_wrap, set_up),
        cmocka_unit_test_setup(a_wrong_device_names_no_slot_and_no_byte_beyond_ours, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
