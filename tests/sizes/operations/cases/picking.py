from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def top(draw):
    x = draw.tensor(draw.shape(draw.integer(1, 3)))
    k = draw.choice([draw.whole(draw.integer(0, 4)), draw.size(x, -1) // 2])
    return raw.TopKV2(input=x, k=k)


def where(draw):
    return raw.Where(condition=draw.tensor(draw.shape(draw.integer(1, 3)), "bool"))


def unique(op):
    def case(draw):
        return list(getattr(raw, op)(x=draw.tensor(draw.shape(1), "int32")))

    return case


def unique_along(op):
    def case(draw):
        rank = draw.integer(1, 3)
        axis = draw.whole([] if rank == 1 and draw.flag() else [draw.integer(0, rank - 1)])
        return list(getattr(raw, op)(x=draw.tensor(draw.shape(rank), "int32"), axis=axis))

    return case


def not_in(draw):
    return list(raw.ListDiff(x=draw.tensor(draw.shape(1), "int32"), y=draw.tensor(draw.shape(1), "int32")))


def in_top(draw):
    rows = draw.choice("ab")
    return raw.InTopKV2(predictions=draw.tensor((rows, draw.choice("cd"))), targets=draw.tensor((rows,), "int32"), k=1)


def nth(draw):
    x = draw.tensor(draw.shape(draw.integer(1, 3)))
    return raw.NthElement(input=x, n=draw.choice([draw.whole(draw.integer(0, 3)), draw.size(x, -1) // 2]))


def bucketized(draw):
    return raw.Bucketize(input=draw.tensor(draw.shape(2)), boundaries=[0.2, 0.5])


def searched(op):
    def case(draw):
        rows = draw.choice("ab")
        return getattr(raw, op)(sorted_inputs=draw.tensor((rows, "c")), values=draw.tensor((rows, draw.choice("cd"))))

    return case


def partitioned(draw):
    shape = draw.shape(draw.integer(1, 3))
    places = draw.tensor(shape[: draw.integer(0, len(shape))], "int32", high=2)
    return list(raw.DynamicPartition(data=draw.tensor(shape), partitions=places, num_partitions=draw.integer(2, 3)))


CASES = {
    "TopKV2": top,
    "Where": where,
    "Unique": unique("Unique"),
    "UniqueWithCounts": unique("UniqueWithCounts"),
    "UniqueV2": unique_along("UniqueV2"),
    "UniqueWithCountsV2": unique_along("UniqueWithCountsV2"),
    "ListDiff": not_in,
    "InTopKV2": in_top,
    "NthElement": nth,
    "Bucketize": bucketized,
    "LowerBound": searched("LowerBound"),
    "UpperBound": searched("UpperBound"),
    "DynamicPartition": partitioned,
}
