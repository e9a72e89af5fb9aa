from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def sliced(draw):
    if draw.flag(0.3):
        x = draw.tensor(draw.shape(3))
        begin, count = draw.integer(0, 3), draw.choice([-1, 1, 2])
        return raw.Slice(input=tf.shape(x), begin=draw.whole([begin]), size=draw.whole([count]))
    rank = draw.integer(1, 3)
    x = draw.tensor(draw.shape(rank))
    begins, counts = draw.integers(rank, 0, 2), [draw.choice([-1, -1, 0, 1, 3]) for _ in range(rank)]
    begin, count = draw.whole(begins), draw.whole(counts)
    if draw.flag(0.3):
        count = tf.stack([*([draw.whole(one) for one in counts[1:]]), draw.size(x, 0) // 2])
    if draw.flag(0.2):
        begin = tf.stack([draw.size(x, -1) // 2, *([draw.whole(one) for one in begins[1:]])])
    return raw.Slice(input=x, begin=begin, size=count)


def cut(draw):
    """All masks, ends that count from the end, beyond it, and that are computed."""
    is_shape = draw.flag(0.3)
    rank = draw.integer(1, 3)
    x = draw.tensor(draw.shape(rank))
    operand, dimensions = (tf.shape(x), 1) if is_shape else (x, rank)
    if is_shape and draw.flag(0.3):
        operand = tf.cast(operand, tf.float32) * draw.choice([0.5, 0.25, 3.0])
    count = draw.integer(1, dimensions + 1)
    masks = {f"{one}_mask": draw.rng.getrandbits(count) for one in ("begin", "end")}
    special = draw.rng.getrandbits(count) if draw.flag(0.4) else 0
    masks["shrink_axis_mask"] = special & draw.rng.getrandbits(count)
    masks["new_axis_mask"] = special & ~masks["shrink_axis_mask"]
    masks["ellipsis_mask"] = 1 << draw.integer(0, count - 1) if draw.flag(0.25) else 0
    begins = [draw.choice([0, 0, 1, 2, 4, -1, -2, -4]) for _ in range(count)]
    ends = [draw.choice([0, 1, 3, 5, 8, -1, -2, -5]) for _ in range(count)]
    steps = [draw.choice([1, 1, 1, 2, 3, -1, -2]) for _ in range(count)]
    begin, end = draw.whole(begins), draw.whole(ends)
    if draw.flag(0.3):
        computed = draw.choice([draw.size(x, 0) // 2, draw.size(x, 0) - 2, draw.size(x, -1), -draw.size(x, 0)])
        end = tf.stack([computed, *(draw.whole(one) for one in ends[1:])])
    if draw.flag(0.2):
        begin = tf.stack([draw.size(x, 0) // 2, *(draw.whole(one) for one in begins[1:])])
    return raw.StridedSlice(input=operand, begin=begin, end=end, strides=draw.whole(steps), **masks)


CASES = {"Slice": sliced, "StridedSlice": cut}
