"""Specs, arrays and signatures in memory: read as their owners take them."""

from __future__ import annotations

import numpy as np
import pytest

from sigcheck.api import check
from sigcheck.readers import read
from sigcheck.readers.live.parts.specs import spec_from_type
from sigcheck.schema.errors import SourceError

pytestmark = pytest.mark.tensorflow


def told(source):
    signature, *_ = read(source).signatures
    return {one.name: str(one.spec) for one in signature.inputs}, {one.name: str(one.spec) for one in signature.outputs}


@pytest.fixture(scope="module")
def tf():
    import tensorflow as tf

    return tf


@pytest.fixture(scope="module")
def keras(tf):
    import keras

    return keras


def test_features_are_what_parsing_makes_of_them(tf):
    io, ragged = tf.io, tf.io.RaggedFeature
    rows, even = ragged.RowLengths("l"), ragged.UniformRowLength
    features = {
        "fixed": io.FixedLenFeature([3], tf.float32),
        "scalar": io.FixedLenFeature((), tf.string, default_value=""),
        "sequence": io.FixedLenSequenceFeature([2], tf.int64, allow_missing=True),
        "variable": io.VarLenFeature(tf.int64),
        "sparse": io.SparseFeature("i", "v", tf.float32, 9),
        "deep": io.SparseFeature(["i", "j"], "v", tf.float32, [3, 4]),
        "ragged": ragged(tf.int64),
        "rows": ragged(tf.float32, value_key="w", partitions=[rows]),
        "even": ragged(tf.float32, value_key="w", partitions=[even(2), even(3)]),
        "both": ragged(tf.float32, value_key="w", partitions=[rows, even(2)]),
        "around": ragged(tf.float32, value_key="w", partitions=[even(2), rows]),
        "long": ragged(tf.float32, value_key="u", row_splits_dtype=tf.int64),
    }

    owned = {}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def parse(examples):
        parsed = tf.io.parse_example(examples, features)
        owned.update({name: spec_from_type(tf.type_spec_from_value(one)) for name, one in parsed.items()})
        return parsed

    parse.get_concrete_function()
    model = read(features)
    assert (model.reader, model.notes) == ("feature_spec", ())
    signature, examples = model.signatures
    assert signature.inputs == signature.outputs
    assert {one.name: one.spec for one in signature.outputs} == owned
    (end,) = examples.outputs
    assert (examples.key, examples.inputs, str(end)) == ("examples", examples.outputs, "examples: string[?]")
    assert end.spec.facts.features.model_dump() == {
        "fixed": "float32[3]",
        "i": "int64[?]",
        "j": "int64[?]",
        "l": "int64[?]",
        "ragged": "int64[?]",
        "scalar": "string[] optional",
        "sequence": "int64[?, 2]",
        "u": "float32[?]",
        "v": "float32[?]",
        "variable": "int64[?]",
        "w": "float32[?]",
    }


def test_a_feature_of_a_type_that_parsing_does_not_take_is_read_as_it_says(tf):
    assert told({"x": tf.io.FixedLenFeature([2], "float64")})[0] == {"x": "float64[?, 2]"}


@pytest.mark.parametrize(("shape", "dtype"), [([2], None), (["a"], "float32"), ([2], "float33")])
def test_a_feature_that_is_none_is_one_line(tf, shape, dtype):
    with pytest.raises(SourceError, match=r"^x: a FixedLenFeature that is none: ") as raised:
        read({"x": tf.io.FixedLenFeature(shape, dtype)})
    assert "\n" not in str(raised.value)


def test_keras_tensors(keras):
    tensors = {"a": keras.KerasTensor((None, 3)), "b": keras.KerasTensor((2, None), dtype="int32", sparse=True)}
    sides = told(tensors)
    assert sides[0] == sides[1] == {"a": "float32[?, 3]", "b": "sparse int32[2, ?]"}
    assert told(keras.Input((4,), name="x"))[0] == {"x": "float32[?, 4]"}
    assert told([keras.layers.Dense(2, name="d")(keras.Input((4,)))])[1] == {"d": "float32[?, 2]"}


