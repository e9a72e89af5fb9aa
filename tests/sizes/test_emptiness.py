"""What must hold so that an output has elements is told in one order, whatever a process hashes names to."""

from __future__ import annotations

from sigcheck.sizes.choice import greater
from sigcheck.sizes.emptiness import filled
from sigcheck.sizes.expression import constant, variable

SIZES = [variable(name) for name in "abcdefgh"]


def test_sizes_are_told_in_the_order_of_the_axes():
    found = list(filled({"y": tuple(greater(one - 10, constant(0)) for one in SIZES)}, ()))
    assert [str(one) for one in found] == [f"max(0, {one} - 10) >= 1" for one in SIZES]
