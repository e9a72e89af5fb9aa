"""Only call: whether a graph is one call of a function, and of which: a signature mostly is.

Signatures that call one function alike are looked at once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

from sigcheck.graph.view import CALLS
from sigcheck.readers.graph_def.body import Body
from sigcheck.readers.graph_def.reference import split_reference
from sigcheck.schema.budget import spend

# Exports nest three or four calls; a function that calls itself nests without end.
MAX_CALLS = 24
# From an argument to the call that feeds it, from a call to the result of its function: each is a hop.
MAX_HOPS = 4 * MAX_CALLS


def only_call(
    graph: Body,
    body_of: Callable[[str], Body | None],
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
) -> Hashable | None:
    """The function that makes the outputs, what it is given, and which of its results are which.

    Without the names of inputs and of what only hands them on; None where it is not one function.
    """
    position = {split_reference(text.encode()): at for at, text in enumerate(inputs.values())}
    found = _call_of(graph, [text.encode() for text in outputs.values()])
    if found is None:
        return None
    function, texts, results = found
    given: list[Hashable] = [position.get(split_reference(text), text) for text in texts]
    for _ in range(MAX_CALLS):
        body = body_of(function)
        if body is None or not body.is_plain or max(results) >= len(body.results):
            break
        found = _call_of(body, [body.results[index] for index in results])
        places = [] if found is None else [body.arguments.get(split_reference(text)[0]) for text in found[1]]
        if found is None or any(at is None or at >= len(given) for at in places):
            break
        function, _, results = found
        given = [given[at] for at in places if at is not None]
    return function, tuple(given), tuple(results)


def _call_of(body: Body, texts: Sequence[bytes]) -> tuple[str, list[bytes], list[int]] | None:
    """The one call that all of these are results of: its function, what it is given, and the results' numbers."""
    calls: set[bytes] = set()
    results = []
    for text in texts:
        for _ in range(MAX_HOPS):
            spend(1)
            name, index = split_reference(text)
            head = body.nodes.find(name)
            if head is None or head.op != "Identity" or not head.inputs:
                break
            text = head.inputs[0]  # noqa: PLW2901  # an identity stands for what it hands on
        if head is None or head.op not in CALLS:
            return None
        calls.add(name)
        results.append(index)
    if len(calls) != 1 or head is None:
        return None
    function = head.read_attributes().get("f", "")
    return function, [text for text in head.inputs if not text.startswith(b"^")], results
