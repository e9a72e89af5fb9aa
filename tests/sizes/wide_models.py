"""More models whose inputs leave sizes open: loops, conditionals, ragged and sparse tensors, computed shapes."""

from __future__ import annotations

import tensorflow as tf

keras = tf.keras
layers = keras.layers
F32 = tf.float32
PICTURE = {"image": ("b", "h", "w", 3)}
SEQUENCE = {"x": ("b", "t", 4)}
PAIR = {"x": ("b", "t", 4), "y": ("c", "s", 4)}
WAVE = {"x": ("b", "t")}


def ones(*shape):
    return tf.ones(shape) * 0.1


def causal(x):
    length = tf.shape(x)[1]
    mask = tf.linalg.band_part(tf.ones([length, length]), -1, 0)
    scores = tf.matmul(x, x, transpose_b=True) - 1e9 * (1 - mask)
    return tf.matmul(tf.nn.softmax(scores), x)


def split_heads(x):
    shape = tf.shape(x)
    heads = tf.transpose(tf.reshape(x, [shape[0], shape[1], 2, 2]), [0, 2, 1, 3])
    mixed = tf.matmul(tf.nn.softmax(tf.matmul(heads, heads, transpose_b=True)), heads)
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), shape)


def sliced_table(x):
    return x + ones(12, 4)[: tf.shape(x)[1]]


def windows_with_padding(image):
    """Padded to a multiple, cut in windows, put together, and cut back."""
    height, width = tf.shape(image)[1], tf.shape(image)[2]
    y = tf.pad(image, [[0, 0], [0, -height % 4], [0, -width % 4], [0, 0]])
    rows, columns = tf.shape(y)[1] // 4, tf.shape(y)[2] // 4
    y = tf.reshape(y, [-1, rows, 4, columns, 4, 3])
    y = tf.reshape(tf.transpose(y, [0, 1, 3, 2, 4, 5]), [-1, 16, 3]) @ ones(3, 3)
    y = tf.transpose(tf.reshape(y, [-1, rows, columns, 4, 4, 3]), [0, 1, 3, 2, 4, 5])
    y = tf.reshape(y, [-1, rows * 4, columns * 4, 3])
    return tf.roll(y, 2, 1)[:, :height, :width] + image


def patches(image):
    found = tf.image.extract_patches(image, [1, 4, 4, 1], [1, 4, 4, 1], [1, 1, 1, 1], "VALID")
    return tf.reshape(found, [tf.shape(found)[0], -1, 48]) @ ones(48, 5)


def scanned(x):
    steps = tf.transpose(x, [1, 0, 2])
    return tf.transpose(tf.scan(lambda state, one: state * 0.5 + one, steps), [1, 0, 2])


def mapped(x):
    return tf.map_fn(lambda one: tf.nn.softmax(one @ ones(4, 3)), x, fn_output_signature=F32)


def looped(x):
    total = tf.zeros_like(x[:, 0])
    for at in tf.range(tf.shape(x)[1]):
        total = total + x[:, at]
    return total


def collected(x):
    rows = tf.TensorArray(F32, tf.shape(x)[1])
    for at in tf.range(tf.shape(x)[1]):
        rows = rows.write(at, x[:, at] @ ones(4, 2))
    return tf.transpose(rows.stack(), [1, 0, 2])


def growing(x):
    y = x
    for _ in tf.range(3):
        tf.autograph.experimental.set_loop_options(shape_invariants=[(y, tf.TensorShape([None, None, 4]))])
        y = tf.concat([y, y[:, :1]], 1)
    return y


def conditional(x):
    return tf.cond(tf.shape(x)[1] > 5, lambda: tf.tanh(x), lambda: x * 2)


def conditional_sizes(x):
    return tf.cond(tf.reduce_sum(x) > 0, lambda: x[:, :1], lambda: x)


def one_of(x):
    return tf.switch_case(tf.shape(x)[1] % 3, [lambda: x, lambda: x + 1, lambda: x @ ones(4, 4)])


