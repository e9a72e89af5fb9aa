"""Dense to sparse: keep the entries that are not zero, with their places.

## What it does
Leaves out every 0, False and empty string.

## Example
    tf.sparse.from_dense(x)    float32[?, 1000] -> sparse float32[?, 1000]

## What it loses or assumes
Nothing but the sign of -0.0: what is not written is zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import SparseArray, Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.transform import Code, keep_static_shape

NAME = "dense_to_sparse"
ORDER = 270
SETTLES: Coordinates = frozenset({"kind"})
READS: Coordinates = frozenset({"kind", "sizes", "dtype", "encoding", "meaning", "ids", "padding", "boxes"})
WRITES: Coordinates = frozenset({"kind", "padding"})
TAKES: Forms = frozenset({"dense"})
MEETS: Forms = frozenset({"sparse"})
HAS_KERAS = False
HAS_NUMPY = False


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the sparse form, once the values are as required: zero means zero in the consumer's encoding.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step.result) for step in propose(parse_spec("int32[?, 9]"), parse_spec("sparse int32[?, 9]"))]
    ['sparse int32[?, 9]']
    """
    if spec.kind != "dense" or required.kind != "sparse" or spec.dtype not in MOVED or not spec.shape:
        return
    if VALUE_FACTS.intersection(conflicts(spec, required)):
        return
    padding = spec.facts.padding
    # Rows that are filled with another value, or in front, would have that value written.
    if padding is not None and (padding.value or padding.side == "pre"):
        return
    result = TensorSpec(kind="sparse", dtype=spec.dtype, shape=spec.shape, facts=spec.facts.replace(padding=None))
    yield Step(transform=NAME, result=result, cost=Cost(bytes_moved=bytes_moved(spec, result), steps=1), reach="axis")


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.sparse.from_dense`."""
    return keep_static_shape(step.result, Code(f"tf.sparse.from_dense({value})"))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """What is not zero, in row-major order."""
    import numpy as np

    array = dense(value)
    is_set = array != (b"" if spec.dtype == "string" else np.zeros((), array.dtype))
    return SparseArray(np.argwhere(is_set).astype(np.int64), array[is_set], np.asarray(array.shape, np.int64))
