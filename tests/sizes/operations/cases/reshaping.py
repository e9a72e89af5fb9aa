from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def reshaped(draw):
    shape = draw.shape(draw.integer(1, 4))
    x = draw.tensor(shape)
    operand = tf.range(draw.size(x, 0)) if draw.flag(0.1) else x
    told = [
        draw.choice([draw.size(x, axis), draw.size(x, axis) * 2, draw.size(x, axis) // 2]) for axis in range(len(shape))
    ]
    wanted = [draw.choice([*told, *map(draw.whole, (1, 2, 3, 4))]) for _ in range(draw.integer(1, 3))]
    if draw.flag(0.6):
        wanted[draw.integer(0, len(wanted) - 1)] = draw.whole(-1)
    if draw.flag(0.3):
        wanted = (
            [draw.whole(-1), *told[1:]] if draw.flag() else [*map(draw.whole, draw.integers(2, 1, 4)), draw.whole(-1)]
        )
    return raw.Reshape(tensor=operand, shape=tf.stack(wanted))


def transposed(draw):
    rank = draw.integer(0, 4)
    order = list(range(rank))
    draw.rng.shuffle(order)
    return raw.Transpose(x=draw.tensor(draw.shape(rank)), perm=draw.whole(order))


def expanded(draw):
    rank = draw.integer(0, 3)
    x = draw.tensor(draw.shape(rank))
    if draw.flag(0.3) and rank:
        return raw.ExpandDims(input=draw.size(x, 0), axis=draw.whole(0))
    return raw.ExpandDims(input=x, axis=draw.whole(draw.integer(-rank - 1, rank)))


def squeezed(draw):
    rank = draw.integer(1, 4)
    shape = tuple(1 if draw.flag(0.6) else one for one in draw.shape(rank))
    axes = sorted({draw.integer(-rank, rank - 1) for _ in range(draw.integer(0, 2))})
    return raw.Squeeze(input=draw.tensor(shape), axis=axes)


CASES = {
    "Reshape": reshaped,
    "Transpose": transposed,
    "ExpandDims": expanded,
    "Squeeze": squeezed,
}
