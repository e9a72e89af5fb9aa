from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def _amounts(draw, x, rank, most):
    amounts = [[draw.integer(0, most), draw.integer(0, most)] for _ in range(rank)]
    if draw.flag(0.3):
        told = [draw.whole(one) for pair in amounts for one in pair]
        told[1] = draw.choice([draw.size(x, 0), draw.size(x, -1) % 3, -draw.size(x, 0) % 4])
        return tf.reshape(tf.stack(told), [rank, 2])
    return draw.whole(amounts)


def padded(op):
    def case(draw):
        rank = draw.integer(1, 3)
        x = draw.tensor(draw.shape(rank))
        more = {"constant_values": 0.0} if op == "PadV2" else {}
        return getattr(raw, op)(input=x, paddings=_amounts(draw, x, rank, 3), **more)

    return case


def mirrored(draw):
    rank = draw.integer(1, 3)
    x = draw.tensor(draw.shape(rank))
    return raw.MirrorPad(input=x, paddings=_amounts(draw, x, rank, 4), mode=draw.choice(["REFLECT", "SYMMETRIC"]))


def tiled(draw):
    rank = draw.integer(0, 3)
    x = draw.tensor(draw.shape(rank))
    if draw.flag(0.2) and rank:
        return raw.Tile(input=tf.range(draw.size(x, 0)), multiples=draw.whole([2]))
    counts = [draw.choice([draw.whole(draw.integer(0, 3)), *([draw.size(x, 0)] if rank else [])]) for _ in range(rank)]
    return raw.Tile(input=x, multiples=tf.stack(counts) if rank else draw.whole([]))


def broadcast_to(draw):
    shape = draw.shape(draw.integer(1, 3))
    to, x = draw.tensor(shape), draw.tensor(draw.like(shape))
    return raw.BroadcastTo(input=x, shape=tf.shape(to))


def filled(draw):
    x = draw.tensor(draw.shape(2))
    wanted = [draw.choice([draw.size(x, 0), draw.size(x, 1) - 3, draw.whole(2)]) for _ in range(draw.integer(0, 2))]
    if draw.flag(0.3):
        return raw.Fill(dims=draw.whole([draw.integer(0, 3)]), value=draw.size(x, 0))
    return raw.Fill(dims=tf.stack(wanted) if wanted else draw.whole([]), value=0.0)


def one_hot(draw):
    rank = draw.integer(0, 2)
    x = draw.tensor(draw.shape(rank), "int32")
    depth = draw.choice([draw.whole(draw.integer(0, 4)), *([draw.size(x, 0) - 1] if rank else [])])
    return raw.OneHot(indices=x, depth=depth, on_value=1.0, off_value=0.0, axis=draw.integer(-1, rank))


CASES = {
    "Pad": padded("Pad"),
    "PadV2": padded("PadV2"),
    "MirrorPad": mirrored,
    "Tile": tiled,
    "BroadcastTo": broadcast_to,
    "Fill": filled,
    "OneHot": one_hot,
}
