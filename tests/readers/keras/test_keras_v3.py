"""`.keras` files as they should be and as they should not."""

from __future__ import annotations

import json
import random
import time
import tracemalloc
import zipfile

import pytest

from sigcheck.readers import read
from sigcheck.readers.keras.config import inference
from sigcheck.schema.errors import SourceError


def dense(name, source, units=3, **changes):
    tensor = {"shape": [None, 4], "dtype": "float32", "keras_history": [source, 0, 0]}
    layer = {
        "module": "keras.layers",
        "class_name": "Dense",
        "registered_name": None,
        "name": name,
        "config": {"name": name, "units": units, "dtype": "float32"},
        "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": tensor}], "kwargs": {}}],
    }
    return layer | changes


def input_layer(name="x", **config):
    given = {"batch_shape": [None, 4], "dtype": "float32", "sparse": False, "ragged": False, "name": name} | config
    return {
        "module": "keras.layers",
        "class_name": "InputLayer",
        "registered_name": None,
        "name": name,
        "config": given,
        "inbound_nodes": [],
    }


def functional(layers, inputs, outputs, **changes):
    config = {"name": "m", "layers": layers, "input_layers": inputs, "output_layers": outputs}
    model = {"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional"}
    return model | {"config": config} | changes


SIMPLE = functional([input_layer(), dense("y", "x")], ["x", 0, 0], ["y", 0, 0])


def write(path, config=SIMPLE):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", config if isinstance(config, str | bytes) else json.dumps(config))
        archive.writestr("model.weights.h5", b"")
    return path


def show(path):
    model = read(path)
    return [[str(one) for one in side] for one in model.signatures for side in (one.inputs, one.outputs)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "m.keras"


def test_inputs_and_outputs_under_the_default_key(path):
    model = read(write(path))
    assert [one.key for one in model.signatures] == ["default"]
    assert show(path) == [["x: float32[?, 4]"], ["y: float32[?, 3]"]]
    assert model.reader == "keras"


def test_a_zip_with_a_config_is_read_under_any_name(tmp_path):
    assert show(write(tmp_path / "model.zip")) == [["x: float32[?, 4]"], ["y: float32[?, 3]"]]


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        (["x", 0, 0], ["x", None]),
        ([["z", 0, 0], ["x", 0, 0]], ["z", "x"]),
        ({"second": ["z", 0, 0], "first": ["x", 0, 0]}, ["first", "second"]),
        ([{"k": ["z", 0, 0]}, [["x", 0, 0]]], ["z", "x"]),
    ],
)
def test_the_nestings_of_input_layers(path, inputs, names):
    layers = [input_layer("x"), input_layer("z"), dense("y", "x")]
    write(path, functional(layers, inputs, [["y", 0, 0]]))
    assert [one.name for one in read(path).signatures[0].inputs] == [name for name in names if name]


def test_sparse_ragged_and_optional_inputs(path):
    layers = [
        input_layer("s", sparse=True),
        input_layer("r", ragged=True, batch_shape=[None, None, 4], dtype="int32"),
        input_layer("o", optional=True),
    ]
    ends = [["s", 0, 0], ["r", 0, 0], ["o", 0, 0]]
    signature = read(write(path, functional(layers, ends, ends[:2]))).signatures[0]
    assert [str(one) for one in signature.inputs] == [
        "s: sparse float32[?, 4]",
        "r: ragged int32[?, None, 4]",
        "o: float32[?, 4]",
    ]
    assert [one.optional for one in signature.inputs] == [False, False, True]


def test_a_custom_class_of_a_known_name_has_no_rule(path):
    custom = dense("y", "x", module="shop.layers", registered_name="shop>Dense")
    model = read(write(path, functional([input_layer(), custom], ["x", 0, 0], ["y", 0, 0])))
    assert str(model.signatures[0].outputs[0]) == "y: unknown[*]"
    assert "--load" in model.notes[0].message


def test_a_rule_that_the_file_refutes_is_not_used(path):
    """The record of `a` says 5 units where the rule says 3: `Dense` of that Keras is another one."""
    tail = dense("b", "a")
    tail["inbound_nodes"][0]["args"][0]["config"]["shape"] = [None, 5]
    model = read(write(path, functional([input_layer(), dense("a", "x"), tail], ["x", 0, 0], ["b", 0, 0])))
    assert str(model.signatures[0].outputs[0]) == "b: unknown[*]"
    assert "contradict the rule" in model.notes[0].message


