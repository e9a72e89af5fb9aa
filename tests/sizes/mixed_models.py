"""More models whose inputs leave sizes open, of kinds that the others do not have: computed sizes, masks, states."""

from __future__ import annotations

import tensorflow as tf

from tests.sizes.wide_models import F32, PAIR, PICTURE, SEQUENCE, WAVE, layers, ones

keras = tf.keras
VIDEO = {"film": ("b", "t", "h", "w", 2)}
PICTURE_PAIR = {"image": ("b", "h", "w", 3), "other": ("c", "v", "x", 3)}
MASKED = {"x": ("b", "t", 4), "mask": ("c", "s")}


def masks_of_all_kinds(x):
    """Of each bit of the masks one."""
    return tf.strided_slice(x, [0, 1, 0, 0], [0, -1, 1, 0], [1, 2, 1, 1], 0b1001, 0b1001, 0, 0b100, 0)


def ellipsis_between(x):
    return x[1:, ..., tf.newaxis, 1::2] + x[1:, ..., tf.newaxis, :2]


def shrunk_from_behind(x):
    return x[:, -3] * x[..., -1:][:, 0] + x[:, 2]


def cut_by_half(x):
    half = tf.shape(x)[1] // 2
    return x[:, half:][:, :half] - x[:, :half]


