"""Expand dims: add an axis of size 1.

## What it does
Adds an axis wherever the required shape can have one: of size 1, unknown, or to be repeated.
A new axis takes its name from the consumer's axes.

## Example
    tf.expand_dims(x, axis=1)    float32[?, 10] -> float32[?, 1, 10]

## What it loses or assumes
No value moves. Where the new axis takes the place of unknown size, and a later axis of unknown size
must then have one entry, that it is not the other way round is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Axes
from sigcheck.schema.plan import Layout, Step
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.alignment import Axed, axed
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.encoded import axes_before_decoding
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.layout import facts_moved, whole_axes
from sigcheck.transforms.parts.transform import Code

NAME = "expand_dims"
ORDER = 30
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "kernels", "meaning"})
WRITES: Coordinates = frozenset({"sizes", "axes", "encoding"})
KEEPS_AXES = True

NUMPY_CALLS = {
    # An index takes a tenth of the time of the function.
    "tf.expand_dims": NumpyCall(("x", "axis"), lambda given: f"({given['x']})[{':, ' * int(given['axis'])}np.newaxis]"),
}
KERAS_CALLS = {"tf.expand_dims": lambda keras: partial(_expand_in_keras, keras)}


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields a new axis wherever the required shape can have one: of size 1, unknown, or to be repeated.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 10]"), parse_spec("int32[?, 1, 10]"))]
    ['expand_dims(axis=0)', 'expand_dims(axis=1)']
    """
    if spec.kind != "dense" or spec.shape is None or required.shape is None:
        return
    rank, wanted = len(spec.shape), axes_before_decoding(spec, required.shape, required.dtype)
    if rank >= len(wanted):
        return
    named = None if spec.dtype == "string" else _named_places(spec.facts.axes, required.facts.axes)
    # What has to be there by its name is made first, and filled or copied then, where that is accepted; and where there
    # is one entry in all, no place is another than those before it.
    is_free = named is not None or {*spec.shape} <= {1}
    for axis in range(rank + 1) if named is None else named:
        shape = (*spec.shape[:axis], 1, *spec.shape[axis:])
        if not is_free and wanted[axis] not in {1, None} and not _could_rest_match(shape, wanted, axis):
            continue
        if len(shape) == len(wanted) and _is_taken(spec, required, axis):
            continue
        layout = _layout(rank, axis)
        facts = facts_moved(spec, layout, required.facts)
        if facts is not None and named is not None and facts.axes is not None and required.facts.axes is not None:
            facts = facts.replace(axes=(*facts.axes[:axis], required.facts.axes[axis], *facts.axes[axis + 1 :]))
        if facts is not None:
            result = spec.replace(shape=shape, facts=facts)
            is_open = _has_open_place(axed(result), Axed(wanted, required.facts.axes))
            yield Step(
                transform=NAME,
                arguments={"axis": axis},
                result=result,
                assumption="the new axis of one entry is the one whose size is open" if is_open else None,
                cost=Cost(assumptions=int(is_open), steps=1),
                layout=layout,
            )


@lru_cache(maxsize=256)
def _layout(rank: int, axis: int) -> Layout:
    return whole_axes([*([i] for i in range(axis)), [], *([i] for i in range(axis, rank))])


@lru_cache(maxsize=MOST_REMEMBERED)
def _named_places(ours: Axes | None, theirs: Axes | None) -> tuple[int, ...] | None:
    """The places to look at where both sides name all axes and the consumer has all that are provided; else None.

    All others come from there: of several new axes the first is made first, and none before the axes that are
    provided stand in their order, so that no mixture of the two is searched.
    """
    if ours is None or theirs is None or None in (*ours, *theirs):
        return None
    missing = [at for at, name in enumerate(theirs) if name not in ours]
    if len(missing) != len(theirs) - len(ours):
        return None
    if tuple(name for name in theirs if name in ours) != ours:
        return None if len(missing) == 1 else ()
    return (missing[0],)


def _is_taken(spec: TensorSpec, required: TensorSpec, axis: int) -> bool:
    """Whether the consumer has an axis here that is provided already, by its name."""
    ours, theirs = spec.facts.axes, required.facts.axes
    return ours is not None and theirs is not None and theirs[axis] is not None and theirs[axis] in ours


@lru_cache(maxsize=MOST_REMEMBERED)
def _has_open_place(result: Axed, required: Axed) -> bool:
    """Whether one entry stands in a place of unknown size, so that an axis of unknown size must have one entry.

    There is a place of one entry then, and more than the sizes says which is which. The first axis is the
    batch, which is made one example by a guard. Asked of the last new axis, of all of them: in which order they are
    made says nothing.
    """
    (shape, ours), (wanted, theirs) = result, required
    if shape is None or wanted is None or len(shape) < len(wanted) or 1 not in wanted:
        return False
    taken = {at for at, (size, to) in enumerate(zip(shape, wanted, strict=True)) if size == 1 and to is None}
    left = [at for at in _open_places(shape, ours, theirs) if at > 0]
    return bool(taken) and len(left) > len([at for at in _open_places(wanted, theirs, ours) if at not in taken])


def _open_places(shape: Shape, axes: Axes | None, others: Axes | None) -> list[int]:
    """Where a size is unknown, but for axes that both sides name: those are told from all others."""
    names = axes if axes is not None and len(axes) == len(shape) else (None,) * len(shape)
    return [
        at
        for at, (size, name) in enumerate(zip(shape, names, strict=True))
        if size is None and (name is None or name not in (others or ()))
    ]


def _could_rest_match(shape: tuple[int | None, ...], required: tuple[int | None, ...], axis: int) -> bool:
    """Whether the other axes have the required sizes, or can be padded to them."""
    return len(shape) == len(required) and all(
        wanted is None or size == wanted or (size is not None and size < wanted)
        for at, (size, wanted) in enumerate(zip(shape, required, strict=True))
        if at != axis
    )


def comes_after(step: Step, before: Step) -> bool:
    """From the front on: two new axes are looked at in one order only."""
    return bool(step.arguments["axis"] > before.arguments["axis"])


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.expand_dims`."""
    return Code(f"tf.expand_dims({value}, axis={step.arguments['axis']})")


def _expand_in_keras(keras: Any, x: Any, axis: int) -> Any:
    shape = [*x.shape[:axis], 1, *x.shape[axis:]]
    if axis > 0 and x.shape[0] is None and None not in shape[1:]:
        return keras.layers.Reshape(shape[1:], dtype=x.dtype)(x)
    return keras.ops.expand_dims(x, axis)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The same values in the same order, with one axis more."""
    import numpy as np

    return np.expand_dims(dense(value), step.arguments["axis"])
