"""Reordered: the order of a plan's steps that moves the fewest bytes.

Conversions of values were postponed until the layout was right, whatever that moves. The orders in which the two may
run beside one another are few: each of the two stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple, TypeAlias

from sigcheck.planning.meaning import Meaning, after, label
from sigcheck.planning.postponed import is_of_layout
from sigcheck.planning.proposals import Proposals
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME
from sigcheck.transforms.parts.effort import bytes_of
from sigcheck.transforms.parts.transform import Transform

# A spec, with what has happened to the values on the way to it.
Point: TypeAlias = tuple[TensorSpec, Meaning]


class Move(NamedTuple):
    """A step from one point to another."""

    start: Point
    step: Step
    end: Point


# Steps of one kind of coordinate, in their order, each with what it does.
Run: TypeAlias = "list[tuple[Transform, Any]]"


def other_orders(
    source: Point, steps: Sequence[Step], transforms: tuple[Transform, ...], proposals: Proposals, policy: Policy
) -> Iterator[Move]:
    """Yields the steps of every order of a plan that keeps the moves of axes, and the conversions, in theirs.

    Each comes after those that lead to where it starts.
    """
    runs = _runs(source, steps, _by_name(transforms))
    points = {(0,) * len(runs): source}
    for taken in product(*(range(len(run) + 1) for run in runs)):
        if taken not in points:
            continue
        start = points[taken]
        # What comes first here comes first of orders that move as much: the axes before the values.
        for at in reversed(range(len(runs))):
            for transform, what in runs[at][taken[at] : taken[at] + 1]:
                for step in proposals.of(start[0], (transform,), policy):
                    end = _end(source, start, step)
                    place = (*taken[:at], taken[at] + 1, *taken[at + 1 :])
                    if end is not None and _what(start, step) == what and points.setdefault(place, end) == end:
                        yield Move(start, step, end)


@lru_cache(maxsize=64)
def _by_name(transforms: tuple[Transform, ...]) -> Mapping[str, Transform]:
    return {one.NAME: one for one in transforms}


def _runs(source: Point, steps: Sequence[Step], transforms: Mapping[str, Transform]) -> list[Run]:
    """The conversions, each step that fills, cuts or turns axes, and the moves; none where one looks at all values."""
    values: Run = []
    moves: Run = []
    single: list[Run] = []
    point = source
    for step in steps:
        end = _end(source, point, step)
        if end is None or not step.is_local:
            return []
        transform = transforms[step.transform]
        one = (transform, _what(point, step))
        if not is_of_layout(transform):
            values.append(one)
        elif step.layout is not None:
            moves.append(one)
        else:
            single.append([one])
        point = end
    return [values, *single, moves] if values and (moves or single) else []


def may_gain(provided: TensorSpec, steps: Sequence[Step]) -> bool:
    """Whether another order may move less: a step of the layout moves values that are narrower before or after, or
    one of the values converts more of them than there are before or after.
    """
    if len(steps) <= 1:
        return False
    specs = [provided, *(step.result for step in steps)]
    widths = [DTYPES[spec.dtype or "variant"].bytes for spec in specs]
    counts = [bytes_of(spec) // width for spec, width in zip(specs, widths, strict=True)]
    narrowest, fewest = min(widths), min(counts)
    return any(
        widths[at] > narrowest if is_of_layout(BY_NAME[step.transform]) else min(counts[at : at + 2]) > fewest
        for at, step in enumerate(steps)
        if step.cost.bytes_moved
    )


def does_as_much(provided: TensorSpec, steps: Sequence[Step], others: Sequence[Step]) -> bool:
    """Whether others of the same meaning do all that the steps do, on as many values: no order of them moves less."""
    specs = [provided, *(step.result for step in (*steps, *others))]
    if len({bytes_of(spec) // DTYPES[spec.dtype or "variant"].bytes for spec in specs}) > 1:
        return False
    return Counter(step.transform for step in steps) <= Counter(step.transform for step in others)


def _end(source: Point, start: Point, step: Step) -> Point | None:
    meaning = after(start[1], start[0], step, source[0].shape)
    return None if meaning is None else (step.result, meaning)


def _what(start: Point, step: Step) -> Any:
    """What a step does, wherever it stands in the order: along what its axis is made of."""
    return step.arguments if step.layout is not None else label(start[1], step)