def cut_by_computed_steps(x):
    length = tf.shape(x)[1]
    return x[:, length // 4 : length - length // 4 : 2]


def backwards_by_two(x):
    return x[:, ::-2] + x[:, -1:]


def einsum_ellipsis(x, y):
    return tf.einsum("...tc,...sc->...ts", x, y)


def einsum_stretched(x):
    return tf.einsum("...i,ij->...j", x, ones(4, 3)) + tf.einsum("...ij->...ji", x)[..., :3, :1][:, 0][:, tf.newaxis]


def einsum_diagonal(x):
    return tf.einsum("btc,bsc->bts", x, x) + tf.einsum("btc->bt", x)[:, tf.newaxis]


def mapped_windows(x):
    return tf.map_fn(
        lambda at: tf.reduce_mean(x[:, at : at + 3], 1), tf.range(tf.shape(x)[1] - 2), fn_output_signature=F32
    )


def mapped_pair(x, y):
    return tf.map_fn(lambda one: one[0] + one[1], (x, y), fn_output_signature=F32)


def halved_while_long(x):
    return tf.while_loop(
        lambda y: tf.shape(y)[1] > 4, lambda y: (y[:, ::2],), (x,), shape_invariants=(tf.TensorShape([None, None, 4]),)
    )[0]


def padded_while_short(x):
    return tf.while_loop(
        lambda y: tf.shape(y)[1] < 8,
        lambda y: (tf.pad(y, [[0, 0], [0, 1], [0, 0]]),),
        (x,),
        shape_invariants=(tf.TensorShape([None, None, 4]),),
    )[0]


def counted(x):
    """A loop whose sizes stay, and a number that counts on."""
    _, y = tf.while_loop(lambda at, _: at < tf.shape(x)[1], lambda at, y: (at + 1, y + x[:, at]), (0, x[:, 0] * 0))
    return y


def spaced_batches(image):
    y = tf.space_to_batch(image, [2, 2], [[0, 0], [1, 1]])
    return tf.batch_to_space(tf.nn.relu(y), [2, 2], [[0, 0], [1, 1]])


def spaced_by_computed(image):
    height, width = tf.shape(image)[1], tf.shape(image)[2]
    pads = [[0, -height % 3], [0, -width % 3]]
    y = tf.space_to_batch_nd(image, [3, 3], pads)
    return tf.batch_to_space(y, [3, 3], pads)


def shuffled_down(image):
    return tf.nn.depth_to_space(tf.nn.space_to_depth(image, 3), 3)[:, 1:, 2:]


def resized_to_multiple(image):
    height, width = tf.shape(image)[1], tf.shape(image)[2]
    return tf.image.resize(image, [(height + 7) // 8 * 8, tf.maximum(width, 16)])


def resized_by_ceil(image):
    size = tf.cast(tf.math.ceil(tf.cast(tf.shape(image)[1:3], F32) / 2.0), tf.int32)
    return tf.image.resize(image, size) + tf.nn.max_pool2d(image, 2, 2, "SAME")


def resized_by_round(image):
    size = tf.cast(tf.math.round(tf.cast(tf.shape(image)[1:3], F32) * 1.5), tf.int32)
    return tf.image.resize(image, size)


def resized_by_ratio(image):
    """The shorter side becomes eight."""
    size = tf.cast(tf.shape(image)[1:3], F32)
    wanted = tf.cast(size * (8.0 / tf.reduce_min(size)), tf.int32)
    return tf.image.resize(image, wanted)


def floored(x):
    count = tf.cast(tf.floor(tf.cast(tf.shape(x)[1], F32) * 0.25), tf.int32)
    return x[:, :count] * 2.0


def of_double(x):
    count = tf.cast(tf.cast(tf.shape(x)[1], tf.float64) / 3.0, tf.int64)
    return tf.reshape(x[:, : tf.cast(count, tf.int32) * 3], [-1, 3, 4])


def rounded_up(x):
    rows = tf.cast(tf.math.ceil(tf.cast(tf.shape(x)[1], F32) / 4.0), tf.int32)
    return tf.reshape(tf.pad(x, [[0, 0], [0, rows * 4 - tf.shape(x)[1]], [0, 0]]), [-1, rows, 16])


def square_of(x):
    side = tf.cast(tf.sqrt(tf.cast(tf.shape(x)[1], F32)), tf.int32)
    return tf.reshape(x, [-1, side, side, 4])


def checked(x):
    with tf.control_dependencies([tf.debugging.Assert(tf.shape(x)[1] % 3 == 0, [tf.shape(x)])]):
        return x + 1.0


def checked_equal(x, y):
    tf.debugging.assert_equal(tf.shape(x)[1], tf.shape(y)[1])
    return tf.reduce_sum(x, 1) + tf.reduce_sum(y, 1)


def checked_least(x):
    tf.debugging.assert_greater_equal(tf.shape(x)[1], 5)
    tf.debugging.assert_less(tf.shape(x)[1], 9)
    return tf.reduce_sum(x, 1)


def diagonal_parts(x):
    return tf.linalg.diag_part(tf.matmul(x, x, transpose_b=True)) + x[:, :, 0]


def minus_one_in_the_middle(x):
    shape = tf.shape(x)
    return tf.reshape(x, [shape[0], -1, shape[1]])


def merged_and_split(image):
    shape = tf.shape(image)
    y = tf.reshape(image, [shape[0] * shape[1], shape[2], 3]) @ ones(3, 6)
    return tf.reshape(y, [shape[0], shape[1], -1, 3])


def by_product(image):
    count = tf.reduce_prod(tf.shape(image)[1:3])
    return tf.reshape(image, [-1, count // 6, 18])


def outer_grid(image):
    rows, columns = tf.meshgrid(tf.range(tf.shape(image)[1]), tf.range(tf.shape(image)[2]), indexing="ij")
    grid = tf.cast(tf.stack([rows, columns, rows], 2), F32)
    return image + grid


def tiled_to(x, y):
    """One is repeated until it is as long as the other."""
    times = (tf.shape(y)[1] + tf.shape(x)[1] - 1) // tf.shape(x)[1]
    return tf.tile(x, [1, times, 1])[:, : tf.shape(y)[1]] + y


def split_unevenly(x):
    first, second, rest = tf.split(x, [2, 3, -1], 1)
    return tf.concat([rest, first, second], 1)


def split_by_size(x):
    half = tf.shape(x)[1] // 2
    first, second = tf.split(x, [half, tf.shape(x)[1] - half], 1)
    return tf.concat([second, first], 1)


def scattered(x):
    at = tf.range(0, tf.shape(x)[1], 2)[:, tf.newaxis]
    update = tf.transpose(x, [1, 0, 2])[::2]
    return tf.scatter_nd(at, update, tf.shape(tf.transpose(x, [1, 0, 2])))


def gathered_pairs(x):
    length = tf.shape(x)[1]
    at = tf.stack([tf.zeros([length], tf.int32), tf.range(length)], 1)
    return tf.gather_nd(x, at)


def local_attention(x):
    length = tf.shape(x)[1]
    distance = tf.abs(tf.range(length)[:, tf.newaxis] - tf.range(length))
    near = tf.cast(distance < 3, F32)
    return tf.matmul(near * tf.matmul(x, x, transpose_b=True), x)


def relative_positions(x):
    """A table of 2 n - 1 rows, of which the middle is taken."""
    length = tf.shape(x)[1]
    table = ones(15, 4)
    at = tf.range(length)[:, tf.newaxis] - tf.range(length) + 7
    return tf.einsum("btc,tsc->bts", x, tf.gather(table, at))


def strided_merge(image):
    one = tf.nn.conv2d(image, ones(3, 3, 3, 2), 4, "SAME")
    other = tf.nn.max_pool2d(tf.nn.max_pool2d(image, 2, 2, "VALID"), 2, 2, "VALID")
    return tf.concat([one, other], 3)


def wave_overlap(x):
    frames = tf.signal.frame(x, 6, 3, pad_end=True)
    return tf.signal.overlap_and_add(frames, 3)


def bucketed(x):
    """One of two ways by length: only that which is taken fails."""
    return tf.cond(tf.shape(x)[1] % 2 == 0, lambda: tf.reshape(x, [-1, 2, 4]), lambda: tf.reshape(x, [-1, 1, 4]))


def stretched_pair(image, other):
    """The other picture is brought to the first one's size."""
    return tf.concat([image, tf.image.resize(other, tf.shape(image)[1:3])], 3)


def cropped_pair(image, other):
    height = tf.minimum(tf.shape(image)[1], tf.shape(other)[1])
    width = tf.minimum(tf.shape(image)[2], tf.shape(other)[2])
    return image[:, :height, :width] + other[:, :height, :width]


@tf.function(jit_compile=True, autograph=False)
def _compiled(x):
    tf.debugging.assert_less(tf.shape(x)[1], 9)
    return x + tf.gather(ones(6, 4), tf.range(tf.shape(x)[1])) + ones(12, 4)[: tf.shape(x)[1]]


def compiled(x):
    """XLA asserts nothing, and takes an index beyond the end for the last one."""
    return _compiled(x) + 1.0


FUNCTIONS = {
    **{
        one.__name__: (one, SEQUENCE, most)
        for one, most in (
            (masks_of_all_kinds, 9),
            (ellipsis_between, 6),
            (shrunk_from_behind, 6),
            (cut_by_half, 9),
            (cut_by_computed_steps, 12),
            (backwards_by_two, 9),
            (einsum_stretched, 6),
            (einsum_diagonal, 6),
            (mapped_windows, 9),
            (halved_while_long, 20),
            (padded_while_short, 12),
            (counted, 6),
            (floored, 16),
            (of_double, 12),
            (rounded_up, 12),
            (square_of, 16),
            (checked, 12),
            (checked_least, 12),
            (diagonal_parts, 6),
            (minus_one_in_the_middle, 9),
            (split_unevenly, 9),
            (split_by_size, 9),
            (scattered, 9),
            (gathered_pairs, 9),
            (local_attention, 9),
            (relative_positions, 12),
            (bucketed, 9),
            (compiled, 16),
        )
    },
    **{
        one.__name__: (one, PICTURE, most)
        for one, most in (
            (spaced_batches, 12),
            (spaced_by_computed, 12),
            (shuffled_down, 12),
            (resized_to_multiple, 20),
            (resized_by_ceil, 12),
            (resized_by_round, 12),
            (resized_by_ratio, 12),
            (merged_and_split, 9),
            (by_product, 9),
            (outer_grid, 9),
            (strided_merge, 16),
        )
    },
    **{one.__name__: (one, PAIR, 6) for one in (einsum_ellipsis, mapped_pair, checked_equal, tiled_to)},
    **{one.__name__: (one, PICTURE_PAIR, 6) for one in (stretched_pair, cropped_pair)},
    "wave_overlap": (wave_overlap, WAVE, 24),
}


def strides_that_meet():
    x = keras.Input((None, None, 3), name="image")
    one = layers.Conv2D(4, 3, strides=4, padding="same")(x)
    other = layers.AveragePooling2D(2)(layers.Conv2D(4, 3, strides=2, padding="same")(x))
    third = layers.Conv2D(4, 1, strides=2)(layers.MaxPooling2D(2, padding="same")(x))
    return keras.Model(x, layers.Average()([one, other, third]))


def recurrent_beside_convolved():
    x = keras.Input((None, 4), name="x")
    return keras.Model(
        x, layers.Concatenate()([layers.LSTM(3, return_sequences=True)(x), layers.Conv1D(2, 3, padding="valid")(x)])
    )


def recurrent_beside_itself():
    x = keras.Input((None, 4), name="x")
    steps = layers.GRU(3, return_sequences=True)(x)
    last = layers.RepeatVector(6)(layers.GRU(3)(x))
    return keras.Model(x, layers.Concatenate()([steps, last]))


def up_and_down_in_time():
    x = keras.Input((None, 4), name="x")
    y = layers.Conv1DTranspose(4, 5, strides=3, padding="valid")(layers.Conv1D(4, 5, strides=3)(x))
    return keras.Model(x, layers.Add()([y, x]))


def attention_with_mask():
    x, mask = keras.Input((None, 4), name="x"), keras.Input((None,), name="mask")
    y = layers.MultiHeadAttention(2, 3)(x, x, attention_mask=keras.ops.expand_dims(mask > 0, 1))
    return keras.Model([x, mask], layers.LayerNormalization()(x + y))


def dilations_that_shrink():
    x = keras.Input((None, 4), name="x")
    y = x
    for rate in (1, 2, 4):
        y = layers.Conv1D(4, 3, dilation_rate=rate)(y)
    return keras.Model(x, layers.Add()([y, layers.Cropping1D(7)(x)]))


def film():
    x = keras.Input((None, None, None, 2), name="film")
    y = layers.Conv3D(3, 3, strides=(1, 2, 2), padding="same")(x)
    return keras.Model(x, layers.Concatenate()([layers.UpSampling3D((1, 2, 2))(y), x]))


def of_a_picture_a_row():
    x = keras.Input((None, None, 3), name="image")
    y = layers.TimeDistributed(layers.LSTM(3))(x)
    return keras.Model(x, layers.Dense(2)(layers.Bidirectional(layers.LSTM(2))(y)))


def squeezed_and_excited():
    x = keras.Input((None, None, 3), name="image")
    gate = layers.Dense(3, activation="sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(x))
    return keras.Model(x, layers.MaxPooling2D(3, 2, padding="same")(layers.Multiply()([x, gate])))


def keras_shapes():
    x = keras.Input((None, 4), name="x")
    length = keras.ops.shape(x)[1]
    return keras.Model(x, keras.ops.reshape(x, (-1, length // 2 if isinstance(length, int) else 2, 4)))


def windowed_mean():
    x = keras.Input((None, 4), name="x")
    y = layers.AveragePooling1D(4, strides=1, padding="same")(x)
    return keras.Model(x, layers.Subtract()([x, y])[:, ::3])


def discriminator():
    x = keras.Input((None, None, 3), name="image")
    y = x
    for filters in (2, 3):
        y = layers.LeakyReLU()(layers.Conv2D(filters, 4, strides=2, padding="valid")(layers.ZeroPadding2D(1)(y)))
    return keras.Model(x, layers.Reshape((-1,))(layers.Conv2D(1, 2)(y)))


KERAS = {
    "strides_that_meet": (strides_that_meet, PICTURE, 16),
    "recurrent_beside_convolved": (recurrent_beside_convolved, SEQUENCE, 9),
    "recurrent_beside_itself": (recurrent_beside_itself, SEQUENCE, 9),
    "up_and_down_in_time": (up_and_down_in_time, SEQUENCE, 20),
    "attention_with_mask": (attention_with_mask, MASKED, 6),
    "dilations_that_shrink": (dilations_that_shrink, SEQUENCE, 20),
    "film": (film, VIDEO, 6),
    "of_a_picture_a_row": (of_a_picture_a_row, PICTURE, 6),
    "squeezed_and_excited": (squeezed_and_excited, PICTURE, 9),
    "keras_shapes": (keras_shapes, SEQUENCE, 9),
    "windowed_mean": (windowed_mean, SEQUENCE, 12),
    "discriminator": (discriminator, PICTURE, 24),
}
FROZEN = ("spaced_by_computed", "bucketed", "counted", "rounded_up", "relative_positions", "checked")
