/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bus: which device an access reaches, and that its lock is held while the device works.
 */
#include "dev/bus.h"
#include "lib/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A device that remembers what it was asked. */
struct probe {
    struct vdev vdev;
    struct bus *bus;
    uint64_t offset;
    uint64_t value;
    unsigned size;
    int reads, writes, resets;
    uint8_t state;
};

static uint64_t probe_read(struct vdev *self, uint64_t offset, unsigned size)
{
    struct probe *probe = (struct probe *)self;

    assert_true(lock_is_held(&probe->bus->lock));
    probe->offset = offset;
    probe->size = size;
    probe->reads++;
    return offset + 0x100;
}

static void probe_write(struct vdev *self, uint64_t offset, unsigned size, uint64_t value)
{
    struct probe *probe = (struct probe *)self;

    assert_true(lock_is_held(&probe->bus->lock));
    probe->offset = offset;
    probe->size = size;
    probe->value = value;
    probe->writes++;
}

static void probe_reset(struct vdev *self)
{
    struct probe *probe = (struct probe *)self;

    assert_true(lock_is_held(&probe->bus->lock));
    probe->state = 0;
    probe->resets++;
}

static void probe_archive(struct vdev *self, struct archive *archive)
{
    struct probe *probe = (struct probe *)self;

    assert_true(lock_is_held(&probe->bus->lock));
    archive_u8(archive, "state", &probe->state);
}

static const struct vdev_ops probe_ops = {.read = probe_read,
                                          .write = probe_write,
                                          .reset = probe_reset,
                                          .archive = probe_archive};

static struct bus bus;

static struct probe make_probe(uint64_t base, uint64_t size)
{
    return (struct probe){.vdev = {.name = "probe",
                                   .ops = &probe_ops,
                                   .base = base,
                                   .size = size,
                                   .width_min = 1,
                                   .width_max = 8},
                          .bus = &bus};
}

static int start(void **state)
{
    (void)state;
    memset(&bus, 0xff, sizeof(bus));
    bus_init(&bus);
    return 0;
}

static void an_access_reaches_its_device(void **state)
{
    struct probe high = make_probe(0x10000000, 0x100);
    struct probe low = make_probe(0x1000, 0x1000);
    uint64_t value = 0;

    (void)state;
    assert_int_equal(bus_add(&bus, &high.vdev), 0);
    assert_int_equal(bus_add(&bus, &low.vdev), 0);
    assert_true(bus_read(&bus, 0x10000004, 4, &value));
    assert_int_equal(value, 0x104);
    assert_int_equal(high.offset, 4);
    assert_int_equal(high.size, 4);
    assert_true(bus_write(&bus, 0x1ffe, 2, 0xabcd));
    assert_int_equal(low.offset, 0xffe);
    assert_int_equal(low.size, 2);
    assert_int_equal(low.value, 0xabcd);
    assert_int_equal(high.writes + low.reads, 0);
    assert_false(lock_is_held(&bus.lock));
}

static void nothing_answers_outside_the_windows(void **state)
{
    struct probe probe = make_probe(0x1002, 0x0e); /* up to 0x100f, with crooked ends */
    uint64_t value = 77;

    (void)state;
    assert_false(bus_read(&bus, 0x1004, 4, &value)); /* no device at all */
    assert_int_equal(bus_add(&bus, &probe.vdev), 0);
    assert_false(bus_read(&bus, 0x1000, 1, &value));
    assert_false(bus_read(&bus, 0x1000, 4, &value)); /* begins before */
    assert_false(bus_read(&bus, 0x1010, 1, &value));
    assert_false(bus_write(&bus, 0, 8, 1));
    assert_false(bus_write(&bus, UINT64_MAX - 7, 8, 1));
    assert_int_equal(value, 77);
    assert_int_equal(probe.reads + probe.writes, 0);
    assert_true(bus_read(&bus, 0x100e, 2, &value));
    assert_true(bus_read(&bus, 0x1002, 2, &value));
    assert_false(lock_is_held(&bus.lock));
}

