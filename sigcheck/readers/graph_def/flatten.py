"""Flatten: the nodes behind the outputs of a graph, the functions that it calls put in their place.

A graph of a SavedModel is a call of a function that calls another. A conditional or a loop is
no call: it stays a node, which names the graphs of its functions. Where a function is called again and again, calls
stay nodes too: a function that calls the next twice, and so on, makes more calls than there are bytes in the file.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import count

from sigcheck.encodings.content import Content
from sigcheck.encodings.wire import PORTION, Span
from sigcheck.graph.view import CALLS, MAX_NODES, Attributes, Graph, Node, Tensor
from sigcheck.readers.graph_def.body import Body, is_assert, read_function_body
from sigcheck.readers.graph_def.heads import Head, TooLargeError
from sigcheck.readers.graph_def.only_call import MAX_CALLS, MAX_HOPS, only_call
from sigcheck.readers.graph_def.reference import output_number, split_reference
from sigcheck.schema.budget import spend

# Exports call each function once or a few times.
_MOST_CALLS_OF_ONE = 32

# In microseconds.
_STEPS_OF_NODE, _STEPS_OF_CALL = 4, 20


class _RepeatedError(Exception):
    """A function that is called more often than is put in its place."""


# Of more, what they demand is not looked at.
_MOST_ASSERTS = 256

# An argument of a function whose graph is looked at by itself.
_ARGUMENT = Head("Argument", (), dict)

# What stands before an input that is only waited for.
_WAITED_FOR = b"^"


@dataclass(frozen=True)
class _Frame:
    """One call of a function, told from another call of the same one; the graph itself has no caller."""

    number: int
    body: Body
    caller: _Frame | None = None
    call: Head | None = None
    depth: int = 0
    is_compiled: bool = False
    # What was found by name, as its first result: nodes, and arguments and calls where it ends.
    nodes: dict[bytes, Tensor] = field(default_factory=dict)
    ends: dict[bytes, Tensor] = field(default_factory=dict)
    # What is read by other texts than those of nodes.
    tensors: dict[bytes, Tensor | None] = field(default_factory=dict)

    @cached_property
    def given(self) -> tuple[bytes, ...]:
        """The tensors that the caller gives, by the position of the argument."""
        if self.call is None or not self.body.is_plain:
            return ()
        return tuple(text for text in self.call.inputs if not text.startswith(_WAITED_FOR))


class Flattener:
    """Follows tensors through calls. One for each graph; what it has found grows with the outputs asked for."""

    def __init__(
        self,
        content: Content,
        graph: Body,
        library: Mapping[str, Span],
        bodies: dict[str, Body | None] | None = None,
        *,
        is_folded: bool = False,
        is_compiled: bool = False,
    ) -> None:
        """A graph and where its functions lie; `bodies` are those that were read already.

        `is_folded` leaves calls as they are, and `is_compiled` says that XLA runs the graph.
        """
        self._content = content
        self._library = library
        self._root = _Frame(0, graph, is_compiled=is_compiled)
        self._bodies = {} if bodies is None else bodies
        self._frames: dict[tuple[int, bytes], _Frame | None] = {}
        self._waiting: deque[tuple[_Frame, Head, bytes]] = deque()
        self._numbers = count()
        self._scanned = graph.nodes.count
        self._calls: Counter[str] = Counter()
        self._is_cut = False
        self._is_folded = is_folded
        # Operations that are calls, and functions that are operations in old graphs: each is entered.
        self._calling: frozenset[str] = frozenset() if is_folded else CALLS
        self._entered: Mapping[str, Span] = {} if is_folded else library
        # Where nodes that seem to assert something are, by the number of the frame and their name.
        root = self._root
        self._asserts = {(0, name): root for name in (() if root.is_compiled else graph.asserts)}

    def flatten(self, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Graph:
        """The nodes behind the outputs; both maps are from names to tensors of the graph (`node:0`).

        Raises TooLargeError above MAX_NODES nodes and ValueError where the graph is broken.
        """
        try:
            return self._flatten(inputs, outputs)
        except _RepeatedError:
            return self._folded().flatten(inputs, outputs)

    def _flatten(self, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Graph:
        ends = {name: self._tensor(self._root, text.encode()) for name, text in outputs.items()}
        nodes = self._nodes()
        return Graph(
            nodes,
            self._starts(inputs),
            {name: tensor for name, tensor in ends.items() if tensor is not None},
            left_out=self._left_out,
            function=self.function,
            results=len(ends),
            is_folded=self._is_folded,
            folded=partial(self._fold, inputs, outputs),
            asserted=partial(self._asserted, nodes, inputs),
        )

    def _nodes(self) -> list[Node]:
        """The nodes that were found and not yet told; what they read is found on the way, and comes later.

        Raises TooLargeError above MAX_NODES nodes.
        """
        nodes: list[Node] = []
        waiting, steps = self._waiting, 0
        while waiting:
            frame, head, name = waiting.popleft()
            read = partial(_compiled, head.read_attributes) if frame.is_compiled else head.read_attributes
            texts = head.inputs
            nodes.append(Node(head.op, self._inputs(frame, texts) if texts else (), name.decode(), read))
            steps += _STEPS_OF_NODE + len(texts)
            if steps > PORTION:
                spend(steps)
                steps = 0
                if len(nodes) + len(waiting) > MAX_NODES:
                    break
        spend(steps)
        if len(nodes) + len(waiting) > MAX_NODES:
            raise TooLargeError(f"more than {MAX_NODES} nodes")
        return nodes

    def _inputs(self, frame: _Frame, texts: Sequence[bytes]) -> tuple[Tensor | None, ...]:
        """What the inputs of a node stand for, but those that it only waits for."""
        known, others, find, new = frame.nodes, frame.tensors, frame.body.nodes.find, tuple.__new__
        inputs: list[Tensor | None] = []
        for text in texts:
            name, _, output = text.partition(b":")
            tensor = known.get(name)
            if tensor is None:
                if text in others:
                    inputs.append(others[text])
                    continue
                if text[:1] == _WAITED_FOR:
                    if is_assert(text) and not frame.is_compiled:
                        self._asserts[frame.number, text[1:]] = frame
                    continue
                head = find(name)
                if head is None or head.op in self._calling or head.op in self._entered:
                    others[text] = self._tensor(frame, text)
                    inputs.append(others[text])
                    continue
                # As `_first` does it: so are most nodes found.
                tensor = known[name] = new(Tensor, (next(self._numbers), 0))
                self._waiting.append((frame, head, name))
            index = output_number(output) if output else 0
            # Made thousands of times: without the call that checks what is put in.
            inputs.append(new(Tensor, (tensor[0], index)) if index else tensor)
        return tuple(inputs)

    def _starts(self, inputs: Mapping[str, str]) -> dict[str, Tensor]:
        starts = {name: self._known(text.encode()) for name, text in inputs.items()}
        return {name: tensor for name, tensor in starts.items() if tensor is not None}

    def _asserted(self, nodes: Sequence[Node], inputs: Mapping[str, str]) -> Graph | None:
        """What is asserted beside the way to the outputs, which these nodes are; by the names of those that assert."""
        ends: dict[str, Tensor] = {}
        try:
            for (_, name), frame in list(self._asserts.items())[:_MOST_ASSERTS]:
                head = frame.body.nodes.find(name)
                if head is not None and head.op == "Assert" and head.inputs:
                    tensor = self._tensor(frame, head.inputs[0])
                    if tensor is not None:
                        ends[f"{name.decode()}:{len(ends)}"] = tensor
            if not ends:
                return None
            # What an assertion waits for may assert too: it is not looked at.
            every = (*nodes, *self._nodes())
        except (TooLargeError, _RepeatedError):
            return None
        return Graph(every, self._starts(inputs), ends, function=self.function, results=len(ends))

    def _fold(self, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Graph | None:
        """The same graph with its calls as nodes; None where it has no other form."""
        # Where each is called once there are as many nodes.
        if self._is_folded or max(self._calls.values(), default=0) <= 1:
            return None
        return self._folded().flatten(inputs, outputs)

    def _folded(self) -> Flattener:
        root = self._root
        return Flattener(
            self._content, root.body, self._library, self._bodies, is_folded=True, is_compiled=root.is_compiled
        )

    def call(self, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Hashable | None:
        """The function that makes the outputs, as `only_call` tells it."""
        return only_call(self._root.body, self._body, inputs, outputs)

    def function(self, name: str) -> Graph | None:
        """The graph of a function by itself; None where it is not there, or too large."""
        try:
            body = self._body(name)
            if body is None or not body.is_plain:
                return None
            arguments = {str(at): argument.decode() for argument, at in body.arguments.items()}
            # Which function calls it is not known: it may be one that is compiled, of those that were read by then.
            callers = self._bodies if self._is_folded else self._frames
            is_compiled = body.is_compiled or any(one is not None and one.is_compiled for one in callers.values())
            inner = Flattener(
                self._content,
                body,
                self._library,
                self._bodies,
                is_folded=self._is_folded,
                is_compiled=is_compiled or self._root.is_compiled,
            )
            return inner.flatten(arguments, {str(at): text.decode() for at, text in enumerate(body.results)})
        except TooLargeError:
            return None

    def _known(self, text: bytes) -> Tensor | None:
        """An input of the graph, where something behind the outputs reads it."""
        name, index = split_reference(text)
        tensor = self._root.nodes.get(name) or self._root.ends.get(name)
        return None if tensor is None else Tensor(tensor.node, index)

    def _tensor(self, frame: _Frame, text: bytes) -> Tensor | None:
        for hop in range(MAX_HOPS):
            if hop:
                spend(1)
            name, index = split_reference(text)
            head = frame.body.nodes.find(name)
            if head is None:
                position = frame.body.arguments.get(name)
                if position is not None and frame.caller is None:
                    return self._first(frame, frame.ends, _ARGUMENT, name)
                if position is None or frame.caller is None or position >= len(frame.given):
                    return None
                frame, text = frame.caller, frame.given[position]
                continue
            found = frame.nodes
            if head.op in self._calling or head.op in self._entered:
                callee = self._enter(frame, name, head)
                if callee is not None and callee.body.is_plain and index < len(callee.body.results):
                    frame, text = callee, callee.body.results[index]
                    continue
                found = frame.ends
            first = self._first(frame, found, head, name)
            return Tensor(first.node, index) if index else first
        return None

    def _first(self, frame: _Frame, found: dict[bytes, Tensor], head: Head, name: bytes) -> Tensor:
        """The first result of a node, which has a number from now on."""
        if name not in found:
            found[name] = Tensor(next(self._numbers))
            self._waiting.append((frame, head, name))
        return found[name]

    def _enter(self, frame: _Frame, name: bytes, head: Head) -> _Frame | None:
        """The frame of a call; None where the function is not there or calls nest too deep."""
        key = frame.number, name
        if key not in self._frames:
            spend(_STEPS_OF_CALL)
            called = head.op
            if head.op in CALLS:
                called = head.read_attributes().get("f", "")
            self._calls[called] += called in self._library
            if self._calls[called] > _MOST_CALLS_OF_ONE:
                raise _RepeatedError
            is_followed = frame.depth < MAX_CALLS
            self._is_cut |= not is_followed and called in self._library
            body = self._body(called) if is_followed else None
            found = None
            if body is not None:
                is_compiled = frame.is_compiled or body.is_compiled
                found = _Frame(len(self._frames) + 1, body, frame, head, frame.depth + 1, is_compiled)
            self._frames[key] = found
            if found is not None and not found.is_compiled:
                self._asserts.update({(found.number, name): found for name in found.body.asserts})
        return self._frames[key]

    @property
    def _left_out(self) -> str | None:
        return f"calls of functions more than {MAX_CALLS} deep" if self._is_cut else None

    def _body(self, name: str) -> Body | None:
        if name not in self._bodies:
            span = self._library.get(name)
            body = None if span is None else read_function_body(self._content, span)
            self._scanned += body.nodes.count if body is not None else 0
            if self._scanned > MAX_NODES:
                raise TooLargeError(f"more than {MAX_NODES} nodes")
            self._bodies[name] = body
        return self._bodies[name]


def _compiled(read: Callable[[], Attributes]) -> Attributes:
    """The attributes of a node that XLA runs."""
    return {**read(), "is_compiled": True}
