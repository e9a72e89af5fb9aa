"""Operations of `keras.ops` in a functional model: `x + y`, `keras.ops.mean(x)`, `x[:, 1:]`."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.sizes.call import MOST_RANK, Call, Rule, UndecidedError
from sigcheck.sizes.layer import argument, parts, settings, value
from sigcheck.sizes.operations.elementwise import broadcast, same
from sigcheck.sizes.operations.joining import join
from sigcheck.sizes.operations.reductions import reduced
from sigcheck.sizes.operations.reshaping import reshaped
from sigcheck.sizes.operations.slices import between
from sigcheck.sizes.tensor import Size, Sized, Sizes


def _combined(call: Call) -> Sized:
    """Two operands, of which one may be a number."""
    return Sized(broadcast(call, _side(call, 0, "x1"), _side(call, 1, "x2")))


def _side(call: Call, place: int, name: str) -> Sizes:
    at = argument(call, place, name)
    if at is not None:
        return call.sizes(at)
    if isinstance(value(call, place, name), int | float):
        return ()
    raise UndecidedError("neither a tensor nor a number")


def _reduced(call: Call) -> Sized:
    sizes, told = call.sizes(), settings(call).get("axis")
    numbers = range(len(sizes)) if told is None else told if isinstance(told, list | tuple) else [told]
    axes = {call.axis(one, len(sizes)) for one in numbers if type(one) is int}
    return Sized(reduced(sizes, axes, keeps=bool(settings(call).get("keepdims"))))


def _expanded(call: Call) -> Sized:
    sizes, told = call.sizes(), settings(call).get("axis")
    if type(told) is not int:
        raise UndecidedError("no axis")
    at = call.axis(told, len(sizes) + 1)
    return Sized((*sizes[:at], 1, *sizes[at:]))


def _transposed(call: Call) -> Sized:
    sizes, told = call.sizes(), settings(call).get("axes")
    order = list(reversed(range(len(sizes)))) if told is None else [call.axis(one, len(sizes)) for one in told]
    if sorted(order) != list(range(len(sizes))):
        raise UndecidedError("no order of the axes")
    return Sized(tuple(sizes[axis] for axis in order))


def _joined(call: Call) -> Sized:
    axis = settings(call).get("axis", 0)
    if type(axis) is not int:
        raise UndecidedError("no axis")
    return join(call, [call.operands[at] for at in parts(call)], axis)


def _reshaped(call: Call) -> Sized:
    """To a shape of numbers, of which -1 is what remains."""
    return Sized(reshaped(call, call.sizes(), settings(call).get("newshape", settings(call).get("shape"))))


def _multiplied(call: Call) -> Sized:
    one, other = _side(call, 0, "x1"), _side(call, 1, "x2")
    if min(len(one), len(other)) < 2:  # noqa: PLR2004  # matrices have two axes
        raise UndecidedError("no matrices")
    call.joined(one[-1], other[-2])
    return Sized((*broadcast(call, one[:-2], other[:-2]), one[-2], other[-1]))


def _cut(call: Call) -> Sized:
    """`x[...]` with slices, numbers, new axes and dots."""
    keys = value(call, 1, "key")
    left, found = list(call.sizes()), list[Size]()
    listed: Sequence[object] = keys if isinstance(keys, list) else [keys]
    if len(listed) > MOST_RANK:
        raise UndecidedError("more axes than there are")
    for at, key in enumerate(listed):
        if isinstance(key, dict) and key.get("class_name") == "__ellipsis__":
            kept = len(left) - sum(one is not None for one in listed[at + 1 :])
            found, left = [*found, *left[:kept]], left[kept:]
        elif key is None:
            found.append(1)
        elif type(key) is int and left:
            call.require_at_least(left.pop(0), key + 1 if key >= 0 else -key)
        elif left:
            found.append(_between(call, left.pop(0), key))
        else:
            raise UndecidedError("more axes than there are")
    return Sized((*found, *left))


def _between(call: Call, size: Size, key: object) -> Size:
    if not isinstance(key, dict) or key.get("class_name") != "__slice__":
        raise UndecidedError("no slice")
    config = key["config"]
    begin, end, step = (config.get(name) for name in ("start", "stop", "step"))
    if any(one is not None and type(one) is not int for one in (begin, end, step)):
        raise UndecidedError("no slice")
    return between(call, size, begin, end, 1 if step is None else step)


_COMBINING = "Add Divide Maximum Minimum Multiply Power Subtract TrueDivide Equal Greater GreaterEqual Less LessEqual"
_KEEPING = (
    "Absolute Cast Clip Cos Elu Erf Exp Gelu HardSigmoid HardSilu Identity LeakyRelu Log Log1p LogSoftmax Negative "
    "ReLU Relu Relu6 Round Rsqrt Selu Sigmoid Sign Silu Sin Softmax Softplus Softsign Sqrt Square Tanh ZerosLike"
)
_REDUCING = "All Any Max Mean Min Prod Sum Std Var"

RULES: dict[str, Rule] = {
    **{f"Keras>ops.{name}": _combined for name in _COMBINING.split()},
    **{f"Keras>ops.{name}": same for name in _KEEPING.split()},
    **{f"Keras>ops.{name}": _reduced for name in _REDUCING.split()},
    "Keras>ops.ExpandDims": _expanded,
    "Keras>ops.Transpose": _transposed,
    "Keras>ops.Concatenate": _joined,
    "Keras>ops.Reshape": _reshaped,
    "Keras>ops.Matmul": _multiplied,
    "Keras>ops.GetItem": _cut,
}
