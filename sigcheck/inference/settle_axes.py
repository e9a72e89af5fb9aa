"""Settle axes: the names that the axes of a picture get from the operation that reads it.

Where the channels are is what a convolution computes. Which of the other two axes is the height is a
convention that it knows nothing of: it would read (time, frequency) as well. So these two take their
names from the other side, in its order, and nothing is settled where that side does not name them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

Axes = tuple[str | None, ...]

_FIXED = frozenset({"batch", "channel"})
# A picture's height and width, or what stands for them.
_SPATIAL = 2


def settle_axes(axes: Axes, spec: TensorSpec, others: Sequence[Endpoint]) -> Axes | None:
    """The names of all axes; None where the other side does not agree on them, or sizes contradict them.

    >>> from sigcheck.schema.facts import Facts
    >>> sound = TensorSpec(dtype="float32", shape=(None, 1, 80, 99),
    ...                    facts=Facts(axes=("batch", "channel", "mel", "time")))
    >>> picture = TensorSpec(dtype="float32", shape=(None, 80, 99, 1))
    >>> settle_axes(("batch", "height", "width", "channel"), picture, [Endpoint(name="sound", spec=sound)])
    ('batch', 'mel', 'time', 'channel')
    """
    named = [one.spec for one in others if _spatial(one.spec) is not None]
    orders = {_spatial(one) for one in named}
    if len(orders) != 1:
        return None
    spatial = iter(orders.pop() or ())
    settled = tuple(name if name in _FIXED else next(spatial, None) for name in axes)
    return settled if all(_agree(settled, spec, one) for one in named) else None


def _spatial(spec: TensorSpec) -> Axes | None:
    """The two axes beside batch and channel, where all are named."""
    axes = spec.facts.axes
    if axes is None or None in axes or "channel" not in axes:
        return None
    found = tuple(name for name in axes if name not in _FIXED)
    return found if len(found) == _SPATIAL else None


def _agree(axes: Axes, spec: TensorSpec, other: TensorSpec) -> bool:
    """Whether each axis has the size, as far as both are known, that it has on the other side; batches may differ."""
    sizes = dict(zip(other.facts.axes or (), other.shape or (), strict=False))
    return all(
        name == "batch" or size is None or sizes.get(name) in {None, size}
        for name, size in zip(axes, spec.shape or (), strict=False)
    )
