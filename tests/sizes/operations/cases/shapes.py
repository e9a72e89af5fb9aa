from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def one(op):
    def case(draw):
        return getattr(raw, op)(input=draw.tensor(draw.shape(draw.integer(0, 3))))

    return case


def several(draw):
    return raw.ShapeN(input=[draw.tensor(draw.shape(draw.integer(0, 3))) for _ in range(draw.integer(1, 3))])


def ranged(draw):
    x = draw.tensor(draw.shape(2))
    start = draw.choice([draw.whole(draw.integer(-2, 5)), draw.size(x, 1)])
    limit = draw.choice([draw.whole(draw.integer(-2, 9)), draw.size(x, 0), draw.size(x, 0) + 2])
    return raw.Range(start=start, limit=limit, delta=draw.whole(draw.choice([1, 1, 1, 2, 3, -1, -2])))


def broadcast(draw):
    shape = draw.shape(draw.integer(0, 3))
    parts = [draw.tensor(shape), draw.tensor(draw.like(shape))]
    return raw.BroadcastArgs(s0=tf.shape(parts[0]), s1=tf.shape(parts[1]))


def gradient(draw):
    shape = draw.shape(draw.integer(0, 3))
    parts = [draw.tensor(shape), draw.tensor(draw.like(shape))]
    return list(raw.BroadcastGradientArgs(s0=tf.shape(parts[0]), s1=tf.shape(parts[1])))


def spaced(draw):
    x = draw.tensor(draw.shape(2))
    count = draw.choice([draw.whole(draw.integer(1, 4)), draw.size(x, 0), draw.size(x, 1) - 2])
    return raw.LinSpace(start=0.0, stop=1.0, num=count)


CASES = {
    "LinSpace": spaced,
    "Shape": one("Shape"),
    "Rank": one("Rank"),
    "Size": one("Size"),
    "ShapeN": several,
    "Range": ranged,
    "BroadcastArgs": broadcast,
    "BroadcastGradientArgs": gradient,
}
