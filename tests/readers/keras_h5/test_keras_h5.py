"""Keras HDF5 files: the forms that Keras 2 wrote, whether Keras 3 loads them or not."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from sigcheck.encodings.content import open_content
from sigcheck.encodings.hdf5_attribute import read_root_attribute
from sigcheck.readers import read
from sigcheck.schema.errors import SourceError


def layer(class_name, name, *calls, **config):
    written = {"class_name": class_name, "config": {"name": name, **config}, "name": name}
    return written | {"inbound_nodes": [list(call) for call in calls]}


def tensor(name, node=0, index=0, **arguments):
    return [name, node, index, arguments]


INPUTS = [
    layer("InputLayer", "x", batch_input_shape=[None, 4], dtype="float32", sparse=False),
    layer("InputLayer", "z", batch_input_shape=[None, 4], dtype="int32", sparse=False),
]


def model(layers, inputs, outputs, class_name="Model"):
    config = {"name": "m", "layers": layers, "input_layers": inputs, "output_layers": outputs}
    return {"class_name": class_name, "config": config}


def sequential(*layers, **config):
    return {"class_name": "Sequential", "config": {"name": "s", "layers": list(layers), **config}}


SIMPLE = model([*INPUTS, layer("Dense", "y", [tensor("x")], units=3)], [["x", 0, 0]], [["y", 0, 0]])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "m.h5"


def write(path, config):
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = config if isinstance(config, str | bytes | int) else json.dumps(config)
        file.attrs["keras_version"] = b"2.2.4"
        file.create_group("model_weights")
    return path


def show(path):
    model = read(path)
    return [[str(one) for one in side] for one in model.signatures for side in (one.inputs, one.outputs)]


def test_the_legacy_class_name_of_a_graph(path):
    assert show(write(path, SIMPLE)) == [["x: float32[?, 4]"], ["y: float32[?, 3]"]]


def test_text_in_bytes_and_under_the_other_name(tmp_path):
    assert show(write(tmp_path / "m.hdf5", json.dumps(SIMPLE).encode()))[1] == ["y: float32[?, 3]"]


def test_a_chain_of_layers_without_records(path):
    layers = [
        layer("InputLayer", "image", batch_input_shape=[None, 32, 32, 3], dtype="float32"),
        layer(
            "Conv2D",
            "c",
            [tensor("image")],
            filters=8,
            kernel_size=[3, 3],
            strides=[2, 2],
            padding="same",
            dilation_rate=[1, 1],
            data_format="channels_last",
        ),
        layer("BatchNormalization", "n", [tensor("c")]),
        layer("Add", "sum", [tensor("n"), tensor("c")]),
        layer("GlobalAveragePooling2D", "pooled", [tensor("sum")]),
        layer("Dense", "scores", [tensor("pooled")], units=10),
    ]
    found = show(write(path, model(layers, [["image", 0, 0]], [["scores", 0, 0], ["sum", 0, 0]])))
    assert found == [["image: float32[?, 32, 32, 3]"], ["scores: float32[?, 10]", "sum: float32[?, 16, 16, 8]"]]


@pytest.mark.parametrize("as_list", [False, True])
def test_a_sequential_names_its_input_after_its_first_layer(path, as_list):
    layers = [
        layer("Dense", "first", batch_input_shape=[None, 7], dtype="float32", units=5),
        layer("Dense", "last", units=2, dtype="float32"),
    ]
    config = sequential(*layers)
    if as_list:
        # Before Keras 2.1.
        config["config"] = layers
    assert show(write(path, config)) == [["first_input: float32[?, 7]"], ["last: float32[?, 2]"]]


def test_a_sequential_that_knows_its_shape_from_a_call_alone(path):
    config = sequential(layer("Dense", "d", units=2), build_input_shape=[None, 7])
    assert show(write(path, config)) == [["d_input: unknown[?, 7]"], ["d: float32[?, 2]"]]


def test_calls_of_nested_models_are_counted_from_the_one_on_their_own_inputs(path):
    inner = model([INPUTS[0], layer("Dense", "y", [tensor("x")], units=3)], [["x", 0, 0]], [["y", 0, 0]], "Functional")
    head = sequential(INPUTS[0] | {"inbound_nodes": []}, layer("Dense", "w", units=6))
    layers = [
        *INPUTS,
        inner | {"name": "inner", "inbound_nodes": [[tensor("x")]]},
        head | {"name": "head", "inbound_nodes": [[tensor("x")]]},
    ]
    ends = [["inner", 1, 0], ["head", 1, 0]]
    assert show(write(path, model(layers, [["x", 0, 0]], ends)))[1] == ["inner: float32[?, 3]", "head: float32[?, 6]"]


def test_mixed_precision_as_keras_2_writes_it(path):
    policy = {"class_name": "Policy", "config": {"name": "mixed_float16"}}
    layers = [INPUTS[0], layer("Dense", "y", [tensor("x")], units=3, dtype=policy)]
    assert show(write(path, model(layers, [["x", 0, 0]], [["y", 0, 0]])))[1] == ["y: float16[?, 3]"]


def test_a_lambda_activation_that_keras_3_refuses_is_read_around(path):
    function = {"class_name": "Lambda", "config": {"code": "4wEAAAAA"}}
    layers = [
        INPUTS[0],
        layer("Lambda", "l", [tensor("x")], function=function),
        layer("Dense", "y", [tensor("l")], units=3, activation=function),
    ]
    found = read(write(path, model(layers, [["x", 0, 0]], [["y", 0, 0]])))
    assert str(found.signatures[0].outputs[0]) == "y: float32[*]"
    assert len(found.notes) == 1


def test_weights_alone_are_no_model(path):
    import h5py

    with h5py.File(path, "w") as file:
        file.create_dataset("weights", data=[1.0])
    with pytest.raises(SourceError, match="not its weights alone"):
        read(path)


@pytest.mark.parametrize("config", ["", "{", "[]", b"\xff", 3, "[" * 50_000])
def test_configs_that_are_none(path, config):
    with pytest.raises(SourceError):
        read(write(path, config))


def test_groups_that_hold_themselves_do_no_harm(path):
    import h5py

    write(path, SIMPLE)
    with h5py.File(path, "a") as file:
        file["model_weights/loop"] = file["/"]
    assert show(path)[1] == ["y: float32[?, 3]"]


@pytest.mark.parametrize("version", ["earliest", "latest"])
@pytest.mark.parametrize("length", [10, 200_000])
def test_every_form_of_hdf5_that_h5py_writes(tmp_path, version, length):
    import h5py

    text = json.dumps({**SIMPLE, "filler": "x" * length})
    for name, value in {"text": text, "bytes": text.encode(), "fixed": np.bytes_(text[:60_000])}.items():
        if name == "fixed" and length > 60_000:
            continue
        path = tmp_path / f"{name}.h5"
        with h5py.File(path, "w", libver=version) as file:
            for other in range(5):
                file.attrs[f"other{other}"] = "y" * other
            file.attrs["model_config"] = value
        with open_content(path) as content:
            assert read_root_attribute(content, "model_config", 1 << 20) == text.encode()
            assert read_root_attribute(content, "other3", 1 << 20) == b"yyy"
            assert read_root_attribute(content, "absent", 1 << 20) is None


def test_mutated_files_give_a_model_or_the_one_error(path):
    seed = write(path, SIMPLE).read_bytes()
    random.seed(2)
    outcomes = set()
    for _ in range(600):
        data = bytearray(seed)
        for _ in range(random.randint(1, 8)):
            data[random.randrange(8, len(data))] = random.choice([0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)])
        if random.random() < 0.2:
            del data[random.randrange(8, len(data)) :]
        path.write_bytes(data)
        try:
            read(path)
            outcomes.add("read")
        except SourceError:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}
