"""Data of one tensor is distributed otherwise than it was.

## What it does
Compares two observations of a tensor: ends, quantiles, mean, shares of NaN, zeros and rows without a value, lengths of
rows, and what strings look like. A difference that as many rows show by chance is none.

## Why is this bad?
Plans that rest on what was observed, and models that were trained on it, meet other values than they were made for.

## Example
    x: warning[distribution_changed]: values in [0, 1], and were in [0, 255]; the mean is 0.5, and was 127.4
      help      look at what made the data, or observe it anew for whoever relies on it

## What to do
Look at what made the data. Where the change is wanted, write the file of facts again, and check those who use it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from sigcheck.rules.views.observations import ObservationsView
from sigcheck.rules.words.wording import interval, number
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.observation import NumbersObserved, TensorObserved

NAME = "distribution_changed"
ORDER = 10
LEVEL: Level = "warning"

# An end further out than this part of the old width is more than one odd value.
_WIDER = 0.1
# In standard deviations of the old data.
_SHIFTED = 0.25
# The distance of Kolmogorov and Smirnov: the most by which the shares below a value differ.
_DISTANT = 0.1
_SHARE = 0.05
# What chance alone exceeds in less than one of a hundred thousand, for a distance and in standard errors.
_BY_CHANCE = 2.5
_ERRORS = 5.0

_END = {"post": "end", "pre": "begin"}
_HELP = "look at what made the data, or observe it anew for whoever relies on it"


def find(observations: ObservationsView) -> Iterator[Finding]:
    """Yields one finding for a tensor in which something differs."""
    old, new = observations.old, observations.new
    if old is None or new is None:
        said = ["the data has it no more" if new is None else "the data has it now, and had not"]
    else:
        said = list(_differences(old, new, are_text=observations.are_text))
    if said:
        yield observations.finding(NAME, LEVEL, "; ".join(said), _HELP)


def _differences(old: TensorObserved, new: TensorObserved, *, are_text: bool) -> Iterator[str]:
    if _form(old, are_text=are_text) != _form(new, are_text=are_text):
        yield f"it is {new.spec}, and was {old.spec}"
        return
    for axis, (was, now) in enumerate(zip(old.sizes, new.sizes, strict=False), start=1):
        if now[0] < was[0] or now[1] > was[1]:
            yield f"sizes of axis {axis} from {now[0]} to {now[1]}, and were from {was[0]} to {was[1]}"
    yield from _share("rows without a value", _missing(old), _missing(new))
    if old.numbers is not None and new.numbers is not None:
        yield from _numbers(old.numbers, new.numbers)
    if old.sums_to_one and new.sums_to_one is False:
        yield "rows do not sum to one any more"
    if old.padding is not None and new.padding is not None:
        filled = [f"{one.value:g} at the {_END[one.side]}" for one in (old.padding, new.padding)]
        if filled[0] != filled[1]:
            yield f"rows are filled with {filled[1]}, and were with {filled[0]}"
    yield from _lengths("lengths of rows", old.lengths, new.lengths)
    yield from _lengths("counts of entries", old.entries, new.entries)
    if old.texts is not None and new.texts is not None:
        for form in sorted({*old.texts.forms, *new.texts.forms}):
            counts = ((one.forms.get(form, 0), one.count) for one in (old.texts, new.texts))
            yield from _share(f"strings like {form}", *counts)


def _form(tensor: TensorObserved, *, are_text: bool) -> tuple[str, str | None, int | None]:
    spec = tensor.spec
    # In a text one cell that lacks makes float64 of int64: what differs then is told as such.
    return spec.kind, "float64" if are_text and spec.dtype == "int64" else spec.dtype, spec.rank


def _numbers(old: NumbersObserved, new: NumbersObserved) -> Iterator[str]:
    yield from _share("NaN", (old.nan, old.count), (new.nan, new.count))
    yield from _share("infinite numbers", (old.infinite, old.count), (new.infinite, new.count))
    yield from _share("zeros", (old.zeros, old.count), (new.zeros, new.count))
    was, now = _ends(old), _ends(new)
    if was is None or now is None:
        if was != now:
            yield "no finite number any more" if now is None else "finite numbers, and there were none"
        return
    slack = _WIDER * (was[1] - was[0])
    if now[0] < was[0] - slack or now[1] > was[1] + slack:
        yield f"values in {interval(now)}, and were in {interval(was)}"
    if old.is_whole and not new.is_whole:
        yield "values are not all whole any more"
    if _is_shifted(old, new):
        yield f"the mean is {number(new.mean or 0.0)}, and was {number(old.mean or 0.0)}"
    distance = max(_beyond(old.quantiles, new.quantiles), _beyond(new.quantiles, old.quantiles))
    if _is_distant(distance, _finite(old), _finite(new)):
        yield f"quantiles differ: the shares of the values up to one of them by {distance:.0%} or more"


def _lengths(what: str, old: Sequence[tuple[int, int]], new: Sequence[tuple[int, int]]) -> Iterator[str]:
    if not (old and new):
        return
    distance = _distance_of(old, new)
    if _is_distant(distance, *(sum(count for _, count in one) for one in (old, new))):
        yield f"{what} differ: the shares of the rows up to one of them by {distance:.0%}"


def _finite(numbers: NumbersObserved) -> int:
    return numbers.count - numbers.nan - numbers.infinite


def _ends(numbers: NumbersObserved) -> tuple[float, float] | None:
    return None if numbers.least is None or numbers.greatest is None else (numbers.least, numbers.greatest)


def _missing(tensor: TensorObserved) -> tuple[int, int]:
    return tensor.missing, tensor.rows + tensor.missing


def _share(what: str, old: tuple[int, int], new: tuple[int, int]) -> Iterator[str]:
    """Yields words where a share, as (count, all), is another by more than chance, and by enough to matter."""
    if not old[1] or not new[1]:
        return
    was, now = old[0] / old[1], new[0] / new[1]
    both = (old[0] + new[0]) / (old[1] + new[1])
    # Of a file that somebody edited there may be more of one than there are of all.
    error = math.sqrt(max(0.0, both * (1 - both)) * (1 / old[1] + 1 / new[1]))
    if abs(now - was) > max(_SHARE, _ERRORS * error):
        yield f"{now:.1%} {what}, and were {was:.1%}"


def _is_shifted(old: NumbersObserved, new: NumbersObserved) -> bool:
    if None in (old.mean, new.mean, old.std, new.std) or min(_finite(old), _finite(new)) <= 0:
        return False
    moved, was, now = abs((new.mean or 0.0) - (old.mean or 0.0)), old.std or 0.0, new.std or 0.0
    error = math.hypot(was / math.sqrt(_finite(old)), now / math.sqrt(_finite(new)))
    return moved > max(_SHIFTED * was, _ERRORS * error)


def _beyond(shares: Sequence[tuple[float, float]], others: Sequence[tuple[float, float]]) -> float:
    """The least distance that quantiles prove, at each value of the ones by the shares that the others have there."""
    most = 0.0
    for _, value in shares:
        below = max((one for one, other in others if other < value), default=0.0)
        above = min((one for one, other in others if other > value), default=1.0)
        # Of equal values: at most the least share is below them, and at least the greatest up to them.
        equal = [one for one, other in shares if other == value]
        most = max(most, below - min(equal), max(equal) - above)
    return most


def _distance_of(old: Sequence[tuple[int, int]], new: Sequence[tuple[int, int]]) -> float:
    totals = [sum(count for _, count in one) for one in (old, new)]
    counts: list[Mapping[int, int]] = [dict(old), dict(new)]
    if not all(totals):
        return 0.0
    reached, most = [0, 0], 0.0
    for length in sorted({*counts[0], *counts[1]}):
        reached = [so_far + one.get(length, 0) for so_far, one in zip(reached, counts, strict=True)]
        most = max(most, abs(reached[0] / totals[0] - reached[1] / totals[1]))
    return most


def _is_distant(distance: float, old: int, new: int) -> bool:
    return min(old, new) > 0 and distance > max(_DISTANT, _BY_CHANCE * math.sqrt((old + new) / (old * new)))
