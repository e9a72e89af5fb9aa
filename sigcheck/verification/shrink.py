"""Shrink: the smallest tensors that can be found on which an adapter still fails.

Sizes first, then values: people look for what the failing tensors have in common, and an
array of zeros with one NaN in it says it at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, RaggedArray, SparseArray, Tensor
from sigcheck.verification.element_values import simple_values

# A run takes some milliseconds; what these leave unshrunk is shown as it is.
MAX_RUNS = 300
MAX_SECONDS = 3.0
# Values of larger tensors are changed by halves only, not one by one.
_FEW = 64


def shrink(
    tensors: Mapping[str, Tensor],
    specs: Mapping[str, TensorSpec],
    is_failing: Callable[[Mapping[str, Tensor]], bool],
    *,
    max_runs: int = MAX_RUNS,
    max_seconds: float = MAX_SECONDS,
) -> dict[str, Tensor]:
    """Tensors of the same specs, no larger and no less simple, for which `is_failing` still holds."""
    smallest = dict(tensors)
    until = time.monotonic() + max_seconds
    runs = 0
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for name, spec in specs.items():
            # Each success starts over with the candidates of what it left.
            candidates = _simpler(smallest[name], spec)
            while (candidate := next(candidates, None)) is not None:
                if runs == max_runs or time.monotonic() > until:
                    return smallest
                runs += 1
                tried = {**smallest, name: candidate}
                if is_failing(tried):
                    smallest, is_smaller = tried, True
                    candidates = _simpler(candidate, spec)
    return smallest


def _simpler(tensor: Tensor, spec: TensorSpec) -> Iterator[Tensor]:
    if isinstance(tensor, RaggedArray):
        yield from _fewer_rows(tensor, spec)
    elif isinstance(tensor, SparseArray):
        count = len(tensor.values)
        for begin, end in _kept(count):
            yield replace(tensor, indices=tensor.indices[begin:end], values=tensor.values[begin:end])
    else:
        for axis, size in enumerate(tensor.shape):
            if spec.shape is None or spec.shape[axis] is None:
                for begin, end in _kept(size):
                    yield tensor[(slice(None),) * axis + (slice(begin, end),)]
    values = tensor.values if isinstance(tensor, RaggedArray | SparseArray) else tensor
    for simpler in _simpler_values(values, spec):
        yield replace(tensor, values=simpler) if isinstance(tensor, RaggedArray | SparseArray) else simpler


def _kept(size: int) -> Iterator[tuple[int, int]]:
    """Yields which of `size` indices to keep: a half, or all but the first or last."""
    if size > 1:
        yield 0, size // 2
        yield size // 2, size
        yield 0, size - 1
        yield 1, size


def _fewer_rows(tensor: RaggedArray, spec: TensorSpec) -> Iterator[Tensor]:
    """Yields the tensor with only some of its outermost rows."""
    if spec.shape is not None and spec.shape[0] is not None:
        return
    for kept in _kept(len(tensor.row_splits[0]) - 1):
        (begin, end), row_splits = kept, []
        for splits in tensor.row_splits:
            cut = splits[begin : end + 1]
            row_splits.append(cut - cut[0])
            begin, end = int(cut[0]), int(cut[-1])
        yield RaggedArray(tensor.values[begin:end], tuple(row_splits))


def _simpler_values(values: Array, spec: TensorSpec) -> Iterator[Array]:
    """Yields arrays of which more values are simple: all, half, or one of them at a time."""
    import numpy as np

    simple = simple_values(spec)
    for rank, number in enumerate(simple):
        # A value that is as simple as this, or simpler, stays.
        is_open = ~np.isin(values, np.asarray(simple[: rank + 1], values.dtype)) | _is_negative_zero(values)
        positions = np.flatnonzero(is_open)
        groups = [positions, positions[: len(positions) // 2], positions[len(positions) // 2 :]]
        if len(positions) <= _FEW:
            groups += [positions[at : at + 1] for at in range(len(positions))]
        for group in groups:
            if len(group):
                changed = values.copy()
                changed.reshape(-1)[group] = number
                yield changed


def _is_negative_zero(values: Array) -> Array:
    import numpy as np

    return np.asarray((values == 0) & np.signbit(values) if values.dtype.kind == "f" else np.zeros(values.shape, bool))
