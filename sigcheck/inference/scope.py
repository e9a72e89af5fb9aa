"""Scope: a graph, or one call of a function in it, with who reads what: tensors are followed into calls and out again.

Only what leads to an output counts; of a function what leads to the results that are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from sigcheck.graph.calls import MOST_NESTED
from sigcheck.graph.view import Graph
from sigcheck.inference.backward import Walk
from sigcheck.schema.budget import spend

# A tensor that is handed on more often than that is not followed, nor one that more nodes read.
_MOST_HANDED_ON = MOST_READERS = 1_000
_STEPS_AT_ONCE = 1_000
# Nodes with more inputs are few, and one of thousands would be looked through thousands of times.
_WIDE = 64


class Reader(NamedTuple):
    """A node of a scope that reads a tensor, and at which operand."""

    scope: Scope
    number: int
    operand: int


@dataclass(eq=False)
class Scope:
    """A graph that is looked into, or one call of a function: of which node of the caller, and its results wanted."""

    graph: Graph
    walk: Walk
    wanted: frozenset[int] = frozenset()
    caller: Scope | None = None
    call: int = 0
    # The calls that lead here, which put scopes in an order.
    path: tuple[int, ...] = ()
    _inner: dict[int, Scope | None] = field(default_factory=dict)
    _wide: dict[int, defaultdict[int, list[int]]] = field(default_factory=dict)

    def readers(self, number: int) -> Sequence[Reader] | None:
        """The nodes that read a result of a node, inside of functions too; None where they are too many."""
        found: list[Reader] = []
        waiting: list[tuple[Scope, int, int | None]] = [(self, number, None)]
        for _ in range(_MOST_HANDED_ON):
            if not waiting:
                return found
            scope, at, output = waiting.pop()
            for reader, operand in scope.operands(at):
                tensor = scope.graph.nodes[reader].inputs[operand]
                if (output is not None and tensor != (at, output)) or not scope.is_running(reader):
                    continue
                inner = scope.entered(reader)
                if inner is None:
                    found.append(Reader(scope, reader, operand))
                    if len(found) > MOST_READERS:
                        return None
                    continue
                argument = inner.graph.inputs.get(str(operand))
                if argument is not None and inner.is_running(argument.node):
                    waiting.append((inner, argument.node, None))
            if scope.caller is not None:
                waiting += [(scope.caller, scope.call, result) for result in scope.results(at, output)]
            spend(1)
        return None

    def is_output(self, number: int, output: int | None = None) -> bool:
        """Whether a result of a node is an output of the whole graph."""
        if self.caller is None:
            ends = self.graph.outputs.values()
            return any(end.node == number and output in {None, end.output} for end in ends)
        return any(self.caller.is_output(self.call, result) for result in self.results(number, output))

    def results(self, number: int, output: int | None) -> list[int]:
        """Which wanted results of the function a node gives."""
        ends = ((result, self.graph.outputs.get(str(result))) for result in sorted(self.wanted))
        return [at for at, end in ends if end is not None and end.node == number and output in {None, end.output}]

    def entered(self, number: int) -> Scope | None:
        """The call that a node is; None where it is none, or is not looked into."""
        if not self.graph.is_folded:
            return None
        if number not in self._inner:
            node = self.graph.nodes[number]
            called = self.walk.functions.calls.called(self.graph, node)
            if called is not None and len(self.path) >= MOST_NESTED:
                self.walk.functions.is_cut, called = True, None
            self._inner[number] = None
            if called is not None:
                walk, wanted = self.walk.entered(called, node), frozenset(self._running.get(number, ()))
                self._inner[number] = Scope(called.graph, walk, wanted, self, number, (*self.path, number))
        return self._inner[number]

    def is_running(self, number: int) -> bool:
        """Whether a node leads to what is wanted."""
        return not self.graph.is_folded or number in self._running

    def operands(self, number: int) -> Iterator[tuple[int, int]]:
        """Yields the nodes of the same graph that read a node, and at which operand."""
        for reader in dict.fromkeys(self._reading.get(number, ())):
            if len(self.graph.nodes[reader].inputs) > _WIDE:
                yield from ((reader, operand) for operand in self._places(reader)[number])
                continue
            for operand, tensor in enumerate(self.graph.nodes[reader].inputs):
                if tensor is not None and tensor[0] == number:
                    yield reader, operand

    def _places(self, reader: int) -> Mapping[int, list[int]]:
        """At which operands a node reads each other: its inputs are looked at once, not for each that it reads."""
        found = self._wide.get(reader)
        if found is None:
            found = self._wide[reader] = defaultdict(list)
            for operand, tensor in enumerate(self.graph.nodes[reader].inputs):
                if tensor is not None:
                    found[tensor[0]].append(operand)
        return found

    @cached_property
    def _reading(self) -> Mapping[int, list[int]]:
        """For each node the nodes of the same graph that read it, once for each operand."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        steps = 0
        for number, node in enumerate(self.graph.nodes):
            for tensor in node.inputs:
                if tensor is not None:
                    found[tensor[0]].append(number)
            steps += 1 + len(node.inputs) // 4
            if steps > _STEPS_AT_ONCE:
                spend(steps)
                steps = 0
        spend(steps)
        return found

    @cached_property
    def _running(self) -> Mapping[int, set[int]]:
        """The nodes that lead to what is wanted, with the results of each that do; of calls only what those need."""
        names = self.graph.outputs if self.caller is None else map(str, self.wanted)
        ends = [end for end in map(self.graph.outputs.get, names) if end is not None]
        return self.walk.functions.calls.running(self.graph, ends)
