"""Convolutions and pooling: layers that slide a window over the spatial axes."""

from __future__ import annotations

from collections.abc import Callable

from sigcheck.readers.keras.config.policy import compute_dtype
from sigcheck.readers.keras.config.rules.dtypes import float_dtype, is_dense
from sigcheck.readers.keras.config.tensor import Call, Outputs, Rule, Tensor
from sigcheck.schema.shape import Shape

Size = int | None


def slide(size: Size, window: int, stride: int, padding: str) -> Size:
    """The number of positions of a window on an axis. Raises ValueError where there is none."""
    if size is None:
        return None
    if padding in {"same", "causal"}:
        return -(-size // stride)
    if padding != "valid":
        raise ValueError(f"padding {padding!r}")
    positions = (size - window) // stride + 1
    if positions < 1:
        raise ValueError(f"a window of {window} on an axis of {size}")
    return positions


def spread(size: Size, window: int, stride: int, padding: str, extra: int | None) -> Size:
    """The size that a transposed convolution gives (`_get_output_shape_given_tf_padding`)."""
    if size is None:
        return None
    if padding == "valid":
        return (size - 1) * stride + window + (max(window, stride) - window if extra is None else extra)
    if padding != "same":
        raise ValueError(f"padding {padding!r}")
    return size * stride if extra is None else (size - 1) * stride + window % 2 + extra


def convolve(call: Call) -> Outputs | None:
    """`filters` channels over a narrower space."""
    return _over_space(call, _convolved, compute_dtype(call.config), call.config["filters"])


def convolve_depthwise(call: Call) -> Outputs | None:
    """`depth_multiplier` channels for each one that comes in."""
    channels = _channels(call)
    multiplied = None if channels is None else channels * call.config["depth_multiplier"]
    return _over_space(call, _convolved, compute_dtype(call.config), multiplied)


def convolve_transposed(call: Call) -> Outputs | None:
    """`filters` channels over a wider space."""
    return _over_space(call, _widened, compute_dtype(call.config), call.config["filters"])


def _of_rank(rule: Rule, rank: int) -> Rule:
    """The rule of a layer that takes a dense tensor of this rank and no other (`InputSpec(ndim=...)`)."""

    def ranked(call: Call) -> Outputs | None:
        (fed,) = call.inputs
        if fed.shape is None and fed.kind in {"dense", None}:
            call = call._replace(inputs=(Tensor(fed.dtype, (None,) * rank),))
        return rule(call)

    return ranked


def pool(call: Call) -> Outputs | None:
    """The channels that come in over a narrower space."""
    return _over_space(call, _pooled, float_dtype(call), _channels(call))


def pool_globally(call: Call) -> Outputs | None:
    """One value for each channel."""
    dtype, shape = float_dtype(call), call.inputs[0].shape
    if not is_dense(call):
        return None
    if shape is None:
        return (Tensor(dtype),)
    ones = (1,) * (len(shape) - 2) if call.config.get("keepdims") else ()
    channels = _channels(call)
    return (Tensor(dtype, (shape[0], *ones, channels) if _is_channels_last(call) else (shape[0], channels, *ones)),)


def pool_adaptively(call: Call) -> Outputs | None:
    """The channels that come in over a space of `output_size`."""
    return _over_space(call, lambda call, axis, _: _each(call, "output_size", axis), float_dtype(call), _channels(call))


def _over_space(
    call: Call, along: Callable[[Call, int, Size], Size], dtype: str | None, channels: Size
) -> Outputs | None:
    """The result of a layer that changes each spatial axis by itself."""
    shape = call.inputs[0].shape
    if not is_dense(call):
        return None
    if shape is None:
        return (Tensor(dtype),)
    is_last = _is_channels_last(call)
    space: Shape = shape[1:-1] if is_last else shape[2:]
    sizes = tuple(along(call, axis, size) for axis, size in enumerate(space))
    return (Tensor(dtype, (shape[0], *sizes, channels) if is_last else (shape[0], channels, *sizes)),)


def _convolved(call: Call, axis: int, size: Size) -> Size:
    return slide(size, _window(call, axis), _each(call, "strides", axis), call.config["padding"])


def _widened(call: Call, axis: int, size: Size) -> Size:
    extra = None if call.config.get("output_padding") is None else _each(call, "output_padding", axis)
    return spread(size, _window(call, axis), _each(call, "strides", axis), call.config["padding"], extra)


def _pooled(call: Call, axis: int, size: Size) -> Size:
    window = _each(call, "pool_size", axis)
    stride = window if call.config.get("strides") is None else _each(call, "strides", axis)
    return slide(size, window, stride, call.config["padding"])


def _window(call: Call, axis: int) -> int:
    """The span of a kernel that is spread by its dilation."""
    return (_each(call, "kernel_size", axis) - 1) * _each(call, "dilation_rate", axis, 1) + 1


def _each(call: Call, field: str, axis: int, default: int = 0) -> int:
    """A setting for one axis, written for all of them or one by one. Raises TypeError where it is no number."""
    value = call.config.get(field, default) if default else call.config[field]
    number = value[axis] if isinstance(value, list) else value
    if not isinstance(number, int):
        raise TypeError(f"{field} {value!r}")
    return number


def _is_channels_last(call: Call) -> bool:
    data_format = call.config.get("data_format")
    if data_format not in {None, "channels_last", "channels_first"}:
        raise ValueError(f"data_format {data_format!r}")
    return data_format != "channels_first"


def _channels(call: Call) -> Size:
    shape = call.inputs[0].shape
    return None if shape is None else shape[-1] if _is_channels_last(call) else shape[1]


def _pooling(rule: Rule, *names: str) -> dict[str, Rule]:
    return {name.format(f"{rank}D"): _of_rank(rule, rank + 2) for name in names for rank in (1, 2, 3)}


def _for_each_rank(rule: Rule, *names: str) -> dict[str, Rule]:
    return {name.format(rank): rule for name in names for rank in ("1D", "2D", "3D")}


RULES: dict[str, Rule] = {
    **_for_each_rank(convolve, "Conv{}", "Convolution{}", "SeparableConv{}"),
    **_for_each_rank(convolve_depthwise, "DepthwiseConv{}"),
    **_for_each_rank(convolve_transposed, "Conv{}Transpose"),
    **_pooling(pool, "MaxPooling{}", "AveragePooling{}"),
    **_pooling(pool_globally, "GlobalMaxPooling{}", "GlobalAveragePooling{}"),
    **_for_each_rank(pool_adaptively, "AdaptiveMaxPooling{}", "AdaptiveAveragePooling{}"),
}
