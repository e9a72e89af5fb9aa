from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def diagonal(draw):
    return raw.MatrixDiag(diagonal=draw.tensor(draw.shape(draw.integer(1, 3))))


def one_diagonal(draw):
    diagonals = draw.choice([0, 0, 1, -2, [1], [-1, 1], [1, 2], [-2, -1]])
    # TensorFlow ends the process where it is asked for several, and for rows, and given one.
    is_one = not isinstance(diagonals, list) or len(diagonals) == 1
    rank = draw.integer(1 if is_one else 2, 3)
    return raw.MatrixDiagV3(
        diagonal=draw.tensor(draw.shape(rank)),
        k=draw.whole(diagonals),
        num_rows=draw.whole(draw.choice([-1, -1, 8]) if is_one else -1),
        num_cols=draw.whole(-1),
        padding_value=0.0,
    )


def part(draw):
    return raw.MatrixDiagPart(input=draw.tensor(draw.shape(draw.integer(2, 3))))


def one_part(draw):
    x = draw.tensor(draw.shape(draw.integer(2, 3)))
    return raw.MatrixDiagPartV3(input=x, k=draw.whole(draw.choice([0, 0, 1, -2, [2], [0, 1]])), padding_value=0.0)


def set_(op):
    def case(draw):
        shape = draw.shape(draw.integer(2, 3))
        x, y = draw.tensor(shape), draw.tensor((*shape[:-2], draw.choice(shape[-2:])))
        more = {"k": draw.whole(0)} if op == "MatrixSetDiagV3" else {}
        return getattr(raw, op)(input=x, diagonal=y, **more)

    return case


def banded(draw):
    return raw.MatrixBandPart(input=draw.tensor(draw.shape(3)), num_lower=-1, num_upper=0)


def _square(draw, front):
    side = draw.choice([*"abc", 2])
    return draw.tensor((*front, side, side if draw.flag(0.9) else "d"))


def _regular(x):
    """What has an inverse: made of pictures of ones."""
    return tf.linalg.set_diag(x * 0.0, tf.ones(tf.shape(x)[:-1]))


def of_square(op):
    def case(draw):
        x = _square(draw, draw.shape(draw.integer(0, 1)))
        return getattr(raw, op)(input=_regular(x))

    return case


def solved(draw):
    front = draw.shape(draw.integer(0, 1))
    x = _square(draw, front)
    side = draw.fed["x0"].shape[-1]
    y = draw.tensor((*(front if draw.flag(0.9) else draw.shape(len(front))), side, draw.choice("ab")))
    return raw.MatrixSolve(matrix=_regular(x), rhs=y)


def vectors(draw):
    return list(raw.SelfAdjointEigV2(input=_regular(_square(draw, draw.shape(1))), compute_v=draw.flag()))


def crossed(draw):
    shape = (*draw.shape(1), draw.choice(["c", 3, 3]))
    return raw.Cross(a=draw.tensor(shape), b=draw.tensor((shape[0] if draw.flag(0.8) else "d", shape[1])))


CASES = {
    "MatrixDiag": diagonal,
    "MatrixDiagV3": one_diagonal,
    "MatrixDiagPart": part,
    "MatrixDiagPartV3": one_part,
    "MatrixSetDiag": set_("MatrixSetDiag"),
    "MatrixSetDiagV3": set_("MatrixSetDiagV3"),
    "MatrixBandPart": banded,
    **{op: of_square(op) for op in ("MatrixInverse", "Cholesky", "MatrixDeterminant", "LogMatrixDeterminant")},
    "MatrixSolve": solved,
    "SelfAdjointEigV2": vectors,
    "Cross": crossed,
}
