"""Texts: strings that are fed to what reads one form of them only, and of which nothing says that they have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sigcheck.schema.inferred import Inferred
from sigcheck.schema.meaning import RAW, TEXTUAL
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint

# How what a string holds is called in a sentence.
FORMS = {
    "encoded_image": "files of images",
    "serialized_example": "serialized tf.Examples",
    "serialized_sequence_example": "serialized tf.SequenceExamples",
    "serialized_tensor": "serialized tensors",
    "wav": "WAV files",
    "csv": "lines of CSV",
    "bytes": "bytes of numbers",
    **{one: f"bytes of {one.removeprefix('raw_')}" for one in sorted(RAW)},
    "base64_url": "web-safe base64",
}


class Unread(NamedTuple):
    """An input, and what its graph proves of the strings that it reads."""

    required: str
    claim: Inferred


def find_unread(bindings: Sequence[Binding], inputs: Sequence[Endpoint]) -> tuple[Unread, ...]:
    """The inputs whose graph fails on any other strings than those of one form, fed by strings of unknown form."""
    claims = {one.name: claim for one in inputs for claim in forms_of(one)}
    return tuple(
        Unread(binding.required, claims[binding.required])
        for binding in bindings
        if binding.required in claims and _is_untold(binding)
    )


def forms_of(endpoint: Endpoint) -> Iterator[Inferred]:
    """Yields what the graph of an input proves of the strings that it reads, where nothing is declared of them."""
    if endpoint.spec.facts.meaning is None:
        yield from (one for one in endpoint.inferred if one.name == "meaning" and one.value in TEXTUAL)


def with_form(endpoint: Endpoint) -> Endpoint:
    """The input with what its graph proves of the form of strings, and of what they hold, where nobody declares it."""
    known = {one.name: one.value for one in endpoint.inferred if one.name in {"meaning", "features"}}
    facts = endpoint.spec.facts
    if facts.meaning not in {None, known.get("meaning"), "bytes", "base64", "base64_url"}:
        # What is held is that of the form which the graph reads: of another one that is declared it says nothing.
        known.pop("features", None)
    new = {name: value for name, value in known.items() if getattr(facts, name) is None}
    if not new or known.get("meaning", facts.meaning) not in TEXTUAL:
        return endpoint
    told = facts.replace(**new, origins={**facts.origins, **dict.fromkeys(new, "inferred")})
    # Where the signature says another dtype than the graph, this is not believed.
    spec = endpoint.spec.replace_if_valid(facts=told)
    return endpoint if spec is None else endpoint.model_copy(update={"spec": spec})


def _is_untold(binding: Binding) -> bool:
    plan = binding.plan or next(iter(binding.candidates), None)
    end = binding.provided_spec if plan is None or not plan.steps else plan.steps[-1].result
    return plan is not None and end.dtype == "string" and end.facts.meaning is None
