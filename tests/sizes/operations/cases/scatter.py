from __future__ import annotations

import tensorflow as tf

from sigcheck.sizes.operations import scatter

raw = tf.raw_ops


def _parts(draw):
    """A shape, indices into it, and updates, whose sizes agree more often than not."""
    shape = draw.shape(draw.integer(1, 3), low=2)
    depth = draw.integer(1, len(shape))
    many = draw.shape(draw.integer(1, 2))
    updates = [one if draw.flag(0.9) else draw.choice("abcd") for one in (*many, *shape[depth:])]
    # Unset parts of a zeroth place: duplicates are summed, or the last counts.
    return shape, draw.tensor((*many, depth), "int32", high=1), draw.tensor(updates)


def scattered(draw):
    shape, indices, updates = _parts(draw)
    to = draw.tensor(shape)
    return raw.ScatterNd(indices=indices, updates=updates, shape=tf.shape(to))


def put(op):
    def case(draw):
        shape, indices, updates = _parts(draw)
        return getattr(raw, op)(tensor=draw.tensor(shape), indices=indices, updates=updates)

    return case


def summed(op):
    def case(draw):
        shape = draw.shape(draw.integer(1, 3))
        depth = draw.integer(0, len(shape))
        x = draw.tensor(shape)
        segments = draw.tensor([one if draw.flag(0.9) else "d" for one in shape[:depth]], "int32", high=1)
        count = draw.choice([draw.whole(draw.integer(1, 3)), draw.size(x, 0), draw.size(x, 0) - 1])
        return getattr(raw, op)(data=x, segment_ids=segments, num_segments=count)

    return case


def summed_in_order(op):
    def case(draw):
        shape = draw.shape(draw.integer(1, 3))
        segments = draw.tensor((shape[0] if draw.flag(0.9) else "d",), "int32", high=1)
        return getattr(raw, op)(data=draw.tensor(shape), segment_ids=segments)

    return case


def summed_of_rows(op):
    def case(draw):
        rows = draw.choice("ab")
        indices = draw.tensor((rows,), "int32", high=1)
        segments = draw.tensor((rows if draw.flag(0.9) else "d",), "int32", high=1)
        more = {"num_segments": draw.integer(1, 3)} if op.endswith("WithNumSegments") else {}
        return getattr(raw, op)(data=draw.tensor(draw.shape(2)), indices=indices, segment_ids=segments, **more)

    return case


def counted(op):
    def case(draw):
        x = draw.tensor(draw.shape(1), "int32", high=3)
        size = draw.choice([draw.whole(draw.integer(0, 4)), draw.size(x, 0) - 1])
        if op == "Bincount":
            return raw.Bincount(arr=x, size=size, weights=tf.zeros([0]))
        y = draw.tensor(draw.shape(draw.integer(1, 2)), "int32", high=3)
        return raw.DenseBincount(input=y, size=size, weights=tf.zeros([0]))

    return case


CASES = {
    "ScatterNd": scattered,
    **{op: put(op) for op in scatter.UPDATES.split()},
    **{op: summed(op) for op in scatter.UNSORTED.split()},
    **{op: summed_in_order(op) for op in scatter.SORTED.split()},
    **{op: summed_of_rows(op) for op in scatter.OF_ROWS.split()},
    **{f"{op}WithNumSegments": summed_of_rows(f"{op}WithNumSegments") for op in scatter.OF_ROWS.split()},
    "Bincount": counted("Bincount"),
    "DenseBincount": counted("DenseBincount"),
}
