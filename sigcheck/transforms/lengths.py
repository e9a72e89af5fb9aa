"""Lengths: how many values each row has.

## What it does
Counts the values of each row where the consumer declares that it wants lengths: of a ragged
tensor all, of a dense one those that are not the padding that the producer declares.

## Example
    x.row_lengths()    ragged int32[?, None] -> int64[?], meaning lengths

## What it loses or assumes
Irreversible: the values themselves are gone.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.pad import pad_value
from sigcheck.transforms.parts.array import Array, RaggedArray, Tensor, dense
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.layout import forgets
from sigcheck.transforms.parts.transform import Code

NAME = "lengths"
ORDER = 290

# What is counted in; a cast gives any other.
RESULTS = ("int64", "int32")
_DERIVED = frozenset({"lengths", "mask"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the count of the values of each row.

    >>> from sigcheck.schema.notation import parse_spec
    >>> wanted = TensorSpec(dtype="int64", shape=(None,), facts=Facts(meaning="lengths"))
    >>> [str(step) for step in propose(parse_spec("ragged string[?, None]"), wanted)]
    ['lengths(dtype=int64)']
    """
    if required.facts.meaning != "lengths" or spec.facts.meaning in _DERIVED or required.kind != "dense":
        return
    if spec.shape is None or len(spec.shape) < 2 or spec.kind == "sparse":  # noqa: PLR2004  # rows of values
        return
    dtype = required.dtype if required.dtype in RESULTS else RESULTS[0]
    arguments: dict[str, object] = {"dtype": dtype}
    if spec.kind == "dense":
        value = pad_value(spec.dtype, spec.facts.padding.value) if spec.facts.padding is not None else None
        if value is None or spec.dtype not in MOVED or len(spec.shape) != 2:  # noqa: PLR2004  # rows of single values
            return
        arguments["padding"] = value
    axes = None if spec.facts.axes is None else spec.facts.axes[:1]
    if forgets(spec.facts.axes, axes, required.facts):
        return
    result = TensorSpec(dtype=dtype, shape=spec.shape[:1], facts=Facts(meaning="lengths", axes=axes))
    yield Step(
        transform=NAME,
        arguments=arguments,
        result=result,
        loss="irreversible",
        cost=Cost(irreversible=1, bytes_moved=bytes_moved(spec, result), steps=1),
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`row_lengths`, or a count of what is not padding."""
    dtype = step.arguments["dtype"]
    if spec.kind == "ragged":
        lengths = f"{value}.row_lengths()"
        return Code(lengths if spec.row_splits_dtype == dtype else f"tf.cast({lengths}, tf.{dtype})")
    padding = f"tf.constant({step.arguments['padding']!r}, tf.{spec.dtype})"
    return Code(f"tf.math.count_nonzero(tf.not_equal({value}, {padding}), axis=1, dtype=tf.{dtype})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The differences of the row splits, or the number of values in each row that are not padding."""
    import numpy as np

    if isinstance(value, RaggedArray):
        lengths: Array = np.diff(value.row_splits[0])
    else:
        array, padding = dense(value), step.arguments["padding"]
        filler = padding.encode() if isinstance(padding, str) else np.asarray(padding, array.dtype)
        lengths = np.sum(array != filler, axis=1)
    return lengths.astype(step.arguments["dtype"])
