"""Decode image: pixels from the bytes of picture files.

## What it does
Decodes each string that the producer declares to be a picture file (`encoded_image`: PNG, JPEG,
BMP, or the first frame of a GIF) to numbers from 0 to 255 where the consumer wants height, width
and channels behind the axes of the strings. The number of channels is the declared one, else the
one that the consumer's shape has. Where the consumer wants one size, and truncating is allowed,
each picture is brought to it, as `resize` does.

## Example
    tf.map_fn(lambda one: tf.io.decode_image(one, channels=3, expand_animations=False), x, ...)
    string[?], meaning encoded_image -> uint8[?, ?, ?, 3]

## What it loses or assumes
Rounding: the pixels of a JPEG are those of TensorFlow's decoder, and another one's differ by some
units. Truncating where pictures are resized: a smaller one has less detail. That a picture has, or
may be brought to, as many channels is an assumption unless its channel order is declared. What is
no picture is refused when the adapter runs, and so are, unless pictures are resized, batches
without one or with several sizes. A turn that a camera notes is not followed.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import ChannelOrder, Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.encoded import PICTURE_NAMES, PICTURE_RANK
from sigcheck.transforms.parts.kernels import ACTIVATED
from sigcheck.transforms.parts.png import UnreadPngError, read_png
from sigcheck.transforms.parts.resampling import resized
from sigcheck.transforms.parts.transform import Code

NAME = "decode_image"
ORDER = 350
SETTLES: Coordinates = frozenset({"dtype"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "colours", "dtype", "meaning"})
WRITES: Coordinates = frozenset({"sizes", "axes", "colours", "dtype", "encoding", "meaning", "ids", "padding"})
TAKES: Forms = frozenset({"dense", "text"})
HAS_KERAS = False
HAS_NUMPY = False


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
    if shape is None or wanted is None or len(shape) > 1 or len(wanted) != len(shape) + PICTURE_RANK:
        return
    count = _channel_count(spec, required)
    if count is None:
        return
    is_declared = spec.facts.channel_order is not None
    names = spec.facts.axes
    axes = None if names is None else (*names, *(None if one in names else one for one in PICTURE_NAMES))
    facts = Facts(meaning="pixels", range=(0.0, 255.0), channel_order=_ORDERS[count], axes=axes)
    result = TensorSpec(dtype="uint8", shape=(*shape, None, None, count), facts=facts)
    assumption = None if is_declared else f"the pictures may be brought to {count} channels"
    cost = Cost(rounding=1, assumptions=int(not is_declared), guards=1, steps=1)
    size = _size(spec, required, count)
    yield Step(
        transform=NAME,
        arguments={"channels": count},
        result=result,
        loss="rounding",
        assumption=assumption,
        guard="there are pictures, all of one size" if shape else "the string is a picture",
        cost=cost._replace(bytes_moved=bytes_moved(spec, result)),
        instead_of=None if size is None else "truncating",
    )
    if size is None:
        return
    result = TensorSpec(dtype="float32", shape=(*shape, *size, count), facts=facts)
    yield Step(
        transform=NAME,
        arguments={"channels": count, "size": size, "method": "bilinear"},
        result=result,
        loss="truncating",
        assumption=assumption,
        guard="every string is a picture" if shape else "the string is a picture",
        cost=cost._replace(truncating=1, bytes_moved=bytes_moved(spec, result)),
    )


def _size(spec: TensorSpec, required: TensorSpec, count: int) -> tuple[int, int] | None:
    """The one height and width that the consumer wants pictures of; None where it wants any, or does not say.

    None too where it does not want what resizing gives: fractions.
    """
    if required.dtype not in ACTIVATED:
        return None
    wanted, axes = (required.shape or ())[-PICTURE_RANK:], (required.facts.axes or ())[-PICTURE_RANK:]
    if "height" in axes and "width" in axes:
        height, width = wanted[axes.index("height")], wanted[axes.index("width")]
    elif not axes and wanted[-1] == count:
        height, width = wanted[:2]
    elif not axes and wanted[0] == count:
        height, width = wanted[1:]
    else:
        return None
    # As resize does, sizes that some other step makes of a picture are left to it.
    return None if height in {None, 0, 1} or width in {None, 0, 1} else (height or 0, width or 0)


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
    sizes, dtype = list(step.result.shape or ())[-PICTURE_RANK:], step.result.dtype
    if not spec.shape:
        return Code(_decode_code(step, value))
    signature = f"fn_output_signature=tf.TensorSpec({sizes}, tf.{dtype})"
    code = f"tf.map_fn(lambda one: {_decode_code(step, 'one')}, {value}, {signature})"
    return Code(code if spec.shape == (None,) else f"tf.ensure_shape({code}, {list(step.result.shape or ())})")


def _decode_code(step: Step, value: str) -> str:
    count, size = step.arguments["channels"], step.arguments.get("size")
    code = f"tf.io.decode_image({value}, channels={count}, expand_animations=False)"
    if size is None:
        return code
    # Of a picture of unknown rank tf.image.resize says that it has no shape.
    return f'tf.image.resize(tf.ensure_shape({code}, [None, None, {count}]), {list(size)}, method="bilinear")'


def is_mixing(step: Step) -> bool:
    """Whether pictures are resized, which rounds as the largest of the values that are mixed does."""
    return "size" in step.arguments


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The pixels of each PNG. Raises GuardError for what is refused, UsageError for files that are not read here."""
    import numpy as np

    array = dense(value)
    pictures = [_decode(file, step.arguments["channels"]) for file in array.reshape(-1).tolist()]
    size = step.arguments.get("size")
    if size is not None:
        pictures = [resized(picture.astype(np.float32), size) for picture in pictures]
        if not pictures:
            return np.zeros((0, *(step.result.shape or ())[1:]), np.float32)
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
    if colours.shape[2] > 1 and count == 1:
        problem = "colours, expected shades of gray: each decoder weighs colours otherwise. Give a gray picture."
        raise UsageError("a picture", problem)
    colours = np.repeat(colours, 3, axis=2) if colours.shape[2] == 1 and count != 1 else colours
    decoded: Array = np.concatenate([colours, alpha], axis=2) if count == _COUNTS["RGBA"] else colours
    return decoded
