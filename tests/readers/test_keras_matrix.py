"""Keras configs against Keras: every field equal to what the model says of itself, or unknown."""

from __future__ import annotations

import json

import pytest

from sigcheck.readers import read
from sigcheck.readers.keras.config.model import read_config

pytestmark = pytest.mark.tensorflow

VECTOR, SEQUENCE, IMAGE, VOLUME = (5,), (6, 4), (8, 8, 3), (4, 8, 8, 2)

# Input sizes, layer class, positional arguments, keyword arguments.
LAYERS = [
    *((VECTOR, name, (), {}) for name in ("ReLU", "LeakyReLU", "ELU", "PReLU", "Softmax", "Flatten")),
    *((VECTOR, name, (), {}) for name in ("BatchNormalization", "LayerNormalization", "RMSNormalization")),
    *((VECTOR, name, (), {}) for name in ("ActivityRegularization", "UnitNormalization", "Identity", "Masking")),
    *((VECTOR, name, (0.1,), {}) for name in ("Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout")),
    (VECTOR, "Activation", ("tanh",), {}),
    (VECTOR, "Dense", (7,), {}),
    (VECTOR, "Embedding", (11, 3), {}),
    (VECTOR, "EinsumDense", ("ab,bc->ac", 9), {}),
    (VECTOR, "RepeatVector", (3,), {}),
    (VECTOR, "Reshape", ((1, 5),), {}),
    (VECTOR, "Reshape", ((-1,),), {}),
    (VECTOR, "Rescaling", (1 / 255,), {}),
    (VECTOR, "Normalization", (), {"mean": 0.0, "variance": 1.0}),
    *((VECTOR, "CategoryEncoding", (9,), {"output_mode": mode}) for mode in ("multi_hot", "one_hot", "count")),
    (VECTOR, "Hashing", (4,), {}),
    (VECTOR, "Discretization", ([0.0, 1.0],), {}),
    (SEQUENCE, "SpatialDropout1D", (0.1,), {}),
    (SEQUENCE, "Dense", (7,), {"use_bias": False}),
    (SEQUENCE, "Conv1D", (5, 2), {}),
    (SEQUENCE, "Conv1D", (5, 2), {"padding": "causal", "dilation_rate": 2}),
    (SEQUENCE, "Conv1DTranspose", (5, 3), {"strides": 2}),
    (SEQUENCE, "DepthwiseConv1D", (2,), {"depth_multiplier": 2}),
    (SEQUENCE, "SeparableConv1D", (5, 2), {}),
    (SEQUENCE, "MaxPooling1D", (), {}),
    (SEQUENCE, "AveragePooling1D", (3,), {"strides": 2, "padding": "same"}),
    (SEQUENCE, "AdaptiveMaxPooling1D", (2,), {}),
    (SEQUENCE, "GlobalMaxPooling1D", (), {}),
    (SEQUENCE, "GlobalAveragePooling1D", (), {"keepdims": True}),
    (SEQUENCE, "Cropping1D", (1,), {}),
    (SEQUENCE, "Cropping1D", ((1, 2),), {}),
    (SEQUENCE, "ZeroPadding1D", (2,), {}),
    (SEQUENCE, "UpSampling1D", (3,), {}),
    (SEQUENCE, "Permute", ((2, 1),), {}),
    (SEQUENCE, "Flatten", (), {}),
    (SEQUENCE, "GroupNormalization", (2,), {}),
    (SEQUENCE, "LSTM", (3,), {}),
    (SEQUENCE, "LSTM", (3,), {"return_sequences": True, "return_state": True}),
    (SEQUENCE, "GRU", (3,), {"return_state": True}),
    (SEQUENCE, "SimpleRNN", (3,), {"return_sequences": True}),
    (SEQUENCE, "EinsumDense", ("abc,cd->abd", (None, 9)), {}),
    (SEQUENCE, "EinsumDense", ("...x,xy->...y", 9), {}),
    (IMAGE, "Conv2D", (4, 3), {}),
    (IMAGE, "Conv2D", (4, (3, 2)), {"strides": 2, "padding": "same"}),
    (IMAGE, "Conv2D", (4, 3), {"dilation_rate": 2}),
    (IMAGE, "Conv2D", (4, 3), {"data_format": "channels_first"}),
    (IMAGE, "Conv2DTranspose", (4, 3), {"strides": 2}),
    (IMAGE, "Conv2DTranspose", (4, 3), {"strides": 2, "padding": "same"}),
    (IMAGE, "Conv2DTranspose", (4, 3), {"strides": 2, "padding": "same", "output_padding": 1}),
    (IMAGE, "DepthwiseConv2D", (3,), {"depth_multiplier": 2}),
    (IMAGE, "SeparableConv2D", (4, 3), {}),
    (IMAGE, "MaxPooling2D", (), {}),
    (IMAGE, "MaxPooling2D", (3,), {"strides": 2, "padding": "same"}),
    (IMAGE, "AveragePooling2D", ((2, 3),), {}),
    (IMAGE, "GlobalAveragePooling2D", (), {}),
    (IMAGE, "GlobalMaxPooling2D", (), {"keepdims": True, "data_format": "channels_first"}),
    (IMAGE, "AdaptiveAveragePooling2D", (2,), {}),
    (IMAGE, "Cropping2D", (1,), {}),
    (IMAGE, "Cropping2D", (((1, 0), (2, 1)),), {}),
    (IMAGE, "ZeroPadding2D", ((1, 2),), {}),
    (IMAGE, "ZeroPadding2D", (((1, 0), (2, 1)),), {"data_format": "channels_first"}),
    (IMAGE, "UpSampling2D", ((2, 3),), {}),
    (IMAGE, "Permute", ((3, 1, 2),), {}),
    (IMAGE, "Reshape", ((-1, 3),), {}),
    (IMAGE, "Resizing", (4, 5), {}),
    (IMAGE, "CenterCrop", (4, 5), {}),
    (IMAGE, "RandomCrop", (4, 5), {}),
    (IMAGE, "SpatialDropout2D", (0.1,), {}),
    *((IMAGE, name, (0.1,), {}) for name in ("RandomRotation", "RandomZoom", "RandomContrast", "RandomBrightness")),
    (IMAGE, "RandomFlip", (), {}),
    (VOLUME, "Conv3D", (3, 2), {}),
    (VOLUME, "Conv3DTranspose", (3, 2), {"strides": 2}),
    (VOLUME, "MaxPooling3D", (), {}),
    (VOLUME, "GlobalAveragePooling3D", (), {}),
    (VOLUME, "Cropping3D", (1,), {}),
    (VOLUME, "ZeroPadding3D", (1,), {}),
    (VOLUME, "UpSampling3D", (2,), {}),
]

