"""Frozen graphs: inputs, outputs, and not to be mistaken for a SavedModel, nor the other way round."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from sigcheck.api import check
from sigcheck.readers import read
from sigcheck.readers.folder import find_models
from sigcheck.schema.errors import SourceError, UsageError
from tests.readers.written_models import encode, length_field, shape, varint


def node(name: str, op: str, *inputs: str, **attributes: Any) -> dict[str, Any]:
    return {"name": name, "op": op, "input": list(inputs), "attr": attributes}


def placeholder(name: str, dtype: int, *sizes: int, op: str = "Placeholder") -> dict[str, Any]:
    return node(name, op, dtype={"type": dtype}, shape={"shape": shape(*sizes)})


GRAPH = {
    "node": [
        placeholder("x", 1, -1, 4),
        placeholder("rate", 1, op="PlaceholderWithDefault"),
        node("unknown", "Placeholder", dtype={"type": 3}, shape={"shape": {"unknown_rank": True}}),
        node("w", "Const", dtype={"type": 1}),
        node("dangling", "Const", dtype={"type": 1}),
        node("mul", "MatMul", "x", "w", T={"type": 1}),
        node("probs", "Softmax", "mul:0", T={"type": 1}),
        node("class", "ArgMax", "probs", "w", output_type={"type": 9}),
        node("half", "Cast", "unknown", "^mul", DstT={"type": 19}),
        node("custom", "MyOp", "probs:1", _output_shapes={"list": {"shape": [shape(-1, 2), shape(7)]}}),
        node("init", "NoOp", "^custom"),
    ],
    "versions": {"producer": 1882},
}


def write(folder: Path, graph: dict[str, Any] | bytes = GRAPH, name: str = "graph.pb") -> Path:
    file = folder / name
    file.write_bytes(graph if isinstance(graph, bytes) else encode("GraphDef", graph))
    return file


def outputs(source: object) -> list[str]:
    (signature,) = read(source).signatures
    return [str(one) for one in signature.outputs]


def test_placeholders_are_inputs_and_terminal_tensors_outputs(tmp_path: Path) -> None:
    model = read(write(tmp_path))
    (signature,) = model.signatures
    assert (model.reader, signature.key) == ("frozen_graph", "default")
    assert [(str(one), one.optional) for one in signature.inputs] == [
        ("x: float32[?, 4]", False),
        ("rate: float32[]", True),
        ("unknown: int32[*]", False),
    ]
    assert [str(one) for one in signature.outputs] == ["class: int64[*]", "half: float16[*]"]
    assert [note.place for note in model.notes] == ["outputs", "outputs"]
    assert "no other node reads" in model.notes[0].message


def test_outputs_by_name(tmp_path: Path) -> None:
    file = write(tmp_path)
    assert outputs(f"{file}#output=probs,custom:1") == ["probs: float32[*]", "custom:1: unknown[7]"]
    assert outputs(f"{file}#output=custom,custom") == ["custom: unknown[?, 2]"]
    with pytest.raises(UsageError, match="no node 'prob'; it has 'probs'"):
        read(f"{file}#output=prob")


def test_a_scalar_of_an_old_graph_is_unknown(tmp_path: Path) -> None:
    graph = {"node": [placeholder("x", 1)], "versions": {"producer": 23}}
    assert str(read(write(tmp_path, graph)).signatures[0].inputs[0]) == "x: float32[*]"


def test_weights_are_stepped_over(tmp_path: Path) -> None:
    weights = length_field(1, b"w") + length_field(2, b"Const") + length_field(5, b"\xff" * 2**20)
    data = encode("GraphDef", {"node": [placeholder("x", 1, 2)]}) + length_field(1, weights)
    data += encode("GraphDef", {"node": [node("y", "Relu", "x", "w", T={"type": 1})]})
    assert outputs(write(tmp_path, data)) == ["y: float32[*]"]


def test_a_fingerprint_is_neither(tmp_path: Path) -> None:
    data = varint(8) + varint(2**63 + 5) + varint(16) + varint(2**62) + varint(24) + varint(12345)
    with pytest.raises(SourceError, match="not a model"):
        read(write(tmp_path, data, "fingerprint.pb"))


def test_a_frozen_graph_under_the_name_of_a_saved_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="without a meta graph"):
        read(write(tmp_path, name="saved_model.pb"))


def test_text(tmp_path: Path) -> None:
    text = """node {
      name: "x" op: "Placeholder"
      attr { key: "dtype" value { type: DT_FLOAT } }
      attr { key: "shape" value { shape { dim { size: -1 } dim { size: 3 } } } }
    }
    node { name: "w" op: "Const" attr { key: "value" value { tensor { float_val: [1.5, -inf] string_val: "}" } } } }
    node { name: 'y' op: "Re" "lu" input: ["x"] attr { key: "T" value { type: DT_FLOAT } } }  # the end
    versions { producer: 987 }
    """
    file = write(tmp_path, text.encode(), "graph.pbtxt")
    assert [str(one) for one in read(file).signatures[0].inputs] == ["x: float32[?, 3]"]
    assert outputs(file) == ["y: float32[*]"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('node {\n name: "x"\n op: 3 }', "line 3: '3' instead of a text in quotes"),
        ('node { name: "x"', "line 1: '' instead of a field"),
        ("# a comment\nversions { producer: 1 }", "a graph without nodes"),
        ("# a comment\nversion { }}", "line 2: '}' instead of a field"),
        ("node { unknown {", "the text ends inside of a message"),
        ("node { } }", "'}' instead of a field"),
        ('node { attr { key: "a" value { type: "x" } } }', "instead of a whole number"),
        ("node { \x01 }", "a character that has no place there"),
        ("node { " + "unknown { " * 50_000, "the text ends"),
    ],
)
def test_what_is_wrong_in_a_text_is_named_by_its_line(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(write(tmp_path, text.encode(), "graph.pbtxt"))
    assert expected in str(caught.value)


def test_no_mutation_does_more_than_the_one_error(tmp_path: Path) -> None:
    data = encode("GraphDef", GRAPH)
    generator = random.Random(3)
    refused = 0
    for _ in range(300):
        mutated = bytearray(data)
        for _ in range(generator.randint(1, 4)):
            mutated[generator.randrange(len(mutated))] = generator.randrange(256)
        try:
            read(write(tmp_path, bytes(mutated[: generator.randint(1, len(mutated))])))
        except SourceError:
            refused += 1
    assert 50 < refused < 300


@pytest.mark.tensorflow
def test_a_graph_written_by_tensorflow(tmp_path: Path) -> None:
    import tensorflow as tf

    v1 = tf.compat.v1
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, 4], name="x")
        scalar = v1.placeholder(tf.float32, [], name="scalar")
        ids = v1.placeholder(tf.int32, name="ids")
        weights = tf.constant([[0.5] * 5_000] * 4)
        tf.argmax(tf.nn.softmax(tf.matmul(x, weights) * scalar, name="probs"), 1, name="class")
        tf.cast(ids, tf.float16, name="half")
        tf.constant(3, name="dangling")
    for data, name in (
        (graph.as_graph_def().SerializeToString(), "graph.pb"),
        (str(graph.as_graph_def()).encode(), "graph.pbtxt"),
    ):
        file = write(tmp_path, data, name)
        assert [str(one) for one in read(file).signatures[0].inputs] == [
            "x: float32[?, 4]",
            "scalar: float32[]",
            "ids: int32[*]",
        ]
        assert outputs(file) == ["class: int64[*]", "half: float16[*]"]
    shaped = write(tmp_path, graph.as_graph_def(add_shapes=True).SerializeToString(), "shaped.pb")
    assert outputs(f"{shaped}#output=probs,class") == ["probs: float32[?, 5000]", "class: int64[?]"]
    assert [found.path.name for found in find_models(tmp_path)] == ["graph.pb", "graph.pbtxt", "shaped.pb"]


def defaulted(*more: dict[str, Any]) -> dict[str, Any]:
    """A graph whose input `x` has a default that is computed from `raw`."""
    nodes = [
        placeholder("raw", 4, -1, 4),
        node("cast", "Cast", "raw", DstT={"type": 1}),
        node("x", "PlaceholderWithDefault", "cast", dtype={"type": 1}, shape={"shape": shape(-1, 4)}),
        node("y", "Relu", "x", T={"type": 1}, _output_shapes={"list": {"shape": [shape(-1, 4)]}}),
    ]
    return {"node": [*nodes, *more], "versions": {"producer": 1882}}


def test_what_only_a_default_needs_says_so(tmp_path: Path) -> None:
    model = read(write(tmp_path, defaulted()))
    assert [(one.name, one.optional, one.unless_fed) for one in model.signatures[0].inputs] == [
        ("raw", False, ("x",)),
        ("x", True, ()),
    ]
    assert "only the default of x needs it" in model.notes[-1].message


@pytest.mark.parametrize(
    "more",
    [
        node("z", "Relu", "cast", T={"type": 1}),
        node("z", "Identity", "y", "^raw", T={"type": 1}),
        node("z", "Relu", "nowhere", T={"type": 1}),
    ],
)
def test_what_an_output_needs_as_well_is_needed(tmp_path: Path, more: dict[str, Any]) -> None:
    inputs = read(write(tmp_path, defaulted(more))).signatures[0].inputs
    assert [one.unless_fed for one in inputs] == [(), ()]


def test_it_is_missing_only_where_the_default_is_used(tmp_path: Path) -> None:
    file = write(tmp_path, defaulted())
    fed = {"inputs": {}, "outputs": {"x": "float32[?, 4]"}}
    given = tmp_path / "given.json"
    given.write_text(json.dumps(fed), encoding="utf-8")
    assert check(given, file, verify="typed").result.verdict == "fits"
    given.write_text(json.dumps({"inputs": {}, "outputs": {"raw": "uint8[?, 4]"}}), encoding="utf-8")
    assert check(given, file, verify="typed").result.verdict == "fits"
    given.write_text(json.dumps({"inputs": {}, "outputs": {"a": "float32[?, 4]", "b": "string[]"}}), encoding="utf-8")
    assert check(given, file, verify="typed").result.verdict != "fits"
