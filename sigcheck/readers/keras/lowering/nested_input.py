"""Nested input: what a model within a model makes of what it is fed: the dtype and the sizes of its own input."""

from __future__ import annotations

from sigcheck.graph.view import Node
from sigcheck.readers.keras.config.tensor import Tensor as Spec
from sigcheck.readers.keras.lowering.building import Builder, Flow


def as_input(builder: Builder, flow: Flow, dtype: str | None) -> Flow:
    """What is fed, cast to the dtype of the input."""
    if dtype == flow.spec.dtype or flow.tensor is None:
        return flow
    spec = flow.spec.with_dtype(dtype)
    try:
        tensor = builder.cast(flow, dtype or "")
    except (ValueError, KeyError):
        tensor = builder.opaque("Cast", (flow,))
    return Flow(tensor, spec, is_masked=flow.is_masked)


def as_declared(builder: Builder, flow: Flow, declared: Spec, name: str) -> Flow:
    """What is fed, refused where its sizes are not those of the input of this name."""
    if flow.tensor is None or declared.shape is None or flow.spec.shape == declared.shape:
        return flow
    node = Node("Keras>declared", (flow.tensor,), name, lambda: {"shape": declared.shape})
    tensor = builder.sized(builder.add("Identity", flow.tensor), node)
    return Flow(tensor, flow.spec, is_masked=flow.is_masked)
