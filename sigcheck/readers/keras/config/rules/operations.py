"""Keras operations in a functional model: `x + y`, `keras.ops.mean(x)`, without a dtype policy."""

from __future__ import annotations

from sigcheck.readers.keras.config.rules.dtypes import is_dense
from sigcheck.readers.keras.config.rules.merging import broadcast
from sigcheck.readers.keras.config.tensor import Call, Outputs, Rule, Tensor, as_dtype, is_float
from sigcheck.schema.shape import Shape


def combine(call: Call) -> Outputs | None:
    """Two operands broadcast against each other; a Python number takes the dtype of the tensor."""
    operands = [call.arguments[0], call.arguments[1]]
    tensors = [operand for operand in operands if isinstance(operand, Tensor)]
    if not all(isinstance(operand, Tensor | int | float) for operand in operands):
        return None
    if any(tensor.kind != "dense" for tensor in tensors):
        return None
    dtypes = {tensor.dtype for tensor in tensors}
    # Tensors of different dtypes, and integers beside a float, are promoted in ways of their own.
    dtype = next(iter(dtypes)) if len(dtypes) == 1 else None
    shapes = [tensor.shape for tensor in tensors]
    shape: Shape | None = ()
    for one in shapes:
        shape = None if shape is None or one is None else broadcast(shape, one, keeps_known=True)
    return (Tensor(dtype if is_float(dtype) else None, shape),)


def keep(call: Call) -> Outputs | None:
    """A float comes out as it went in."""
    tensor = call.inputs[0]
    return (tensor,) if is_dense(call) and is_float(tensor.dtype) else None


def cast(call: Call) -> Outputs | None:
    """The shape with the dtype that is asked for."""
    return (call.inputs[0].with_dtype(as_dtype(call.config["dtype"])),) if is_dense(call) else None


def reduce(call: Call) -> Outputs | None:
    """The axes that are reduced over are left out, or of size 1."""
    tensor = call.inputs[0]
    if not is_dense(call) or not is_float(tensor.dtype):
        return None
    if tensor.shape is None:
        return (tensor,)
    rank, axes = len(tensor.shape), call.config["axis"]
    axes = range(rank) if axes is None else [axes] if isinstance(axes, int) else axes
    if any(not -rank <= axis < rank for axis in axes):
        return None
    gone = {axis % rank for axis in axes}
    sizes = [1 if axis in gone else size for axis, size in enumerate(tensor.shape)]
    kept = sizes if call.config["keepdims"] else [size for axis, size in enumerate(sizes) if axis not in gone]
    return (tensor.with_shape(tuple(kept)),)


def expand(call: Call) -> Outputs | None:
    """A new axis of size 1."""
    tensor, axis = call.inputs[0], call.config["axis"]
    if not is_dense(call) or tensor.shape is None or not isinstance(axis, int):
        return None
    rank = len(tensor.shape) + 1
    if not -rank <= axis < rank:
        return None
    at = axis % rank
    return (tensor.with_shape((*tensor.shape[:at], 1, *tensor.shape[at:])),)


def transpose(call: Call) -> Outputs | None:
    """The axes in the order of `axes`, or back to front."""
    tensor, axes = call.inputs[0], call.config["axes"]
    if not is_dense(call) or tensor.shape is None:
        return None
    rank = len(tensor.shape)
    order = list(reversed(range(rank))) if axes is None else [axis % rank for axis in axes]
    return (
        (tensor.with_shape(tuple(tensor.shape[axis] for axis in order)),) if sorted(order) == [*range(rank)] else None
    )


_COMBINING = ("Add", "Divide", "Maximum", "Minimum", "Multiply", "Power", "Subtract", "TrueDivide")
_KEEPING = (
    "Absolute",
    "Clip",
    "Cos",
    "Elu",
    "Exp",
    "Gelu",
    "HardSigmoid",
    "HardSilu",
    "LeakyRelu",
    "Log",
    "LogSoftmax",
    "Negative",
    "ReLU",
    "Relu",
    "Relu6",
    "Rsqrt",
    "Sigmoid",
    "Silu",
    "Sin",
    "Softmax",
    "Softplus",
    "Sqrt",
    "Square",
    "Tanh",
)
_REDUCING = ("Max", "Mean", "Min", "Prod", "Sum")

RULES: dict[str, Rule] = {
    **{f"ops.{name}": combine for name in _COMBINING},
    **{f"ops.{name}": keep for name in _KEEPING},
    **{f"ops.{name}": reduce for name in _REDUCING},
    "ops.Cast": cast,
    "ops.ExpandDims": expand,
    "ops.Transpose": transpose,
}
