"""Backward: from an output to the operations that bound it, and forth again with what is known.

The walk stops at a product with weights, at an input, and at whatever is not in the table. It
keeps its own stack, because graphs are deeper than Python's; in a cycle nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sigcheck.graph.view import OTHER_OPERAND, Constant, Graph, Node, Tensor
from sigcheck.inference.domain import Value, unknown
from sigcheck.inference.operands import shape_of
from sigcheck.inference.transfer import LINEAR, RULES, Rule
from sigcheck.inference.transfer.products import is_transposed
from sigcheck.schema.budget import spend
from sigcheck.schema.tensor_spec import Shape

# Real graphs stop after some hundred nodes, at a product with weights.
_MAX_WALKED = 2_000
# Of more operands than this nothing is known together.
_MAX_OPERANDS = 1_000
_STEPS_OF_OPERAND = 10
# Operations of which each output is a part of the one operand.
_PARTS = {"Unpack": 0, "Split": 1, "SplitV": 0}


class Walk:
    """Values of the tensors of one graph, each computed once."""

    def __init__(self, graph: Graph, shapes: Mapping[str, Shape | None] | None = None) -> None:
        """Walks nothing yet. `shapes` are those that the signature lets in, by the name of the input."""
        self.graph = graph
        self._values: dict[int, Value] = {}
        self._started: set[int] = set()
        # Whatever the signature feeds is an input, be it a constant with a default.
        self._fed = _widths(graph, shapes or {})

    def value(self, tensor: Tensor | None) -> Value:
        """What is known of a tensor; nothing where the walk was cut."""
        if tensor is None:
            return Value()
        node = self.graph.nodes[tensor.node]
        if tensor.output > 0 and node.op not in _PARTS:
            return Value()
        self._walk(tensor.node)
        return self._values.get(tensor.node, Value())

    def _walk(self, start: int) -> None:
        stack = [start]
        while stack:
            number = stack[-1]
            if number in self._values:
                stack.pop()
                continue
            node = self.graph.nodes[number]
            if number in self._started:
                stack.pop()
                self._values[number] = self._apply(number, node)
                continue
            self._started.add(number)
            if len(self._started) > _MAX_WALKED:
                self._values[number] = Value()
                continue
            # A node that was started and has no value yet is an operand of itself: it stays unknown.
            stack += [operand.node for operand in self._operands(node) if operand.node not in self._started]

    def _operands(self, node: Node) -> list[Tensor]:
        if node.op in LINEAR:
            # Of the weights the shape alone counts.
            return [operand for operand in node.inputs[1:2] if operand is not None]
        if (node.op not in RULES and node.op not in _SOURCES) or len(node.inputs) > _MAX_OPERANDS:
            return []
        return [operand for operand in node.inputs if operand is not None]

    def _known(self, tensor: Tensor | None) -> Value:
        if tensor is None:
            return Value()
        if tensor.output > 0 and self.graph.nodes[tensor.node].op not in _PARTS:
            return Value()
        return self._values.get(tensor.node, Value())

    def _apply(self, number: int, node: Node) -> Value:
        if number in self._fed:
            return replace(unknown(node.attributes.get("dtype")), width=self._fed[number])
        rule = _SOURCES.get(node.op) or RULES.get(node.op)
        if rule is None or len(node.inputs) > _MAX_OPERANDS:
            return Value()
        spend(_STEPS_OF_OPERAND * (1 + len(node.inputs)))
        try:
            operands = [self._known(operand) for operand in node.inputs]
            found = _spread(node, rule(node, operands), operands)
            is_turned = node.op in LINEAR and is_transposed(node)
            return replace(found, width=self._turned(node, operands)) if is_turned else found
        except (IndexError, ValueError, TypeError, ArithmeticError):
            # Fewer operands than the operation has, or attributes of another kind: a broken graph.
            return Value()

    def _turned(self, node: Node, operands: Sequence[Value]) -> int | None:
        """The last axis of a product with weights that are transposed, where their shape stands in the file."""
        shape = shape_of(self.graph, node.inputs[1])
        is_weight = shape is not None and len(shape) > 1 and operands[1].rank == len(shape)
        return shape[-2] if shape is not None and is_weight else None


def _widths(graph: Graph, shapes: Mapping[str, Shape | None]) -> dict[int, int | None]:
    """The size of the last axis of each node that is fed, None where the signature leaves it open."""
    found: dict[int, set[int | None]] = {}
    for name, tensor in graph.inputs.items():
        shape = shapes.get(name)
        found.setdefault(tensor.node, set()).add(shape[-1] if shape else None)
    return {number: next(iter(widths)) if len(widths) == 1 else None for number, widths in found.items()}


def _spread(node: Node, found: Value, operands: Sequence[Value]) -> Value:
    """The result where kernels make a number of NaN: one between these ends, or the other operand."""
    ends = node.attributes.get("nan_becomes")
    if ends is None or not any(operand.has_nan for operand in operands):
        return found
    if ends == OTHER_OPERAND:
        count = sum(one.has_nan for one in operands)
        # Each operand beside which another is NaN.
        others = [other for other in operands if count > other.has_nan]
        ends = min(other.low for other in others), max(other.high for other in others)
    return replace(found, low=min(found.low, ends[0]), high=max(found.high, ends[1]), ids=None)


def _constant(node: Node, operands: Sequence[Value]) -> Value:
    return of_constant(node.attributes.get("value"))


def _variable(node: Node, operands: Sequence[Value]) -> Value:
    """Its values change, its shape does not."""
    shape = node.attributes.get("shape")
    rank = len(shape) if isinstance(shape, tuple) else None
    return Value(dtype=node.attributes.get("dtype"), width=shape[-1] if shape else None, rank=rank)


def _read(node: Node, operands: Sequence[Value]) -> Value:
    return operands[0]


def _placeholder(node: Node, operands: Sequence[Value]) -> Value:
    return unknown(node.attributes.get("dtype"))


def _part(node: Node, operands: Sequence[Value]) -> Value:
    return operands[_PARTS[node.op]].only_range()


# What a walk ends at or sees through, beside the operations of the table.
_SOURCES: dict[str, Rule] = {
    "Const": _constant,
    "VarHandleOp": _variable,
    "VariableV2": _variable,
    "ReadVariableOp": _read,
    "Placeholder": _placeholder,
    "PlaceholderV2": _placeholder,
    **dict.fromkeys(_PARTS, _part),
}


def of_constant(constant: object) -> Value:
    """What a constant says. A large one, or one with NaN in it, says only its shape."""
    if not isinstance(constant, Constant):
        return Value()
    width = constant.shape[-1] if constant.shape else None
    rank = None if constant.shape is None else len(constant.shape)
    if constant.low is None or constant.high is None:
        return replace(unknown(constant.dtype), width=width, rank=rank)
    ends = float(constant.low), float(constant.high)
    known = Value(*ends, 0.0, constant.dtype, width, rank, has_nan=False)
    return replace(known, numbers=constant.values)
