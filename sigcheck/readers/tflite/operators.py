"""TFLite operators under TensorFlow's names: one entry for each that is known, by its builtin code.

Codes, kinds of options and fields by number are those of schema.fbs. What is not in a table here is a
node of which nothing is known: custom operators, conditionals, loops, recurrent cells.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sigcheck.graph.view import OTHER_OPERAND, Attributes, Constant, Tensor
from sigcheck.readers.tflite.lowering import Lowered, Lowering
from sigcheck.readers.tflite.operator import Operator

if TYPE_CHECKING:
    from sigcheck.encodings.flatbuffer import Table

_MAX_NEW_SHAPE = 64

# Operators that differ in nothing but the name.
_SAME = {
    5: "DepthToSpace",
    8: "Floor",
    14: "Sigmoid",
    25: "Softmax",
    26: "SpaceToDepth",
    28: "Tanh",
    34: "Pad",
    37: "BatchToSpaceND",
    39: "Transpose",
    40: "Mean",
    43: "Squeeze",
    45: "StridedSlice",
    47: "Exp",
    48: "TopKV2",
    49: "Split",
    50: "LogSoftmax",
    55: "Maximum",
    56: "ArgMax",
    57: "Minimum",
    58: "Less",
    59: "Neg",
    60: "PadV2",
    61: "Greater",
    62: "GreaterEqual",
    63: "LessEqual",
    64: "Select",
    65: "Slice",
    66: "Sin",
    69: "Tile",
    70: "ExpandDims",
    71: "Equal",
    72: "NotEqual",
    75: "Sqrt",
    77: "Shape",
    79: "ArgMin",
    83: "Pack",
    84: "LogicalOr",
    85: "OneHot",
    86: "LogicalAnd",
    87: "LogicalNot",
    88: "Unpack",
    92: "Square",
    93: "ZerosLike",
    97: "ResizeNearestNeighbor",
    100: "MirrorPad",
    101: "Abs",
    102: "SplitV",
    104: "Ceil",
    105: "ReverseV2",
    106: "AddN",
    107: "GatherNd",
    108: "Cos",
    110: "Rank",
    111: "Elu",
    116: "Round",
    123: "SelectV2",
    130: "BroadcastTo",
    158: "Sign",
}
# Operators with an activation behind them: TensorFlow's name, the kind of the options, the field of the activation.
_ACTIVATED = {
    0: ("AddV2", 11, 0),
    1: ("AvgPool", 5, 5),
    2: ("ConcatV2", 10, 1),
    3: ("Conv2D", 1, 3),
    4: ("DepthwiseConv2dNative", 2, 4),
    9: ("MatMul", 8, 0),
    17: ("MaxPool", 5, 5),
    18: ("Mul", 21, 0),
    41: ("Sub", 28, 0),
    42: ("RealDiv", 29, 0),
}
# Activations by what they let through, as operators of their own and by their number behind another. TANH and
# SIGN_BIT are missing: kernels take them and do nothing.
_CLAMPS: dict[str, tuple[float, float]] = {
    "Relu": (0.0, math.inf),
    "Relu6": (0.0, 6.0),
    "ReluN1To1": (-1.0, 1.0),
    "Relu0To1": (0.0, 1.0),
}
# What these make of NaN, by TensorFlow 2.21 with and without XNNPACK: a clamp to infinities drops one.
_OF_NAN: dict[str, Any] = {
    "ArgMax": (0.0, 2.0**31 - 1),
    "ArgMin": (0.0, 2.0**31 - 1),
    "AvgPool": (-math.inf, math.inf),
    "Exp": (0.0, math.inf),
    "MaxPool": (-math.inf, math.inf),
    "Maximum": OTHER_OPERAND,
    "Minimum": OTHER_OPERAND,
}
_CLAMPING = {19: "Relu", 20: "ReluN1To1", 21: "Relu6", 152: "Relu0To1"}
_BEHIND = {1: "Relu", 2: "ReluN1To1", 3: "Relu6"}

_FULLY_CONNECTED, _KEEP_AXES = 8, 2
_RESHAPE_OPTIONS, _GATHER_OPTIONS, _LEAKY_OPTIONS, _FAKE_OPTIONS, _MATMUL_OPTIONS = 17, 23, 75, 58, 101


def lower_operator(lowering: Lowering, operator: Operator) -> Lowered:
    """The nodes that an operator becomes; one of which nothing is known where it is not in a table."""
    operands = [lowering.tensor(index) for index in operator.inputs]
    if operator.code in _SAME:
        return Lowered(_node(lowering, operator, _SAME[operator.code], operands))
    if operator.code in _CLAMPING:
        return _clamp(lowering, operator, _CLAMPING[operator.code], operands[0] if operands else None)
    if operator.code in _ACTIVATED:
        return _activated(lowering, operator, operands)
    special = _SPECIAL.get(operator.code)
    if special is not None and operands:
        return Lowered(special(lowering, operator, operands))
    return Lowered(_unknown(lowering, operator, operands))


def _node(
    lowering: Lowering, operator: Operator, op: str, operands: Sequence[Tensor | None], **attributes: Any
) -> Tensor:
    """A node whose dtype is that of the first result."""
    odd = {"nan_becomes": _OF_NAN[op]} if op in _OF_NAN else {}
    return lowering.add(op, operands, partial(_attributes, lowering, operator, {**odd, **attributes}))


def _attributes(lowering: Lowering, operator: Operator, more: Attributes) -> Attributes:
    dtype = lowering.dtype(operator.outputs[0]) if operator.outputs else None
    return {"T": dtype, "output_type": dtype, **more}


def _unknown(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    return lowering.add(f"operator {operator.code}", operands)


def _clamp(lowering: Lowering, operator: Operator, op: str, operand: Tensor | None) -> Lowered:
    """An activation that cuts off. Vector instructions make of NaN an end of what it lets through."""
    low, high = _CLAMPS[op]
    return Lowered(_node(lowering, operator, op, (operand,), nan_becomes=(low, high)), low, high)


def _activated(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Lowered:
    op, kind, field = _ACTIVATED[operator.code]
    options = operator.options(kind)
    number = 0 if options is None else options.number(field, "b")
    if number and (number not in _BEHIND or not operator.outputs or lowering.dtype(operator.outputs[0]) != "float32"):
        return Lowered(_unknown(lowering, operator, operands))
    found = _PREPARED[op](lowering, operator, operands) if op in _PREPARED else _node(lowering, operator, op, operands)
    return _clamp(lowering, operator, _BEHIND[number], found) if number else Lowered(found)


def _convolved(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    """Kernels are [out, height, width, in] in these files, [height, width, in, out] in TensorFlow's."""
    weights = _weights(lowering, operator, lambda shape: (*shape[1:], shape[0]))
    return _node(lowering, operator, "Conv2D", (operands[0], weights))


