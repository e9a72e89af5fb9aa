"""Sizes: which axes differ because they are too short or too long, not because they moved."""

from __future__ import annotations

from functools import lru_cache

from sigcheck.schema.axis_agreement import are_other_axes
from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.channels import CHANNEL_NAMES
from sigcheck.transforms.parts.classes import CLASS_NAMES, SCORES, class_axis

# Names of the axes that are the extent of a picture.
IMAGE_AXES = frozenset({"height", "width"})

# A batch, and rows or the numbers of an entry.
_BATCH_AND_ROWS = 2
_WITHIN_ENTRY = frozenset(
    {
        *CHANNEL_NAMES,
        *CLASS_NAMES,
        "bin",
        "bins",
        "coefficient",
        "coefficients",
        "coordinate",
        "coordinates",
        "embedding",
    }
    | {"frequencies", "frequency", "hidden", "mel", "mels", "unit", "units", "vocabulary"}
)


@lru_cache(maxsize=MOST_REMEMBERED)
def changed_axes(shape: Shape, required: Shape) -> tuple[int, ...]:
    """Axes of known sizes that differ, leaving out those whose size is required elsewhere.

    Of [8, 8, 3] against [3, 8, 8] no axis is too short: one has moved.

    >>> changed_axes((None, 8, 8, 3), (None, 3, 8, 8)), changed_axes((None, 100), (None, 128))
    ((), (1,))
    """
    different = [
        axis
        for axis, (size, wanted) in enumerate(zip(shape, required, strict=True))
        if size is not None and wanted is not None and size != wanted
    ]
    return tuple(
        axis
        for axis in different
        if all(shape[other] != required[axis] and required[other] != shape[axis] for other in different)
    )


def picture_axes(spec: TensorSpec, required: TensorSpec) -> frozenset[int]:
    """The axes that either side names height or width: they are cropped and resized, not cut or filled.

    >>> from sigcheck.schema.facts import Facts
    >>> named = TensorSpec(dtype="uint8", shape=(8, 8, 3), facts=Facts(axes=("height", "width", "channel")))
    >>> sorted(picture_axes(named, TensorSpec(dtype="uint8", shape=(6, 6, 3))))
    [0, 1]
    """
    return frozenset(
        axis
        for facts in (spec.facts, required.facts)
        if facts.axes is not None
        for axis, name in enumerate(facts.axes)
        if name in IMAGE_AXES
    )


def examples_axis(spec: TensorSpec, required: TensorSpec) -> int | None:
    """The axis of the examples, which is never filled up: what a side names batch, else the first where it is open.

    An axis alone whose filling the consumer declares is that of its rows, unless it is named batch.

    >>> from sigcheck.schema.facts import Facts, Padding
    >>> from sigcheck.schema.notation import parse_spec
    >>> rows, row = parse_spec("int32[?, ?]"), parse_spec("int32[?]")
    >>> filled = parse_spec("int32[128]").replace(facts=Facts(padding=Padding()))
    >>> examples_axis(rows, parse_spec("int32[8, 128]")), examples_axis(row, filled)
    (0, None)
    """
    told = [axes for axes in (spec.facts.axes, required.facts.axes) if axes is not None]
    named = next((axes.index("batch") for axes in told if "batch" in axes), None)
    if named is not None or not spec.shape or spec.shape[0] is not None:
        return named
    is_row = len(spec.shape) == 1 and required.facts.padding is not None
    return None if is_row or any(axes and are_other_axes(axes[0], "batch") for axes in told) else 0


def is_within_entry(spec: TensorSpec, required: TensorSpec, axis: int) -> bool:
    """Whether the axis is known to hold the numbers of one entry, and no rows to fill up.

    A side names it so, beside axes along which there may be rows; or nothing names it, and a side says what the numbers
    mean: scores of classes, vectors, boxes.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.schema.notation import parse_spec
    >>> steps, named = parse_spec("float32[?, 9, 3]"), Facts(axes=("batch", "time", "channel"))
    >>> [is_within_entry(steps.replace(facts=named), steps, axis) for axis in (1, 2)]
    [False, True]
    >>> [is_within_entry(steps.replace(facts=Facts(meaning="logits")), steps, axis) for axis in (1, 2)]
    [False, True]
    """
    told = [axes for axes in (spec.facts.axes, required.facts.axes) if axes is not None and len(axes) == spec.rank]
    names = {axes[axis] for axes in told} - {None}
    if names:
        return (spec.rank or 0) > _BATCH_AND_ROWS and not _WITHIN_ENTRY.isdisjoint(names)
    return any(_holds_numbers(one, axis) for one in (spec, required))


def _holds_numbers(spec: TensorSpec, axis: int) -> bool:
    """Whether what the numbers mean says that those along the axis are one thing together."""
    if spec.facts.meaning in SCORES:
        found = class_axis(spec)
        return found is not None and not found.is_doubtful and found.axis == axis
    is_last = axis == (spec.rank or 0) - 1
    return is_last and (spec.facts.meaning == "embedding" or spec.facts.boxes is not None)
