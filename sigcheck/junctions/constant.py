"""Constant: one value for a whole input that no output is for.

## What it does
Fills an input with one value that somebody told: `is_training`, a threshold, segment ids of zeros. Sizes that the
input leaves open are those of an output: the batch, and where more are open those of the output that is named. An input
of unknown rank, as a placeholder without a shape is, gets the value as it was told: a scalar.

## Example
    --const x=0
    tf.fill([tf.shape(ids)[0], tf.shape(ids)[1]], tf.constant(0, tf.int32))    int64[?, ?] -> int32[?, ?]

## What it loses or assumes
Nothing: the value was told, and is as the model sees it. One that the dtype cannot hold, or that is beyond what the
input is declared or proved to take, is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import RaggedArray, Tensor, dense, numpy_dtype
from sigcheck.transforms.parts.effort import bytes_of
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.transform import Code, dtype_code

NAME = "constant"
ORDER = 70
# The output gives its sizes, and none of its values.
VALUE_PARTS: tuple[int, ...] | None = ()
NUMPY_CALLS = {"tf.fill": NumpyCall(("dims", "value"), "np.full({dims}, {value})")}
# A functional model has no sizes while it is built.
HAS_KERAS = False


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None: that an input is constant is for somebody to say.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("int32[?]")], [parse_spec("int32[?]")])
    []
    """
    return []


def has_axes(spec: TensorSpec) -> int:
    """How many axes from the first on have one size each: of rows only the first has.

    >>> from sigcheck.schema.notation import parse_spec
    >>> has_axes(parse_spec("int32[?, 9]")), has_axes(parse_spec("ragged int32[?, None]"))
    (2, 1)
    """
    if spec.kind == "dense" and spec.shape is not None:
        return len(spec.shape)
    return 1 if spec.kind == "ragged" else 0


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], axis: Any) -> tuple[Step, ...]:
    """The filled input. Raises JunctionError where the sizes that it leaves open are not those of the output."""
    (like,), (spec,) = parts, required
    if spec.kind != "dense" or spec.dtype is None:
        raise JunctionError(f"{spec} is required, expected a dense tensor of known dtype")
    # Of an unknown rank any is taken, and the value that was told has none.
    shape = spec.shape or ()
    open_axes = [axis for axis, size in enumerate(shape) if size is None]
    if open_axes and has_axes(like) <= open_axes[-1]:
        raise JunctionError(
            f"{spec} leaves the size of axis {open_axes[-1]} open, and {like} has none for it",
            cure="name an output that has it: constant(0, OUTPUT)",
        )
    sizes = tuple((like.shape or ())[axis] if axis in open_axes else size for axis, size in enumerate(shape))
    result = spec.replace_if_valid(shape=sizes)
    if result is None:
        raise JunctionError(f"{spec} is quantized along an axis that has another size in {like}")
    step = Step(
        transform=NAME,
        arguments={"value": axis},
        result=result,
        cost=Cost(bytes_moved=bytes_of(result), steps=1),
    )
    return (step,)


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.fill`, or `tf.constant` of a scalar."""
    dtype = step.result.dtype or ""
    # TensorFlow fills nothing with the narrowest floats.
    is_narrow = dtype.startswith("float8")
    value = f"tf.constant({step.arguments['value']!r}, tf.{'float32' if is_narrow else dtype})"
    if not step.result.shape:
        return Code(f"tf.cast({value}, {dtype_code(dtype)})" if is_narrow else value)
    like = values[0]
    sizes = [
        str(size)
        if size is not None
        else f"tf.shape({like})[{axis}]"
        if parts[0].kind == "dense"
        else f"{like}.nrows(tf.int32)"
        for axis, size in enumerate(step.result.shape)
    ]
    filled = f"tf.fill([{', '.join(sizes)}], {value})"
    return Code(f"tf.cast({filled}, {dtype_code(dtype)})" if is_narrow else filled)


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """An array of the value."""
    import numpy as np

    value = step.arguments["value"]
    shape = step.result.shape or ()
    like: tuple[int, ...] = ()
    if None in shape:
        rows = values[0]
        like = (len(rows.row_splits[0]) - 1,) if isinstance(rows, RaggedArray) else dense(rows).shape
    sizes = [like[axis] if size is None else size for axis, size in enumerate(shape)]
    filler = value.encode() if isinstance(value, str) else value
    return np.full(sizes, filler, numpy_dtype(step.result.dtype or ""))


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The values as they are: only their sizes are looked at."""
    return values
