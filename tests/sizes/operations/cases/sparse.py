from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def _matrix(draw):
    """The one place of a sparse matrix is its first; its shape is that of a tensor."""
    x = draw.tensor(draw.shape(2))
    return x, draw.whole([[0, 0]], "int64"), tf.constant([1.0]), tf.cast(tf.shape(x), tf.int64)


def multiplied(draw):
    _, places, values, shape = _matrix(draw)
    rows = draw.fed["x0"].shape
    flags = {"adjoint_a": draw.flag(), "adjoint_b": draw.flag()}
    inner = rows[0] if flags["adjoint_a"] else rows[1]
    other = (draw.choice("ab"), inner) if flags["adjoint_b"] else (inner, draw.choice("ab"))
    return raw.SparseTensorDenseMatMul(a_indices=places, a_values=values, a_shape=shape, b=draw.tensor(other), **flags)


def dense(draw):
    _, places, values, shape = _matrix(draw)
    return raw.SparseToDense(sparse_indices=places, output_shape=shape, sparse_values=values, default_value=0.0)


def reordered(draw):
    _, places, values, shape = _matrix(draw)
    return list(raw.SparseReorder(input_indices=places, input_values=values, input_shape=shape))


def reduced(draw):
    _, places, values, shape = _matrix(draw)
    return raw.SparseReduceSum(
        input_indices=places,
        input_values=values,
        input_shape=shape,
        reduction_axes=draw.whole(draw.choice([[0], [-1], [1]])),
        keep_dims=draw.flag(),
    )


def soft(draw):
    _, places, values, shape = _matrix(draw)
    return raw.SparseSoftmax(sp_indices=places, sp_values=values, sp_shape=shape)


def padded(draw):
    shape = draw.shape(draw.integer(1, 2))
    values = draw.tensor(shape)
    wanted = [draw.choice([-1, 3]), draw.choice([-1, 2, 7]), *([draw.choice([-1])] if len(shape) > 1 else [])]
    if draw.flag(0.3):
        wanted = tf.stack([draw.size(values, 0), *wanted[1:]])
    splits = tf.stack([0, tf.shape(values)[0] // 2, tf.shape(values)[0]])
    return raw.RaggedTensorToTensor(
        shape=wanted,
        values=values,
        default_value=0.0,
        row_partition_tensors=[splits],
        row_partition_types=["ROW_SPLITS"],
    )


CASES = {
    "SparseTensorDenseMatMul": multiplied,
    "SparseToDense": dense,
    "SparseReorder": reordered,
    "SparseReduceSum": reduced,
    "SparseSoftmax": soft,
    "RaggedTensorToTensor": padded,
}
