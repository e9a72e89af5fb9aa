"""TFLite models that tempt to a wrong claim: the trap models as TensorFlow converts them, and quantized networks."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from tests.inference.trap_models import MODELS

# The trap models that end in another operator each; the others convert to the same ones.
# fmt: off
TRAPS = (
    "sigmoid", "softmax", "softmax_over_height", "softmax_between_transposes", "softmax_reshaped",
    "softmax_reshaped_apart", "softmax_sliced", "softmax_padded_with_ones", "softmax_joined", "softmax_gathered",
    "softmax_resized", "log_softmax", "top_of_softmax", "top_indices", "linear_head", "convolution", "relu6_mean",
    "shifted_far_and_back", "overflows", "divided_by_shifted", "maximum_with_nan", "minimum_of_maximum", "exponential",
    "square_of_sine", "hard_sigmoid", "leaky", "elu", "rounded", "floor", "nan_to_whole", "tanh_to_pixels",
    "whole_widened", "pixels_scaled", "pixels_mean", "class", "class_plus_one", "one_hot", "embedded", "chosen",
    "conditional", "looped", "faked", "depth_to_space", "pooled", "pooled_mean", "split", "unstacked",
)
# fmt: on

L = tf.keras.layers
PICTURE, VECTOR = (8, 8, 3), (6,)


def network(shape, *layers, dtype="float32"):
    return tf.keras.Sequential([tf.keras.Input(shape, dtype=dtype), *layers])


def joined():
    x = tf.keras.Input(VECTOR)
    return tf.keras.Model(x, L.Concatenate()([L.Dense(3, activation="sigmoid")(x), L.Dense(3, activation="tanh")(x)]))


# Small networks to be quantized in each way.
NETWORKS = {
    "softmax": lambda: network(VECTOR, L.Dense(5, activation="softmax")),
    "sigmoid": lambda: network(VECTOR, L.Dense(5, activation="sigmoid")),
    "tanh": lambda: network(VECTOR, L.Dense(5, activation="tanh")),
    "linear": lambda: network(VECTOR, L.Dense(5)),
    "relu6": lambda: network(VECTOR, L.Dense(5), L.ReLU(max_value=6.0)),
    "convolution": lambda: network(PICTURE, L.Conv2D(4, 3, activation="relu6"), L.GlobalAveragePooling2D(), L.Dense(3)),
    "picture": lambda: network(
        PICTURE,
        L.Rescaling(1 / 127.5, -1),
        L.DepthwiseConv2D(3),
        L.MaxPool2D(),
        L.Flatten(),
        L.Dense(4, activation="softmax"),
    ),
    "joined": joined,
    "swish": lambda: network(PICTURE, L.Conv2D(4, 1, activation="hard_swish"), L.GlobalMaxPooling2D()),
    "leaky": lambda: network(VECTOR, L.Dense(5, activation="tanh"), L.LeakyReLU(), L.Reshape((5, 1))),
    "resized": lambda: network(PICTURE, L.Activation("sigmoid"), L.UpSampling2D(2, interpolation="bilinear")),
    "pooled": lambda: network(PICTURE, L.Activation("sigmoid"), L.AveragePooling2D(2)),
}


# These are quantized in every way.
WHOLLY = ("softmax", "convolution", "picture")
MODES = ("float16", "dynamic", "int8", "int8_io", "uint8_io", "int16")


def quantized(name, mode) -> bytes:
    """A network quantized in one of the ways that the converter has."""
    tf.keras.utils.set_random_seed(1)
    net = NETWORKS[name]()
    converter = tf.lite.TFLiteConverter.from_keras_model(net)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if mode == "float16":
        converter.target_spec.supported_types = [tf.float16]
    elif mode != "dynamic":
        rng = np.random.default_rng(3)
        shape = (1, *net.inputs[0].shape[1:])
        converter.representative_dataset = lambda: iter([[rng.normal(size=shape).astype(np.float32)] for _ in range(8)])
        kinds = tf.lite.OpsSet
        kind = (
            kinds.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
            if mode == "int16"
            else kinds.TFLITE_BUILTINS_INT8
        )
        converter.target_spec.supported_ops = [kind]
        if mode.endswith("_io"):
            converter.inference_input_type = converter.inference_output_type = tf.as_dtype(mode[:-3])
    return converter.convert()


def converted(name) -> bytes:
    """A trap model in float."""
    function, dtype, shape = MODELS[name]
    traced = tf.function(function).get_concrete_function(tf.TensorSpec(shape, dtype, name="x"))
    return tf.lite.TFLiteConverter.from_concrete_functions([traced]).convert()


def models():
    """Yields each model by name, as the bytes of its file."""
    for name in TRAPS:
        yield name, converted(name)
    for name in NETWORKS:
        for mode in MODES if name in WHOLLY else ("float16", "int8", "uint8_io"):
            yield f"{name}_{mode}", quantized(name, mode)
