"""Activations: named by an argument of a layer, or layers of their own.

The names are those of `keras.activations`. One that computes otherwise in some version of
Keras (hard_sigmoid) is lowered to the ends that all of them keep.
"""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.graph.view import Tensor
from sigcheck.readers.keras.lowering.building import Flow, as_float32
from sigcheck.readers.keras.lowering.layer_call import LayerCall, Lowering

_OPS = {
    "elu": "Elu",
    "exponential": "Exp",
    "log_softmax": "LogSoftmax",
    "relu": "Relu",
    "relu6": "Relu6",
    "sigmoid": "Sigmoid",
    "softmax": "Softmax",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "tanh": "Tanh",
}
# Keras 2 has 0.2 x + 0.5 where Keras 3 has x / 6 + 0.5; both are clipped.
_CLIPPED = {"hard_sigmoid": (0.0, 1.0), "hard_tanh": (-1.0, 1.0), "sparse_sigmoid": (0.0, 1.0)}
# A slope that is a whole part of this has few enough digits for every float type.
_EXACT = 2**7
# Layers that stand as an activation in the config of another one.
_LAYERS = frozenset({"Activation", "ELU", "LeakyReLU", "ReLU", "Softmax"})


def activate(call: LayerCall, tensor: Tensor, activation: object) -> Tensor:
    """The tensor behind the activation of a config. Nothing is known behind one that is not known."""
    if activation is None or activation == "linear":
        return tensor
    if isinstance(activation, str) and call.is_float:
        if activation in _OPS:
            return call.add(_OPS[activation], tensor)
        if activation in _CLIPPED:
            low, high = _CLIPPED[activation]
            inner = call.builder.opaque(activation, (Flow(tensor),))
            return call.add("ClipByValue", inner, call.number(low), call.number(high))
    if isinstance(activation, dict) and activation.get("class_name") in _LAYERS:
        # Called as a function, on what the layer computed: a mask may come with it.
        found = call.call_wrapped(activation, Flow(tensor, call.spec, is_masked=True))
        if found.tensor is not None and found.spec.dtype == call.dtype:
            return found.tensor
    return call.builder.opaque("activation", (Flow(tensor),))


def _activation(call: LayerCall) -> Tensor:
    return activate(call, call.x, call.config["activation"])


def softmax(call: LayerCall) -> Tensor:
    """Along the last axis, or between two transposes, as TensorFlow computes it along another."""
    axis = call.config.get("axis", -1)
    if isinstance(axis, list) and len(axis) == 1:
        (axis,) = axis
    if not isinstance(axis, int) or isinstance(axis, bool):
        raise ValueError("several axes at once")
    rank = len(call.input_shape)
    if not -rank <= axis < rank or not call.is_float:
        raise ValueError(f"no axis {axis}")
    axis %= rank
    if axis == rank - 1:
        return call.add("Softmax", call.x)
    order = [*range(rank)]
    order[axis], order[-1] = order[-1], order[axis]
    turned = call.add("Transpose", call.x, call.builder.whole(*order))
    return call.add("Transpose", call.add("Softmax", turned), call.builder.whole(*order))


def _softmax(call: LayerCall) -> Tensor:
    """Where Keras hands the layer a mask, what is masked becomes zero: all of it, maybe."""
    found = softmax(call)
    if not call.is_masked:
        return found
    return call.add("SelectV2", call.builder.opaque("mask", ()), found, call.number(0.0))


def rectify(call: LayerCall) -> Tensor:
    """ReLU with a ceiling or a slope; with a threshold, or both, nothing is known."""
    slope, most = call.config.get("negative_slope"), call.config.get("max_value")
    if call.config.get("threshold") not in {None, 0} or not call.is_float:
        raise ValueError("a threshold")
    if slope not in {None, 0}:
        if most is not None:
            raise ValueError("a slope below and a ceiling above")
        return _leak(call, slope)
    if most is None:
        return call.add("Relu", call.x)
    if most == 6:  # noqa: PLR2004  # the ceiling of Relu6
        return call.add("Relu6", call.x)
    if not isinstance(most, int | float) or most < 0:
        raise ValueError("no ceiling")
    return call.add("ClipByValue", call.add("Relu", call.x), call.number(0.0), call.number(most))


def _leaky(call: LayerCall) -> Tensor:
    # Keras 2 says alpha. Without either its default counts, which changed.
    return _leak(call, call.config.get("negative_slope", call.config.get("alpha")))


def _leak(call: LayerCall, slope: object) -> Tensor:
    if isinstance(slope, bool) or not isinstance(slope, int | float) or not call.is_float:
        raise ValueError("no slope")
    if call.dtype != "float32" and slope * _EXACT % 1:
        raise ValueError("a slope that is rounded")
    return call.add("LeakyRelu", call.x, alpha=as_float32(slope))


def _elu(call: LayerCall) -> Tensor:
    if call.config.get("alpha", 1.0) != 1.0 or not call.is_float:
        raise ValueError("an Elu of another scale")
    return call.add("Elu", call.x)


def operation(op: str) -> Lowering:
    """One operation of a float."""

    def lower(call: LayerCall) -> Tensor:
        if not call.is_float:
            raise ValueError("no float")
        return call.add(op, call.x)

    return lower


LOWERINGS: Mapping[str, Lowering] = {
    "Activation": _activation,
    "Softmax": _softmax,
    "ReLU": rectify,
    "LeakyReLU": _leaky,
    "ELU": _elu,
}
