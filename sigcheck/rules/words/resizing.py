"""Resizing: what a person does where pictures come in another height or width than the consumer takes."""

from __future__ import annotations

from collections.abc import Iterable

from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.sizes import picture_axes


def resize_before(before: TensorSpec, after: TensorSpec, axes: Iterable[int]) -> str:
    """What to do in the producer where all these axes are named height or width; nothing is said of other axes.

    Maps of ids are no pictures whose points may be mixed.

    >>> from sigcheck.schema.facts import Facts
    >>> named = TensorSpec(dtype="uint8", shape=(3, 8, 8), facts=Facts(axes=("channel", "height", "width")))
    >>> resize_before(named, TensorSpec(dtype="uint8", shape=(3, 6, 4)), [1, 2])
    'resize the pictures to 6 x 4 in the producer'
    >>> resize_before(named, TensorSpec(dtype="uint8", shape=(1, 8, 8)), [0])
    ''
    """
    if {before.facts.meaning, after.facts.meaning} & CATEGORICAL or after.shape is None:
        return ""
    known, changed = picture_axes(before, after), frozenset(axes)
    if not changed or not changed <= known:
        return ""
    sizes = " x ".join("?" if after.shape[axis] is None else str(after.shape[axis]) for axis in sorted(known))
    return f"resize the pictures to {sizes} in the producer"
