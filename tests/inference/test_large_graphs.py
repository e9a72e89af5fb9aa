"""Graphs of a million nodes, their bytes repeated: left alone in bounded time and memory, and said so."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from sigcheck.cli import run
from sigcheck.encodings.source import Source
from sigcheck.graph.view import MAX_NODES, Graph, Node
from sigcheck.inference import functions
from sigcheck.inference.backward import Walk
from sigcheck.inference.infer import infer
from sigcheck.inference.scope import Scope
from sigcheck.readers import read
from tests.inference.files import attribute, written_node
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
    """Twenty functions of two calls each are a million calls; each is looked at once for what it is given."""
    model = read(written_calls(tmp_path, 20))
    begin = time.process_time()
    found = infer(Source.parse(str(tmp_path)), model)
    # 10 ms are asked for at a depth of 14 on a machine of one's own.
    assert time.process_time() - begin < 0.5
    told = [note.message for note in found.notes if note.place == "facts"]
    assert told == []


@pytest.mark.parametrize(("depth", "most"), [(20, 3), (40, 1_000)])
def test_calls_that_differ_too_often_or_nest_too_deep_are_left_out_and_it_is_said(tmp_path, monkeypatch, depth, most):
    monkeypatch.setattr(functions, "_MOST_LOOKED_AT", most)
    found = infer(Source.parse(written_calls(tmp_path, depth)), read(str(tmp_path)))
    told = [note.message for note in found.notes if note.place == "facts"]
    beyond = f"beyond the first {most} that differ, or more than 24 deep"
    assert told == [f"nothing is inferred of calls of functions {beyond}."]


def test_functions_that_nest_deeper_than_python_calls_are_no_broken_graph(tmp_path):
    """Two thousand functions, each of which calls the next once; the first is called too often to be put in place."""
    names = [f"f{at}" for at in range(2_000)]
    bodies = [[_call("a", at, "x", is_old=False)] for at in range(1, len(names))]
    ends = ["a:output:0"] * len(bodies)
    functions = map(written_function, names, [*bodies, [written_node("a", "Relu", "x")]], [*ends, "a:y:0"])
    called = [f"c{at}" for at in range(40)]
    calls = [_call(name, 0, of, is_old=False) for name, of in zip([*called[1:], "call"], called, strict=True)]
    graph = b"".join(length_field(1, one) for one in (X, _call("c0", 0, "x", is_old=False), *calls))
    write_model(tmp_path, graph + length_field(2, b"".join(functions)))
    found = infer(Source.parse(str(tmp_path)), read(str(tmp_path)))
    (told,) = [note.message for note in found.notes if note.place == "facts"]
    assert "more than 24 deep" in told


@pytest.mark.parametrize("depth", [2, 14, 20])
@pytest.mark.parametrize("is_old", [False, True])
def test_sizes_are_followed_through_functions_that_call_the_next_twice(tmp_path, depth, is_old):
    """Each is walked once, whoever calls it."""
    (signature,) = infer(Source.parse(written_calls(tmp_path, depth, is_old=is_old)), read(str(tmp_path))).signatures
    assert [one.sizes for one in signature.outputs] == [("batch", 2)]
    assert signature.unfollowed == ()


def test_sizes_are_followed_where_functions_put_in_their_place_are_more_nodes_than_are_walked(tmp_path):
    """A function of two hundred nodes that is called a hundred times."""
    body = [written_node("n0", "Relu", "x"), *(written_node(f"n{at}", "Relu", f"n{at - 1}:0") for at in range(1, 200))]
    function = written_function("f", body, "n199:0")
    calls = [written_node("c0", "PartitionedCall", "x", attributes=calling("f"))]
    calls += [written_node(f"c{at}", "PartitionedCall", f"c{at - 1}", attributes=calling("f")) for at in range(1, 100)]
    graph = b"".join(length_field(1, one) for one in (X, *calls, written_node("call", "Relu", "c99")))
    write_model(tmp_path, graph + length_field(2, function))
    (signature,) = infer(Source.parse(str(tmp_path)), read(str(tmp_path))).signatures
    assert [one.sizes for one in signature.outputs] == [("batch", 2)]
    assert signature.unfollowed == ()


X = written_node("x", "Placeholder")


def written_calls(folder, depth, *, is_old=True):
    """A model of so many functions, each of which calls the next one twice."""
    functions = b"".join(_calling_twice(at, depth, is_old=is_old) for at in range(depth))
    write_model(
        folder, length_field(1, X) + length_field(1, _call("call", 0, "x", is_old=is_old)) + length_field(2, functions)
    )
    return str(folder)


def write_model(folder, graph):
    signature = {
        "inputs": {"x": {**tensor(1, -1, 2), "name": "x:0"}},
        "outputs": {"y": {**tensor(1, -1, 2), "name": "call:0"}},
    }
    (meta,) = saved_model(serving_default=signature)["meta_graphs"]
    (folder / "saved_model.pb").write_bytes(
        b"\x08\x01" + length_field(2, encode("MetaGraphDef", meta) + length_field(2, graph))
    )


def calling(name):
    """The attribute that names the function of a call."""
    return attribute("f", length_field(10, length_field(1, name.encode())))


def _call(name, at, of, *, is_old):
    if is_old:
        return written_node(name, f"f{at}", of)
    return written_node(name, "PartitionedCall", of, attributes=calling(f"f{at}"))


def _calling_twice(at, depth, *, is_old):
    """A function `fN` of one argument and one result: the next one of the next one."""
    if at == depth - 1:
        return written_function(f"f{at}", [written_node("b", "Relu", "x")], "b:y:0")
    first, second = _call("a", at + 1, "x", is_old=is_old), _call("b", at + 1, "a:y:0", is_old=is_old)
    return written_function(f"f{at}", [first, second], "b:y:0")


def written_function(name, nodes, result):
    """A function of one argument and one result, for a library."""
    ends = (length_field(1, one) + b"\x18\x01" for one in (b"x", b"y"))
    signature = length_field(1, name.encode()) + b"".join(
        length_field(number, end) for number, end in zip((2, 3), ends, strict=True)
    )
    body = b"".join(length_field(3, one) for one in nodes)
    return length_field(
        1, length_field(1, signature) + body + length_field(4, length_field(1, b"y") + length_field(2, result.encode()))
    )


def test_a_node_of_thousands_of_inputs_is_looked_through_once():
    many = tuple((at % 1_000, 0) for at in range(200_000))
    graph = Graph((*[Node("Identity")] * 1_000, Node("IdentityN", many)))
    scope = Scope(graph, Walk(graph))
    begin = time.process_time()
    for at in range(1_000):
        assert list(scope.operands(at)) == [(1_000, operand) for operand in range(at, 200_000, 1_000)]
    # Some 0.1 s; ten where its inputs are looked at for each node that it reads.
    assert time.process_time() - begin < 2
