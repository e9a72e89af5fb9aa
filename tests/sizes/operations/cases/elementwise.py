from __future__ import annotations

import tensorflow as tf

from sigcheck.sizes.operations import elementwise

raw = tf.raw_ops
# What takes other operands than floats.
_DTYPES = {
    **dict.fromkeys(("LogicalAnd", "LogicalOr"), "bool"),
    **dict.fromkeys(("BitwiseAnd", "BitwiseOr", "BitwiseXor", "LeftShift", "RightShift", "Invert"), "int32"),
    **dict.fromkeys(("Real", "Imag", "Conj", "Angle", "ComplexAbs"), "complex64"),
    "PopulationCount": "int32",
}


def unary(op, **attributes):
    def case(draw):
        x = draw.tensor(draw.shape(draw.integer(1 if "Softmax" in op else 0, 3)), _DTYPES.get(op, "float32"), 1)
        made = getattr(raw, op)
        names = made.__signature__.parameters
        first = next(iter(names))
        return made(**{first: x}, **attributes)

    return case


def binary(op):
    def case(draw):
        shape = draw.shape(draw.integer(0, 3))
        dtype = _DTYPES.get(op, "float32")
        x, y = draw.tensor(shape, dtype, 1, 3), draw.tensor(draw.like(shape), dtype, 1, 3)
        pair = (x, y) if draw.flag() else (y, x)
        names = list(getattr(raw, op).__signature__.parameters)
        return getattr(raw, op)(**dict(zip(names, pair, strict=False)))

    return case


def kept(op, name="input"):
    def case(draw):
        x = draw.tensor(draw.shape(2))
        return getattr(raw, op)(**{name: tf.shape(x) if draw.flag() else x})

    return case


def all_kept(draw):
    x = draw.tensor(draw.shape(2))
    return list(raw.IdentityN(input=[x, tf.shape(x)]))


def with_default(draw):
    """It is no input: nothing is fed, so that its default counts."""
    x = draw.tensor(draw.shape(2))
    return raw.PlaceholderWithDefault(input=x, shape=[None, None])


def add_n(draw):
    shape = draw.shape(2)
    parts = [draw.tensor(shape if draw.flag(0.8) else draw.shape(2)) for _ in range(draw.integer(1, 3))]
    return raw.AddN(inputs=parts)


def bias_add(draw):
    shape = draw.shape(draw.integer(2, 4))
    data_format = draw.choice(["NHWC", "NHWC", "NCHW"])
    channel = shape[1] if data_format == "NCHW" else shape[-1]
    bias = draw.tensor((channel if draw.flag(0.8) else draw.choice("abc"),))
    return raw.BiasAdd(value=draw.tensor(shape), bias=bias, data_format=data_format)


def bias_add_v1(draw):
    shape = draw.shape(draw.integer(2, 3))
    return raw.BiasAddV1(value=draw.tensor(shape), bias=draw.tensor((draw.choice([shape[-1], "a"]),)))


def normalized(op):
    def case(draw):
        data_format = draw.choice(["NHWC", "NHWC", "NCHW"])
        shape = draw.shape(4)
        channel = shape[1] if data_format == "NCHW" else shape[-1]
        parts = [draw.tensor((channel if draw.flag(0.8) else draw.choice("abc"),)) for _ in range(4)]
        return getattr(raw, op)(
            x=draw.tensor(shape),
            scale=parts[0],
            offset=parts[1],
            mean=parts[2],
            variance=parts[3],
            is_training=False,
            data_format=data_format,
        )

    return case


def ensured(draw):
    shape = draw.shape(2)
    told = [draw.choice([None, one, 3]) if isinstance(one, int) else draw.choice([None, None, 3]) for one in shape]
    x = draw.tensor(shape)
    return raw.EnsureShape(input=x, shape=told)


def select(draw):
    shape = draw.shape(2)
    first = draw.tensor(shape if draw.flag() else draw.choice([shape[:1], (), ("c",)]), "bool")
    return raw.Select(condition=first, x=draw.tensor(shape), y=draw.tensor(draw.choice([shape, shape, ("a", "b")])))


def single(draw):
    return raw.L2Loss(t=draw.tensor(draw.shape(2)))


def of_pictures(draw):
    return raw.LRN(input=draw.tensor(draw.shape(4)))


def entropy(draw):
    rows = draw.choice("ab")
    labels = draw.tensor((rows,), "int32", high=1)
    return list(
        raw.SparseSoftmaxCrossEntropyWithLogits(features=draw.tensor((rows, draw.choice(["c", 3]))), labels=labels)
    )


_ATTRIBUTES = {
    "CheckNumerics": {"message": "m"},
    "Cumsum": {"axis": 0},
    "Cumprod": {"axis": 0},
    "CumulativeLogsumexp": {"axis": 0},
    "ClipByValue": {"clip_value_min": 0.0, "clip_value_max": 1.0},
    "FakeQuantWithMinMaxVars": {"min": 0.0, "max": 1.0},
    "QuantizeAndDequantizeV2": {"input_min": 0.0, "input_max": 1.0},
    "QuantizeAndDequantizeV3": {"input_min": 0.0, "input_max": 1.0, "num_bits": 8},
    "QuantizeAndDequantizeV4": {"input_min": 0.0, "input_max": 1.0},
}
_OWN = {
    "Identity": kept("Identity"),
    "StopGradient": kept("StopGradient"),
    "PreventGradient": kept("PreventGradient"),
    "Snapshot": kept("Snapshot"),
    "PlaceholderWithDefault": with_default,
    "IdentityN": all_kept,
    "AddN": add_n,
    "BiasAdd": bias_add,
    "BiasAddV1": bias_add_v1,
    "FusedBatchNorm": normalized("FusedBatchNorm"),
    "FusedBatchNormV2": normalized("FusedBatchNormV2"),
    "FusedBatchNormV3": normalized("FusedBatchNormV3"),
    "EnsureShape": ensured,
    "Select": select,
    "L2Loss": single,
    "LRN": of_pictures,
    "SparseSoftmaxCrossEntropyWithLogits": entropy,
}


def _cumulative(op):
    def case(draw):
        x = draw.tensor(draw.shape(draw.integer(1, 3)))
        return getattr(raw, op)(x=x, axis=draw.integer(-1, 0))

    return case


CASES = {
    **{op: unary(op, **_ATTRIBUTES.get(op, {})) for op in elementwise.ONE.split() if op not in _OWN},
    **{op: binary(op) for op in elementwise.SEVERAL.split() if op not in _OWN},
    **_OWN,
    **{op: _cumulative(op) for op in ("Cumsum", "Cumprod", "CumulativeLogsumexp")},
}
