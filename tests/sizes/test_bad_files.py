"""TFLite and TensorFlow.js files that turn in circles, overflow or contradict themselves: nothing is claimed."""

from __future__ import annotations

import json
import time

import pytest

from sigcheck import api
from tests.readers.tfjs.test_graph_tfjs import info, node, weight
from tests.readers.written_tflite import one, op, written

# Operators by number (schema.fbs).
ADD, CONCATENATION, RELU, RESHAPE, TILE, CUSTOM, FILL, BROADCAST_TO, IF, WHILE = 0, 2, 19, 22, 69, 32, 94, 130, 118, 119
SIZES = [2**31 - 1, -(2**31), 2**30]


@pytest.fixture
def told(tmp_path):
    """What is said of a file: the sizes of its outputs, what must hold, and where sizes are lost."""

    def read(data):
        path = tmp_path / ("m.tflite" if isinstance(data, bytes) else "model.json")
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        begin = time.process_time()
        (signature,) = api.read(str(path), infer=True).signatures
        assert time.process_time() - begin < 2
        holds = [each.holds for each in signature.constraints]
        return [each.sizes for each in signature.outputs], holds, signature.unfollowed

    return read


X = one("x", shape=(-1, -1, 4))
Y = one("y", shape=(-1, -1, -1))


def tfjs(*nodes, weights=()):
    x = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}
    return {
        "format": "graph-model",
        "modelTopology": {"node": [x, *nodes]},
        "weightsManifest": [{"paths": [], "weights": list(weights)}],
        "signature": {
            "inputs": {"x": info("x", "DT_FLOAT", -1, -1, 4)},
            "outputs": {"y": info("y", "DT_FLOAT", -1, -1, -1)},
        },
    }


def test_operators_in_a_circle(told):
    middle = [one("a", shape=(-1, -1, 4)), one("b", shape=(-1, -1, 4))]
    outputs, holds, _ = told(written([X, *middle, Y], [op(ADD, [2, 0], [1]), op(RELU, [1], [2]), op(ADD, [2, 2], [3])]))
    assert outputs == [None]
    assert holds == []


def test_an_operator_that_reads_what_it_gives(told):
    outputs, holds, _ = told(written([X, Y], [op(ADD, [1, 0], [1])]))
    assert (outputs, holds) == ([None], [])


def test_nodes_in_a_circle(told):
    nodes = [node("a", "AddV2", "x", "b"), node("b", "Relu", "a"), node("y", "Relu", "b")]
    outputs, holds, _ = told(tfjs(*nodes))
    assert (outputs, holds) == ([None], [])


def test_a_circle_beside_the_way_leaves_the_way(told):
    nodes = [node("a", "AddV2", "x", "a"), node("y", "Relu", "x")]
    assert told(tfjs(*nodes))[0] == [("batch", "x.1", 4)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", [RESHAPE, TILE, BROADCAST_TO, FILL])
def test_operands_of_numbers_that_overflow(told, code, size):
    numbers = one("n", "int32", (3,), [size, size, size])
    taken = [1, 2] if code == FILL else [0, 1]
    tensors = [X, numbers, one("v", shape=(), values=[1.0]), Y]
    outputs, holds, _ = told(written(tensors, [op(code, taken, [3])]))
    assert all(len(str(size)) < 200 for sizes in outputs for size in sizes or ())
    assert all(len(text) < 200 for text in holds)


def test_products_that_overflow(told):
    """Of the number of elements forty times its square."""
    nodes = [node("n0", "Shape", "x")]
    nodes += [node(f"n{at + 1}", "Mul", f"n{at}", f"n{at}") for at in range(40)]
    outputs, holds, _ = told(tfjs(*nodes, node("y", "Tile", "x", "n40")))
    assert all(len(str(size)) < 200 for sizes in outputs for size in sizes or ())
    assert holds == []


@pytest.mark.parametrize("shape", [(2, 3, 4), (5, 5), (7,), ()])
def test_stored_sizes_that_contradict_the_operators(told, shape):
    """An output is said to be of sizes that no operator makes: what the signature says stays."""
    outputs, holds, _ = told(written([X, one("y", shape=shape)], [op(RELU, [0], [1])]))
    assert (outputs, holds) == ([None], [])


def test_stored_sizes_that_contradict_the_nodes(told):
    nodes = [node("y", "MatMul", "x", "w"), node("w", "Const")]
    outputs, holds, _ = told(tfjs(*nodes, weights=[weight("w", 7, 7)]))
    assert (outputs, holds) == ([None], [])


@pytest.mark.parametrize("code", [CUSTOM, IF, WHILE])
def test_behind_what_is_not_followed_nothing_is_claimed_and_it_is_said(told, code):
    tensors = [X, one("c", shape=(-1, -1, 4)), Y]
    outputs, holds, lost = told(written(tensors, [op(code, [0], [1]), op(RELU, [1], [2])]))
    assert (outputs, holds) == ([None], [])
    assert len(lost) == 1
