"""Keras trap models: each a function that builds a model, some with claims in them, some that only tempt to one."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers as kl
from keras import ops

VECTOR, PICTURE, STEPS = (6,), (8, 8, 3), (5, 4)
# As many steps as features, and as the batch has rows: Keras takes a mask of steps for one of features.
SQUARE = (5, 5)
_HALF, _BRAIN = "mixed_float16", "mixed_bfloat16"
WORDS = ["a", "b", "c", "d"]


@keras.saving.register_keras_serializable("traps")
class Softmax(kl.Layer):
    """Not Keras' own: it doubles."""

    def call(self, inputs):
        return inputs * 2


@keras.saving.register_keras_serializable("traps")
class Dense(kl.Dense):
    """Not Keras' own: it shifts what the activation gave."""

    def call(self, inputs):
        return super().call(inputs) + 5


@keras.saving.register_keras_serializable("traps")
class Shifted(keras.Model):
    """A functional model whose own code does more than its config says."""

    def call(self, inputs, training=None, mask=None):
        return super().call(inputs, training=training, mask=mask) + 5


@keras.saving.register_keras_serializable("traps")
def sigmoid(x):
    return x * 3


def chain(shape, *layers, dtype="float32"):
    return lambda: keras.Sequential([keras.Input(shape, dtype=dtype), *(make() for make in layers)])


def graph(shape, function, dtype="float32", model=keras.Model):
    def make():
        x = keras.Input(shape, dtype=dtype)
        return model(x, function(x))

    return make


def dense(units=5, activation=None, **options):
    return lambda: kl.Dense(units, activation=activation, **options)


def layer(name, *arguments, **options):
    return lambda: getattr(kl, name)(*arguments, **options)


def soft(x, units=5):
    return kl.Dense(units, activation="softmax")(x)


def sig(x):
    return kl.Activation("sigmoid")(x)


def inner(*layers, shape=VECTOR):
    return keras.Sequential([keras.Input(shape), *layers])


def nested(x):
    own = keras.Input((6,))
    return keras.Model(own, soft(own))(kl.Dense(6)(x))


def nested_twice(x):
    own = keras.Input((6,))
    model = keras.Model(own, kl.Dense(6, activation="sigmoid")(own))
    return model(model(x))


def nested_thrice(x):
    model = inner(kl.Dense(6, activation="tanh"))
    one = model(x)
    return [model(kl.Rescaling(2.0)(one)), kl.Rescaling(3.0)(one)]


def nested_in_training(x):
    return inner(kl.Dense(5, activation="sigmoid"), kl.Dropout(0.5))(x, training=True)


def nested_two(x):
    one, two = keras.Input((6,)), keras.Input((6,))
    model = keras.Model([one, two], [sig(one), kl.Activation("tanh")(two)])
    return model([x, x])


def nested_custom(x):
    return graph(VECTOR, soft, model=Shifted)()(x)


def shared(x):
    layer = kl.Dense(6, activation="sigmoid")
    return [layer(x), kl.Dense(3)(layer(layer(x)))]


def embedded_softmax(x):
    return kl.Softmax()(kl.Embedding(4, 5, mask_zero=True)(kl.Discretization([0.0, 0.5, 2.0])(x)))


def explicit_mask(x):
    return kl.Softmax()(x, mask=ops.greater(x, 0.0))


def attention(x):
    return kl.MultiHeadAttention(2, 3)(x, x)


def two_inputs():
    one, two = keras.Input(VECTOR, name="one"), keras.Input(VECTOR, name="two")
    return keras.Model({"a": one, "b": two}, {"late": soft(one), "early": kl.Dense(2, activation="tanh")(two)})


def far(x):
    return kl.Rescaling(1.0, -1e10)(kl.Rescaling(1.0, 1e10)(sig(x)))


