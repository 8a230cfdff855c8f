/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ports of a virtio console: what is answered to each control message, and what is known
 * afterwards; messages that are cut, foreign or too long.
 */
#include "lib/virtio_ports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct virtio_ports ports;
static struct virtio_port_message reply;

static int set_up(void **state)
{
    (void)state;
    memset(&ports, 0, sizeof(ports));
    memset(&reply, 0xff, sizeof(reply));
    return 0;
}

/* The message in a block of its own size, so that a byte too many is seen. */
static bool tell(uint32_t id, uint16_t event, const char *text, size_t text_size)
{
    const struct virtio_port_message head = {.id = id, .event = event, .value = 1};
    char *block = malloc(sizeof(head) + text_size);
    bool is_asked;

    memcpy(block, &head, sizeof(head));
    memcpy(block + sizeof(head), text, text_size);
    is_asked = virtio_ports_receive(&ports, block, sizeof(head) + text_size, &reply);
    free(block);
    return is_asked;
}

static void check_reply(uint32_t id, uint16_t event)
{
    assert_int_equal(reply.id, id);
    assert_int_equal(reply.event, event);
    assert_int_equal(reply.value, 1);
}

static void a_port_is_added_named_and_found(void **state)
{
    (void)state;
    assert_int_equal(virtio_ports_find(&ports, "stats"), VIRTIO_PORTS_MAX);
    assert_true(tell(1, VIRTIO_PORT_DEVICE_ADD, "", 0));
    check_reply(1, VIRTIO_PORT_READY);
    assert_int_equal(virtio_ports_find(&ports, "stats"), VIRTIO_PORTS_MAX);
    assert_true(tell(1, VIRTIO_PORT_NAME, "stats", 5));
    check_reply(1, VIRTIO_PORT_OPEN);
    assert_int_equal(virtio_ports_find(&ports, "stats"), 1);
    assert_int_equal(virtio_ports_find(&ports, "stat"), VIRTIO_PORTS_MAX);
    assert_int_equal(virtio_ports_find(&ports, "stats2"), VIRTIO_PORTS_MAX);
}

static bool tell_open(uint32_t id, uint16_t value)
{
    const struct virtio_port_message head = {.id = id, .event = VIRTIO_PORT_OPEN, .value = value};

    return virtio_ports_receive(&ports, &head, sizeof(head), &reply);
}

static void who_left_is_known(void **state)
{
    (void)state;
    assert_false(ports.is_left[1]);
    assert_false(tell_open(1, 0));
    assert_true(ports.is_left[1]);
    assert_false(ports.is_left[2]);
    assert_false(tell_open(1, 1));
    assert_false(ports.is_left[1]);
    assert_false(tell_open(VIRTIO_PORTS_MAX, 0));
}

static void the_last_port_counts_and_the_next_does_not(void **state)
{
    (void)state;
    assert_true(tell(VIRTIO_PORTS_MAX - 1, VIRTIO_PORT_NAME, "last", 4));
    assert_int_equal(virtio_ports_find(&ports, "last"), VIRTIO_PORTS_MAX - 1);
    assert_false(tell(VIRTIO_PORTS_MAX, VIRTIO_PORT_DEVICE_ADD, "", 0));
    assert_false(tell(VIRTIO_PORTS_MAX, VIRTIO_PORT_NAME, "beyond", 6));
    assert_false(tell(UINT32_MAX, VIRTIO_PORT_NAME, "beyond", 6));
    assert_int_equal(virtio_ports_find(&ports, "beyond"), VIRTIO_PORTS_MAX);
}

/* QEMU ends a name by a NUL. */
static void a_name_ends_at_a_nul_or_with_the_message(void **state)
{
    (void)state;
    assert_true(tell(1, VIRTIO_PORT_NAME, "one\0junk", 8));
    assert_true(tell(2, VIRTIO_PORT_NAME, "two\0", 4));
    assert_int_equal(virtio_ports_find(&ports, "one"), 1);
    assert_int_equal(virtio_ports_find(&ports, "two"), 2);
}

static void a_new_name_takes_the_place_of_the_old(void **state)
{
    (void)state;
    tell(1, VIRTIO_PORT_NAME, "a long name", 11);
    tell(1, VIRTIO_PORT_NAME, "short", 5);
    assert_int_equal(virtio_ports_find(&ports, "short"), 1);
    assert_int_equal(virtio_ports_find(&ports, "a long name"), VIRTIO_PORTS_MAX);
}