def test_a_subclassed_model_has_no_signature_and_says_how_it_was_built(path):
    config = {"module": "shop", "class_name": "Shop", "config": {}, "build_config": {"input_shape": [3, 4]}}
    model = read(write(path, config))
    assert model.signatures == ()
    assert "input_shape [3, 4]" in model.notes[0].message


def test_code_in_a_config_is_not_run(path, tmp_path):
    planted = tmp_path / "planted"
    layer = dense("y", "x")
    layer["class_name"] = "Lambda"
    source = f"open({str(planted)!r}, 'w')"
    layer["config"] = {"name": "y", "function": {"class_name": "__lambda__", "config": {"code": source}}}
    layer["module"] = "os"
    layer["config"]["dtype"] = {"module": "builtins", "class_name": "eval", "config": {"name": source}}
    assert show(write(path, functional([input_layer(), layer], ["x", 0, 0], ["y", 0, 0])))[1] == ["y: unknown[*]"]
    assert not planted.exists()


def nested(depth, calls=2):
    """Models in models, each called several times on an input of another size than its own."""
    layers, last = [input_layer("x", batch_shape=[None, None]), dense("y", "x")], "y"
    for level in range(depth):
        inner = functional(layers, ["x", 0, 0], [last, 0, 0])
        inner |= {"name": "inner", "inbound_nodes": dense("_", "x")["inbound_nodes"]}
        chain = [inner]
        for call in range(calls - 1):
            node = dense("_", "inner")["inbound_nodes"]
            node[0]["args"][0]["config"] = {"shape": [None, level + call], "keras_history": ["inner", call + 1, 0]}
            inner["inbound_nodes"] = [*inner["inbound_nodes"], *node]
        layers, last = [input_layer("x", batch_shape=[None, None]), *chain], "inner"
    return functional(layers, ["x", 0, 0], [[last, calls, 0]])


def test_models_nested_too_deep_are_an_error(path):
    with pytest.raises(SourceError, match="nested"):
        read(write(path, nested(70, calls=1)))


def test_calls_are_bounded(path, monkeypatch):
    monkeypatch.setattr(inference, "MAX_CALLS", 10)
    chain = [dense(f"d{number}", f"d{number - 1}" if number else "x", units=4) for number in range(20)]
    with pytest.raises(SourceError, match="more than 10 calls"):
        read(write(path, functional([input_layer(), *chain], ["x", 0, 0], ["d19", 0, 0])))


def test_models_that_call_each_other_many_times_are_read_in_time(path):
    started = time.monotonic()
    read(write(path, nested(50, calls=4)))
    assert time.monotonic() - started < 5


def test_a_layer_that_feeds_itself_is_unknown(path):
    layers = [input_layer(), dense("a", "b"), dense("b", "a")]
    for layer in layers[1:]:
        del layer["inbound_nodes"][0]["args"][0]["config"]["shape"]
    model = read(write(path, functional(layers, ["x", 0, 0], ["b", 0, 0])))
    assert model.signatures[0].outputs[0].spec.dtype in {None, "float32"}


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ("", "broken"),
        ("{", "broken"),
        ("[" * 100_000, "nested too deep"),
        ("null", "no serialized Keras model"),
        ("[]", "no serialized Keras model"),
        ({"class_name": "Functional"}, "no serialized Keras model"),
        (functional([{}], [], []), "broken"),
        (functional([input_layer(), input_layer()], ["x", 0, 0], []), "two layers are named 'x'"),
        (functional([input_layer()], ["x"], ["x", 0, 0]), "no tensor in"),
        (b"\xff\xfe{", "broken"),
    ],
)
def test_configs_that_are_none(path, config, problem):
    with pytest.raises(SourceError, match=problem):
        read(write(path, config))


@pytest.mark.parametrize("value", [-1, 2**70, "3", None, True, [], {}, 1e9, 10**400])
def test_settings_that_cannot_be_are_unknown_or_refused(path, value):
    layers = [input_layer(), dense("y", "x", units=value)]
    try:
        found = read(write(path, functional(layers, ["x", 0, 0], ["y", 0, 0])))
    except SourceError:
        return
    assert found.signatures[0].outputs[0].spec.shape in {None, (None, None)}


