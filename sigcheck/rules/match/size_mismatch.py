"""A size differs, and both sizes are known.

## What it does
Finds axes whose size is not the required one, at equal rank: 100 against 128 tokens, 224
against 299 pixels, 1 against 3 channels.

Sizes that a moved axis explains are `layout_mismatch`, sizes only known at run time
`unknown_size`, values that are cut off `truncated_rows`, and sizes that the graph refuses `size_constraint`.

## Why is this bad?
TensorFlow refuses the tensor when the model runs. A size of 1 may be broadcast instead,
without a word.

## Example
    tokens: warning[size_mismatch]: required size 128 on axis 1, provided 100
      required  tokens: int32[?, 128]
      provided  ids: int32[?, 100]
      help      the adapter does it: pad(...)

## What to do
Look at the steps and what they assume. Declare `padding` where rows are filled up, or `axes`
where sizes belong to things with names: a step that the facts settle assumes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.course import Change, Course
from sigcheck.rules.views.cuts import cuts
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.resizing import resize_before
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.shape import format_shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import REDUCING

NAME = "size_mismatch"
ORDER = 120
LEVEL: Level = "warning"

_NO_WAY = "no transform leads from the one size to the other; bind another output"

# (axis, required size, provided size)
Difference = tuple[int, int, int]


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding with known sizes that differ, all its axes in it."""
    for course in match.courses:
        if course.is_ambiguous:
            continue
        resized = course.where(lambda change: bool(_resized(change)))
        left = differences(course.end, course.required) if not course.is_planned else ()
        axes = sorted({*(one for change in resized for one in _resized(change)), *left})
        spoken_of = match.cured_axes(course.binding.required)
        axes = [one for one in axes if one[0] not in spoken_of]
        if not axes and spoken_of:
            continue
        if axes:
            message = "; ".join(f"required size {size} on axis {axis}, provided {had}" for axis, size, had in axes)
            cures = resized
        elif _is_regrouped(course):
            message = (
                f"required sizes {format_shape(course.required.shape)}, provided {format_shape(course.provided.shape)}"
            )
            cures = course.changes
        else:
            continue
        yield course.finding(
            NAME,
            course.level(LEVEL, cures, is_cured=not left),
            message,
            # What brings some axes there, and not the others, would not do it.
            course.cure(
                () if left else cures, resize_before(course.end, course.required, [one[0] for one in left]) or _NO_WAY
            ),
        )


def differences(provided: TensorSpec, required: TensorSpec) -> tuple[Difference, ...]:
    """The axes of two specs of equal kind and rank whose known sizes differ."""
    if provided.kind != required.kind or provided.shape is None or required.shape is None:
        return ()
    if len(provided.shape) != len(required.shape):
        return ()
    return tuple(
        (axis, wanted, size)
        for axis, (size, wanted) in enumerate(zip(provided.shape, required.shape, strict=True))
        if size is not None and wanted is not None and size != wanted
    )


def _resized(change: Change) -> tuple[Difference, ...]:
    """What a step changes about sizes, unless it moves axes, regroups or reduces them, or cuts values off."""
    if change.step.transform in {"transpose", "reshape", *REDUCING} or cuts(change):
        return ()
    return differences(change.before, change.step.result)


def _is_regrouped(course: Course) -> bool:
    """Whether sizes differ at equal rank because elements stand in other groups."""
    others = {"transpose", *REDUCING}
    if not course.is_planned or course.where(lambda change: change.step.transform in others or bool(cuts(change))):
        return False
    return bool(differences(course.provided, course.required))
