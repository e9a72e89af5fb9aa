"""Nodes that are alike are looked at once, and only where what they give hangs on nothing else."""

from __future__ import annotations

import pytest

from sigcheck.graph.view import Graph, Node, Tensor
from sigcheck.sizes import walk as walking
from sigcheck.sizes.expression import variable
from sigcheck.sizes.memory import Memory
from sigcheck.sizes.operations import rule_of
from sigcheck.sizes.tensor import Sized
from tests.inference.graphs import placeholder

N = variable("n")


def attributes():
    return {"T": "float32"}


def alike(op, *inputs):
    """A node whose attributes are read as those of all others are."""
    return Node(op, tuple(map(Tensor, inputs)), op, attributes)


def walked(*nodes, outputs):
    ends = {f"y{at}": Tensor(number) for at, number in enumerate(outputs)}
    return walking.walk(Graph((placeholder(), *nodes), {"x": Tensor(0)}, ends), {"x": (N, 3)})


@pytest.fixture
def asked(monkeypatch):
    """The operations whose rules were asked."""
    found = []

    def counted(op):
        found.append(op)
        return rule_of(op)

    monkeypatch.setattr(walking, "rule_of", counted)
    return found


def test_a_rule_is_asked_once_for_nodes_that_are_alike(asked):
    """Each reads the one before, and all are of one size."""
    found = walked(*[alike("Relu", at) for at in range(50)], outputs=[50])
    assert found.outputs["y0"] == (N, 3)
    assert asked == ["Relu"]


def test_an_unknown_size_is_another_one_in_each_node():
    found = walked(alike("Where", 0), alike("Where", 0), outputs=[1, 2]).outputs
    assert found["y0"][0] != found["y1"][0]


def test_what_is_demanded_is_demanded_at_each_place(asked):
    walked(alike("Transpose", 0), alike("MatMul", 0, 0), alike("MatMul", 0, 0), outputs=[2, 3])
    assert asked.count("MatMul") == 2


def test_operands_of_another_order_are_others(asked):
    """A tensor of one size is one object, so that the identity of operands tells them apart."""
    found = walked(alike("Shape", 0), alike("Add", 0, 1), alike("Add", 1, 0), outputs=[2, 3])
    assert asked.count("Add") == 2
    assert set(found.outputs) == {"y0", "y1"}


def test_what_was_found_is_forgotten_where_more_is_known_of_sizes():
    memory, node, operand = Memory(), alike("Relu", 0), Sized((3,))
    (kept,) = memory.keep(node, [operand], [Sized((3,))])
    assert memory.results(node, [operand]) == [kept]
    assert memory.results(node, [Sized((3,))]) is None
    memory.forget()
    assert memory.results(node, [operand]) is None
    (again,) = memory.keep(node, [operand], [Sized((3,))])
    assert again is kept
