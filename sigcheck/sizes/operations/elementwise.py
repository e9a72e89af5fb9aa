"""Elementwise: what gives one value for each element, of one operand or of several that are stretched alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Size, Sized, Sizes, largest


def broadcast(call: Call, one: Sizes, other: Sizes) -> Sizes:
    """The sizes of a result whose operands are stretched to each other, from the last axis on."""
    if one == other or not other:
        return one
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


def same(call: Call) -> Sized:
    """As large as the operand."""
    return Sized(call.sizes())


def _kept(call: Call) -> Sized:
    """The value itself, its numbers with it."""
    return call.operands[0]


def _all_kept(call: Call) -> Sequence[Sized]:
    """IdentityN."""
    return call.operands


def _merged(call: Call) -> Sized:
    sizes = call.sizes()
    for at in range(1, len(call.operands)):
        sizes = broadcast(call, sizes, call.sizes(at))
    return Sized(sizes)


def _selected_alike(call: Call) -> Sized:
    """Select: both are of one shape, and the choice is of that too, or one for each row, or one for all."""
    choice = call.operands[0].sizes
    found = call.joined_all(call.sizes(1), call.sizes(2))
    if choice is not None and len(choice) == len(found):
        found = call.joined_all(found, choice)
    elif choice is not None and len(choice) == 1 and found:
        found = (call.joined(found[0], choice[0]), *found[1:])
    return Sized(found)


def _summed(call: Call) -> Sized:
    """AddN stretches nothing."""
    sizes = call.sizes()
    for at in range(1, len(call.operands)):
        sizes = call.joined_all(sizes, call.sizes(at))
    return Sized(sizes)


def _biased(call: Call) -> Sized:
    """The bias has one number for each channel."""
    sizes, bias = call.sizes(), call.operands[1].sizes
    at = 1 if str(call.attributes.get("data_format", "NHWC")).startswith("NC") else len(sizes) - 1
    if bias is None or len(bias) != 1 or len(sizes) < 2:  # noqa: PLR2004  # examples and channels
        return Sized(sizes)
    return Sized((*sizes[:at], call.joined(sizes[at], bias[0]), *sizes[at + 1 :]))


def _normalized(call: Call) -> list[Sized]:
    """Batch normalization: scale, offset, mean and variance have one number for each channel."""
    sizes = call.sizes_of(0, 5 if str(call.attributes.get("data_format", "NHWC")) in {"NDHWC", "NCDHW"} else 4)
    at = 1 if str(call.attributes.get("data_format", "NHWC")).startswith("NC") else len(sizes) - 1
    channels = sizes[at]
    # In training mean and variance are those of the batch.
    count = 3 if call.attributes.get("is_training", True) else 5
    for operand in call.operands[1:count]:
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
    "Acos Acosh Angle Asin Asinh Atan Atanh BesselI0e BesselI1e CheckNumerics ClipByValue ComplexAbs Conj "
    "Cos Cosh Cumprod Cumsum CumulativeLogsumexp Digamma Elu Erf Erfc Erfinv Exp Expm1 FakeQuantWithMinMaxArgs "
    "FakeQuantWithMinMaxVars Imag Inv Invert IsFinite IsInf IsNan LeakyRelu Lgamma Log Log1p LogSoftmax "
    "Ndtri PopulationCount QuantizeAndDequantizeV2 QuantizeAndDequantizeV3 "
    "QuantizeAndDequantizeV4 Real Reciprocal Relu Relu6 Rsqrt Selu Sigmoid Sign Sin Sinh Softmax "
    "Softplus Softsign Sqrt Square Tan Tanh"
)
# What the TFLite reader calls what TensorFlow has no operation for, or one of other operands.
LOWERED = "Dequantize Quantize Relu0To1 ReluN1To1"
_KEPT = "Identity StopGradient PreventGradient Snapshot PlaceholderWithDefault"
SEVERAL = (
    "Atan2 BitwiseAnd BitwiseOr BitwiseXor DivNoNan LeftShift MulNoNan "
    "NextAfter RightShift SquaredDifference "
    "Xdivy Xlog1py Xlogy"
)


def _single(call: Call) -> Sized:
    """L2Loss."""
    call.sizes()
    return Sized(())


def _of_pictures(call: Call) -> Sized:
    """LRN."""
    sizes = call.sizes()
    if len(sizes) != 4:  # noqa: PLR2004  # a batch of pictures
        raise UndecidedError("no pictures")
    return Sized(sizes)


def _compared_rows(call: Call) -> list[Sized]:
    """Cross-entropy of scores with labels: a loss for each row, and a gradient as large as the scores."""
    sizes, labels = call.sizes(), call.sizes(1)
    if len(sizes) != 2 or len(labels) != 1:  # noqa: PLR2004  # rows of scores
        raise UndecidedError("no rows")
    return [Sized((call.joined(sizes[0], labels[0]),)), Sized(sizes)]


RULES: dict[str, Rule] = {
    **dict.fromkeys(f"{ONE} {LOWERED}".split(), same),
    **dict.fromkeys(_KEPT.split(), _kept),
    **dict.fromkeys(SEVERAL.split(), _merged),
    "IdentityN": _all_kept,
    "AddN": _summed,
    "BiasAdd": _biased,
    "EnsureShape": _ensured,
    "L2Loss": _single,
    "LRN": _of_pictures,
    "SparseSoftmaxCrossEntropyWithLogits": _compared_rows,
    "Select": _selected_alike,
    "BiasAddV1": _biased,
    "FusedBatchNorm": _normalized,
    "FusedBatchNormV2": _normalized,
    "FusedBatchNormV3": _normalized,
}
