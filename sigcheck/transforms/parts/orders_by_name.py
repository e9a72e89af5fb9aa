"""Orders by name: those in which the axes of one spec would be those of another, as far as names say.

Where names leave several, or none is on both sides, the sizes have to explain the order.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations_with_replacement, islice

from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.alignment import Axed, Pairs, align_in_order, axed, made_size, pairs_by_name
from sigcheck.transforms.parts.orders_by_size import MOST_ORDERS, Order, has_more_orders, orders_by_size

# Ways looked at to put axes without a partner between those that names place; of two in three places there are six.
MOST_PLACEMENTS = 24


def settled_order(spec: TensorSpec, required: TensorSpec) -> Order | None:
    """The one order that the names ask for, where no other is as likely."""
    return _settled(axed(spec), axed(required))


@lru_cache(maxsize=MOST_REMEMBERED)
def _settled(spec: Axed, required: Axed) -> Order | None:
    named = order_by_name(spec, required) or _order_of_rest(spec, required)
    return named if named is not None and _is_settled(spec, required, named) else None


def _order_of_rest(spec: Axed, required: Axed) -> Order | None:
    """The one order by name in which what has no partner fits, in its order, into what is left, each by another size.

    No other order of the axes without a partner would fit then. None where there is no such order.
    """
    ours, theirs = spec.shape or (), required.shape or ()
    place = dict(pairs_by_name(spec.axes, required.axes))
    rest = [size for at, size in enumerate(ours) if at not in place]
    if len(ours) != len(theirs) or None in rest or len(set(rest)) < len(rest):
        return None
    fitting = (
        order
        for order in islice(_placements(spec, required), MOST_PLACEMENTS)
        if all(
            place.get(axis, to) == to and (axis in place or ours[axis] == theirs[to]) for to, axis in enumerate(order)
        )
    )
    return next(fitting, None)


def likely_orders(spec: TensorSpec, required: TensorSpec) -> tuple[Order, ...]:
    """The orders that names allow and sizes explain, the likeliest; where they explain none, those that names allow."""
    return _likely(axed(spec), axed(required))


@lru_cache(maxsize=MOST_REMEMBERED)
def _likely(spec: Axed, required: Axed) -> tuple[Order, ...]:
    return tuple(islice(dict.fromkeys(_orders(spec, required)), MOST_ORDERS))


def has_more_likely_orders(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether there are more orders that names allow, or that sizes may explain, than are looked at."""
    ours, theirs = axed(spec), axed(required)
    return (
        len(list(islice(_placements(ours, theirs), MOST_PLACEMENTS + 1))) > MOST_PLACEMENTS
        or has_more_orders(spec.shape or (), required.shape or ())
        or len(list(islice(dict.fromkeys(_orders(ours, theirs)), MOST_ORDERS + 1))) > MOST_ORDERS
    )


def _orders(spec: Axed, required: Axed) -> Iterator[Order]:
    today = tuple(range(len(spec.shape or ())))
    pairs = pairs_by_name(spec.axes, required.axes)
    by_size = orders_by_size(spec.shape or (), required.shape or (), pairs)
    placed = list(islice(_placements(spec, required), MOST_PLACEMENTS))
    if placed and not _is_explained(spec, required, today):
        explained = [order for order in placed if _is_explained(spec, required, order)]
        if not explained and not by_size:
            explained = [order for order in placed if next(_carried(spec, required, order), None) is not None]
        yield from (order for order in explained if order != today)
    yield from by_size


def order_by_name(spec: Axed, required: Axed) -> Order | None:
    """The one order of the axes that the names ask for; None where they leave several.

    >>> def named(*axes):
    ...     return Axed((2,) * len(axes), axes)
    >>> order_by_name(named("h", "w", "c"), named("batch", "c", "h", "w"))
    (2, 0, 1)
    >>> order_by_name(named("h", "w", "batch"), named("batch", "feature"))
    (2, 0, 1)
    >>> order_by_name(named("h", None, "c"), named(None, "h", None))
    """
    orders = list(islice(_placements(spec, required), 2))
    return orders[0] if len(orders) == 1 else None


