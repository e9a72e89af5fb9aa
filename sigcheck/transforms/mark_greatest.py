"""Mark greatest: 1 where the greatest score stands, 0 elsewhere.

## What it does
Marks the first class with the greatest score, where the producer declares scores and the consumer a mask.

## Example
    tf.one_hot(tf.argmax(x, axis=1, output_type=tf.int64), 3, axis=1, dtype=tf.int32)
    float32[?, 3], meaning probabilities -> int32[?, 3], meaning mask

## What it loses or assumes
Irreversible: by how much a class is ahead is gone. NaN is never the greatest. Where there are several axes
besides the batch and none is named class, that the classes are the last one is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts import class_forms
from sigcheck.transforms.parts.array import Array, Tensor, dense, numpy_dtype
from sigcheck.transforms.parts.classes import scored_classes
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.padding import loses_filling
from sigcheck.transforms.parts.transform import Code

NAME = "mark_greatest"
ORDER = 205
SETTLES: Coordinates = frozenset({"meaning"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "dtype", "meaning", "padding"})
WRITES: Coordinates = frozenset({"colours", "dtype", "encoding", "meaning", "ids", "padding"})

NUMPY_CALLS, KERAS_CALLS = class_forms.NUMPY_CALLS, class_forms.KERAS_CALLS

# What tf.one_hot gives without a cast, among the types that masks have.
RESULTS = ("int32", "int64", "float32")


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the mask of the greatest score of several.

    >>> scores = TensorSpec(dtype="float32", shape=(None, 3), facts=Facts(meaning="logits"))
    >>> [str(step) for step in propose(scores, TensorSpec(dtype="int32", shape=(None, 3), facts=Facts(meaning="mask")))]
    ['mark_greatest(axis=1, count=3, dtype=int32)']
    """
    scored = scored_classes(spec) if required.facts.meaning == "mask" and required.kind == "dense" else None
    if scored is None or scored[0].is_doubtful:
        return
    found, count = scored
    # A mask is cast to any other type exactly.
    dtype = required.dtype if required.dtype in RESULTS else RESULTS[0]
    result = TensorSpec(dtype=dtype, shape=spec.shape, facts=Facts(meaning="mask", axes=spec.facts.axes))
    if loses_filling(spec, result, required):
        # Of what fills the rows the first class would be marked.
        return
    yield Step(
        transform=NAME,
        arguments={"axis": found.axis, "count": count, "dtype": dtype},
        result=result,
        loss="irreversible",
        assumption=found.assumption,
        cost=Cost(
            irreversible=1,
            assumptions=int(found.assumption is not None),
            bytes_moved=bytes_moved(spec, result),
            steps=1,
        ),
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.one_hot` of `tf.argmax`."""
    axis, count, dtype = (step.arguments[name] for name in ("axis", "count", "dtype"))
    indices = f"tf.argmax({value}, axis={axis}, output_type=tf.int64)"
    return Code(f"tf.one_hot({indices}, {count}, axis={axis}, dtype=tf.{dtype})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """1 at the first of the greatest scores, 0 at the others."""
    import numpy as np

    array, axis = dense(value), step.arguments["axis"]
    marked: Array = np.zeros(array.shape, np.int8)
    if array.size:
        np.put_along_axis(marked, class_forms.greatest(array, axis, keepdims=True), 1, axis)
    return marked.astype(numpy_dtype(step.arguments["dtype"]))
