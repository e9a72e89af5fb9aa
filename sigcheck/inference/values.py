"""Values: a signature with what the graph shows of the values of its endpoints."""

from __future__ import annotations

from sigcheck.graph.view import Graph
from sigcheck.inference import forms, inputs, outputs
from sigcheck.inference.backward import Walk
from sigcheck.inference.forward import arrivals, distinct
from sigcheck.inference.scope import Scope
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.signature import Endpoint, Signature


def tell_values(graph: Graph, signature: Signature) -> tuple[Signature, str | None]:
    """The signature with what the graph shows of each endpoint, and what was not looked at. Raises LimitError."""
    walk = Walk(graph, {one.name: one.spec.shape for one in signature.inputs if one.spec.kind == "dense"})
    root = Scope(graph, walk)
    found_outputs = tuple(
        _told(one, _output(graph, walk, one)) if one.name in graph.outputs else one for one in signature.outputs
    )
    found_inputs = tuple(_told(one, _input(root, one)) for one in signature.inputs)
    told = signature.model_copy(update={"inputs": found_inputs, "outputs": found_outputs})
    return told, walk.functions.left_out


def _output(graph: Graph, walk: Walk, endpoint: Endpoint) -> list[Inferred]:
    tensor = graph.outputs[endpoint.name]
    found = list(outputs.claims(walk.value(tensor), endpoint.spec))
    return [*found, *forms.made(graph, tensor)] if endpoint.spec.dtype == "string" else found


def _input(root: Scope, endpoint: Endpoint) -> list[Inferred]:
    tensor = root.graph.inputs.get(endpoint.name)
    found = None if tensor is None else arrivals(root, tensor)
    return [] if not found else list(inputs.claims(list(distinct(found)), endpoint.spec))


def _told(endpoint: Endpoint, found: list[Inferred]) -> Endpoint:
    return endpoint.model_copy(update={"inferred": tuple(found)}) if found else endpoint
