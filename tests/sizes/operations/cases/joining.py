from __future__ import annotations

import tensorflow as tf

from tests.sizes.operations.cases.arithmetic import fractions

raw = tf.raw_ops


def _parts(draw, rank, axis):
    shape = draw.shape(rank)
    found = []
    for _ in range(draw.integer(1, 3)):
        told = [draw.choice("abcd") if at == axis or draw.flag(0.1) else one for at, one in enumerate(shape)]
        found.append(draw.tensor(told))
    return found


def concatenated(op):
    def case(draw):
        if draw.flag(0.2):
            one = tf.reshape(fractions(draw, tf.float32), [-1])
            return raw.ConcatV2(values=[one, tf.constant([0.5, 3.0]), one * 0.5], axis=0)
        if draw.flag(0.2):
            x = draw.tensor(draw.shape(2))
            return raw.ConcatV2(values=[tf.shape(x), draw.whole([2]), tf.shape(x)[:1] * 2], axis=0)
        rank = draw.integer(1, 3)
        axis = draw.integer(0, rank - 1)
        number = axis if draw.flag() else axis - rank
        parts = _parts(draw, rank, axis)
        if op == "Concat":
            return raw.Concat(concat_dim=draw.whole(axis), values=[*parts, parts[0]])
        return raw.ConcatV2(values=parts, axis=draw.whole(number))

    return case


def packed(draw):
    if draw.flag(0.2):
        one = fractions(draw)
        return raw.Pack(values=[one, one * 0.5, one + 1.0])
    if draw.flag(0.3):
        x = draw.tensor(draw.shape(2))
        return raw.Pack(values=[tf.shape(x), draw.whole([1, 2])] if draw.flag() else [draw.size(x, 0), 3])
    shape = draw.shape(draw.integer(0, 3))
    parts = [draw.tensor([one if draw.flag(0.9) else "a" for one in shape]) for _ in range(draw.integer(1, 3))]
    return raw.Pack(values=parts, axis=draw.integer(-len(shape) - 1, len(shape)))


def unpacked(draw):
    if draw.flag(0.2):
        found = tf.reshape(fractions(draw), [-1])
        return list(raw.Unpack(value=found, num=found.shape[0]))
    if draw.flag(0.3):
        x = draw.tensor(draw.shape(3))
        return list(raw.Unpack(value=tf.shape(x), num=3))
    rank = draw.integer(1, 3)
    x = draw.tensor(draw.shape(rank))
    return list(
        raw.Unpack(
            value=x,
            num=draw.choice([draw.integer(0, 4), 2, *[one for one in draw.fed["x0"].shape if isinstance(one, int)]]),
            axis=draw.integer(-rank, rank - 1),
        )
    )


def split(draw):
    rank = draw.integer(1, 3)
    x = draw.tensor(draw.shape(rank))
    return list(raw.Split(axis=draw.whole(draw.integer(-rank, rank - 1)), value=x, num_split=draw.integer(1, 3)))


def split_by_sizes(draw):
    rank = draw.integer(1, 3)
    x = draw.tensor(draw.shape(rank))
    axis = draw.integer(0, rank - 1)
    parts = list(map(draw.whole, draw.integers(draw.integer(1, 3), 0, 3)))
    # The rest of all is no rest.
    if draw.flag(0.5) and len(parts) > 1:
        parts[0] = draw.whole(-1)
    if draw.flag(0.3):
        parts = [draw.size(x, axis) // 2, draw.size(x, axis) - draw.size(x, axis) // 2]
    return list(raw.SplitV(value=x, size_splits=tf.stack(parts), axis=draw.whole(axis), num_split=len(parts)))


CASES = {
    "Concat": concatenated("Concat"),
    "ConcatV2": concatenated("ConcatV2"),
    "Pack": packed,
    "Unpack": unpacked,
    "Split": split,
    "SplitV": split_by_sizes,
}
