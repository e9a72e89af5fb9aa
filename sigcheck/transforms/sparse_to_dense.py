"""Sparse to dense: write the entries that are there into an array of zeros.

## What it does
Fills every place without an entry with the zero of the dtype: 0, False or the empty string.

## Example
    tf.sparse.to_dense(x)    sparse float32[?, 1000] -> float32[?, 1000]

## What it loses or assumes
Nothing of the values; a zero that was written can no longer be told from one that was not.
Indices have to be in order and named once, as TensorFlow's own operations give them: others
are refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.array import Array, SparseArray, Tensor
from sigcheck.transforms.effort import bytes_moved
from sigcheck.transforms.kernels import MOVED
from sigcheck.transforms.transform import Code

NAME = "sparse_to_dense"


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the dense form.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step.result) for step in propose(parse_spec("sparse int32[?, 9]"), parse_spec("int32[?, 9]"))]
    ['int32[?, 9]']
    """
    if spec.kind != "sparse" or required.kind == "sparse" or spec.dtype not in MOVED or not spec.shape:
        return
    result = TensorSpec(dtype=spec.dtype, shape=spec.shape, facts=spec.facts)
    yield Step(transform=NAME, result=result, cost=Cost(bytes_moved=bytes_moved(spec, result), steps=1), reach="axis")


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.sparse.to_dense`, with the sizes stated that it forgets."""
    code = f"tf.sparse.to_dense({value})"
    if all(size is None for size in step.result.shape or ()):
        return Code(code)
    return Code(f"tf.ensure_shape({code}, {list(step.result.shape or ())})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Each value at its index, zero elsewhere."""
    import numpy as np

    if not isinstance(value, SparseArray):
        raise TypeError(f"a sparse array is wanted here, not a {type(value).__name__}")
    shape = tuple(int(size) for size in value.dense_shape)
    zero = b"" if spec.dtype == "string" else 0
    filled: Array = np.full(shape, zero, value.values.dtype)
    filled[tuple(value.indices.T)] = value.values
    return filled
