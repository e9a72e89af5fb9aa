"""Keras models of one layer or a few, whose inputs leave sizes open."""

from __future__ import annotations

import keras
from keras import layers as kl
from keras import ops

PICTURE = {"image": ("b", "h", "w", 3)}
FIRST = {"image": ("b", 3, "h", "w")}
SEQUENCE = {"x": ("b", "t", 4)}
VIDEO = {"film": ("b", "t", "h", "w", 2)}
PAIR = {"p": ("b", "t", 4), "q": ("c", "s", 4)}


@keras.saving.register_keras_serializable("sizes")
class Doubled(kl.Layer):
    """A class of its own, which repeats each step."""

    def call(self, x):
        return ops.repeat(x, 2, axis=1)

    def compute_output_shape(self, shape):
        return (shape[0], None, *shape[2:])


def stack(inputs, *makers):
    """A model of layers in a row."""

    def build():
        (name,) = inputs
        first = keras.Input([None if isinstance(one, str) else one for one in inputs[name][1:]], name=name)
        x = first
        for make in makers:
            x = make()(x)
        return keras.Model(first, x)

    return build


def pair(join):
    def build():
        p, q = keras.Input((None, 4), name="p"), keras.Input((None, 4), name="q")
        return keras.Model([p, q], join(p, q))

    return build


def heads(p, q):
    return kl.MultiHeadAttention(2, 3)(p, q)


def nested():
    inner = keras.Sequential([keras.Input((None, None, 3)), kl.Conv2D(4, 3), kl.MaxPooling2D(2)], name="inner")
    image = keras.Input((None, None, 3), name="image")
    return keras.Model(image, kl.Conv2D(2, 3)(inner(image)))


def nested_of_one_size():
    x = keras.Input((8, 4))
    inner = keras.Model(x, kl.Dense(3)(x), name="inner")
    first = keras.Input((None, 4), name="x")
    return keras.Model(first, inner(first))


def shared():
    image = keras.Input((None, None, 3), name="image")
    layer = kl.Conv2D(3, 3)
    return keras.Model(image, layer(layer(image)))


def residual():
    x = keras.Input((None, 4), name="x")
    y = kl.Conv1D(4, 3, padding="same", strides=2)(x)
    return keras.Model(x, kl.Add()([kl.UpSampling1D(2)(y), x]))


def windows_in_time():
    x = keras.Input((None, 4), name="x")
    return keras.Model(x, x[:, 2:-3] * 2.0 + ops.mean(x, axis=1, keepdims=True))


def frames():
    film = keras.Input((None, None, None, 2), name="film")
    inner = keras.Sequential([keras.Input((None, None, 2)), kl.Conv2D(3, 3), kl.GlobalAveragePooling2D()])
    return keras.Model(film, kl.LSTM(2)(kl.TimeDistributed(inner)(film)))


def states():
    x = keras.Input((None, 4), name="x")
    y, h, c = kl.LSTM(3, return_sequences=True, return_state=True)(x)
    return keras.Model(x, [kl.GRU(3)(y, initial_state=h), c])


def ranks():
    x = keras.Input((None, 4), name="x")
    return keras.Model(x, kl.Multiply()([kl.Dense(4)(kl.GlobalMaxPooling1D()(x)), x]))


