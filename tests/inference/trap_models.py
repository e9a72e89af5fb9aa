"""Models that tempt to a wrong claim: each a function of one input, with its input's dtype and shape.

Some end in what can be claimed, so that the claims are tried too; some in what must not be.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

F32, F16, F64, I32, I64, U8, I8 = (
    tf.float32,
    tf.float16,
    tf.float64,
    tf.int32,
    tf.int64,
    tf.uint8,
    tf.int8,
)
VECTOR, PICTURE = (None, 6), (None, 8, 8, 3)
W = tf.constant(np.random.default_rng(7).normal(size=(6, 5)), F32)
KERNEL = tf.constant(np.random.default_rng(8).normal(size=(3, 3, 3, 4)), F32)
TABLE = tf.constant(np.random.default_rng(9).normal(size=(10, 4)), F32)
NAN = tf.constant([1.0, float("nan"), 0.0, 1.0, 2.0, 3.0])
soft = tf.nn.softmax


def transposed_softmax(x):
    return tf.transpose(soft(tf.transpose(x, [0, 3, 2, 1])), [0, 3, 2, 1])


def looped(x):
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * 2), (0, tf.sigmoid(x)))[1]


def called(x):
    return tf.function(lambda y: tf.function(tf.sigmoid)(y) * 2.0)(x)


MODELS = {
    "sigmoid": (tf.sigmoid, F32, VECTOR),
    "sigmoid_half": (tf.sigmoid, F16, VECTOR),
    "softmax": (lambda x: soft(x @ W), F32, VECTOR),
    "softmax_half": (soft, F16, VECTOR),
    "softmax_double": (soft, F64, VECTOR),
    "softmax_over_rows": (lambda x: soft(x, axis=0), F32, VECTOR),
    "softmax_over_height": (lambda x: soft(x, axis=1), F32, PICTURE),
    "softmax_between_transposes": (transposed_softmax, F32, PICTURE),
    "softmax_reshaped": (lambda x: tf.reshape(soft(x @ W), [-1, 5]), F32, VECTOR),
    "softmax_reshaped_apart": (lambda x: tf.reshape(soft(x), [-1, 3]), F32, VECTOR),
    "softmax_of_one": (lambda x: soft(x[:, :1]), F32, VECTOR),
    "softmax_sliced": (lambda x: soft(x)[:, :2], F32, VECTOR),
    "softmax_padded": (lambda x: tf.pad(soft(x), [[0, 0], [1, 1]]), F32, VECTOR),
    "softmax_padded_with_ones": (lambda x: tf.pad(soft(x), [[0, 0], [0, 1]], constant_values=1.0), F32, VECTOR),
    "softmax_tiled": (lambda x: tf.tile(soft(x), [1, 2]), F32, VECTOR),
    "softmax_joined": (lambda x: tf.concat([soft(x), soft(-x)], 1), F32, VECTOR),
    "softmax_stacked": (lambda x: tf.stack([soft(x), soft(-x)], 1), F32, VECTOR),
    "softmax_doubled": (lambda x: 2 * soft(x), F32, VECTOR),
    "softmax_gathered": (lambda x: tf.gather(soft(x), [0, 1], axis=1), F32, VECTOR),
    "softmax_resized": (lambda x: tf.image.resize(soft(x), [5, 5]), F32, PICTURE),
    "softmax_cast_to_half": (lambda x: tf.cast(soft(x), F16), F32, VECTOR),
    "softmax_times_mask": (lambda x: soft(x) * tf.constant([1.0, 0, 1, 1, 0, 1]), F32, VECTOR),
    "softmax_chosen": (lambda x: tf.where(x > 0, soft(x), tf.zeros_like(x)), F32, VECTOR),
    "log_softmax": (tf.nn.log_softmax, F32, VECTOR),
    "log_of_softmax": (lambda x: tf.math.log(soft(x)), F32, VECTOR),
    "top_of_softmax": (lambda x: tf.math.top_k(soft(x), 2)[0], F32, VECTOR),
    "top_indices": (lambda x: tf.math.top_k(soft(x), 2)[1], F32, VECTOR),
    "bicubic_overshoots": (lambda x: tf.image.resize(tf.sigmoid(x), [19, 19], method="bicubic"), F32, PICTURE),
    "bilinear": (lambda x: tf.image.resize(tf.sigmoid(x), [19, 5]), F32, PICTURE),
    "nearest": (lambda x: tf.image.resize(tf.tanh(x), [19, 5], method="nearest"), F32, PICTURE),
    "area": (lambda x: tf.image.resize(tf.sigmoid(x), [3, 3], method="area"), F32, PICTURE),
    "linear_head": (lambda x: x @ W, F32, VECTOR),
    "convolution": (lambda x: tf.nn.conv2d(x, KERNEL, 1, "SAME"), F32, PICTURE),
    "relu": (lambda x: tf.nn.relu(x @ W), F32, VECTOR),
    "relu6": (lambda x: tf.nn.relu6(x @ W), F32, VECTOR),
    "relu6_mean": (lambda x: tf.reduce_mean(tf.nn.relu6(x), [1, 2]), F32, PICTURE),
    "sigmoid_mean_of_many": (
        lambda x: tf.reduce_mean(tf.tile(tf.sigmoid(x) * 0.1, [1, 5000]), 1),
        F32,
        VECTOR,
    ),
    "mean_of_none": (lambda x: tf.reduce_mean(tf.sigmoid(x[:, :0]), 1), F32, VECTOR),
    "greatest_of_none": (lambda x: tf.reduce_max(tf.sigmoid(x[:, :0]), 1), F32, VECTOR),
    "sum": (lambda x: tf.reduce_sum(tf.sigmoid(x), 1), F32, VECTOR),
    "sum_of_input": (lambda x: tf.reduce_sum(tf.sigmoid(x), -1), F32, VECTOR),
    "sum_of_input_widened": (lambda x: tf.reduce_sum(tf.sigmoid(x) * tf.ones([1, 3]), -1), F32, (None, 1)),
    "sum_of_input_chosen": (
        lambda x: tf.reduce_sum(tf.where(tf.constant([True, False, True]), tf.sigmoid(x), tf.sigmoid(-x)), -1),
        F32,
        (None, 1),
    ),
    "greatest_of_input": (lambda x: tf.reduce_max(tf.sigmoid(x), -1), F32, VECTOR),
    "shifted_far_and_back": (lambda x: (tf.sigmoid(x) + 1e10) - 1e10, F32, VECTOR),
    "scaled_far_and_back": (lambda x: (tf.sigmoid(x) * 1e30) * 1e-30, F32, VECTOR),
    "overflows": (lambda x: (tf.sigmoid(x) * 1e38) * 1e3, F32, VECTOR),
    "overflows_half": (lambda x: tf.cast(tf.sigmoid(x) * 1e6, F16), F32, VECTOR),
    "divided_by_itself": (lambda x: tf.sigmoid(x) / tf.sigmoid(x), F32, VECTOR),
    "divided_by_shifted": (lambda x: tf.sigmoid(x) / (tf.sigmoid(x) + 1.0), F32, VECTOR),
    "divided_by_two": (lambda x: tf.tanh(x) / -2.0, F32, VECTOR),
    "nan_weights": (lambda x: tf.clip_by_value(x * NAN, 0.0, 1.0), F32, VECTOR),
    "maximum_with_nan": (lambda x: tf.maximum(tf.sigmoid(x), NAN), F32, VECTOR),
    "clipped": (lambda x: tf.clip_by_value(x, -2.0, 3.0), F32, VECTOR),
    "clipped_backwards": (lambda x: tf.clip_by_value(x, 3.0, -2.0), F32, VECTOR),
    "minimum_of_maximum": (lambda x: tf.minimum(tf.maximum(x, 0.5), 1.5), F32, VECTOR),
    "normalized_length": (lambda x: tf.math.l2_normalize(x, -1), F32, VECTOR),
    "exponential": (lambda x: tf.exp(tf.tanh(x)), F32, VECTOR),
    "square_of_sine": (lambda x: tf.square(tf.sin(x)), F32, VECTOR),
    "root_of_sigmoid": (lambda x: tf.sqrt(tf.sigmoid(x)), F32, VECTOR),
    "softsign": (tf.nn.softsign, F32, VECTOR),
    "erf": (tf.math.erf, F32, VECTOR),
    "hard_sigmoid": (lambda x: tf.nn.relu6(x + 3.0) / 6.0, F32, VECTOR),
    "hard_swish": (lambda x: x * tf.nn.relu6(x + 3.0) / 6.0, F32, VECTOR),
    "leaky": (lambda x: tf.nn.leaky_relu(tf.tanh(x), 0.3), F32, VECTOR),
    "leaky_upside_down": (lambda x: tf.nn.leaky_relu(tf.tanh(x), -3.0), F32, VECTOR),
    "elu": (lambda x: tf.minimum(tf.nn.elu(x), 1.0), F32, VECTOR),
    "softplus_of_tanh": (lambda x: tf.nn.softplus(tf.tanh(x)), F32, VECTOR),
    "rounded": (lambda x: tf.round(tf.sigmoid(x) * 255.0), F32, VECTOR),
    "floor": (lambda x: tf.floor(tf.sigmoid(x) * 10.0), F32, VECTOR),
    "nan_to_whole": (lambda x: tf.cast(tf.sigmoid(x * 0.0 / 0.0), I32), F32, VECTOR),
    "sigmoid_to_pixels": (lambda x: tf.cast(tf.sigmoid(x) * 255.0, U8), F32, VECTOR),
    "tanh_to_pixels": (lambda x: tf.cast(tf.tanh(x) * 300.0, U8), F32, VECTOR),
    "whole_wraps": (lambda x: x * 2 + 100, I8, VECTOR),
    "whole_widened": (lambda x: tf.cast(x, I32) * 2 + 100, I8, VECTOR),
    "negative_of_least": (lambda x: -x, I8, VECTOR),
    "absolute_of_least": (tf.abs, I8, VECTOR),
    "pixels_scaled": (lambda x: tf.cast(x, F32) / 127.5 - 1.0, U8, PICTURE),
    "pixels_mean": (lambda x: tf.reduce_mean(x, [1, 2]), U8, PICTURE),
    "pixels_to_half_mean": (lambda x: tf.reduce_mean(tf.cast(x, F16), [1, 2]), U8, PICTURE),
    "long_to_float": (lambda x: tf.cast(x, F32) / 2.0, I64, VECTOR),
    "class": (lambda x: tf.argmax(x @ W, -1), F32, VECTOR),
    "class_plus_one": (lambda x: tf.argmax(x @ W, -1) + 1, F32, VECTOR),
    "class_of_other_axis": (lambda x: tf.argmax(x @ W, 0), F32, VECTOR),
    "class_of_input": (lambda x: tf.argmax(x, -1), F32, VECTOR),
    "class_of_widened_input": (lambda x: tf.argmax(x + tf.ones([1, 3]), -1), F32, (None, 1)),
    "class_of_turned_input": (lambda x: tf.argmax(tf.transpose(x), -1), F32, VECTOR),
    "class_of_open_input": (lambda x: tf.argmax(x, -1), F32, (None, None)),
    "class_narrowed": (lambda x: tf.cast(tf.argmax(x @ W, -1), U8), F32, VECTOR),
    "compared": (lambda x: tf.cast(x > 0.5, F32), F32, VECTOR),
    "one_hot": (lambda x: tf.one_hot(x, 7, on_value=2.0, off_value=-1.0), I32, VECTOR),
    "embedded": (lambda x: tf.gather(TABLE, tf.clip_by_value(x, 0, 9)), I32, VECTOR),
    "embedded_modulo": (lambda x: tf.gather(TABLE, tf.math.floormod(x, 10)), I32, VECTOR),
    "chosen": (lambda x: tf.where(x > 0, tf.sigmoid(x), 3.0), F32, VECTOR),
    "conditional": (lambda x: tf.cond(tf.size(x) > 3, lambda: tf.sigmoid(x), lambda: x), F32, VECTOR),
    "looped": (looped, F32, VECTOR),
    "called": (called, F32, VECTOR),
    "faked": (lambda x: tf.quantization.fake_quant_with_min_max_args(x, -1.1, 2.3), F32, VECTOR),
    "faked_above_zero": (lambda x: tf.quantization.fake_quant_with_min_max_args(x, 1.0, 2.0), F32, VECTOR),
    "depth_to_space": (lambda x: tf.nn.depth_to_space(tf.tanh(tf.concat([x, x, x, x], 3)), 2), F32, PICTURE),
    "pooled": (lambda x: tf.nn.max_pool2d(tf.sigmoid(x) - 3.0, 3, 1, "SAME"), F32, PICTURE),
    "pooled_mean": (lambda x: tf.nn.avg_pool2d(tf.sigmoid(x) + 1.0, 3, 1, "SAME"), F32, PICTURE),
    "reversed": (lambda x: tf.reverse(tf.sigmoid(x), [1]), F32, VECTOR),
    "split": (lambda x: tf.split(tf.tanh(x), 3, 1)[1], F32, VECTOR),
    "unstacked": (lambda x: tf.unstack(tf.tanh(x), axis=1)[2], F32, VECTOR),
    "clamped_by_whole": (lambda x: tf.cast(tf.clip_by_value(tf.cast(x, I32), 0, 255), F32), F32, VECTOR),
    "mirrored": (lambda x: tf.pad(tf.sigmoid(x), [[0, 0], [1, 1]], "REFLECT"), F32, VECTOR),
    "added_to_itself": (lambda x: tf.add_n([tf.sigmoid(x)] * 3), F32, VECTOR),
    "subtracted": (lambda x: tf.sigmoid(x) - tf.tanh(x), F32, VECTOR),
    "mixed_broadcast": (lambda x: soft(x)[:, None, :] * tf.ones([1, 4, 1]), F32, VECTOR),
    "constant": (lambda x: tf.zeros_like(x) + 0.5, F32, VECTOR),
}

KINDS = ("normal", "large", "huge", "uniform", "zeros", "negative", "tiny")


def feed(kind, dtype, shape, rng):
    """A batch of 5 of one kind of values; whole numbers over the whole type, texts of random bytes."""
    shape = [5 if size is None else size for size in shape]
    if dtype == tf.string:
        texts = [rng.bytes(0 if kind == "zeros" else 40) for _ in range(int(np.prod(shape)))]
        return np.array(texts, object).reshape(shape)
    if not dtype.is_floating:
        limits = np.iinfo(dtype.as_numpy_dtype)
        fill = {"zeros": 0, "negative": limits.min, "huge": limits.max, "uniform": 1}
        if kind in fill:
            return np.full(shape, fill[kind], dtype.as_numpy_dtype)
        return rng.integers(limits.min, limits.max, shape, dtype.as_numpy_dtype, endpoint=True)
    values = rng.normal(size=shape)
    scale = {"large": 1e3, "huge": 1e30, "tiny": 1e-30}
    if kind == "uniform":
        values = rng.uniform(size=shape)
    elif kind == "zeros":
        values = np.zeros(shape)
    elif kind == "negative":
        values = -1e4 * np.abs(values)
    with np.errstate(over="ignore"):
        return (values * scale.get(kind, 1.0)).astype(dtype.as_numpy_dtype)
