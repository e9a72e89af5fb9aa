"""TensorFlow.js graph models in the common view, written by hand."""

from __future__ import annotations

import base64
import json
import random
import struct

import pytest

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from sigcheck.schema.errors import SigcheckError

FLOAT = {"type": "DT_FLOAT"}


def node(name, op, *inputs, **attributes):
    return {"name": name, "op": op, "input": list(inputs), "attr": {"T": FLOAT, **attributes}}


def texts(*values):
    return {"list": {"s": [base64.b64encode(value.encode()).decode() for value in values]}}


X = node("x", "Placeholder", dtype=FLOAT, shape={"shape": {"dim": [{"size": "-1"}, {"size": "4"}]}})


def info(name, dtype="DT_FLOAT", *sizes):
    return {"name": f"{name}:0", "dtype": dtype, "tensorShape": {"dim": [{"size": str(size)} for size in sizes]}}


def weight(name, *shape, dtype="float32", **more):
    return {"name": name, "shape": list(shape), "dtype": dtype, **more}


@pytest.fixture
def claims(tmp_path):
    """The claims about the input `x` and the output `y`: {name: {claim: (value, tier, reason)}}."""

    def find(*nodes, weights=(), files=None, x=None):
        files = files or {}
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        model = {
            "modelTopology": {"node": [X, *nodes]},
            "weightsManifest": [{"paths": list(files), "weights": list(weights)}],
            "signature": {
                "inputs": {"x": x or info("x", "DT_FLOAT", -1, 4)},
                "outputs": {"y": info("y", "DT_FLOAT", -1, 4)},
            },
        }
        (tmp_path / "model.json").write_text(json.dumps(model))
        found = infer(Source.parse(str(tmp_path)), read(tmp_path))
        (signature,) = found.signatures
        ends = (*signature.inputs, *signature.outputs)
        return {end.name: {one.name: (one.value, one.tier, one.reason) for one in end.inferred} for end in ends}

    return find


@pytest.mark.parametrize(
    ("fused", "expected"),
    [
        (("BiasAdd", "Relu6"), {"range": ((0.0, 6.0), "proved", "Relu6")}),
        (("BiasAdd",), {"linear": (True, "proved", "MatMul: no bound")}),
        ((), {"linear": (True, "proved", "MatMul: no bound")}),
        (("BiasAdd", "Prelu"), {}),
        (("Relu6", "Elu"), {}),
        (("Sigmoid",), {"range": ((0.0, 1.0), "proved", "Sigmoid")}),
    ],
)
def test_a_fused_product(claims, fused, expected):
    product = node("y", "_FusedMatMul", "x", "w", "b", fused_ops=texts(*fused))
    found = claims(product, node("w", "Const"), node("b", "Const"), weights=[weight("w", 4, 4), weight("b", 4)])
    assert found["y"] == expected


def test_a_scaling_from_weights_that_lie_in_two_files(claims):
    data = struct.pack("<2f", 1 / 127.5, 1.0)
    nodes = (node("s", "Const"), node("o", "Const"), node("m", "Mul", "x", "s"), node("d", "Sub", "m:0", "o"))
    found = claims(
        *nodes,
        node("y", "Relu", "d"),
        weights=[weight("s"), weight("o", 1)],
        files={"a.bin": data[:5], "b.bin": data[5:]},
    )
    assert found["x"]["range"] == ((0.0, 255.0), "convention", "Mul 0.00784314, then Sub 1")


@pytest.mark.parametrize(
    ("told", "data", "expected"),
    [
        ({"dtype": "float32", "quantization": {"dtype": "uint8", "scale": 0.5, "min": -1.0}}, b"\x07", 2.5),
        ({"dtype": "float32", "quantization": {"dtype": "float16"}}, struct.pack("<e", 0.25), 0.25),
        ({"dtype": "int32"}, struct.pack("<i", 3), 3.0),
        ({"dtype": "string"}, b"\x01\x00\x00\x00a", None),
        ({"dtype": "float32"}, b"\x00", None),
        ({"dtype": "float32"}, struct.pack("<f", float("nan")), None),
    ],
)
def test_a_weight(claims, told, data, expected):
    found = claims(
        node("s", "Const"),
        node("y", "Minimum", "t", "s"),
        node("t", "Tanh", "x"),
        node("z", "Neg", "s"),
        weights=[{**weight("s"), **told}],
        files={"a.bin": data},
    )
    assert found["y"].get("range", [None])[0] == (None if expected is None else (-1.0, expected))


