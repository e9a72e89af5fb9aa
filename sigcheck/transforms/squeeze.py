"""Squeeze: remove an axis of size 1.

## What it does
Removes an axis of size 1 that the required shape has no place for, and one of unknown size
behind a guard that its size is 1. An axis that the consumer names stays, and so does one of unknown
size whose name is none of the consumer's, unless all the consumer wants is one whole example.

## Example
    tf.squeeze(x, axis=[3])    float32[?, 8, 8, 1] -> float32[?, 8, 8]

## What it loses or assumes
Nothing: no value moves.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

from sigcheck.schema.axis_agreement import WITHIN_EXAMPLE
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import NO_FACTS
from sigcheck.schema.plan import Layout, Step
from sigcheck.schema.shape import could_be
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, Tensor, dense
from sigcheck.transforms.parts.classes import CLASS_NAMES, NO_CLASSES, SCORES
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.encoded import axes_before_decoding
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.layout import batch_axis, facts_moved, whole_axes
from sigcheck.transforms.parts.transform import Code

NAME = "squeeze"
ORDER = 40
SETTLES: Coordinates = frozenset({"sizes", "axes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "kernels", "meaning"})
WRITES: Coordinates = frozenset({"sizes", "axes", "encoding"})

NUMPY_CALLS = {
    "tf.squeeze": NumpyCall(
        ("x", "axis"), lambda given: f"({given['x']}).squeeze({tuple(ast.literal_eval(given['axis']))})"
    ),
}
KERAS_CALLS = {"tf.squeeze": lambda keras: partial(_squeeze_in_keras, keras)}


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the removal of each axis of size 1 that the required shape has no place for.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 8, 1]"), parse_spec("int32[?, 8]"))]
    ['squeeze(axis=2)']
    """
    if spec.kind != "dense" or spec.shape is None or required.shape is None:
        return
    known = [axis for axis, size in enumerate(spec.shape) if size == 1]
    wanted = axes_before_decoding(spec, required.shape, required.dtype)
    surplus = len(spec.shape) - len(wanted)
    if surplus < 0:
        known = []
    elif surplus == 0:
        known = [axis for axis in known if wanted[axis] not in {1, None} or _is_in_place_of(spec, required, axis)]
    # Behind a guard only where nothing else is left to do.
    unknown = [axis for axis, size in enumerate(spec.shape) if size is None] if surplus == 1 else []
    for axis in (*known, *unknown):
        if _is_of_scores(spec, required, axis):
            continue
        shape = (*spec.shape[:axis], *spec.shape[axis + 1 :])
        if axis in unknown and (_is_named_away(spec, required, axis) or not could_be(shape, wanted)):
            continue
        layout = _layout(len(spec.shape), axis)
        facts = facts_moved(spec, layout, NO_FACTS if _is_of_ids(spec, required, axis) else required.facts)
        if facts is None:
            continue
        is_guarded = axis in unknown
        yield Step(
            transform=NAME,
            arguments={"axis": axis},
            result=spec.replace(shape=shape, facts=facts),
            guard=f"axis {axis} has size 1" if is_guarded else None,
            cost=Cost(guards=int(is_guarded), steps=1),
            layout=layout,
        )


def _is_of_ids(spec: TensorSpec, required: TensorSpec, axis: int) -> bool:
    """Whether the axis holds the id of a class, and the consumer's of that name one entry for each class."""
    ours, theirs = spec.facts.axes, required.facts.axes
    if (spec.facts.meaning, required.facts.meaning) != ("class_ids", "probabilities") or not (ours and theirs):
        return False
    name, sizes = ours[axis], required.shape or ()
    is_one = (spec.shape or ())[axis] == 1 and name not in NO_CLASSES
    return is_one and name in theirs and sizes[theirs.index(name)] != 1


def _is_of_scores(spec: TensorSpec, required: TensorSpec, axis: int) -> bool:
    """Whether the axis is that of the classes, by its name, of scores that are yet to be converted along it.

    Without it another axis would be taken for that of the classes.
    """
    ours, theirs, names = spec.facts.meaning, required.facts.meaning, spec.facts.axes
    return names is not None and names[axis] in CLASS_NAMES and ours in SCORES and theirs in SCORES and ours != theirs


@lru_cache(maxsize=256)
def _layout(rank: int, axis: int) -> Layout:
    return whole_axes([i] for i in range(rank) if i != axis)


def _is_in_place_of(spec: TensorSpec, required: TensorSpec, axis: int) -> bool:
    """Whether the axis stands where the consumer has another one of those that are provided."""
    ours, theirs = spec.facts.axes, required.facts.axes
    if ours is None or theirs is None:
        return False
    return theirs[axis] is not None and theirs[axis] != ours[axis] and theirs[axis] in ours


def _is_named_away(spec: TensorSpec, required: TensorSpec, axis: int) -> bool:
    """Whether the axis has a name that is none of the consumer's, which names all of its axes.

    A whole example may be fed as a batch of one. What is known to be within an example has more
    entries than one, beside an open axis of the consumer a guard would hide which is meant, unless
    that axis is no batch and all that the consumer names is in the example, and where both sides name
    all axes and no name is on both, nothing says that the example is meant.
    """
    ours, theirs = spec.facts.axes, required.facts.axes
    if ours is None or theirs is None or None in theirs:
        return False
    if theirs and None not in ours and not set(ours).intersection(theirs):
        return True
    if ours[axis] is None:
        return False
    wanted = required.shape or ()
    is_example = wanted[:1] != (None,) and axis == batch_axis(spec) and set(theirs).issubset(ours)
    return ours[axis] in WITHIN_EXAMPLE or (None in wanted and not is_example)


def comes_after(step: Step, before: Step) -> bool:
    """From the front on: two axes are left out in one order only, but for those that may be wider."""
    return bool(step.guard or before.guard or step.arguments["axis"] >= before.arguments["axis"])


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.squeeze` with the axis named: it fails where the size is not 1."""
    return Code(f"tf.squeeze({value}, axis=[{step.arguments['axis']}])")


def _squeeze_in_keras(keras: Any, x: Any, axis: Sequence[int]) -> Any:
    shape = [size for at, size in enumerate(x.shape) if at not in axis]
    if 0 not in axis and x.shape[0] is None and None not in shape[1:]:
        return keras.layers.Reshape(shape[1:], dtype=x.dtype)(x)
    return keras.ops.squeeze(x, tuple(axis))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The same values without the axis. Raises GuardError where its size is not 1."""
    import numpy as np

    array, axis = dense(value), step.arguments["axis"]
    if array.shape[axis] != 1:
        raise GuardError(f"axis {axis} has size {array.shape[axis]}, not 1")
    return np.squeeze(array, axis)