# Classes that promise less than a fixed dtype and shape, and what is then unknown.
NOT_CERTAIN = {"SpatialDropout1D", "SpatialDropout2D"}

# Classes that refuse a policy of floats.
INTEGERS_ONLY = {"Hashing"}


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


def serialized(model):
    """The config as it stands in the file, without the weights."""
    from keras.saving import serialize_keras_object

    return json.loads(json.dumps(serialize_keras_object(model)))


def one_layer_model(keras, sizes, layer, dtype="float32"):
    x = keras.Input(sizes, name="x", dtype=dtype)
    return keras.Model(x, layer(x))


def compare(model):
    """What the config says of each output, beside what the model says; asserts that no known field differs."""
    (signature,), notes = read_config(serialized(model))
    found = [(one.spec.dtype, one.spec.shape) for one in signature.outputs]
    wanted = [(one.dtype, tuple(one.shape)) for one in model.outputs]
    assert len(found) == len(wanted)
    for (dtype, shape), (true_dtype, true_shape) in zip(found, wanted, strict=True):
        assert dtype in {None, true_dtype}
        assert shape is None or len(shape) == len(true_shape)
        assert shape is None or all(one in {None, other} for one, other in zip(shape, true_shape, strict=True))
        assert dtype is None or shape is None or not notes
    return found, wanted


