"""Merge dims: rows of rows become rows.

## What it does
Puts the values of two neighbouring ragged axes behind one another where the consumer has fewer axes: the
pieces of each word become the pieces of the sentence. The first axis stays what it is.

## Example
    x.merge_dims(1, 2)    ragged int32[?, None, None] -> ragged int32[?, None]

## What it loses or assumes
Nothing of the values, and not their order. Where one of the inner rows ends can no longer be told.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import RaggedArray, Tensor
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.layout import forgets
from sigcheck.transforms.parts.transform import Code

NAME = "merge_dims"
ORDER = 285
SETTLES: Coordinates = frozenset({"kind", "sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "encoding"})
WRITES: Coordinates = frozenset({"kind", "sizes", "axes", "encoding"})
TAKES: Forms = frozenset({"ragged"})
HAS_KERAS = False
HAS_NUMPY = False

# Rows of rows, and what they become at least.
_NESTED, _ROWS = 2, 2


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the merge of each two neighbouring ragged axes behind the first.

    >>> from sigcheck.schema.notation import parse_spec
    >>> sides = parse_spec("ragged int32[?, None, None]"), parse_spec("ragged int32[?, None]")
    >>> [str(step) for step in propose(*sides)]
    ['merge_dims(outer=1, inner=2)']
    """
    depth = spec.ragged_rank or 0
    if spec.kind != "ragged" or spec.shape is None or required.shape is None or depth < _NESTED:
        return
    if not _ROWS <= len(required.shape) < len(spec.shape):
        return
    # To merge all of them it does not matter which two come first.
    places = range(depth - 1, 0, -1) if len(required.shape) > len(spec.shape) - depth + 1 else [depth - 1]
    for axis in places:
        names = spec.facts.axes
        left = None if names is None else _merged_names(names, axis, required)
        if forgets(names, left, required.facts):
            continue
        stored = spec.facts.quantization
        if stored is not None and stored.axis in {axis, axis + 1}:
            # Which scale is that of an entry, the merged axis does not say.
            continue
        if stored is not None and stored.axis is not None and stored.axis > axis:
            stored = stored.model_copy(update={"axis": stored.axis - 1})
        result = spec.replace(
            shape=(*spec.shape[: axis + 1], *spec.shape[axis + 2 :]),
            ragged_rank=depth - 1,
            facts=spec.facts.replace(axes=left, quantization=stored),
        )
        yield Step(
            transform=NAME,
            arguments={"outer": axis, "inner": axis + 1},
            result=result,
            cost=Cost(bytes_moved=bytes_moved(spec, result), steps=1),
        )


def _merged_names(names: tuple[str | None, ...], axis: int, required: TensorSpec) -> tuple[str | None, ...]:
    """The names behind the merge: the entries are still those of the inner axis.

    What the consumer calls otherwise than any axis that is provided, and has in its place, is what they become.
    """
    theirs, inner = required.facts.axes, names[axis + 1]
    if theirs is not None and len(theirs) == len(names) - 1 and theirs[axis] not in {None, *names}:
        inner = inner if {names[axis], inner} & {*theirs} - {None} else theirs[axis]
    return (*names[:axis], inner, *names[axis + 2 :])


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`merge_dims`."""
    return Code(f"{value}.merge_dims({step.arguments['outer']}, {step.arguments['inner']})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The splits of the inner rows at those places where an outer one begins or ends."""
    if not isinstance(value, RaggedArray):
        raise TypeError(f"a ragged array is wanted here, not a {type(value).__name__}")
    outer = step.arguments["outer"]
    splits = value.row_splits
    merged = splits[outer][splits[outer - 1]]
    return RaggedArray(value.values, (*splits[: outer - 1], merged, *splits[outer + 1 :]))
