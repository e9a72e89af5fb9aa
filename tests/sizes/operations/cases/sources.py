from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def constant(draw):
    """An operand besides, so that there is something to feed."""
    shape = draw.integers(draw.integer(0, 2), 0, 5)
    x = draw.tensor(draw.shape(1))
    dtype = draw.choice(["int32", "int64", "float32", "bool"])
    return [tf.constant(tf.make_ndarray(tf.make_tensor_proto(draw.integer(0, 1), dtype, shape))), tf.identity(x)]


def handle(draw):
    """Read after it is written, in one graph."""
    shape = draw.integers(draw.integer(0, 2), 1, 4)
    x = draw.tensor(draw.shape(1))
    one = raw.VarHandleOp(dtype=tf.float32, shape=shape, container="", shared_name="")
    with tf.control_dependencies([raw.AssignVariableOp(resource=one, value=tf.zeros(shape))]):
        return [raw.ReadVariableOp(resource=one, dtype=tf.float32), tf.identity(x)]


def old(draw):
    shape = draw.integers(draw.integer(0, 2), 1, 4)
    x = draw.tensor(draw.shape(1))
    one = raw.VariableV2(shape=shape, dtype=tf.float32, container="", shared_name="")
    given = raw.Assign(ref=one, value=tf.zeros(shape))
    with tf.control_dependencies([given]):
        return [tf.identity(one), tf.identity(x)]


CASES = {"Const": constant, "VarHandleOp": handle, "ReadVariableOp": handle, "VariableV2": old}
