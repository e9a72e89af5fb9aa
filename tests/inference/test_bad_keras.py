"""Keras configs that are broken, endless or too large: nothing is claimed, in bounded time."""

from __future__ import annotations

import copy
import json
import random
import time
import zipfile

import pytest

from sigcheck.encodings.source import Source
from sigcheck.graph.view import MAX_NODES
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from sigcheck.readers.graph_def.heads import TooLargeError
from sigcheck.readers.keras.config.model import read_config
from sigcheck.readers.keras.graph import lower_config
from sigcheck.schema.errors import SigcheckError


def layer(name, class_name, *sources, module="keras.layers", shape=(None, 4), **config):
    tensors = [
        {"class_name": "__keras_tensor__", "config": {"shape": shape, "dtype": "float32", "keras_history": [*source]}}
        for source in ((one, 0, 0) if isinstance(one, str) else one for one in sources)
    ]
    arguments = [tensors] if len(tensors) > 1 else tensors
    return {
        "module": module,
        "class_name": class_name,
        "registered_name": None,
        "name": name,
        "config": {"name": name, "dtype": "float32", **config},
        "inbound_nodes": [{"args": arguments, "kwargs": {}}] if sources else [],
    }


X = layer("x", "InputLayer", batch_shape=[None, 4], sparse=False, ragged=False)
SIGMOID = {"activation": "sigmoid"}


def model(*layers, output="y", inputs=("x", 0, 0), name="m", **changes):
    config = {"name": name, "layers": [*layers], "input_layers": [*inputs], "output_layers": [output, 0, 0]}
    whole = {"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional"}
    return {**whole, "config": config, **changes}


@pytest.fixture
def inferred(tmp_path):
    def infer_config(data):
        path = tmp_path / "m.keras"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("config.json", data if isinstance(data, str) else json.dumps(data))
        return infer(Source.parse(str(path)), read(str(path)))

    return infer_config


def claims(found):
    return {(one.name, str(one.value)) for endpoint in found.signatures[0].outputs for one in endpoint.inferred}


UNIT = {("range", "(0.0, 1.0)")}


def test_a_sigmoid(inferred):
    assert claims(inferred(model(X, layer("y", "Activation", "x", **SIGMOID)))) == UNIT


@pytest.mark.parametrize(
    "changes",
    [
        {"registered_name": "mine>Activation"},
        {"module": "mine.layers"},
        {"module": "keras_mine.layers"},
        {"module": None},
        {"class_name": "Activation2"},
        {"config": {"name": "y", "dtype": "float32", "activation": "mine>sigmoid"}},
        {"config": {"name": "y", "dtype": "float32", "activation": {"class_name": "function", "config": "sigmoid"}}},
        {"config": {"name": "y", "dtype": "float32", "activation": 3}},
        {"config": {"name": "y", "dtype": "float32"}},
        {"config": {"name": "y", "dtype": "int32", **SIGMOID}},
        {"config": {"name": "y", "dtype": {"class_name": "Mine", "config": {}}, **SIGMOID}},
    ],
)
def test_what_is_not_keras_own_is_unknown(inferred, changes):
    assert claims(inferred(model(X, layer("y", "Activation", "x", **SIGMOID) | changes))) == set()


def test_a_model_of_another_class_is_unknown(inferred):
    layers = X, layer("y", "Activation", "x", **SIGMOID)
    assert claims(inferred(model(*layers, registered_name="mine>Functional"))) == set()
    own = layer("x", "InputLayer", batch_shape=[None, 4])
    inner = model(own, layer("z", "Activation", "x", **SIGMOID), output="z", name="y")
    nested = {**inner, "name": "y", "inbound_nodes": layer("y", "Dense", "x")["inbound_nodes"]}
    whole = model(X, nested)
    whole["config"]["output_layers"] = ["y", 1, 0]
    assert claims(inferred(whole)) == UNIT
    nested["registered_name"] = "mine>Functional"
    assert claims(inferred(whole)) == set()


def test_a_cycle_is_unknown(inferred):
    layers = layer("a", "Multiply", "b", "x"), layer("b", "Multiply", "a", "a"), layer("y", "Identity", "b")
    assert claims(inferred(model(X, *layers))) == set()
    # Whatever goes round and round, a sigmoid ends it.
    around = layer("y", "Activation", "a", **SIGMOID), layer("a", "Add", "x", "y")
    assert claims(inferred(model(X, *around))) <= UNIT


@pytest.mark.parametrize("source", ["gone", ("x", 7, 0), ("x", 0, 3), ("x", -1, 0), ("x", 0, -1), ("x", 0, 10**30)])
def test_tensors_that_are_not_there_are_unknown(inferred, source):
    assert claims(inferred(model(X, layer("y", "Minimum", source, "x")))) == set()


