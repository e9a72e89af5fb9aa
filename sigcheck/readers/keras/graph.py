"""Graph of a `.keras` file, from its config alone. Weights are not read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sigcheck.encodings.source import Source
from sigcheck.graph.view import Graph, Graphs
from sigcheck.readers.keras.config.layer import is_functional, is_sequential, parse_layer
from sigcheck.readers.keras.config.structure import name_ends
from sigcheck.readers.keras.config.tensor import Tensor as Spec
from sigcheck.readers.keras.lowering.building import Builder, Flow
from sigcheck.readers.keras.lowering.calling import Caller
from sigcheck.readers.keras.signature import read_data
from sigcheck.schema.signature import Signature

_BUILT_IN = frozenset({"Functional", "Model", "Sequential"})


@contextmanager
def open_graphs(source: Source) -> Iterator[Graphs]:
    """The graph of the one signature of the model.

    Raises ValueError and the like where the config is broken, TooLargeError where its layers
    make more calls than are looked at.
    """
    yield Graphs(partial(lower_config, read_data(source)))


def lower_config(data: Any, signature: Signature) -> Graph:
    """The graph of a serialized model. Raises as `open_graphs` does."""
    layer = parse_layer({"name": "model", **data, "inbound_nodes": []})
    if layer.kind not in _BUILT_IN:
        # A subclass may compute otherwise than its config says, as its own note tells.
        return Graph()
    builder = Builder()
    caller = Caller(builder)
    specs = [Spec(one.spec.dtype, one.spec.shape, one.spec.kind) for one in signature.inputs]
    fed = [Flow(builder.add("Placeholder", dtype=spec.dtype), spec) for spec in specs]
    if is_sequential(data):
        outputs = caller.chain(layer.config["layers"], tuple(fed), is_own=True)
    elif is_functional(layer.config):
        graph = caller.inference.graph(layer.config)
        layers = [named.ref.layer for named in name_ends(graph.inputs)]
        found = caller.resolve(graph, dict(zip(layers, fed, strict=True)), is_own=True)
        order = {ref[:3]: flow for ref, flow in zip(graph.output_refs, found, strict=True)}
        outputs = tuple(order[named.ref[:3]] for named in name_ends(graph.outputs))
    else:
        return Graph()
    tensors = [flow.tensor for flow in fed]
    return Graph(
        builder.nodes,
        {one.name: tensor for one, tensor in zip(signature.inputs, tensors, strict=True) if tensor is not None},
        {
            one.name: flow.tensor
            for one, flow in zip(signature.outputs, outputs, strict=False)
            if flow.tensor is not None and len(outputs) == len(signature.outputs)
        },
    )
