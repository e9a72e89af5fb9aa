"""Graphs that are broken, endless or too large: nothing is claimed, in bounded time."""

from __future__ import annotations

import time

import pytest

from sigcheck.encodings.source import Source
from sigcheck.graph.view import MAX_NODES, Tensor
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from sigcheck.readers.graph_def.attributes import constant
from tests.inference.files import FLOAT, X, attribute, written, written_node
from tests.inference.graphs import const, node, placeholder, value_of
from tests.readers.written_models import encode, length_field, varint


def inferred(path, data):
    path.write_bytes(data)
    model = read(str(path))
    return infer(Source.parse(str(path)), model)


def test_a_sigmoid_in_a_file(tmp_path):
    model = inferred(tmp_path / "m.pb", written(X, written_node("y", "Sigmoid", "x", attributes=FLOAT)))
    (output,) = model.signatures[0].outputs
    assert [(one.name, one.value) for one in output.inferred] == [("range", (0, 1))]


@pytest.mark.parametrize(
    "nodes",
    [
        [node("Sigmoid", 1), node("Mul", 0, 0), node("Tanh", 1)],
        [placeholder(), node("Maximum", 1, 1)],
        [placeholder(), node("Mul", 0)],
        [placeholder(), node("ClipByValue", 0, 0)],
        [placeholder(), node("Concat")],
        [placeholder(), node("Relu", None)],
    ],
)
def test_cycles_and_missing_operands(nodes):
    made = value_of(*nodes)
    assert not made.is_bounded or (made.low, made.high) == (-1.0, 1.0)


def test_a_cycle_in_a_file_ends(tmp_path):
    a = written_node("a", "Mul", "b", "x", attributes=FLOAT)
    b = written_node("b", "Mul", "a", "a", attributes=FLOAT)
    y = written_node("y", "Identity", "b", attributes=FLOAT)
    model = inferred(tmp_path / "m.pb", written(X, a, b, y))
    assert model.signatures[0].outputs[0].inferred == ()


def test_missing_nodes_are_unknown(tmp_path):
    y = written_node("y", "Minimum", "gone", "x:7", attributes=FLOAT)
    assert inferred(tmp_path / "m.pb", written(X, y)).signatures[0].outputs[0].inferred == ()


def test_a_deep_chain_is_walked_without_recursion():
    chain = [placeholder(), *(node("Neg", number) for number in range(1_500))]
    assert not value_of(*chain).is_bounded
    squashed = [placeholder(), node("Tanh", 0), *(node("Neg", number) for number in range(1, 1_500))]
    assert value_of(*squashed).is_bounded


def test_a_walk_ends_at_its_limit():
    chain = [placeholder(), node("Tanh", 0), *(node("Neg", number) for number in range(1, 5_000))]
    assert not value_of(*chain).is_bounded


def test_a_function_that_calls_itself(tmp_path):
    call = attribute("f", length_field(10, length_field(1, b"loop")))
    argument, result = length_field(1, b"a"), length_field(1, b"r")
    signature = length_field(1, length_field(1, b"loop") + length_field(2, argument) + length_field(3, result))
    body = length_field(3, written_node("again", "PartitionedCall", "a", attributes=call))
    results = length_field(4, length_field(1, b"r") + length_field(2, b"again:output:0"))
    library = length_field(2, length_field(1, signature + body + results))
    y = written_node("y", "PartitionedCall", "x", attributes=call)
    model = inferred(tmp_path / "m.pb", written(X, y) + library)
    assert model.signatures[0].outputs[0].inferred == ()


def test_a_constant_of_a_gigabyte_is_stepped_over(tmp_path):
    # A sparse file: the bytes are never there.
    size = 2**30
    path = tmp_path / "m.pb"
    tensor_head = bytes([1 << 3]) + varint(1) + bytes([4 << 3 | 2]) + varint(size)
    tensor = bytes([8 << 3 | 2]) + varint(len(tensor_head) + size) + tensor_head
    entry = length_field(1, b"value") + bytes([2 << 3 | 2]) + varint(len(tensor) + size) + tensor
    held = written_node("w", "Const") + bytes([5 << 3 | 2]) + varint(len(entry) + size) + entry
    y = written_node("y", "Minimum", "x", "w", attributes=FLOAT)
    path.write_bytes(written(X, y) + bytes([1 << 3 | 2]) + varint(len(held) + size) + held)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size + size)
    model = read(str(path))
    start = time.process_time()
    found = infer(Source.parse(str(path)), model)
    assert time.process_time() - start < 0.5
    assert found.signatures[0].outputs[0].inferred == ()


def test_too_many_nodes_are_skipped_and_said(tmp_path):
    count = MAX_NODES + 20_000
    data = written(X) + b"".join(length_field(1, written_node(f"n{at}", "Neg", "x")) for at in range(count))
    path = tmp_path / "m.pb"
    path.write_bytes(data)
    model = read(f"{path}#output=n7")
    start = time.process_time()
    found = infer(Source.parse(f"{path}#output=n7"), model)
    assert time.process_time() - start < 1.0
    assert f"nothing is inferred: the graph has more than {MAX_NODES} nodes." in [note.message for note in found.notes]


def test_a_constant_with_nan_says_nothing():
    assert constant("float32", (2,), [1.0, float("nan")]).values is None
    assert constant("float32", (2,), [1.0, float("inf")]).values is None
    assert constant("float32", (3,), []).values == (0,)
    assert constant("float32", (0,), []).values is None
    assert constant("float32", (2,), [1.0, 2.0, 3.0]).values is None
    assert not value_of(placeholder(), const(1.0, float("nan")), node("Minimum", 0, 1)).is_bounded


def test_what_the_signature_feeds_is_an_input_whatever_the_node_says():
    one = [const(0.25), node("Identity", 0)]
    assert not value_of(*one, inputs={"other": Tensor(1)}).is_bounded
    assert not value_of(*one, inputs={"x": Tensor(0)}).is_bounded


def test_a_file_cut_short_is_broken_and_said(tmp_path):
    data = written(X, written_node("y", "Sigmoid", "x", attributes=FLOAT))
    path = tmp_path / "m.pb"
    path.write_bytes(data)
    model = read(str(path))
    path.write_bytes(data[:-3])
    found = infer(Source.parse(str(path)), model)
    assert found.notes[-1].message == "nothing is inferred: the graph is broken."


def test_every_truncation_and_flipped_byte_is_survived(tmp_path):
    y = written_node("y", "ClipByValue", "x", "c", "c", attributes=FLOAT)
    held = encode("NodeDef", {"name": "c", "op": "Const", "attr": {"dtype": {"type": 1}}})
    data = written(X, held, y)
    path = tmp_path / "m.pb"
    path.write_bytes(data)
    model, source = read(str(path)), Source.parse(str(path))
    for at in range(1, len(data)):
        for changed in (data[:at], data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]):
            path.write_bytes(changed)
            assert infer(source, model).reader == "frozen_graph"
