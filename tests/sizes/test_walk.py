"""What is broken, turns in circles or is too large: nothing is known of it, at once and without an error."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from sigcheck.graph.view import Graph, Node, Tensor
from sigcheck.sizes.expression import variable
from sigcheck.sizes.walk import MOST_WALKED, walk
from tests.inference.graphs import const, graph, node, placeholder

T = variable("t")


def sizes_of(made, *shape):
    return walk(made, {"x": shape}).outputs["y"]


def function(*nodes, outputs=1, arguments=1):
    """A graph of a function whose last nodes are its results."""
    places = [Node("Argument", (), f"a{at}") for at in range(arguments)]
    made = (*places, *nodes)
    ends = {str(at): Tensor(len(made) - outputs + at) for at in range(outputs)}
    return Graph(made, {str(at): Tensor(at) for at in range(arguments)}, ends, results=outputs)


def calling(functions, *nodes):
    def find(name):
        return replace(functions[name], function=find) if name in functions else None

    return Graph((placeholder(), *nodes), {"x": Tensor(0)}, {"y": Tensor(len(nodes))}, function=find)


def test_a_function_is_walked_once_for_operands_that_are_alike():
    """Each calls the next one twice: a thousand times a thousand calls, and a thousand walks."""
    depth = 12
    functions = {
        f"f{at}": function(node("PartitionedCall", 0, f=f"f{at + 1}"), node("PartitionedCall", 1, f=f"f{at + 1}"))
        for at in range(depth)
    } | {f"f{depth}": function(node("Relu", 0))}
    begin = time.perf_counter()
    made = calling(functions, *(node("PartitionedCall", at, f="f0") for at in range(1_000)))
    assert sizes_of(made, T, 3) == (T, 3)
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize("op", ["PartitionedCall", "StatelessWhile", "StatelessIf"])
def test_a_function_that_calls_itself_gives_nothing(op):
    called = node(op, *([0, 0] if op == "StatelessIf" else [0]), f="f", body="f", then_branch="f", else_branch="f")
    functions = {"f": function(called)}
    assert sizes_of(calling(functions, called), T, 3) is None


def test_a_thousand_functions_that_call_each_other_end_in_nothing():
    functions = {
        f"f{at}": function(*(node("PartitionedCall", 0, f=f"f{(at * 7 + k) % 1_000}") for k in range(1, 4)))
        for at in range(1_000)
    }
    begin = time.perf_counter()
    assert sizes_of(calling(functions, node("PartitionedCall", 0, f="f0")), T, 3) is None
    assert time.perf_counter() - begin < 5


def test_loops_within_loops_are_given_up():
    functions = {f"f{at}": function(node("While", 0, body=f"f{at + 1}")) for at in range(12)}
    functions["f12"] = function(node("ConcatV2", 0, 0, 2), const(0, dtype="int32"))
    begin = time.perf_counter()
    found = walk(calling(functions, node("While", 0, body="f0")), {"x": (T, 3)})
    assert found.conditions == ()
    assert time.perf_counter() - begin < 5


def test_what_another_call_of_a_function_gives_need_not_be_as_large():
    """How many are true no size tells: two calls give two sizes."""
    chosen = {"f": function(node("Where", 0))}
    joined = (node("PartitionedCall", 0, f="f"), node("PartitionedCall", 0, f="f"), node("Sub", 1, 2))
    (first, _) = sizes_of(calling(chosen, joined[0]), T, 3)
    found = walk(calling(chosen, *joined), {"x": (T, 3)})
    assert not first.is_known
    assert [one.is_known for one in found.conditions] == [False]


def test_a_size_that_a_loop_gave_up_is_no_size_that_was_there_before():
    """The loop makes one of two longer: they were as long as each other, and are not."""
    functions = {"f": function(const(0, dtype="int32"), node("ConcatV2", 0, 0, 1))}
    nodes = (node("Where", 0), node("While", 1, body="f"), node("Shape", 1), node("Shape", 2), node("Sub", 3, 4))
    found = walk(calling(functions, *nodes), {"x": (T, 3)})
    assert found.tensors["y"].numbers is None or found.tensors["y"].numbers[0] != 0


def test_a_branch_that_may_not_be_taken_demands_nothing():
    functions = {"f": function(node("MatMul", 0, 2), const(*range(6), shape=(3, 2))), "g": function(node("Relu", 0))}
    functions["f"] = function(const(*range(6), shape=(3, 2)), node("MatMul", 0, 1))
    taken = node("StatelessIf", 1, 0, then_branch="f", else_branch="g")
    open_ = calling(functions, Node("Custom", (), "flag"), taken)
    assert walk(open_, {"x": (T, T)}).conditions == ()
    known = calling(functions, const(1, dtype="bool"), taken)
    assert [str(one) for one in walk(known, {"x": (T, T)}).conditions] == ["t == 3"]


@pytest.mark.parametrize("size", [2**31, 2**62, 2**63 - 1, 2**63, 2**80])
def test_sizes_that_overflow_are_unknown(size):
    for made in (
        graph(placeholder(), const(size, size, dtype="int64"), node("Tile", 0, 1)),
        graph(placeholder(), const(-1, size, dtype="int64"), node("Reshape", 0, 1)),
        graph(placeholder(), const(size, size, dtype="int64"), node("Fill", 1, 0)),
        graph(placeholder(), node("ConcatV2", 0, 0, 2), const(0, dtype="int32"), output=1),
    ):
        found = walk(made, {"x": (T, size)})
        assert all(one is None or isinstance(one, int) or one.parts < 150 for one in found.outputs["y"] or ())


def test_products_that_overflow_are_unknown():
    nodes = [node("Shape", 0), node("Mul", 1, 1)]
    nodes += [node("Mul", at, at) for at in range(2, 40)]
    assert sizes_of(graph(placeholder(), *nodes, node("Fill", len(nodes), 0)), T, 2**20) is not None


def test_of_nothing_nothing_is_demanded_that_holds_of_no_size():
    made = graph(placeholder(), const(0, 4, dtype="int32"), node("Reshape", 0, 1))
    found = walk(made, {"x": (T, 0)})
    assert found.outputs["y"] == (0, 4)
    assert found.conditions == ()


@pytest.mark.parametrize(
    "broken",
    [
        node("Conv2D", 0, 0),
        node("Conv2D", 0, 0, strides=(0, 0, 0, 0), padding="VALID"),
        node("Reshape", 0, 0),
        node("ConcatV2", 0),
        node("Split", 0, 0, num_split=-1),
        node("Unpack", 0, num=10**9),
        node("StridedSlice", 0, 0, 0, 0, begin_mask="x"),
        node("Einsum", 0, equation="ab->abc"),
        node("Einsum", 0, equation="..."),
        node("Squeeze", 0, squeeze_dims=(7,)),
        node("OneHot", 0, 0, axis=99),
        node("If", None, None),
        node("While"),
        node("Case", 0, branches=()),
        node("TensorListStack", 0, 0),
        node("MaxPool", 0, ksize=(1,), strides=(), padding="VALID"),
        node("Transpose", 0, None),
        node("TopKV2", 0, None),
        node("DynamicPartition", 0, 0, num_partitions=10**12),
        node("RFFT", 0, 0),
    ],
    ids=lambda one: one.op,
)
@pytest.mark.parametrize("shape", [(T, 3), (), None, (0, 0, 0, 0), (T, T, T, T)])
def test_broken_operations_give_nothing(broken, shape):
    found = walk(graph(placeholder(), broken), {"x": shape})
    assert not any(one.is_known and one.decided() is False and one.variables for one in found.conditions)


def test_more_nodes_than_are_walked_are_given_up_at_once():
    nodes = (placeholder(), *(node("Relu", at) for at in range(MOST_WALKED + 1)))
    begin = time.perf_counter()
    assert walk(graph(*nodes), {"x": (T, 3)}).is_stopped
    assert time.perf_counter() - begin < 0.2


def test_a_cycle_through_a_function_and_back_ends():
    functions = {"f": function(Node("AddV2", (Tensor(0), Tensor(2)), "a"), Node("Relu", (Tensor(1),), "b"))}
    assert sizes_of(calling(functions, node("PartitionedCall", 0, f="f")), T, 3) is None
