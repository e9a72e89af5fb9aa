"""Operations of `keras.ops` in a functional model: `x / 255`, `keras.ops.softmax(x)`. They cast nothing."""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.graph.view import Tensor
from sigcheck.readers.keras.lowering.activations import operation, rectify, softmax
from sigcheck.readers.keras.lowering.building import Flow
from sigcheck.readers.keras.lowering.layer_call import LayerCall, Lowering

# The second operand is an argument of the call, and may be a number.
BINARY = {
    "ops.Add": "AddV2",
    "ops.Divide": "RealDiv",
    "ops.Maximum": "Maximum",
    "ops.Minimum": "Minimum",
    "ops.Multiply": "Mul",
    "ops.Subtract": "Sub",
    "ops.TrueDivide": "RealDiv",
}
_UNARY = {
    "Absolute": "Abs",
    "Cos": "Cos",
    "Exp": "Exp",
    "Negative": "Neg",
    "Relu": "Relu",
    "Relu6": "Relu6",
    "Sigmoid": "Sigmoid",
    "Sin": "Sin",
    "Softplus": "Softplus",
    "Sqrt": "Sqrt",
    "Square": "Square",
    "Tanh": "Tanh",
}


def _binary(op: str) -> Lowering:
    """Two tensors, or one beside a Python number, which takes its dtype."""

    def lower(call: LayerCall) -> Tensor:
        return call.add(op, *(_operand(call, call.arguments[position]) for position in (0, 1)))

    return lower


def _operand(call: LayerCall, operand: object) -> Tensor:
    return call.seen(operand) if isinstance(operand, Flow) else call.number(operand)


def _clip(call: LayerCall) -> Tensor:
    ends = call.number(call.config["x_min"]), call.number(call.config["x_max"])
    return call.add("ClipByValue", call.x, *ends)


def _cast(call: LayerCall) -> Tensor:
    (flow,) = call.inputs
    if flow.spec.dtype == call.dtype:
        return call.add("Identity", flow.tensor)
    return call.builder.cast(flow, call.dtype)


def _mean(call: LayerCall) -> Tensor:
    if not call.is_float:
        raise ValueError("no float")
    return call.add("Mean", call.x)


def _move(op: str) -> Lowering:
    def lower(call: LayerCall) -> Tensor:
        return call.add(op, call.x)

    return lower


LOWERINGS: Mapping[str, Lowering] = {
    **{name: _binary(op) for name, op in BINARY.items()},
    **{f"ops.{name}": operation(op) for name, op in _UNARY.items()},
    "ops.ReLU": rectify,
    "ops.Softmax": softmax,
    "ops.Clip": _clip,
    "ops.Cast": _cast,
    "ops.Mean": _mean,
    "ops.ExpandDims": _move("ExpandDims"),
    "ops.Transpose": _move("Transpose"),
}
