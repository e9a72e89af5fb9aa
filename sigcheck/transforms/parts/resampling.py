"""Resampling: pictures of another height and width."""

from __future__ import annotations

from sigcheck.transforms.parts.array import Array


def resized(pictures: Array, size: tuple[int, int]) -> Array:
    """A picture [..., height, width, channel], or many, of floating-point numbers at another size."""
    import numpy as np

    height, width = pictures.ndim - 3, pictures.ndim - 2
    with np.errstate(over="ignore", invalid="ignore"):
        mixed = _interpolate(_interpolate(pictures.astype(np.float64), height, size[0]), width, size[1])
        rounded: Array = mixed.astype(pictures.dtype)
    return rounded


def _interpolate(array: Array, axis: int, size: int) -> Array:
    import numpy as np

    old = array.shape[axis]
    # The operation has its positions in float32, and a share is what is left of one.
    half = np.float32(0.5)
    centres = (np.arange(size, dtype=np.float32) + half) * (np.float32(old) / np.float32(size)) - half
    low = np.floor(centres)
    share = (centres - low).astype(np.float64).reshape([-1 if at == axis else 1 for at in range(array.ndim)])
    below = np.take(array, np.clip(low, 0, old - 1).astype(int), axis)
    # Where a position is that of an entry the one behind it has no part in it, be it infinite.
    above = np.take(array, np.clip(np.ceil(centres), 0, old - 1).astype(int), axis)
    mixed: Array = below + (above - below) * share
    return mixed
