"""Models that refuse some sizes without a word in their signatures, run by TensorFlow at hostile ones.

python -m tests.sizes.hostile_models FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

from tests.sizes.hostile_pairs import CHAINS, PAIRS
from tests.sizes.models import is_empty_on_the_way

F32 = tf.float32


def weight(*shape):
    count = int(np.prod(shape))
    return tf.constant(np.sin(np.arange(1, count + 1)).astype(np.float32).reshape(shape) * 0.1)


def taking(**shapes):
    """Says what a function takes: for each argument its shape."""

    def told(function):
        function.shapes = shapes
        return function

    return told


IMAGE, SEQUENCE = (None, None, None, 3), (None, None, 4)


def pooled(x, size=2, padding="VALID"):
    return tf.nn.max_pool2d(x, size, size, padding)


def grown(x, size=2):
    return tf.repeat(tf.repeat(x, size, 1), size, 2)


def transposed(x, stride, padding, window=3):
    shape, channels = tf.shape(x), x.shape[-1]
    height, width = (shape[1] * stride, shape[2] * stride)
    if padding == "VALID":
        height, width = height + max(window - stride, 0), width + max(window - stride, 0)
    kernel = weight(window, window, channels, channels)
    return tf.nn.conv2d_transpose(x, kernel, [shape[0], height, width, channels], stride, padding)


@taking(image=IMAGE)
def unet_1(image):
    return tf.concat([grown(pooled(image)), image], 3)


@taking(image=IMAGE)
def unet_2(image):
    half = pooled(image)
    inner = tf.concat([grown(pooled(half)), half], 3)
    return tf.concat([grown(inner), image], 3)


@taking(image=IMAGE)
def unet_add(image):
    return image + transposed(pooled(pooled(image)), 4, "SAME")


@taking(image=IMAGE)
def unet_thirds(image):
    return image * grown(pooled(image, 3), 3)


@taking(image=IMAGE)
def unet_ceiling(image):
    return tf.concat([grown(pooled(image, 2, "SAME")), image], 3)


@taking(image=IMAGE)
def unet_valid(image):
    y = tf.nn.conv2d(image, weight(3, 3, 3, 3), 1, "VALID")
    return tf.concat([grown(pooled(y)), y], 3)


@taking(image=IMAGE)
def pyramid(image):
    levels = [image]
    for _ in range(3):
        levels.append(pooled(levels[-1]))
    y = levels[-1]
    for level in reversed(levels[:-1]):
        y = grown(y) + level
    return y


@taking(image=IMAGE)
def pyramid_resized(image):
    """Resized to the size of each level: takes every size that is left of anything."""
    half = pooled(image)
    return image + tf.image.resize(half, tf.shape(image)[1:3])


@taking(image=IMAGE)
def valid_stack(image):
    y = tf.nn.conv2d(image, weight(5, 5, 3, 4), 2, "VALID")
    return tf.nn.conv2d(y, weight(3, 3, 4, 2), 1, "VALID")


@taking(image=IMAGE)
def strided_concat(image):
    return tf.concat([tf.nn.conv2d(image, weight(3, 3, 3, 2), 2, "SAME"), pooled(image)], 3)


@taking(image=IMAGE)
def transposed_valid(image):
    return transposed(pooled(image), 2, "VALID", 2) + image


@taking(image=IMAGE)
def patches(image):
    shape = tf.shape(image)
    cut = tf.reshape(image, [shape[0], shape[1] // 4, 4, shape[2] // 4, 4, 3])
    return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4, 5]), [shape[0], -1, 48]) @ weight(48, 2)


@taking(image=IMAGE)
def classifier(image):
    y = tf.nn.conv2d(image, weight(3, 3, 3, 2), 2, "SAME")
    return tf.reshape(y, [-1, 4 * 4 * 2]) @ weight(32, 5)


@taking(image=IMAGE)
def blocks(image):
    return tf.nn.depth_to_space(tf.nn.space_to_depth(image, 3), 3)


@taking(x=SEQUENCE)
def positions(x):
    return x + tf.gather(weight(64, 4), tf.range(tf.shape(x)[1]))


@taking(x=SEQUENCE)
def sliced_positions(x):
    return x + weight(16, 4)[: tf.shape(x)[1]]


@taking(ids=(None, None))
def embedded(ids):
    rows = tf.gather(weight(9, 4), tf.cast(ids, tf.int32) % 9)
    return rows + tf.gather(weight(12, 4), tf.range(tf.shape(ids)[1]))


@taking(x=SEQUENCE)
def fixed_rows(x):
    return tf.reshape(x, [-1, 24]) @ weight(24, 2)


@taking(x=SEQUENCE)
def halves(x):
    one, other = tf.split(x, 2, 1)
    return one * other


@taking(x=SEQUENCE)
def one_at_a_time(x):
    """A batch of one."""
    return tf.reshape(x, [1, -1, 4]) + x


@taking(x=SEQUENCE)
def windows(x):
    shape = tf.shape(x)
    y = tf.reshape(x, [shape[0], shape[1] // 5, 5, 4])
    return tf.reshape(tf.reduce_sum(y, 2), [shape[0], -1, 4])


@taking(x=SEQUENCE)
def gated(x):
    return x * weight(6, 1)


@taking(x=SEQUENCE)
def framed(x):
    return tf.concat([x[:, 2:], x[:, :-2]], 2)


@taking(x=SEQUENCE)
def looked_back(x):
    y = tf.nn.conv1d(x, weight(4, 4, 4), 1, "VALID")
    return tf.nn.conv1d(y, weight(3, 4, 4), 2, "VALID")


@taking(p=(None, None, 3), q=(None, None, 2))
def beside(p, q):
    return tf.concat([p, q], 2)


@taking(p=(None, None, 4), q=(None, None, 4))
def behind(p, q):
    return tf.concat([p, q], 1)


@taking(query=(None, None, 4), keys=(None, None, 4), values=(None, None, 4))
def attention(query, keys, values):
    return tf.nn.softmax(query @ tf.transpose(keys, [0, 2, 1])) @ values


@taking(query=(None, None, 4), keys=(None, None, 4), mask=(None, None, None))
def masked_attention(query, keys, mask):
    return tf.nn.softmax(query @ tf.transpose(keys, [0, 2, 1]) + mask) @ keys


@taking(image=IMAGE, mask=(None, None, None, 1))
def masked(image, mask):
    return tf.concat([image, mask], 3)


@taking(image=IMAGE, small=IMAGE)
def two_scales(image, small):
    return tf.concat([pooled(image), small], 3)


@taking(x=(None, None))
def square(x):
    return x @ tf.transpose(x) + tf.eye(tf.shape(x)[0]) + x


@taking(x=(None, None))
def dense(x):
    return x @ weight(7, 2)


@taking(image=IMAGE)
def halve(image):
    return pooled(image)


@taking(image=IMAGE)
def double(image):
    return grown(image)


@taking(image=IMAGE)
def trim(image):
    return image[:, 1:-1, 1:-1]


@taking(image=IMAGE)
def even(image):
    shape = tf.shape(image)
    return image[:, : shape[1] // 2 * 2, : shape[2] // 2 * 2]


@taking(image=IMAGE)
def crop_24(image):
    return tf.ensure_shape(image, [None, 24, 24, 3])


@taking(x=SEQUENCE)
def shifted(x):
    return x[:, 1:]


@taking(x=SEQUENCE)
def thinned(x):
    return x[:, ::2]


@taking(x=SEQUENCE)
def looped(x):
    """A loop whose sizes change: nothing is known behind it."""
    y = tf.while_loop(
        lambda at, y: at < 2,
        lambda at, y: (at + 1, y[:, 1:]),
        (0, x),
        shape_invariants=(tf.TensorShape([]), tf.TensorShape([None, None, 4])),
    )[1]
    return tf.reshape(y, [-1, 24]) @ weight(24, 2)


@taking(x=SEQUENCE)
def kept(x):
    """What is kept depends on values."""
    rows = tf.boolean_mask(x[0], x[0, :, 0] > -2.0)
    return tf.reshape(rows, [-1, 8])


def saved(folder, name):
    made = globals()[name]
    module = tf.Module()
    specs = [tf.TensorSpec(shape, F32, name=key) for key, shape in made.shapes.items()]
    module.run = tf.function(lambda *given: {"y": made(*given)}, input_signature=specs)
    tf.saved_model.save(module, str(folder / name), signatures=module.run)
    return tf.saved_model.load(str(folder / name)).signatures["serving_default"]


# Of these a window may find less than it takes: TensorFlow then runs on, with what no two builds agree on.
WINDOWED = frozenset({"valid_stack", "looked_back"})


def fed(name, served, feeds):
    """What a model gives; None where it fails, or nothing is left of a tensor."""
    if name in WINDOWED:
        shapes = {key: tuple(value.shape) for key, value in feeds.items()}
        if is_empty_on_the_way(globals()[name], shapes, {}):
            return None
    try:
        given = served(**feeds)["y"]
    except (tf.errors.OpError, ValueError):
        return None
    return given if given.numpy().size else None


def zeros(shapes):
    return {name: tf.zeros(shape) for name, shape in shapes.items()}


def runs_in_a_row(names, models, sizes):
    value, shape = None, sizes
    for model, served in zip(names, models, strict=True):
        (name,) = served.structured_input_signature[1]
        value = fed(model, served, {name: tf.zeros(shape) if value is None else value})
        if value is None:
            return False
    return True


def main(folder):
    names = {one.model for one in PAIRS.values()} | {name for one in CHAINS.values() for name in one.models}
    served = {name: saved(folder, name) for name in sorted(names)}
    runs = {name: fed(one.model, served[one.model], zeros(one.feeds)) is not None for name, one in PAIRS.items()}
    chains = {
        name: [
            [size, runs_in_a_row(one.models, [served[m] for m in one.models], [2, *[size] * one.open_axes, one.last])]
            for size in range(1, one.most)
        ]
        for name, one in CHAINS.items()
    }
    (folder / "runs.json").write_text(json.dumps({"pairs": runs, "chains": chains}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
