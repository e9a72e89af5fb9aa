"""Each rule against NumPy: what it claims of random intervals holds for random values in them."""

from __future__ import annotations

import math
import zlib

import numpy as np
import pytest

from sigcheck.graph.view import Node
from sigcheck.inference.domain import Value, interval, unknown
from sigcheck.inference.transfer import RULES, SUBJECTS


def softmax(x):
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-np.maximum(x, -700)))


# fmt: off
MOVES = (
    "Identity", "IdentityN", "StopGradient", "PreventGradient", "EnsureShape", "CheckNumerics", "Snapshot",
    "Squeeze", "ExpandDims", "Transpose", "StridedSlice", "Slice", "Unpack", "Tile", "BroadcastTo",
    "ReverseV2", "Reverse", "Roll", "DepthToSpace", "SpaceToDepth", "BatchToSpaceND", "BatchToSpace",
    "ResizeNearestNeighbor", "MirrorPad", "MaxPool", "Reshape", "TopKV2",
)
COMPARISONS = (
    "Less", "LessEqual", "Greater", "GreaterEqual", "Equal", "NotEqual", "LogicalAnd", "LogicalOr",
    "LogicalNot", "IsNan",
)
# fmt: on
UNARY = {
    "Relu": lambda x: np.maximum(x, 0),
    "Relu6": lambda x: np.clip(x, 0, 6),
    "ReluN1To1": lambda x: np.clip(x, -1, 1),
    "Relu0To1": lambda x: np.clip(x, 0, 1),
    "LeakyRelu": lambda x: np.where(x > 0, x, np.float32(0.2) * x),
    "Elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "Softplus": lambda x: np.logaddexp(x, 0),
    "Sigmoid": sigmoid,
    "UnitNormalization": lambda x: x / np.sqrt(np.sum(np.square(x), -1, keepdims=True)),
    "Tanh": np.tanh,
    "Softsign": lambda x: x / (1 + np.abs(x)),
    "Erf": np.vectorize(math.erf),
    "Sin": np.sin,
    "Cos": np.cos,
    "Sign": np.sign,
    "Softmax": softmax,
    "LogSoftmax": lambda x: np.log(softmax(x)),
    "Exp": np.exp,
    "Square": np.square,
    "Sqrt": np.sqrt,
    "Abs": np.abs,
    "Neg": np.negative,
    "Floor": np.floor,
    "Ceil": np.ceil,
    "Round": np.round,
    "Rint": np.rint,
    "Max": lambda x: x.max(-1),
    "Min": lambda x: x.min(-1),
    "Sum": lambda x: x.sum(-1, dtype=np.float32),
    "Mean": lambda x: x.mean(-1, dtype=np.float32),
    "AvgPool": lambda x: x.reshape(-1, 2).mean(-1, dtype=np.float32),
    "ResizeBilinear": lambda x: (x[..., 1:] + x[..., :-1]) / 2,
    "Pad": lambda x: np.pad(x, 1),
    **{op: lambda x: x[..., ::2] for op in MOVES},
    **{op: lambda x: np.where(x > 1, x, 0) for op in ("GatherV2", "GatherNd")},
}
BINARY = {
    "Add": np.add,
    "AddV2": np.add,
    "BiasAdd": np.add,
    "AddN": np.add,
    "Sub": np.subtract,
    "Mul": np.multiply,
    "RealDiv": np.divide,
    "Maximum": np.maximum,
    "Minimum": np.minimum,
    "Pack": lambda a, b: np.stack([a, b]),
    "ConcatV2": lambda a, b: np.concatenate([a, b]),
    "Concat": lambda a, b: np.concatenate([a, b]),
    **dict.fromkeys(COMPARISONS, np.less),
}
TERNARY = {
    "SelectV2": lambda a, b, c: np.where(a > 0, b, c),
    "Select": lambda a, b, c: np.where(a > 0, b, c),
    "ClipByValue": lambda a, b, c: np.minimum(np.maximum(a, b), c),
    "PadV2": lambda a, b, c: np.concatenate([a, c]),
}
# Tried elsewhere: by dtype in test_cast.py, on real graphs in test_traps.py and test_tflite.py.
ELSEWHERE = {"Cast", "ArgMax", "ArgMin", "OneHot", "FakeQuantWithMinMaxArgs", "FakeQuantWithMinMaxVars"} | {
    "Quantize",
    "Dequantize",
}
# Keras layers that give ids: their rule does not look at the operand.
IDS = {"Discretization", "Hashing", "IntegerLookup", "StringLookup", "TextVectorization"}
UNBOUNDED = {"MatMul", "Conv2D", "BatchMatMulV2"}


