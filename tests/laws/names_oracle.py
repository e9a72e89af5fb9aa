"""The oracle of names: follows every named axis through a plan, on values that are all different.

It knows nothing of layouts and of how plans are made. The provided array holds 1, 2, 3 and so on,
so that each value of the result tells the place that it had, and 0 a place that was filled.
"""

from __future__ import annotations

from math import prod

import numpy as np

from sigcheck.schema.tensor_spec import TensorSpec

# What these names say everywhere; any other two may be words for one axis.
APART = frozenset({"batch", "height", "width", "channel"})


def numbered(sizes: tuple[int, ...]) -> np.ndarray:
    """An array of these sizes whose values are all different, and none of them 0."""
    return np.arange(1, 1 + prod(sizes), dtype=np.int32).reshape(sizes)


def misplaced(provided: TensorSpec, required: TensorSpec, value: np.ndarray, result: np.ndarray) -> str | None:
    """What is wrong with the place of a value, as far as the names of both sides tell; None where nothing is.

    An index along an axis that the consumer names is the index that the producer had along its
    axis of that name, but for what is cut off or filled up before it. An axis of another name that
    is known to be another one does not vary along it.
    """
    ours, theirs = provided.facts.axes or (), required.facts.axes or ()
    if result.ndim != len(theirs) or value.ndim != len(ours):
        return None
    kept = np.argwhere(result > 0)
    places = np.stack(np.unravel_index(result[result > 0].astype(np.int64) - 1, value.shape), axis=-1)
    for to, wanted in enumerate(theirs):
        for axis, name in enumerate(ours):
            at, was = kept[:, to], places[:, axis]
            # What is cut or filled at the front has moved by one distance; one entry may stand for many.
            is_kept = value.shape[axis] == 1 or len(set((at - was).tolist())) <= 1
            if name is not None and name == wanted and not is_kept:
                return f"axis {to} ({wanted}) has other entries than {name} had"
            is_other = name is not None and wanted is not None and name != wanted
            is_known = is_other and ({name, wanted} <= APART or name in theirs or wanted in ours)
            if is_known and value.shape[axis] > 1 and _varies(kept, to, was):
                return f"axis {to} ({wanted}) is made of {name}"
    lost = [name for name in ours if name is not None and name in theirs and value.shape[ours.index(name)] > 1]
    return next((f"{name} is lost" for name in lost if theirs.index(name) >= result.ndim), None)


def _varies(kept: np.ndarray, to: int, was: np.ndarray) -> bool:
    """Whether the place that values had along an axis changes where only the one axis of the result does."""
    others = np.delete(kept, to, axis=1)
    order = np.lexsort((kept[:, to], *others.T)) if others.shape[1] else np.argsort(kept[:, to])
    same = (np.diff(others[order], axis=0) == 0).all(axis=1) if others.shape[1] else np.ones(len(order) - 1, bool)
    return bool((np.diff(was[order])[same] != 0).any())
