/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets about memory, as the thread that is meant sees it, and about points in it.
 */
#include "gdb/command.h"
#include "gdb/memory.h"
#include "lib/bits.h"
#include "lib/err.h"
#include "vm/debug_point.h"

static uint8_t bytes[PACKET_MAX / 2];

/* ADDRESS,LENGTH */
static bool scan_range(struct scan *scan, uint64_t *address, uint64_t *size)
{
    return scan_number(scan, address) && scan_text(scan, ",") && scan_number(scan, size);
}

/* As much as is mapped; GDB asks for the rest again, and hears that it is not. */
static void do_read_memory(struct request *request)
{
    const struct vcpu *vcpu = gdb_need_vcpu(request);
    uint64_t address, size;
    size_t count;

    if (!vcpu)
        return;
    if (!scan_range(&request->scan, &address, &size) || size > sizeof(bytes)) {
        gdb_put_error(request, GDB_EINVAL);
        return;
    }
    count = memory_read(vcpu, address, bytes, size);
    packet_put_hex(request->out, bytes, count);
    if (count == 0 && size > 0)
        gdb_put_error(request, GDB_EFAULT);
}

static void put_written(struct request *request, uint64_t written, uint64_t size)
{
    if (written == size)
        gdb_put_ok(request);
    else
        gdb_put_error(request, GDB_EFAULT);
}

static void do_write_memory(struct request *request)
{
    struct vcpu *vcpu = gdb_need_vcpu(request);
    struct scan *scan = &request->scan;
    uint64_t address, size;

    if (!vcpu)
        return;
    if (!scan_range(scan, &address, &size) || !scan_text(scan, ":") || size > sizeof(bytes) ||
        !scan_hex(scan, bytes, size))
        gdb_put_error(request, GDB_EINVAL);
    else
        put_written(request, memory_write(vcpu, address, bytes, size), size);
}

/* The same, bytes as they are. */
static void do_write_binary(struct request *request)
{
    struct vcpu *vcpu = gdb_need_vcpu(request);
    struct scan *scan = &request->scan;
    uint64_t address, size;

    if (!vcpu)
        return;
    if (!scan_range(scan, &address, &size) || !scan_text(scan, ":") ||
        size != (size_t)(scan->end - scan->at))
        gdb_put_error(request, GDB_EINVAL);
    else
        put_written(request, memory_write(vcpu, address, scan->at, size), size);
}

/* A hardware breakpoint is one in memory, too: the hart has none for us. */
static bool scan_kind(struct scan *scan, enum debug_kind *kind)
{
    static const enum debug_kind kinds[] = {DEBUG_CODE, DEBUG_CODE, DEBUG_WRITE, DEBUG_READ,
                                            DEBUG_ACCESS};
    uint64_t number;

    if (!scan_number(scan, &number) || number >= ARRAY_SIZE(kinds) || !scan_text(scan, ","))
        return false;
    *kind = kinds[number];
    return true;
}

static void change_point(struct request *request, bool is_new)
{
    struct vcpu *vcpu = gdb_need_vcpu(request);
    enum debug_kind kind;
    uint64_t gva, size;
    gpa_t gpa = 0;
    int err = 0;

    if (!vcpu)
        return;
    if (!scan_kind(&request->scan, &kind) || !scan_range(&request->scan, &gva, &size)) {
        gdb_put_error(request, GDB_EINVAL);
        return;
    }
    if (kind == DEBUG_CODE)
        size = 0; /* it is the length of the instruction */
    if (is_new)
        err = memory_translate(vcpu, gva, &gpa);
    if (!err && is_new)
        err = debug_point_add(vcpu->vm, kind, gva, gpa, size);
    else if (!err)
        debug_point_remove(vcpu->vm, kind, gva, size);
    if (err)
        gdb_put_error(request, err == ERR_NO_MEMORY ? GDB_ENOMEM : GDB_EFAULT);
    else
        gdb_put_ok(request);
}

static void do_add_point(struct request *request)
{
    change_point(request, true);
}

static void do_remove_point(struct request *request)
{
    change_point(request, false);
}

const struct gdb_command gdb_memories[] = {
    {"m", do_read_memory}, {"M", do_write_memory}, {"X", do_write_binary},
    {"Z", do_add_point},   {"z", do_remove_point}, {NULL, NULL},
};
