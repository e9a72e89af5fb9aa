"""Dtype policies: in which dtype a layer computes, from its config alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sigcheck.readers.keras.config.tensor import as_dtype

# Layers of Keras before 2.3 store no dtype: they take Keras' default, `floatx`.
FLOATX = "float32"

_MIXED = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}
# In which field of its config a policy class names the dtypes.
_NAME_FIELDS = {
    "DTypePolicy": "name",
    "FloatDTypePolicy": "name",
    "Policy": "name",
    "PolicyV1": "name",
    "QuantizedDTypePolicy": "source_name",
    "QuantizedFloat8DTypePolicy": "source_name",
}


def compute_dtype(config: Mapping[str, Any]) -> str | None:
    """The dtype that a layer casts its floating inputs to, or None where its policy is not known.

    `mixed_float16` and `mixed_bfloat16` compute in the narrow dtype and keep float32
    variables; a quantized policy computes as the policy it was made from.
    """
    dtype = config.get("dtype")
    if dtype is None:
        return FLOATX
    if isinstance(dtype, dict):
        field = _NAME_FIELDS.get(dtype.get("class_name", ""))
        dtype = dtype.get("config", {}).get(field) if field else None
    if not isinstance(dtype, str):
        return None
    return _MIXED.get(dtype) or as_dtype(dtype)


def is_mixed(config: Mapping[str, Any]) -> bool:
    """Whether a layer may compute in another dtype than it keeps its variables in."""
    dtype = config.get("dtype")
    return dtype is not None and compute_dtype({"dtype": dtype}) not in {"float32", "float64"}
