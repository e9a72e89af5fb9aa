"""TensorFlow.js models as its converters and its own `save` have written them."""

from __future__ import annotations

import json

import pytest

from sigcheck.readers import read
from sigcheck.readers.tfjs import signature as tfjs
from sigcheck.schema.errors import SourceError


def info(name, dtype="DT_FLOAT", *sizes, **shape):
    return {"name": name, "dtype": dtype, "tensorShape": shape or {"dim": [{"size": size} for size in sizes]}}


NODES = [
    {
        "name": "x",
        "op": "Placeholder",
        "attr": {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": {"dim": [{"size": "-1"}, {"size": "4"}]}}},
    },
    {"name": "k", "op": "Const"},
    {
        "name": "rate",
        "op": "PlaceholderWithDefault",
        "input": ["k"],
        "attr": {"dtype": {"type": 1}, "shape": {"shape": {}}},
    },
    {"name": "mul", "op": "Mul", "input": ["x:0", "rate"]},
    {"name": "side", "op": "Relu", "input": ["x", "^mul"]},
    {"name": "unused", "op": "Const"},
]
SIGNATURE = {
    "inputs": {"x": info("x:0", "DT_FLOAT", "-1", "4"), "n:0": info("n:0", "DT_INT32")},
    "outputs": {
        "scores": info("Identity:0", "DT_HALF", -1, 3),
        "any": info("any", 7, unknownRank=True),
        "empty": info("empty", "DT_DOUBLE", "0"),
        "late": {"name": "late:1"},
    },
}
LAYERS = {
    "class_name": "Sequential",
    "config": {
        "name": "s",
        "layers": [
            {
                "class_name": "Dense",
                "config": {"name": "d", "units": 2, "batch_input_shape": [None, 7], "dtype": "float32"},
            }
        ],
    },
}


@pytest.fixture
def write(tmp_path):
    def write(data):
        path = tmp_path / "model.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data))
        return path

    return write


def texts(source):
    signature = read(source).signatures[0]
    return [str(one) for one in signature.inputs], [str(one) for one in signature.outputs]


EXPECTED = (
    ["x: float32[?, 4]", "n: int32[]"],
    ["scores: float32[?, 3]", "any: string[*]", "empty: float32[0]", "late: unknown[*]"],
)


@pytest.mark.parametrize("place", ["signature", "userDefinedMetadata"])
def test_the_places_of_a_signature(write, place):
    given = {"signature": SIGNATURE} if place == "signature" else {place: {"signature": SIGNATURE}}
    path = write({"format": "graph-model", "modelTopology": {"node": NODES}, **given})
    assert texts(path) == EXPECTED
    found = read(path)
    assert found.signatures[0].key == "default"
    assert found.signatures[0].outputs[0].parts == ("Identity:0",)
    assert found.signatures[0].inputs[0].parts == ()
    assert [note.place for note in found.notes] == ["late", "scores", "empty"]


@pytest.mark.parametrize("dtype", ["DT_UINT8", "DT_INT8", "DT_INT64", 4])
def test_whole_numbers_are_taken_as_int32_and_the_note_says_so(write, dtype):
    """https://github.com/tensorflow/tfjs/issues/7004 and 3107: other inputs are refused when the model runs."""
    placeholder = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": dtype}, "shape": {"shape": {}}}}
    signature = {"inputs": {"x": info("x", dtype)}, "outputs": {"y": info("y", "DT_INT32")}}
    for data in (
        {"modelTopology": {"node": [placeholder]}, "signature": signature},
        {"modelTopology": {"node": [placeholder]}},
    ):
        model = read(write(data))
        assert str(model.signatures[0].inputs[0]) == "x: int32[]"
        (note,) = (note for note in model.notes if note.place == "x")
        assert "which TensorFlow.js does not have: it takes and gives int32 in its place" in note.message


def test_an_empty_signature_is_passed_over_for_the_other(write):
    data = {"modelTopology": {"node": NODES}, "signature": {}, "userDefinedMetadata": {"signature": SIGNATURE}}
    assert texts(write(data)) == EXPECTED


def test_without_a_signature_outputs_are_likely_names(write):
    path = write({"format": "graph-model", "modelTopology": {"node": NODES}})
    assert texts(path) == (["x: float32[?, 4]", "rate: float32[]"], ["side: unknown[*]"])
    assert [one.optional for one in read(path).signatures[0].inputs] == [False, True]
    assert "no signature" in read(path).notes[0].message


@pytest.mark.parametrize("topology", [LAYERS, {"keras_version": "2.4.0", "model_config": LAYERS}])
def test_layers_models(write, topology):
    assert texts(write({"format": "layers-model", "modelTopology": topology})) == (
        ["d_input: float32[?, 7]"],
        ["d: float32[?, 2]"],
    )


def test_a_folder_is_read_through_its_model_json(write, tmp_path):
    write({"modelTopology": {"node": NODES}, "signature": SIGNATURE})
    assert texts(tmp_path) == EXPECTED


def test_other_json_is_not_taken_for_one(write):
    with pytest.raises(SourceError):
        read(write({"modelTopologies": 1}))


@pytest.mark.parametrize(
    "data",
    [
        '{"modelTopology"',
        '{"modelTopology": ' + "[" * 100_000,
        {"modelTopology": None},
        {"modelTopology": []},
        {"modelTopology": {"node": [{}]}},
        {
            "modelTopology": {"node": NODES},
            "signature": {"inputs": {"x": {"tensorShape": {"dim": [{"size": "many"}]}}}},
        },
        {"modelTopology": {"node": NODES}, "signature": {"inputs": {"x": info("x", "DT_FLOAT", *["1"] * 10_000)}}},
    ],
)
def test_broken_files_are_the_one_error(write, data):
    with pytest.raises(SourceError, match=r"model\.json"):
        read(write(data))


def test_a_file_that_is_too_large_is_refused_unread(write, monkeypatch):
    path = write({"modelTopology": {"node": NODES}, "signature": SIGNATURE})
    monkeypatch.setattr(tfjs, "MAX_BYTES", 100)
    with pytest.raises(SourceError, match="of JSON, expected at most"):
        read(path)
