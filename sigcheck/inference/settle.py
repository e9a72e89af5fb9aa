"""Settle: which of the inferred facts enter a plan.

Only what is proved or read enters, the place of the channels aside, and only where the other side knows the
same fact: what no one compares decides nothing. What is declared or read already stays. The rank of an input enters
wherever its signature has none: other ranks fail in the model.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from sigcheck.inference.settle_axes import settle_axes
from sigcheck.schema.facts import FACT_NAMES, Facts
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.signature import Endpoint

# A proved range is a bound. It is taken for the ends of an encoding, which a plan may rescale, only
# where it is one that is usual: not every value that lies in [0, 6] is meant to fill it.
_ENCODINGS = frozenset({(0.0, 1.0), (-1.0, 1.0), (0.0, 255.0)})


def settle(
    outputs: Sequence[Endpoint], inputs: Sequence[Endpoint]
) -> tuple[tuple[Endpoint, ...], tuple[Endpoint, ...]]:
    """The endpoints of both sides with the inferred facts that can be compared, of the origin `inferred`."""
    inputs = tuple(map(_ranked, inputs))
    if not any(endpoint.inferred for endpoint in (*outputs, *inputs)):
        return tuple(outputs), inputs
    given, taken = _known(outputs), _known(inputs)
    return (
        tuple(_settled(one, taken, inputs) for one in outputs),
        tuple(_settled(one, given, outputs) for one in inputs),
    )


def _ranked(endpoint: Endpoint) -> Endpoint:
    """The input with the rank that its graph demands, where its signature leaves it open."""
    spec, sizes = endpoint.spec, endpoint.sizes
    if spec.kind != "dense" or spec.shape is not None or sizes is None:
        return endpoint
    ranked = spec.replace_if_valid(shape=tuple(size if isinstance(size, int) else None for size in sizes))
    return endpoint if ranked is None else endpoint.model_copy(update={"spec": ranked})


def _known(endpoints: Sequence[Endpoint]) -> frozenset[str]:
    facts = {fact for endpoint in endpoints for fact in endpoint.spec.facts.known()}
    return frozenset(facts | {claim.name for endpoint in endpoints for claim in _usable(endpoint)})


def _usable(endpoint: Endpoint) -> list[Inferred]:
    # A range beside a normalization is one of raw values.
    is_encoded = endpoint.spec.facts.normalization is not None
    return [claim for claim in endpoint.inferred if _is_usable(claim) and not (is_encoded and claim.name == "range")]


def _is_usable(claim: Inferred) -> bool:
    if claim.name == "range":
        return claim.tier != "convention" and claim.value in _ENCODINGS
    return claim.name in FACT_NAMES and (claim.tier != "convention" or claim.name == "axes")


def _is_said(facts: Facts, name: str) -> bool:
    """Whether the fact is known from elsewhere. What a graph proves goes before what some data showed."""
    return getattr(facts, name) is not None and facts.origins.get(name) != "observed"


def _settled(endpoint: Endpoint, compared: frozenset[str], others: Sequence[Endpoint]) -> Endpoint:
    spec = endpoint.spec
    for claim in _usable(endpoint):
        if claim.name not in compared or _is_said(spec.facts, claim.name):
            continue
        value = settle_axes(claim.value, spec, others) if claim.tier == "convention" else claim.value
        if value is None:
            continue
        origins = {**spec.facts.origins, claim.name: "inferred"}
        try:
            spec = spec.replace(facts=spec.facts.replace(**{claim.name: value}, origins=origins))
        except ValidationError:
            # The signature says another dtype or rank than the graph: then the graph is not believed.
            continue
    return endpoint if spec is endpoint.spec else endpoint.model_copy(update={"spec": spec})
