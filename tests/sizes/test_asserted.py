"""What a graph asserts of sizes must hold; what is not surely asserted, or compares values, demands nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sigcheck import api
from sigcheck.graph.view import Tensor
from sigcheck.readers.graph_def import flatten
from sigcheck.sizes.expression import variable
from sigcheck.sizes.walk import walk
from tests.inference.files import attribute, written_node
from tests.inference.graphs import const, graph, node, placeholder
from tests.readers.written_models import encode, length_field, saved_model, tensor

T = variable("t")


def asserting(*nodes):
    """A graph that gives its input back, beside which the last of these nodes is asserted."""
    plain = graph(placeholder(), node("Relu", 0))
    held = replace(graph(placeholder(), *nodes), outputs={"check:0": Tensor(len(nodes))})
    return replace(plain, asserted=lambda: held)


def length(*behind):
    """The second size of the input as a number (node 2), then these nodes."""
    return asserting(
        node("Shape", 0), node("GatherV2", 1, 3, 4), const(1, dtype="int32"), const(0, dtype="int32"), *behind
    )


@pytest.mark.parametrize(
    ("nodes", "holds"),
    [
        ([const(5, dtype="int32"), node("GreaterEqual", 2, 5)], ["t >= 5"]),
        ([const(5, dtype="int32"), node("Greater", 2, 5)], ["t >= 6"]),
        ([const(5, dtype="int32"), node("Less", 2, 5)], ["t <= 4"]),
        ([const(5, dtype="int32"), node("LessEqual", 2, 5)], ["t <= 5"]),
        ([const(5, dtype="int32"), node("Equal", 2, 5)], ["t == 5"]),
        (
            [const(3, dtype="int32"), node("FloorMod", 2, 5), const(0, dtype="int32"), node("Equal", 6, 7)],
            ["t % 3 == 0"],
        ),
        (
            [const(5, dtype="int32"), node("GreaterEqual", 2, 5), node("LessEqual", 2, 5), node("LogicalAnd", 6, 7)],
            ["t == 5"],
        ),
        ([const(5, dtype="int32"), node("NotEqual", 2, 5)], []),
        ([const(5, dtype="int32"), node("Less", 2, 5), node("Equal", 2, 5), node("LogicalOr", 6, 7)], []),
        ([const(5, dtype="int32"), node("Less", 2, 5), node("LogicalNot", 6)], []),
        ([const(0, dtype="int32"), node("GreaterEqual", 2, 5)], []),
    ],
)
def test_what_is_asserted_of_a_size_must_hold(nodes, holds):
    found = walk(length(*nodes), {"x": (2, T)})
    (t,) = T.variables
    met = [n for n in range(1, 40) if all(one.holds({t: n}) for one in found.conditions)]
    assert met == [n for n in range(1, 40) if all(eval(one, {"t": n}) for one in holds)]
    assert found.outputs["y"] == (2, T)


def test_of_values_nothing_is_demanded():
    found = walk(asserting(node("Max", 0, 2), const(0, dtype="int32"), const(1.0), node("Less", 1, 3)), {"x": (2, T)})
    assert found.conditions == ()


# FunctionDef.attr of `tf.function(..., jit_compile=True)`.
COMPILED = length_field(5, length_field(1, b"_XlaMustCompile") + length_field(2, b"\x28\x01"))


def equal_shapes(*, waits):
    """A function of two inputs, whose shapes it asserts to be equal before it gives the first back."""
    nodes = [
        written_node("one", "Shape", "x"),
        written_node("other", "Shape", "y"),
        written_node("same", "Equal", "one:output:0", "other:output:0"),
        written_node("assert_equal/Assert", "Assert", "same"),
        written_node("given", "Relu", "x", *([] if waits in {"function", "nothing"} else ["^assert_equal/Assert"])),
    ]
    ends = (length_field(1, one) + b"\x18\x01" for one in (b"x", b"y", b"z"))
    numbered = b"".join(length_field(number, end) for number, end in zip((2, 2, 3), ends, strict=True))
    control = length_field(6, length_field(1, b"check") + length_field(2, b"assert_equal/Assert"))
    return length_field(
        1,
        length_field(1, length_field(1, b"f") + numbered)
        + b"".join(length_field(3, one) for one in nodes)
        + length_field(4, length_field(1, b"z") + length_field(2, b"given:y:0"))
        + (control if waits in {"function", "compiled"} else b"")
        + (COMPILED if waits == "compiled" else b""),
    )


@pytest.mark.parametrize(
    ("waits", "is_told"), [("edge", True), ("function", True), ("nothing", False), ("compiled", False)]
)
@pytest.mark.parametrize("is_in_place", [True, False])
def test_an_assertion_of_a_file_counts_where_it_surely_runs(tmp_path, monkeypatch, waits, is_told, is_in_place):
    """Where the function is put in the place of its call, and where it is looked at by itself."""
    if not is_in_place:
        monkeypatch.setattr(flatten, "_MOST_CALLS_OF_ONE", 0)
    ends = {name: {**tensor(1, -1, -1), "name": f"{name}:0"} for name in ("x", "y")}
    signature = {"inputs": ends, "outputs": {"z": {**tensor(1, -1, -1), "name": "call:0"}}}
    call = written_node(
        "call", "PartitionedCall", "x", "y", attributes=attribute("f", length_field(10, length_field(1, b"f")))
    )
    nodes = (written_node("x", "Placeholder"), written_node("y", "Placeholder"), call)
    written = b"".join(length_field(1, one) for one in nodes) + length_field(2, equal_shapes(waits=waits))
    (meta,) = saved_model(serving_default=signature)["meta_graphs"]
    data = b"\x08\x01" + length_field(2, encode("MetaGraphDef", meta) + length_field(2, written))
    (tmp_path / "saved_model.pb").write_bytes(data)
    (found,) = api.read(str(tmp_path), infer=True).signatures
    sizes = {one.name: one.sizes for one in found.inputs}
    assert (sizes["x"] == sizes["y"]) == is_told
