from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def reduced(op):
    def case(draw):
        if op in {"Prod", "Sum", "Max", "Min"} and draw.flag():
            x = draw.tensor(draw.shape(draw.integer(1, 3)))
            return getattr(raw, op)(input=tf.shape(x), axis=draw.whole([0]), keep_dims=draw.flag())
        rank = draw.integer(1, 3)
        x = draw.tensor(draw.shape(rank), "bool" if op in {"All", "Any"} else "float32")
        axes = draw.choice([[0], [-1], list(range(rank)), [], [rank - 1], -1])
        return getattr(raw, op)(input=x, axis=draw.whole(axes), keep_dims=draw.flag())

    return case


def placed(op):
    def case(draw):
        rank = draw.integer(1, 3)
        return getattr(raw, op)(input=draw.tensor(draw.shape(rank)), dimension=draw.integer(-rank, rank - 1))

    return case


CASES = {
    **{op: reduced(op) for op in ("Mean", "Sum", "Max", "Min", "Prod", "All", "Any", "EuclideanNorm")},
    **{op: placed(op) for op in ("ArgMax", "ArgMin")},
}
