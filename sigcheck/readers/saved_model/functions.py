"""Saved functions: what the object graph of a SavedModel tells of the traced functions in it.

A model that was saved without signatures shows them in their place. A function that was
never traced is not in the file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from sigcheck.encodings.message import Message
from sigcheck.readers.saved_model.structure import flatten, name_leaves, split_keywords
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.signature import DEFAULT_KEY, Endpoint, Signature

# A model of more functions than this is a library; the first ones are shown, and a note says so.
MAX_FUNCTIONS = 1_000


class TracedFunction(NamedTuple):
    """A traced function and where it hangs in the model: ("encoder", "encode")."""

    path: tuple[str, ...]
    name: str


def walk_functions(graph: Message) -> Iterator[TracedFunction]:
    """Yields the traced functions of an object graph, those nearest to its root first.

    Each node is seen once, so that a cycle ends. Raises IndexError for a child that is not there.
    """
    nodes: Sequence[Message] = graph.get("nodes", ())
    waiting: deque[tuple[int, tuple[str, ...]]] = deque([(0, ())] if nodes else [])
    seen = {0}
    while waiting:
        index, path = waiting.popleft()
        node = nodes[index]
        for name in node.get("function", {}).get("concrete_functions", ()):
            yield TracedFunction(path, name)
        # The traces of a function hang below it a second time, each as a function of its own.
        if "bare_concrete_function" in node:
            yield TracedFunction(path, node["bare_concrete_function"].get("concrete_function_name", ""))
        if "function" in node:
            continue
        for child in node.get("children", ()):
            number, name = child.get("node_id", 0), child.get("local_name", "")
            if number < 0:
                raise ValueError(f"a child of number {number} in the object graph")
            if number not in seen and not (index == 0 and name == "signatures"):
                seen.add(number)
                waiting.append((number, (*path, name)))


def signature_functions(graph: Message) -> dict[str, str]:
    """For each signature the name of the traced function that it is, as far as the object graph tells."""
    nodes: Sequence[Message] = graph.get("nodes", ())
    found: dict[str, str] = {}
    for child in nodes[0].get("children", ()) if nodes else ():
        if child.get("local_name") != "signatures":
            continue
        for entry in nodes[child.get("node_id", 0)].get("children", ()):
            bare = nodes[entry.get("node_id", 0)].get("bare_concrete_function", {})
            found[entry.get("local_name", "")] = bare.get("concrete_function_name", "")
    return found


def keywords_of(graph: Message) -> dict[str, Sequence[str]]:
    """For each traced function the names of its inputs, flat and in the order of its call."""
    return {
        bare.get("concrete_function_name", ""): bare.get("argument_keywords", [])
        for node in graph.get("nodes", ())
        if (bare := node.get("bare_concrete_function")) is not None
    }


def read_functions(graph: Message) -> tuple[list[Signature], bool]:
    """The traced functions as signatures, and whether there are more than MAX_FUNCTIONS.

    The key is the way to the function (`encoder.encode`), with the number of the trace where
    there are several: `encode[1]`.
    """
    concrete: Mapping[str, Message] = graph.get("concrete_functions", {})
    keywords = keywords_of(graph)
    found: dict[str, list[TracedFunction]] = {}
    functions = [one for one in islice(walk_functions(graph), MAX_FUNCTIONS + 1) if one.name in concrete]
    for function in functions[:MAX_FUNCTIONS]:
        found.setdefault(".".join(function.path) or DEFAULT_KEY, []).append(function)
    signatures = [
        Signature(
            key=path if len(traces) == 1 else f"{path}[{index}]",
            inputs=_inputs(concrete[trace.name], keywords.get(trace.name, ())),
            outputs=_outputs(concrete[trace.name]),
        )
        for path, traces in found.items()
        for index, trace in enumerate(traces)
    ]
    return signatures, len(functions) > MAX_FUNCTIONS


def _inputs(function: Message, keywords: Sequence[str]) -> tuple[Endpoint, ...]:
    leaves = list(flatten(function.get("canonicalized_input_signature", {})))
    spend(STEPS_OF_ENDPOINT * len(leaves))
    parts = split_keywords(leaves, keywords)
    own = [names[0] for names in parts] if parts is not None else [leaf.name for leaf in leaves]
    if not all(own) or len(set(own)) < len(own):
        own = [f"args_{index}" for index in range(len(leaves))]
    names = name_leaves(leaves, own)
    return tuple(Endpoint(name=name, spec=leaf.spec) for name, leaf in zip(names, leaves, strict=True))


def _outputs(function: Message) -> tuple[Endpoint, ...]:
    """Outputs as a signature of the function would name them: dict keys, else `output_0`, `output_1`."""
    leaves = list(flatten(function.get("output_signature", {})))
    spend(STEPS_OF_ENDPOINT * len(leaves))
    names = ["_".join(str(part) for part in leaf.path) for leaf in leaves]
    names = [name if name and not name[0].isdigit() else f"output_{name or 0}" for name in names]
    if len(set(names)) < len(names):
        names = [f"output_{index}" for index in range(len(leaves))]
    return tuple(Endpoint(name=name, spec=leaf.spec) for name, leaf in zip(names, leaves, strict=True))
