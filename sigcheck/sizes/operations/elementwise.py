"""Elementwise: what gives one value for each element, of one operand or of several that are stretched alike."""

from __future__ import annotations

from itertools import zip_longest

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Size, Sized, Sizes, add, divide, largest, multiply, smallest, subtract


def broadcast(call: Call, one: Sizes, other: Sizes) -> Sizes:
    """The sizes of a result whose operands are stretched to each other, from the last axis on."""
    pairs = list(zip_longest(reversed(one), reversed(other), fillvalue=1))
    return tuple(_stretched(call, *pair) for pair in reversed(pairs))


def _stretched(call: Call, one: Size, other: Size) -> Size:
    if other in (one, 1):
        return one
    if one == 1:
        return other
    call.require("alike", one, other)
    if isinstance(one, int) or isinstance(other, int):
        return one if isinstance(one, int) else other
    if call.is_at_least(one, 2):
        return one
    if call.is_at_least(other, 2):
        return other
    # Of nothing, stretched to what is 1, nothing comes: there the greater of the two is not the size.
    return largest(one, other) if call.is_at_least(one, 1) and call.is_at_least(other, 1) else call.fresh()


def _same(call: Call) -> Sized:
    return Sized(call.sizes())


def _kept(call: Call) -> Sized:
    """The value itself, its numbers with it."""
    return call.operands[0]


def _cast(call: Call) -> Sized:
    """A cast keeps whole numbers; what was cast to a float and back is no size that anybody computes."""
    operand = call.operands[0]
    target = str(call.attributes.get("DstT", ""))
    if target in {"int32", "int64"}:
        return operand
    # Narrower numbers wrap.
    return Sized(operand.sizes, below=operand.below if target in {"bool", "float32", "float64"} else None)


def _merged(call: Call) -> Sized:
    sizes = call.sizes()
    for at in range(1, len(call.operands)):
        sizes = broadcast(call, sizes, call.sizes(at))
    return Sized(sizes)


def _less(call: Call) -> Sized:
    """Positions are never below 0: of such a comparison every element is false, which `below` 1 says."""
    found = _merged(call)
    is_position, against = call.operands[0].below is not None, call.operands[1].numbers
    return Sized(found.sizes, below=1) if is_position and against == (0,) else found


def _selected(call: Call) -> Sized:
    """Of a choice that is always the same its positions: Keras counts negative ones from the end this way."""
    found = _merged(call)
    return Sized(found.sizes, below=call.operands[2].below) if call.operands[0].below == 1 else found


def _summed(call: Call) -> Sized:
    """AddN stretches nothing."""
    sizes = call.sizes()
    for at in range(1, len(call.operands)):
        other = call.sizes(at)
        if len(other) != len(sizes):
            raise UndecidedError("operands of several ranks")
        sizes = tuple(call.joined(*pair) for pair in zip(sizes, other, strict=True))
    return Sized(sizes)


_ARITHMETIC = {
    "Add": add,
    "AddV2": add,
    "Sub": subtract,
    "Mul": multiply,
    "Maximum": largest,
    "Minimum": smallest,
    "FloorDiv": divide,
    "Div": divide,
}


def _computed(call: Call) -> Sized:
    """Arithmetic, of small whole numbers with the numbers."""
    found = _merged(call)
    one, other = (operand.numbers for operand in call.operands[:2])
    if one is None or other is None or (len(one) != len(other) and 1 not in {len(one), len(other)}):
        return found
    count = max(len(one), len(other))
    if 0 in {len(one), len(other)}:
        return found
    try:
        values = tuple(_ARITHMETIC[call.node.op](one[at % len(one)], other[at % len(other)]) for at in range(count))
    except (ValueError, ArithmeticError):
        return found
    return Sized(found.sizes, values)


def _negated(call: Call) -> Sized:
    operand = call.operands[0]
    values = None if operand.numbers is None else tuple(subtract(0, one) for one in operand.numbers)
    return Sized(operand.sizes, values)


def _remainder(call: Call) -> Sized:
    found = _merged(call)
    one, other = (operand.numbers for operand in call.operands[:2])
    if one is None or other is None or len(one) != len(other) or not all(isinstance(b, int) and b > 0 for b in other):
        return found
    try:
        values = tuple(subtract(a, multiply(b, divide(a, b))) for a, b in zip(one, other, strict=True))
    except ValueError:
        return found
    return Sized(found.sizes, values)