def _placements(spec: Axed, required: Axed) -> Iterator[Order]:
    """Yields the orders that put the names as required, and the axes without a partner, in their order, in between.

    None where no name is on both sides: then names say nothing. Where no place is left for what
    has no partner, it stays behind the axis that it follows.
    """
    pairs = sorted(pairs_by_name(spec.axes, required.axes), key=lambda pair: pair[1])
    if not pairs or spec.shape is None:
        return
    shared = [ours for ours, _ in pairs]
    free = [axis for axis in range(len(spec.shape)) if axis not in shared]
    places = _open_places(required.shape or (), [theirs for _, theirs in pairs])
    if free and not places:
        after = {axis: max((shared.index(at) for at in shared if at < axis), default=-1) for axis in free}
        places_of = [tuple(after[axis] + 1 for axis in free)]
    else:
        places_of = list(combinations_with_replacement(places, len(free)))
    for chosen in places_of:
        order: list[int] = []
        for place in range(len(shared) + 1):
            order += [axis for axis, to in zip(free, chosen, strict=True) if to == place]
            order += shared[place : place + 1]
        yield tuple(order)


def _open_places(wanted: Shape, taken: list[int]) -> list[int]:
    """Behind how many of the axes that names place the consumer has room for others."""
    places = {axis: sum(other < axis for other in taken) for axis in range(len(wanted)) if axis not in taken}
    # An axis of one entry is made where it is wanted; nothing has to be moved there.
    wide = {place for axis, place in places.items() if wanted[axis] != 1}
    return sorted(wide or set(places.values()))


def _is_settled(spec: Axed, required: Axed, order: Order) -> bool:
    """Whether no other order is as likely as the one that the names ask for, as it may be of axes without a partner."""
    pairs = pairs_by_name(spec.axes, required.axes)
    if len(order) - len(pairs) <= 1:
        return True
    return _is_explained(spec, required, order) and not _is_taken_apart(spec, required, order, pairs)


def _is_taken_apart(spec: Axed, required: Axed, order: Order, pairs: Pairs) -> bool:
    """Whether this order needs an axis split, where in another one that names allow all have the required sizes.

    Of [4, 2, 2] and [2, 2, 4] nobody means that the 4 is taken apart and the others are put together.
    """
    ours, theirs = spec.shape or (), required.shape or ()
    if len(ours) != len(theirs) or not any(_is_whole(ours, theirs, one) for one in orders_by_size(ours, theirs, pairs)):
        return False
    layouts = zip(align_in_order(spec, required, order), _carried(spec, required, order), strict=True)
    explaining = (layout for layout, carried in layouts if all(wanted in {None, size} for size, wanted in carried))
    return all(any(atom.size is not None for group in layout for atom in group) for layout in explaining)


def _is_whole(shape: Shape, required: Shape, order: Order) -> bool:
    return all(wanted in {None, shape[axis]} for axis, wanted in zip(order, required, strict=True))


def _is_explained(spec: Axed, required: Axed, order: Order) -> bool:
    """Whether in this order all that is carried over has the required size."""
    return any(all(wanted in {None, size} for size, wanted in carried) for carried in _carried(spec, required, order))


def _carried(spec: Axed, required: Axed, order: Order) -> Iterator[list[tuple[int | None, int | None]]]:
    """Yields, for each way to line the axes up in this order, the sizes that whole axes make and those required."""
    shape = tuple((spec.shape or ())[axis] for axis in order)
    for layout in align_in_order(spec, required, order):
        groups = zip(layout, required.shape or (), strict=True)
        yield [(made_size(shape, group), size) for group, size in groups if group and group[0].size is None]
