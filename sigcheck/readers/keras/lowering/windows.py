"""Windows: how the axes of a layer's result follow from those of its input, for layers that cut, pad or slide.

Each gives the attribute `sizes` of the layer's node: for each axis of the result the axis of the operand,
the window and the stride (`(size - window) // stride + 1` is left), None for what is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from sigcheck.readers.keras.lowering.layer_call import LayerCall

Sizes: TypeAlias = tuple[tuple[int, int, int] | None, ...]
_BATCH = (0, 1, 1)


def convolved(call: LayerCall) -> Sizes | None:
    """Of a convolution; one of sequences reads an operand with an axis more, before its own."""
    dilations = _each(call, "dilation_rate", _count(call, "kernel_size"))
    windows = _windows(call, "kernel_size", dilations)
    return None if windows is None else _placed(call, windows, is_kept=False, shift=int(len(windows) == 1))


def pooled(call: LayerCall) -> Sizes | None:
    """Of pooling by windows."""
    windows = _windows(call, "pool_size", None)
    return None if windows is None else _placed(call, windows, is_kept=True)


def kept(call: LayerCall) -> Sizes:
    """Of what leaves all sizes as they are."""
    return tuple((axis, 1, 1) for axis in range(len(call.input_shape)))


def cropped(call: LayerCall) -> Sizes | None:
    """Of cropping."""
    return _at_ends(call, "cropping", lambda count: 1 + count)


def padded(call: LayerCall) -> Sizes | None:
    """Of padding with zeros."""
    return _at_ends(call, "padding", lambda count: 1 - count)


def _windows(call: LayerCall, name: str, dilations: Sequence[int] | None) -> list[tuple[int, int]] | None:
    """The window and the stride of each inner axis."""
    count, padding = _count(call, name), call.config.get("padding")
    sizes = _each(call, name, count)
    strides = _each(call, "strides", count) or (sizes if call.config.get("strides") is None else None)
    spread = [1] * count if dilations is None and name == "pool_size" else dilations
    if sizes is None or strides is None or spread is None or padding not in {"valid", "same", "causal"}:
        return None
    # What is padded to be the same is cut down by the stride alone.
    windows = [(size - 1) * gap + 1 if padding == "valid" else 1 for size, gap in zip(sizes, spread, strict=True)]
    return list(zip(windows, strides, strict=True))


def _at_ends(call: LayerCall, name: str, window: Callable[[int], int]) -> Sizes | None:
    """Of layers that change both ends of each inner axis by constant numbers."""
    told, count = call.config.get(name), len(call.input_shape) - 2
    if count == 1 and isinstance(told, list) and len(told) == 2 and all(map(_is_size, told)):  # noqa: PLR2004  # both ends
        told = [told]
    if isinstance(told, list) and len(told) == count:
        ends = [[one, one] if _is_size(one) else one for one in told]
        if all(isinstance(pair, list) and len(pair) == 2 and all(map(_is_size, pair)) for pair in ends):  # noqa: PLR2004  # as above
            return _placed(call, [(window(sum(pair)), 1) for pair in ends], is_kept=True)
    return None


def _placed(call: LayerCall, windows: Sequence[tuple[int, int]], *, is_kept: bool, shift: int = 0) -> Sizes | None:
    """The windows at their axes; the channels are another size unless they are kept."""
    rank, data_format = len(call.input_shape), call.data_format
    # Layers of sequences had no data format once.
    if len(windows) != rank - 2 or (data_format == "?" and rank != 3):  # noqa: PLR2004  # a sequence
        return None
    is_first = data_format == "NCHW"
    begin = 2 if is_first else 1
    channels = (1 if is_first else rank - 1, 1, 1) if is_kept else None
    inner = [(begin + place + shift, *window) for place, window in enumerate(windows)]
    return (_BATCH, channels, *inner) if is_first else (_BATCH, *inner, channels)


def _count(call: LayerCall, name: str) -> int:
    """How many inner axes a layer has."""
    told = call.config.get(name)
    return len(told) if isinstance(told, list) else len(call.input_shape) - 2


def _each(call: LayerCall, name: str, count: int) -> list[int] | None:
    """A count of at least 1 for each inner axis; None where there are no such."""
    told: Any = call.config.get(name)
    found = [told] * count if _is_size(told) else told
    is_told = isinstance(found, list) and len(found) == count and all(_is_size(one) and one >= 1 for one in found)
    return found if is_told else None


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
