"""Functions: what a function gives for what is known of its operands, looked at once, however often it is called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sigcheck.graph.calls import MOST_NESTED, Calls, Function
from sigcheck.graph.view import Node, Tensor
from sigcheck.inference.domain import Value
from sigcheck.inference.operands import Given
from sigcheck.schema.budget import spend

if TYPE_CHECKING:
    from sigcheck.inference.backward import Walk

# Functions, each with other operands: of a model that calls them again and again a few hundred.
_MOST_LOOKED_AT = 1_000


@dataclass
class Functions:
    """The functions that one graph calls, at any depth, and what was found of them.

    `walked` counts the nodes that were looked at in all of them; `is_cut` where a limit was met.
    """

    walked: int = 0
    is_cut: bool = False
    depth: int = 0
    calls: Calls = field(default_factory=Calls)
    _needed: dict[tuple[str, int], frozenset[int]] = field(default_factory=dict)
    _walks: dict[tuple[str, tuple[Given, ...]], Walk] = field(default_factory=dict)

    @property
    def left_out(self) -> str | None:
        """What was not looked at, where a limit was met."""
        most = f"the first {_MOST_LOOKED_AT} that differ, or more than {MOST_NESTED} deep"
        return f"calls of functions beyond {most}" if self.is_cut else None

    def needed(
        self, function: Function, output: int, operands_of: Callable[[Node], Sequence[Tensor]], depth: int = 0
    ) -> frozenset[int]:
        """The arguments that the value of a result follows from, as far as operands lead there."""
        key = function.name, output
        if key in self._needed:
            return self._needed[key]
        if depth >= MOST_NESTED:
            self.is_cut = True
            return frozenset()
        # Of a function that calls itself nothing is known.
        self._needed[key] = frozenset()
        end = function.graph.outputs.get(str(output))
        waiting, seen, found = [] if end is None else [end], set[Tensor](), set[int]()
        while waiting:
            tensor = waiting.pop()
            if tensor in seen:
                continue
            seen.add(tensor)
            if tensor.node in function.positions:
                found.add(function.positions[tensor.node])
                continue
            node = function.graph.nodes[tensor.node]
            inner = self.calls.called(function.graph, node)
            if inner is None:
                waiting += operands_of(node)
            else:
                waiting += chosen(node, self.needed(inner, tensor.output, operands_of, depth + 1)).values()
        spend(2 * len(seen))
        self._needed[key] = frozenset(found)
        return self._needed[key]

    def value(self, function: Function, output: int, given: tuple[Given, ...], begin: Callable[[], Walk]) -> Value:
        """What is known of a result for what the function is given; `begin` gives a walk of it."""
        key = function.name, given
        if key not in self._walks:
            if self.depth >= MOST_NESTED or len(self._walks) >= _MOST_LOOKED_AT:
                self.is_cut = True
                return Value()
            self._walks[key] = begin()
        end = function.graph.outputs.get(str(output))
        self.depth += 1
        try:
            return Value() if end is None else self._walks[key].value(end)
        finally:
            self.depth -= 1


def chosen(node: Node, positions: frozenset[int]) -> dict[int, Tensor]:
    """The operands of a call at these positions."""
    return {at: one for at, one in enumerate(node.inputs) if at in positions and one is not None}
