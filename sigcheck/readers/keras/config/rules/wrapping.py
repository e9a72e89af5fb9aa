"""Layers around another layer."""

from __future__ import annotations

from sigcheck.readers.keras.config.policy import compute_dtype
from sigcheck.readers.keras.config.rules.dtypes import float_dtype
from sigcheck.readers.keras.config.tensor import Call, Outputs, Rule


def distribute(call: Call) -> Outputs | None:
    """The layer inside, applied to every step of axis 1."""
    tensor = call.inputs[0]
    if tensor.shape is None:
        return None
    outputs = call.call_wrapped(call.config["layer"], (tensor.with_shape((tensor.shape[0], *tensor.shape[2:])),))
    if outputs is None or len(outputs) != 1 or outputs[0].shape is None:
        return None
    inner = outputs[0].shape
    return one_policy(call, (outputs[0].with_shape((inner[0], tensor.shape[1], *inner[1:])),))


def normalize_weights(call: Call) -> Outputs | None:
    """What the layer inside gives."""
    outputs = call.call_wrapped(call.config["layer"], call.inputs)
    return None if outputs is None else one_policy(call, outputs)


def one_policy(call: Call, outputs: Outputs) -> Outputs:
    """The outputs; their dtype only where the wrapper and the layer inside compute in the same one.

    Keras promises the dtype of the wrapper, and gives that of the layer inside.
    """
    outer, inner = compute_dtype(call.config), compute_dtype(call.config["layer"]["config"])
    if outer == inner and float_dtype(call) is not None:
        return outputs
    return tuple(tensor.with_dtype(None) for tensor in outputs)


RULES: dict[str, Rule] = {"SpectralNormalization": normalize_weights, "TimeDistributed": distribute}
