"""Mask: where a row has values, and where it is filled up.

## What it does
Gives 1 for a value and 0 for padding where the consumer declares that it wants a mask: of a
dense tensor by the padding that the producer declares, of a ragged one by the lengths of its
rows. A row longer than the required size has ones only. A value in the middle of a row is one,
even if it equals the padding.

## Example
    tf.cast(tf.cumsum(tf.cast(x != 0, tf.int32), axis=1, reverse=True) > 0, tf.int32)
    int32[?, 128], padding 0 -> int32[?, 128], meaning mask

## What it loses or assumes
Irreversible: the values themselves are gone.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts import rows, sequence_mask
from sigcheck.transforms.parts.array import Array, RaggedArray, Tensor, dense, numpy_dtype
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.filling import mask_padding
from sigcheck.transforms.parts.kernels import CAST
from sigcheck.transforms.parts.transform import Code

NAME = "mask"
ORDER = 300
SETTLES: Coordinates = frozenset({"meaning"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "encoding", "meaning", "padding"})
WRITES: Coordinates = frozenset({"kind", "sizes", "colours", "dtype", "encoding", "meaning", "ids", "padding"})

# What _sequence_mask does, which NumPy has no function for.
NUMPY_CALLS = {**rows.NUMPY_CALLS, **sequence_mask.NUMPY_CALLS}
KERAS_CALLS = rows.KERAS_CALLS

_DERIVED = frozenset({"lengths", "mask"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the mask of a tensor of the required rank, but for axes of one entry.

    >>> from sigcheck.schema.facts import Padding
    >>> ids = TensorSpec(dtype="int32", shape=(None, 9), facts=Facts(padding=Padding(value=0)))
    >>> [str(step) for step in propose(ids, TensorSpec(dtype="bool", shape=(None, 9), facts=Facts(meaning="mask")))]
    ['mask(dtype=bool, padding=0, side=post)']
    """
    if required.facts.meaning != "mask" or spec.facts.meaning in _DERIVED or required.kind != "dense":
        return
    places = rows.places_of_rows(required, len(spec.shape or ()))
    if spec.shape is None or required.shape is None or places is None:
        return
    dtype = required.dtype or ""
    if (
        dtype not in CAST
        or dtype.startswith("float8")
        or spec.kind == "sparse"
        or not rows.takes_counts(required, None)
    ):
        return
    arguments: dict[str, object] = {"dtype": dtype}
    shape = spec.shape
    if spec.kind == "dense":
        ends = rows.row_ends(spec)
        if ends is None:
            return
        arguments |= ends
    else:
        if len(shape) != 2:  # noqa: PLR2004  # rows of single values
            return
        size = required.shape[places[1]]
        shape = (shape[0], size)
        arguments["size"] = size
    padding = mask_padding(required, "pre" if arguments.get("side") == "pre" else "post")
    result = TensorSpec(dtype=dtype, shape=shape, facts=Facts(meaning="mask", axes=spec.facts.axes, padding=padding))
    yield Step(
        transform=NAME,
        arguments=arguments,
        result=result,
        loss="irreversible",
        cost=Cost(irreversible=1, bytes_moved=bytes_moved(spec, result), steps=1),
        reach="rows" if spec.kind == "ragged" else "tensor",
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """The places up to the last value that is not the padding, or `tf.sequence_mask` of the lengths."""
    dtype = step.arguments["dtype"]
    lines: tuple[str, ...] = ()
    if spec.kind == "ragged":
        is_row = f"tf.sequence_mask({value}.row_lengths(), maxlen={step.arguments['size']})"
    else:
        is_row, lines = "is_row", rows.is_row_code(spec, value, *rows.told_ends(step))
    return Code(is_row if dtype == "bool" else f"tf.cast({is_row}, tf.{dtype})", lines)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Whether each place is in its row."""
    import numpy as np

    if isinstance(value, RaggedArray):
        lengths = np.diff(value.row_splits[0])
        size = step.arguments["size"]
        is_row: Array = np.arange(lengths.max(initial=0) if size is None else size) < lengths[:, np.newaxis]
    else:
        is_row = rows.is_row(dense(value), *rows.told_ends(step))
    return np.asarray(is_row, bool).astype(numpy_dtype(step.arguments["dtype"]))
