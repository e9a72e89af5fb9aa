"""Sparse by indices: a sparse tensor from its indices, its values and its dense shape.

## What it does
Makes a sparse tensor of three outputs, as models give one that is taken apart: for each entry its
indices, its value, and how large the whole is. Entries are put into the order of their indices.

## Example
    --bind 'sparse_by_indices(indices, values, dense_shape)=x'
    tf.SparseTensor(indices, values, dense_shape)    int64[?, 2], int32[?], int64[2] -> sparse int32[?, ?]

## What it loses or assumes
Nothing. Indices that are negative, beyond the shape or named twice, and another count of values
than of indices, are refused when it is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

from sigcheck.junctions.parts import carried
from sigcheck.junctions.parts.junction import JunctionError, to_dense
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import format_shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, SparseArray, Tensor, dense
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.transform import Code, keep_static_shape

NAME = "sparse_by_indices"
ORDER = 36
# Places and sizes are no values of the result.
VALUE_PARTS: tuple[int, ...] | None = (1,)

_PLACES = frozenset({"int32", "int64"})


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None, once, where a sparse tensor is required and the parts are its indices, values and shape.

    >>> from sigcheck.schema.notation import parse_spec
    >>> parts = [parse_spec(text) for text in ("int64[?, 2]", "int32[?]", "int64[2]")]
    >>> ways(parts, [parse_spec("sparse int32[?, ?]")])
    [None]
    """
    if required[0].kind != "sparse":
        return []
    try:
        rank = _rank(parts, required[0])
    except JunctionError:
        return []
    return [None] if required[0].shape is None or len(required[0].shape) == rank else []


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], argument: Any) -> tuple[Step, ...]:
    """The sparse tensor. Raises JunctionError where the parts are not indices, values and a shape."""
    rank = _rank(parts, required[0])
    values = parts[1]
    wanted = required[0].shape
    # A dense tensor may be filled up to its sizes afterwards.
    is_whole = required[0].kind == "sparse" and wanted is not None and len(wanted) == rank
    known = wanted if is_whole and wanted is not None else (None,) * rank
    result = TensorSpec(
        kind="sparse",
        dtype=values.dtype,
        shape=known,
        # What is at an axis of the values stands at none of the result: only facts of single values hold.
        facts=carried.without_origins(values.facts).replace(axes=None, padding=None, channel_order=None, boxes=None),
    )
    guard = "the indices are within the shape, each once"
    step = Step(
        transform=NAME,
        result=result,
        guard=guard if known == (None,) * rank else f"{guard}, and the shape is {format_shape(known)}",
        cost=Cost(guards=1, bytes_moved=bytes_moved(values, result), steps=1),
    )
    return (step,)