def random_interval(rng):
    """Ends of many magnitudes and signs, sometimes a point, sometimes whole."""
    ends = rng.normal(size=2) * 10.0 ** rng.integers(-3, 4)
    if rng.random() < 0.2:
        ends = np.round(ends)
    if rng.random() < 0.1:
        ends[1] = ends[0]
    return sorted(float(np.float32(end)) + 0.0 for end in ends)


def draw(rng, low, high):
    """Values of float32 in the interval, both ends among them."""
    inner = rng.uniform(low, high, size=(4, 6)).astype(np.float32)
    inner[0, 0], inner[-1, -1] = low, high
    return np.clip(inner, np.float32(low), np.float32(high))


def assert_holds(claim: Value, values) -> None:
    kept = np.asarray(values, dtype=np.float64)
    kept = kept[np.isfinite(kept)]
    if kept.size:
        # The references round in another order than the kernels; each step by a unit.
        slack = claim.error + 4e-7 * max(1e-30, float(np.abs(kept).max()))
        assert claim.low - slack <= kept.min()
        assert kept.max() <= claim.high + slack


def test_every_rule_is_tried():
    assert {*UNARY, *BINARY, *TERNARY, *ELSEWHERE, *IDS, *UNBOUNDED} == set(RULES)


def test_an_operation_has_one_rule():
    assert len(RULES) == sum(len(subject.RULES) for subject in SUBJECTS)


@pytest.mark.parametrize(("op", "reference"), [*UNARY.items(), *BINARY.items(), *TERNARY.items()])
def test_a_claim_holds_for_values_of_the_intervals(op, reference):
    rng = np.random.default_rng(zlib.crc32(op.encode()))
    count = 1 if op in UNARY else 2 if op in BINARY else 3
    for _ in range(60):
        ends = [random_interval(rng) for _ in range(count)]
        operands = [interval(*pair, "float32") for pair in ends]
        axis = interval(0, 0, "int32")
        given = [axis, *operands] if op == "Concat" else [*operands, axis] if op == "ConcatV2" else operands
        claim = RULES[op](Node(op, read_attributes=lambda: {"T": "float32"}), given)
        with np.errstate(all="ignore"):
            assert_holds(claim, reference(*(draw(rng, *pair) for pair in ends)))


@pytest.mark.parametrize(("op", "reference"), [("Max", np.max), ("Min", np.min), ("Sum", np.sum)])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "uint8", "int32"])
def test_a_reduction_of_an_axis_of_known_size(op, reference, dtype):
    rng = np.random.default_rng(zlib.crc32((op + dtype).encode()))
    last = Value(-1.0, -1.0, dtype="int32", numbers=(-1.0,))
    bounded = 0
    for _ in range(60):
        width = int(rng.integers(1, 40))
        low, high = sorted(rng.integers(0, 20, 2)) if dtype.startswith("uint") else sorted(rng.integers(-20, 20, 2))
        operand = interval(float(low), float(high), dtype)._replace(width=width)
        claim = RULES[op](Node(op, read_attributes=lambda: {"T": dtype}), [operand, last])
        bounded += claim.low > unknown(dtype).low
        values = rng.uniform(low, high, (5, width)).round(0 if dtype[0] in "iu" else 6).astype(dtype)
        values[0], values[1] = low, high
        with np.errstate(all="ignore"):
            found = reference(values, axis=-1, **({"dtype": dtype} if op == "Sum" else {})).astype(np.float64)
        assert claim.low - claim.error <= found.min()
        assert found.max() <= claim.high + claim.error
    assert bounded > 10


@pytest.mark.parametrize("op", ["Max", "Min", "Sum"])
@pytest.mark.parametrize(("axes", "width"), [((-1.0,), None), ((-1.0,), 0), ((0.0,), 4), ((-1.0, -2.0), 4), (None, 4)])
def test_a_reduction_of_what_may_be_nothing_is_unknown(op, axes, width):
    operand = interval(1.0, 2.0, "float32")._replace(width=width)
    claim = RULES[op](Node(op), [operand, Value(numbers=axes)])
    assert not claim.is_bounded


def test_the_largest_of_a_window_of_nan_is_the_least_number():
    may_be_nan = interval(0.0, 1.0, "float32")
    assert (RULES["MaxPool"](Node("MaxPool"), [may_be_nan]).low, may_be_nan.has_nan) == (-math.inf, True)
    never = interval(0.0, 1.0, "float32", has_nan=False)
    assert RULES["MaxPool"](Node("MaxPool"), [never]).is_bounded


@pytest.mark.parametrize("op", sorted(UNBOUNDED))
def test_a_product_with_weights_has_no_bound(op):
    one = interval(0, 1, "float32")
    claim = RULES[op](Node(op, read_attributes=lambda: {"T": "float32"}), [one, one])
    assert (claim.low, claim.high, claim.is_linear) == (-math.inf, math.inf, True)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "int32"])
