"""Picking: what is found by looking at values; how many there are no size tells, but what bounds it does."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.operations.elementwise import same
from sigcheck.sizes.operations.joining import MOST_PARTS
from sigcheck.sizes.tensor import Sized


def _top(call: Call) -> list[Sized]:
    sizes = call.sizes()
    count = call.told(1)[0] if len(call.operands) > 1 else int(call.attributes["k"])
    if not sizes:
        raise UndecidedError("a single number")
    call.require("at_least", sizes[-1], count)
    return [Sized((*sizes[:-1], count))] * 2


def _where(call: Call) -> Sized:
    """How many are true no size tells."""
    rank = len(call.sizes())
    if not rank:
        raise UndecidedError("a single truth")
    return Sized((call.fresh(), rank))


def _unique(call: Call) -> list[Sized]:
    """Each value once, and for each element which one it is."""
    sizes = call.sizes()
    if len(sizes) != 1:
        raise UndecidedError("no vector")
    each = Sized((call.fresh(),))
    return [each, Sized(sizes), each]


def _unique_along(call: Call) -> list[Sized]:
    sizes = call.sizes()
    axes = call.axes(1, len(sizes))
    if len(axes) > 1 or (not axes and len(sizes) != 1):
        raise UndecidedError("no axis")
    at = axes[0] if axes else 0
    count = call.fresh()
    return [Sized((*sizes[:at], count, *sizes[at + 1 :])), Sized((sizes[at],)), Sized((count,))]


def _not_in(call: Call) -> list[Sized]:
    """ListDiff."""
    found = Sized((call.fresh(),))
    return [found, found]


def _in_top(call: Call) -> Sized:
    sizes, wanted = call.sizes(), call.sizes(1)
    if len(sizes) != 2 or len(wanted) != 1:  # noqa: PLR2004  # scores of each row, and one of them
        raise UndecidedError("no rows")
    return Sized((call.joined(sizes[0], wanted[0]),))


def _nth(call: Call) -> Sized:
    sizes, place = call.sizes(), call.numbers(1)[0]
    if not sizes:
        raise UndecidedError("a single number")
    call.require("at_least", sizes[-1], place + 1)
    return Sized(sizes[:-1])


def _searched(call: Call) -> Sized:
    """LowerBound and UpperBound: the rows of both are the same."""
    sorted_, wanted = call.sizes(), call.sizes(1)
    if len(sorted_) != len(wanted) or len(wanted) != 2:  # noqa: PLR2004  # both are rows
        raise UndecidedError("no rows")
    return Sized((call.joined(sorted_[0], wanted[0]), wanted[1]))


def _partitioned(call: Call) -> list[Sized]:
    sizes, places = call.sizes(), call.sizes(1)
    count = int(call.attributes.get("num_partitions", 0))
    if len(places) > len(sizes) or not 1 <= count <= MOST_PARTS:
        raise UndecidedError("no partitions")
    for pair in zip(sizes, places, strict=False):
        call.joined(*pair)
    return [Sized((call.fresh(), *sizes[len(places) :])) for _ in range(count)]


RULES: dict[str, Rule] = {
    "TopKV2": _top,
    "Where": _where,
    "Unique": _unique,
    "UniqueWithCounts": _unique,
    "UniqueV2": _unique_along,
    "UniqueWithCountsV2": _unique_along,
    "ListDiff": _not_in,
    "InTopKV2": _in_top,
    "NthElement": _nth,
    "Bucketize": same,
    "LowerBound": _searched,
    "UpperBound": _searched,
    "DynamicPartition": _partitioned,
}