def _rank(parts: Sequence[TensorSpec], required: TensorSpec) -> int:
    """How many axes the sparse tensor has. Raises JunctionError where the parts make none, or it is not known."""
    if len(parts) != 3:  # noqa: PLR2004  # indices, values and shape
        raise JunctionError(f"{len(parts)} parts, expected indices, values and the dense shape")
    indices, values, size = parts
    for spec, word, rank in ((indices, "indices", 2), (size, "dense shape", 1)):
        if spec.kind != "dense" or spec.dtype not in _PLACES or spec.shape is None or len(spec.shape) != rank:
            problem = f"part {word} is {spec}, expected int32 or int64 of rank {rank}"
            raise JunctionError(problem, cure=to_dense(spec))
    if values.kind != "dense" or values.dtype not in MOVED or values.shape is None or len(values.shape) != 1:
        problem = f"part values is {values}, expected a dense tensor of rank 1"
        raise JunctionError(problem, cure=to_dense(values))
    stored = values.facts.quantization
    if stored is not None and stored.axis is not None:
        raise JunctionError("the values are quantized each for itself, which no axis of a sparse tensor is")
    counts = ((indices.shape or (None,))[0], values.shape[0])
    if None not in counts and counts[0] != counts[1]:
        raise JunctionError(f"there are {counts[0]} indices, and {counts[1]} values")
    wanted = None if required.kind != "sparse" or required.shape is None else len(required.shape)
    said = {one for one in (*(indices.shape or ())[1:], *(size.shape or ())) if one is not None}
    if len(said) > 1:
        raise JunctionError(f"the indices are {indices}, the dense shape is {size}: they have other axes")
    known = next(iter(said), wanted)
    if not known:
        raise JunctionError("nothing says how many axes the sparse tensor has")
    return known


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.SparseTensor` in the order of the indices, behind assertions: it takes whatever it is given.

    That there are as many values as indices the ordering demands.
    """
    places, given, size = (
        f"tf.cast({value}, tf.int64)" if at != 1 and part.dtype == "int32" else value
        for at, (part, value) in enumerate(zip(parts, values, strict=True))
    )
    known = step.result.shape or ()
    lines = [
        f"places = tf.ensure_shape({places}, [None, {len(known)}])",
        f"size = tf.ensure_shape({size}, [{len(known)}])",
        'tf.debugging.assert_non_negative(places, "an index is negative")',
        'tf.debugging.assert_less(places, size, "an index is beyond the shape")',
    ]
    lines += ['tf.debugging.assert_non_negative(size, "a size is negative")'] if None in known else []
    lines += [
        f'tf.debugging.assert_equal(size[{axis}], tf.constant({wanted}, tf.int64), "axis {axis} is not {wanted}")'
        for axis, wanted in enumerate(known)
        if wanted is not None
    ]
    lines += [
        f"entries = tf.sparse.reorder(tf.SparseTensor(places, {given}, size))",
        "is_other = tf.reduce_any(tf.not_equal(entries.indices[1:], entries.indices[:-1]), axis=1)",
        'tf.debugging.Assert(tf.reduce_all(is_other), ["an index stands twice"])',
    ]
    return keep_static_shape(step.result, Code("entries", tuple(lines)))


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """The entries by their indices. Raises GuardError where an index is no place of its own within the shape."""
    import numpy as np

    places, given, size = (dense(value) for value in values)
    known = step.result.shape or ()
    if places.shape[1] != len(known) or len(size) != len(known) or len(places) != len(given):
        raise GuardError(f"indices {places.shape}, values {given.shape} and a shape of {len(size)} axes do not agree")
    if any(wanted is not None and wanted != own for own, wanted in zip(size, known, strict=True)):
        raise GuardError(f"the shape is {list(size)}")
    listed = [tuple(int(one) for one in place) for place in places]
    if any(one < 0 for one in size) or any(
        not 0 <= one < most for place in listed for one, most in zip(place, size, strict=True)
    ):
        raise GuardError("an index is beyond the shape")
    if len(set(listed)) < len(listed):
        raise GuardError("an index stands twice")
    order = sorted(range(len(listed)), key=listed.__getitem__)
    return SparseArray(places[order].astype(np.int64), given[order], size.astype(np.int64))


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The same values at places of their own, the last first, in a whole of a few entries more."""
    import numpy as np

    places, given, size = (dense(value) for value in values)
    known = step.result.shape or ()
    sizes = [(2 if at else len(given) + 1) if one is None else one for at, one in enumerate(known)]
    if len(given) > prod(sizes) or not len(given):
        return [places, given, np.asarray(sizes, size.dtype)]
    made = np.stack(np.unravel_index(np.arange(len(given))[::-1], sizes), axis=1)
    return [made.astype(places.dtype), given, np.asarray(sizes, size.dtype)]


def refused(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Iterator[Sequence[Tensor]]:
    """Yields indices that are negative, beyond the shape or named twice, and counts and sizes that do not agree."""
    import numpy as np

    places, given, size = (dense(value) for value in values)
    is_open = all((spec.shape or (0,))[0] is None for spec in parts[:2])
    if is_open:
        below = [-1 if wanted is None else wanted for wanted in step.result.shape or ()]
        yield [places[:0], given[:0], np.asarray(below, size.dtype)]
    for axis, wanted in enumerate(step.result.shape or ()):
        if wanted is not None:
            other = size.copy()
            other[axis] += 1
            yield [places, given, other]
    if len(places) > 1:
        if is_open:
            yield [places, given[:-1], size]
        for first in (places[1], size, places[0] * 0 - 1):
            changed = places.copy()
            changed[0] = first
            yield [changed, given, size]
