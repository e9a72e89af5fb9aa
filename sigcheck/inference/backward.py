"""Backward: from an output to the operations that bound it, and forth again with what is known.

The walk stops at a product with weights, at an input, and at whatever is not in the table. It
keeps its own stack, because graphs are deeper than Python's; in a cycle nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TypeAlias

from sigcheck.graph.calls import Function
from sigcheck.graph.view import OTHER_OPERAND, Constant, Graph, Node, Tensor
from sigcheck.inference.domain import Value, unknown
from sigcheck.inference.functions import Functions, chosen
from sigcheck.inference.operands import Given, GivenOf, nothing_given, number_of, shape_of
from sigcheck.inference.transfer import LINEAR, RULES, Rule
from sigcheck.inference.transfer.products import is_transposed
from sigcheck.schema.budget import spend
from sigcheck.schema.shape import Shape

# Real graphs stop after some hundred nodes, at a product with weights.
_MAX_WALKED = 2_000
# Of more operands than this nothing is known together.
_MAX_OPERANDS = 1_000
_STEPS_OF_OPERAND = 10
# Operations of which each output is a part of the one operand.
_PARTS = {"Unpack": 0, "Split": 1, "SplitV": 0}

# What a value is kept by: a node, or of a call one of its results.
_Key: TypeAlias = int | Tensor


class Walk:
    """Values of the tensors of one graph, each computed once, and of the functions that it calls."""

    def __init__(
        self,
        graph: Graph,
        shapes: Mapping[str, Shape | None] | None = None,
        functions: Functions | None = None,
        given: GivenOf | None = None,
    ) -> None:
        """Walks nothing yet. `shapes` are those that the signature lets in, by the name of the input.

        Of a function instead `given` has what it is given, and `functions` are those that were looked at before.
        """
        self.graph = graph
        self.functions = Functions() if functions is None else functions
        self.given = nothing_given if given is None else given
        self._values: dict[_Key, Value] = {}
        self._started: set[_Key] = set()
        # Whatever the signature feeds is an input, be it a constant with a default.
        self._fed = _widths(graph, shapes or {}) if given is None else {}

    def value(self, tensor: Tensor | None) -> Value:
        """What is known of a tensor; nothing where the walk was cut."""
        key = self._key(tensor)
        if key is None:
            return Value()
        self._walk(key)
        return self._values.get(key, Value())

    def entered(self, called: Function, node: Node) -> Walk:
        """A walk of the function that a node calls; what that is given is walked where it is asked for."""

        @cache
        def given(at: int) -> Given:
            tensor = node.inputs[at]
            return Given() if tensor is None else self._one_given(tensor, self.value(tensor))

        return Walk(called.graph, functions=self.functions, given=_at(called, given, len(node.inputs)))

    def _all_given(self, node: Node, positions: frozenset[int]) -> tuple[Given, ...]:
        """What a function is given that a node calls, as far as it was walked, at these positions."""
        known = chosen(node, positions)
        return tuple(
            self._one_given(known[at], self._known(known[at])) if at in known else Given()
            for at in range(len(node.inputs))
        )

    def _one_given(self, tensor: Tensor, value: Value) -> Given:
        return Given(value, shape_of(self.graph, tensor, self.given), number_of(self.graph, tensor, self.given))

    def _key(self, tensor: Tensor | None) -> _Key | None:
        """What a value is kept by: the node, of whose results the first one is known; of a call each of them."""
        if tensor is None:
            return None
        node = self.graph.nodes[tensor.node]
        if self.graph.is_folded and tensor.node not in self._fed and self.functions.calls.called(self.graph, node):
            return tensor
        return None if tensor.output > 0 and node.op not in _PARTS else tensor.node

    def _walk(self, start: _Key) -> None:
        stack = [start]
        while stack:
            key = stack[-1]
            if key in self._values:
                stack.pop()
                continue
            if key in self._started:
                stack.pop()
                self._values[key] = self._apply(key)
                continue
            self._started.add(key)
            self.functions.walked += 1
            if self.functions.walked > _MAX_WALKED:
                self._values[key] = Value()
                continue
            # A node that was started and has no value yet is an operand of itself: it stays unknown.
            keys = [self._key(operand) for operand in self._operands(key)]
            stack += [one for one in keys if one is not None and one not in self._started]

    def _operands(self, key: _Key) -> Sequence[Tensor]:
        if isinstance(key, int):
            return () if self.given(key) is not None else operands_of(self.graph.nodes[key])
        node = self.graph.nodes[key.node]
        called = self.functions.calls.called(self.graph, node)
        return [] if called is None else list(chosen(node, self._needed(called, key.output)).values())

    def _needed(self, called: Function, output: int) -> frozenset[int]:
        return self.functions.needed(called, output, operands_of)

    def _known(self, tensor: Tensor | None) -> Value:
        key = self._key(tensor)
        return Value() if key is None else self._values.get(key, Value())

    def _apply(self, key: _Key) -> Value:
        if not isinstance(key, int):
            return self._call(key)
        known, node = self.given(key), self.graph.nodes[key]
        if known is not None:
            return known.value
        if key in self._fed:
            return unknown(node.attributes.get("dtype"))._replace(width=self._fed[key])
        rule = _SOURCES.get(node.op) or RULES.get(node.op)
        if rule is None or len(node.inputs) > _MAX_OPERANDS:
            return Value()
        spend(_STEPS_OF_OPERAND * (1 + len(node.inputs)))
        try:
            operands = [self._known(operand) for operand in node.inputs]
            found = _spread(node, rule(node, operands), operands)
            is_turned = node.op in LINEAR and is_transposed(node)
            return found._replace(width=self._turned(node, operands)) if is_turned else found
        except (IndexError, ValueError, TypeError, ArithmeticError):
            # Fewer operands than the operation has, or attributes of another kind: a broken graph.
            return Value()

    def _call(self, result: Tensor) -> Value:
        node = self.graph.nodes[result.node]
        called = self.functions.calls.called(self.graph, node)
        if called is None:
            return Value()
        spend(_STEPS_OF_OPERAND)
        given = self._all_given(node, self._needed(called, result.output))

        def begin() -> Walk:
            return Walk(called.graph, functions=self.functions, given=_at(called, given.__getitem__, len(given)))

        return self.functions.value(called, result.output, given, begin)

    def _turned(self, node: Node, operands: Sequence[Value]) -> int | None:
        """The last axis of a product with weights that are transposed, where their shape stands in the file."""
        shape = shape_of(self.graph, node.inputs[1], self.given)
        is_weight = shape is not None and len(shape) > 1 and operands[1].rank == len(shape)
        return shape[-2] if shape is not None and is_weight else None


def _at(called: Function, given: Callable[[int], Given], count: int) -> GivenOf:
    """What each argument's node is given; nothing that is known where there are too few."""

    def of_node(number: int) -> Given | None:
        at = called.positions.get(number)
        return None if at is None else given(at) if at < count else Given()

    return of_node


def operands_of(node: Node) -> list[Tensor]:
    """The operands that the value of a node's result follows from."""
    if node.op in LINEAR:
        # Of the weights the shape alone counts.
        return [operand for operand in node.inputs[1:2] if operand is not None]
    if (node.op not in RULES and node.op not in _SOURCES) or len(node.inputs) > _MAX_OPERANDS:
        return []
    return [operand for operand in node.inputs if operand is not None]


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
    return found._replace(low=min(found.low, ends[0]), high=max(found.high, ends[1]), ids=None)


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
        return unknown(constant.dtype)._replace(width=width, rank=rank)
    ends = float(constant.low), float(constant.high)
    known = Value(*ends, 0.0, constant.dtype, width, rank, has_nan=False)
    return known._replace(numbers=constant.values)
