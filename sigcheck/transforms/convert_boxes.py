"""Convert boxes: corners, centres and sizes, shares of an image and its pixels.

## What it does
Turns boxes as the producer declares them into those that the consumer declares: coordinates in another order,
a corner or the centre with width and height, and shares of the image in place of pixels. Between pixels of two
images a box keeps its share of each.

## Example
    tf.gather(x, [1, 0, 3, 2], axis=2)    float32[?, 100, 4], yxyx -> float32[?, 100, 4], xyxy

## What it loses or assumes
Nothing where only the order changes; else it rounds, as all arithmetic of floats does. Between pixels of images of
two sizes it assumes that the one is the other, resized as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sigcheck.schema.box_agreement import differ, has_other_unit, ratio
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Boxes, Padding
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, map_values
from sigcheck.transforms.parts.boxes import COORDINATES
from sigcheck.transforms.parts.casting import COMPUTE_DTYPES
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import KerasCall, NumpyCall
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.transform import Code, values_code, with_values_code

NAME = "convert_boxes"
ORDER = 155
SETTLES: Coordinates = frozenset({"boxes"})
READS: Coordinates = frozenset({"kind", "sizes", "dtype", "encoding", "boxes", "padding"})
WRITES: Coordinates = frozenset({"encoding", "boxes", "padding"})

NUMPY_CALLS = {
    "tf.gather": NumpyCall(("x", "places", "axis"), "np.take({x}, {places}, axis={axis})"),
    "tf.add": NumpyCall(("x", "y"), "np.add({x}, {y})"),
}
KERAS_CALLS: Mapping[str, KerasCall] = {
    "tf.gather": lambda keras: lambda x, places, axis: keras.ops.take(x, places, axis=axis),
    # keras.ops.add takes what has one axis of more than one entry for a bias, which TensorFlow refuses where the
    # batch is empty.
    "tf.add": lambda keras: lambda x, y: keras.ops.subtract(x, keras.ops.negative(y)),
}

_CORNERS = frozenset({"yxyx", "xyxy"})
_SWAPPED = (1, 0, 3, 2)


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the conversion to what the consumer declares.

    >>> from sigcheck.schema.facts import Facts
    >>> corners, centres = (
    ...     TensorSpec(dtype="float32", shape=(None, 9, 4), facts=Facts(boxes=Boxes(order=order)))
    ...     for order in ("yxyx", "cxcywh")
    ... )
    >>> [str(step) for step in propose(corners, centres)]
    ['convert_boxes(from=yxyx, to=cxcywh)']
    """
    ours, theirs = spec.facts.boxes, required.facts.boxes
    if ours is None or theirs is None or not differ(ours, theirs) or spec.kind == "sparse":
        return
    if not spec.shape or spec.shape[-1] != COORDINATES or spec.dtype not in ORDERED:
        return
    # Of rows of boxes the four numbers stand along an axis of the flat values.
    if _axis(spec) < 0:
        return
    factors = ratio(ours, theirs)
    facts = spec.facts
    if factors is None or not _has_one_number_for_all(spec):
        return
    is_swap = {ours.order, theirs.order} == _CORNERS and not has_other_unit(ours, theirs)
    is_real = facts.quantization is None and facts.normalization is None and spec.dtype in COMPUTE_DTYPES
    if not is_swap and (not is_real or not _stays_filled(facts.padding)):
        return
    is_resized = ours.unit == theirs.unit == "pixels" and has_other_unit(ours, theirs)
    made = theirs if theirs.unit is not None else ours.model_copy(update={"order": theirs.order})
    made = made if ours.unit is not None else Boxes(order=theirs.order)
    result = spec.replace(facts=facts.replace(boxes=made, range=facts.range if is_swap else None))
    arguments: dict[str, Any] = {"from": ours.order, "to": theirs.order}
    if has_other_unit(ours, theirs):
        arguments |= {"y": factors[0], "x": factors[1]}
    yield Step(
        transform=NAME,
        arguments=arguments,
        result=result,
        loss="exact" if is_swap else "rounding",
        assumption="the image was resized as a whole, not cut or filled up" if is_resized else None,
        cost=Cost(
            rounding=int(not is_swap),
            assumptions=int(is_resized),
            bytes_moved=bytes_moved(spec, result),
            steps=1,
        ),
        reach="axis",
    )


def _axis(spec: TensorSpec) -> int:
    """Where the four numbers stand in the values; below 0 where rows end within them."""
    rank = len(spec.shape or ()) - (spec.ragged_rank or 0)
    return rank - 1 if spec.kind == "dense" or rank > 1 else -1


def is_mixing(step: Step) -> bool:
    """Whether a coordinate of the result is computed from two, and rounds as the larger of them does."""
    return step.loss != "exact"


def _has_one_number_for_all(spec: TensorSpec) -> bool:
    """Whether no fact speaks of each coordinate on its own."""
    numbers, stored = spec.facts.normalization, spec.facts.quantization
    return (numbers is None or len(numbers.mean) == 1) and (stored is None or stored.axis is None)


def _stays_filled(padding: Padding | None) -> bool:
    """Whether boxes that are none, all of one filling, are still told by it: a box of zeros stays one."""
    return padding is None or padding.value == 0


