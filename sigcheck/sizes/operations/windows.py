"""Windows: convolutions and pooling, whose results are as long as a window fits in.

`SAME` gives ceil(size / stride); `VALID` floor((size - window) / stride) + 1, which is nothing where
the window does not fit once (common_shape_fns.cc, GetWindowedOutputSizeVerbose).
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Size, Sized, Sizes, add, divide, multiply, round_up, subtract


def _layout(call: Call, rank: int) -> tuple[list[int], int]:
    """The inner axes, and that of the channels."""
    data_format = str(call.attributes.get("data_format", "NHWC"))
    if rank not in {4, 5} or not data_format.startswith("N"):
        raise UndecidedError("no picture")
    is_first = data_format.startswith("NC")
    return (list(range(2, rank)), 1) if is_first else (list(range(1, rank - 1)), rank - 1)


def windowed(call: Call, size: Size, window: int, stride: int, padding: tuple[int, int] | str) -> Size:
    """How often the window fits; the window is as wide as its dilation makes it."""
    if stride < 1 or window < 1:
        raise UndecidedError("no window")
    if padding == "SAME":
        return round_up(size, stride)
    if isinstance(padding, tuple):
        size = add(size, sum(padding))
    elif padding != "VALID":
        raise UndecidedError("an unknown padding")
    call.require_at_least(size, window)
    return add(divide(subtract(size, window), stride), 1)


def _paddings(call: Call, axes: Sequence[int]) -> list[tuple[int, int] | str]:
    kind = str(call.attributes.get("padding", ""))
    if kind != "EXPLICIT":
        return [kind] * len(axes)
    told = call.listed("explicit_paddings")
    return [(told[2 * axis], told[2 * axis + 1]) for axis in axes]


def _convolved(call: Call, *, is_depthwise: bool = False) -> Sized:
    kernel = call.sizes(1)
    sizes = call.sizes_of(0, len(kernel))
    axes, channel = _layout(call, len(sizes))
    if len(kernel) != len(sizes):
        raise UndecidedError("a kernel of another rank")
    strides, dilations = call.listed("strides"), call.listed("dilations") or (1,) * len(sizes)
    found: list[Size] = list(sizes)
    for place, (axis, padding) in enumerate(zip(axes, _paddings(call, axes), strict=True)):
        window = kernel[place]
        if not isinstance(window, int):
            found[axis] = call.fresh()
            continue
        found[axis] = windowed(call, sizes[axis], (window - 1) * dilations[axis] + 1, strides[axis], padding)
    if is_depthwise:
        call.joined(sizes[channel], kernel[-2])
        found[channel] = multiply(kernel[-2], kernel[-1])
    else:
        fits_channels(call, sizes[channel], kernel[-2])
        found[channel] = kernel[-1]
    return Sized(tuple(found))


def fits_channels(call: Call, given: Size, taken: Size) -> None:
    """The kernel's depth divides the channels: more of these are groups."""
    if isinstance(given, int) and isinstance(taken, int):
        if taken and given % taken:
            call.require("equal", given, taken)
    elif not isinstance(given, int) and isinstance(taken, int) and taken > 0:
        call.require("equal", subtract(given, multiply(taken, divide(given, taken))), 0)


def _depthwise(call: Call) -> Sized:
    return _convolved(call, is_depthwise=True)


def _pooled(call: Call) -> Sized:
    return _pooled_by(call, call.listed("ksize"), call.listed("strides"))


def _pooled_by_operands(call: Call) -> Sized:
    """MaxPoolV2 has its windows and strides as operands."""
    return _pooled_by(call, call.integers(1), call.integers(2))


def _pooled_with_places(call: Call) -> list[Sized]:
    return [_pooled(call)] * 2


def _pooled_by(call: Call, windows: Sequence[int], strides: Sequence[int]) -> Sized:
    sizes = call.sizes_of(0, len(windows))
    if len(sizes) != len(windows):
        raise UndecidedError("no pooling of this rank")
    axes, channel = _layout(call, len(sizes))
    if windows[0] != 1 or windows[channel] != 1 or len(strides) != len(sizes):
        raise UndecidedError("pooling of channels")
    found: list[Size] = list(sizes)
    for axis, padding in zip(axes, _paddings(call, axes), strict=True):
        found[axis] = windowed(call, sizes[axis], windows[axis], strides[axis], padding)
    return Sized(tuple(found))