@pytest.mark.parametrize(("sizes", "name", "arguments", "keywords"), LAYERS, ids=lambda value: str(value)[:40])
def test_rule_of_a_layer_class(keras, sizes, name, arguments, keywords):
    layer_class = getattr(keras.layers, name)
    open_sizes = (*([None] * (len(sizes) - 1)), sizes[-1])
    for given in (sizes, open_sizes):
        try:
            model = one_layer_model(keras, given, layer_class(*arguments, **keywords))
        except (ValueError, TypeError):
            # Some layers need known sizes, which the first round has.
            assert given is open_sizes
            continue
        found, wanted = compare(model)
        if name not in NOT_CERTAIN:
            assert found == wanted
    if name not in INTEGERS_ONLY:
        compare(one_layer_model(keras, sizes, layer_class(*arguments, **keywords, dtype="mixed_float16")))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("Flatten", ()), ("MaxPooling1D", ()), ("ReLU", ()), ("Dense", (3,)), ("Permute", ((2, 1),))],
)
def test_integers_through_a_layer(keras, name, arguments):
    compare(one_layer_model(keras, SEQUENCE, getattr(keras.layers, name)(*arguments), dtype="int32"))


@pytest.mark.parametrize("name", ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"])
def test_merging_layers(keras, name):
    a, b = keras.Input((6, 4), name="a"), keras.Input((6, 4), name="b")
    c = keras.Input((None, 4), name="c")
    layer_class = getattr(keras.layers, name)
    for pair in ([a, b], [a, c], [c, c]):
        found, wanted = compare(keras.Model([a, b, c], layer_class()(pair)))
        assert found[0][0] == wanted[0][0]
    found, wanted = compare(keras.Model([a, b], layer_class()([a, b])))
    assert found == wanted


def test_dot_and_attention(keras):
    a, b = keras.Input((6, 4), name="a"), keras.Input((5, 4), name="b")
    outputs = [
        keras.layers.Dot(axes=2)([a, b]),
        keras.layers.Attention()([a, b]),
        keras.layers.AdditiveAttention()([a, b, b]),
        keras.layers.MultiHeadAttention(2, 3)(a, b),
        keras.layers.MultiHeadAttention(2, 3, output_shape=7)(a, b, key=b),
    ]
    found, wanted = compare(keras.Model([a, b], outputs))
    assert found == wanted


def test_wrappers(keras):
    layers = keras.layers
    x = keras.Input((6, 4), name="x")
    outputs = [
        layers.TimeDistributed(layers.Dense(2))(x),
        layers.Bidirectional(layers.LSTM(3))(x),
        layers.Bidirectional(layers.GRU(3, return_sequences=True), merge_mode="sum")(x),
        *layers.Bidirectional(layers.LSTM(3, return_state=True), merge_mode=None)(x),
        layers.SpectralNormalization(layers.Conv1D(3, 2))(x),
    ]
    found, wanted = compare(keras.Model(x, outputs))
    assert found == wanted


def test_operations(keras):
    ops = keras.ops
    x, scale = keras.Input((6, 4), name="x"), keras.Input((1,), name="scale")
    rows = keras.Input((None, 4), name="rows")
    outputs = [x * 2.0, 1 - x, x + rows, x / 2, x**2, ops.maximum(x, 0.0), ops.expand_dims(scale, 1) * x]
    outputs += [
        getattr(ops, name)(x) for name in ("relu", "relu6", "sigmoid", "tanh", "gelu", "silu", "softplus", "exp")
    ]
    outputs += [getattr(ops, name)(x) for name in ("log", "sqrt", "square", "absolute", "negative", "softmax")]
    outputs += [ops.mean(x, axis=1), ops.sum(x, axis=(-1, 1), keepdims=True), ops.max(x), ops.clip(x, 0, 1)]
    outputs += [ops.cast(x, "int32"), ops.expand_dims(x, -1), ops.transpose(x, (0, 2, 1)), ops.transpose(x)]
    found, wanted = compare(keras.Model([x, scale, rows], outputs))
    assert found == wanted


def test_operations_on_integers_and_of_two_dtypes_are_not_guessed(keras):
    x, ids = keras.Input((4,), name="x"), keras.Input((4,), name="ids", dtype="int32")
    outputs = [x * keras.ops.cast(x, "float16"), ids + 1, ids * 0.5, ids / 2, keras.ops.mean(ids), x + ids]
    found, _ = compare(keras.Model([x, ids], outputs))
    assert [dtype for dtype, _ in found] == [None] * 6


def test_text_vectorization_gives_int64_whatever_its_policy(keras):
    layers = keras.layers
    text = keras.Input((1,), name="text", dtype="string")
    ids = layers.TextVectorization(max_tokens=50, output_sequence_length=7)(text)
    model = keras.Model(text, layers.Identity(dtype="mixed_float16")(ids))
    assert compare(model) == ([("int64", (None, 7))], [("int64", (None, 7))])
    found, wanted = compare(keras.Model(text, ids))
    assert found == wanted == [("int64", (None, 7))]


def test_mixed_precision_and_a_last_layer_that_overrides_it(keras):
    x = keras.Input((4,), name="x")
    hidden = keras.layers.Dense(3, dtype="mixed_float16")(x)
    narrow = keras.Model(x, hidden)
    wide = keras.Model(x, keras.layers.Activation("softmax", dtype="float32")(hidden))
    assert compare(narrow)[0] == [("float16", (None, 3))]
    assert compare(wide)[0] == [("float32", (None, 3))]
    (signature,), _ = read_config(serialized(narrow))
    assert str(signature.inputs[0]) == "x: float32[?, 4]"


def test_lambda_is_unknown_with_a_note(keras):
    x = keras.Input((4,), name="x")
    model = keras.Model(x, keras.layers.Lambda(lambda t: t[:, :2], name="cut")(x))
    (signature,), notes = read_config(serialized(model))
    assert [str(one) for one in signature.outputs] == ["cut: unknown[*]"]
    assert notes[0].place == "cut"
    assert "--load" in notes[0].message


def structures(keras):
    layers = keras.layers
    a, b = keras.Input((10,), name="a"), keras.Input((4,), name="b", dtype="int32")
    u, v = layers.Dense(3, name="u")(a), layers.Embedding(5, 2, name="v")(b)
    inner = keras.Model([b, a], {"second": u, "first": v}, name="inner")
    called = inner([keras.ops.cast(b, "int32"), a])
    image = keras.Input((None, None, 3), name="image")
    backbone = keras.Model(image, layers.Conv2D(4, 3, strides=2)(image), name="backbone")
    photo = keras.Input((33, 33, 3), name="photo")
    sequential = keras.Sequential([layers.Dense(5), layers.Dense(2, name="end")], name="head")
    yield keras.Model(a, u)
    yield keras.Model([b, a], [v, u])
    yield keras.Model({"y": a, "x": b}, {"q": u, "p": v})
    yield keras.Model([{"p": a}, [b]], [{"u": u}, [v]])
    yield keras.Model([a], [u])
    yield keras.Model([a, b], [a, u, a])
    yield keras.Model([a, b], called)
    yield keras.Model([a, b], [called["second"], inner([b, a])["first"]])
    yield keras.Model(photo, backbone(photo))
    yield keras.Model(a, sequential(a))
    yield keras.Model(a, layers.BatchNormalization()(layers.Dense(7)(a)))
    yield keras.Sequential([keras.Input((6, 4), name="q"), layers.LSTM(3), layers.Dense(2, name="last")])
    yield keras.Sequential([keras.Input((33, 33, 3), name="q"), backbone, layers.Flatten(name="flat")])


def test_structures_saved_and_read_agree_with_the_model_in_memory(keras, tmp_path):
    """File and live object give the same names, specs and optional marks, in the same order."""
    count = 0
    for count, model in enumerate(structures(keras), start=1):
        path = tmp_path / f"{count}.keras"
        model.save(path)
        saved, live = read(path), read(model)
        assert saved.signatures == live.signatures, count
        assert saved.notes == ()
    assert count == 13


def test_sequential_built_by_a_call_says_where_its_batch_is_from(keras, tmp_path):
    model = keras.Sequential([keras.layers.Dense(2, name="end")])
    model(keras.ops.zeros((5, 7)))
    model.save(tmp_path / "m.keras")
    found = read(tmp_path / "m.keras")
    assert [str(one.spec) for one in (*found.signatures[0].inputs, *found.signatures[0].outputs)] == [
        "float32[5, 7]",
        "float32[5, 2]",
    ]
    assert "a call may have been what built it" in found.notes[0].message


def test_large_model_agrees_with_keras(keras):
    model = keras.applications.MobileNetV2(weights=None, input_shape=(96, 96, 3))
    (signature,), notes = read_config(serialized(model))
    assert [str(one.spec) for one in signature.inputs] == ["float32[?, 96, 96, 3]"]
    assert [str(one) for one in signature.outputs] == ["predictions: float32[?, 1000]"]
    assert notes == ()
