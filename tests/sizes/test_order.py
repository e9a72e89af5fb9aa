from __future__ import annotations

import pytest

from sigcheck.graph.calls import Calls
from sigcheck.graph.view import Graph, Node, Tensor
from sigcheck.sizes.order import Running, in_order


def graph(*reads, inputs=(0,), output):
    """A node for each tuple of the numbers that it reads."""
    nodes = [Node("Op", tuple(map(Tensor, read)), str(at)) for at, read in enumerate(reads)]
    return Graph(nodes, {str(one): Tensor(one) for one in inputs}, {"y": Tensor(output)})


@pytest.mark.parametrize(
    ("reads", "output", "order"),
    [
        # What the inputs give is known, and what leads to no output is not walked.
        (((), (0,), (0,), (1,)), 3, [1, 3]),
        (((), (2,), (3,), (0,)), 1, [3, 2, 1]),
        (((), (2, 3), (3,), (0,)), 1, [3, 2, 1]),
        # Of a cycle each stands once.
        (((), (2,), (1, 0)), 1, [2, 1]),
    ],
)
def test_nodes_stand_behind_those_that_they_read(reads, output, order):
    assert in_order(graph(*reads, output=output)).order == order


def test_a_graph_deeper_than_the_stack_of_python_has_an_order():
    deep = graph((), *((at,) for at in range(20_000)), output=20_000)
    assert in_order(deep).order == list(range(1, 20_001))


def test_what_leads_to_no_wanted_output_need_not_run():
    ordered = in_order(graph((), (0,), (1,), output=2))
    assert Running(ordered, frozenset({"y"}), Calls(frozenset())).results(1) == {0}
    assert Running(ordered, frozenset(), Calls(frozenset())).results(1) is None
