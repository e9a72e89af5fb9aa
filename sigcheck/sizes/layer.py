"""Layer: the settings of a Keras layer, as the rules of layers read them.

The attributes of its node are those of `readers/keras/lowering/stand_in`. Raises UndecidedError where a
setting is not of the form that Keras writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sigcheck.sizes.call import Call, UndecidedError
from sigcheck.sizes.tensor import Size, Sizes

# Activations that take each number by itself, or along an axis that they keep. `glu` halves one, and a custom
# one may do anything.
_KEEPING = (
    "celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear log_sigmoid "
    "log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid "
    "sparsemax squareplus swish tanh tanh_shrink threshold"
)
_ACTIVATION_LAYERS = frozenset({"ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax", "ThresholdedReLU"})


def settings(call: Call) -> Mapping[str, Any]:
    """The config of the layer."""
    found = call.attributes.get("config")
    if not isinstance(found, dict):
        raise UndecidedError("no config")
    return found


def count(call: Call, name: str, least: int = 1) -> int:
    """A setting that is a number."""
    return _number(settings(call).get(name), least)


def each(call: Call, name: str, axes: int, least: int = 1, default: object = None) -> list[int]:
    """A setting for each inner axis, which may be one number for all."""
    told = settings(call).get(name)
    told = default if told is None else told
    found = told if isinstance(told, list | tuple) else [told] * axes
    if len(found) != axes:
        raise UndecidedError(f"{name} of another rank")
    return [_number(one, least) for one in found]


def pairs(call: Call, name: str, axes: int) -> list[tuple[int, int]]:
    """A setting of two numbers for each inner axis: both ends of it, alike or not."""
    told = settings(call).get(name)
    if axes == 1 and isinstance(told, list) and not any(isinstance(one, list) for one in told):
        told = [told]
    found = told if isinstance(told, list) else [told] * axes
    if len(found) != axes:
        raise UndecidedError(f"{name} of another rank")
    ends = [one if isinstance(one, list) else [one, one] for one in found]
    if any(len(pair) != 2 for pair in ends):  # noqa: PLR2004  # a number for either end
        raise UndecidedError(f"{name} of more than two ends")
    return [(_number(first, 0), _number(last, 0)) for first, last in ends]


def space(call: Call, sizes: Sizes) -> tuple[range, int]:
    """The inner axes, and that of the channels."""
    told, rank = settings(call).get("data_format"), len(sizes)
    if told not in {None, "channels_last", "channels_first"} or rank < 3:  # noqa: PLR2004  # one inner axis at least
        raise UndecidedError("no inner axes")
    return (range(2, rank), 1) if told == "channels_first" else (range(1, rank - 1), rank - 1)


def built(call: Call, axis: int, operand: int = 0) -> int | None:
    """For which size of an axis of an operand the weights were made; None where the file does not say it."""
    shapes = call.attributes.get("shapes", ())
    shape = shapes[operand] if operand < len(shapes) else None
    return shape[axis] if shape is not None and -len(shape) <= axis < len(shape) else None


def as_built(call: Call, size: Size, axis: int, operand: int = 0) -> Size:
    """The size of an axis that weights are as large as. Demands that it is."""
    made = built(call, axis, operand)
    return size if made is None else call.joined(size, made)


def require_keeping(activation: object) -> None:
    """Raises UndecidedError where an activation may give other sizes than it takes."""
    if activation is None or (isinstance(activation, str) and activation in _KEEPING.split()):
        return
    is_layer = isinstance(activation, dict) and activation.get("class_name") in _ACTIVATION_LAYERS
    if isinstance(activation, dict) and is_layer and str(activation.get("module", "keras")).startswith("keras"):
        return
    raise UndecidedError("an activation that may give other sizes")


def argument(call: Call, place: int, name: str) -> int | None:
    """Which operand an argument of the call is; None where it is not given, or no tensor."""
    operands = call.attributes.get("operands", {})
    found: object = operands.get(place, operands.get(name))
    return found if isinstance(found, int) else None


def value(call: Call, place: int, name: str, default: object = None) -> Any:
    """An argument that is no tensor."""
    arguments = call.attributes.get("arguments", {})
    return arguments.get(place, arguments.get(name, default))


def parts(call: Call) -> Sequence[int]:
    """The operands that are the first argument of the call."""
    return range(min(int(call.attributes.get("count", 0)), len(call.operands)))


def _number(told: object, least: int) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or told < least:
        raise UndecidedError("no count")
    return told