def _biased(call: Call) -> Sized:
    """The bias has one number for each channel."""
    sizes, bias = call.sizes(), call.operands[1].sizes
    at = 1 if str(call.attributes.get("data_format", "NHWC")).startswith("NC") else len(sizes) - 1
    if bias is None or len(bias) != 1 or len(sizes) < 2:  # noqa: PLR2004  # examples and channels
        return Sized(sizes)
    return Sized((*sizes[:at], call.joined(sizes[at], bias[0]), *sizes[at + 1 :]))


def _normalized(call: Call) -> list[Sized]:
    """Batch normalization: scale, offset, mean and variance have one number for each channel."""
    sizes = call.sizes()
    at = 1 if str(call.attributes.get("data_format", "NHWC")).startswith("NC") else len(sizes) - 1
    channels = sizes[at]
    for operand in call.operands[1:3]:
        if operand.sizes is not None and len(operand.sizes) == 1:
            channels = call.joined(channels, operand.sizes[0])
    return [Sized((*sizes[:at], channels, *sizes[at + 1 :])), *[Sized((channels,))] * 4]


def _ensured(call: Call) -> Sized:
    """EnsureShape fails where its operand is of another shape."""
    operand, wanted = call.operands[0], call.attributes.get("shape")
    if not isinstance(wanted, tuple):
        return operand
    if operand.sizes is None:
        return Sized(tuple(call.fresh() if size is None else size for size in wanted))
    if len(operand.sizes) != len(wanted):
        raise UndecidedError("a shape of another rank")
    sizes = tuple(
        size if one is None else call.joined(one, size) for size, one in zip(operand.sizes, wanted, strict=True)
    )
    return Sized(sizes, operand.numbers)


ONE = (
    "Abs Acos Acosh Angle Asin Asinh Atan Atanh BesselI0e BesselI1e Ceil CheckNumerics ClipByValue ComplexAbs Conj "
    "Cos Cosh Cumprod Cumsum CumulativeLogsumexp Digamma Elu Erf Erfc Erfinv Exp Expm1 FakeQuantWithMinMaxArgs "
    "FakeQuantWithMinMaxVars Floor Imag Inv Invert IsFinite IsInf IsNan LeakyRelu Lgamma Log Log1p LogSoftmax "
    "LogicalNot Ndtri OnesLike PopulationCount QuantizeAndDequantizeV2 QuantizeAndDequantizeV3 "
    "QuantizeAndDequantizeV4 Real Reciprocal Relu Relu6 Rint Round Rsqrt Selu Sigmoid Sign Sin Sinh Softmax "
    "Softplus Softsign Sqrt Square Tan Tanh ZerosLike"
)
# What the TFLite reader calls what TensorFlow has no operation for, or one of other operands.
LOWERED = "Dequantize Quantize Relu0To1 ReluN1To1"
_KEPT = "Identity StopGradient PreventGradient Snapshot PlaceholderWithDefault"
SEVERAL = (
    "Atan2 BitwiseAnd BitwiseOr BitwiseXor DivNoNan Equal Greater GreaterEqual LeftShift LessEqual LogicalAnd "
    "LogicalOr Mod MulNoNan NextAfter NotEqual Pow RealDiv RightShift SquaredDifference TruncateDiv TruncateMod "
    "Xdivy Xlog1py Xlogy"
)

RULES: dict[str, Rule] = {
    **dict.fromkeys(f"{ONE} {LOWERED}".split(), _same),
    **dict.fromkeys(_KEPT.split(), _kept),
    **dict.fromkeys(SEVERAL.split(), _merged),
    **dict.fromkeys(_ARITHMETIC, _computed),
    "AddN": _summed,
    "BiasAdd": _biased,
    "Cast": _cast,
    "EnsureShape": _ensured,
    "FloorMod": _remainder,
    "Less": _less,
    "Neg": _negated,
    "SelectV2": _selected,
    "FusedBatchNorm": _normalized,
    "FusedBatchNormV2": _normalized,
    "FusedBatchNormV3": _normalized,
}
