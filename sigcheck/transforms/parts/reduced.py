"""Reduced: which axis of a tensor a person may mean who lets one entry stand for all of it, and how entries are added.

No size says that a mean, a sum or one of the entries is meant: steps of this kind are by permission only. The axis is
told by its name, else by the places that the consumer has for the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.facts import Facts
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.shape import Shape, could_be
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array
from sigcheck.transforms.parts.channels import CHANNEL_NAMES, axes_of_numbers
from sigcheck.transforms.parts.classes import SCORES, class_axis
from sigcheck.transforms.parts.layout import batch_axis

# Sizes that the colours of a picture have.
_COLOURS = frozenset({3, 4})
# Means and sums of these are none of the same kind.
_NO_NUMBERS = CATEGORICAL | {"log_probabilities"}


def reduced_axes(spec: TensorSpec, required: TensorSpec) -> Iterator[tuple[int, Shape]]:
    """Yields each axis that the consumer has no place for, or one entry, with the shape in which one entry is left.

    Never the batch, nor an axis whose entries have numbers of their own, nor classes or colours.

    >>> from sigcheck.schema.notation import parse_spec
    >>> list(reduced_axes(parse_spec("float32[?, 16000, 2]"), parse_spec("float32[?, 16000]")))
    [(2, (None, 16000, 1))]
    """
    shape, wanted = spec.shape, required.shape
    if {spec.kind, required.kind} != {"dense"} or shape is None or wanted is None:
        return
    spared = {*axes_of_numbers(spec), batch_axis(spec), _classes(spec)}
    for axis, size in enumerate(shape):
        if (
            size not in {0, 1}
            and axis not in spared
            and not _is_colours(spec, axis)
            and _is_surplus(spec, required, axis)
        ):
            yield axis, (*shape[:axis], 1, *shape[axis + 1 :])


def _classes(spec: TensorSpec) -> int | None:
    found = class_axis(spec) if spec.facts.meaning in SCORES else None
    return None if found is None else found.axis


def _is_colours(spec: TensorSpec, axis: int) -> bool:
    axes = spec.facts.axes
    is_channel = (spec.shape or ())[axis] in _COLOURS if axes is None else axes[axis] in CHANNEL_NAMES
    return spec.facts.channel_order is not None and is_channel


def _is_surplus(spec: TensorSpec, required: TensorSpec, axis: int) -> bool:
    """Whether the consumer has no place for the axis, or one entry, as far as names and sizes say."""
    shape, wanted = spec.shape or (), required.shape or ()
    ours, theirs = spec.facts.axes, required.facts.axes
    if len(shape) == len(wanted):
        is_named_so = ours is None or theirs is None or None in {ours[axis], theirs[axis]} or ours[axis] == theirs[axis]
        # Height and width may both become one entry, the one after the other.
        left = tuple(1 if to == 1 and size != 0 else size for size, to in zip(shape, wanted, strict=True))
        return wanted[axis] == 1 and is_named_so and could_be(left, wanted)
    if len(shape) < len(wanted):
        return False
    if ours is not None and theirs is not None and ours[axis] is not None and None not in theirs:
        return ours[axis] not in theirs
    if batch_axis(spec) == 0 and (not wanted or wanted[0] is not None):
        # What would be left of a batch of any size is no axis of so many entries.
        return False
    return len(shape) > len(wanted) + 1 or could_be((*shape[:axis], *shape[axis + 1 :]), wanted)


def can_be_added(facts: Facts) -> bool:
    """Whether a sum of some of the numbers says something of what they stand for: of ids and of codes it does not."""
    return facts.meaning not in _NO_NUMBERS and facts.id_count is None and facts.quantization is None


def axis_words(spec: TensorSpec, axis: int) -> str:
    """What a message calls an axis: its name, where it has one.

    >>> from sigcheck.schema.notation import parse_spec
    >>> clip = parse_spec("float32[?, 2]")
    >>> axis_words(clip, 1), axis_words(clip.replace(facts=Facts(axes=("time", "channel"))), 1)
    ('axis 1', 'channel (axis 1)')
    """
    name = None if spec.facts.axes is None else spec.facts.axes[axis]
    return f"axis {axis}" if name is None else f"{name} (axis {axis})"


def not_empty(spec: TensorSpec, axis: int) -> str | None:
    """The guard that an axis of unknown size has an entry; None where its size is known."""
    return f"{axis_words(spec, axis)} has an entry" if (spec.shape or ())[axis] is None else None


def total_along(array: Array, axis: int) -> Array:
    """The sum along an axis, which stays with one entry; NaN where it depends on the order whether it is too large.

    In the precision of the array: numbers of which a few are too large together, and all are not, have no sum that
    every build of TensorFlow gives.
    """
    import numpy as np

    with np.errstate(all="ignore"):
        total = array.astype(np.longdouble).sum(axis, keepdims=True)
        most = np.where(np.isfinite(array), np.abs(array.astype(np.longdouble)), 0).sum(axis, keepdims=True)
        is_open = (most > np.finfo(array.dtype).max) & np.isfinite(array).all(axis, keepdims=True)
        made: Array = np.where(is_open, np.nan, total).astype(array.dtype)
    return made
