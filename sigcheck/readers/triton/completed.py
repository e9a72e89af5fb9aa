"""Completed: the inputs and outputs that a configuration leaves to the server, which takes them from the model.

A server does so unless it is told not to (triton-inference-server/server, docs/user_guide/model_configuration.md,
auto-generated model configuration), and needs no configuration at all then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sigcheck.encodings.message import Message
from sigcheck.encodings.source import Source
from sigcheck.readers.triton import version
from sigcheck.readers.triton.config import BATCH, Tensor, read_inputs, read_outputs
from sigcheck.schema.constraint import NamedSizes
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import Endpoint, Note

# Where rows may be put together the server makes a batch of its own, by its default-max-batch-size (the same page).
_MOST_ROWS = "; max_batch_size too, which is 4 unless the server is told another: write it down"


class Tensors(NamedTuple):
    """The inputs and outputs, each None where the configuration has none and the model is not known."""

    inputs: list[Tensor] | None
    outputs: list[Tensor] | None
    notes: tuple[Note, ...] = ()


def read_tensors(folder: Source | None, config: Message) -> Tensors:
    """Those of a configuration, and of the model of the newest version that is served where it has none.

    `folder` is that of the model; None where the configuration alone is at hand. Raises ValueError and the like where
    the configuration is broken.
    """
    told = Tensors(read_inputs(config) or None, read_outputs(config) or None)
    if (told.inputs and told.outputs) or folder is None or "ensemble_scheduling" in config:
        return told
    try:
        found = version.newest(folder, config)
    except SourceError:
        # Comparing tells it.
        return told
    ends = () if found is None else (*found.signature.inputs, *found.signature.outputs)
    if found is None or any(end.parts for end in ends):
        return told
    most = config.get("max_batch_size", 0)
    left = " and ".join(side for side, one in (("inputs", told.inputs), ("outputs", told.outputs)) if not one)
    message = f"leaves its {left} to the server, which takes them from the model: {found.place}"
    if not most and all(end.spec.shape and end.spec.shape[0] is None for end in ends):
        message += _MOST_ROWS
    return Tensors(
        told.inputs or _tensors(found.signature.inputs, is_batched=most > 0),
        told.outputs or _tensors(found.signature.outputs, is_batched=most > 0),
        (Note(place=folder.path.name, message=message),),
    )


def _tensors(ends: Iterable[Endpoint], *, is_batched: bool) -> list[Tensor]:
    """The tensors of a model as a client sends and gets them: with an open first axis as the batch of the server."""
    return [Tensor(end.model_copy(update={"sizes": _sizes(end, is_batched=is_batched)}), end.spec) for end in ends]


def _sizes(end: Endpoint, *, is_batched: bool) -> NamedSizes | None:
    """What has sizes has a batch, as a tensor of a configuration."""
    shape = end.spec.shape
    if not is_batched or not shape or shape[0] is not None:
        return None
    return (BATCH, *(shape if end.sizes is None else end.sizes)[1:])