static void a_place_is_told_by_any_address_of_the_window(void **state)
{
    struct probe high = make_probe(0x3000, 0x100);
    struct probe low = make_probe(0x1000, 0x100);

    (void)state;
    assert_int_equal(bus_index(&bus, 0x1000), 0);
    bus_add(&bus, &high.vdev);
    bus_add(&bus, &low.vdev);
    assert_int_equal(bus_index(&bus, 0x1000), 0);
    assert_int_equal(bus_index(&bus, 0x10ff), 0);
    assert_int_equal(bus_index(&bus, 0x3001), 1);
    assert_int_equal(bus_index(&bus, 0xfff), 2);
    assert_int_equal(bus_index(&bus, 0x1100), 2);
    assert_int_equal(bus_index(&bus, UINT64_MAX), 2);
}

static void crooked_accesses_get_no_answer(void **state)
{
    struct probe probe = make_probe(0x1000, 0x104);
    uint64_t value;

    (void)state;
    assert_int_equal(bus_add(&bus, &probe.vdev), 0);
    assert_false(bus_read(&bus, 0x1001, 2, &value));
    assert_false(bus_read(&bus, 0x1002, 4, &value));
    assert_false(bus_write(&bus, 0x1004, 8, 0));
    assert_false(bus_write(&bus, 0x1010, 16, 0));    /* no device takes 16 bytes */
    assert_false(bus_read(&bus, 0x1100, 8, &value)); /* passes the end */
    assert_true(bus_read(&bus, 0x1100, 4, &value));
    assert_int_equal(probe.reads, 1);
    assert_int_equal(probe.writes, 0);
}

static void windows_do_not_overlap(void **state)
{
    struct probe first = make_probe(0x2000, 0x1000);
    struct probe same = make_probe(0x2000, 1);
    struct probe around = make_probe(0x1000, 0x3000);
    struct probe tail = make_probe(0x2fff, 2);
    struct probe head = make_probe(0x1fff, 2);
    struct probe before = make_probe(0x1000, 0x1000);
    struct probe after = make_probe(0x3000, 0x1000);

    (void)state;
    assert_int_equal(bus_add(&bus, &first.vdev), 0);
    assert_int_equal(bus_add(&bus, &same.vdev), ERR_EXISTS);
    assert_int_equal(bus_add(&bus, &around.vdev), ERR_EXISTS);
    assert_int_equal(bus_add(&bus, &tail.vdev), ERR_EXISTS);
    assert_int_equal(bus_add(&bus, &head.vdev), ERR_EXISTS);
    assert_int_equal(bus.count, 1);
    assert_int_equal(bus_add(&bus, &before.vdev), 0);
    assert_int_equal(bus_add(&bus, &after.vdev), 0);
}

static void windows_end_within_the_address_space(void **state)
{
    struct probe empty = make_probe(0x1000, 0);
    struct probe wrapping = make_probe(UINT64_MAX - 7, 9);
    struct probe last = make_probe(UINT64_MAX - 7, 8);
    uint64_t value;

    (void)state;
    assert_int_equal(bus_add(&bus, &empty.vdev), ERR_INVALID);
    assert_int_equal(bus_add(&bus, &wrapping.vdev), ERR_INVALID);
    assert_int_equal(bus_add(&bus, &last.vdev), 0);
    assert_true(bus_read(&bus, UINT64_MAX - 7, 8, &value));
    assert_int_equal(last.offset, 0);
    assert_false(bus_read(&bus, UINT64_MAX - 8, 1, &value));
}

static void a_full_bus_takes_no_more(void **state)
{
    static struct probe probes[BUS_DEVICES_MAX + 1];

    (void)state;
    for (unsigned i = 0; i <= BUS_DEVICES_MAX; i++)
        probes[i] = make_probe(0x1000 * (uint64_t)i, 0x1000);
    for (unsigned i = 0; i < BUS_DEVICES_MAX; i++)
        assert_int_equal(bus_add(&bus, &probes[i].vdev), 0);
    assert_int_equal(bus_add(&bus, &probes[BUS_DEVICES_MAX].vdev), ERR_NO_MEMORY);
    assert_int_equal(bus.count, BUS_DEVICES_MAX);
}