LAYERS = {
    "same_strided": (stack(PICTURE, lambda: kl.Conv2D(2, 3, strides=(2, 3), padding="same")), PICTURE, 12),
    "dilated": (stack(PICTURE, lambda: kl.Conv2D(2, 3, dilation_rate=2)), PICTURE, 12),
    "channels_first": (stack(FIRST, lambda: kl.Cropping2D(2, data_format="channels_first")), FIRST, 9),
    "depthwise": (stack(PICTURE, lambda: kl.DepthwiseConv2D(3, depth_multiplier=2, strides=2)), PICTURE, 12),
    "separable": (stack(PICTURE, lambda: kl.SeparableConv2D(5, 3)), PICTURE, 9),
    "transposed_valid": (stack(PICTURE, lambda: kl.Conv2DTranspose(2, 3, strides=2)), PICTURE, 9),
    "reshaped": (stack(SEQUENCE, lambda: kl.Reshape((-1, 8))), SEQUENCE, 12),
    "flat": (stack(SEQUENCE, kl.Flatten), SEQUENCE, 12),
    "repeated": (stack(SEQUENCE, kl.GlobalAveragePooling1D, lambda: kl.RepeatVector(5)), SEQUENCE, 9),
    "both_ways": (stack(SEQUENCE, lambda: kl.Bidirectional(kl.GRU(3, return_sequences=True))), SEQUENCE, 9),
    "in_time": (stack(SEQUENCE, lambda: kl.TimeDistributed(kl.Dense(7))), SEQUENCE, 9),
    "own_class": (stack(SEQUENCE, Doubled, lambda: kl.Dense(3)), SEQUENCE, 9),
    "normalized": (stack(PICTURE, kl.BatchNormalization, kl.LayerNormalization, lambda: kl.Rescaling(2.0)), PICTURE, 9),
    "resized": (stack(PICTURE, lambda: kl.Resizing(8, 6), lambda: kl.Conv2D(2, 3)), PICTURE, 12),
    "nested": (nested, PICTURE, 16),
    "nested_of_one_size": (nested_of_one_size, SEQUENCE, 12),
    "residual": (residual, SEQUENCE, 12),
    "dotted": (pair(lambda p, q: kl.Dot(axes=(2, 2))([p, q])), PAIR, 5),
    "attended": (pair(lambda p, q: kl.Attention()([p, q])), PAIR, 5),
    "by_heads": (pair(heads), PAIR, 5),
    "carried_over": (
        pair(lambda p, q: kl.LSTM(3, return_sequences=True)(p, initial_state=kl.LSTM(3, return_state=True)(q)[1:])),
        PAIR,
        4,
    ),
    "ranks": (ranks, SEQUENCE, 9),
    "states": (states, SEQUENCE, 9),
    "windows_in_time": (windows_in_time, SEQUENCE, 12),
}
MORE_LAYERS = {
    "convolved_first": (
        stack(FIRST, lambda: kl.ZeroPadding2D(((1, 0), (0, 2)), data_format="channels_first")),
        FIRST,
        9,
    ),
    "pooled_first": (stack(FIRST, lambda: kl.MaxPooling2D(2, data_format="channels_first")), FIRST, 9),
    "up_first": (stack(FIRST, lambda: kl.UpSampling2D((2, 3), data_format="channels_first")), FIRST, 9),
    "flattened_first": (stack(FIRST, lambda: kl.Flatten(data_format="channels_first")), FIRST, 9),
    "permuted": (stack(PICTURE, lambda: kl.Permute((3, 1, 2))), PICTURE, 9),
    "pooled_overlapping": (stack(SEQUENCE, lambda: kl.AveragePooling1D(3, strides=2)), SEQUENCE, 12),
    "pooled_same": (stack(SEQUENCE, lambda: kl.MaxPooling1D(3, padding="same")), SEQUENCE, 12),
    "globally_kept": (stack(PICTURE, lambda: kl.GlobalMaxPooling2D(keepdims=True)), PICTURE, 9),
    "conv1d_strided": (stack(SEQUENCE, lambda: kl.Conv1D(2, 5, strides=3)), SEQUENCE, 16),
    "conv1d_causal": (stack(SEQUENCE, lambda: kl.Conv1D(2, 3, strides=2, padding="causal")), SEQUENCE, 9),
    "conv3d": (stack(VIDEO, lambda: kl.Conv3D(2, (2, 3, 1), strides=(1, 2, 1))), VIDEO, 6),
    "conv3d_transposed": (stack(VIDEO, lambda: kl.Conv3DTranspose(2, 2, strides=2, padding="same")), VIDEO, 4),
    "pool3d": (stack(VIDEO, lambda: kl.MaxPooling3D(2)), VIDEO, 6),
    "conv1d_transposed": (stack(SEQUENCE, lambda: kl.Conv1DTranspose(3, 4, strides=3)), SEQUENCE, 9),
    "transposed_narrow": (stack(PICTURE, lambda: kl.Conv2DTranspose(2, 1, strides=3, padding="valid")), PICTURE, 6),
    "transposed_extra": (stack(PICTURE, lambda: kl.Conv2DTranspose(2, 3, strides=2, output_padding=1)), PICTURE, 6),
    "depthwise1d": (stack(SEQUENCE, lambda: kl.DepthwiseConv1D(3, padding="same")), SEQUENCE, 9),
    "separable1d": (stack(SEQUENCE, lambda: kl.SeparableConv1D(3, 4, strides=2)), SEQUENCE, 9),
    "conv_lstm": (stack(VIDEO, lambda: kl.ConvLSTM2D(2, 3, strides=2, return_sequences=True)), VIDEO, 7),
    "conv_lstm_same": (stack(VIDEO, lambda: kl.ConvLSTM2D(2, 2, padding="same")), VIDEO, 4),
    "simple": (stack(SEQUENCE, lambda: kl.SimpleRNN(3)), SEQUENCE, 6),
    "by_cell": (stack(SEQUENCE, lambda: kl.RNN([kl.LSTMCell(3), kl.GRUCell(5)], return_sequences=True)), SEQUENCE, 6),
    "both_ways_summed": (stack(SEQUENCE, lambda: kl.Bidirectional(kl.LSTM(3), merge_mode="sum")), SEQUENCE, 6),
    "einsum": (stack(SEQUENCE, lambda: kl.EinsumDense("abc,cde->abde", (None, 3, 5))), SEQUENCE, 6),
    "groups": (stack(PICTURE, lambda: kl.Conv2D(4, 3), lambda: kl.GroupNormalization(2)), PICTURE, 9),
    "prelu": (stack(PICTURE, lambda: kl.PReLU(shared_axes=[1, 2]), kl.ELU, kl.Softmax), PICTURE, 6),
    "cropped": (stack(PICTURE, lambda: kl.Cropping2D(((1, 2), (0, 3)))), PICTURE, 9),
    "padded": (stack(SEQUENCE, lambda: kl.ZeroPadding1D((1, 2)), lambda: kl.Conv1D(2, 5)), SEQUENCE, 9),
    "normalization": (stack(PICTURE, lambda: kl.Normalization(mean=0.5, variance=2.0)), PICTURE, 6),
    "centered": (stack(PICTURE, lambda: kl.CenterCrop(6, 5)), PICTURE, 12),
    "spectral": (stack(PICTURE, lambda: kl.SpectralNormalization(kl.Conv2D(2, 3))), PICTURE, 9),
    "shared": (shared, PICTURE, 9),
    "frames": (frames, VIDEO, 5),
    "added": (pair(lambda p, q: kl.Add()([p, q])), PAIR, 5),
    "joined_far": (pair(lambda p, q: kl.Concatenate(1)([kl.UpSampling1D(2)(p), q])), PAIR, 5),
    "stretched": (pair(lambda p, q: kl.Maximum()([p, kl.MaxPooling1D(2)(q)])), PAIR, 6),
    "additive": (pair(lambda p, q: kl.AdditiveAttention()([p, q])), PAIR, 4),
    "three": (pair(lambda p, q: kl.MultiHeadAttention(1, 2)(p, q, q[:, :])), PAIR, 4),
    "of_operations": (pair(lambda p, q: ops.concatenate([p, q * 2.0], axis=-1) + 1.0), PAIR, 5),
    "multiplied": (pair(lambda p, q: ops.matmul(p, ops.transpose(q, (0, 2, 1)))), PAIR, 5),
}
