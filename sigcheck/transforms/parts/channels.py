"""Which axis holds the channels that a list of per-channel numbers belongs to, and what becomes of the numbers."""

from __future__ import annotations

from sigcheck.schema.facts import Facts
from sigcheck.schema.tensor_spec import TensorSpec

CHANNEL_NAMES = ("channel", "channels", "feature", "features")
# Of these no numbers are told one by one, whatever their sizes.
NO_CHANNELS = frozenset({"batch", "height", "width", "time"})


def channel_axes(spec: TensorSpec, count: int) -> tuple[int, ...]:
    """The axes that may hold `count` channels: the one that is named so, else all of that size but what is named else.

    >>> from sigcheck.schema.notation import parse_spec
    >>> channel_axes(parse_spec("float32[?, 3, 8, 8]"), 3), channel_axes(parse_spec("float32[3, 3]"), 3)
    ((1,), (0, 1))
    """
    if spec.shape is None:
        return ()
    for name in CHANNEL_NAMES:
        if spec.facts.axes is not None and name in spec.facts.axes:
            axis = spec.facts.axes.index(name)
            # Numbers along an axis of unknown size would stretch one of size 1.
            return (axis,) if spec.shape[axis] == count else ()
    names = spec.facts.axes or (None,) * len(spec.shape)
    return tuple(
        axis
        for axis, (size, name) in enumerate(zip(spec.shape, names, strict=True))
        if size == count and name not in NO_CHANNELS
    )


def is_named(spec: TensorSpec, axis: int) -> bool:
    """Whether the axis is declared to be the channels."""
    return spec.facts.axes is not None and spec.facts.axes[axis] in CHANNEL_NAMES


def can_lie_along(spec: TensorSpec, axis: int) -> bool:
    """Whether numbers can be laid along the axis: of rows of any length along the last one, if all have it alike.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [can_lie_along(parse_spec("ragged float32[?, None, 3]"), axis) for axis in (1, 2)]
    [False, True]
    """
    rank = len(spec.shape or ())
    return spec.kind == "dense" or (spec.kind == "ragged" and (spec.ragged_rank or 0) < axis == rank - 1)


def has_one_number(facts: Facts) -> bool:
    """Whether no fact speaks of each channel on its own: the channels can then be mixed, added and dropped."""
    numbers, stored = facts.normalization, facts.quantization
    return (numbers is None or len(numbers.mean) == 1) and (stored is None or len(stored.scale) == 1)


def axes_of_numbers(spec: TensorSpec) -> frozenset[int]:
    """The axes whose entries have numbers of their own: that of the scales, and those that may hold the channels.

    >>> from sigcheck.schema.facts import Normalization
    >>> facts = Facts(normalization=Normalization(mean=(1, 2, 3), std=(1, 1, 1)))
    >>> sorted(axes_of_numbers(TensorSpec(dtype="float32", shape=(None, 3, 8), facts=facts)))
    [1]
    """
    numbers, stored = spec.facts.normalization, spec.facts.quantization
    axes = set() if numbers is None or len(numbers.mean) == 1 else set(channel_axes(spec, len(numbers.mean)))
    return frozenset(axes if stored is None or stored.axis is None else {*axes, stored.axis})


ORDERS = frozenset({"RGB", "BGR"})
COLOURS = 3
