"""Operands: what stands in the file of one, through what only reads or casts it."""

from __future__ import annotations

from sigcheck.graph.view import Constant, Graph, Tensor


def shape_of(graph: Graph, tensor: Tensor | None) -> tuple[int | None, ...] | None:
    """The shape of a constant or of a variable, through what only reads or casts it."""
    for _ in range(8):
        if tensor is None:
            return None
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


def number_of(graph: Graph, tensor: Tensor | None) -> float | None:
    """The one number of a constant operand."""
    node = graph.nodes[tensor.node] if tensor is not None else None
    value = node.attributes.get("value") if node is not None and node.op == "Const" else None
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
