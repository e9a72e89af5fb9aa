"""Tensors to run an adapter on: every spec's extremes first, then values as they usually are.

Their sizes are those of `case_shapes`, their values within a declared range or id count where there is one, its ends
included; else ordinary ones, the limits of the dtype, and NaN, infinities and -0.0. Nothing is random: the same spec
gives the same tensors.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sigcheck.schema.shape import Shape, format_shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import RaggedArray, SparseArray, Tensor, max_array_rank
from sigcheck.verification.case_shapes import MAX_ELEMENTS, case_shapes, telling_shapes
from sigcheck.verification.element_values import ValueKind, elements, neighbour_kinds, picture_kinds, value_kinds
from sigcheck.verification.file_values import FILE_MEANINGS, file_kinds

if TYPE_CHECKING:
    import numpy as np

# Rows of all ragged axes of one tensor, and of all tensors of a spec: lengths multiply from axis to axis.
MAX_ROWS = 2**17
MAX_ROWS_IN_ALL = 2**20


@dataclass(frozen=True, eq=False)
class ValueCase:
    """One tensor of a spec, what is special about it in words, its shape, and what its values were drawn from.

    One that `is_beyond` has values that the spec's facts deny: it is for guards that must refuse it.
    """

    name: str
    value: Tensor
    shape: tuple[int, ...] = ()
    seed: int = 0
    is_beyond: bool = False


class NoValuesError(Exception):
    """No tensor of the spec can be made: its dtype has no values here, or its sizes are beyond the bounds."""


def value_cases(spec: TensorSpec, wanted: Sequence[Shape] = (), numbers: Collection[float] = ()) -> Iterator[ValueCase]:
    """Yields tensors of the spec.

    `wanted` are the shapes that a plan leads through, and `numbers` those that its guards compare
    values with.

    Raises NoValuesError where the spec's dtype or sizes cannot be generated.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [case.name for case in value_cases(parse_spec("int8[?]"))][:3]
    ['ordinary values [3]', 'limits of int8 [3]', 'ordinary values [1]']
    """
    kinds = _kinds(spec, wanted)
    if not kinds:
        raise NoValuesError(f"no values of dtype {spec.dtype} can be made")
    most_axes = max_array_rank()
    if any(len(shape) > most_axes for shape in (spec.shape or (), *wanted)):
        raise NoValuesError(f"an array has at most {most_axes} axes")
    shapes = case_shapes(spec, wanted)
    if not shapes:
        raise NoValuesError(f"every tensor of {spec} has more than {MAX_ELEMENTS} values")
    telling = telling_shapes(spec, shapes, wanted)
    rows = 0
    for shape in shapes:
        for kind in kinds if shape in telling else kinds[:1]:
            for case in _of_kind(spec, shape, kind, wanted):
                yield case
                if isinstance(case.value, RaggedArray):
                    rows += sum(map(len, case.value.row_splits))
                if rows > MAX_ROWS_IN_ALL:
                    return
    yield from _guard_cases(spec, telling[-1], wanted, numbers)


def _kinds(spec: TensorSpec, wanted: Sequence[Shape]) -> tuple[ValueKind, ...]:
    """The kinds of values; of strings that hold something, such as the plan wants first."""
    kinds = value_kinds(spec)
    if spec.facts.meaning in {"encoded_image", "base64", "base64_url"}:
        return (*picture_kinds(wanted), *kinds)
    return (*file_kinds(spec, wanted), *kinds) if spec.facts.meaning in FILE_MEANINGS else kinds


def guard_cases(spec: TensorSpec, wanted: Sequence[Shape] = (), numbers: Collection[float] = ()) -> Iterator[ValueCase]:
    """Yields the tensors that are there for guards of values only: at each number, below and above it."""
    shapes = case_shapes(spec, wanted)
    if shapes:
        yield from _guard_cases(spec, telling_shapes(spec, shapes, wanted)[-1], wanted, numbers)


def _guard_cases(
    spec: TensorSpec, shape: tuple[int, ...], wanted: Sequence[Shape], numbers: Collection[float]
) -> Iterator[ValueCase]:
    for kind in neighbour_kinds(spec, numbers):
        yield replace(next(_of_kind(spec, shape, kind, wanted)), is_beyond=kind.is_beyond)


def _of_kind(spec: TensorSpec, shape: tuple[int, ...], kind: ValueKind, wanted: Sequence[Shape]) -> Iterator[ValueCase]:
    import numpy as np

    seed = zlib.crc32(f"{spec} {shape} {kind.name}".encode())
    random = np.random.default_rng(seed)
    if spec.kind == "dense":
        yield ValueCase(f"{kind.name} {format_shape(shape)}", elements(spec, shape, kind, random), shape, seed)
    elif spec.kind == "sparse":
        for filled in (0.4, 0.0, 1.0):
            name = f"{kind.name} {format_shape(shape)}, {filled:.0%} of them set"
            yield ValueCase(name, _sparse(spec, shape, kind, filled, random), shape, seed)
    else:
        for pattern, lengths in _possible_rows(spec, shape, wanted).items():
            value = _ragged(spec, shape, kind, lengths, random)
            yield ValueCase(f"{kind.name} in {shape[0]} rows, {pattern}", value, shape, seed)


def _row_lengths(wanted: Sequence[Shape], ragged_rank: int) -> dict[str, tuple[tuple[int, ...], ...]]:
    """How long the rows of each ragged axis are, by what is special about it; the lengths repeat."""
    spoken = [size for shape in wanted for size in shape[1:] if size]
    exact = {f"each {size} long": (size,) for size in dict.fromkeys(spoken)}
    longest = max(spoken, default=7)
    alike: dict[str, tuple[int, ...]] = {
        "some empty": (0, 2, 1, 3),
        "all empty": (0,),
        **exact,
        f"some {longest + 1} long": (longest + 1, 0, 1),
    }
    patterns = {name: (lengths,) * ragged_rank for name, lengths in alike.items()}
    for axis in range(1, ragged_rank + 1) if ragged_rank > 1 else ():
        most = max((size for shape in wanted if len(shape) > axis and (size := shape[axis])), default=None)
        if most is not None:
            # What only the guard of this axis stops: no row of another is longer than one.
            own: tuple[tuple[int, ...], ...] = tuple(
                (most + 1, 1) if at == axis else (1,) for at in range(1, ragged_rank + 1)
            )
            patterns[f"some {most + 1} long in axis {axis}"] = own
    return patterns


def _possible_rows(
    spec: TensorSpec, shape: tuple[int, ...], wanted: Sequence[Shape]
) -> dict[str, tuple[tuple[int, ...], ...]]:
    """The row lengths of which a tensor can be made. Raises NoValuesError where of these every row is empty."""
    patterns = _row_lengths(wanted, spec.ragged_rank or 0)
    counts = {name: _count_rows(spec, shape, lengths) for name, lengths in patterns.items()}
    if None in counts.values() and not any(counts.values()):
        raise NoValuesError(f"every tensor of {spec} has more than {MAX_ROWS} rows, or none")
    return {name: lengths for name, lengths in patterns.items() if counts[name] is not None}


def _count_rows(spec: TensorSpec, shape: tuple[int, ...], lengths: Sequence[Sequence[int]]) -> int | None:
    """The rows of the last ragged axis; None where the tensor is beyond the bounds."""
    rows = total = shape[0]
    for axis in range(1, (spec.ragged_rank or 0) + 1):
        rows = _rows_within(spec, axis, rows, lengths[axis - 1])
        total += rows
        if total > MAX_ROWS:
            return None
    return None if rows * math.prod(shape[(spec.ragged_rank or 0) + 1 :]) > MAX_ELEMENTS else rows


def _rows_within(spec: TensorSpec, axis: int, rows: int, lengths: Sequence[int]) -> int:
    """How many rows so many rows of this axis hold together."""
    if spec.shape is not None and (fixed := spec.shape[axis]) is not None:
        return rows * fixed
    whole, rest = divmod(rows, len(lengths))
    return whole * sum(lengths) + sum(lengths[:rest])


def _ragged(
    spec: TensorSpec,
    shape: tuple[int, ...],
    kind: ValueKind,
    lengths: Sequence[Sequence[int]],
    random: np.random.Generator,
) -> RaggedArray:
    import numpy as np

    ragged_rank = spec.ragged_rank or 0
    rows, row_splits = shape[0], []
    for axis in range(1, ragged_rank + 1):
        # A known size of a ragged axis is kept: every row is that long.
        fixed = spec.shape[axis] if spec.shape is not None else None
        of = lengths[axis - 1]
        own = [of[index % len(of)] if fixed is None else fixed for index in range(rows)]
        row_splits.append(np.concatenate([[0], np.cumsum(own, dtype=np.int64)]).astype(spec.row_splits_dtype))
        rows = sum(own)
    return RaggedArray(elements(spec, (rows, *shape[ragged_rank + 1 :]), kind, random), tuple(row_splits))


def _sparse(
    spec: TensorSpec, shape: tuple[int, ...], kind: ValueKind, filled: float, random: np.random.Generator
) -> SparseArray:
    import numpy as np

    count = math.prod(shape)
    # Every n-th position, so that the indices are in row-major order.
    positions = np.arange(count, dtype=np.int64) if filled == 1.0 else np.arange(1, count, 3, dtype=np.int64)
    positions = positions[:0] if filled == 0.0 else positions
    indices = np.stack(np.unravel_index(positions, shape), axis=-1) if count else np.zeros((0, len(shape)))
    values = elements(spec, (len(positions),), kind, random)
    return SparseArray(indices.astype(np.int64), values, np.asarray(shape, np.int64))
