"""Images: what makes pictures of another size, and boxes of them."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.operations.elementwise import same
from sigcheck.sizes.tensor import Size, Sized, smallest

_PICTURES, _COORDINATES = 4, 4


def _resized(call: Call) -> Sized:
    """A resize to nothing fails."""
    sizes, wanted = call.sizes_of(0, _PICTURES), call.told(1)
    if len(sizes) != _PICTURES or len(wanted) != 2:  # noqa: PLR2004  # height and width
        raise UndecidedError("no pictures")
    for size in wanted:
        call.require_at_least(size, 1)
    return Sized((sizes[0], *wanted, sizes[3]))


def _cropped_and_resized(call: Call) -> Sized:
    """A crop for each box."""
    sizes, boxes, wanted = call.sizes(), call.sizes(1), call.told(3)
    if len(sizes) != _PICTURES or len(boxes) != 2 or len(wanted) != 2:  # noqa: PLR2004  # boxes are rows; height and width
        raise UndecidedError("no boxes")
    call.joined(boxes[1], _COORDINATES)
    count, examples = boxes[0], call.operands[2].sizes
    if examples is not None and len(examples) == 1:
        count = call.joined(count, examples[0])
    for size in wanted:
        call.require_at_least(size, 1)
    return Sized((count, *wanted, sizes[3]))


def _few(call: Call) -> Sized:
    """NonMaxSuppression: no more than there are boxes; how many no size tells."""
    _fit_scores(call)
    return Sized((call.fresh(),))


def _fit_scores(call: Call) -> None:
    """Each box has a score."""
    boxes, scores = call.operands[0].sizes, call.operands[1].sizes
    if boxes is not None and scores is not None and len(boxes) == 2 and len(scores) == 1:  # noqa: PLR2004  # boxes are rows
        call.joined(boxes[1], _COORDINATES)
        call.joined(boxes[0], scores[0])


def _few_with_scores(call: Call) -> list[Sized]:
    """NonMaxSuppressionV4 and V5, padded to as many as may be where that is asked for."""
    _fit_scores(call)
    (most,) = call.told(2)
    is_padded = bool(call.attributes.get("pad_to_max_output_size", False))
    count: Size = most if is_padded else call.fresh()
    found = Sized((count,))
    return [found, Sized(())] if call.node.op.endswith("V4") else [found, found, Sized(())]


def _few_of_each_class(call: Call) -> list[Sized]:
    """CombinedNonMaxSuppression: of each example as many as are asked for, of all classes together."""
    boxes, scores = call.sizes(), call.sizes(1)
    if len(boxes) != _PICTURES or len(scores) != 3:  # noqa: PLR2004  # examples, boxes, classes
        raise UndecidedError("no boxes")
    batch = call.joined(boxes[0], scores[0])
    call.joined(boxes[1], scores[1])
    # Boxes are those of all classes, or of each.
    call.require("alike", boxes[2], scores[2])
    call.joined(boxes[3], _COORDINATES)
    (each,), (most,) = call.told(2), call.told(3)
    if call.attributes.get("pad_per_class"):
        most = smallest(most, each * scores[2])
    return [Sized((batch, most, _COORDINATES)), Sized((batch, most)), Sized((batch, most)), Sized((batch,))]


def _coloured(call: Call) -> Sized:
    """Colours are three."""
    sizes = call.sizes()
    if not sizes:
        raise UndecidedError("no colours")
    return Sized((*sizes[:-1], call.joined(sizes[-1], 3)))


def _transformed(call: Call) -> Sized:
    """ImageProjectiveTransformV2 and V3: as large as the third operand says."""
    sizes, wanted = call.sizes(), call.told(2)
    if len(sizes) != _PICTURES or len(wanted) != 2:  # noqa: PLR2004  # height and width
        raise UndecidedError("no pictures")
    return Sized((sizes[0], *wanted, sizes[3]))


def _decoded(call: Call) -> Sized:
    """DecodeJpeg, DecodePng and their like: how large a picture is stands in its bytes."""
    channels = int(call.attributes.get("channels", 0))
    return Sized((call.fresh(), call.fresh(), channels or call.fresh()))


def _encoded(call: Call) -> Sized:
    return Sized(call.sizes()[:-3])


_KEPT = "AdjustContrastv2 AdjustHue AdjustSaturation"
_RESIZED = "ResizeBilinear ResizeNearestNeighbor ResizeBicubic ResizeArea"

RULES: dict[str, Rule] = {
    **dict.fromkeys(_RESIZED.split(), _resized),
    **dict.fromkeys(_KEPT.split(), same),
    "RGBToHSV": _coloured,
    "HSVToRGB": _coloured,
    "CropAndResize": _cropped_and_resized,
    "NonMaxSuppression": _few,
    "NonMaxSuppressionV2": _few,
    "NonMaxSuppressionV3": _few,
    "NonMaxSuppressionV4": _few_with_scores,
    "NonMaxSuppressionV5": _few_with_scores,
    "CombinedNonMaxSuppression": _few_of_each_class,
    "ImageProjectiveTransformV3": _transformed,
    "DecodeJpeg": _decoded,
    "DecodePng": _decoded,
    "EncodePng": _encoded,
}
