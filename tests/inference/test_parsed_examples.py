"""What a graph parses of Examples, held against what was written in TensorFlow."""

from __future__ import annotations

import pytest

from sigcheck.encodings.source import Source
from sigcheck.graph.view import Constant, Node
from sigcheck.inference.infer import infer
from sigcheck.inference.parsed_examples import features_of
from sigcheck.readers import read
from sigcheck.schema.selection import select_signature
from tests.inference.graphs import graph, node, placeholder

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def parsing(tmp_path_factory):
    """A model with a signature for each way to parse, and of each what its Examples must hold."""
    import tensorflow as tf

    io, ragged = tf.io, tf.io.RaggedFeature
    one = tf.TensorSpec([], tf.string)
    batch = tf.TensorSpec([None], tf.string)
    features = {
        "age": io.FixedLenFeature([3], tf.float32),
        "name": io.FixedLenFeature([], tf.string, default_value=""),
        "box": io.FixedLenFeature([2, 2], tf.int64, default_value=[[1, 2], [3, 4]]),
        "rows": io.FixedLenSequenceFeature([2], tf.int64, allow_missing=True),
        "words": io.VarLenFeature(tf.int64),
        "sparse": io.SparseFeature("at", "value", tf.float32, 9),
        "ragged": ragged(tf.string),
        "parted": ragged(tf.float32, value_key="flat", partitions=[ragged.RowLengths("lengths")]),
    }
    told = {
        "age": "float32[3]",
        "at": "int64[?]",
        "box": "int64[2, 2] optional",
        "flat": "float32[?]",
        "lengths": "int64[?]",
        "name": "string[] optional",
        "ragged": "string[?]",
        "rows": "int64[?, 2]",
        "value": "float32[?]",
        "words": "int64[?]",
    }
    context = {"id": io.FixedLenFeature([], tf.int64), "tags": io.VarLenFeature(tf.string)}
    steps = {
        "token": io.FixedLenSequenceFeature([], tf.int64),
        "pair": io.FixedLenSequenceFeature([2], tf.float32, allow_missing=True),
        "value": io.VarLenFeature(tf.float32),
    }
    told_steps = {
        "id": "int64[]",
        "pair": "float32[2] optional per_step",
        "tags": "string[?]",
        "token": "int64[] per_step",
        "value": "float32[?] per_step",
    }
    none = tf.constant([], tf.float32)
    ways = {
        "batch": (batch, lambda x: io.parse_example(x, features)["age"], told),
        "single": (one, lambda x: io.parse_single_example(x, features)["age"], told),
        "sequence": (one, lambda x: io.parse_single_sequence_example(x, context, steps)[1]["token"], told_steps),
        "sequences": (batch, lambda x: io.parse_sequence_example(x, context, steps)[1]["token"], told_steps),
        "first": (
            batch,
            lambda x: tf.raw_ops.ParseExample(
                serialized=x, names=[], sparse_keys=["k"], dense_keys=["a", "b"],
                dense_defaults=[none, tf.constant(["x"])], sparse_types=[tf.int64], dense_shapes=[[3], []],
            ).dense_values[0],
            {"a": "float32[3]", "b": "string[] optional", "k": "int64[?]"},
        ),
        "one": (
            one,
            lambda x: tf.raw_ops.ParseSingleExample(
                serialized=x, dense_defaults=[none], num_sparse=1, sparse_keys=["k"], dense_keys=["a"],
                sparse_types=[tf.int64], dense_shapes=[[3]],
            ).dense_values[0],
            {"a": "float32[3]", "k": "int64[?]"},
        ),
        "twice": (
            batch,
            lambda x: io.parse_example(x, {"a": io.FixedLenFeature([2], tf.float32, [0.0, 0.0])})["a"]
            + io.parse_example(x, {"a": io.FixedLenFeature([2], tf.float32)})["a"]
            + tf.sparse.to_dense(io.parse_example(x, {"b": io.VarLenFeature(tf.float32)})["b"]),
            {"a": "float32[2]", "b": "float32[?]"},
        ),
        "odd": (
            batch,
            lambda x: io.parse_example(x, {"a": io.FixedLenFeature([2], tf.float32)})["a"]
            + tf.cast(io.parse_example(x, {"a": io.FixedLenFeature([2], tf.int64)})["a"], tf.float32),
            None,
        ),
    }  # fmt: skip
    module = tf.Module()
    signatures = {
        key: tf.function(lambda x, of=of: {"y": of(x)}, input_signature=[spec]) for key, (spec, of, _) in ways.items()
    }
    path = tmp_path_factory.mktemp("parsing") / "model"
    tf.saved_model.save(module, str(path), signatures=signatures)
    return path, {key: told for key, (_, _, told) in ways.items()}


def claims_of(path, key):
    model = infer(Source.parse(str(path)), read(str(path)))
    (endpoint,) = select_signature(model, key).inputs
    return {claim.name: claim for claim in endpoint.inferred}


@pytest.mark.parametrize("key", ["batch", "single", "sequence", "sequences", "first", "one", "twice", "odd"])
def test_features_are_those_that_tensorflow_was_told(parsing, key):
    path, told = parsing
    found = claims_of(path, key)
    assert found["meaning"].value == (
        "serialized_sequence_example" if key.startswith("sequence") else "serialized_example"
    )
    if told[key] is None:
        assert "features" not in found
    else:
        assert (found["features"].value.model_dump(), found["features"].tier) == (told[key], "proved")


def texts(*words):
    return Node("Const", (), "t", lambda: {"dtype": "string", "value": Constant("string", (len(words),), texts=words)})


def default(*shape):
    return Node("Const", (), "d", lambda: {"dtype": "float32", "value": Constant("float32", shape)})


def parsed(*defaults, keys=None, **attributes):
    """What an operation parses: operands 1 to 5 of the graph are its names and keys."""
    given = [texts(), texts("k"), keys or texts("a"), texts()]
    nodes = [placeholder("string"), *given, *defaults]
    told = {"sparse_types": ("int64",), "Tdense": ("float32",), "dense_shapes": ((3,),), **attributes}
    operation = node("ParseExampleV2", *range(len(nodes)), **told)
    return features_of(graph(*nodes, operation), [operation])


def test_what_is_written_is_told():
    assert parsed(default(0)).model_dump() == {"a": "float32[3]", "k": "int64[?]"}


@pytest.mark.parametrize(
    "attributes",
    [
        {"dense_shapes": ()},
        {"dense_shapes": (None,)},
        {"dense_shapes": (3,)},
        {"dense_shapes": ((2, None),)},
        {"Tdense": ("float64",)},
        {"Tdense": ()},
        {"sparse_types": ("int64", "int64")},
        {"sparse_types": 3},
        {"keys": placeholder("string")},
        {"keys": Node("Const", (), "t", lambda: {"value": Constant("string", (1,))})},
        {"keys": texts("k")},
    ],
    ids=str,
)
def test_of_what_is_no_constant_or_no_feature_nothing_is_told(attributes):
    assert parsed(default(0), **attributes) is None


@pytest.mark.parametrize("one", [placeholder(), default(None)], ids=["no constant", "no shape"])
def test_a_default_that_is_not_known_tells_nothing(one):
    assert parsed(one) is None
    assert parsed() is None
