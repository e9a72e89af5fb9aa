from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def matmul(draw):
    one, other = draw.shape(2), draw.shape(2)
    flags = {"transpose_a": draw.flag(), "transpose_b": draw.flag()}
    if draw.flag(0.8):
        inner = one[0 if flags["transpose_a"] else 1]
        other = (other[0], inner) if flags["transpose_b"] else (inner, other[1])
    return raw.MatMul(a=draw.tensor(one), b=draw.tensor(other), **flags)


def batch_matmul(op):
    def case(draw):
        front = draw.shape(draw.integer(0, 2))
        behind = front if op == "BatchMatMul" else draw.like(front)
        one, other = draw.shape(2), draw.shape(2)
        flags = {"adj_x": draw.flag(), "adj_y": draw.flag()}
        if draw.flag(0.8):
            inner = one[0 if flags["adj_x"] else 1]
            other = (other[0], inner) if flags["adj_y"] else (inner, other[1])
        more = {"Tout": tf.float32} if op == "BatchMatMulV3" else {}
        return getattr(raw, op)(x=draw.tensor((*front, *one)), y=draw.tensor((*behind, *other)), **flags, **more)

    return case


_EQUATIONS = (
    "ab,bc->ac",
    "...ab,...bc->...ac",
    "abc,cd->abd",
    "abc,adc->abd",
    "ab->ba",
    "ab->",
    "abc->b",
    "a,b->ab",
    "aecd,abcd->acbe",
    "...a->...",
    "ab,ab->a",
    "...a,a->...a",
    "abcd,cde->abe",
)


def einsum(draw):
    equation = draw.choice(_EQUATIONS)
    extents = {letter: draw.choice([*"abcd", 2, 3]) for letter in "abcde"}
    front = draw.shape(draw.integer(0, 2))
    operands = []
    for term in equation.partition("->")[0].split(","):
        shape = [extents[one] if draw.flag(0.9) else draw.choice("abcd") for one in term.replace("...", "")]
        operands.append(draw.tensor((*(draw.like(front) if "..." in term else ()), *shape)))
    return raw.Einsum(inputs=operands, equation=equation)


CASES = {
    "MatMul": matmul,
    **{op: batch_matmul(op) for op in ("BatchMatMul", "BatchMatMulV2", "BatchMatMulV3")},
    "Einsum": einsum,
}
