"""Broadcast: each value of an output as often as another output has entries for it.

## What it does
Repeats the values of the first output along the axes that the second has and it has not: the user of a row for each
of the titles in it, the id of an image for each of its boxes. The axes in front are those of both.

## Example
    --bind 'broadcast(user, titles)=x'
    tf.broadcast_to(tf.reshape(user, [tf.shape(titles)[0], 1]), [tf.shape(titles)[0], 3])    string[?] -> string[?, 3]

## What it loses or assumes
Nothing: that a value is meant for each entry is for somebody to say. Where only the second knows the size of an axis in
front, the run decides whether both agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sigcheck.junctions.parts import carried
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, Tensor, dense
from sigcheck.transforms.parts.effort import bytes_of
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.transform import Code

NAME = "broadcast"
ORDER = 80
# The second output gives its sizes, and none of its values.
VALUE_PARTS: tuple[int, ...] | None = (0,)
NUMPY_CALLS = {"tf.broadcast_to": NumpyCall(("x", "shape"), "np.broadcast_to({x}, {shape})")}
# A functional model has no sizes while it is built.
HAS_KERAS = False


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None: that a value is meant for several entries is for somebody to say.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("int32[?]"), parse_spec("int32[?, 3]")], [parse_spec("int32[?, 3]")])
    []
    """
    return []


def goals(parts: Sequence[TensorSpec], required: TensorSpec, argument: Any) -> Sequence[TensorSpec]:
    """The parts as they are: what the input takes is planned behind them."""
    return parts


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], argument: Any) -> tuple[Step, ...]:
    """The repeated values. Raises JunctionError where the axes in front differ, or there is none to repeat along."""
    value, like = parts
    for spec in parts:
        if spec.kind != "dense" or spec.shape is None or spec.dtype is None:
            raise JunctionError(f"{spec} is given, expected a dense tensor of known dtype and rank")
    front = _front(value, like)
    own, others = front, like.shape or ()
    is_guarded, opened = False, 0
    for axis, (size, other) in enumerate(zip(own, others, strict=False)):
        if size is not None and other is not None and size != other:
            raise JunctionError(f"axis {axis} differs: {value} and {like}")
        if size is not None and other is None:
            # TensorFlow takes the size of the result for known then, and leaves out what would assert it.
            raise JunctionError(f"axis {axis} of {like} may have another size than that of {value}")
        told = [(spec.facts.axes or ())[axis : axis + 1] for spec in parts]
        if len({name for (name,) in filter(None, told) if name is not None}) > 1:
            raise JunctionError(f"axis {axis} has another name in each: {value} and {like}")
        # Two open sizes in front are those of one batch.
        is_guarded |= size is None and (other is not None or axis > 0)
        opened += size is None
    if opened > 1:
        raise JunctionError(f"{value} and {like}: {opened} sizes that nobody knows before the run, expected one")
    shape = (*(other if size is None else size for size, other in zip(own, others, strict=False)), *others[len(own) :])
    facts = carried.along(carried.agreed([value]), value, len(value.shape or ()) - 1)
    stored = facts.quantization
    if stored is not None and stored.axis is not None:
        raise JunctionError(f"{value} has a scale for each entry of an axis, expected one for all")
    result = TensorSpec(dtype=value.dtype, shape=shape, facts=facts.replace(axes=like.facts.axes))
    step = Step(
        transform=NAME,
        result=result,
        guard="the axes in front have the same sizes" if is_guarded else None,
        cost=Cost(guards=int(is_guarded), bytes_moved=2 * bytes_of(result), steps=1),
    )
    return (step,)


def _front(value: TensorSpec, like: TensorSpec) -> Shape:
    """The axes that both have: of the first without those of one entry at its end that the second has more of."""
    shape, others = value.shape or (), like.shape or ()
    while shape and shape[-1] == 1 and (len(shape) > len(others) or others[len(shape) - 1] != 1):
        shape = shape[:-1]
    if len(shape) >= len(others):
        raise JunctionError(f"{value} has an entry for each of {like}", cure="bind it as it is, without broadcast")
    return shape


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.broadcast_to`, behind a reshape that fails where the sizes in front are others."""
    count = len(_front(*parts))
    own, like = values
    # Size by size: behind `tf.shape(like)` as a whole TensorFlow takes what is asserted for known, and leaves it out.
    sizes = [
        str(size) if size is not None else f"tf.shape({like})[{axis}]" for axis, size in enumerate(parts[1].shape or ())
    ]
    laid = [*sizes[:count], *["1"] * (len(sizes) - count)]
    return Code(f"tf.broadcast_to(tf.reshape({own}, [{', '.join(laid)}]), [{', '.join(sizes)}])")


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """Each value beside itself. Raises GuardError where the sizes in front differ."""
    import numpy as np

    value, like = dense(values[0]), dense(values[1])
    count = len(_front(*parts))
    front = value.shape[:count]
    if front != like.shape[:count]:
        raise GuardError(f"sizes differ: {value.shape} and {like.shape}")
    made = np.empty(like.shape, value.dtype)
    flat = value.reshape(front)
    for place in np.ndindex(*front):
        made[place] = flat[place]
    return made


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The values as they are: their sizes were chosen to agree."""
    return values
