"""Values: a signature with what the graph shows of the values of its endpoints."""

from __future__ import annotations

from sigcheck.graph.view import Graph
from sigcheck.inference import inputs, outputs
from sigcheck.inference.backward import Walk
from sigcheck.inference.forward import Readers, distinct
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.signature import Endpoint, Signature


def tell_values(graph: Graph, signature: Signature) -> Signature:
    """The signature with what the graph shows of each endpoint. Raises LimitError."""
    walk = Walk(graph, {one.name: one.spec.shape for one in signature.inputs if one.spec.kind == "dense"})
    readers = Readers(graph, walk)
    found_outputs = tuple(
        _told(one, list(outputs.claims(walk.value(graph.outputs[one.name]), one.spec)))
        if one.name in graph.outputs
        else one
        for one in signature.outputs
    )
    found_inputs = tuple(_told(one, _input(graph, readers, one)) for one in signature.inputs)
    return signature.model_copy(update={"inputs": found_inputs, "outputs": found_outputs})


def _input(graph: Graph, readers: Readers, endpoint: Endpoint) -> list[Inferred]:
    tensor = graph.inputs.get(endpoint.name)
    arrivals = None if tensor is None else readers.arrivals(tensor)
    return [] if not arrivals else list(inputs.claims(graph, list(distinct(arrivals)), endpoint.spec))


def _told(endpoint: Endpoint, found: list[Inferred]) -> Endpoint:
    return endpoint.model_copy(update={"inferred": tuple(found)}) if found else endpoint
