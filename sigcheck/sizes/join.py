"""Join: what holds of a tensor that comes from one of several places, and of one that a call gives again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sigcheck.sizes.expression import Expression, TooLargeError, Variable, unknown
from sigcheck.sizes.substitution import substitute
from sigcheck.sizes.tensor import UNKNOWN, Items, Size, Sized, Sizes


def join(one: Sized, other: Sized, fresh: Iterator[int]) -> Sized:
    """What both have in common; `fresh` numbers the sizes that differ.

    >>> from itertools import count
    >>> join(Sized((2, 3)), Sized((2, 4)), count()).sizes
    (2, Expression(?0))
    """
    if one == other:
        return one
    return Sized(
        _common(one.sizes, other.sizes, fresh),
        one.numbers if one.numbers == other.numbers else None,
        one.below if one.below == other.below else None,
        _items(one.items, other.items, fresh),
        one.reals if one.reals == other.reals else None,
    )


def _common(one: Sizes | None, other: Sizes | None, fresh: Iterator[int]) -> Sizes | None:
    if one is None or other is None or len(one) != len(other):
        return None
    return tuple(_size(*pair, fresh) for pair in zip(one, other, strict=True))


def _size(one: Size, other: Size, fresh: Iterator[int]) -> Size:
    return one if one == other else unknown(f"?{next(fresh)}")


def _items(one: Items | None, other: Items | None, fresh: Iterator[int]) -> Items | None:
    if one is None or other is None or one == other:
        return one if one == other else None
    count = _size(one.count, other.count, fresh)
    # What was never put in may be of any size.
    if one.is_unset or other.is_unset:
        filled = other if one.is_unset else one
        return Items(count, filled.sizes, filled.is_unset)
    return Items(count, _common(one.sizes, other.sizes, fresh))


def renamed(results: Sequence[Sized], operands: Sequence[Sized], fresh: Iterator[int]) -> Sequence[Sized]:
    """The results with other unknown sizes in the place of those that do not come from the operands."""
    given = frozenset(one for tensor in operands for one in _unknown(tensor))
    inner = sorted({one for tensor in results for one in _unknown(tensor)} - given, key=str)
    if not inner:
        return results
    others = {one: unknown(f"?{next(fresh)}") for one in inner}
    try:
        return [_replaced(one, others) for one in results]
    except TooLargeError:
        return [UNKNOWN for _ in results]


def _unknown(tensor: Sized) -> Iterator[Variable]:
    items = () if tensor.items is None else (tensor.items.count, *(tensor.items.sizes or ()))
    reals = () if tensor.reals is None else tensor.reals.over
    for size in (*(tensor.sizes or ()), *(tensor.numbers or ()), *items, *reals, tensor.below):
        if isinstance(size, Expression):
            yield from (one for one in size.variables if not one.is_known)


def _replaced(tensor: Sized, others: dict[Variable, Expression]) -> Sized:
    items = tensor.items
    return Sized(
        _all(tensor.sizes, others),
        _all(tensor.numbers, others),
        None if tensor.below is None else _one(tensor.below, others),
        None if items is None else replace(items, count=_one(items.count, others), sizes=_all(items.sizes, others)),
        None if tensor.reals is None else tensor.reals.changed(lambda size: _one(size, others)),
    )


def _all(sizes: Sizes | None, others: dict[Variable, Expression]) -> Sizes | None:
    return None if sizes is None else tuple(_one(size, others) for size in sizes)


def _one(size: Size, others: dict[Variable, Expression]) -> Size:
    return substitute(size, others) if isinstance(size, Expression) else size