def test_records_that_contradict_the_layers_are_not_believed(inferred):
    lying = layer("z", "Activation", "y", **SIGMOID)
    lying["inbound_nodes"][0]["args"][0]["config"]["dtype"] = "float16"
    made = model(X, layer("y", "Activation", "x", **SIGMOID), lying, output="z")
    assert claims(inferred(made)) == set()


def test_nested_models_that_double_are_left_alone():
    inner = model(X, layer("y", "Identity", "x"))
    for _ in range(16):
        # One object in memory for what would be 2**16 copies in a file.
        first, second = (
            {**inner, "name": name, "inbound_nodes": layer(name, "Dense", source)["inbound_nodes"]}
            for name, source in (("a", "x"), ("y", "a"))
        )
        inner = model(X, first, second)
        inner["config"]["output_layers"] = ["y", 1, 0]
    (signature,), _ = read_config(inner)
    start = time.process_time()
    with pytest.raises(TooLargeError, match=f"more than {MAX_NODES}"):
        lower_config(inner, signature)
    assert time.process_time() - start < 5.0


def test_models_nested_too_deep_are_said(inferred):
    inner = model(X, layer("y", "Activation", "x", **SIGMOID))
    for _ in range(55):
        nested = {**inner, "name": "y", "inbound_nodes": layer("y", "Dense", "x")["inbound_nodes"]}
        inner = model(X, nested)
        inner["config"]["output_layers"] = ["y", 1, 0]
    assert claims(inferred(inner)) == UNIT


def test_a_long_chain_is_walked_without_recursion(inferred):
    chain = [layer("l0", "Activation", "x", **SIGMOID)]
    chain += [layer(f"l{at}", "Identity", f"l{at - 1}") for at in range(1, 1_500)]
    assert claims(inferred(model(X, *chain, output="l1499"))) == UNIT
    start = time.process_time()
    chain += [layer(f"l{at}", "Identity", f"l{at - 1}") for at in range(1_500, 5_000)]
    assert claims(inferred(model(X, *chain, output="l4999"))) == set()
    assert time.process_time() - start < 5.0


@pytest.mark.parametrize("numbers", [float("nan"), float("inf"), 1e39, True, "1", [[1]], [], {}, [None], 10**400])
def test_numbers_that_are_none_are_unknown(inferred, numbers):
    scaled = layer("y", "Rescaling", "a", scale=numbers, offset=0.0)
    assert claims(inferred(model(X, layer("a", "Activation", "x", **SIGMOID), scaled))) == set()


@pytest.mark.parametrize("count", [0, -1, True, 2.0, None, "7", 10**30])
def test_counts_that_are_none_are_unknown(inferred, count):
    hashed = layer("y", "Hashing", "x", num_bins=count, output_mode="int")
    hashed["config"]["dtype"] = "int64"
    assert claims(inferred(model(X, hashed))) == set()


WHOLE = model(
    X,
    layer("scaled", "Rescaling", "x", scale=[1.0, 2.0, 3.0, 4.0], offset=-1.0),
    layer("d", "Dense", "scaled", units=4, activation="relu", use_bias=True),
    layer("n", "Normalization", "d", mean=[0.0, 1.0, 2.0, 3.0], variance=[1.0, 2.0, 3.0, 4.0], axis=[-1]),
    layer("s", "Softmax", "n", axis=-1),
    layer("r", "ReLU", "d", max_value=6.0, negative_slope=0.0, threshold=0.0),
    layer("j", "Concatenate", "s", "r", axis=-1),
    layer("h", "TimeDistributed", "j", layer=layer("inner", "Dense", units=3, use_bias=False, activation="tanh")),
    layer("f", "Reshape", "j", target_shape=[2, 4]),
    layer("e", "Embedding", "f", input_dim=9, output_dim=2, mask_zero=True),
    layer("y", "Add", "s", "r"),
)
ODD = [None, True, -1, 0, 10**30, 1.5, "", "x", "softmax", [], [[]], {}, {"class_name": "x"}, ["x", 0, 0], "\ud800"]


def places(value, path=()):
    """Every place in nested lists and dicts."""
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


def changed(value, path, new):
    made = copy.deepcopy(value)
    at = made
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = new
    return made


@pytest.mark.parametrize("seed", range(4))
def test_configs_with_odd_values_never_crash(inferred, seed):
    rng = random.Random(seed)
    everywhere = [path for path in places(WHOLE) if path]
    looked_at = 0
    for _ in range(120):
        made = WHOLE
        for _ in range(rng.randint(1, 3)):
            path = rng.choice(everywhere)
            try:
                made = changed(made, path, rng.choice(ODD))
            except (KeyError, IndexError, TypeError):
                continue
        try:
            found = inferred(made)
        except SigcheckError:
            continue
        looked_at += 1
        assert len(found.signatures) <= 1
    assert looked_at >= 40
