"""Transfer: for each operation, what is known of its result where something is known of its operands.

One rule for each operation of TensorFlow, in the table `RULES`; of an operation that is not in it
nothing is known. Rules see the operands in the order of the inputs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from sigcheck.inference.domain import INFINITY, Value, interval, is_whole, union, unit, unknown
from sigcheck.readers.graph_view import Node
from sigcheck.schema.dtype import DTYPES

Rule = Callable[[Node, Sequence[Value]], Value]

# exp overflows float64 above this.
_MOST_EXPONENT = 700.0


def dtype_of(node: Node) -> str | None:
    """The dtype of the result of most operations."""
    found = node.attributes.get("T") or node.attributes.get("dtype")
    return found if isinstance(found, str) else None


def _same(node: Node, operands: Sequence[Value]) -> Value:
    return operands[0]


def _moved(node: Node, operands: Sequence[Value]) -> Value:
    """Values that are put elsewhere, repeated or left out."""
    return operands[0].only_range()


def _reshape(node: Node, operands: Sequence[Value]) -> Value:
    """A reshape that keeps a known last axis keeps what holds along it."""
    value = operands[0]
    shape = operands[1].numbers if len(operands) > 1 else None
    if value.width is not None and shape and shape[-1] == value.width:
        return replace(value, numbers=None)
    return value.only_range()


def _increasing(function: Callable[[float], float], node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    dtype = dtype_of(node)
    low, high = function(value.low), function(value.high)
    if math.isnan(low) or math.isnan(high):
        return unknown(dtype)
    # All of these functions are 1-Lipschitz where they are used.
    found = interval(low, high, dtype, value.error, has_nan=value.has_nan)
    return replace(found, width=value.width).because(node.op)


def _squashed(low: float, high: float, node: Node, operands: Sequence[Value]) -> Value:
    """Functions whose kernels stay within fixed ends, however large the operand's rounding.

    Every float type represents the ends, so that rounding to a narrow one leaves none of them behind.
    """
    dtype = dtype_of(node)
    rounding = min(unit(dtype), unit("float32")) * max(abs(low), abs(high))
    found = Value(low, high, rounding, dtype, operands[0].width)
    return replace(found, has_nan=operands[0].has_nan).because(node.op)


def _softmax(node: Node, operands: Sequence[Value]) -> Value:
    return replace(_squashed(0.0, 1.0, node, operands), is_softmax=True, has_nan=True)


def _log_softmax(node: Node, operands: Sequence[Value]) -> Value:
    return replace(Value(-INFINITY, 0.0, dtype=dtype_of(node), width=operands[0].width), is_log_softmax=True).because(
        node.op
    )


def _relu6(node: Node, operands: Sequence[Value]) -> Value:
    return _increasing(lambda value: min(max(value, 0.0), 6.0), node, operands)


def _leaky_relu(node: Node, operands: Sequence[Value]) -> Value:
    alpha = node.attributes.get("alpha", 0.2)
    if not isinstance(alpha, float) or not 0 <= alpha <= 1:
        return unknown(dtype_of(node))
    return _increasing(lambda value: value if value > 0 else alpha * value, node, operands)


def _elu(value: float) -> float:
    return value if value > 0 else math.expm1(value)


def _softplus(value: float) -> float:
    return value if value > _MOST_EXPONENT else math.log1p(math.exp(value))


def _exp(node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    dtype = dtype_of(node)
    low = math.exp(value.low) if value.low < _MOST_EXPONENT else INFINITY
    high = math.exp(value.high) if value.high < _MOST_EXPONENT else INFINITY
    error = high * math.expm1(min(value.error, _MOST_EXPONENT)) if value.error else 0.0
    return interval(low, high, dtype, error if math.isfinite(error) else INFINITY).because(node.op)


def _square(node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    ends = (value.low * value.low, value.high * value.high)
    low = 0.0 if value.low <= 0 <= value.high else min(ends)
    error = 2 * _product(value.largest, value.error) + value.error**2
    return interval(low, max(ends), dtype_of(node), error, has_nan=value.has_nan).because(node.op)


def _sqrt(node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    if value.error > 0 and value.low - value.error <= 0:
        error = math.sqrt(value.error)
    else:
        error = value.error / (2 * math.sqrt(value.low)) if value.low > 0 and value.error else 0.0
    return interval(math.sqrt(max(value.low, 0.0)), _root(value.high), dtype_of(node), error).because(node.op)


def _root(value: float) -> float:
    return math.sqrt(value) if value > 0 else 0.0


def _abs(node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    low = 0.0 if value.low <= 0 <= value.high else min(abs(value.low), abs(value.high))
    found = interval(low, value.largest, dtype_of(node), value.error, has_nan=value.has_nan)
    return found.because(node.op)


def _negative(node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    return interval(-value.high, -value.low, dtype_of(node), value.error, has_nan=value.has_nan).because(node.op)


def _whole_steps(function: Callable[[float], float], node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    if not value.is_bounded or value.error >= 1:
        return Value(dtype=dtype_of(node))
    # A value that rounding carried over a whole number is a whole step beyond it.
    low, high = function(value.low - value.error), function(value.high + value.error)
    return interval(low, high, dtype_of(node), has_nan=value.has_nan).because(node.op)


def _product(one: float, other: float) -> float:
    """A product in which nothing times anything is nothing: a NaN that inf * 0 gives is no value."""
    return 0.0 if one == 0 or other == 0 else one * other


def _constant(value: Value) -> bool:
    return value.low == value.high


def _told(node: Node, one: Value, other: Value) -> str:
    """`Mul 0.00784` where an operand is a known number, else `Mul`."""
    for value in (other, one):
        if _constant(value):
            return f"{node.op} {value.low:.6g}"
    return node.op


def _binary(found: Value, node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    widths = {width for width in (one.width, other.width) if width not in {None, 1}}
    reasons = max((one.reasons, other.reasons), key=len)
    kept = replace(found, width=widths.pop() if len(widths) == 1 else None, reasons=reasons)
    return kept.because(_told(node, one, other))


def _add(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    has_nan = one.has_nan or other.has_nan
    found = interval(
        one.low + other.low, one.high + other.high, dtype_of(node), one.error + other.error, has_nan=has_nan
    )
    linear = (one.is_linear and not other.is_bounded) or (other.is_linear and not one.is_bounded)
    return _binary(replace(found, is_linear=linear), node, operands)


def _subtract(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    has_nan = one.has_nan or other.has_nan
    found = interval(
        one.low - other.high, one.high - other.low, dtype_of(node), one.error + other.error, has_nan=has_nan
    )
    return _binary(found, node, operands)


def _multiply(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    ends = [_product(a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
    error = _product(one.largest, other.error) + _product(other.largest, one.error) + _product(one.error, other.error)
    has_nan = one.has_nan or other.has_nan
    return _binary(interval(min(ends), max(ends), dtype_of(node), error, has_nan=has_nan), node, operands)


def _divide(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    dtype = dtype_of(node)
    if is_whole(dtype) or not other.is_bounded or other.low - other.error <= 0 <= other.high + other.error:
        return unknown(dtype)
    if not one.is_bounded:
        sign = 1 if other.low > 0 else -1
        ends = [sign * one.low / abs(end) for end in (other.low, other.high)]
        ends += [sign * one.high / abs(end) for end in (other.low, other.high)]
        return _binary(
            interval(min(ends), max(ends), dtype, one.error / min(abs(other.low), abs(other.high))), node, operands
        )
    ends = [a / b for a in (one.low, one.high) for b in (other.low, other.high)]
    least = min(abs(other.low), abs(other.high)) - other.error
    error = one.error / least + one.largest * other.error / least**2
    return _binary(interval(min(ends), max(ends), dtype, error, has_nan=one.has_nan or other.has_nan), node, operands)


def _maximum(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    found = Value(max(one.low, other.low), max(one.high, other.high), max(one.error, other.error), dtype_of(node))
    return _binary(replace(found, has_nan=one.has_nan or other.has_nan), node, operands)


def _minimum(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    found = Value(min(one.low, other.low), min(one.high, other.high), max(one.error, other.error), dtype_of(node))
    return _binary(replace(found, has_nan=one.has_nan or other.has_nan), node, operands)


def _clip(node: Node, operands: Sequence[Value]) -> Value:
    value, least, most = operands[:3]
    if least.high > most.low:
        return unknown(dtype_of(node))
    low, high = (
        min(max(end, bound.low), top.low) for end, bound, top in ((value.low, least, most), (value.high, least, most))
    )
    if not (_constant(least) and _constant(most)):
        low, high = least.low, most.high
    error = max(value.error, least.error, most.error)
    return replace(Value(low, high, error, dtype_of(node)), width=value.width, has_nan=value.has_nan).because(
        f"{node.op} {least.low:.6g} {most.high:.6g}"
    )


def _sum_of_many(node: Node, operands: Sequence[Value]) -> Value:
    total = operands[0]
    for value in operands[1:]:
        total = _add(node, (total, value))
    return total


def _joined(node: Node, operands: Sequence[Value]) -> Value:
    return union(*operands).only_range()


def _concat(node: Node, operands: Sequence[Value]) -> Value:
    # The axis is the last input of ConcatV2 and the first of Concat.
    parts = operands[1:] if node.op == "Concat" else operands[:-1]
    return union(*parts).only_range() if parts else unknown(dtype_of(node))


def _select(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[1:3]
    found = union(one, other)
    return replace(found, width=one.width if one.width == other.width else None)


def _padded(node: Node, operands: Sequence[Value]) -> Value:
    filler = operands[2] if node.op == "PadV2" else Value(0.0, 0.0, has_nan=False)
    return replace(union(operands[0], filler), dtype=operands[0].dtype).only_range()


def _averaged(node: Node, operands: Sequence[Value]) -> Value:
    """A mean: between the ends where sums of the ends are exact, so that rounding carries none beyond them.

    The mean of no values is NaN. Whole numbers are summed, and may wrap; sums of float16 overflow.
    """
    value = operands[0]
    is_summed_well = value.dtype in {"float32", "float64"} and value.error <= 2 * unit(value.dtype) * value.largest
    if not (value.is_bounded and is_summed_well and _is_short(value.low) and _is_short(value.high)):
        return unknown(value.dtype)
    error = value.error + 2 * unit(value.dtype) * value.largest
    return replace(value.only_range(), error=error, has_nan=True, ids=None).because(node.op)


def _is_short(number: float) -> bool:
    """Whether a number has at most 8 significant bits, so that sums of 2**16 of it are exact in float32."""
    return math.frexp(number)[0] * 2**8 % 1 == 0


def _resized(node: Node, operands: Sequence[Value]) -> Value:
    """Bilinear: a convex combination, always float32."""
    value = operands[0]
    if not value.is_bounded:
        return Value(dtype="float32")
    error = value.error + 8 * unit("float32") * value.largest
    return replace(value.only_range(), dtype="float32", error=error, ids=None).because(node.op)


def _cast(node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    source, target = node.attributes.get("SrcT") or value.dtype, node.attributes.get("DstT")
    if target is None or target not in DTYPES or source not in DTYPES:
        return unknown(target)
    told = f"Cast {target}"
    limits = DTYPES[target]
    if is_whole(target):
        # What is NaN, or out of range, becomes anything; a fraction is cut off.
        is_inside = (
            value.is_bounded
            and limits.lowest is not None
            and limits.highest is not None
            and value.low - value.error > limits.lowest - 1
            and value.high + value.error < limits.highest + 1
        )
        if target == "bool" or not is_inside or (value.has_nan and not is_whole(source)):
            return unknown(target)
        low, high = math.trunc(value.low - value.error), math.trunc(value.high + value.error)
        cut = Value(float(low), float(high), 0.0, target, value.width, ids=value.ids, has_nan=False)
        return replace(cut, reasons=value.reasons).because(told)
    if limits.kind != "float" or DTYPES[source].kind not in {"float", "int", "uint", "bool"}:
        return unknown(target)
    found = interval(value.low, value.high, target, value.error, has_nan=value.has_nan)
    kept = replace(
        found, width=value.width, is_softmax=value.is_softmax, is_linear=value.is_linear, reasons=value.reasons
    )
    return kept if source == target or DTYPES[source].kind == "float" else kept.because(told)


def _true_or_false(node: Node, operands: Sequence[Value]) -> Value:
    return Value(0.0, 1.0, 0.0, "bool", has_nan=False).because(node.op)


def _index(node: Node, operands: Sequence[Value]) -> Value:
    """The index of the largest value: below the size of the axis, where that is known."""
    dtype = node.attributes.get("output_type", "int64")
    axis = operands[1].numbers if len(operands) > 1 else None
    width = operands[0].width
    if axis is None or len(axis) != 1 or axis[0] != -1 or width is None or width < 1:
        return Value(0.0, unknown(dtype).high, 0.0, dtype, has_nan=False).because(node.op)
    return replace(Value(0.0, float(width - 1), 0.0, dtype), ids=width, has_nan=False).because(f"{node.op} of {width}")


def _one_hot(node: Node, operands: Sequence[Value]) -> Value:
    return union(*operands[2:4]).only_range().because(node.op)


def _gathered(node: Node, operands: Sequence[Value]) -> Value:
    # On a GPU a row that is not there is zeros.
    return union(operands[0], Value(0.0, 0.0, dtype=operands[0].dtype, has_nan=False)).only_range()


def _fake_quant(node: Node, operands: Sequence[Value]) -> Value:
    """Ends are nudged so that zero is represented: by less than one step."""
    if node.op.endswith("Args"):
        low, high = float(node.attributes.get("min", -6.0)), float(node.attributes.get("max", 6.0))
    elif len(operands) > 2 and _constant(operands[1]) and _constant(operands[2]):  # noqa: PLR2004  # min and max
        low, high = operands[1].low, operands[2].high
    else:
        return unknown("float32")
    bits = node.attributes.get("num_bits", 8)
    if not (low < high and 2 <= bits <= 16):  # noqa: PLR2004  # the bits that the kernel accepts
        return unknown("float32")
    step = (high - low) / (2**bits - 2)
    return interval(min(low, 0.0) - step, max(high, 0.0) + step, "float32").because(node.op)


def _linear(node: Node, operands: Sequence[Value]) -> Value:
    """A product with weights. Its last axis is that of the weights, where they are not transposed."""
    weights = operands[1]
    is_plain = not (node.attributes.get("transpose_b") or node.attributes.get("adj_y"))
    is_last = node.op != "Conv2D" or node.attributes.get("data_format", "NHWC") == "NHWC"
    return Value(dtype=dtype_of(node), width=weights.width if is_plain and is_last else None, is_linear=True).because(
        node.op
    )


def _bias(node: Node, operands: Sequence[Value]) -> Value:
    found = _add(node, operands)
    if node.attributes.get("data_format", "NHWC") != "NHWC":
        return replace(found, width=operands[0].width)
    return replace(found, width=operands[0].width or operands[1].width)


RULES: dict[str, Rule] = {
    **dict.fromkeys(
        (
            "Identity",
            "IdentityN",
            "StopGradient",
            "PreventGradient",
            "EnsureShape",
            "CheckNumerics",
            "Snapshot",
        ),
        _same,
    ),
    **dict.fromkeys(
        (
            "Squeeze",
            "ExpandDims",
            "Transpose",
            "StridedSlice",
            "Slice",
            "Unpack",
            "Tile",
            "BroadcastTo",
            "ReverseV2",
            "Reverse",
            "Roll",
            "DepthToSpace",
            "SpaceToDepth",
            "BatchToSpaceND",
            "BatchToSpace",
            "ResizeNearestNeighbor",
            "MirrorPad",
            "MaxPool",
        ),
        _moved,
    ),
    "Reshape": _reshape,
    "Relu": partial(_increasing, lambda value: max(value, 0.0)),
    "Relu6": _relu6,
    "LeakyRelu": _leaky_relu,
    "Elu": partial(_increasing, _elu),
    "Softplus": partial(_increasing, _softplus),
    "Sigmoid": partial(_squashed, 0.0, 1.0),
    "Tanh": partial(_squashed, -1.0, 1.0),
    "Softsign": partial(_squashed, -1.0, 1.0),
    "Erf": partial(_squashed, -1.0, 1.0),
    "Sin": partial(_squashed, -1.0, 1.0),
    "Cos": partial(_squashed, -1.0, 1.0),
    "Sign": partial(_squashed, -1.0, 1.0),
    "Softmax": _softmax,
    "LogSoftmax": _log_softmax,
    "Exp": _exp,
    "Square": _square,
    "Sqrt": _sqrt,
    "Abs": _abs,
    "Neg": _negative,
    "Floor": partial(_whole_steps, math.floor),
    "Ceil": partial(_whole_steps, math.ceil),
    "Round": partial(_whole_steps, round),
    "Rint": partial(_whole_steps, round),
    "Add": _add,
    "AddV2": _add,
    "BiasAdd": _bias,
    "AddN": _sum_of_many,
    "Sub": _subtract,
    "Mul": _multiply,
    "RealDiv": _divide,
    "Maximum": _maximum,
    "Minimum": _minimum,
    "ClipByValue": _clip,
    "ConcatV2": _concat,
    "Concat": _concat,
    "Pack": _joined,
    "SelectV2": _select,
    "Select": _select,
    "Pad": _padded,
    "PadV2": _padded,
    "Mean": _averaged,
    "AvgPool": _averaged,
    "ResizeBilinear": _resized,
    "Cast": _cast,
    **dict.fromkeys(
        (
            "Less",
            "LessEqual",
            "Greater",
            "GreaterEqual",
            "Equal",
            "NotEqual",
            "LogicalAnd",
            "LogicalOr",
            "LogicalNot",
            "IsNan",
        ),
        _true_or_false,
    ),
    "ArgMax": _index,
    "ArgMin": _index,
    "OneHot": _one_hot,
    "GatherV2": _gathered,
    "GatherNd": _gathered,
    "TopKV2": _moved,
    "FakeQuantWithMinMaxArgs": _fake_quant,
    "FakeQuantWithMinMaxVars": _fake_quant,
    "MatMul": _linear,
    "Conv2D": _linear,
    "BatchMatMulV2": _linear,
}
# Of these all that matters is that they end the walk: what lies behind says nothing about the result.
LINEAR = frozenset({"MatMul", "Conv2D", "BatchMatMulV2"})
