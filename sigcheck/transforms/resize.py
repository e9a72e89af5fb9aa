"""Resize: bring a picture to the required height and width, by bilinear interpolation.

## What it does
Mixes the nearest points of the picture, with the centres of points at half positions. Only
pictures in float32 are resized, once their values are as required; whatever names something,
such as a map of class ids, never is.

## Example
    tf.image.resize(x, [299, 299])    float32[?, 224, 224, 3] -> float32[?, 299, 299, 3]

## What it loses or assumes
Growing rounds; shrinking drops detail: truncating. That two axes are height and width is an
assumption unless they are named so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.cost import Cost
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.channels import axes_of_numbers
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.resampling import resized
from sigcheck.transforms.parts.sizes import changed_axes
from sigcheck.transforms.parts.transform import Code

NAME = "resize"
ORDER = 410
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "encoding", "meaning", "ids", "boxes"})
WRITES: Coordinates = frozenset({"sizes"})

# What _resize does, which NumPy has no function for.
_RESIZE = '''
def _resize(x, size, method):
    """Pictures of another height and width; pixel centres are at half positions, as in tf.image.resize."""
    # The width first, as TensorFlow rounds.
    if method != "bilinear":
        raise ValueError(f"{method} is not known here")
    x = np.asarray(x, np.float32)
    for axis, to in zip((2, 1), (size[1], size[0])):
        scale = np.float32(x.shape[axis]) / np.float32(to)
        centres = (np.arange(to, dtype=np.float32) + np.float32(0.5)) * scale - np.float32(0.5)
        first = np.floor(centres)
        share = np.reshape(centres - first, [-1] + [1] * (x.ndim - axis - 1))
        before, behind = (np.clip(first + at, 0, x.shape[axis] - 1).astype(int) for at in (0, 1))
        start = np.take(x, before, axis)
        x = start + (np.take(x, behind, axis) - start) * share
    return x
'''
NUMPY_CALLS = {
    "tf.image.resize": NumpyCall(("x", "size", "method"), "_resize({x}, {size}, {method})", {"_resize": _RESIZE}),
}
KERAS_CALLS = {"tf.image.resize": lambda keras: partial(_resize_in_keras, keras)}

# [batch, height, width, channel], the order that tf.image takes.
IMAGE_RANK = 4


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the resize of a batch of pictures whose height or width differs.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("float32[?, 8, 8, 3]"), parse_spec("float32[?, 9, 9, 3]"))]
    ['resize(size=[9, 9], method=bilinear)']
    """
    if spec.kind != "dense" or spec.dtype != "float32" or spec.shape is None or required.shape is None:
        return
    if len(spec.shape) != IMAGE_RANK or len(required.shape) != IMAGE_RANK:
        return
    if not {1, 2}.intersection(changed_axes(spec.shape, required.shape)):
        return
    if (
        VALUE_FACTS.intersection(conflicts(spec, required))
        or {spec.facts.meaning, required.facts.meaning} & CATEGORICAL
    ):
        return
    before, after = spec.shape[1:3], required.shape[1:3]
    if before == after or None in before or None in after or 0 in before or 0 in after or 1 in (*before, *after):
        return
    is_named = _are_image_axes(spec, required)
    is_same_channels = spec.shape[3] == required.shape[3] or None in {spec.shape[3], required.shape[3]}
    # A picture without channels is refused: "image must have at least one channel".
    has_numbers = not axes_of_numbers(spec).isdisjoint({1, 2})
    if has_numbers or is_named is False or not spec.shape[3] or not (is_named or is_same_channels):
        return
    result = spec.replace(shape=(spec.shape[0], *after, spec.shape[3]))
    shrinks = any((old or 0) > (new or 0) for old, new in zip(before, after, strict=True))
    yield Step(
        transform=NAME,
        arguments={"size": after, "method": "bilinear"},
        result=result,
        loss="truncating" if shrinks else "rounding",
        assumption=None if is_named else "axes 1 and 2 are the height and width of pictures",
        cost=Cost(
            truncating=int(shrinks),
            rounding=1,
            assumptions=int(not is_named),
            bytes_moved=bytes_moved(spec, result),
            steps=1,
        ),
        reach="axis",
    )


def _are_image_axes(spec: TensorSpec, required: TensorSpec) -> bool | None:
    """True where the names that are said are height and width, False where one is another, None where none is said."""
    named = [axes[1:3] for axes in (spec.facts.axes, required.facts.axes) if axes is not None]
    return all(names == ("height", "width") for names in named) if named else None


def is_mixing(step: Step) -> bool:
    """Whether a value of the result is computed from several, and rounds as the largest of them does."""
    return True


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.image.resize`, whose pixel centres are at half positions."""
    return Code(f'tf.image.resize({value}, {list(step.arguments["size"])}, method="bilinear")')


def _resize_in_keras(keras: Any, x: Any, size: Sequence[int], method: str) -> Any:
    layer = keras.layers.Resizing(*size, interpolation=method, data_format="channels_last", dtype=x.dtype)
    return layer(x)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Linear interpolation between pixel centres, first down the columns, then along the rows."""
    return resized(dense(value), step.arguments["size"])
