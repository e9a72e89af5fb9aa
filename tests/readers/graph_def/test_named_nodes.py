"""Frozen graphs of more nodes than are followed: what is named is read, and what is not is said."""

from __future__ import annotations

import tracemalloc

import pytest

from sigcheck.readers import read
from sigcheck.readers.graph_def import named_nodes as graph_named_nodes
from sigcheck.readers.graph_def import nodes as graph_nodes
from sigcheck.schema.errors import SourceError, UsageError
from tests.inference.files import written_node
from tests.readers.frozen_graph.test_frozen_graph import GRAPH, node, outputs, write
from tests.readers.written_models import length_field, varint


@pytest.fixture
def few(monkeypatch):
    """Graphs of more than five nodes are not followed."""
    monkeypatch.setattr(graph_nodes, "MAX_NODES", 5)


def test_named_outputs_and_placeholders_are_read_as_from_a_small_graph(tmp_path, monkeypatch):
    path = write(tmp_path)
    whole = read(f"{path}#output=probs,custom:1,class")
    monkeypatch.setattr(graph_nodes, "MAX_NODES", 5)
    found = read(f"{path}#output=probs,custom:1,class")
    assert found.signatures == whole.signatures
    assert found.notes == whole.notes


def test_without_names_it_is_said_what_it_is_and_what_to_do(few, tmp_path):
    path = write(tmp_path)
    with pytest.raises(SourceError) as caught:
        read(path)
    told = "a graph of more than 5 nodes, expected the names of its outputs. Name them with #output=NAME,NAME."
    assert str(caught.value) == f"{path}: {told}"


def test_a_name_that_is_not_there_is_told(few, tmp_path):
    with pytest.raises(UsageError, match=r"no node 'nothing:1' among 11\. Check the names behind #output="):
        read(f"{write(tmp_path)}#output=probs,nothing:1")


def test_more_nodes_than_are_scanned_are_told(few, tmp_path, monkeypatch):
    monkeypatch.setattr(graph_named_nodes, "MAX_SCANNED", 10)
    with pytest.raises(SourceError, match=r": a graph of more than 10 nodes, more than are read\. Extract the part"):
        read(f"{write(tmp_path)}#output=probs")


def test_more_placeholders_than_a_signature_has_are_told(few, tmp_path, monkeypatch):
    monkeypatch.setattr(graph_named_nodes, "_MAX_KEPT", 3)
    with pytest.raises(SourceError, match=r": a graph with more than 3 inputs, more than are read"):
        read(f"{write(tmp_path)}#output=probs")


def test_a_long_name_and_an_order_that_tensorflow_does_not_write(few, tmp_path):
    long = "n" * 300
    turned = length_field(2, b"Softmax") + length_field(1, b"turned") + length_field(3, b"x")
    path = write(tmp_path, {**GRAPH, "node": [*GRAPH["node"], node(long, "Softmax", "x", T={"type": 1})]})
    path.write_bytes(path.read_bytes() + length_field(1, turned))
    assert outputs(f"{path}#output={long},turned") == [f"{long}: float32[*]", "turned: unknown[*]"]


def test_a_large_constant_is_stepped_over(few, tmp_path):
    weights = length_field(1, b"weights") + length_field(2, b"Const") + length_field(5, bytes(1 << 20))
    path = write(tmp_path)
    path.write_bytes(length_field(1, weights) + path.read_bytes())
    assert outputs(f"{path}#output=probs") == ["probs: float32[*]"]


def test_memory_does_not_grow_with_the_graph(few, tmp_path):
    path = write(tmp_path)
    path.write_bytes(path.read_bytes() + length_field(1, written_node("node", "Neg", "x")) * 20_000)
    read(f"{path}#output=probs")
    tracemalloc.start()
    read(f"{path}#output=probs")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200_000


@pytest.mark.parametrize("cut", [b"\x0a\x7f\x0a", b"\x0a" + varint(1 << 40), b"\x0b"])
def test_a_broken_end_is_broken(few, tmp_path, cut):
    path = write(tmp_path)
    path.write_bytes(path.read_bytes() + cut)
    with pytest.raises(SourceError, match="broken: "):
        read(f"{path}#output=probs")
