"""Which dtype a layer gives."""

from __future__ import annotations

from sigcheck.readers.keras.config.policy import compute_dtype
from sigcheck.readers.keras.config.tensor import Call, Tensor, is_float


def cast_dtype(call: Call, tensor: Tensor) -> str | None:
    """The dtype in which a layer sees a tensor: floats are cast to its compute dtype, others are left.

    None where the tensor's own dtype is not known, even if its layer is: an int stays an int.
    """
    return compute_dtype(call.config) if is_float(tensor.dtype) else tensor.dtype


def float_dtype(call: Call) -> str | None:
    """The compute dtype, where every input is a float.

    Layers without weights promise their compute dtype for integer inputs too
    (`Layer.compute_output_spec`), and then give integers.
    """
    return compute_dtype(call.config) if all(is_float(tensor.dtype) for tensor in call.inputs) else None


def is_dense(call: Call) -> bool:
    """Whether all inputs are known to be dense tensors."""
    return bool(call.inputs) and all(tensor.kind == "dense" for tensor in call.inputs)
