from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def to_depth(draw):
    x = draw.tensor(draw.shape(4, high=8))
    return raw.SpaceToDepth(input=x, block_size=draw.integer(2, 3), data_format=draw.choice(["NHWC", "NHWC", "NCHW"]))


def to_space(draw):
    shape = (*draw.shape(3), draw.choice(["a", 4, 8, 9]))
    data_format = draw.choice(["NHWC", "NHWC", "NCHW"])
    if data_format == "NCHW":
        shape = (shape[0], shape[3], *shape[1:3])
    return raw.DepthToSpace(input=draw.tensor(shape), block_size=draw.integer(2, 3), data_format=data_format)


def _blocks(draw, x, count, most):
    amounts = [[draw.integer(0, most), draw.integer(0, most)] for _ in range(count)]
    if draw.flag(0.3):
        told = [draw.whole(one) for pair in amounts for one in pair]
        told[1] = -draw.size(x, 1) % 2
        return tf.reshape(tf.stack(told), [count, 2])
    return draw.whole(amounts)


def to_batch(draw):
    count = draw.integer(1, 2)
    x = draw.tensor(draw.shape(count + draw.integer(1, 2)))
    blocks = draw.integers(count, 1, 3)
    return raw.SpaceToBatchND(input=x, block_shape=draw.whole(blocks), paddings=_blocks(draw, x, count, 2))


def from_batch(draw):
    count = draw.integer(1, 2)
    x = draw.tensor(draw.shape(count + draw.integer(1, 2)))
    blocks = draw.integers(count, 1, 3)
    return raw.BatchToSpaceND(input=x, block_shape=draw.whole(blocks), crops=_blocks(draw, x, count, 1))


def old_to_batch(draw):
    x = draw.tensor(draw.shape(4))
    return raw.SpaceToBatch(input=x, paddings=_blocks(draw, x, 2, 2), block_size=draw.integer(2, 3))


def old_from_batch(draw):
    x = draw.tensor(("a" if draw.flag() else 4, *draw.shape(3)))
    return raw.BatchToSpace(input=x, crops=_blocks(draw, x, 2, 1), block_size=2)


CASES = {
    "SpaceToDepth": to_depth,
    "DepthToSpace": to_space,
    "SpaceToBatchND": to_batch,
    "BatchToSpaceND": from_batch,
    "SpaceToBatch": old_to_batch,
    "BatchToSpace": old_from_batch,
}
