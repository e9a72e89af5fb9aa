"""Models whose inputs leave sizes open, run by TensorFlow at many sizes: what runs, and how large the outputs are.

python -m tests.sizes.models FOLDER [all]
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from tests.sizes import mixed_models, wide_models

keras = tf.keras
layers = keras.layers
F32 = tf.float32
rng = np.random.default_rng(7)
PICTURE = {"image": ("b", "h", "w", 3)}
SEQUENCE = {"x": ("b", "t", 4)}


def weight(*shape):
    return tf.constant(rng.normal(size=shape) * 0.1, F32)


def encoder_decoder(depth, padding="same", up="transpose", join="concat", pool=2):
    def build():
        image = keras.Input((None, None, 3), name="image")
        x, skips = image, []
        for level in range(depth):
            x = layers.Conv2D(2 + level, 3, padding=padding, activation="relu")(x)
            skips.append(x)
            x = layers.MaxPooling2D(pool, padding="same" if up == "ceil" else "valid")(x)
        for skip in reversed(skips):
            filters = skip.shape[-1]
            if up == "transpose":
                x = layers.Conv2DTranspose(filters, pool, strides=pool, padding="same")(x)
            else:
                x = layers.Conv2D(filters, 1)(layers.UpSampling2D(pool)(x))
            x = layers.Concatenate()([x, skip]) if join == "concat" else layers.Add()([x, skip])
        return keras.Model(image, layers.Conv2D(1, 1)(x))

    return build


class LearnedPositions(layers.Layer):
    def __init__(self, rows, width):
        super().__init__()
        self.table = layers.Embedding(rows, width)

    def call(self, x):
        return x + self.table(tf.range(tf.shape(x)[1]))


def transformer(rows):
    def build():
        x = keras.Input((None, 4), name="x")
        y = LearnedPositions(rows, 4)(x)
        y = layers.LayerNormalization()(y + layers.MultiHeadAttention(2, 2)(y, y))
        return keras.Model(x, layers.Dense(3)(y))

    return build


def sinusoidal(x):
    length = tf.shape(x)[1]
    at = tf.cast(tf.range(length), F32)[:, None] / tf.constant([1.0, 10.0, 100.0, 1000.0])
    y = x + tf.concat([tf.sin(at)[:, :2], tf.cos(at)[:, 2:]], 1)
    scores = tf.nn.softmax(tf.matmul(y, y, transpose_b=True))
    return tf.matmul(scores, y) @ weight(4, 5)


def two_inputs(how):
    def build():
        p, q = keras.Input((None, 3), name="p"), keras.Input((None, 2), name="q")
        y = layers.Concatenate()([p, q]) if how == "features" else layers.Concatenate(1)([layers.Dense(2)(p), q])
        return keras.Model([p, q], layers.Dense(2)(y))

    return build


def heads(x):
    """Whether a length divides is asked of a shape that is computed."""
    shape = tf.shape(x)
    return tf.reduce_mean(tf.reshape(x, [shape[0], shape[1] // 4, 4, 4]), 2)


def patches(image):
    shape = tf.shape(image)
    rows, columns = shape[1] // 4, shape[2] // 4
    cut = tf.reshape(image, [shape[0], rows, 4, columns, 4, 3])
    return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4, 5]), [shape[0], rows * columns, 48]) @ weight(48, 5)


def cropped_to_even(image):
    shape = tf.shape(image)
    even = image[:, : shape[1] // 2 * 2, : shape[2] // 2 * 2]
    pooled = tf.nn.avg_pool2d(even, 2, 2, "VALID")
    return even + tf.image.resize(pooled, tf.shape(even)[1:3])


def framed(x):
    frames = tf.stack([x[:, i : tf.shape(x)[1] - 2 + i] for i in range(3)], 2)
    return tf.reshape(frames, [-1, tf.shape(frames)[1], 12])


def padded_to_eight(x):
    length = tf.shape(x)[1]
    y = tf.pad(x, [[0, 0], [0, -length % 8], [0, 0]])
    return tf.reduce_sum(tf.reshape(y, [tf.shape(x)[0], -1, 8, 4]), 2)


def valid_stack(image):
    y = tf.nn.conv2d(image, weight(3, 3, 3, 4), 2, "VALID")
    y = tf.nn.max_pool2d(y, 2, 2, "VALID")
    return tf.nn.conv2d(y, weight(3, 3, 4, 2), 1, "VALID")


def halves(x):
    one, other = tf.split(x, 2, 1)
    return one * other


def gated(x):
    """A number of each axis by a constant that is as long."""
    return x * weight(6, 1) + tf.reduce_mean(x, 1, keepdims=True)


def flattened(x):
    return tf.reshape(x, [-1, 20]) @ weight(20, 2)


def rolled(x, y):
    return tf.einsum("btc,bsc->bts", x, y) + tf.einsum("btc->bt", x)[:, :, None]


def space(image):
    return tf.nn.depth_to_space(tf.nn.conv2d(tf.nn.space_to_depth(image, 4), weight(1, 1, 48, 8), 1, "SAME"), 2)


def mirrored(image):
    return tf.nn.conv2d(tf.pad(image, [[0, 0], [4, 4], [2, 2], [0, 0]], "REFLECT"), weight(3, 3, 3, 1), 2, "VALID")


def atrous(image):
    return tf.nn.atrous_conv2d(image, weight(3, 3, 3, 2), 3, "SAME") + tf.nn.conv2d(
        image, weight(3, 3, 3, 2), 1, "SAME", dilations=2
    )


def windows_of_attention(x):
    shape = tf.shape(x)
    y = tf.reshape(x, [shape[0] * (shape[1] // 5), 5, 4])
    y = tf.matmul(tf.nn.softmax(tf.matmul(y, y, transpose_b=True)), y)
    return tf.reshape(y, tf.shape(x))


def recurrent():
    x = keras.Input((None, 4), name="x")
    return keras.Model(x, layers.Dense(2)(layers.LSTM(3, return_sequences=True)(x)))


def dense_behind_flatten():
    x = keras.Input((None, 4), name="x")
    return keras.Model(x, layers.Dense(2)(layers.Reshape((24,))(x)))


def convolved_in_time():
    x = keras.Input((None, 4), name="x")
    y = layers.Conv1D(4, 5, padding="causal", dilation_rate=2)(x)
    y = layers.MaxPooling1D(3)(layers.Conv1D(3, 4, strides=2)(y))
    return keras.Model(x, layers.GlobalAveragePooling1D()(y))


PAIR = {"p": ("b", "t", 3), "q": ("c", "s", 2)}
ROWS = {"x": ("b", "t", 4), "y": ("c", "s", 4)}

# name: what makes it, its inputs, the largest size that is tried.
KERAS = {
    "unet_1": (encoder_decoder(1), PICTURE, 12),
    "unet_2": (encoder_decoder(2), PICTURE, 24),
    "unet_2_add": (encoder_decoder(2, join="add"), PICTURE, 24),
    "transformer": (transformer(16), SEQUENCE, 30),
    "two_inputs": (two_inputs("features"), PAIR, 6),
    "two_inputs_in_a_row": (two_inputs("row"), PAIR, 6),
    "recurrent": (recurrent, SEQUENCE, 9),
    "dense_behind_flatten": (dense_behind_flatten, SEQUENCE, 12),
    "convolved_in_time": (convolved_in_time, SEQUENCE, 30),
}
FUNCTIONS = {
    "sinusoidal": (sinusoidal, SEQUENCE, 12),
    "heads": (heads, SEQUENCE, 16),
    "patches": (patches, PICTURE, 16),
    "cropped_to_even": (cropped_to_even, PICTURE, 9),
    "framed": (framed, SEQUENCE, 9),
    "padded_to_eight": (padded_to_eight, SEQUENCE, 20),
    "valid_stack": (valid_stack, PICTURE, 40),
    "halves": (halves, SEQUENCE, 9),
    "gated": (gated, SEQUENCE, 9),
    "flattened": (flattened, SEQUENCE, 12),
    "rolled": (rolled, ROWS, 4),
    "space": (space, PICTURE, 14),
    "mirrored": (mirrored, PICTURE, 9),
    "atrous": (atrous, PICTURE, 12),
    "windows_of_attention": (windows_of_attention, SEQUENCE, 16),
}
MORE_KERAS = {
    f"unet_{depth}_{padding}_{up}_{join}_{pool}": (
        encoder_decoder(depth, padding, up, join, pool),
        PICTURE,
        min(64, 3 * pool**depth + 8),
    )
    for depth in (1, 2, 3)
    for padding in ("same", "valid")
    for up in ("transpose", "upsample", "ceil")
    for join in ("concat", "add")
    for pool in (2, 3)
    if pool**depth < 20
} | {f"transformer_{rows}": (transformer(rows), SEQUENCE, rows + 9) for rows in (1, 2, 5, 64)}


def strided(window, stride, padding, dilation):
    def run(image):
        y = tf.nn.conv2d(image, weight(window, window, 3, 2), stride, padding, dilations=dilation)
        return y + tf.reduce_max(y, [1, 2], keepdims=True)

    return run


def cut(begin, end, step):
    return lambda x: tf.tanh(x[:, begin:end:step])


MORE_FUNCTIONS = {
    f"strided_{window}_{stride}_{padding}_{dilation}": (strided(window, stride, padding, dilation), PICTURE, 16)
    for window in (1, 2, 3, 5)
    for stride in (1, 2, 3)
    for padding in ("SAME", "VALID")
    for dilation in (1, 2)
    if stride == 1 or dilation == 1
} | {
    f"cut_{begin}_{end}_{step}": (cut(begin, end, step), SEQUENCE, 12)
    for begin in (None, 0, 2, 5, -3, -6)
    for end in (None, 4, 8, -1, -4)
    for step in (None, 2, 3)
}


def drawn(inputs, most, count):
    """Sizes for each letter: small ones, even ones, and equal ones."""
    letters = sorted({one for shape in inputs.values() for one in shape if isinstance(one, str)})
    draw = random.Random(f"{sorted(inputs)} {most}")
    found = []
    for number in range(count):
        step = (1, 1, 2, 4, 5, 8)[number % 6]
        sizes = {one: draw.randint(1, max(1, most // step)) * step for one in letters}
        sizes["b"] = draw.choice([1, 2, 3])
        if "c" in sizes and number % 3:
            sizes["c"] = sizes["b"]
        if "s" in sizes and number % 2:
            sizes["s"] = sizes["t"]
        found.append(sizes)
    return found


def run(function, feeds):
    """The sizes of each output; the message where it fails."""
    try:
        return {name: list(value.shape) for name, value in function(**feeds).items()}
    except (tf.errors.OpError, ValueError) as error:
        return str(error)[:200]


def is_empty_on_the_way(function, inputs, sizes):
    """Whether a tensor has no elements by TensorFlow's own shape functions: builds differ in what they make of it."""
    specs = [tf.TensorSpec([sizes.get(one, one) for one in shape], F32) for shape in inputs.values()]
    try:
        traced = tf.function(function).get_concrete_function(*specs)
    except ValueError as error:
        return "negative dimension size" in str(error).lower()
    return any(
        0 in (tensor.shape.as_list() if tensor.shape.rank else [])
        for op in traced.graph.get_operations()
        for tensor in op.outputs
        if tensor.dtype.is_floating
    )