def test_a_zip_bomb_is_refused_in_little_memory(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("config.json", "w") as member:
        for _ in range(200):
            member.write(b" " * (1 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="more than 16 MiB"):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()


def test_a_zip_of_many_members_is_refused(path):
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), b"")
    with pytest.raises(SourceError, match="more than 10000 members"):
        read(path)


def test_a_zip_that_is_no_keras_file(tmp_path):
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other.txt", "")
    with pytest.raises(SourceError, match=r"without config\.json"):
        read(path)


def test_a_shape_of_ten_thousand_axes_is_unknown(path):
    layers = [input_layer(batch_shape=[1] * 10_000), dense("y", "x")]
    model = read(write(path, functional(layers, ["x", 0, 0], ["y", 0, 0])))
    assert str(model.signatures[0].inputs[0]) == "x: float32[*]"


def test_mutated_files_give_a_model_or_the_one_error(path):
    seed = write(path, nested(2)).read_bytes()
    plain = json.dumps(nested(2)).encode()
    random.seed(1)
    started = time.monotonic()
    outcomes = set()
    for round_number in range(400):
        data = bytearray(seed if round_number % 2 else plain)
        for _ in range(random.randint(1, 6)):
            position = random.randrange(len(data))
            if random.random() < 0.2:
                del data[position : position + random.randint(1, 40)]
            else:
                data[position] = random.choice(b'0123456789"[]{},:-eE\x00\xff') if random.random() < 0.7 else 0x80
        if round_number % 2:
            path.write_bytes(data)
        else:
            write(path, bytes(data))
        try:
            read(path)
            outcomes.add("read")
        except SourceError:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}
    assert time.monotonic() - started < 30


def custom(name, source, **changes):
    """A layer of a class that is not Keras' own."""
    told = {"module": "mine.layers", "class_name": "Mine", "registered_name": "Mine", "config": {"name": name}}
    return dense(name, source) | told | changes


def without_records(layer):
    """The layer as Keras 2 writes it, without what its inputs are."""
    before = layer["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0]
    return layer | {"inbound_nodes": [[[before, 0, 0, {}]]]}


def behind(kind, config, **changes):
    """A layer of Keras behind one of which nothing is known, and a Dense behind that."""
    layer = dense("k", "c") | {"class_name": kind, "config": {"name": "k", "dtype": "float32", **config}}
    layers = [input_layer(), custom("c", "x"), layer, dense("y", "k")]
    return functional([layers[0], *map(without_records, layers[1:])], ["x", 0, 0], ["y", 0, 0], **changes)


@pytest.mark.parametrize(
    ("kind", "config", "spec"),
    [
        ("Flatten", {}, "float32[?, 3]"),
        ("GlobalAveragePooling1D", {}, "float32[?, 3]"),
        ("GlobalMaxPooling2D", {}, "float32[?, 3]"),
        ("GlobalMaxPooling2D", {"keepdims": True}, "float32[?, 1, 1, 3]"),
        ("MaxPooling1D", {"pool_size": [2], "strides": [2], "padding": "valid"}, "float32[?, ?, 3]"),
        ("LSTM", {"units": 7, "return_sequences": False, "return_state": False}, "float32[?, 3]"),
        # Of ragged steps a whole sequence is ragged; a Dense keeps whatever it is fed.
        ("LSTM", {"units": 7, "return_sequences": True, "return_state": False}, "unknown[*]"),
        ("Dense", {"units": 7}, "unknown[*]"),
        ("Dropout", {"rate": 0.5}, "unknown[*]"),
    ],
)
def test_behind_a_custom_layer_is_known_what_layers_of_one_rank_say(path, kind, config, spec):
    (output,) = read(write(path, behind(kind, config))).signatures[0].outputs
    assert str(output.spec) == spec


def test_the_layer_at_which_what_is_known_ends_is_to_blame(path):
    (note,) = read(write(path, behind("Dropout", {"rate": 0.5}))).notes
    assert note.message.startswith("not fully known: behind 'c', a layer of class 'Mine'; ")
    assert note.message.endswith("Read it with --load --import mine.layers, which loads the model with that class.")


def test_of_two_branches_the_one_that_is_lost_is_to_blame(path):
    layers = [input_layer(), dense("a", "x"), custom("c", "a"), custom("d", "x"), dense("y", "d")]
    config = functional([layers[0], *map(without_records, layers[1:])], ["x", 0, 0], ["y", 0, 0])
    (note,) = read(write(path, config)).notes
    assert "behind 'd'" in note.message
