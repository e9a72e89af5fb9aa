"""Sparse to dense: write the entries that are there into an array that is filled with one value.

## What it does
Fills every place without an entry with the consumer's declared padding, else the producer's; else as the policy
prefers it, without a preference with the zero of the dtype: 0, False or the empty string.

## Example
    tf.sparse.to_dense(x, default_value=...)    sparse int32[?, ?] -> int32[?, ?], padding -1

## What it loses or assumes
Nothing of the values; a filling that was written can no longer be told from one that was not.
That the value means "nothing" is an assumption unless a padding is declared: the
values are made up, and the plan passes where the policy says what fills short rows, and is shown else.
Indices have to be in order and named once, as TensorFlow's own operations give them: others
are refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, SparseArray, Tensor
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.filling import choose_filling, declared_padding, filler_code
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.padding import ZEROS_BEHIND, Filling
from sigcheck.transforms.parts.transform import Code

NAME = "sparse_to_dense"
ORDER = 240
SETTLES: Coordinates = frozenset({"kind"})
READS: Coordinates = frozenset({"kind", "sizes", "dtype", "encoding", "meaning", "ids", "padding", "boxes"})
WRITES: Coordinates = frozenset({"kind", "padding"})
TAKES: Forms = frozenset({"sparse"})
HAS_KERAS = False
HAS_NUMPY = False


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the dense form.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("sparse int32[?, 9]"), parse_spec("int32[?, 9]"))]
    ['sparse_to_dense(value=0)']
    """
    return propose_filled(spec, required, ZEROS_BEHIND)


def propose_filled(spec: TensorSpec, required: TensorSpec, filling: Filling) -> Iterator[Step]:
    """Yields the dense form with the declared filling, else with this one."""
    if spec.kind != "sparse" or required.kind == "sparse" or spec.dtype not in MOVED or not spec.shape:
        return
    if required.kind == "ragged" and len(spec.shape) == 2:  # noqa: PLR2004  # rows that sparse_to_ragged takes as they are
        return
    declared = declared_padding(spec, required)
    # Values stay where they stand: what is filled is behind them.
    if declared is not None and declared.side == "pre":
        return
    # A filling belongs to the encoding of the consumer: values are converted first. A zero stands for one in both.
    is_zero = declared is None and filling.value is None
    if not is_zero and VALUE_FACTS.intersection(conflicts(spec, required)):
        return
    value = choose_filling(spec, required, filling).value
    if value is None:
        return
    result = TensorSpec(
        dtype=spec.dtype,
        shape=spec.shape,
        facts=spec.facts if declared is None else spec.facts.replace(padding=declared),
    )
    yield Step(
        transform=NAME,
        arguments={"value": value},
        result=result,
        assumption=f"{value!r} where nothing is written means no value" if declared is None else None,
        cost=Cost(
            inventions=int(declared is None),
            assumptions=int(declared is None),
            bytes_moved=bytes_moved(spec, result),
            steps=1,
        ),
        reach="axis",
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.sparse.to_dense`, with the sizes stated that it forgets."""
    filler = step.arguments["value"]
    code = (
        f"tf.sparse.to_dense({value}, default_value={filler_code(spec.dtype, filler)})"
        if filler
        else f"tf.sparse.to_dense({value})"
    )
    if all(size is None for size in step.result.shape or ()):
        return Code(code)
    return Code(f"tf.ensure_shape({code}, {list(step.result.shape or ())})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Each value at its index, the filling elsewhere."""
    import numpy as np

    if not isinstance(value, SparseArray):
        raise TypeError(f"a sparse array is wanted here, not a {type(value).__name__}")
    shape = tuple(int(size) for size in value.dense_shape)
    filler = step.arguments["value"]
    filled: Array = np.full(shape, filler.encode() if isinstance(filler, str) else filler, value.values.dtype)
    filled[tuple(value.indices.T)] = value.values
    return filled