def saved(folder, name, made, inputs, most, count, way):
    path = folder / (f"{name}.pb" if way == "frozen" else name)
    if way == "keras":
        model = made()
        model.export(path, verbose=False)

        def function(*given):
            return model(list(given) if len(given) > 1 else given[0])

    else:
        function = made
        specs = [
            tf.TensorSpec([None if isinstance(one, str) else one for one in shape], F32, name=key)
            for key, shape in inputs.items()
        ]
        module = tf.Module()
        module.run = tf.function(function, input_signature=specs)
        if way == "function":
            tf.saved_model.save(module, path, signatures=module.run)
    served = frozen(module.run, path) if way == "frozen" else tf.saved_model.load(path).signatures["serving_default"]
    cases = []
    for sizes in drawn(inputs, most, count):
        feeds = {
            key: tf.constant(rng.normal(size=[sizes.get(one, one) for one in shape]), F32)
            for key, shape in inputs.items()
        }
        case = {"feeds": {key: list(value.shape) for key, value in feeds.items()}, "gives": run(served, feeds)}
        case["is_empty"] = is_empty_on_the_way(function, inputs, sizes)
        cases.append(case)
    return {"path": str(path), "cases": cases}


def frozen(function, path):
    """The graph of a function in a file, and what runs it: its outputs are named by their nodes."""
    found = convert_variables_to_constants_v2(function.get_concrete_function(), lower_control_flow=False)
    tf.io.write_graph(found.graph, str(path.parent), path.name, as_text=False)
    names = [one.name.partition(":")[0] for one in found.outputs]

    def run_it(**feeds):
        given = [feeds[one.name.partition(":")[0]] for one in found.inputs]
        return dict(zip(names, found(*given), strict=True))

    return run_it


def main(folder, *, is_all, count=24):
    keras_models = KERAS | (MORE_KERAS | wide_models.KERAS | mixed_models.KERAS if is_all else {})
    more = wide_models.FUNCTIONS | mixed_models.FUNCTIONS
    functions = FUNCTIONS | (MORE_FUNCTIONS | more if is_all else {})
    found = {}
    for name, (made, inputs, most) in keras_models.items():
        found[name] = saved(folder, name, made, inputs, most, count, "keras")
    for name, (made, inputs, most) in functions.items():
        found[name] = saved(folder, name, made, inputs, most, count, "function")
    for name in (*wide_models.FROZEN, *mixed_models.FROZEN) if is_all else wide_models.FROZEN[:2]:
        made, inputs, most = more[name]
        found[f"frozen_{name}"] = saved(folder, f"frozen_{name}", made, inputs, most, count, "frozen")
    (folder / "found.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), is_all="all" in sys.argv[2:])
