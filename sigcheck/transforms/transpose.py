"""Transpose: change the order of axes, as from channels last to channels first.

## What it does
Puts the axes in the order that the names of both sides ask for; axes without a name, or with one
that the consumer has not, take the place that is left. Where there are several such places, and
without names, the sizes have to explain the order, better than the one as it is.

## Example
    tf.transpose(x, perm=[0, 3, 1, 2])    float32[?, 8, 8, 3] -> float32[?, 3, 8, 8]

## What it loses or assumes
Nothing is lost. Where the names of both sides leave one order, nothing is assumed; else each axis
that moves is an assumption: moving one and keeping the order of the rest assumes least.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Layout, Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.layout import facts_moved, whole_axes
from sigcheck.transforms.parts.orders_by_name import has_more_likely_orders, likely_orders, settled_order
from sigcheck.transforms.parts.orders_by_size import Order, moved_axes
from sigcheck.transforms.parts.transform import Code

NAME = "transpose"
ORDER = 60
SETTLES: Coordinates = frozenset({"sizes", "axes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "kernels"})
WRITES: Coordinates = frozenset({"sizes", "axes", "encoding"})
KEEPS_AXES = True

NUMPY_CALLS = {
    "tf.transpose": NumpyCall(("x", "perm"), "({x}).transpose({perm})"),
}
KERAS_CALLS = {"tf.transpose": lambda keras: partial(_transpose_in_keras, keras)}


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the order that the names ask for, else those that the sizes explain better than today's.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 8, 3]"), parse_spec("int32[?, 3, 8]"))]
    ['transpose(perm=[0, 2, 1])']
    """
    if not _can_move(spec, required):
        return
    named = settled_order(spec, required)
    if named is None:
        yield from _steps(spec, required, likely_orders(spec, required), is_named=False)
    elif named != tuple(range(len(named))):
        yield from _steps(spec, required, (named,), is_named=True)


def leaves_out(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether there are more orders that names allow, or that sizes may explain, than are looked at."""
    if not _can_move(spec, required) or settled_order(spec, required) is not None:
        return False
    return has_more_likely_orders(spec, required)


def _can_move(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether there are several axes on the one side, and known ones on the other; one axis has one order."""
    if spec.kind != "dense" or spec.dtype not in MOVED or spec.shape is None or required.shape is None:
        return False
    return len(spec.shape) > 1


@lru_cache(maxsize=MOST_REMEMBERED)
def _layout(order: Order) -> Layout:
    return whole_axes([axis] for axis in order)


def _steps(spec: TensorSpec, required: TensorSpec, orders: tuple[Order, ...], *, is_named: bool) -> Iterator[Step]:
    shape = spec.shape or ()
    for order in orders:
        layout = _layout(order)
        facts = facts_moved(spec, layout, required.facts)
        if facts is None:
            continue
        result = spec.replace(shape=tuple(shape[axis] for axis in order), facts=facts)
        moved = 0 if is_named else moved_axes(shape, order, required.shape)
        yield Step(
            transform=NAME,
            arguments={"perm": order},
            result=result,
            assumption=f"the axes are meant in the order {list(order)}" if moved else None,
            cost=Cost(assumptions=moved, bytes_moved=bytes_moved(spec, result), steps=1),
            layout=layout,
        )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.transpose`."""
    return Code(f"tf.transpose({value}, perm={list(step.arguments['perm'])})")


def _transpose_in_keras(keras: Any, x: Any, perm: Sequence[int]) -> Any:
    # The layer keeps the first axis, whatever its size.
    if perm[0] == 0 and len(perm) > 1:
        return keras.layers.Permute(tuple(perm[1:]), dtype=x.dtype)(x)
    return keras.ops.transpose(x, tuple(perm))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The same values, axis i of the result being axis perm[i] of the value."""
    import numpy as np

    return np.transpose(dense(value), step.arguments["perm"])
