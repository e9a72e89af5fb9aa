"""Graphs of a million nodes, their bytes repeated: left alone in bounded time and memory, and said so."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from sigcheck.cli import run
from sigcheck.encodings.source import Source
from sigcheck.graph.view import MAX_NODES
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from tests.inference.files import written_node
from tests.readers.written_models import encode, length_field, saved_model, tensor

NODES = 1_000_000
NODE = written_node("node", "Neg", "node")
SIGNATURE = {"inputs": {"x": tensor(1, 2)}, "outputs": {"y": {**tensor(1, 2), "name": "call:0"}}}
CALL = length_field(1, written_node("call", "f"))
# GraphDef.library with one function: its signature, then its nodes.
FUNCTION = length_field(1, length_field(1, b"f")) + length_field(3, NODE) * NODES
GRAPHS = {
    "nodes": CALL + length_field(1, NODE) * NODES,
    "function": CALL + length_field(2, length_field(1, FUNCTION)),
    "functions": CALL + length_field(2, length_field(1, length_field(1, length_field(1, b"g"))) * NODES),
}


@pytest.fixture(params=GRAPHS)
def large(request, tmp_path):
    """A SavedModel with a million nodes or functions in its graph, or nodes in its function."""
    (meta,) = saved_model(serving_default=SIGNATURE)["meta_graphs"]
    # Fields of one number are merged, or the last one counts: the first graph is empty.
    written = encode("MetaGraphDef", meta) + length_field(2, GRAPHS[request.param])
    (tmp_path / "saved_model.pb").write_bytes(b"\x08\x01" + length_field(2, written))
    return tmp_path


def test_it_is_shown_without_facts_and_it_is_said_why(large, capsys):
    begin = time.process_time()
    assert run(["show", str(large), "--facts"]) == 0
    spent = time.process_time() - begin
    shown = " ".join(capsys.readouterr().out.split())
    assert f"facts: nothing is inferred: the graph has more than {MAX_NODES} nodes." in shown
    # 0.2 s are asked for on a machine of one's own; walking all of it takes some 4 s there.
    assert spent < 2


@pytest.mark.parametrize("large", ["nodes"], indirect=True)
def test_memory_is_that_of_the_file_and_of_the_nodes_that_are_looked_at(large):
    model = read(str(large))
    tracemalloc.start()
    infer(Source.parse(str(large)), model)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < (large / "saved_model.pb").stat().st_size + 1_000 * MAX_NODES


@pytest.fixture
def frozen(tmp_path):
    path = tmp_path / "frozen.pb"
    path.write_bytes(GRAPHS["nodes"])
    return path


def test_the_named_outputs_of_a_frozen_graph_are_shown_without_facts(frozen, capsys):
    begin = time.process_time()
    assert run(["show", f"{frozen}#output=call", "--facts"]) == 0
    assert time.process_time() - begin < 20
    shown = " ".join(capsys.readouterr().out.split())
    assert f"facts: nothing is inferred: the graph has more than {MAX_NODES} nodes." in shown


def test_a_frozen_graph_without_named_outputs_is_refused_and_it_is_said_why(frozen, capsys):
    begin = time.process_time()
    assert run(["show", str(frozen), "--facts"]) == 2
    assert time.process_time() - begin < 10
    told = capsys.readouterr().err
    assert f"{frozen}: a graph of more than 200000 nodes, expected the names of its outputs." in told


def test_functions_that_call_the_next_twice_are_followed_in_bounded_time(tmp_path):
    """Twenty functions of two calls each are a million calls; what is behind the first some hundred is not known."""
    (meta,) = saved_model(serving_default=SIGNATURE)["meta_graphs"]
    functions = b"".join(length_field(1, _calling_twice(at)) for at in range(20))
    written = encode("MetaGraphDef", meta) + length_field(2, CALL_FIRST + length_field(2, functions))
    (tmp_path / "saved_model.pb").write_bytes(b"\x08\x01" + length_field(2, written))
    model = read(str(tmp_path))
    begin = time.process_time()
    found = infer(Source.parse(str(tmp_path)), model)
    # 10 ms are asked for at a depth of 14 on a machine of one's own.
    assert time.process_time() - begin < 0.5
    told = [note.message for note in found.notes if note.place == "facts"]
    assert told == ["nothing is inferred of calls of functions beyond the first 320, or more than 24 deep."]


def _calling_twice(at):
    """A function `fN` of one argument and one result: the next one of the next one."""
    argument = length_field(1, b"x") + b"\x18\x01"
    signature = (
        length_field(1, f"f{at}".encode())
        + length_field(2, argument)
        + length_field(3, length_field(1, b"y") + b"\x18\x01")
    )
    if at == 19:
        nodes = length_field(3, written_node("b", "Relu", "x"))
    else:
        nodes = length_field(3, written_node("a", f"f{at + 1}", "x")) + length_field(
            3, written_node("b", f"f{at + 1}", "a:y:0")
        )
    return length_field(1, signature) + nodes + length_field(4, length_field(1, b"y") + length_field(2, b"b:y:0"))


CALL_FIRST = length_field(1, written_node("x", "Placeholder")) + length_field(1, written_node("call", "f0", "x"))
