"""Triton: what a client of a served model sends and gets, and where the model itself says something else.

The batch of `max_batch_size` is the first axis of every tensor, and bounded by it. What the server adds itself,
states and controls of sequences among them, no client feeds.
"""

from __future__ import annotations

from sigcheck.encodings.message import Message
from sigcheck.encodings.source import Source
from sigcheck.readers.triton import ensemble, version
from sigcheck.readers.triton.completed import read_tensors
from sigcheck.readers.triton.config import BATCH, Tensor, read_config
from sigcheck.readers.triton.difference import Beside
from sigcheck.readers.triton.recognize import NAME
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import Model, Note, Signature

_LEFT_OPEN = (
    "a configuration without input and output, which the server takes from the model, and no model that is read beside "
    "it. Write them down, or name what the server answers at /v2/models/NAME."
)


def read(source: Source) -> Model:
    """The signature under the key `default`. Raises ValueError or KeyError where the configuration is broken."""
    config = read_config(source)
    told = read_tensors(source if source.is_directory else None, config)
    if told.inputs is None and told.outputs is None:
        raise SourceError(source.place, _LEFT_OPEN)
    inputs, outputs = told.inputs or [], told.outputs or []
    signature = Signature(
        inputs=tuple(one.end for one in inputs),
        outputs=tuple(one.end for one in outputs),
        constraints=_bound(config) if any(one.end.sizes for one in inputs) else (),
    )
    notes = [
        Note(place=end.name, message="its type is none that Triton has: unknown")
        for end in (*signature.inputs, *signature.outputs)
        if end.spec.dtype is None
    ]
    notes += [*told.notes, *_told(config)]
    found = _beside(source, config, inputs, outputs)
    return Model(
        source=source.text,
        reader=NAME,
        signatures=(signature,),
        notes=(*notes, *found.notes),
        contradictions=found.findings,
    )


def _beside(source: Source, config: Message, inputs: list[Tensor], outputs: list[Tensor]) -> Beside:
    """What lies beside the configuration; of a file that is named itself, nothing is looked for."""
    if not source.is_directory:
        return Beside()
    if "ensemble_scheduling" in config:
        return ensemble.compare(source, config, inputs, outputs)
    return version.compare(source, config, inputs, outputs)


def _bound(config: Message) -> tuple[Constraint, ...]:
    most: int = config["max_batch_size"]
    return (Constraint(holds=f"{BATCH} <= {most}", because=(f"max_batch_size is {most}",)),)


def _told(config: Message) -> list[Note]:
    """What a client should know that no spec can say."""
    told = [
        Note(place=one["name"], message="requests of other sizes are put together, each row as it is")
        for one in config.get("input", ())
        if one.get("allow_ragged_batch", False)
    ]
    sequence = config.get("sequence_batching")
    if sequence is None:
        return told
    states = [f"{one.get('output_name')} back into {one.get('input_name')}" for one in sequence.get("state", ())]
    kept = f", and the server feeds {', '.join(states)}" if states else ""
    message = f"requests of one sequence go to one model{kept}"
    return [*told, Note(place="sequence_batching", message=message)]
