"""Walk: the sizes of all tensors of a graph, from its inputs on, and what they demand.

It keeps its own stack, because graphs are deeper than Python's; in a cycle nothing is known. All
that leads to an output runs, but what only a shape is read of. A function is walked once for each
kind of operands that it is called with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sigcheck.graph.calls import MOST_NESTED, Calls
from sigcheck.graph.view import Graph, Node, Tensor
from sigcheck.schema.budget import spend
from sigcheck.sizes.asserted import demands
from sigcheck.sizes.call import Call
from sigcheck.sizes.condition import Condition
from sigcheck.sizes.expression import Expression, Variable
from sigcheck.sizes.join import renamed
from sigcheck.sizes.least import least_of
from sigcheck.sizes.memory import Memory, Numbers
from sigcheck.sizes.operations import rule_of
from sigcheck.sizes.order import Ordered, Running, in_order
from sigcheck.sizes.tensor import UNKNOWN, Sized, Sizes

if TYPE_CHECKING:
    from sigcheck.sizes.trail import Frame, Watch

# Some 20 microseconds each: a fifth of a second is the most that anybody waits for.
MOST_WALKED = 10_000
_STEPS_OF_NODE = 20
# A look at the budget for each node would be some of its time.
_STEPS_AT_ONCE = 1_000
# A model demands little of its sizes; what would be told in more words is not read.
MOST_CONDITIONS = 500

# What these read need not run: of the one kind only the shape is wanted, of the other what one way leads to.
NOT_RUN = frozenset({"Shape", "ShapeN", "Rank", "Size", "ZerosLike", "OnesLike", "Merge"})

_BROKEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


class Found(NamedTuple):
    """What is known of the outputs by name, and what must hold of the sizes of inputs."""

    tensors: Mapping[str, Sized]
    conditions: tuple[Condition, ...] = ()
    is_stopped: bool = False
    # The places behind which sizes are not followed.
    lost: tuple[str, ...] = ()

    @property
    def outputs(self) -> Mapping[str, Sizes | None]:
        """The sizes of the outputs by name; None of an unknown rank."""
        return {name: one.sizes for name, one in self.tensors.items()}


class _StoppedError(Exception):
    """More nodes than are walked."""


def walk(graph: Graph, fed: Mapping[str, Sizes | None], watch: Watch | None = None) -> Found:
    """What a graph makes of the sizes of its inputs, which are given by name. Raises LimitError alone.

    `watch` keeps what is known of each tensor, and where each demand is made.
    """
    if len(graph.nodes) > MOST_WALKED:
        graph = graph.folded() or graph
    if len(graph.nodes) > MOST_WALKED:
        return Found(dict.fromkeys(graph.outputs, UNKNOWN), is_stopped=True)
    walk = _Walk(watch)
    try:
        given = {name: Sized(sizes) for name, sizes in fed.items()}
        results = walk.run(in_order(graph), given, frozenset(graph.outputs))
        asserted = graph.asserted()
        if asserted is not None:
            walk.hold(asserted, given)
    except _StoppedError:
        return Found(dict.fromkeys(graph.outputs, UNKNOWN), is_stopped=True)
    return Found(results, tuple(walk.conditions), lost=tuple(walk.lost))


@dataclass
class _Walk:
    """What is found on the way, of the graph and of all functions that it calls."""

    watch: Watch | None = None
    conditions: dict[Condition, None] = field(default_factory=dict)
    lost: dict[str, None] = field(default_factory=dict)
    least: dict[Variable, int] = field(default_factory=dict)
    fresh: Numbers = field(default_factory=Numbers)
    memory: Memory = field(default_factory=Memory)
    frame: Frame | None = None
    calling: Node | None = None
    left: int = MOST_WALKED
    depth: int = 0
    # How often a function was looked into.
    entered: int = 0
    functions: dict[str, Ordered | None] = field(default_factory=dict)
    calls: Calls = field(default_factory=lambda: Calls(NOT_RUN))
    called: dict[tuple[str, tuple[Sized, ...], frozenset[str]], Sequence[Sized]] = field(default_factory=dict)

    def hold(self, asserted: Graph, fed: Mapping[str, Sized]) -> None:
        """Keeps what a graph of truths that must hold demands."""
        known, frame = self.walked(in_order(asserted), fed, frozenset(asserted.outputs))
        for condition, node in demands(asserted, lambda tensor: _of(known, tensor)):
            if condition.decided(self.least) is not True:
                self._demand([condition])
                if self.watch is not None and frame is not None:
                    self.watch.demands.append((condition, frame, node))

    def run(self, ordered: Ordered, fed: Mapping[str, Sized], wanted: frozenset[str]) -> Mapping[str, Sized]:
        """The outputs of a graph by name. What leads to those that are surely `wanted` runs: its demands are kept."""
        known, _ = self.walked(ordered, fed, wanted)
        return {name: _of(known, tensor) for name, tensor in ordered.graph.outputs.items()}

    def walked(
        self, ordered: Ordered, fed: Mapping[str, Sized], wanted: frozenset[str]
    ) -> tuple[Mapping[int, Sequence[Sized]], Frame | None]:
        """What is known of the results of each node on the way to the outputs, and the frame that was watched."""
        graph, known = ordered.graph, dict[int, Sequence[Sized]]()
        running = Running(ordered, wanted, self.calls)
        for name, tensor in graph.inputs.items():
            known[tensor.node] = _at(tensor.output, self.memory.one(fed.get(name, UNKNOWN)))
        caller = self.frame
        if self.watch is not None:
            self.frame = self.watch.entered(graph, known, caller, self.calling)
        # Each of them is walked once: a graph of too many is not begun.
        self.left -= len(ordered.order)
        if self.left < 0:
            raise _StoppedError
        nodes, steps = graph.nodes, 0
        for number in ordered.order:
            node = nodes[number]
            if node.stands_for is not None:
                node = node.stands_for
            steps += _STEPS_OF_NODE + 2 * len(node.inputs)
            if steps > _STEPS_AT_ONCE:
                spend(steps)
                steps = 0
            operands = _all_of(known, node.inputs) if node.inputs else ()
            results = self.memory.results(node, operands)
            if results is None:
                results = self._results(running, number, node, operands)
            if results is not None:
                known[number] = results
        spend(steps)
        frame, self.frame = self.frame, caller
        return known, frame

    def _results(self, running: Running, number: int, node: Node, operands: Sequence[Sized]) -> Sequence[Sized] | None:
        enter, before = _Entry(self, running, number), (self.fresh.given, self.entered)
        call = Call(node, operands, self.fresh, enter, self.least)
        rule = rule_of(node.op)
        self.calling = node
        if rule is None:
            # In old graphs the operation of a call is the function itself.
            found = enter(node.op, call.operands, surely=True)
            if found is None:
                self._lose(call)
            return _of_rank(call) if found is None else found
        try:
            results = rule(call)
        except _BROKEN:
            # What a rule cannot say is not said; what it had demanded till then may not be all.
            self._lose(call)
            return _of_rank(call)
        if call.conditions and running.results(number) is not None:
            self._demand(call.conditions)
            if self.watch is not None and self.frame is not None:
                self.watch.demands += [(one, self.frame, node) for one in call.conditions]
        found = [results] if isinstance(results, Sized) else results
        if call.conditions or before != (self.fresh.given, self.entered):
            return found
        return self.memory.keep(node, operands, found)

    def _lose(self, call: Call) -> None:
        """Keeps the place where sizes that were followed till here are no more."""
        known = [size for one in call.operands for size in ((None,) if one.sizes is None else one.sizes)]
        if None not in known and any(isinstance(size, Expression) and size.is_known for size in known):
            self.lost[f"{call.operation} at `{call.node.name}`"] = None

    def _demand(self, conditions: Iterable[Condition]) -> None:
        if len(self.conditions) >= MOST_CONDITIONS:
            return
        for one in conditions:
            self.conditions[one] = None
            bound = least_of(one)
            if bound is not None:
                size, least = bound[0], max(bound[1], self.least.get(bound[0], 0))
                if self.least.get(size) != least:
                    self.least[size] = least
                    self.memory.forget()

    def enter(
        self, caller: Graph, name: str, operands: Sequence[Sized], wanted: frozenset[str]
    ) -> Sequence[Sized] | None:
        """The results of a function for these operands; None where it is not there, or nests too deep."""
        self.entered += 1
        if name not in self.functions:
            graph = caller.function(name)
            self.functions[name] = None if graph is None else in_order(graph)
        ordered = self.functions[name]
        if ordered is None or self.depth >= MOST_NESTED:
            return None
        key = name, tuple(operands), wanted
        if key not in self.called:
            self.depth += 1
            try:
                fed = {str(at): one for at, one in enumerate(operands)}
                found = self.run(ordered, fed, wanted)
                # Of calls that were put in their place assertions are known with those of the caller.
                asserted = ordered.graph.asserted() if wanted and ordered.graph.is_folded else None
                if asserted is not None:
                    self.hold(asserted, fed)
            finally:
                self.depth -= 1
            self.called[key] = tuple(found.get(str(at), UNKNOWN) for at in range(ordered.graph.results))
            return self.called[key]
        # Another call of it: what is not known of its results need not be the same.
        return renamed(self.called[key], operands, self.fresh)


class _Entry(NamedTuple):
    """What lets a rule look into a function."""

    walk: _Walk
    running: Running
    number: int

    def __call__(self, name: str, operands: Sequence[Sized], *, surely: bool) -> Sequence[Sized] | None:
        wanted = (self.running.results(self.number) if surely else None) or ()
        return self.walk.enter(self.running.ordered.graph, name, operands, frozenset(map(str, wanted)))


def _of_rank(call: Call) -> Sequence[Sized] | None:
    """Sizes of which nothing is known, of each result whose rank the reader knows."""
    ranks = call.attributes.get("ranks")
    return ranks and [UNKNOWN if rank is None else Sized(call.fresh_sizes(rank)) for rank in ranks]


def _at(output: int, sized: Sized) -> Sequence[Sized]:
    return [*[UNKNOWN] * output, sized]


def _all_of(known: Mapping[int, Sequence[Sized]], tensors: Sequence[Tensor | None]) -> Sequence[Sized]:
    found = []
    for one in tensors:
        results = () if one is None else known.get(one[0], ())
        found.append(results[one[1]] if one is not None and 0 <= one[1] < len(results) else UNKNOWN)
    return found


def _of(known: Mapping[int, Sequence[Sized]], tensor: Tensor | None) -> Sized:
    return _all_of(known, (tensor,))[0]
