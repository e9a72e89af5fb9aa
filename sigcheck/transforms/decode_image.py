"""Decode image: pixels from the bytes of picture files.

## What it does
Decodes each string that the producer declares to be a picture file (`encoded_image`: PNG, JPEG,
BMP, or the first frame of a GIF) to numbers from 0 to 255 where the consumer wants height, width
and channels behind the axes of the strings. The number of channels is the declared one, else the
one that the consumer's shape has.

## Example
    tf.map_fn(lambda one: tf.io.decode_image(one, channels=3, expand_animations=False), x, ...)
    string[?], meaning encoded_image -> uint8[?, ?, ?, 3]

## What it loses or assumes
Rounding: the pixels of a JPEG are those of TensorFlow's decoder, and another one's differ by some
units. That a picture has, or may be brought to, as many channels is an assumption unless its
channel order is declared. What is no picture is refused when the adapter runs, and so are batches
without a picture or with pictures of several sizes. A turn that a camera notes is not followed.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import ChannelOrder, Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.array import Array, GuardError, Tensor, dense
from sigcheck.transforms.effort import bytes_moved
from sigcheck.transforms.png import UnreadPngError, read_png
from sigcheck.transforms.transform import Code

NAME = "decode_image"

_ORDERS: dict[int, ChannelOrder] = {1: "GRAY", 3: "RGB", 4: "RGBA"}
_COUNTS: dict[str | None, int] = {"GRAY": 1, "RGB": 3, "BGR": 3, "RGBA": 4}
# How the files begin that tf.io.decode_image knows (decode_image_op.cc).
_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM")


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the pixels of strings that are declared to be picture files, one or a batch of them.

    >>> files = TensorSpec(dtype="string", shape=(None,), facts=Facts(meaning="encoded_image", channel_order="RGB"))
    >>> [str(step) for step in propose(files, TensorSpec(dtype="uint8", shape=(None, None, None, 3)))]
    ['decode_image(channels=3)']
    """
    if spec.kind != "dense" or spec.dtype != "string" or spec.facts.meaning != "encoded_image":
        return
    shape, wanted = spec.shape, required.shape
    if required.kind != "dense" or required.dtype in {None, "string"} or required.facts.meaning not in {None, "pixels"}:
        return
    if shape is None or wanted is None or len(shape) > 1 or len(wanted) != len(shape) + 3:
        return
    count = _channel_count(spec, required)
    if count is None:
        return
    is_declared = spec.facts.channel_order is not None
    axes = None if spec.facts.axes is None else (*spec.facts.axes, "height", "width", "channel")
    result = TensorSpec(
        dtype="uint8",
        shape=(*shape, None, None, count),
        facts=Facts(meaning="pixels", range=(0.0, 255.0), channel_order=_ORDERS[count], axes=axes),
    )
    yield Step(
        transform=NAME,
        arguments={"channels": count},
        result=result,
        loss="rounding",
        assumption=None if is_declared else f"the pictures may be brought to {count} channels",
        guard="there are pictures, all of one size" if shape else "the string is a picture",
        cost=Cost(
            rounding=1, assumptions=int(not is_declared), guards=1, bytes_moved=bytes_moved(spec, result), steps=1
        ),
    )


def _channel_count(spec: TensorSpec, required: TensorSpec) -> int | None:
    """How many channels the pictures are decoded to; None where it is not known, or would change their colours."""
    order = spec.facts.channel_order
    if order is not None:
        # Decoders give colours in the order RGB, whatever is declared.
        return None if order == "BGR" else _COUNTS[order]
    shape = required.shape or ()
    sizes = [_COUNTS.get(required.facts.channel_order), shape[-1], shape[-3]]
    count = next((size for size in sizes if size in _ORDERS), None)
    # How colours are weighed into gray differs from decoder to decoder.
    return None if count == 1 else count


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.io.decode_image`, on one string after the other in a batch."""
    count = step.arguments["channels"]
    if not spec.shape:
        return Code(f"tf.io.decode_image({value}, channels={count}, expand_animations=False)")
    decoded = f"lambda one: tf.io.decode_image(one, channels={count}, expand_animations=False)"
    signature = f"fn_output_signature=tf.TensorSpec([None, None, {count}], tf.uint8)"
    code = f"tf.map_fn({decoded}, {value}, {signature})"
    return Code(code if spec.shape == (None,) else f"tf.ensure_shape({code}, {list(step.result.shape or ())})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The pixels of each PNG. Raises GuardError for what is refused, UsageError for files that are not read here."""
    import numpy as np

    array = dense(value)
    pictures = [_decode(file, step.arguments["channels"]) for file in array.reshape(-1).tolist()]
    if len({picture.shape for picture in pictures}) != 1:
        raise GuardError("no picture" if not pictures else "pictures of several sizes")
    stacked: Array = np.stack(pictures)
    return stacked if spec.shape else stacked[0]


def _decode(file: bytes, count: int) -> Array:
    import numpy as np

    if not file.startswith(_BEGINNINGS):
        raise GuardError(f"{file!r:.20} is no picture")
    try:
        pixels = read_png(file)
    except UnreadPngError as error:
        problem = f"{error}, expected a PNG of 8 bits, not interlaced. Other files need TensorFlow."
        raise UsageError("a picture", problem) from None
    has_alpha = pixels.shape[2] in {2, 4}
    colours, alpha = (
        (pixels[:, :, :-1], pixels[:, :, -1:]) if has_alpha else (pixels, np.full_like(pixels[:, :, :1], 255))
    )
    colours = np.repeat(colours, 3, axis=2) if colours.shape[2] == 1 and count != 1 else colours
    decoded: Array = np.concatenate([colours, alpha], axis=2) if count == _COUNTS["RGBA"] else colours
    return decoded