def _depthwise(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    """Of its kernel nothing is said: it has the channels times a multiplier."""
    return _node(lowering, operator, "DepthwiseConv2dNative", (operands[0], None))


def _connected(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    """Weights are [units, size]. Unless axes are kept, the operand is cut in rows of that size, whatever its own is."""
    options = operator.options(_FULLY_CONNECTED)
    keeps = options is not None and options.number(_KEEP_AXES, "B") != 0
    weights = _weights(lowering, operator, lambda shape: (shape[1] if keeps else None, shape[0]))
    return _node(lowering, operator, "MatMul", (operands[0], weights), rank=None if keeps else 2)


def _weights(
    lowering: Lowering, operator: Operator, turned: Callable[[Sequence[int]], tuple[int | None, ...]]
) -> Tensor | None:
    """The weights of a product by their shape alone; None where they are no constant."""
    if len(operator.inputs) < 2 or lowering.is_given(operator.inputs[1]):  # noqa: PLR2004  # the weights come second
        return None
    return lowering.add("VariableV2", (), partial(_turned, lowering, operator.inputs[1], turned))


def _turned(lowering: Lowering, index: int, turned: Callable[[Sequence[int]], tuple[int | None, ...]]) -> Attributes:
    value = lowering.constant(index).get("value")
    return {"shape": turned(value.shape)} if isinstance(value, Constant) and value.shape else {}


def _joined(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    """The axis is an operand in TensorFlow; which one it is makes no difference."""
    return _node(lowering, operator, "ConcatV2", (*operands, None))


_PREPARED = {
    "Conv2D": _convolved,
    "DepthwiseConv2dNative": _depthwise,
    "MatMul": _connected,
    "ConcatV2": _joined,
}


def _reshaped(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    """The new shape is the second operand, or stands in the options."""
    options = operator.options(_RESHAPE_OPTIONS)
    sizes = options.integers(0, "i", _MAX_NEW_SHAPE) if options is not None and len(operands) == 1 else None
    shape = operands[1] if len(operands) > 1 else None
    if sizes:
        shape = _number(lowering, *sizes)
    return _node(lowering, operator, "Reshape", (operands[0], shape))


def _gathered(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    options = operator.options(_GATHER_OPTIONS)
    axis, batch = (0, 0) if options is None else (options.number(0, "i"), options.number(1, "i"))
    return _node(lowering, operator, "GatherV2", (*operands[:2], _number(lowering, axis)), batch_dims=batch)


def _looked_up(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    """Its indices come first."""
    return _node(lowering, operator, "GatherV2", (operands[1], operands[0], _number(lowering, 0)))


def _number(lowering: Lowering, *numbers: int) -> Tensor:
    shape = () if len(numbers) == 1 else (len(numbers),)
    value = Constant("int32", shape, tuple(numbers), min(numbers), max(numbers))
    return lowering.add("Const", (), lambda: {"dtype": "int32", "value": value})


def _cast(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    """A cast of quantized numbers is one of the whole numbers that are stored, which are not followed."""
    given, taken = operator.outputs[0], operator.inputs[0]
    if lowering.is_quantized(given) or lowering.is_quantized(taken):
        return _unknown(lowering, operator, operands)
    return lowering.add("Cast", operands, lambda: {"SrcT": lowering.dtype(taken), "DstT": lowering.dtype(given)})


def _dequantized(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    """The numbers are real ones already; weights in float16 become float32."""
    taken = operator.inputs[0]
    if lowering.is_quantized(taken):
        return _node(lowering, operator, "Identity", operands)
    return _cast(lowering, operator, operands)


def _quantized(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    """What follows it is the node `Quantize` of its result."""
    if not lowering.is_quantized(operator.outputs[0]):
        return _unknown(lowering, operator, operands)
    return _node(lowering, operator, "Identity", operands)


def _resized(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    """TensorFlow's gives float32 always; what gives whole numbers is another."""
    if lowering.dtype(operator.outputs[0]) != "float32":
        return _unknown(lowering, operator, operands)
    return _node(lowering, operator, "ResizeBilinear", operands)


def _leaky(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    options = operator.options(_LEAKY_OPTIONS)
    return _node(lowering, operator, "LeakyRelu", operands, alpha=0.0 if options is None else options.real(0))


def _faked(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    options: Table | None = operator.options(_FAKE_OPTIONS)
    if options is None:
        return _unknown(lowering, operator, operands)
    ends = {"min": options.real(0), "max": options.real(1), "num_bits": options.number(2, "i")}
    return _node(lowering, operator, "FakeQuantWithMinMaxArgs", operands, **ends)


def _multiplied(lowering: Lowering, operator: Operator, operands: Sequence[Tensor | None]) -> Tensor:
    options = operator.options(_MATMUL_OPTIONS)
    turned = options is not None and options.number(1, "B") != 0
    return _node(lowering, operator, "BatchMatMulV2", operands, adj_y=turned)


_SPECIAL: dict[int, Callable[[Lowering, Operator, Sequence[Tensor | None]], Tensor]] = {
    6: _dequantized,
    7: _looked_up,
    22: _reshaped,
    23: _resized,
    36: _gathered,
    53: _cast,
    80: _faked,
    98: _leaky,
    114: _quantized,
    126: _multiplied,
}
