"""Encode image: files of PNG from pixels.

## What it does
Writes each picture of bytes that the producer declares to be pixels, channels last, as a PNG file where the consumer
declares, or its graph shows, that it decodes pictures (`encoded_image`).

## Example
    tf.map_fn(tf.io.encode_png, x, fn_output_signature=tf.TensorSpec([], tf.string))
    uint8[?, 8, 8, 3], meaning pixels -> string[?], meaning encoded_image

## What it loses or assumes
Nothing of the pixels: PNG is lossless. That three channels are red, green and blue, in this order, is an assumption
unless it is declared. Height and width have to be known: TensorFlow's encoder ends the process of a picture without
a pixel.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import ChannelOrder, Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.encoded import PICTURE_RANK
from sigcheck.transforms.parts.png import write_png
from sigcheck.transforms.parts.transform import Code

NAME = "encode_image"
ORDER = 351
SETTLES: Coordinates = frozenset({"dtype", "meaning"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "colours", "dtype", "encoding", "meaning"})
WRITES: Coordinates = frozenset({"sizes", "axes", "colours", "dtype", "encoding", "meaning", "ids", "boxes", "padding"})
MEETS: Forms = frozenset({"dense", "text"})
HAS_KERAS = False
HAS_NUMPY = False

_ORDERS: dict[int, ChannelOrder] = {1: "GRAY", 3: "RGB", 4: "RGBA"}
_BYTES = (0.0, 255.0)


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the files of pixels, of one picture or of a batch of them.

    >>> pixels = TensorSpec(dtype="uint8", shape=(None, 8, 8, 3), facts=Facts(meaning="pixels", channel_order="RGB"))
    >>> files = TensorSpec(dtype="string", shape=(None,), facts=Facts(meaning="encoded_image"))
    >>> [str(step) for step in propose(pixels, files)]
    ['encode_image()']
    """
    shape, facts = spec.shape, spec.facts
    if required.kind != "dense" or required.dtype != "string" or required.facts.meaning != "encoded_image":
        return
    if (
        spec.kind != "dense"
        or spec.dtype != "uint8"
        or facts.meaning != "pixels"
        or shape is None
        or not all(shape[-3:])
    ):
        return
    if facts.range not in {None, _BYTES} or facts.normalization is not None or facts.quantization is not None:
        return
    order = _ORDERS.get(shape[-1] or 0) if PICTURE_RANK <= len(shape) <= PICTURE_RANK + 1 else None
    if order is None or facts.channel_order not in {None, order} or _has_channels_elsewhere(spec):
        return
    is_told = facts.channel_order is not None or order == "GRAY"
    kept = None if facts.axes is None else facts.axes[:-PICTURE_RANK]
    held = Facts(meaning="encoded_image", channel_order=order, axes=kept)
    result = TensorSpec(dtype="string", shape=shape[:-PICTURE_RANK], facts=held)
    yield Step(
        transform=NAME,
        result=result,
        assumption=None if is_told else f"the channels are in the order {order}",
        cost=Cost(assumptions=int(not is_told), bytes_moved=bytes_moved(spec, result), steps=1),
    )


def _has_channels_elsewhere(spec: TensorSpec) -> bool:
    axes = spec.facts.axes
    return axes is not None and "channel" in axes[:-1]


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.io.encode_png`, on one picture after the other in a batch."""
    if len(spec.shape or ()) == PICTURE_RANK:
        return Code(f"tf.io.encode_png({value})")
    return Code(f"tf.map_fn(tf.io.encode_png, {value}, fn_output_signature=tf.TensorSpec([], tf.string))")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The file of each picture."""
    import numpy as np

    array = dense(value)
    is_one = array.ndim == PICTURE_RANK
    pictures = [array] if is_one else list(array)
    made: Array = np.empty(len(pictures), object)
    for at, picture in enumerate(pictures):
        made[at] = write_png(picture)
    return np.asarray(made[0], object) if is_one else made
