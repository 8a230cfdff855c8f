# SPDX-License-Identifier: BSD-2-Clause
#
# The hypervisor's own data: capabilities, harts, VMs, vCPUs. It maps itself one to one, so all of
# it is read by physical address (us_target.physical), whatever world the hart is in.

import gdb
import us_symbols
from us_target import fail
from us_words import gpa_of, requests_words

MAX_ITEMS = 100000  # a longer list is a loop, or memory that holds none yet


def variable(name, file=None):
    """A variable of the hypervisor, also while its symbols stand aside."""
    try:
        symbol = gdb.parse_and_eval(f"'{file}'::{name}" if file else name)
        pointer = symbol.type.pointer()
        return gdb.Value(int(symbol.address) - us_symbols.aside()).cast(pointer).dereference()
    except gdb.error:
        fail(f"no symbol {name}: load the hypervisor's with `us hyp-symbols`")


def function(name, file=None):
    """Its address, as variable()."""
    return int(variable(name, file).address)


def exists(name, file=None):
    """Whether the hypervisor has such a variable or function."""
    try:
        return bool(gdb.parse_and_eval(f"&'{file}'::{name}" if file else f"&{name}"))
    except gdb.error:
        return False


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


def vm_is(vm, text):
    """Whether a person who says `text` means it: its name or its id, as in the monitor."""
    return text in (vm["name"].string(), str(int(vm["id"])))


def vm_names(vms):
    return ", ".join(vm["name"].string() for vm in vms)


def chosen_vcpus(vm_text=None, vcpu_text=None):
    """Pointers to the vCPUs of a VM, or of all; to one, where it is said."""
    there = list(vms())
    if not there:
        fail("there is no VM yet: machines_create has not run")
    chosen = [vm for vm in there if vm_text is None or vm_is(vm, vm_text)]
    if not chosen:
        fail(f"there is no VM {vm_text!r}; those there are: {vm_names(there)}")
    if vcpu_text is not None and not vcpu_text.isdecimal():
        fail(f"vCPU: {vcpu_text!r} is not a number")
    found = [v for vm in chosen for v in vcpus(vm) if vcpu_text in (None, str(int(v["id"])))]
    return found or fail(f"VM {vm_text} has no vCPU {vcpu_text}")


def traps(vcpu):
    """Its exits that are kept, the newest first: struct trap each."""
    kept = vcpu["traps"]
    count, places = exits(vcpu), kept.type.range()[1] + 1
    return [kept[(count - 1 - back) % places] for back in range(min(count, places))]


def exits(vcpu):
    """How often it left its guest."""
    return int(vcpu["traps_at"]) // gdb.lookup_type("struct trap").sizeof


def newest_trap(vcpu):
    """Its last exit; zero before the first."""
    kept = vcpu["traps"]
    return kept[(exits(vcpu) - 1) % (kept.type.range()[1] + 1)]


def trap_gpa(trap):
    return gpa_of(int(trap["htval"]), int(trap["stval"]), int(trap["htinst"]))


def devices(vm):
    """(name, first address, size), by rising address."""
    bus = vm["bus"]
    for i in range(min(int(bus["count"]), bus["devices"].type.range()[1] + 1)):
        device = bus["devices"][i]
        yield device["name"].string(), int(device["base"]), int(device["size"])


def device_name(vm, gpa):
    """Whose window an address is in; "none" where nobody's."""
    for name, base, size in devices(vm):
        if base <= gpa < base + size:
            return name
    return "none"
