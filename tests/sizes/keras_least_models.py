"""Keras models whose inputs leave a size open that must not be too small: run on both sides of what is claimed.

python -m tests.sizes.keras_least_models FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import keras
from keras import layers as kl

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from tests.sizes.least_models import works
from tests.sizes.least_size import least_of

SEQUENCE, PICTURE = (None, 2), (None, 9, 3)


@keras.saving.register_keras_serializable("sizes")
class BatchNormalization(kl.Layer):
    """Not Keras' own: it repeats what it is given."""

    def call(self, inputs):
        return keras.ops.tile(inputs, [1, 5, 1])

    def compute_output_shape(self, input_shape):
        return input_shape


def residual():
    x = first = keras.Input(SEQUENCE)
    for dilation in (1, 4):
        y = kl.BatchNormalization()(kl.Conv1D(2, 5, padding="same", dilation_rate=dilation)(x))
        x = kl.Add()([x, kl.Activation("relu")(y)])
    return keras.Model(first, kl.Conv1D(3, 1, activation="softmax")(kl.Cropping1D((20, 30))(x)))


def joined():
    x = keras.Input(SEQUENCE)
    return keras.Model(x, kl.Concatenate()([kl.Cropping1D((5, 0))(x), kl.Cropping1D((0, 5))(x)]))


def two_outputs():
    x = keras.Input(SEQUENCE)
    return keras.Model(x, [kl.Cropping1D(3)(x), kl.ReLU()(x)])


# The layers, the shape of their input without the batch, and the least size of its first axis, or of its last.
MODELS = {
    "cropped": ([kl.Cropping1D((5, 7))], SEQUENCE, 13),
    "cropped_alike": ([kl.Cropping1D(4)], SEQUENCE, 9),
    "cropped_by_nothing": ([kl.Cropping1D(0)], SEQUENCE, None),
    "cropped_picture": ([kl.Cropping2D(((2, 1), (0, 3)))], PICTURE, 4),
    "cropped_picture_alike": ([kl.Cropping2D(2)], PICTURE, 5),
    "cropped_picture_in_pairs": ([kl.Cropping2D((3, 1))], PICTURE, 7),
    "cropped_channels_first": ([kl.Cropping2D(((2, 1), (0, 3)), data_format="channels_first")], (3, None, 9), 4),
    "valid": ([kl.Conv1D(3, 5)], SEQUENCE, 5),
    "valid_strided": ([kl.Conv1D(3, 5, strides=2), kl.Conv1D(3, 5, strides=3)], SEQUENCE, 13),
    "valid_dilated": ([kl.Conv1D(3, 5, dilation_rate=3)], SEQUENCE, 13),
    "causal": ([kl.Conv1D(3, 5, padding="causal")], SEQUENCE, None),
    "same_strided_cropped": ([kl.Conv1D(3, 5, padding="same", strides=2), kl.Cropping1D((3, 0))], SEQUENCE, 7),
    "padded": ([kl.ZeroPadding1D(2), kl.Conv1D(3, 5)], SEQUENCE, None),
    "padded_too_little": ([kl.ZeroPadding1D((1, 1)), kl.Conv1D(3, 5)], SEQUENCE, 3),
    "padded_behind_the_crop": ([kl.Cropping1D((5, 0)), kl.ZeroPadding1D((3, 0))], SEQUENCE, 6),
    "padded_picture": ([kl.ZeroPadding2D(((1, 0), (0, 0))), kl.Conv2D(2, 3)], PICTURE, 2),
    "pooled": ([kl.MaxPooling1D(3)], SEQUENCE, 3),
    "pooled_often": ([kl.MaxPooling1D(3, strides=1), kl.AveragePooling1D(2)], SEQUENCE, 4),
    "pooled_picture": ([kl.Conv2D(2, 3), kl.MaxPooling2D((2, 1))], PICTURE, 4),
    "pooled_alike": ([kl.MaxPooling1D(3, padding="same")], SEQUENCE, None),
    "own_class_between": ([kl.Cropping1D((3, 0)), BatchNormalization(), kl.Cropping1D((3, 0))], SEQUENCE, 4),
    "mean": ([kl.Cropping1D((3, 0)), kl.GlobalAveragePooling1D()], SEQUENCE, 4),
    "enlarged": ([kl.UpSampling1D(3), kl.Cropping1D((3, 0))], SEQUENCE, 2),
    "residual": (residual, SEQUENCE, 51),
    "joined": (joined, SEQUENCE, 6),
    "two_outputs": (two_outputs, SEQUENCE, 7),
}


def claimed(path, axis) -> int | None:
    """The least size that is claimed of an axis of the one input."""
    return least_of(infer(Source.parse(str(path)), read(str(path))).signatures[0], axis)


def main(folder: str) -> None:
    told = {}
    for name, (made, shape, wanted) in MODELS.items():
        model = made() if callable(made) else keras.Sequential([keras.Input(shape), *made])
        axis = shape.index(None) + 1
        found = []
        for suffix in (".keras", ".h5"):
            path = Path(folder) / f"{name}{suffix}"
            model.save(path)
            found.append(claimed(path, axis))
        model.export(Path(folder) / name, verbose=False)
        exported = claimed(Path(folder) / name, axis)
        least = found[0]
        sizes = () if least is None else (*range(1, least), least)
        runs = [works(model, model, (None, *shape), axis, size) for size in sizes]
        told[name] = {"wanted": wanted, "least": found, "exported": exported, "runs": runs}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