static void reset_reaches_every_device(void **state)
{
    struct probe first = make_probe(0x1000, 8);
    struct probe second = make_probe(0x2000, 8);

    (void)state;
    bus_reset(&bus);
    bus_add(&bus, &first.vdev);
    bus_add(&bus, &second.vdev);
    bus_reset(&bus);
    assert_int_equal(first.resets, 1);
    assert_int_equal(second.resets, 1);
    assert_false(lock_is_held(&bus.lock));
}

static void archive_holds_every_device(void **state)
{
    struct probe first = make_probe(0x1000, 8);
    struct probe second = make_probe(0x2000, 8);
    struct archive archive;
    uint8_t buffer[256];

    (void)state;
    bus_add(&bus, &second.vdev);
    bus_add(&bus, &first.vdev);
    first.state = 11;
    second.state = 22;
    archive_init_writer(&archive, buffer, sizeof(buffer));
    bus_archive(&bus, &archive);
    assert_int_equal(archive.error, 0);
    bus_reset(&bus);
    archive_init_reader(&archive, buffer, archive.position);
    bus_archive(&bus, &archive);
    assert_int_equal(archive.error, 0);
    assert_int_equal(first.state, 11);
    assert_int_equal(second.state, 22);
    assert_false(lock_is_held(&bus.lock));
}

static void archive_of_another_board_is_corrupt(void **state)
{
    struct probe probe = make_probe(0x1000, 8);
    struct archive archive;
    uint8_t buffer[256];

    (void)state;
    bus_add(&bus, &probe.vdev);
    archive_init_writer(&archive, buffer, sizeof(buffer));
    bus_archive(&bus, &archive);
    probe.vdev.base = 0x2000;
    archive_init_reader(&archive, buffer, archive.position);
    bus_archive(&bus, &archive);
    assert_int_equal(archive.error, ERR_CORRUPT);
}

/* A random board, and a search from the first device to the last as the model. */
static void lookups_agree_with_a_plain_search(void **state)
{
    static struct probe probes[BUS_DEVICES_MAX];
    unsigned count = 0;
    uint64_t value;

    (void)state;
    srand(4);
    while (count < BUS_DEVICES_MAX) {
        probes[count] = make_probe((uint64_t)(rand() % 4096), (uint64_t)(1 + rand() % 64));
        if (bus_add(&bus, &probes[count].vdev) == 0)
            count++;
    }
    for (int i = 0; i < 20000; i++) {
        unsigned size = 1u << rand() % 4;
        uint64_t addr = (uint64_t)(rand() % 4200);
        struct probe *expected = NULL;
        for (unsigned j = 0; j < count; j++)
            if (addr >= probes[j].vdev.base &&
                addr + size <= probes[j].vdev.base + probes[j].vdev.size && addr % size == 0)
                expected = &probes[j];
        int reads = expected ? expected->reads : 0;
        assert_int_equal(bus_read(&bus, addr, size, &value), expected != NULL);
        if (expected) {
            assert_int_equal(expected->reads, reads + 1);
            assert_int_equal(expected->offset, addr - expected->vdev.base);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_access_reaches_its_device, start),
        cmocka_unit_test_setup(nothing_answers_outside_the_windows, start),
        cmocka_unit_test_setup(a_place_is_told_by_any_address_of_the_window, start),
        cmocka_unit_test_setup(crooked_accesses_get_no_answer, start),
        cmocka_unit_test_setup(windows_do_not_overlap, start),
        cmocka_unit_test_setup(windows_end_within_the_address_space, start),
        cmocka_unit_test_setup(a_full_bus_takes_no_more, start),
        cmocka_unit_test_setup(reset_reaches_every_device, start),
        cmocka_unit_test_setup(archive_holds_every_device, start),
        cmocka_unit_test_setup(archive_of_another_board_is_corrupt, start),
        cmocka_unit_test_setup(lookups_agree_with_a_plain_search, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