/* Cut, it could be the name of another. */
static void a_name_that_is_too_long_is_none(void **state)
{
    char name[VIRTIO_PORT_NAME_MAX + 1];

    (void)state;
    memset(name, 'n', sizeof(name));
    tell(1, VIRTIO_PORT_NAME, name, VIRTIO_PORT_NAME_MAX);
    name[VIRTIO_PORT_NAME_MAX] = '\0';
    assert_int_equal(virtio_ports_find(&ports, name), VIRTIO_PORTS_MAX);
    name[VIRTIO_PORT_NAME_MAX - 1] = '\0';
    assert_int_equal(virtio_ports_find(&ports, name), VIRTIO_PORTS_MAX);
    tell(1, VIRTIO_PORT_NAME, name, VIRTIO_PORT_NAME_MAX - 1);
    assert_int_equal(virtio_ports_find(&ports, name), 1);
}

static void no_name_finds_no_port(void **state)
{
    (void)state;
    tell(1, VIRTIO_PORT_NAME, "", 0);
    assert_int_equal(virtio_ports_find(&ports, ""), VIRTIO_PORTS_MAX);
}

static void a_removed_port_is_not_found(void **state)
{
    (void)state;
    tell(3, VIRTIO_PORT_NAME, "gone", 4);
    assert_false(tell(3, VIRTIO_PORT_DEVICE_REMOVE, "", 0));
    assert_int_equal(virtio_ports_find(&ports, "gone"), VIRTIO_PORTS_MAX);
}

/* Virtio 5.3.6.2.2 (Driver Requirements: Multiport Device Operation) */
static void a_console_port_is_opened(void **state)
{
    (void)state;
    assert_true(tell(0, VIRTIO_PORT_CONSOLE, "", 0));
    check_reply(0, VIRTIO_PORT_OPEN);
}

static void other_messages_are_not_answered(void **state)
{
    (void)state;
    assert_false(tell(1, VIRTIO_PORT_DEVICE_READY, "", 0));
    assert_false(tell(1, VIRTIO_PORT_READY, "", 0));
    assert_false(tell(1, 5, "\x50\0\x18\0", 4)); /* the console's size */
    assert_false(tell(1, VIRTIO_PORT_OPEN, "", 0));
    assert_false(tell(1, UINT16_MAX, "", 0));
}

static void a_cut_message_changes_nothing(void **state)
{
    const struct virtio_port_message head = {.id = 1, .event = VIRTIO_PORT_DEVICE_ADD};

    (void)state;
    for (size_t size = 0; size < sizeof(head); size++) {
        char *block = malloc(size ? size : 1);

        memcpy(block, &head, size);
        assert_false(virtio_ports_receive(&ports, block, size, &reply));
        free(block);
    }
}

static void partings_are_counted(void **state)
{
    const struct virtio_port_message comes = {.id = 2, .event = VIRTIO_PORT_OPEN, .value = 1};
    const struct virtio_port_message leaves = {.id = 2, .event = VIRTIO_PORT_OPEN, .value = 0};

    (void)state;
    assert_false(virtio_ports_receive(&ports, &comes, sizeof(comes), &reply));
    assert_int_equal(ports.partings[2], 0);
    assert_false(virtio_ports_receive(&ports, &leaves, sizeof(leaves), &reply));
    assert_false(virtio_ports_receive(&ports, &leaves, sizeof(leaves), &reply));
    assert_int_equal(ports.partings[2], 2);
    assert_int_equal(ports.partings[1], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(partings_are_counted, set_up),
        cmocka_unit_test_setup(a_port_is_added_named_and_found, set_up),
        cmocka_unit_test_setup(who_left_is_known, set_up),
        cmocka_unit_test_setup(the_last_port_counts_and_the_next_does_not, set_up),
        cmocka_unit_test_setup(a_name_ends_at_a_nul_or_with_the_message, set_up),
        cmocka_unit_test_setup(a_new_name_takes_the_place_of_the_old, set_up),
        cmocka_unit_test_setup(a_name_that_is_too_long_is_none, set_up),
        cmocka_unit_test_setup(no_name_finds_no_port, set_up),
        cmocka_unit_test_setup(a_removed_port_is_not_found, set_up),
        cmocka_unit_test_setup(a_console_port_is_opened, set_up),
        cmocka_unit_test_setup(other_messages_are_not_answered, set_up),
        cmocka_unit_test_setup(a_cut_message_changes_nothing, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
