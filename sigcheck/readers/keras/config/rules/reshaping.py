"""Layers that move, cut, widen or repeat axes and compute nothing."""

from __future__ import annotations

from math import prod
from typing import Any

from sigcheck.readers.keras.config.rules.dtypes import cast_dtype, float_dtype, is_dense
from sigcheck.readers.keras.config.tensor import Call, Outputs, Rule, Tensor
from sigcheck.schema.shape import Shape

Size = int | None


def flatten(call: Call) -> Outputs | None:
    """All axes but the batch become one: whatever it is fed, it takes nothing but a dense tensor."""
    (fed,) = call.inputs
    if fed.shape is None and fed.kind in {"dense", None}:
        return (Tensor(cast_dtype(call, fed), (None, None)),)
    shape = fed.shape
    return _moved(call, None if shape is None else (shape[0], _product(shape[1:])))


def reshape(call: Call) -> Outputs | None:
    """`target_shape` behind the batch axis; its -1 is what remains."""
    shape = call.inputs[0].shape
    target = list(call.config["target_shape"])
    if any(type(size) is not int or size < -1 for size in target) or target.count(-1) > 1:
        return None
    if -1 in target:
        known = prod(size for size in target if size != -1)
        whole = None if shape is None else _product(shape[1:])
        if whole is not None and (known == 0 or whole % known):
            return None
        target[target.index(-1)] = None if whole is None else whole // known
    return _moved(call, (None if shape is None else shape[0], *target))


def permute(call: Call) -> Outputs | None:
    """The axes behind the batch in the order of `dims`, which counts from 1."""
    shape, dims = call.inputs[0].shape, call.config["dims"]
    if shape is None:
        return _moved(call, None)
    return (
        _moved(call, (shape[0], *(shape[axis] for axis in dims))) if sorted(dims) == [*range(1, len(shape))] else None
    )


def repeat(call: Call) -> Outputs | None:
    """`n` copies of each row along a new axis 1."""
    shape = call.inputs[0].shape
    return _shaped(call, None if shape is None else (shape[0], call.config["n"], *shape[1:]))


def crop(call: Call) -> Outputs | None:
    """Each spatial axis without its ends."""
    return _over_space(call, "cropping", -1)


def pad(call: Call) -> Outputs | None:
    """Each spatial axis with zeros at its ends."""
    return _over_space(call, "padding", 1)


def enlarge(call: Call) -> Outputs | None:
    """Each spatial axis `size` times as long."""
    shape, factors = call.inputs[0].shape, call.config["size"]
    if shape is None:
        return _shaped(call, None)
    begin, end = _space(call, shape)
    factors = [factors] * (end - begin) if isinstance(factors, int) else factors
    return _shaped(
        call, _with_space(shape, begin, [_times(size, n) for size, n in zip(shape[begin:end], factors, strict=True)])
    )


def _over_space(call: Call, field: str, sign: int) -> Outputs | None:
    shape, ends = call.inputs[0].shape, call.config[field]
    if shape is None:
        return _shaped(call, None)
    begin, end = _space(call, shape)
    pairs = _pairs(ends, end - begin)
    sizes = [
        None if size is None else size + sign * (before + after)
        for size, (before, after) in zip(shape[begin:end], pairs, strict=True)
    ]
    return _shaped(call, _with_space(shape, begin, sizes))


def _pairs(ends: Any, axes: int) -> list[tuple[int, int]]:
    """What is written as one number, one pair, or a pair for each axis."""
    if isinstance(ends, int):
        return [(ends, ends)] * axes
    if axes == 1 and all(isinstance(end, int) for end in ends):
        return [(ends[0], ends[1])]
    return [(end, end) if isinstance(end, int) else (end[0], end[1]) for end in ends]


def _space(call: Call, shape: Shape) -> tuple[int, int]:
    return (2, len(shape)) if call.config.get("data_format") == "channels_first" else (1, len(shape) - 1)


def _with_space(shape: Shape, begin: int, sizes: list[Size]) -> Shape:
    return (*shape[:begin], *sizes, *shape[begin + len(sizes) :])


def _times(size: Size, factor: int) -> Size:
    return None if size is None else size * factor


def _product(sizes: Shape) -> Size:
    return None if None in sizes else prod(size for size in sizes if size is not None)


def _moved(call: Call, shape: Shape | None) -> Outputs | None:
    return (Tensor(cast_dtype(call, call.inputs[0]), shape),) if is_dense(call) else None


def _shaped(call: Call, shape: Shape | None) -> Outputs | None:
    return (Tensor(float_dtype(call), shape),) if is_dense(call) else None


RULES: dict[str, Rule] = {
    "Flatten": flatten,
    "Reshape": reshape,
    "Permute": permute,
    "RepeatVector": repeat,
    **dict.fromkeys(("Cropping1D", "Cropping2D", "Cropping3D"), crop),
    **dict.fromkeys(("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"), pad),
    **dict.fromkeys(("UpSampling1D", "UpSampling2D", "UpSampling3D"), enlarge),
}
