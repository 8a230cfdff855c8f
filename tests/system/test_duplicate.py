# SPDX-License-Identifier: BSD-2-Clause
#
# Duplicate: the same image natively and in a VM prints the same, line by line.

import pytest
from conftest import FIRMWARE_WORDS, check_output, read_guests, understudy

# bench prints figures; hello, fail and the rest are compared once each.
GUESTS = {guest.name: guest for guest in read_guests() if guest.name != "bench"}


@pytest.mark.parametrize("name", GUESTS)
def test_same_output(name):
    guest = GUESTS[name]
    native = understudy("--native", "--vm", guest.vm())
    inside = understudy("--vm", guest.vm(), "--cpus", guest.vcpus)
    bare = native.stdout.replace(FIRMWARE_WORDS, b"")
    check_output(guest, bare)
    assert inside.stdout.splitlines() == bare.splitlines()
