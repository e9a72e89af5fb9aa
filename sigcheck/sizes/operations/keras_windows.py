"""Keras layers that slide a window over the inner axes: convolutions and pooling.

Causal padding gives as many as SAME does. What a transposed convolution gives is that of
`_get_output_shape_given_tf_padding` (keras/src/backend/common/backend_utils.py).
"""

from __future__ import annotations

from collections.abc import Callable

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.layer import as_built, built, count, each, require_keeping, settings, space
from sigcheck.sizes.operations.keras_recurrent import batch_of
from sigcheck.sizes.operations.windows import windowed
from sigcheck.sizes.tensor import Size, Sized, Sizes, add, multiply, subtract

_PADDINGS = {"valid": "VALID", "same": "SAME", "causal": "SAME"}


def slid(call: Call, sizes: Sizes, channels: Size, window: str = "kernel_size") -> Sizes:
    """The sizes behind windows of a layer whose inner axes are those of `sizes`."""
    axes, channel = space(call, sizes)
    windows = each(call, window, len(axes))
    strides = each(call, "strides", len(axes), default=windows if window == "pool_size" else 1)
    gaps = each(call, "dilation_rate", len(axes), default=1)
    padding = _PADDINGS.get(str(settings(call).get("padding")))
    if padding is None:
        raise UndecidedError("an unknown padding")
    found = list(sizes)
    found[channel] = channels
    for axis, size, stride, gap in zip(axes, windows, strides, gaps, strict=True):
        found[axis] = windowed(call, sizes[axis], (size - 1) * gap + 1, stride, padding)
    return tuple(found)


def _convolved(call: Call) -> Sized:
    require_keeping(settings(call).get("activation"))
    sizes = call.sizes()
    _fits_kernel(call, sizes)
    return Sized(slid(call, sizes, count(call, "filters")))


def _depthwise(call: Call) -> Sized:
    require_keeping(settings(call).get("activation"))
    sizes = call.sizes()
    _, channel = space(call, sizes)
    made = built(call, channel)
    _fits_kernel(call, sizes)
    channels = multiply(sizes[channel] if made is None else made, count(call, "depth_multiplier"))
    return Sized(slid(call, sizes, channels))


def _fits_kernel(call: Call, sizes: Sizes) -> None:
    _, channel = space(call, sizes)
    as_built(call, sizes[channel], channel)


def _transposed(call: Call) -> Sized:
    require_keeping(settings(call).get("activation"))
    sizes = call.sizes()
    axes, channel = space(call, sizes)
    _fits_kernel(call, sizes)
    windows, strides = each(call, "kernel_size", len(axes)), each(call, "strides", len(axes), default=1)
    gaps = each(call, "dilation_rate", len(axes), default=1)
    extras: list[int | None] = [None] * len(axes)
    if settings(call).get("output_padding") is not None:
        extras = [*each(call, "output_padding", len(axes), 0)]
    found = list(sizes)
    found[channel] = count(call, "filters")
    for axis, window, stride, gap, extra in zip(axes, windows, strides, gaps, extras, strict=True):
        found[axis] = _spread(call, sizes[axis], (window - 1) * gap + 1, stride, extra)
    return Sized(tuple(found))


def _spread(call: Call, size: Size, window: int, stride: int, extra: int | None) -> Size:
    padding, steps = settings(call).get("padding"), multiply(subtract(size, 1), stride)
    if padding == "valid":
        return add(steps, window + (max(stride - window, 0) if extra is None else extra))
    if padding != "same":
        raise UndecidedError("an unknown padding")
    return multiply(size, stride) if extra is None else add(steps, window % 2 + extra)


def _pooled(call: Call) -> Sized:
    sizes = call.sizes()
    _, channel = space(call, sizes)
    return Sized(slid(call, sizes, sizes[channel], "pool_size"))


def _pooled_globally(call: Call) -> Sized:
    return _placed(call, lambda _, axes: [1] * len(axes) if settings(call).get("keepdims") else [])


def _pooled_adaptively(call: Call) -> Sized:
    return _placed(call, lambda _, axes: each(call, "output_size", len(axes)))


def _placed(call: Call, inner: Callable[[Call, range], list[int]]) -> Sized:
    sizes = call.sizes()
    axes, channel = space(call, sizes)
    found = inner(call, axes)
    return Sized((sizes[0], sizes[1], *found) if channel == 1 else (sizes[0], *found, sizes[channel]))


def _recurrent(call: Call) -> list[Sized]:
    """ConvLSTM: each step is a picture that is convolved; two states behind."""
    require_keeping(settings(call).get("activation"))
    sizes = call.sizes()
    batch = batch_of(call)
    picture = (batch, *sizes[2:])
    _, channel = space(call, picture)
    as_built(call, sizes[channel + 1], channel + 1)
    found = slid(call, picture, count(call, "filters"))
    is_whole, has_states = bool(settings(call).get("return_sequences")), bool(settings(call).get("return_state"))
    last = Sized(found)
    whole = Sized((batch, sizes[1], *found[1:])) if is_whole else last
    return [whole, *[last] * 2 * has_states]


def _ranks(rule: Rule, *names: str) -> dict[str, Rule]:
    return {f"Keras>{name.format(rank)}": rule for name in names for rank in ("1D", "2D", "3D")}


RULES: dict[str, Rule] = {
    **_ranks(_convolved, "Conv{}", "Convolution{}", "SeparableConv{}", "SeparableConvolution{}"),
    **_ranks(_depthwise, "DepthwiseConv{}"),
    **_ranks(_transposed, "Conv{}Transpose"),
    **_ranks(_pooled, "MaxPooling{}", "AveragePooling{}"),
    **_ranks(_pooled_globally, "GlobalMaxPooling{}", "GlobalAveragePooling{}"),
    **_ranks(_pooled_adaptively, "AdaptiveMaxPooling{}", "AdaptiveAveragePooling{}"),
    **_ranks(_recurrent, "ConvLSTM{}"),
}
