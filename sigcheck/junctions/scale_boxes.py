"""Scale boxes: shares of an image as its pixels, or pixels as shares, by the size that the image has when it is run.

## What it does
Takes boxes and the image that the one or the other side counts its pixels on. The sizes of the image's axes `height`
and `width` are what coordinates are multiplied with, or divided by; the order of the coordinates stays, and is
converted behind it.

## Example
    --bind 'scale_boxes(boxes, image)=x'
    boxes * tf.cast(tf.gather(tf.shape(image), [1, 2, 1, 2]), tf.float32)
    float32[?, 4], boxes yxyx normalized -> float32[?, 4], boxes yxyx pixels

## What it loses or assumes
It rounds, as all arithmetic of floats does. All images of a batch have one size, and the boxes are those of that image.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Boxes
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.boxes import COORDINATES
from sigcheck.transforms.parts.casting import COMPUTE_DTYPES
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.transform import Code

NAME = "scale_boxes"
ORDER = 27
# Of the image only the size is looked at.
VALUE_PARTS: tuple[int, ...] | None = (0,)
NUMPY_CALLS = {"tf.gather": NumpyCall(("x", "places", "axis"), "np.take({x}, {places}, axis={axis})")}
# A functional model has no sizes while it is built.
HAS_KERAS = False

_HEIGHT, _WIDTH = "height", "width"


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None: on which image pixels are counted is for somebody to say.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("float32[?, 4]"), parse_spec("float32[?, ?, ?, 3]")], [parse_spec("float32[?, 4]")])
    []
    """
    return []


def goals(parts: Sequence[TensorSpec], required: TensorSpec, argument: Any) -> Sequence[TensorSpec]:
    """The parts as they are: the order is converted behind it."""
    return parts


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], argument: Any) -> tuple[Step, ...]:
    """The boxes of the other unit. Raises JunctionError where a declaration is missing that it needs."""
    boxes, image = parts
    ours, theirs = boxes.facts.boxes, required[0].facts.boxes
    for one, side in ((ours, "that are given"), (theirs, "that are taken")):
        if one is None or one.unit is None:
            cure = 'declare both, as with --fact producer.NAME.boxes="yxyx normalized"'
            raise JunctionError(f"nothing says the unit of the boxes {side}", cure=cure)
    if ours is None or theirs is None or ours.unit == theirs.unit:
        raise JunctionError("both sides count boxes in one unit", cure="bind the boxes as they are")
    facts = boxes.facts
    is_plain = facts.quantization is None and facts.normalization is None and boxes.dtype in COMPUTE_DTYPES
    if boxes.kind != "dense" or not boxes.shape or boxes.shape[-1] != COORDINATES or not is_plain:
        raise JunctionError(f"{boxes} is given, expected boxes of floats: four coordinates along the last axis")
    if facts.padding is not None and facts.padding.value != 0:
        raise JunctionError("boxes that are none are told by a filling that would be scaled, expected zeros")
    height, width = _axes(image)
    made = Boxes(order=ours.order, unit=theirs.unit, size=theirs.size, image=theirs.image)
    result = boxes.replace(facts=facts.replace(boxes=made, range=None))
    step = Step(
        transform=NAME,
        arguments={"height": height, "width": width, "to": theirs.unit},
        result=result,
        loss="rounding",
        cost=Cost(rounding=1, bytes_moved=bytes_moved(boxes, result), steps=1),
    )
    return (step,)


def _axes(image: TensorSpec) -> tuple[int, int]:
    """Where the image has its height and its width."""
    axes = image.facts.axes
    if image.kind != "dense" or axes is None or _HEIGHT not in axes or _WIDTH not in axes:
        cure = 'declare its axes, as with --fact producer.NAME.axes="batch,height,width,channel"'
        raise JunctionError(f"nothing names the axes height and width of the image {image}", cure=cure)
    return axes.index(_HEIGHT), axes.index(_WIDTH)


def _places(step: Step) -> tuple[int, int, int, int]:
    """The axis of the image that each coordinate is counted along."""
    boxes = step.result.facts.boxes
    height, width = step.arguments["height"], step.arguments["width"]
    return (
        (height, width, height, width)
        if boxes is not None and boxes.order == "yxyx"
        else (width, height, width, height)
    )


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """A product with the four sizes, or a division by them."""
    boxes, image = values
    sizes = f"tf.cast(tf.gather(tf.shape({image}), {list(_places(step))}, axis=0), tf.{step.result.dtype})"
    return Code(f"{boxes} {'*' if step.arguments['to'] == 'pixels' else '/'} {sizes}")


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """Each coordinate with the size of its own axis."""
    import numpy as np

    array, image = dense(values[0]), dense(values[1])
    made = array.copy()
    with np.errstate(all="ignore"):
        for at, axis in enumerate(_places(step)):
            size = array.dtype.type(image.shape[axis])
            made[..., at] = array[..., at] * size if step.arguments["to"] == "pixels" else array[..., at] / size
    return made


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The values as they are: any size will do."""
    return values