def _transposed(call: Call) -> Sized:
    """Conv2DBackpropInput and Conv3DBackpropInputV2: the result is as large as its first operand says.

    What it must be is what a convolution would make the third operand of.
    """
    sizes, kernel, given, channel = _transposed_sizes(call)
    call.joined(given[channel], kernel[-1])
    return sizes


def _transposed_by_channel(call: Call) -> Sized:
    """DepthwiseConv2dNativeBackpropInput: each channel by itself."""
    sizes, kernel, given, channel = _transposed_sizes(call)
    call.joined(given[channel], multiply(kernel[-2], kernel[-1]))
    return sizes


def _transposed_sizes(call: Call) -> tuple[Sized, Sizes, Sizes, int]:
    wanted, kernel, given = call.told(0), call.sizes(1), call.sizes(2)
    if len(wanted) != len(given) or len(kernel) != len(given):
        raise UndecidedError("a result of another rank")
    axes, channel = _layout(call, len(given))
    strides, dilations = call.listed("strides"), call.listed("dilations") or (1,) * len(given)
    found: list[Size] = list(wanted)
    found[0] = call.joined(wanted[0], given[0])
    found[channel] = call.joined(wanted[channel], kernel[-2])
    for place, (axis, padding) in enumerate(zip(axes, _paddings(call, axes), strict=True)):
        window = kernel[place]
        if not isinstance(window, int):
            continue
        reach = (window - 1) * dilations[axis] + 1
        # Of a result that is less than a window, builds differ in what they make.
        least = 0 if padding == "SAME" or call.node.op == "Conv2DBackpropInput" else reach
        if least == 0 or call.is_at_least(wanted[axis], least):
            call.joined(windowed(call, wanted[axis], reach, strides[axis], padding), given[axis])
    return Sized(tuple(found)), kernel, given, channel


def _dilated(call: Call) -> Sized:
    """Dilation2D: the greatest of a window and a filter, channel by channel."""
    sizes, kernel, strides, rates = call.sizes(), call.sizes(1), call.listed("strides"), call.listed("rates")
    if len(sizes) != 4 or len(kernel) != 3 or len(strides) != 4 or len(rates) != 4:  # noqa: PLR2004  # axes of pictures
        raise UndecidedError("no pictures")
    found: list[Size] = list(sizes)
    for axis in (1, 2):
        window = kernel[axis - 1]
        if not isinstance(window, int):
            raise UndecidedError("an unknown window")
        reach = (window - 1) * rates[axis] + 1
        found[axis] = windowed(call, sizes[axis], reach, strides[axis], str(call.attributes.get("padding")))
    found[3] = call.joined(sizes[3], kernel[2])
    return Sized(tuple(found))


def _patched(call: Call) -> Sized:
    """ExtractImagePatches: the pixels of each window become channels."""
    sizes = call.sizes()
    windows, strides, rates = (call.listed(name) for name in ("ksizes", "strides", "rates"))
    if not len(sizes) == len(windows) == len(strides) == len(rates) == 4:  # noqa: PLR2004  # axes of pictures
        raise UndecidedError("no pictures")
    found: list[Size] = list(sizes)
    for axis in (1, 2):
        reach = (windows[axis] - 1) * rates[axis] + 1
        found[axis] = windowed(call, sizes[axis], reach, strides[axis], str(call.attributes.get("padding")))
    found[3] = multiply(sizes[3], windows[1] * windows[2])
    return Sized(tuple(found))


RULES: dict[str, Rule] = {
    "Conv2D": _convolved,
    "Conv3D": _convolved,
    "DepthwiseConv2dNative": _depthwise,
    "Conv2DBackpropInput": _transposed,
    "Conv3DBackpropInputV2": _transposed,
    "DepthwiseConv2dNativeBackpropInput": _transposed_by_channel,
    "MaxPoolV2": _pooled_by_operands,
    "MaxPoolWithArgmax": _pooled_with_places,
    "Dilation2D": _dilated,
    "ExtractImagePatches": _patched,
    **dict.fromkeys(("MaxPool", "AvgPool", "MaxPool3D", "AvgPool3D"), _pooled),
}
