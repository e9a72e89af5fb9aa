"""Lists of tensors, which loops read from and write to (list_ops.cc).

All elements of a list are of one shape as soon as they are stacked: of another shape that fails.
"""

from __future__ import annotations

from dataclasses import replace

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Items, Size, Sized, Sizes, add, settled, subtract


def _told_sizes(call: Call, operand: int) -> Sizes | None:
    """The shape of an element as an operand says it: -1 is open, a single one an unknown rank."""
    wanted = call.operands[operand]
    if wanted.sizes == () or wanted.numbers is None:
        return None
    return tuple(call.fresh() if size == -1 else size for size in wanted.numbers)


def _items(call: Call, operand: int = 0) -> Items:
    found = call.operands[operand].items
    if found is None:
        raise UndecidedError("an unknown list")
    return found


def _merged(one: Sizes | None, other: Sizes | None) -> Sizes | None:
    """What both say of one shape: what the one leaves open the other may tell."""
    if one is None or other is None:
        return other if one is None else one
    if len(one) != len(other):
        raise UndecidedError("elements of several ranks")
    return tuple(b if not isinstance(a, int) and not a.is_known else a for a, b in zip(one, other, strict=True))


def _reserved(call: Call) -> Sized:
    (count,) = call.numbers(1)
    return Sized((), items=Items(count, _told_sizes(call, 0), is_unset=True))


def _empty(call: Call) -> Sized:
    return Sized((), items=Items(0, _told_sizes(call, 0), is_unset=True))


def _from_tensor(call: Call) -> Sized:
    sizes = call.sizes()
    if not sizes:
        raise UndecidedError("a single number")
    return Sized((), items=Items(sizes[0], sizes[1:]))


def _taken(call: Call) -> Sized:
    """TensorListGetItem; one that was never set is 0, and as large as the list says, if it says."""
    found = _items(call)
    return Sized(_merged(found.sizes, _told_sizes(call, 2)))


def _set(call: Call) -> Sized:
    found, item = _items(call), call.operands[2].sizes
    count: Size = call.fresh() if call.attributes.get("resize_if_index_out_of_bounds") else found.count
    if found.is_unset or found.sizes is None:
        return Sized((), items=Items(count, _merged(item, found.sizes)))
    return Sized((), items=replace(found, count=count))


def _pushed(call: Call) -> Sized:
    found, item = _items(call), call.operands[1].sizes
    sizes = _merged(item, found.sizes) if found.is_unset or found.sizes is None else found.sizes
    return Sized((), items=Items(add(found.count, 1), sizes))


def _popped(call: Call) -> list[Sized]:
    found = _items(call)
    call.require_at_least(found.count, 1)
    sizes = _merged(found.sizes, _told_sizes(call, 1))
    return [Sized((), items=replace(found, count=subtract(found.count, 1))), Sized(sizes)]


def _length(call: Call) -> Sized:
    return Sized((), (_items(call).count,))


def _resized(call: Call) -> Sized:
    (count,) = call.numbers(1)
    return Sized((), items=replace(_items(call), count=settled(count)))


def _stacked(call: Call) -> Sized:
    found = _items(call)
    sizes = _merged(found.sizes, _told_sizes(call, 1))
    if sizes is None:
        raise UndecidedError("elements of unknown rank")
    return Sized((found.count, *sizes))


def _gathered(call: Call) -> Sized:
    found, places = _items(call), call.sizes(1)
    sizes = _merged(found.sizes, _told_sizes(call, 2))
    if sizes is None or len(places) != 1:
        raise UndecidedError("elements of unknown rank")
    return Sized((places[0], *sizes))


def _scattered(call: Call) -> Sized:
    """TensorListScatterV2: at least as many as there are places; how many its last operand says, or the places."""
    sizes = call.sizes()
    if not sizes:
        raise UndecidedError("a single number")
    counts = call.operands[3].numbers if len(call.operands) > 3 else None  # noqa: PLR2004  # the fourth is num_elements
    is_told = counts is not None and isinstance(counts[0], int) and counts[0] >= 0
    return Sized((), items=Items(counts[0] if counts is not None and is_told else call.fresh(), sizes[1:]))


def _joined(call: Call) -> list[Sized]:
    """TensorListConcatV2: how long all are together no element tells alone."""
    found = _items(call)
    sizes = _merged(found.sizes, _told_sizes(call, 1))
    if not sizes:
        raise UndecidedError("elements of unknown rank")
    return [Sized((call.fresh(), *sizes[1:])), Sized((found.count,))]


def _split(call: Call) -> Sized:
    sizes, lengths = call.sizes(), call.sizes(2)
    if not sizes or len(lengths) != 1:
        raise UndecidedError("no lengths")
    return Sized((), items=Items(lengths[0], (call.fresh(), *sizes[1:])))


RULES: dict[str, Rule] = {
    "TensorListReserve": _reserved,
    "EmptyTensorList": _empty,
    "TensorListFromTensor": _from_tensor,
    "TensorListGetItem": _taken,
    "TensorListSetItem": _set,
    "TensorListPushBack": _pushed,
    "TensorListPopBack": _popped,
    "TensorListLength": _length,
    "TensorListResize": _resized,
    "TensorListStack": _stacked,
    "TensorListGather": _gathered,
    "TensorListScatterV2": _scattered,
    "TensorListConcatV2": _joined,
    "TensorListSplit": _split,
}
