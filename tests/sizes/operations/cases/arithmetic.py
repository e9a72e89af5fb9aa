from __future__ import annotations

import tensorflow as tf

from tests.sizes.operations.cases.elementwise import binary

raw = tf.raw_ops
F32 = tf.float32
_OF_NUMBERS = "Add AddV2 Sub Mul Maximum Minimum FloorDiv FloorMod Div TruncateDiv Mod TruncateMod Pow"
_OF_TRUTHS = ("LogicalAnd", "LogicalOr")


def arithmetic(op):
    """Of sizes, half of the time: their numbers are compared too."""
    plain = binary(op)

    def case(draw):
        if op in _OF_TRUTHS or draw.flag(0.3):
            return plain(draw)
        x = draw.tensor(draw.shape(draw.integer(1, 3)))
        one, other = tf.shape(x), draw.whole(draw.integers(draw.choice([1, len(x.shape)]), 1, 4))
        if draw.flag(0.3):
            one, other = draw.size(x, 0), draw.whole(draw.integer(1, 4))
        if draw.flag(0.2):
            other = tf.shape(x)[::-1] if one.shape.rank else draw.size(x, -1)
        if draw.flag(0.3):
            one = one - draw.choice([1, 3])
        pair = (other, one) if draw.flag(0.3) else (one, other)
        return getattr(raw, op)(x=pair[0], y=pair[1])

    return case


def of_floats(op):
    """Of sizes as floats, and of numbers that a float holds or not."""
    plain = binary(op)

    def case(draw):
        if draw.flag(0.3):
            return plain(draw)
        one, other = fractions(draw), draw.choice([0.5, 0.25, 1.5, 2.0, 0.1, 3.0, 8.0, -0.5, 0.75])
        if draw.flag(0.2):
            other = fractions(draw, one.dtype)
        pair = (other, one) if draw.flag(0.3) else (one, other)
        return getattr(raw, op)(x=tf.cast(pair[0], one.dtype), y=tf.cast(pair[1], one.dtype))

    return case


def fractions(draw, dtype=None):
    """Sizes as floats, divided or not."""
    x = draw.tensor(draw.shape(2))
    found = tf.cast(draw.choice([tf.shape(x), draw.size(x, 0)]), dtype or draw.choice([F32, F32, tf.float64]))
    found = found * draw.choice([1.0, 0.5, 1.5, 0.25, 0.3, -0.5, -1.0])
    return found + draw.choice([0.0, 0.0, 0.5, -1.0, 0.25])


def either(case, other):
    return lambda draw: case(draw) if draw.flag() else other(draw)


def rounded(op):
    return lambda draw: getattr(raw, op)(x=fractions(draw) if draw.flag(0.8) else draw.tensor(draw.shape(2)))


def cast(draw):
    if draw.flag(0.3):
        return raw.Cast(x=fractions(draw), DstT=draw.choice([tf.int32, tf.int64]))
    if draw.flag():
        x = draw.tensor(draw.shape(2))
        numbers = draw.choice([tf.shape(x), tf.range(draw.size(x, 0))])
        middle = tf.cast(numbers, draw.choice(["float32", "int64", "uint8", "int8", "float64", "bool"]))
        return raw.Cast(x=middle, DstT=draw.choice([tf.int32, tf.int64]))
    return raw.Cast(x=draw.tensor(draw.shape(2)), DstT=draw.choice([tf.int32, tf.bool, tf.float16]))


def each(op):
    def case(draw):
        x = draw.tensor(draw.shape(2))
        if op == "LogicalNot":
            return raw.LogicalNot(x=draw.choice([x > 0.5, draw.size(x, 0) > draw.choice([0, 2])]))
        return getattr(raw, op)(x=draw.choice([x, tf.shape(x), tf.shape(x) - 3]))

    return case


def compared(op):
    plain = binary(op)

    def case(draw):
        if draw.flag():
            return plain(draw)
        x = draw.tensor(draw.shape(2))
        numbers = draw.choice([tf.range(draw.size(x, 0)), draw.size(x, 1)])
        return getattr(raw, op)(x=numbers, y=draw.whole(draw.choice([0, 0, 3, -1])))

    return case


def chosen(draw):
    x = draw.tensor(draw.shape(2))
    if draw.flag(0.3):
        places = tf.range(draw.size(x, 0))
        return raw.SelectV2(condition=places < draw.choice([0, 2]), t=places + 5, e=places)
    one, other = draw.size(x, 0), draw.size(x, 1)
    if draw.flag(0.4):
        return raw.SelectV2(condition=one > draw.choice([0, 0, 2]), t=other, e=one + 1)
    shape = draw.shape(2)
    parts = [draw.tensor(draw.like(shape), "bool"), draw.tensor(shape), draw.tensor(draw.like(shape))]
    return raw.SelectV2(condition=parts[0], t=parts[1], e=parts[2])


CASES = {
    **{op: arithmetic(op) for op in (*_OF_NUMBERS.split(), *_OF_TRUTHS)},
    **{op: compared(op) for op in ("Less", "LessEqual", "Greater", "GreaterEqual", "Equal", "NotEqual")},
    **{op: each(op) for op in ("Abs", "Neg", "LogicalNot", "ZerosLike", "OnesLike")},
    "SelectV2": chosen,
    "Cast": cast,
    **{op: either(arithmetic(op), of_floats(op)) for op in ("Add", "AddV2", "Sub", "Mul", "Maximum", "Minimum", "Div")},
    "RealDiv": of_floats("RealDiv"),
    **{op: rounded(op) for op in ("Floor", "Ceil", "Round", "Rint")},
}
