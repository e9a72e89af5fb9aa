"""Slices: what takes some of a tensor, by ranges or by indices."""

from __future__ import annotations

from sigcheck.sizes.bounds import is_at_least
from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Size, Sized, add, divide, largest, lifted, smallest, subtract

_MASKS = ("begin", "end", "ellipsis", "new_axis", "shrink_axis")


def _sliced(call: Call) -> Sized:
    """Slice, which refuses what goes beyond the end."""
    sizes, begins, counts = call.sizes(), call.numbers(1), call.numbers(2)
    if not len(sizes) == len(begins) == len(counts):
        raise UndecidedError("a slice of another rank")
    found: list[Size] = []
    for size, begin, count in zip(sizes, begins, counts, strict=True):
        if count == -1:
            call.require("at_least", size, begin)
            found.append(subtract(size, begin))
        else:
            call.require("at_least", size, add(begin, count))
            found.append(count)
    values = call.operands[0].numbers
    begin, count = begins[0] if begins else 0, found[0] if found else 0
    if values is not None and len(sizes) == 1 and isinstance(begin, int) and isinstance(count, int):
        return Sized(tuple(found), values[begin : begin + count])
    return Sized(tuple(found))


def cut(call: Call) -> Sized:
    """StridedSlice, which cuts ends beyond the size off, and refuses an index beyond it."""
    begins, ends, steps = call.numbers(1), call.numbers(2), call.integers(3)
    masks = {name: int(call.attributes.get(f"{name}_mask", 0)) for name in _MASKS}
    left = list(call.sizes())
    found: list[Size] = []
    picked: list[tuple[Size, Size, int] | None] = []
    for place, (begin, end, step) in enumerate(zip(begins, ends, steps, strict=True)):
        bit = 1 << place
        if masks["ellipsis"] & bit:
            behind = sum(not masks["new_axis"] >> other & 1 for other in range(place + 1, len(begins)))
            kept = len(left) - behind
            if kept < 0:
                raise UndecidedError("more axes than there are")
            found += left[:kept]
            left = left[kept:]
            picked.append(None)
        elif masks["new_axis"] & bit:
            found.append(1)
            picked.append(None)
        elif not left:
            raise UndecidedError("more axes than there are")
        elif masks["shrink_axis"] & bit:
            size = left.pop(0)
            call.require("at_least", size, add(begin, 1) if not _is_negative(begin) else subtract(0, begin))
            picked.append((begin, add(begin, 1), 1))
        else:
            size = left.pop(0)
            start = None if masks["begin"] & bit else begin
            stop = None if masks["end"] & bit else end
            found.append(between(call, size, start, stop, step))
            picked.append((0 if start is None else start, size if stop is None else stop, step))
    return Sized((*found, *left), _picked(call, picked, masks))


def _picked(call: Call, picked: list[tuple[Size, Size, int] | None], masks: dict[str, int]) -> tuple[Size, ...] | None:
    """The numbers of a cut of a vector of numbers."""
    values = call.operands[0].numbers
    if values is not None and len(call.sizes()) > 1:
        return _picked_of_many(call, values, picked, masks["shrink_axis"])
    if values is None or len(picked) != 1 or picked[0] is None:
        return None
    begin, end, step = picked[0]
    if not isinstance(begin, int) or not isinstance(end, int):
        return None
    if masks["shrink_axis"]:
        return values[begin : begin + 1] if begin >= 0 else values[len(values) + begin : len(values) + begin + 1]
    if step < 0 and masks["begin"] and masks["end"]:
        return values[::step]
    return values[begin:end:step] if step > 0 else None


def _picked_of_many(
    call: Call, values: tuple[Size, ...], picked: list[tuple[Size, Size, int] | None], shrunk: int
) -> tuple[Size, ...] | None:
    """The numbers of a cut of a matrix, or of more axes: row-major, as they stand."""
    if None in picked:
        return None
    places = [0]
    for axis, size in enumerate(call.sizes()):
        cut = picked[axis] if axis < len(picked) else (0, size, 1)
        if cut is None or not isinstance(size, int):
            return None
        begin, end, step = cut
        if not isinstance(begin, int) or not isinstance(end, int) or step < 1:
            return None
        chosen = [begin % size] if shrunk >> axis & 1 and size else range(size)[begin:end:step]
        places = [place * size + at for place in places for at in chosen]
    return tuple(values[place] for place in places) if all(place < len(values) for place in places) else None


def _is_negative(size: Size) -> bool:
    if isinstance(size, int):
        return size < 0
    sign = is_at_least(size, 0)
    if sign is None:
        raise UndecidedError("a place that may count from the end")
    return not sign


def between(call: Call, size: Size, begin: Size | None, end: Size | None, step: int) -> Size:
    """How many lie between two ends; each counts from the end of the axis where it is negative."""
    if begin is None and end is None and abs(step) == 1:
        return size
    if step < 1:
        if begin is None and end is None and step < -1:
            return divide(add(size, -step - 1), -step)
        return call.fresh()
    first = 0 if begin is None else _place(size, begin)
    last = size if end is None else _place(size, end)
    return divide(add(_difference(first, last), step - 1), step)


def _difference(first: Size, last: Size) -> Size:
    return last if first == 0 else largest(subtract(last, first), 0)


def _place(size: Size, place: Size) -> Size:
    """A place between nothing and the whole size."""
    if _is_negative(place):
        return largest(add(size, place), 0)
    if is_at_least(lifted(size), place) is True:
        return place
    return smallest(place, size)


def _gathered(call: Call) -> Sized:
    sizes, indices = call.sizes(), call.sizes(1)
    number = call.integers(2)[0] if len(call.operands) > 2 else 0  # noqa: PLR2004  # the third is the axis
    axis = call.axis(number, len(sizes))
    batch = int(call.attributes.get("batch_dims", 0))
    if not 0 <= batch <= min(axis, len(indices)):
        raise UndecidedError("axes of a batch that are not there")
    below = call.operands[1].below
    if below is not None:
        # Positions count on to the last one: a table must have a row for each (CPU kernels refuse others).
        call.require("at_least", sizes[axis], below)
    front = [call.joined(sizes[at], indices[at]) for at in range(batch)]
    found = (*front, *sizes[batch:axis], *indices[batch:], *sizes[axis + 1 :])
    values, told = call.operands[0].numbers, call.operands[1].numbers
    if values is not None and told is not None and len(sizes) == 1 and all(isinstance(one, int) for one in told):
        places = [one for one in told if isinstance(one, int)]
        if all(-len(values) <= one < len(values) for one in places):
            return Sized(found, tuple(values[one] for one in places))
    return Sized(found)


def _gathered_by_rows(call: Call) -> Sized:
    sizes, indices = call.sizes(), call.sizes(1)
    if not indices or not isinstance(indices[-1], int) or indices[-1] > len(sizes):
        raise UndecidedError("indices of another rank")
    return Sized((*indices[:-1], *sizes[indices[-1] :]))


def _top(call: Call) -> list[Sized]:
    sizes = call.sizes()
    count = call.numbers(1)[0] if len(call.operands) > 1 else int(call.attributes["k"])
    call.require("at_least", sizes[-1], count)
    return [Sized((*sizes[:-1], count))] * 2


RULES: dict[str, Rule] = {
    "Slice": _sliced,
    "StridedSlice": cut,
    "Gather": _gathered,
    "GatherV2": _gathered,
    "ResourceGather": _gathered,
    "GatherNd": _gathered_by_rows,
    "TopKV2": _top,
}
