"""Argmax: the class of the greatest score.

## What it does
Takes the index of the greatest logit or probability along the axis of the classes, the first
of equal ones, where the producer declares scores and the consumer class_ids, or token_ids of which
it counts as many as there are classes. NaN is never the
greatest; of nothing but NaN the first is taken.

## Example
    tf.argmax(x, axis=1, output_type=tf.int64)    float32[?, 10], meaning logits -> int64[?], meaning class_ids

## What it loses or assumes
Irreversible: the scores are gone. Behind a batch and one axis of classes nothing is assumed;
with more axes, and none named class, that the last one holds the classes is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Axes, Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts import class_forms
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.classes import scored_classes
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.layout import forgets
from sigcheck.transforms.parts.padding import loses_filling
from sigcheck.transforms.parts.transform import Code

NAME = "argmax"
ORDER = 200
SETTLES: Coordinates = frozenset({"meaning"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "dtype", "meaning", "ids", "padding"})
WRITES: Coordinates = frozenset({"sizes", "axes", "dtype", "encoding", "meaning", "ids", "padding"})

NUMPY_CALLS, KERAS_CALLS = class_forms.NUMPY_CALLS, class_forms.KERAS_CALLS

# What tf.argmax gives without a cast.
RESULTS = ("int64", "int32")


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the index of the greatest score, where ids of several classes are required.

    >>> from sigcheck.schema.facts import Axes, Facts
    >>> scores = TensorSpec(dtype="float32", shape=(None, 10), facts=Facts(meaning="logits"))
    >>> ids = TensorSpec(dtype="int64", shape=(None,), facts=Facts(meaning="class_ids"))
    >>> [str(step) for step in propose(scores, ids)]
    ['argmax(axis=1, dtype=int64)']
    """
    scored = scored_classes(spec)
    if scored is None or not _are_indices(required.facts, scored[1]):
        return
    (found, count), shape, axes = scored, spec.shape or (), spec.facts.axes
    left = None if axes is None else (*axes[: found.axis], *axes[found.axis + 1 :])
    if forgets(axes, left, required.facts) and not _is_kept_as_one(axes, found.axis, required):
        return
    facts = spec.facts.replace(
        meaning=required.facts.meaning,
        axes=left,
        id_count=count,
        range=None,
        normalization=None,
        quantization=None,
        padding=None,
    )
    dtype = required.dtype if required.dtype in RESULTS else RESULTS[0]
    result = TensorSpec(dtype=dtype, shape=(*shape[: found.axis], *shape[found.axis + 1 :]), facts=facts)
    if loses_filling(spec, result, required):
        return
    yield Step(
        transform=NAME,
        arguments={"axis": found.axis, "dtype": dtype},
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


def _is_kept_as_one(axes: Axes | None, axis: int, required: TensorSpec) -> bool:
    """Whether the consumer has one entry along the axis of that name: the id itself, which an axis is made for."""
    name, theirs = (axes or ())[axis], required.facts.axes or ()
    return name in theirs and (required.shape or ())[theirs.index(name)] == 1


def _are_indices(facts: Facts, count: int) -> bool:
    """Whether the ids that are required are the indices of so many classes, which may be a vocabulary of tokens."""
    return facts.meaning == "class_ids" or (facts.meaning == "token_ids" and facts.id_count == count)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.argmax`."""
    axis, dtype = step.arguments["axis"], step.arguments["dtype"]
    return Code(f"tf.argmax({value}, axis={axis}, output_type=tf.{dtype})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The first index of the greatest score."""
    return class_forms.greatest(dense(value), step.arguments["axis"]).astype(step.arguments["dtype"])
