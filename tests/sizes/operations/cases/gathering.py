from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def gathered(op):
    def case(draw):
        if draw.flag(0.3):
            x = draw.tensor(draw.shape(3))
            table = draw.tensor(draw.choice([(5, 2), ("a", 2), (3, 2)]))
            length = draw.choice([draw.size(x, 0), draw.size(x, 1) + 1, draw.whole(4)])
            indices = tf.range(length)
            if draw.flag(0.2):
                indices = tf.where(indices < 0, indices + 9, indices)
            if draw.flag(0.3):
                indices = tf.tile(indices[None], [draw.integer(1, 2), 1])
            return raw.GatherV2(params=table, indices=indices, axis=draw.whole(0))
        if draw.flag(0.2):
            x = draw.tensor(draw.shape(3))
            places = [draw.integer(0, 2) for _ in range(draw.integer(1, 3))]
            return raw.GatherV2(params=tf.shape(x), indices=draw.whole(draw.choice([places, places[0]])), axis=0)
        rank, many = draw.integer(1, 3), draw.integer(0, 2)
        shape = draw.shape(rank, low=2)
        if op == "Gather":
            return raw.Gather(params=draw.tensor(shape), indices=draw.tensor(draw.shape(many), "int32", high=1))
        batch = draw.integer(0, min(rank - 1, many)) if draw.flag(0.3) else 0
        axis = draw.choice([draw.integer(batch, rank - 1), draw.integer(batch, rank - 1) - rank])
        front = [one if draw.flag(0.8) else "d" for one in shape[:batch]]
        indices = draw.tensor((*front, *draw.shape(many - batch)), "int32", high=1)
        return raw.GatherV2(params=draw.tensor(shape), indices=indices, axis=draw.whole(axis), batch_dims=batch)

    return case


def gathered_from_variable(draw):
    rank, many = draw.integer(1, 3), draw.integer(0, 2)
    shape = draw.integers(rank, 1, 4)
    table = raw.VarHandleOp(dtype=tf.float32, shape=shape, container="", shared_name="")
    x = draw.tensor(draw.shape(1))
    indices = tf.range(draw.size(x, 0)) if draw.flag(0.4) else draw.tensor(draw.shape(many), "int32", high=1)
    with tf.control_dependencies([raw.AssignVariableOp(resource=table, value=tf.zeros(shape))]):
        return raw.ResourceGather(resource=table, indices=indices, dtype=tf.float32)


def gathered_by_rows(draw):
    rank = draw.integer(1, 3)
    indices = draw.tensor((*draw.shape(draw.integer(0, 2)), draw.integer(0, rank)), "int32", high=1)
    return raw.GatherNd(params=draw.tensor(draw.shape(rank)), indices=indices)


CASES = {
    "Gather": gathered("Gather"),
    "GatherV2": gathered("GatherV2"),
    "ResourceGather": gathered_from_variable,
    "GatherNd": gathered_by_rows,
}