def called(x):
    block = tf.function(lambda y: tf.nn.relu(y @ ones(4, 4)) + y)
    for _ in range(6):
        x = block(x)
    return x


def ragged(x):
    return tf.RaggedTensor.from_tensor(x, ragged_rank=1).to_tensor()


def ragged_to_shape(x):
    return tf.RaggedTensor.from_tensor(x, ragged_rank=1).to_tensor(shape=[None, 7, 4])


def sparse(x):
    rows = tf.reshape(x, [-1, 4])
    return tf.sparse.sparse_dense_matmul(tf.sparse.from_dense(rows), ones(4, 3))


def framed(x):
    return tf.signal.frame(x, 4, 2)


def spectrum(x):
    return tf.abs(tf.signal.stft(x, 8, 4))


def best(x):
    return tf.math.top_k(tf.transpose(x, [0, 2, 1]), 3).values


def marked(x):
    length = tf.shape(x)[1]
    return tf.one_hot(tf.argmax(x, 2), 4) * tf.cast(tf.range(length), F32)[:, None]


def masked(x):
    return tf.boolean_mask(x, tf.reduce_sum(x, 2) > 0)


def masked_by_length(x):
    length = tf.shape(x)[1]
    mask = tf.sequence_mask(tf.fill([tf.shape(x)[0]], length // 2), length)
    return tf.where(mask[:, :, None], x, tf.zeros_like(x))


def segments(x):
    places = tf.range(tf.shape(x)[0]) // 2
    return tf.math.unsorted_segment_sum(x, places, tf.shape(x)[0])


def doubled(image):
    shape = tf.shape(image)
    return tf.image.resize(image, [shape[1] * 2, shape[2] * 2]) + tf.repeat(tf.repeat(image, 2, 1), 2, 2)


def halved_by_floats(image):
    size = tf.cast(tf.cast(tf.shape(image)[1:3], F32) * 0.5, tf.int32) + 1
    return tf.image.resize(image, size)


def centre(image):
    return tf.image.central_crop(image, 0.5)


def padded_to_box(image):
    return tf.image.pad_to_bounding_box(image, 1, 2, 12, 14)


def shuffled(image):
    y = tf.nn.conv2d(image, ones(3, 3, 3, 12), 2, "SAME")
    return tf.nn.depth_to_space(y, 2)[:, : tf.shape(image)[1], : tf.shape(image)[2]] + image


def transposed(image):
    y = tf.nn.conv2d(image, ones(3, 3, 3, 2), 2, "VALID")
    return tf.nn.conv2d_transpose(y, ones(3, 3, 3, 2), tf.shape(image), 2, "VALID")


def transposed_same(image):
    y = tf.nn.conv2d(image, ones(3, 3, 3, 2), 2, "SAME")
    return tf.nn.conv2d_transpose(y, ones(3, 3, 3, 2), tf.shape(image), 2, "SAME")


def dilated_pyramid(image):
    parts = [tf.nn.conv2d(image, ones(3, 3, 3, 2), 1, "SAME", dilations=rate) for rate in (1, 2, 3)]
    pooled = tf.reduce_mean(image, [1, 2], keepdims=True) @ ones(3, 2)
    return tf.concat([*parts, tf.image.resize(pooled, tf.shape(image)[1:3])], 3)


def depthwise(image):
    y = tf.nn.depthwise_conv2d(image, ones(3, 3, 3, 2), [1, 2, 2, 1], "VALID")
    return y + tf.nn.avg_pool2d(image, 3, 2, "VALID") @ ones(3, 6)


def crossed(x, y):
    return tf.matmul(tf.nn.softmax(tf.matmul(x, y, transpose_b=True)), y)


def joined(x, y):
    return tf.concat([x, y], 1)[:, :-1] + 1


def stacked(x, y):
    return tf.reduce_max(tf.stack([x, y], 1), 1)


def bilinear(x, y):
    return tf.einsum("btc,cd,bsd->bts", x, ones(4, 4), y)


def by_batch(x, y):
    return tf.reduce_mean(x, 1) + tf.reduce_mean(y, 1)


def outer(x, y):
    return tf.reshape(x[:, :, None] * y[:, None], [tf.shape(x)[0], -1, 4])


def gathered(x, y):
    return tf.gather(x, tf.range(tf.shape(y)[1]), axis=1)


def folded(x):
    shape = tf.shape(x)
    return tf.reshape(x, [shape[0], shape[1] // 2, 2, 4]) @ ones(4, 3)


def folded_by_rest(x):
    return tf.reshape(x, [-1, 3, 4]) @ ones(4, 3)


def every_other(x):
    return x[:, ::2] + x[:, 1::2]


def shifted(x):
    return x[:, 1:] - x[:, :-1]


def backward(x):
    return tf.cumsum(tf.reverse(x, [1]), 1) + x[:, ::-1]


def first_and_last(x):
    return tf.concat([x[:, 0], x[:, 4], x[:, -1]], 1)


def normalized(x):
    mean, variance = tf.nn.moments(x, [1], keepdims=True)
    return tf.nn.batch_normalization(x, mean, variance, None, None, 1e-3)


FUNCTIONS = {
    **{
        one.__name__: (one, SEQUENCE, most)
        for one, most in (
            (causal, 9),
            (split_heads, 9),
            (sliced_table, 20),
            (scanned, 6),
            (mapped, 6),
            (looped, 6),
            (collected, 6),
            (growing, 6),
            (conditional, 9),
            (conditional_sizes, 6),
            (one_of, 9),
            (called, 6),
            (ragged, 6),
            (ragged_to_shape, 9),
            (sparse, 6),
            (best, 8),
            (marked, 8),
            (masked, 8),
            (masked_by_length, 8),
            (segments, 6),
            (folded, 9),
            (folded_by_rest, 9),
            (every_other, 9),
            (shifted, 9),
            (backward, 9),
            (first_and_last, 9),
            (normalized, 9),
        )
    },
    **{
        one.__name__: (one, PICTURE, most)
        for one, most in (
            (windows_with_padding, 12),
            (patches, 16),
            (doubled, 6),
            (halved_by_floats, 12),
            (centre, 12),
            (padded_to_box, 14),
            (shuffled, 9),
            (transposed, 12),
            (transposed_same, 12),
            (dilated_pyramid, 9),
            (depthwise, 12),
        )
    },
    **{one.__name__: (one, PAIR, 6) for one in (crossed, joined, stacked, bilinear, by_batch, outer, gathered)},
    **{f"wave_{one.__name__}": (one, WAVE, 24) for one in (framed, spectrum)},
}


def of_layers(shape, *stack):
    def build():
        x = first = keras.Input(shape, name="x" if len(shape) == 2 else "image")
        for layer in stack:
            x = layer()(x)
        return keras.Model(first, x)

    return build


def encoder_and_decoder():
    x = keras.Input((None, 4), name="x")
    _, *state = layers.LSTM(3, return_state=True)(x)
    y = keras.Input((None, 4), name="y")
    decoded = layers.LSTM(3, return_sequences=True)(y, initial_state=state)
    return keras.Model([x, y], layers.Dense(2)(layers.Attention()([decoded, decoded])))


def residual():
    x = first = keras.Input((None, None, 3), name="image")
    for filters in (4, 6):
        shortcut = layers.Conv2D(filters, 1, strides=2)(x)
        y = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(filters, 3, strides=2, padding="same")(x)))
        x = layers.Add()([layers.Conv2D(filters, 3, padding="same")(y), shortcut])
    return keras.Model(first, layers.Dense(2)(layers.GlobalAveragePooling2D()(x)))


def inception():
    x = keras.Input((None, None, 3), name="image")
    parts = [layers.Conv2D(2, size, padding="same")(x) for size in (1, 3, 5)]
    return keras.Model(x, layers.Concatenate()([*parts, layers.MaxPooling2D(3, 1, padding="same")(x)]))


def feature_pyramid():
    x = keras.Input((None, None, 3), name="image")
    first = layers.Conv2D(4, 3, 2, padding="same")(x)
    second = layers.Conv2D(4, 3, 2, padding="same")(first)
    return keras.Model(x, layers.Add()([layers.UpSampling2D()(second), first]))


L = layers
KERAS = {
    "stacked_recurrent": (
        of_layers((None, 4), lambda: L.GRU(3, return_sequences=True), lambda: L.LSTM(2)),
        SEQUENCE,
        9,
    ),
    "both_ways": (of_layers((None, 4), lambda: L.Bidirectional(L.GRU(3, return_sequences=True))), SEQUENCE, 9),
    "simple_recurrent": (of_layers((None, 4), lambda: L.SimpleRNN(3, return_sequences=True)), SEQUENCE, 9),
    "recurrent_backwards": (of_layers((None, 4), lambda: L.LSTM(3, go_backwards=True)), SEQUENCE, 9),
    "time_distributed": (of_layers((None, 4), lambda: L.TimeDistributed(L.Dense(3))), SEQUENCE, 9),
    "separable": (of_layers((None, 4), lambda: L.SeparableConv1D(3, 3), lambda: L.MaxPooling1D(2)), SEQUENCE, 12),
    "enlarged": (of_layers((None, 4), lambda: L.UpSampling1D(3), lambda: L.ZeroPadding1D(2)), SEQUENCE, 9),
    "cropped": (of_layers((None, 4), lambda: L.Cropping1D((2, 1)), lambda: L.Conv1D(3, 2)), SEQUENCE, 9),
    "reshaped": (of_layers((None, 4), lambda: L.Reshape((-1, 6)), lambda: L.Dense(3)), SEQUENCE, 9),
    "permuted": (of_layers((None, 4), lambda: L.Permute((2, 1)), L.GlobalMaxPooling1D), SEQUENCE, 9),
    "einsum_dense": (of_layers((None, 4), lambda: L.EinsumDense("abc,cd->abd", (None, 3))), SEQUENCE, 9),
    "transposed_in_time": (of_layers((None, 4), lambda: L.Conv1DTranspose(3, 3, 2)), SEQUENCE, 9),
    "spatial": (
        of_layers((None, None, 3), lambda: L.DepthwiseConv2D(3, 2), L.LayerNormalization),
        PICTURE,
        9,
    ),
    "groups": (of_layers((None, None, 3), lambda: L.Conv2D(4, 3), lambda: L.GroupNormalization(2)), PICTURE, 9),
    "resized": (
        of_layers((None, None, 3), lambda: L.Resizing(8, 6), L.Flatten, lambda: L.Dense(2)),
        PICTURE,
        9,
    ),
    "centre_crop": (of_layers((None, None, 3), lambda: L.CenterCrop(5, 4)), PICTURE, 12),
    "transposed_valid": (
        of_layers((None, None, 3), lambda: L.Conv2D(2, 3), lambda: L.Conv2DTranspose(2, 3, 2)),
        PICTURE,
        9,
    ),
    "padded_picture": (of_layers((None, None, 3), lambda: L.ZeroPadding2D(3), lambda: L.Conv2D(2, 7, 2)), PICTURE, 12),
    "encoder_and_decoder": (encoder_and_decoder, PAIR, 6),
    "residual": (residual, PICTURE, 16),
    "inception": (inception, PICTURE, 9),
    "feature_pyramid": (feature_pyramid, PICTURE, 16),
}
# Written as frozen graphs besides, which tell no shape of an output.
FROZEN = ("causal", "sliced_table", "folded", "every_other", "looped", "conditional", "patches", "depthwise", "joined")
