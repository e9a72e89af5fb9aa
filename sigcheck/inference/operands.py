"""Operands: what stands in the file of one, through what only reads or casts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from sigcheck.graph.view import Constant, Graph, Tensor
from sigcheck.inference.domain import Value
from sigcheck.schema.shape import Shape


class Given(NamedTuple):
    """What a function is given as one of its arguments: its value, and what stands in the file of it."""

    value: Value = Value()
    shape: Shape | None = None
    number: float | None = None


# What each node that is an argument of a function is given; None for any other node.
GivenOf: TypeAlias = Callable[[int], Given | None]


def nothing_given(_: int) -> None:
    """Of a graph that no other calls."""
    return


def shape_of(graph: Graph, tensor: Tensor | None, given: GivenOf = nothing_given) -> Shape | None:
    """The shape of a constant or of a variable, through what only reads or casts it."""
    for _ in range(8):
        if tensor is None:
            return None
        known = given(tensor.node)
        if known is not None:
            return known.shape
        node = graph.nodes[tensor.node]
        if node.op == "Const":
            value = node.attributes.get("value")
            return value.shape if isinstance(value, Constant) else None
        if node.op in {"VarHandleOp", "VariableV2"}:
            shape = node.attributes.get("shape")
            return shape if isinstance(shape, tuple) else None
        if node.op not in {"ReadVariableOp", "Identity", "Cast"} or not node.inputs:
            return None
        tensor = node.inputs[0]
    return None


def number_of(graph: Graph, tensor: Tensor | None, given: GivenOf = nothing_given) -> float | None:
    """The one number of a constant operand."""
    if tensor is None:
        return None
    known = given(tensor.node)
    if known is not None:
        return known.number
    node = graph.nodes[tensor.node]
    value = node.attributes.get("value") if node.op == "Const" else None
    return value.values[0] if isinstance(value, Constant) and value.values and len(value.values) == 1 else None


def texts_of(graph: Graph, tensor: Tensor | None) -> tuple[str, ...] | None:
    """The texts of a constant operand; None where it is none, or they were too many."""
    for _ in range(8):
        node = graph.nodes[tensor.node] if tensor is not None else None
        if node is not None and node.op == "Identity" and node.inputs:
            tensor = node.inputs[0]
            continue
        value = node.attributes.get("value") if node is not None and node.op == "Const" else None
        return value.texts if isinstance(value, Constant) else None
    return None