# By name: what makes the model.
MODELS = {
    "softmax": chain(VECTOR, dense(activation="softmax")),
    "softmax_of_one": chain(VECTOR, dense(1, "softmax")),
    "softmax_over_pixels": chain(PICTURE, layer("Conv2D", 4, 3, activation="softmax")),
    "softmax_layer": chain(VECTOR, dense(), layer("Softmax")),
    "softmax_over_steps": chain(STEPS, layer("Softmax", axis=1)),
    "softmax_over_two_axes": chain(STEPS, layer("Softmax", axis=[1, 2])),
    "softmax_over_a_list_of_one": chain(STEPS, layer("Softmax", axis=[-1])),
    "softmax_masked": chain(SQUARE, layer("Masking"), layer("Softmax")),
    "softmax_masked_ids": graph((5,), embedded_softmax),
    "softmax_with_a_mask": graph(VECTOR, explicit_mask),
    "softmax_behind_a_mask": graph(STEPS, lambda x: kl.Dense(3, activation="softmax")(kl.Masking()(x))),
    "softmax_dropped_in_training": graph(VECTOR, lambda x: kl.Dropout(0.5)(soft(x), training=True)),
    "softmax_dropped": graph(VECTOR, lambda x: kl.Dropout(0.5)(soft(x))),
    "softmax_noised_in_training": graph(VECTOR, lambda x: kl.GaussianNoise(0.5)(soft(x), training=True)),
    "softmax_noised": graph(VECTOR, lambda x: kl.GaussianNoise(0.5)(soft(x))),
    "softmax_reshaped": graph(VECTOR, lambda x: kl.Reshape((1, 5))(soft(x))),
    "softmax_reshaped_apart": graph(VECTOR, lambda x: kl.Reshape((2, 3))(soft(x, 6))),
    "softmax_flattened": graph(STEPS, lambda x: kl.Flatten()(soft(x))),
    "softmax_permuted": graph(STEPS, lambda x: kl.Permute((2, 1))(soft(x))),
    "softmax_joined": graph(VECTOR, lambda x: kl.Concatenate()([soft(x), soft(x)])),
    "softmax_joined_by_rows": graph(STEPS, lambda x: kl.Concatenate(axis=1)([soft(x), soft(x)])),
    "softmax_added": graph(VECTOR, lambda x: kl.Add()([soft(x), soft(x)])),
    "softmax_multiplied": graph(VECTOR, lambda x: kl.Multiply()([soft(x), soft(x)])),
    "softmax_averaged": graph(VECTOR, lambda x: kl.Average()([soft(x), soft(x), soft(x)])),
    "softmax_subtracted": graph(VECTOR, lambda x: kl.Subtract()([soft(x), soft(x)])),
    "softmax_padded": graph(STEPS, lambda x: kl.ZeroPadding1D(1)(soft(x))),
    "softmax_repeated": graph(VECTOR, lambda x: kl.RepeatVector(3)(soft(x))),
    "softmax_rescaled": graph(VECTOR, lambda x: kl.Rescaling(2.0)(soft(x))),
    "softmax_normalized": graph(VECTOR, lambda x: kl.BatchNormalization()(soft(x))),
    "softmax_per_step": chain(STEPS, lambda: kl.TimeDistributed(kl.Dense(3, activation="softmax"))),
    "softmax_half": chain(VECTOR, dense(activation="softmax", dtype=_HALF)),
    "softmax_half_of_many": chain(VECTOR, dense(1000, "softmax", dtype=_HALF)),
    "softmax_brain": chain(VECTOR, dense(3, "softmax", dtype=_BRAIN)),
    "softmax_half_then_full": chain(VECTOR, dense(dtype=_HALF), layer("Activation", "softmax", dtype="float32")),
    "softmax_double": chain(VECTOR, dense(activation="softmax", dtype="float64")),
    "softmax_as_a_layer": chain(VECTOR, lambda: kl.Dense(5, activation=kl.Softmax())),
    "log_softmax": chain(VECTOR, dense(activation="log_softmax")),
    "custom_softmax": chain(VECTOR, Softmax),
    "custom_dense": chain(VECTOR, lambda: Dense(5, activation="softmax")),
    "custom_model": graph(VECTOR, soft, model=Shifted),
    "custom_activation": chain(VECTOR, lambda: kl.Dense(5, activation=sigmoid)),
    "lambda_layer": chain(VECTOR, dense(activation="sigmoid"), lambda: kl.Lambda(lambda x: x * 2)),
    "nested": graph(VECTOR, nested),
    "nested_twice": graph(VECTOR, nested_twice),
    "nested_two": graph(VECTOR, nested_two),
    "nested_in_training": graph(VECTOR, nested_in_training),
    "nested_custom": graph(VECTOR, nested_custom),
    "shared": graph(VECTOR, shared),
    "nested_thrice": graph(VECTOR, nested_thrice),
    "two_inputs": two_inputs,
    "linear": chain(VECTOR, dense()),
    "relu": chain(VECTOR, dense(activation="relu")),
    "relu6": chain(VECTOR, dense(activation="relu6")),
    "relu_as_a_layer": chain(VECTOR, lambda: kl.Dense(5, activation=kl.ReLU(5.0))),
    "relu_to_five": chain(VECTOR, layer("ReLU", max_value=5.0)),
    "relu_to_six_half": chain(VECTOR, layer("ReLU", max_value=6.0, dtype="float16")),
    "relu_from_threshold": chain(VECTOR, layer("ReLU", max_value=5.0, threshold=1.0)),
    "relu_with_a_slope": chain(VECTOR, layer("ReLU", max_value=5.0, negative_slope=0.5)),
    "relu_with_a_slope_of_tanh": graph(VECTOR, lambda x: kl.ReLU(negative_slope=0.3)(kl.Activation("tanh")(x))),
    "leaky": graph(VECTOR, lambda x: kl.LeakyReLU(0.3)(kl.Activation("tanh")(x))),
    "leaky_half": graph(VECTOR, lambda x: kl.LeakyReLU(0.3, dtype="float16")(kl.Activation("tanh")(x))),
    "elu": graph(VECTOR, lambda x: kl.ELU(1.0)(kl.Activation("tanh")(x))),
    "elu_scaled": graph(VECTOR, lambda x: kl.ELU(3.0)(kl.Activation("tanh")(x))),
    "hard_sigmoid": chain(VECTOR, dense(activation="hard_sigmoid")),
    "hard_sigmoid_half": chain(VECTOR, dense(activation="hard_sigmoid", dtype=_HALF)),
    "hard_tanh": chain(VECTOR, dense(activation="hard_tanh")),
    "softplus_of_tanh": graph(VECTOR, lambda x: kl.Activation("softplus")(kl.Activation("tanh")(x))),
    "softsign": chain(VECTOR, dense(activation="softsign")),
    "swish": graph(VECTOR, lambda x: kl.Activation("swish")(sig(x))),
    "gelu": graph(VECTOR, lambda x: kl.Activation("gelu")(sig(x))),
    "selu": graph(VECTOR, lambda x: kl.Activation("selu")(kl.Activation("tanh")(x))),
    "exponential": graph(VECTOR, lambda x: kl.Activation("exponential")(kl.Activation("tanh")(x))),
    "far_and_back": graph(VECTOR, far),
    "overflows_half": graph(VECTOR, lambda x: kl.Rescaling(1e5, dtype="float16")(kl.Dense(4, activation="sigmoid")(x))),
    "saturates_half": graph(VECTOR, lambda x: kl.Rescaling(6e4, 6e4, dtype="float16")(sig(x))),
    "rescaled_half": graph(VECTOR, lambda x: kl.Rescaling(1 / 255, -0.1, dtype="float16")(sig(x))),
    "rescaled_tiny_half": graph(VECTOR, lambda x: kl.Rescaling(1e-7, dtype="float16")(sig(x))),
    "rescaled_brain": graph(VECTOR, lambda x: kl.Rescaling(0.1, 0.7, dtype="bfloat16")(sig(x))),
    "rescaled_double": graph(VECTOR, lambda x: kl.Rescaling(0.1, 0.7, dtype="float64")(sig(x))),
    "rescaled_pixels": chain(PICTURE, layer("Rescaling", 1 / 127.5, -1.0), dtype="uint8"),
    "rescaled_by_channel": chain(PICTURE, layer("Rescaling", [1.0, 2.0, 3.0], [0.0, 1.0, -1.0]), dtype="uint8"),
    "normalized": graph(VECTOR, lambda x: kl.Normalization(mean=0.5, variance=0.04)(sig(x))),
    "normalized_by_channel": graph(
        PICTURE, lambda x: kl.Normalization(mean=[0.485, 0.456, 0.406], variance=[0.05, 0.05, 0.04])(sig(x))
    ),
    "normalized_by_step": graph(
        STEPS, lambda x: kl.Normalization(axis=1, mean=[0, 1, 2, 3, 4.0], variance=[1, 2, 3, 4, 5.0])(sig(x))
    ),
    "normalized_back": graph(VECTOR, lambda x: kl.Normalization(mean=0.5, variance=0.1, invert=True)(sig(x))),
    "normalized_by_weights": graph(VECTOR, lambda x: kl.Normalization()(sig(x))),
    "normalized_by_layer": graph(VECTOR, lambda x: kl.LayerNormalization()(sig(x))),
    "unit_length": chain(VECTOR, layer("UnitNormalization")),
    "unit_length_half": chain(VECTOR, layer("UnitNormalization", dtype="float16")),
    "unit_length_double": chain(VECTOR, layer("UnitNormalization", dtype="float64")),
    "mean_of_relu6": graph(PICTURE, lambda x: kl.GlobalAveragePooling2D()(kl.ReLU(6.0)(x))),
    "mean_of_masked": graph(STEPS, lambda x: kl.GlobalAveragePooling1D()(sig(kl.Masking()(x)))),
    "most_of_sigmoid": graph(PICTURE, lambda x: kl.GlobalMaxPooling2D()(sig(x))),
    "most_of_pixels": graph(PICTURE, lambda x: kl.GlobalMaxPooling2D()(kl.Rescaling(1 / 255)(x)), dtype="uint8"),
    "most_of_maybe_none": graph((None, None, 3), lambda x: kl.GlobalMaxPooling2D()(sig(x))),
    "pooled": graph(PICTURE, lambda x: kl.MaxPooling2D(3, 1, "same")(kl.Rescaling(1.0, -3.0)(sig(x)))),
    "pooled_pixels": graph(PICTURE, lambda x: kl.MaxPooling2D(3, 1, "same")(kl.Rescaling(1 / 255)(x)), dtype="uint8"),
    "pooled_mean": graph(PICTURE, lambda x: kl.AveragePooling2D(3, 1, "same")(kl.Rescaling(1.0, 1.0)(sig(x)))),
    "pooled_channels_first": graph(PICTURE, lambda x: kl.MaxPooling2D(2, data_format="channels_first")(sig(x))),
    "padded": graph(PICTURE, lambda x: kl.ZeroPadding2D(1)(kl.Rescaling(1.0, 1.0)(sig(x)))),
    "cropped": graph(PICTURE, lambda x: kl.Cropping2D(1)(sig(x))),
    "center_cropped": graph(PICTURE, lambda x: kl.CenterCrop(4, 4)(sig(x))),
    "center_enlarged": graph(PICTURE, lambda x: kl.CenterCrop(12, 4)(sig(x))),
    "bilinear": graph(PICTURE, lambda x: kl.Resizing(19, 5)(sig(x))),
    "bicubic": graph(PICTURE, lambda x: kl.Resizing(19, 19, interpolation="bicubic")(sig(x))),
    "lanczos": graph(PICTURE, lambda x: kl.Resizing(19, 19, interpolation="lanczos5")(sig(x))),
    "resized_by_padding": graph(
        PICTURE, lambda x: kl.Resizing(19, 5, pad_to_aspect_ratio=True, fill_value=9.0)(sig(x))
    ),
    "resized_by_cropping": graph(PICTURE, lambda x: kl.Resizing(19, 5, crop_to_aspect_ratio=True)(sig(x))),
    "enlarged": graph(PICTURE, lambda x: kl.UpSampling2D(2, interpolation="bilinear")(sig(x))),
    "enlarged_bicubic": graph(PICTURE, lambda x: kl.UpSampling2D(2, interpolation="bicubic")(sig(x))),
    "enlarged_nearest": graph(PICTURE, lambda x: kl.UpSampling2D(2)(sig(x))),
    "masked_product": graph(
        STEPS, lambda x: kl.Multiply()([sig(kl.Masking()(x)), kl.Rescaling(0.0, -1.0)(kl.Masking()(x))])
    ),
    "masked_most": graph(STEPS, lambda x: kl.Maximum()([sig(kl.Masking()(x)), sig(x)])),
    "greatest": graph(VECTOR, lambda x: kl.Maximum()([sig(x), kl.Activation("tanh")(x)])),
    "least": graph(VECTOR, lambda x: kl.Minimum()([sig(x), kl.Activation("tanh")(x)])),
    "separable": chain(PICTURE, layer("SeparableConv2D", 4, 3, activation="sigmoid")),
    "depthwise": chain(PICTURE, layer("DepthwiseConv2D", 3, activation="tanh")),
    "transposed": chain(PICTURE, layer("Conv2DTranspose", 4, 3, activation="softmax")),
    "convolved_steps": chain(STEPS, layer("Conv1D", 4, 3, activation="softmax")),
    "einsum": chain(STEPS, layer("EinsumDense", "abc,cd->abd", output_shape=(5, 7), activation="softmax")),
    "recurrent": chain(STEPS, layer("LSTM", 4)),
    "recurrent_both": chain(STEPS, lambda: kl.Bidirectional(kl.GRU(4, return_sequences=True)), dense(3, "softmax")),
    "attention": graph(STEPS, attention),
    "hashed": chain((3,), layer("Hashing", 7), dtype="string"),
    "hashed_with_mask": chain((3,), layer("Hashing", 7, mask_value="a"), dtype="string"),
    "hashed_numbers": chain((3,), layer("Hashing", 7), dtype="int64"),
    "looked_up": chain((3,), layer("StringLookup", vocabulary=WORDS), dtype="string"),
    "looked_up_with_special": chain(
        (3,), layer("StringLookup", vocabulary=["", "[UNK]", *WORDS], mask_token=""), dtype="string"
    ),
    "looked_up_with_mask": chain(
        (3,), layer("StringLookup", vocabulary=WORDS, mask_token="", num_oov_indices=3), dtype="string"
    ),
    "looked_up_one_hot": chain((1,), layer("StringLookup", vocabulary=WORDS, output_mode="one_hot"), dtype="string"),
    "looked_up_many_hot": chain((3,), layer("StringLookup", vocabulary=WORDS, output_mode="multi_hot"), dtype="string"),
    "looked_up_counts": chain((3,), layer("StringLookup", vocabulary=WORDS, output_mode="count"), dtype="string"),
    "looked_up_backwards": chain((3,), layer("StringLookup", vocabulary=WORDS, invert=True), dtype="int64"),
    "looked_up_numbers": chain((3,), layer("IntegerLookup", vocabulary=[1, 5, 9]), dtype="int64"),
    "vectorized": chain((), layer("TextVectorization", vocabulary=WORDS, output_sequence_length=4), dtype="string"),
    "bucketized": chain((3,), layer("Discretization", bin_boundaries=[0.0, 0.5, 2.0])),
    "bucketized_one_hot": chain((1,), layer("Discretization", bin_boundaries=[0.0, 2.0], output_mode="one_hot")),
    "encoded": graph((3,), lambda x: kl.CategoryEncoding(4, "multi_hot")(kl.Discretization([0.0, 0.5, 2.0])(x))),
    "encoded_counts": graph((3,), lambda x: kl.CategoryEncoding(4, "count")(kl.Discretization([0.0, 0.5, 2.0])(x))),
    "embedded": graph((3,), lambda x: kl.Embedding(4, 2)(kl.Discretization([0.0, 0.5, 2.0])(x))),
    "ops_softmax": graph(VECTOR, ops.softmax),
    "ops_softmax_over_rows": graph(STEPS, lambda x: ops.softmax(x, axis=1)),
    "ops_softmax_over_all": graph(STEPS, lambda x: ops.softmax(x, axis=None)),
    "ops_scaled": graph(PICTURE, lambda x: ops.sigmoid(x) / 2.0 - 0.5),
    "ops_one_less": graph(VECTOR, lambda x: 1.0 - ops.sigmoid(x)),
    "ops_reciprocal": graph(VECTOR, lambda x: 1.0 / ops.sigmoid(x)),
    "ops_clipped": graph(VECTOR, lambda x: ops.clip(x, -1.0, 2.0)),
    "ops_clipped_backwards": graph(VECTOR, lambda x: ops.clip(x, 2.0, -1.0)),
    "ops_relu": graph(VECTOR, lambda x: keras.activations.relu(x, max_value=3.0)),
    "ops_relu_half": graph(VECTOR, lambda x: keras.activations.relu(x, max_value=3.0), dtype="float16"),
    "ops_cast": graph(VECTOR, lambda x: ops.cast(ops.sigmoid(x) * 255.0, "uint8")),
    "ops_cast_out_of_range": graph(VECTOR, lambda x: ops.cast(ops.tanh(x) * 300.0, "uint8")),
    "ops_mean": graph(VECTOR, lambda x: ops.mean(ops.sigmoid(x), axis=1)),
    "ops_transposed": graph(STEPS, lambda x: ops.transpose(ops.softmax(x), (0, 2, 1))),
    "ops_square_of_sine": graph(VECTOR, lambda x: ops.square(ops.sin(x))),
    "ops_sum": graph(VECTOR, lambda x: ops.sum(ops.sigmoid(x), axis=1)),
    "ops_negative_power": graph(VECTOR, lambda x: ops.power(ops.sigmoid(x), -2.0)),
    "ops_whole": graph(VECTOR, lambda x: x * 2 + 100, dtype="int8"),
}

# Those that are exported as SavedModels, too: what both formats say must be the same, or unsaid.
EXPORTED = (
    "softmax",
    "softmax_over_pixels",
    "softmax_over_steps",
    "softmax_half",
    "softmax_permuted",
    "nested_two",
    "relu_to_five",
    "rescaled_pixels",
    "rescaled_half",
    "normalized_by_channel",
    "pooled_mean",
    "convolved_steps",
    "embedded",
    "ops_clipped",
)


def words(shape, rng):
    """Strings in and out of the vocabulary."""
    return np.array(["", "a", "d", "zz", "[UNK]"], dtype=object)[rng.integers(0, 5, [5, *shape])].astype(str)