# Each coordinate of a result, from those of a source: in code, where `part(0)` is the first of them.
_FORMULAS: Mapping[str, Mapping[str, tuple[str, str, str, str]]] = {
    "xyxy": {
        "yxyx": ("{1}", "{0}", "{3}", "{2}"),
        "xywh": ("{0}", "{1}", "{2} - {0}", "{3} - {1}"),
        "cxcywh": ("tf.add({0}, {2}) * 0.5", "tf.add({1}, {3}) * 0.5", "{2} - {0}", "{3} - {1}"),
    },
    "yxyx": {
        "xyxy": ("{1}", "{0}", "{3}", "{2}"),
        "xywh": ("{1}", "{0}", "{3} - {1}", "{2} - {0}"),
        "cxcywh": ("tf.add({1}, {3}) * 0.5", "tf.add({0}, {2}) * 0.5", "{3} - {1}", "{2} - {0}"),
    },
    "xywh": {
        "xyxy": ("{0}", "{1}", "tf.add({0}, {2})", "tf.add({1}, {3})"),
        "yxyx": ("{1}", "{0}", "tf.add({1}, {3})", "tf.add({0}, {2})"),
        "cxcywh": ("tf.add({0}, {2} * 0.5)", "tf.add({1}, {3} * 0.5)", "{2}", "{3}"),
    },
    "cxcywh": {
        "xyxy": ("{0} - {2} * 0.5", "{1} - {3} * 0.5", "tf.add({0}, {2} * 0.5)", "tf.add({1}, {3} * 0.5)"),
        "yxyx": ("{1} - {3} * 0.5", "{0} - {2} * 0.5", "tf.add({1}, {3} * 0.5)", "tf.add({0}, {2} * 0.5)"),
        "xywh": ("{0} - {2} * 0.5", "{1} - {3} * 0.5", "{2}", "{3}"),
    },
}
_SAME = ("{0}", "{1}", "{2}", "{3}")


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.gather` of swapped coordinates; else sums and differences of them, side by side again."""
    axis, boxes = _axis(spec), values_code(spec, value)
    source, goal = step.arguments["from"], step.arguments["to"]
    if step.loss == "exact":
        return Code(with_values_code(spec, value, f"tf.gather({boxes}, {list(_SWAPPED)}, axis={axis})"))
    lines = [f"{name} = {boxes}[..., {at}:{at + 1}]" for at, name in enumerate(_PARTS)]
    formulas = _SAME if source == goal else _FORMULAS[source][goal]
    parts = [
        _scaled(formula.format(*_PARTS), _factor(step, is_of_y=_is_of_y(goal, at)))
        for at, formula in enumerate(formulas)
    ]
    return Code(with_values_code(spec, value, f"tf.concat([{', '.join(parts)}], axis={axis})"), tuple(lines))


_PARTS = ("first", "second", "third", "fourth")


def _is_of_y(order: str, at: int) -> bool:
    return (at % 2 == 0) == (order == "yxyx")


def _factor(step: Step, *, is_of_y: bool) -> tuple[float, float]:
    numerator, denominator = step.arguments.get("y" if is_of_y else "x", (1.0, 1.0))
    return numerator, denominator


def _scaled(formula: str, factor: tuple[float, float]) -> str:
    """The formula times the one and over the other, which a division by is exact where the sizes are."""
    numerator, denominator = factor
    if numerator == denominator:
        return formula
    body = f"({formula})" if " " in formula else formula
    body = body if numerator == 1 else f"{body} * {numerator!r}"
    return body if denominator == 1 else f"{body} / {denominator!r}"


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The corners of each box, then what the consumer says of them."""
    return map_values(value, lambda array: _converted(array, step))


def _converted(array: Array, step: Step) -> Array:
    import numpy as np

    if step.loss == "exact":
        return np.stack([array[..., at] for at in _SWAPPED], axis=-1)
    half = array.dtype.type(0.5)
    with np.errstate(over="ignore", invalid="ignore"):
        y, x = _extents(step.arguments["from"], array, half)
        goal = step.arguments["to"]
        columns = {
            "xyxy": (x["low"], y["low"], x["high"], y["high"]),
            "yxyx": (y["low"], x["low"], y["high"], x["high"]),
            "xywh": (x["low"], y["low"], x["size"], y["size"]),
            "cxcywh": (x["middle"], y["middle"], x["size"], y["size"]),
        }[goal]
        scaled = [_times(column, _factor(step, is_of_y=_is_of_y(goal, at))) for at, column in enumerate(columns)]
        return np.stack(scaled, axis=-1)


def _times(column: Array, factor: tuple[float, float]) -> Array:
    if factor[0] == factor[1]:
        return column
    made: Array = column * column.dtype.type(factor[0]) / column.dtype.type(factor[1])
    return made


def _extents(order: str, array: Array, half: Any) -> tuple[dict[str, Array], dict[str, Array]]:
    """What is known of each box along y and along x: both ends, the middle and the size."""
    first, second = array[..., 0::2], array[..., 1::2]
    y, x = (first, second) if order == "yxyx" else (second, first)
    return _extent(order, y[..., 0], y[..., 1], half), _extent(order, x[..., 0], x[..., 1], half)


def _extent(order: str, one: Array, other: Array, half: Any) -> dict[str, Array]:
    if order in _CORNERS:
        return {"low": one, "high": other, "middle": (one + other) * half, "size": other - one}
    if order == "xywh":
        return {"low": one, "high": one + other, "middle": one + other * half, "size": other}
    return {"low": one - other * half, "high": one + other * half, "middle": one, "size": other}