def test_input_specs(keras):
    specs = [
        keras.InputSpec(dtype="float32", shape=(None, 3), name="x"),
        keras.InputSpec(dtype="int32", ndim=3, axes={-1: 5, 1: 2}, optional=True),
        keras.InputSpec(dtype="int32"),
    ]
    model = read(specs)
    assert (model.reader, model.notes) == ("keras_spec", ())
    assert told(specs)[0] == {"x": "float32[?, 3]", "args_1": "int32[?, 2, 5]", "args_2": "int32[*]"}
    assert [one.optional for one in model.signatures[0].inputs] == [False, True, False]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"shape": (None, 3)}, "no dtype"),
        ({"dtype": "float32", "min_ndim": 2}, "without a rank"),
        ({"dtype": "float32", "axes": {-1: 3}}, "without a rank"),
        ({"dtype": "float32", "shape": (None, 1), "allow_last_axis_squeeze": True}, "of one rank or the next"),
    ],
)
def test_what_an_input_spec_leaves_open_never_passes(keras, options, problem):
    spec = {"x": keras.InputSpec(**options)}
    (note,) = read(spec).notes
    assert problem in note.message
    assert check({"x": "float32[?, 3]"}, spec, verify="typed").verdict == "undecided"


@pytest.mark.parametrize(
    ("array", "spec"),
    [
        (np.zeros((2, 3), "float16"), "float16[2, 3]"),
        (np.uint8(3), "uint8[]"),
        (np.array(["a", "bc"]), "string[2]"),
        (np.array([b"a"]), "string[1]"),
        (np.array(["a", b"b"], object), "string[2]"),
        (np.zeros((0, 4), bool), "bool[0, 4]"),
        (np.zeros(2, "complex64"), "complex64[2]"),
    ],
)
def test_arrays(array, spec):
    model = read({"x": array})
    assert (model.reader, model.notes) == ("numpy_array", ())
    assert told({"x": array}) == ({"x": spec}, {"x": spec})


@pytest.mark.parametrize(
    "array",
    [np.zeros(2, "datetime64[s]"), np.array([1, None], object), np.array([], object), np.zeros(1, [("a", "f4")])],
)
def test_an_array_that_no_tensor_holds_is_unknown(array):
    model = read({"x": array})
    assert str(model.signatures[0].inputs[0]) == "x: unknown[*]"
    assert [note.place for note in model.notes] == ["x"]


def test_arrays_without_keys_are_numbered():
    assert told([np.zeros(1), np.zeros(2)]) == (
        {"args_0": "float64[1]", "args_1": "float64[2]"},
        {"output_0": "float64[1]", "output_1": "float64[2]"},
    )
    assert told(np.zeros((1, 2)))[1] == {"output_0": "float64[1, 2]"}


def test_an_array_is_checked_as_it_is():
    given = {"x": np.zeros((8, 10), "float32")}
    assert check(given, {"x": "float32[?, 10]"}, verify="typed").verdict == "fits"
    assert check(given, {"x": "float32[?, 11]"}, verify="typed").verdict != "fits"


@pytest.mark.parametrize("value", [[np.zeros(1), 3], {"x": np.zeros(1), "y": object()}, np, np.float32])
def test_what_is_not_all_arrays_is_refused(value):
    with pytest.raises(SourceError, match="not a model, expected"):
        read(value)


def test_a_signature_of_mlflow():
    from mlflow.models import ModelSignature
    from mlflow.types import ParamSchema, ParamSpec, Schema, TensorSpec

    tensors = [TensorSpec(np.dtype("float32"), (-1, 3), "a"), TensorSpec(np.dtype("str"), (-1, 1), "b")]
    given = Schema([TensorSpec(np.dtype("int64"), (-1, 1))])
    model = read(ModelSignature(Schema(tensors), given, ParamSchema([ParamSpec("threshold", "double", 0.5)])))
    assert (model.reader, model.notes) == ("mlflow_signature", ())
    (signature,) = model.signatures
    assert [(one.name, str(one.spec), one.optional) for one in signature.inputs] == [
        ("a", "float32[?, 3]", False),
        ("b", "string[?, 1]", False),
        ("threshold", "float64[]", True),
    ]
    assert [str(one) for one in signature.outputs] == ["outputs: int64[?, 1]"]
