"""A size, or the rank, is known only when the model runs.

## What it does
Finds axes that the consumer fixes and the producer leaves open. The adapter asserts them with
`tf.ensure_shape`. An output of which not even the dtype could be read is `unknown_dtype`.

## Why is this bad?
Nothing is wrong yet: whether the models fit is decided by each tensor. With the guard a
tensor that does not fit is refused at once, with its shape. XLA drops no `ensure_shape`, but
knows all sizes when it compiles.

## Example
    x: warning[unknown_size]: required size 128 on axis 1, provided an unknown size
      required  x: int32[?, 128]
      provided  ids: int32[?, ?]

## What to do
Export the producer with the size fixed where it is always the same, or the consumer without
it. Where short rows should be filled up instead, declare the `padding` of the input: then
only rows that are too long are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sigcheck.rules.views.course import Change, Course
from sigcheck.rules.views.cuts import cuts
from sigcheck.rules.views.filling import likely_filling
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import fact_option
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.shape import is_subshape
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.sizes import picture_axes
from sigcheck.transforms.resize import IMAGE_RANK

NAME = "unknown_size"
ORDER = 130
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding with sizes that only the run decides."""
    for course in match.courses:
        if course.is_ambiguous or course.provided.dtype is None:
            continue
        guards = tuple(change for change in course.changes if _guarded(change, course.required))
        left = _fixed(course.end, course.required) if not course.is_planned else ()
        found = dict.fromkeys([*(part for change in guards for part in _guarded(change, course.required)), *left])
        if found:
            yield course.finding(
                NAME,
                course.level(LEVEL, guards, is_cured=not left),
                "; ".join(found),
                course.cure(guards, "export the producer with this size fixed, or the consumer with it left open")
                + _filling(course, guards, match.inputs)
                + _resizing(course, guards),
            )


def _filling(course: Course, guards: Sequence[Change], inputs: Sequence[Endpoint]) -> str:
    """How short rows are filled up instead, where what is open may be the length of rows."""
    is_ragged = "ragged" in {course.provided.kind, course.required.kind}
    if is_ragged or not course.is_planned or course.required.facts.padding is not None:
        return ""
    spec = course.required
    refusing = [step for before, step in guards if step.transform == "ensure_shape" and before.rank == spec.rank]
    if not refusing or spec.rank is None or not 1 < spec.rank < IMAGE_RANK or course.provided.shape is None:
        return ""
    if not spec.shape or spec.shape[:1] != course.provided.shape[:1]:
        return ""
    declare = fact_option("consumer", course.binding.required, "padding", likely_filling(course, inputs))
    return f"; where short rows are to be filled up instead, declare it with {declare}"


def _resizing(course: Course, guards: Sequence[Change]) -> str:
    """What to do where pictures of other heights and widths come: that an open size is resized is no plan."""
    sizes = [
        step.result.shape[axis]
        for before, step in guards
        if step.transform == "ensure_shape" and before.shape is not None and step.result.shape is not None
        for axis in sorted(picture_axes(before, step.result))
        if before.rank == step.result.rank and before.shape[axis] is None
    ]
    if not course.is_planned or not sizes:
        return ""
    return f"; pictures of another size are refused: resize them to {' x '.join(map(str, sizes))} in the producer"


def _guarded(change: Change, required: TensorSpec) -> tuple[str, ...]:
    """What a step asserts about sizes, unless it is about rows that are cut or refused."""
    before, step = change
    # What is asked for beyond the shape that is required is so for the sake of other inputs: see unshared_batch.
    if before.kind == required.kind and is_subshape(before.shape, required.shape):
        return ()
    if not step.guard or before.kind != step.result.kind or cuts(change):
        return ()
    if before.rank is not None and before.rank != step.result.rank:
        # An axis of unknown size that is removed, say: there is no size after it to compare.
        return (f"only the run tells whether {step.guard}",)
    return _fixed(before, step.result)


def _fixed(before: TensorSpec, after: TensorSpec) -> tuple[str, ...]:
    """What is open before and fixed after, at equal kind and rank."""
    if before.kind != after.kind or after.shape is None:
        return ()
    if before.shape is None:
        return (f"required rank {len(after.shape)}, provided an unknown rank",)
    if len(before.shape) != len(after.shape):
        return ()
    return tuple(
        f"required size {wanted} on axis {axis}, provided an unknown size"
        for axis, (size, wanted) in enumerate(zip(before.shape, after.shape, strict=True))
        if size is None and wanted is not None
    )
