"""Keras layers that move, cut, add, repeat or join elements along axes."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.layer import count, each, pairs, parts, settings, space
from sigcheck.sizes.operations.joining import join
from sigcheck.sizes.operations.reshaping import reshaped
from sigcheck.sizes.tensor import Size, Sized, Sizes, add, multiply, product, subtract

_PICTURE_RANK = 4


def _reshaped(call: Call) -> Sized:
    """The axes behind the batch, of which -1 is what remains."""
    sizes = call.sizes()
    return Sized((sizes[0], *reshaped(call, sizes[1:], settings(call).get("target_shape"))))


def _flattened(call: Call) -> Sized:
    sizes = call.sizes()
    return Sized((sizes[0], product(sizes[1:])))


def _permuted(call: Call) -> Sized:
    sizes, order = call.sizes(), settings(call).get("dims")
    if not isinstance(order, list | tuple) or sorted(order) != list(range(1, len(sizes))):
        raise UndecidedError("no order of the axes")
    return Sized((sizes[0], *(sizes[axis] for axis in order)))


def _repeated(call: Call) -> Sized:
    sizes = call.sizes()
    return Sized((sizes[0], count(call, "n"), *sizes[1:]))


def _cropped(call: Call) -> Sized:
    """Keras refuses to leave nothing (`Cropping1D.call`)."""
    sizes = call.sizes()
    axes, _ = space(call, sizes)
    found = list(sizes)
    for axis, ends in zip(axes, pairs(call, "cropping", len(axes)), strict=True):
        call.require_at_least(sizes[axis], sum(ends) + 1)
        found[axis] = subtract(sizes[axis], sum(ends))
    return Sized(tuple(found))


def _padded(call: Call) -> Sized:
    sizes = call.sizes()
    axes, _ = space(call, sizes)
    found = list(sizes)
    for axis, ends in zip(axes, pairs(call, "padding", len(axes)), strict=True):
        found[axis] = add(sizes[axis], sum(ends))
    return Sized(tuple(found))


def _enlarged(call: Call) -> Sized:
    sizes = call.sizes()
    axes, _ = space(call, sizes)
    found = list(sizes)
    for axis, times in zip(axes, each(call, "size", len(axes)), strict=True):
        found[axis] = multiply(sizes[axis], times)
    return Sized(tuple(found))


def _joined(call: Call) -> Sized:
    axis = settings(call).get("axis", -1)
    if type(axis) is not int:
        raise UndecidedError("no axis")
    return join(call, [call.operands[at] for at in parts(call)], axis)


def _resized(call: Call) -> Sized:
    """Pictures of a batch, or one alone."""
    sizes = list(call.sizes())
    is_first = settings(call).get("data_format") == "channels_first"
    at = int(len(sizes) == _PICTURE_RANK) + int(is_first)
    if len(sizes) not in {3, _PICTURE_RANK}:
        raise UndecidedError("no picture")
    found: Sizes = (count(call, "height"), count(call, "width"))
    made: list[Size] = [*sizes[:at], *found, *sizes[at + 2 :]]
    return Sized(tuple(made))


def _ranks(rule: Rule, name: str) -> dict[str, Rule]:
    return {f"Keras>{name}{rank}D": rule for rank in (1, 2, 3)}


RULES: dict[str, Rule] = {
    "Keras>Reshape": _reshaped,
    "Keras>Flatten": _flattened,
    "Keras>Permute": _permuted,
    "Keras>RepeatVector": _repeated,
    **_ranks(_cropped, "Cropping"),
    **_ranks(_padded, "ZeroPadding"),
    **_ranks(_enlarged, "UpSampling"),
    "Keras>Concatenate": _joined,
    **dict.fromkeys(("Keras>Resizing", "Keras>CenterCrop", "Keras>RandomCrop"), _resized),
}
