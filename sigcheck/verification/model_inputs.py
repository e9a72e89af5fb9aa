"""Inputs to run a producer on: of several sizes, its batch the same in all of them.

Values are ordinary ones: what a model does with limits and NaN is its own affair, and the
adapter was run on those already. Whole numbers without a declared range are small, so that
they may be ids of a small vocabulary. Nothing is random: the same specs give the same inputs.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.shape import Shape, format_shape
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import RaggedArray, SparseArray, Tensor, max_array_rank
from sigcheck.verification.element_values import ValueKind, elements, value_kinds

# (batch, every other unknown axis): small ones first, then what pictures and sequences need.
SIZES = ((3, 5), (1, 8), (2, 32), (7, 16), (2, 224))
# The rank of an input of unknown rank.
_USUAL_RANK = 2
_SMALL = ValueKind("small whole numbers", 0, 9)
# A float input without a declared range: both what is normalized and what is not are near these.
_AROUND_ZERO = ValueKind("values in [-1, 1]", -1.0, 1.0)
MAX_ELEMENTS = 2**22


@dataclass(frozen=True, eq=False)
class InputCase:
    """One tensor for each input of a model, by name."""

    name: str
    values: dict[str, Tensor]
    shapes: dict[str, tuple[int, ...]]
    seeds: tuple[int, ...]


def input_cases(inputs: Sequence[Endpoint], taken: Sequence[Mapping[str, Shape]] = ()) -> Iterator[InputCase]:
    """Yields inputs of every size; of one that is known, other values. None where no values can be made.

    `taken` are the shapes of the inputs by name, for each of SIZES, where these are not what a model takes.
    """
    for number, sizes in enumerate(SIZES):
        known = taken[number] if number < len(taken) else {}
        given = [_of_shape(endpoint, known.get(endpoint.name)) for endpoint in inputs if not endpoint.optional]
        made = [_value(endpoint, sizes, number) for endpoint in given]
        found = [one for one in made if one is not None]
        if len(found) < len(made):
            continue
        shapes = {name: shape for name, _, shape, _ in found}
        told = ", ".join(f"{name} {format_shape(shape)}" for name, shape in shapes.items())
        yield InputCase(told, {name: value for name, value, _, _ in found}, shapes, tuple(seed for *_, seed in found))


def _of_shape(endpoint: Endpoint, shape: Shape | None) -> Endpoint:
    own = endpoint.spec.shape
    if shape is None or endpoint.spec.kind != "dense" or (own is not None and len(own) != len(shape)):
        return endpoint
    filled = tuple(size if had is None else had for had, size in zip(own or shape, shape, strict=True))
    spec = endpoint.spec.replace_if_valid(shape=filled)
    return endpoint if spec is None else endpoint.model_copy(update={"spec": spec})


def _value(endpoint: Endpoint, sizes: tuple[int, int], number: int) -> tuple[str, Tensor, tuple[int, ...], int] | None:
    import numpy as np

    spec = endpoint.spec
    own = spec.shape if spec.shape is not None else (None,) * max(_USUAL_RANK, (spec.ragged_rank or 0) + 1)
    shape = tuple((sizes[0] if axis == 0 else sizes[1]) if size is None else size for axis, size in enumerate(own))
    kind = _kind(spec)
    if kind is None or math.prod(shape) > MAX_ELEMENTS or len(shape) > max_array_rank():
        return None
    seed = zlib.crc32(f"{endpoint} {shape} {number}".encode())
    random = np.random.default_rng(seed)
    value: Tensor
    if spec.kind == "ragged":
        rows, row_splits = shape[0], []
        for fixed in own[1 : 1 + (spec.ragged_rank or 0)]:
            # A known size of a ragged axis is that of every row.
            lengths = random.integers(1, sizes[1] + 1, rows) if fixed is None else np.full(rows, fixed)
            row_splits.append(np.concatenate([[0], np.cumsum(lengths)]).astype(spec.row_splits_dtype))
            rows = int(lengths.sum())
            if rows > MAX_ELEMENTS:
                # Lengths multiply from axis to axis.
                return None
        flat = elements(spec, (rows, *shape[(spec.ragged_rank or 0) + 1 :]), kind, random)
        value = RaggedArray(flat, tuple(row_splits))
    elif spec.kind == "sparse":
        positions = np.arange(0, math.prod(shape), 2, dtype=np.int64)
        indices = np.stack(np.unravel_index(positions, shape), axis=-1).astype(np.int64)
        value = SparseArray(indices, elements(spec, (len(positions),), kind, random), np.asarray(shape, np.int64))
    else:
        value = elements(spec, shape, kind, random)
    return endpoint.name, value, shape, seed


def _kind(spec: TensorSpec) -> ValueKind | None:
    """The kind of values that a model may take; None for a dtype that has none here."""
    if spec.dtype is None:
        return None
    kinds = value_kinds(spec)
    is_declared = spec.facts.range is not None or spec.facts.id_count is not None or spec.facts.meaning is not None
    if kinds and not is_declared:
        if DTYPES[spec.dtype].kind in {"int", "uint"}:
            return _SMALL if spec.dtype != "uint8" else ValueKind("pixels", 0, 255)
        if DTYPES[spec.dtype].kind in {"float", "complex"}:
            return _AROUND_ZERO
    return kinds[0] if kinds else None
