# SPDX-License-Identifier: BSD-2-Clause
#
# The hypervisor's own data: capabilities, harts, VMs, vCPUs. It maps itself one to one, so all of
# it is read by physical address (us_target.physical), whatever world the hart is in.

import gdb
import us_symbols
from us_target import fail
from us_words import requests_words

MAX_ITEMS = 100000  # a longer list is a loop, or memory that holds none yet


def variable(name, file=None):
    """A variable of the hypervisor, also while its symbols stand aside."""
    try:
        symbol = gdb.parse_and_eval(f"'{file}'::{name}" if file else name)
        pointer = symbol.type.pointer()
        return gdb.Value(int(symbol.address) - us_symbols.aside()).cast(pointer).dereference()
    except gdb.error:
        fail(f"no symbol {name}: load the hypervisor's with `us hyp-symbols`")


def function(name):
    """Its address, as variable()."""
    return int(variable(name).address)


def pointer_to(type_name, address):
    try:
        return gdb.Value(address).cast(gdb.lookup_type(type_name).pointer())
    except gdb.error:
        fail(f"no type {type_name}: load the hypervisor's symbols with `us hyp-symbols`")


def enum_name(type_name, prefix, value):
    """An enumerator's name without its prefix, in lower case."""
    for field in gdb.lookup_type(f"enum {type_name}").fields():
        if field.enumval == int(value):
            return field.name.removeprefix(prefix).lower()
    return str(int(value))


def _list(head, type_name, member):
    """Pointers to the elements of a struct list; an empty one before its list_init."""
    offset = next(f for f in gdb.lookup_type(type_name).fields() if f.name == member).bitpos // 8
    link, count = head["next"], 0
    while link and link != head.address and count < MAX_ITEMS:
        yield pointer_to(type_name, int(link) - offset)
        link, count = link["next"], count + 1


def vms():
    """Pointers to struct vm, in the order of their creation."""
    for machine in _list(variable("machines", "hyp/life/machine.c"), "struct machine", "link"):
        yield machine["vm"]


def vcpus(vm):
    return [vm["vcpus"] + i for i in range(min(int(vm["vcpu_count"]), MAX_ITEMS))]


def hart_block(hartid):
    """The struct hart of a hart; None before harts_start knew it."""
    hart, count = variable("first_hart", "hyp/sched/balance.c"), 0
    while hart and count < MAX_ITEMS:
        if int(hart["head"]["hartid"]) == hartid:
            return hart.dereference()
        hart, count = hart["next"], count + 1
    return None


def loaded_vcpu(hartid):
    """The vCPU whose CSRs are in the hart, or None."""
    block = hart_block(hartid)
    return block["loaded"] if block and block["loaded"] else None


def vcpu_text(vcpu):
    return f"vCPU {int(vcpu['id'])} of VM {vcpu['vm']['name'].string()}"


def requests_text(vcpu):
    pending = vcpu["pending"]
    return requests_words(int(vcpu["requests"]), int(pending["changed"]), int(pending["level"]))
