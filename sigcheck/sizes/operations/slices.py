"""Slices: what takes some of a tensor, by ranges or by indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from sigcheck.sizes.bounds import is_at_least
from sigcheck.sizes.call import MOST_RANK, Call, Rule, UndecidedError
from sigcheck.sizes.moved import moved
from sigcheck.sizes.tensor import Size, Sized, add, divide, largest, lifted, smallest, subtract

# The elements of a vector, of which some may be unknown.
Ends: TypeAlias = Sequence[Size | None]
# Where a cut begins and ends, and its step.
Picked: TypeAlias = tuple[Size, Size, int]

_MASKS = ("begin", "end", "ellipsis", "new_axis", "shrink_axis")


def _sliced(call: Call) -> Sized:
    """Slice, which refuses what goes beyond the end."""
    sizes = call.sizes()
    begins, counts = _ends(call, 1), _ends(call, 2)
    if not len(sizes) == len(begins) == len(counts):
        raise UndecidedError("a slice of another rank")
    found = tuple(_run(call, *axis) for axis in zip(sizes, begins, counts, strict=True))
    values = call.operands[0].numbers
    if values is not None and len(sizes) == 1 and isinstance(begins[0], int) and isinstance(found[0], int):
        return Sized(found, values[begins[0] : begins[0] + found[0]])
    return Sized(found)


def _run(call: Call, size: Size, begin: Size | None, count: Size | None) -> Size:
    if count is None or begin is None:
        return count if isinstance(count, int) and count != -1 else call.fresh()
    if count == -1:
        call.require("at_least", size, begin)
        return subtract(size, begin)
    if not isinstance(count, int) and not call.is_at_least(count, 0):
        # It may be -1, which stands for the rest.
        return call.fresh()
    call.require("at_least", size, add(begin, count))
    return count


def _ends(call: Call, operand: int) -> Ends:
    """The elements of a vector; unknown ones where only its length is known."""
    found = call.operands[operand]
    if found.numbers is not None:
        return found.numbers
    length = found.sizes[0] if found.sizes is not None and len(found.sizes) == 1 else None
    if not isinstance(length, int) or length > MOST_RANK:
        raise UndecidedError("a vector of unknown length")
    return (None,) * length


def cut(call: Call) -> Sized:
    """StridedSlice, which cuts ends beyond the size off, and refuses an index beyond it."""
    begins, ends, steps = _ends(call, 1), _ends(call, 2), call.integers(3)
    masks = {name: int(call.attributes.get(f"{name}_mask", 0)) for name in _MASKS}
    left = list(call.sizes())
    found: list[Size] = []
    picked: list[Picked | None] = []
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
            _point(call, left.pop(0), begin)
            picked.append(None if begin is None else (begin, add(begin, 1), 1))
        else:
            size = left.pop(0)
            is_open = (masks["begin"] & bit or begin is not None) and (masks["end"] & bit or end is not None)
            start = None if masks["begin"] & bit else begin
            stop = None if masks["end"] & bit else end
            found.append(between(call, size, start, stop, step) if is_open else call.fresh())
            picked.append((0 if start is None else start, size if stop is None else stop, step) if is_open else None)
    return Sized((*found, *left), _picked(call, picked, masks))


def _point(call: Call, size: Size, at: Size | None) -> None:
    """What an index demands; nothing where it may count from either side."""
    if at is None:
        return
    if call.is_at_least(at, 0):
        call.require("at_least", size, add(at, 1))
    elif is_at_least(lifted(at), 0, call.least) is False:
        call.require("at_least", size, subtract(0, at))


def _picked(call: Call, picked: list[Picked | None], masks: dict[str, int]) -> tuple[Size, ...] | None:
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
    call: Call, values: tuple[Size, ...], picked: list[Picked | None], shrunk: int
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


def between(call: Call, size: Size, begin: Size | None, end: Size | None, step: int) -> Size:
    """How many lie between two ends; each counts from the end of the axis where it is negative."""
    if begin is None and end is None and abs(step) == 1:
        return size
    if step < 1:
        if begin is None and end is None and step < -1:
            return divide(add(size, -step - 1), -step)
        return call.fresh()
    first, last = _between(call, size, 0 if begin is None else begin, end)
    if first is None or last is None:
        return call.fresh()
    return divide(add(last if first == 0 else largest(subtract(last, first), 0), step - 1), step)


def _between(call: Call, size: Size, begin: Size, end: Size | None) -> tuple[Size | None, Size | None]:
    """Two places, of which the second may lie before the first, where nothing is between; None of one not known."""
    if begin == 0 or not call.is_at_least(begin, 0):
        return _place(call, size, begin), size if end is None else _place(call, size, end)
    # Where it lies beyond the size, nothing is left either way; so neither end need be cut off to what there is.
    is_from_end = end is not None and is_at_least(lifted(end), 0, call.least) is False
    return begin, size if end is None else add(size, end) if is_from_end else _place(call, size, end)


def _place(call: Call, size: Size, at: Size) -> Size | None:
    """A place between nothing and the whole size; None where it may count from either side."""
    if is_at_least(lifted(at), 0, call.least) is False:
        return largest(add(size, at), 0)
    if not call.is_at_least(at, 0):
        return None
    if is_at_least(lifted(size), lifted(at), call.least) is True:
        return at
    return smallest(at, size)


RULES: dict[str, Rule] = {
    "Slice": moved(_sliced),
    "StridedSlice": moved(cut),
}
