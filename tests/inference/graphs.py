"""Graphs of the common form, written by hand, and graphs in files, without TensorFlow."""

from __future__ import annotations

from sigcheck.graph.view import Graph, Node, Tensor
from sigcheck.inference.backward import Walk
from sigcheck.inference.domain import Value
from sigcheck.readers.graph_def.attributes import constant


def const(*numbers, dtype="float32", shape=None):
    """A constant node; one number is a scalar."""
    sizes = shape if shape is not None else () if len(numbers) == 1 else (len(numbers),)
    return Node("Const", (), "c", lambda: {"dtype": dtype, "value": constant(dtype, sizes, list(numbers))})


def variable(*shape, dtype="float32"):
    return Node("VarHandleOp", (), "v", lambda: {"dtype": dtype, "shape": shape})


def placeholder(dtype="float32"):
    return Node("Placeholder", (), "x", lambda: {"dtype": dtype})


def node(op, *inputs, **attributes):
    found = {"T": "float32", **attributes}
    return Node(op, tuple(None if one is None else Tensor(one) for one in inputs), op.lower(), lambda: found)


def graph(*nodes, inputs=None, output=None):
    """The first node is the input `x`, the last the output `y`, unless others are named."""
    return Graph(nodes, inputs or {"x": Tensor(0)}, {"y": Tensor(len(nodes) - 1 if output is None else output)})


def value_of(*nodes, **ends) -> Value:
    made = graph(*nodes, **ends)
    return Walk(made).value(made.outputs["y"])