@pytest.mark.parametrize(("op", "reference"), [("Add", np.add), ("Sub", np.subtract), ("Mul", np.multiply)])
def test_whole_numbers_wrap(dtype, op, reference):
    rng = np.random.default_rng(zlib.crc32((op + dtype).encode()))
    limits = np.iinfo(dtype)
    for _ in range(60):
        ends = [sorted(int(end) for end in rng.integers(limits.min, limits.max // 4, 2)) for _ in range(2)]
        values = [
            np.array([*rng.integers(low, high, 20, endpoint=True), low, high]).astype(dtype) for low, high in ends
        ]
        claim = RULES[op](Node(op, read_attributes=lambda: {"T": dtype}), [interval(*pair, dtype) for pair in ends])
        with np.errstate(all="ignore"):
            found = reference(*values)
        assert claim.low <= found.min()
        assert found.max() <= claim.high


@pytest.mark.parametrize("op", sorted(IDS))
def test_ids_of_a_layer_are_below_their_count(op):
    def claim(**attributes):
        return RULES[op](Node(op, read_attributes=lambda: attributes), [])

    assert (claim(T="int64", count=7).low, claim(T="int64", count=7).high) == (0, 6)
    assert claim(T="int64", count=7).ids == 7
    assert claim(T="int64", count=0).ids is claim(T="int64").ids is claim(T="float32", count=7).ids is None


@pytest.mark.parametrize(("width", "wanted"), [(4, 4), (1, None), (None, None)])
def test_a_choice_between_columns_may_be_as_wide_as_its_condition(width, wanted):
    operand = Value(0.0, 1.0, width=width)
    assert RULES["SelectV2"](Node("SelectV2"), [Value(width=4), operand, operand]).width == wanted


def test_coarse_probabilities_are_a_range_only():
    def claim(op, dtype):
        return RULES[op](Node(op, read_attributes=lambda: {"T": dtype}), [Value()])

    assert claim("Softmax", "float32").is_softmax
    assert not claim("Softmax", "float16").is_softmax
    assert not claim("Softmax", "bfloat16").is_softmax
    assert claim("Softmax", "bfloat16").is_bounded
    assert not claim("LogSoftmax", "bfloat16").is_log_softmax


@pytest.mark.parametrize("bias", [Value(-1.0, 1.0, 0.0, "float32", 4, has_nan=False), unknown("float32")])
def test_a_product_with_weights_has_no_bound_with_a_bias_either(bias):
    product = unknown("float32")._replace(is_linear=True, width=4)
    claim = RULES["BiasAdd"](Node("BiasAdd", read_attributes=lambda: {"T": "float32"}), [product, bias])
    assert claim.is_linear
    assert not claim.is_bounded
    assert not RULES["BiasAdd"](Node("BiasAdd", read_attributes=lambda: {"T": "float32"}), [bias, bias]).is_linear


@pytest.mark.parametrize("op", ["Add", "AddV2"])
def test_a_bias_may_be_a_plain_sum_with_a_constant(op):
    product = unknown("float32")._replace(is_linear=True, width=2, rank=2)
    bias = Value(-1.0, 1.0, 0.0, "float32", 2, 1, has_nan=False, numbers=(-1.0, 1.0))
    for operands in ([product, bias], [bias, product]):
        claim = RULES[op](Node(op, read_attributes=lambda: {"T": "float32"}), operands)
        assert (claim.is_linear, claim.is_bounded, claim.width, claim.rank) == (True, False, 2, 2)
    assert not RULES[op](Node(op, read_attributes=lambda: {"T": "float32"}), [bias, bias]).is_linear
    # What is computed beside the product may be more than a bias.
    gate = bias._replace(numbers=None)
    assert not RULES[op](Node(op, read_attributes=lambda: {"T": "float32"}), [product, gate]).is_linear


@pytest.mark.parametrize("op", ["ResizeBilinear", "ResizeNearestNeighbor"])
def test_classes_of_each_pixel_are_counted_behind_a_resize(op):
    maps = unknown("float32")._replace(width=21, rank=4)
    resized = RULES[op](Node(op, read_attributes=lambda: {"T": "float32"}), [maps, unknown("int32")])
    assert (resized.width, resized.rank) == (21, 4)
    for axis, ids in ((3, 21), (-1, 21), (1, None)):
        place = Value(axis, axis, 0.0, "int32", None, 0, has_nan=False, numbers=(axis,))
        assert RULES["ArgMax"](Node("ArgMax", read_attributes=dict), [resized, place]).ids == ids