@pytest.mark.parametrize(
    "path", ["../outside.bin", "/etc/hostname", "a/../../outside.bin", "gone.bin", "http://x/y", ""]
)
def test_weights_that_are_not_beside_the_model_are_not_read(claims, tmp_path, path):
    (tmp_path.parent / "outside.bin").write_bytes(struct.pack("<f", 0.5))
    model = {"paths": [path], "weights": [weight("s")]}
    claims(node("s", "Const"), node("y", "Minimum", "t", "s"), node("t", "Relu6", "x"))
    file = tmp_path / "model.json"
    data = json.loads(file.read_text())
    file.write_text(json.dumps({**data, "weightsManifest": [model]}))
    found = infer(Source.parse(str(file)), read(file))
    assert found.signatures[0].outputs[0].inferred == ()


def test_ids_are_below_the_rows_of_the_table(claims):
    table = node("t", "Const")
    nodes = (table, node("a", "Const"), node("i", "Cast", "x", SrcT=FLOAT, DstT={"type": 3}))
    weights = [weight("t", 30, 2), weight("a", dtype="int32")]
    files = {"w.bin": bytes(244)}
    found = claims(*nodes, node("y", "GatherV2", "t", "i", "a", batch_dims={"i": "0"}), weights=weights, files=files)
    assert found["x"]["id_count"] == (30, "proved", "GatherV2 from a table of 30 rows")


@pytest.mark.parametrize(
    "nodes",
    [
        (node("y", "Minimum", "y", "y"),),
        (node("y", "Minimum", "z", "x"), node("z", "Maximum", "y", "x")),
        (node("y", "Minimum", "gone", "x:9"),),
        (node("y", "Minimum", "x", "x:" + "9" * 5000),),
        (node("y", "LeakyRelu", "x", alpha={"f": "NaN"}),),
        (node("y", "StatelessWhile", "x"),),
        (node("y", "ClipByValue", "x", "x", "x"),),
    ],
)
def test_graphs_that_are_odd_claim_nothing(claims, nodes):
    assert claims(*nodes)["y"] == {}


def test_a_layers_model_is_a_keras_config(tmp_path):
    dense = {"name": "d", "units": 2, "use_bias": True, "activation": "softmax", "batch_input_shape": [None, 7]}
    config = {"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense", "config": dense}]}}
    (tmp_path / "model.json").write_text(json.dumps({"modelTopology": {"model_config": config}}))
    found = infer(Source.parse(str(tmp_path)), read(tmp_path))
    (output,) = found.signatures[0].outputs
    assert {one.name: one.value for one in output.inferred} == {"range": (0.0, 1.0), "meaning": "probabilities"}


def test_mutated_models_are_survived(tmp_path):
    relu = node("y", "_FusedConv2D", "x", "w", fused_ops=texts("Relu6"), strides={"list": {"i": ["1", "1"]}})
    model = {
        "modelTopology": {"node": [X, node("w", "Const"), relu]},
        "weightsManifest": [{"paths": ["w.bin"], "weights": [weight("w", 2, 2, 1, 1)]}],
        "signature": {"inputs": {"x": info("x")}, "outputs": {"y": info("y", "DT_FLOAT", 1)}},
    }
    (tmp_path / "w.bin").write_bytes(bytes(16))
    path = tmp_path / "model.json"
    seed = json.dumps(model)
    path.write_text(seed)
    source, whole = Source.parse(str(path)), read(path)
    assert infer(source, whole).signatures[0].outputs[0].inferred
    generator, refused = random.Random(4), 0
    for _ in range(400):
        at = generator.randrange(2, len(seed))
        put = generator.choice(['"', "[", "{", "null", "-1", "9" * 30, "", "\\u0000", "true", "x"])
        path.write_text(seed[:at] + put + seed[at + generator.randint(0, 8) :])
        assert infer(source, whole).reader == "tfjs"
        try:
            infer(source, read(path))
        except SigcheckError:
            refused += 1
    assert 0 < refused < 400
