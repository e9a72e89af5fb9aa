"""Models whose inputs leave a size open that must not be too small: run on both sides of what is claimed.

python -m tests.sizes.least_models FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from tests.sizes.least_size import least_of

F32 = tf.float32
SEQUENCE, PICTURE, WAVE = (None, None, 2), (None, None, 9, 3), (None,)
rng = np.random.default_rng(3)
K1 = tf.constant(rng.normal(size=(5, 2, 2)), F32)
K2 = tf.constant(rng.normal(size=(3, 3, 3, 3)), F32)
W = tf.constant(rng.normal(size=(2, 4)), F32)


def conv(x, padding="VALID", stride=1, dilation=1):
    return tf.nn.conv1d(x, K1, stride, padding, dilations=dilation)


def residual(x):
    for dilation in (1, 4, 10):
        x = x + tf.nn.relu(conv(x, "SAME", dilation=dilation))
    return tf.nn.softmax(conv(x[:, 40:-40], "SAME"))


def conditional(x):
    return tf.cond(tf.shape(x)[1] > 9, lambda: x[:, 8, :], lambda: x[:, 0, :])


# The model, the shape of its input, the axis that is open, and the least size; None where nothing may be claimed.
MODELS = {
    "cropped": (lambda x: x[:, 5:-5], SEQUENCE, 1, 11),
    "cropped_in_front": (lambda x: x[:, 5:], SEQUENCE, 1, 6),
    "cropped_behind": (lambda x: x[:, :-7], SEQUENCE, 1, 8),
    "cropped_to_ten": (lambda x: x[:, :10], SEQUENCE, 1, None),
    "cropped_from_third_to_ten": (lambda x: x[:, 3:10], SEQUENCE, 1, 4),
    "last_three": (lambda x: x[:, -3:], SEQUENCE, 1, None),
    "all_but_the_last_of_five": (lambda x: x[:, -5:-2], SEQUENCE, 1, 3),
    "every_third": (lambda x: x[:, 4::3], SEQUENCE, 1, 5),
    "every_third_cropped": (lambda x: x[:, ::3][:, 2:], SEQUENCE, 1, 7),
    "reversed_cropped": (lambda x: x[:, ::-1][:, 3:], SEQUENCE, 1, 4),
    "ellipsis": (lambda x: x[..., 4:, :], SEQUENCE, 1, 5),
    "new_axis": (lambda x: x[:, None, 4:], SEQUENCE, 1, 5),
    "residual": (residual, SEQUENCE, 1, 81),
    "valid": (conv, SEQUENCE, 1, 5),
    "valid_strided": (lambda x: conv(conv(x, stride=2), stride=3), SEQUENCE, 1, 13),
    "valid_dilated": (lambda x: conv(x, dilation=3), SEQUENCE, 1, 13),
    "same_strided_cropped": (lambda x: conv(x, "SAME", 2)[:, 3:], SEQUENCE, 1, 7),
    "padded": (lambda x: conv(tf.pad(x, [[0, 0], [2, 2], [0, 0]])), SEQUENCE, 1, None),
    "padded_too_little": (lambda x: conv(tf.pad(x, [[0, 0], [1, 1], [0, 0]])), SEQUENCE, 1, 3),
    "padded_after_the_crop": (lambda x: tf.pad(x[:, 5:], [[0, 0], [3, 0], [0, 0]]), SEQUENCE, 1, None),
    "padded_after_the_crop_and_cropped": (
        lambda x: tf.pad(x[:, 5:], [[0, 0], [3, 0], [0, 0]])[:, 3:],
        SEQUENCE,
        1,
        6,
    ),
    "concatenated": (lambda x: tf.concat([x[:, 5:], x[:, :-5]], 2), SEQUENCE, 1, 6),
    "joined_along_it": (lambda x: tf.concat([x[:, 5:], x], 1), SEQUENCE, 1, None),
    "summed_with_one": (
        lambda x: (x[:, 3:] + tf.reduce_mean(x, 1, keepdims=True))[:, 2:],
        SEQUENCE,
        1,
        6,
    ),
    "widened_then_cropped": (lambda x: (x[:, 3:] + tf.ones([7, 2]))[:, 4:], SEQUENCE, 1, 4),
    "mean_of_the_rest": (lambda x: tf.reduce_mean(x[:, 5:], 1), SEQUENCE, 1, None),
    "one_of_it": (lambda x: x[:, 7], SEQUENCE, 1, 8),
    "one_from_the_end": (lambda x: tf.reduce_sum(x[:, -6]), SEQUENCE, 1, 6),
    "one_of_what_is_left": (lambda x: tf.reduce_mean(conv(x[:, 2:], stride=2)[:, 3]), SEQUENCE, 1, 13),
    "one_of_it_by_shape_alone": (lambda x: x + tf.cast(tf.size(x[:, 7]), F32), SEQUENCE, 1, None),
    "one_of_it_maybe": (conditional, SEQUENCE, 1, None),
    "sliced": (lambda x: tf.slice(x, [0, 2, 0], [-1, 6, -1]), SEQUENCE, 1, 8),
    "sliced_to_the_end": (lambda x: tf.slice(x, [0, 2, 0], [-1, -1, -1]), SEQUENCE, 1, 3),
    "two_outputs": (lambda x: (x[:, 5:], x), SEQUENCE, 1, None),
    "two_cropped_outputs": (lambda x: (x[:, 5:], x[:, 2:]), SEQUENCE, 1, 3),
    "product": (lambda x: tf.linalg.matmul(x[:, 3:], W), SEQUENCE, 1, 4),
    "turned": (lambda x: tf.transpose(tf.transpose(x, [2, 1, 0])[:, 4:], [2, 1, 0]), SEQUENCE, 1, 5),
    "picture": (lambda x: tf.nn.conv2d(x, K2, [1, 2, 1, 1], "VALID"), PICTURE, 1, 3),
    "picture_pooled": (lambda x: tf.nn.max_pool2d(tf.nn.conv2d(x, K2, 1, "VALID"), 2, 2, "VALID"), PICTURE, 1, 4),
    "picture_pooled_mean": (lambda x: tf.nn.avg_pool2d(x, 4, 3, "VALID")[:, 1:], PICTURE, 1, 7),
    "picture_padded_by_the_convolution": (
        lambda x: tf.nn.conv2d(x, K2, 1, [[0, 0], [1, 0], [1, 1], [0, 0]]),
        PICTURE,
        1,
        2,
    ),
    "wave": (lambda x: x[400:] * 2.0, WAVE, 0, 401),
    "batch_is_not_told": (lambda x: x[3:], SEQUENCE, 0, None),
    "known_size": (lambda x: x[:, 5:], (None, 8, 2), 1, None),
}


def works(function, run, shape, axis, size) -> bool:
    """Whether the function has a value for an input of this size by TensorFlow's rules of shapes, and runs so.

    Windows that leave nothing are not run: without oneDNN that gives nothing, with it an error, a tensor of
    another shape or the end of the process.
    """
    sizes = [5 if one is None else one for one in shape]
    sizes[axis] = size
    try:
        traced = tf.function(function).get_concrete_function(tf.TensorSpec(sizes, F32))
    except ValueError:
        return False
    if not any(tensor.shape.num_elements() for tensor in traced.outputs):
        return False
    try:
        given = tf.nest.flatten(run(tf.constant(rng.normal(size=sizes), F32)))
    except tf.errors.OpError:
        return False
    assert [one.shape for one in given] == [tensor.shape for tensor in traced.outputs]
    return True


def main(folder: str) -> None:
    told = {}
    for name, (function, shape, axis, wanted) in MODELS.items():
        traced = tf.function(function).get_concrete_function(tf.TensorSpec(shape, F32, name="x"))
        path = Path(folder) / f"{name}.pb"
        path.write_bytes(traced.graph.as_graph_def().SerializeToString())
        outputs = ",".join(tensor.op.name for tensor in traced.outputs)
        source = f"{path}#output={outputs}"
        (signature,) = infer(Source.parse(source), read(source)).signatures
        least = least_of(signature, axis)
        # The traced function runs as a saved one does: sizes are not known before.
        sizes = () if least is None else (*range(1, least), least)
        runs = [works(function, traced, shape, axis, size) for size in sizes]
        told[name] = {"wanted": wanted, "least": least, "runs": runs}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
