"""Layers that keep the shape: activations, dropout, normalization."""

from __future__ import annotations

from sigcheck.readers.keras.config.policy import compute_dtype
from sigcheck.readers.keras.config.rules.dtypes import cast_dtype, float_dtype, is_dense
from sigcheck.readers.keras.config.tensor import Call, Outputs, Rule, Tensor


def keep_shape(call: Call) -> Outputs | None:
    """Floats in the compute dtype come out; of integers the dtype is not known."""
    return (Tensor(float_dtype(call), call.inputs[0].shape),) if is_dense(call) else None


def keep_shape_weighted(call: Call) -> Outputs | None:
    """Weights make the result a float, whatever came in."""
    return (Tensor(compute_dtype(call.config), call.inputs[0].shape),) if is_dense(call) else None


def keep_shape_by_name(call: Call) -> Outputs | None:
    """As `keep_shape`, for layers that write the dtype of their variables in place of their policy.

    Such a layer is loaded with another compute dtype than it was saved with, if that was mixed.
    """
    outputs = keep_shape(call)
    if outputs is None or isinstance(call.config.get("dtype"), dict):
        return outputs
    return tuple(tensor.with_dtype(None) for tensor in outputs)


def keep_tensor(call: Call) -> Outputs | None:
    """The tensors as the layer sees them."""
    if not is_dense(call):
        return None
    return tuple(tensor.with_dtype(cast_dtype(call, tensor)) for tensor in call.inputs)


RULES: dict[str, Rule] = {
    **dict.fromkeys(
        (
            "Activation",
            "ActivityRegularization",
            "AlphaDropout",
            "Dropout",
            "ELU",
            "GaussianDropout",
            "GaussianNoise",
            "LeakyReLU",
            "Masking",
            "RMSNormalization",
            "RandomBrightness",
            "RandomContrast",
            "RandomFlip",
            "RandomRotation",
            "RandomTranslation",
            "RandomZoom",
            "ReLU",
            "Softmax",
            "ThresholdedReLU",
            "UnitNormalization",
        ),
        keep_shape,
    ),
    **dict.fromkeys(
        (
            "BatchNormalization",
            "BatchNormalizationV1",
            "GroupNormalization",
            "LayerNormalization",
            "PReLU",
        ),
        keep_shape_weighted,
    ),
    **dict.fromkeys(("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"), keep_shape_by_name),
    "Identity": keep_tensor,
}
