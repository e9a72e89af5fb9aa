"""Infer: a signature with what the graph of its model shows of its inputs and outputs."""

from __future__ import annotations

import struct
from collections.abc import Callable, Hashable, Iterator, Sequence

from sigcheck.encodings.source import Source
from sigcheck.graph.view import Graph
from sigcheck.inference.sizes import tell_sizes
from sigcheck.readers import GraphReader, graph_reader
from sigcheck.readers.graph_def.heads import TooLargeError
from sigcheck.schema.address import is_address
from sigcheck.schema.budget import GRAPH_STEPS, CallLimitError, LimitError, bounded
from sigcheck.schema.collection import without_collection
from sigcheck.schema.errors import SigcheckError
from sigcheck.schema.signature import Endpoint, Model, Note, Signature
from sigcheck.schema.tensor_spec import TensorSpec

# Each costs a walk; a model of more signatures is a library.
_MAX_SIGNATURES = 50

# Gives the signature with what was found, and what was not looked at.
_Look = Callable[[Graph, Signature], tuple[Signature, str | None]]

_LIMIT = "nothing is inferred: the graph takes more work to follow than that of any real model"
_CALL_LIMIT = "nothing is inferred: the files before it took all that one call may take"

_BROKEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, OSError, struct.error)


def infer(source: Source, model: Model) -> Model:
    """The model with what its graph shows, and a note where it could not be looked at. Never raises."""
    from sigcheck.inference.values import tell_values

    def look(graph: Graph, signature: Signature) -> tuple[Signature, str | None]:
        told, left_out = tell_values(graph, signature)
        return tell_sizes(graph, told), left_out

    return _looked_at(source, model, look)


def infer_sizes(source: Source, model: Model) -> Model:
    """The model with its open sizes named and with what must hold of them, and nothing else. Never raises."""
    found = _looked_at(source, model, _named)
    return model.model_copy(update={"signatures": found.signatures})


def _named(graph: Graph, signature: Signature) -> tuple[Signature, str | None]:
    """A signature with sizes and constraints, whose places are left out."""
    is_open = any(None in (one.spec.shape or ())[1:] for one in signature.inputs)
    # The names of axes are what the values show; of a batch alone there is one name.
    told = signature
    if is_open:
        from sigcheck.inference.values import tell_values

        told, _ = tell_values(graph, signature)
    told = tell_sizes(graph, told)
    inputs, outputs = (
        tuple(one.model_copy(update={"sizes": two.sizes}) for one, two in zip(ours, theirs, strict=True))
        for ours, theirs in ((signature.inputs, told.inputs), (signature.outputs, told.outputs))
    )
    constraints = tuple(one.model_copy(update={"because": ()}) for one in told.constraints)
    return signature.model_copy(update={"inputs": inputs, "outputs": outputs, "constraints": constraints}), None


def _looked_at(source: Source, model: Model, look: _Look) -> Model:
    reader = graph_reader(model.reader)
    if reader is None:
        return model
    if is_address(source.place):
        return _noted(model, "nothing is inferred from a file that is not on this machine")
    signatures: list[Signature] = []
    problem = None
    try:
        # What is made of a graph lives until its end: a collector that looks through it finds nothing.
        with without_collection():
            for told, not_told in _each(source, model, reader, look):
                signatures.append(told)
                problem = problem or not_told
    except LimitError as error:
        # What was found of the signatures before holds.
        limit = _CALL_LIMIT if isinstance(error, CallLimitError) else _LIMIT
        problem = limit if not signatures else f"{limit}, but for the first {len(signatures)} of its signatures"
    except TooLargeError as error:
        return _noted(model, f"nothing is inferred: the graph has {error}")
    except (MemoryError, SigcheckError, *_BROKEN):
        return _noted(model, "nothing is inferred: the graph is broken")
    if len(model.signatures) > _MAX_SIGNATURES and problem is None:
        problem = f"nothing is inferred of more than {_MAX_SIGNATURES} signatures"
    found = model.model_copy(update={"signatures": (*signatures, *model.signatures[len(signatures) :])})
    return found if problem is None else _noted(found, problem)


def _each(source: Source, model: Model, reader: GraphReader, look: _Look) -> Iterator[tuple[Signature, str | None]]:
    """Yields each signature with what was found of it, and what was not looked at. Raises what a broken file raises."""
    alike: dict[Hashable, Signature] = {}
    # One budget for all signatures: each may lead through the whole graph.
    with bounded(source.place, steps=GRAPH_STEPS), reader.open_graphs(source) as graphs:
        for signature in model.signatures[:_MAX_SIGNATURES]:
            call = graphs.call(signature)
            key = None if call is None else (call, *map(_shown, (signature.inputs, signature.outputs)))
            if key is not None and key in alike:
                # A function that several signatures call is looked at once.
                yield _as_told(signature, alike[key]), None
                continue
            graph = graphs.lower(signature)
            told, left_out = (signature, None) if graph.problem else look(graph, signature)
            left_out = graph.left_out or left_out
            if key is not None:
                alike[key] = told
            yield told, graph.problem or (left_out and f"nothing is inferred of {left_out}")


def _shown(endpoints: Sequence[Endpoint]) -> tuple[tuple[str, TensorSpec], ...]:
    return tuple((one.name, one.spec) for one in endpoints)


def _as_told(signature: Signature, other: Signature) -> Signature:
    """The signature with what was found of another one of the same graph, names and specs."""
    sides = [
        tuple(
            one.model_copy(update={"inferred": same.inferred, "sizes": same.sizes})
            for one, same in zip(ours, theirs, strict=True)
        )
        for ours, theirs in ((signature.inputs, other.inputs), (signature.outputs, other.outputs))
    ]
    shared = {"constraints": other.constraints, "unfollowed": other.unfollowed}
    return signature.model_copy(update={"inputs": sides[0], "outputs": sides[1], **shared})


def _noted(model: Model, message: str) -> Model:
    return model.model_copy(update={"notes": (*model.notes, Note(place="facts", message=f"{message}."))})
