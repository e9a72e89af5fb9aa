"""Signatures that call one function with the same operands are looked at once, and told the same."""

from __future__ import annotations

import pytest

from sigcheck.encodings.source import Source
from sigcheck.inference import infer as stage
from sigcheck.inference import values
from sigcheck.readers import read
from sigcheck.readers.saved_model.graph import open_graphs
from tests.inference.files import written_node
from tests.readers.written_models import encode, length_field, saved_model, tensor


def signature(call, size):
    return {
        "inputs": {"x": {**tensor(1, size), "name": f"{call}_x:0"}},
        "outputs": {"y": {**tensor(1, size), "name": f"{call}:0"}},
    }


def function(name, *nodes):
    written = length_field(1, name) + length_field(2, length_field(1, b"x") + b"\x18\x01")
    written += length_field(3, length_field(1, b"y") + b"\x18\x01")
    result = length_field(4, length_field(1, b"y") + length_field(2, b"b:y:0"))
    return length_field(1, length_field(1, written) + b"".join(length_field(3, one) for one in nodes) + result)


def call(name, function, *inputs):
    """A PartitionedCall of a function."""
    attribute = length_field(1, b"f") + length_field(2, length_field(10, length_field(1, function)))
    return written_node(name, "PartitionedCall", *inputs) + length_field(5, attribute)


def written(folder, inner="Sigmoid", size=2):
    """`one` and `two` call the same inner function by wrappers of their own, `other` another function."""
    names = ("one", "two", "other")
    (meta,) = saved_model(**{name: signature(name, size) for name in names})["meta_graphs"]
    nodes = [written_node(f"{name}_x", "Placeholder") for name in names]
    nodes += [call(name, f"wrap_{name}".encode(), f"{name}_x") for name in names]
    wrapping = [
        function(f"wrap_{name}".encode(), call("c", called, "x"), written_node("b", "Identity", "c:output:0"))
        for name, called in (("one", b"inner"), ("two", b"inner"), ("other", b"plain"))
    ]
    library = [
        *wrapping,
        function(b"inner", written_node("b", inner, "x")),
        function(b"plain", written_node("b", "Neg", "x")),
    ]
    graph = b"".join(length_field(1, node) for node in nodes) + length_field(2, b"".join(library))
    data = encode("MetaGraphDef", meta) + length_field(2, graph)
    (folder / "saved_model.pb").write_bytes(b"\x08\x01" + length_field(2, data))
    return folder


@pytest.fixture
def two(tmp_path):
    return written(tmp_path)


def test_what_is_called_is_told_without_names(two):
    model = read(str(two))
    with open_graphs(Source.parse(str(two))) as graphs:
        calls = {one.key: graphs.call(one) for one in model.signatures}
        lowered = {one.key: [node.op for node in graphs.lower(one).nodes] for one in model.signatures}
    assert calls["one"] == calls["two"] == ("inner", (0,), (0,))
    assert calls["other"] == ("plain", (0,), (0,))
    assert lowered["one"] == lowered["two"] != lowered["other"]


def test_one_of_two_is_lowered_and_both_are_told(two, monkeypatch):
    lowered = []
    model = read(str(two))
    looked_at = values.tell_values
    monkeypatch.setattr(values, "tell_values", lambda graph, one: lowered.append(one.key) or looked_at(graph, one))
    found = stage.infer(Source.parse(str(two)), model)
    assert len(lowered) == 2
    assert "other" in lowered
    told = {one.key: one.outputs[0].inferred for one in found.signatures}
    assert told["one"] == told["two"] != told["other"]


def test_where_sizes_are_lost_is_said_of_both(tmp_path):
    folder = written(tmp_path, inner="Custom", size=-1)
    told = {one.key: one.unfollowed for one in stage.infer(Source.parse(str(folder)), read(str(folder))).signatures}
    assert told == {"one": ("Custom at `b`",), "two": ("Custom at `b`",), "other": ()}
