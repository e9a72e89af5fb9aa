"""Ways of a size through graphs that are written by hand."""

from __future__ import annotations

from sigcheck.graph.view import Graph, Node, Tensor
from sigcheck.inference.sizes import tell_sizes
from sigcheck.inference.why import ways_of
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature
from tests.inference.graphs import const, node, placeholder

POOL = {"ksize": (1, 2, 2, 1), "strides": (1, 2, 2, 1), "padding": "VALID", "data_format": "NHWC"}


def told(nodes, size, function=None, **given):
    inputs = tuple(Endpoint(name=name, spec=parse_spec(text)) for name, text in given.items())
    signature = Signature(inputs=inputs, outputs=(Endpoint(name="y", spec=parse_spec("float32[*]")),))
    names = {name: Tensor(at) for at, name in enumerate(given)}
    seen = Graph(nodes, names, {"y": Tensor(len(nodes) - 1)}, function=function)
    return ways_of(seen, tell_sizes(seen, signature), size)


def test_each_operand_is_told_with_the_places_that_change_its_size():
    nodes = [placeholder(), node("MaxPool", 0, **POOL), node("Relu", 1), node("MaxPool", 2, **POOL)]
    ways, equal = told([*nodes, const(0.0, shape=(2, 3, 3, 3)), node("AddV2", 3, 0)], "x.1", x="float32[?, ?, ?, 3]")
    assert equal == ()
    way = next(one for reason, one in ways.items() if reason.startswith("AddV2 of [x.1 // 4] and [x.1]"))
    assert [[(step.operation, step.sizes) for step in trail] for trail in way] == [
        [("Placeholder", ("x.1",)), ("MaxPool", ("x.1 // 2",)), ("MaxPool", ("x.1 // 4",))],
        [("Placeholder", ("x.1",))],
    ]


def test_what_makes_two_sizes_one_is_told():
    nodes = [placeholder(), placeholder(), const(2, dtype="int32"), node("ConcatV2", 0, 1, 2)]
    _, equal = told(nodes, "p.1", p="float32[?, ?, 3]", q="float32[?, ?, 2]")
    assert [one.demands for one in equal] == ["ConcatV2 of [p.1] and [q.1] at `concatv2`"]


def test_a_size_of_an_input_whose_rank_an_operation_tells_has_its_way():
    ways, _ = told([placeholder(), node("MaxPool", 0, **POOL)], "x.1", x="float32[*]")
    assert [[[step.operation for step in trail] for trail in way] for way in ways.values()] == [[["Placeholder"]]]


def test_the_way_into_a_function_comes_by_its_call():
    inner = (Node("Argument", (), "a"), node("MaxPool", 0, **POOL), node("AddV2", 1, 0))
    functions = {"f": Graph(inner, {"0": Tensor(0)}, {"0": Tensor(2)}, results=1)}
    outer = (placeholder(), node("MaxPool", 0, **POOL), node("PartitionedCall", 1, f="f"))
    ways, _ = told(outer, "x.1", function=functions.get, x="float32[?, ?, ?, 3]")
    (way,) = (one for reason, one in ways.items() if reason.startswith("AddV2 of [x.1 // 4] and [x.1 // 2]"))
    assert [[(step.operation, step.sizes) for step in trail] for trail in way] == [
        [("Placeholder", ("x.1",)), ("MaxPool", ("x.1 // 2",)), ("MaxPool", ("x.1 // 4",))],
        [("Placeholder", ("x.1",)), ("MaxPool", ("x.1 // 2",))],
    ]
