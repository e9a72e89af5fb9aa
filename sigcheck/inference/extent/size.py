"""Size: how long one axis of a tensor is, as far as it follows from one axis of an input.

Windows, strides, cuts and padding compose as receptive fields do: of an input of size n at most
`(n - least) // stride + 1` is left, and never less than nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple, TypeAlias


class Size(NamedTuple):
    """A size that depends on axis `axis` of input `source`, whose size is n there.

    At most `(n - least) // stride + 1`; with a stride of None only what follows is known. Below `empty` there
    is nothing, or the run failed before; `reason` is the operation that made it so.
    """

    source: str
    axis: int
    least: int = 1
    stride: int | None = 1
    empty: int = 1
    reason: str = ""

    def windowed(self, window: int, stride: int, reason: str) -> Size | None:
        """Behind an operation that makes at most `(size - window) // stride + 1` of a size.

        A window below 1 is padding: of nothing it makes something. None where nothing is known any more.
        """
        if window >= 1:
            if self.stride is None:
                return self
            least = self.least + self.stride * (window - 1)
            found = self._replace(least=least, stride=self.stride * stride)
            return found._replace(empty=least, reason=reason) if least > self.empty else found
        # What was cut to nothing is padded like what was not cut at all.
        if self.stride is None or self.least > 1 or self.empty > 1:
            return None
        return self._replace(least=self.least + self.stride * (window - 1), stride=self.stride * stride, empty=0)

    def needed(self, count: int) -> int:
        """The least size of the input below which there are fewer than `count`, or nothing at all."""
        return self.empty if self.stride is None else max(self.empty, self.least + self.stride * (count - 1))

    def only_emptiness(self) -> Size:
        """Where it is empty, and nothing else."""
        return self._replace(least=1, stride=None)


# The size of an axis: one that depends on an input, a known one, or an unknown one.
Extent: TypeAlias = Size | int | None
# Of all axes of a tensor; None where not even the rank is known.
Extents: TypeAlias = tuple[Extent, ...] | None


def broadcast(one: Extents, other: Extents) -> Extents:
    """The result of an operation that takes its operands element by element.

    >>> broadcast((None, 5), (1, 1)), broadcast((None, Size("x", 1, 4)), (3,))
    ((None, 5), (None, Size(source='x', axis=1, least=1, stride=None, empty=1, reason='')))
    """
    if one is None or other is None:
        return None
    is_plain = any(all(isinstance(extent, int) for extent in side) for side in (one, other))
    if len(one) != len(other) and not is_plain:
        # Keras aligns the first axes of two such tensors, TensorFlow the last.
        return None
    return tuple(_aligned(one, other))


def _aligned(one: Sequence[Extent], other: Sequence[Extent]) -> Iterator[Extent]:
    pairs = list(zip_longest(reversed(one), reversed(other), fillvalue=1))
    for ours, theirs in reversed(pairs):
        yield _either(ours, theirs)


def _either(ours: Extent, theirs: Extent) -> Extent:
    if ours == 1 or theirs == 1:
        return theirs if ours == 1 else ours
    if isinstance(ours, Size) and isinstance(theirs, Size):
        emptier = max(ours, theirs, key=lambda size: size.empty)
        is_alike = ours[:4] == theirs[:4]
        return emptier if is_alike else emptier.only_emptiness()
    for size in (ours, theirs):
        # Of one with nothing comes nothing; but a size of 1 takes on the other.
        if isinstance(size, Size):
            return size.only_emptiness()
    return ours if ours == theirs else None
