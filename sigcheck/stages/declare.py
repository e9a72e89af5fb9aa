"""Declare: facts that the user states, put on the endpoints; then what graphs show enters, where it can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from operator import is_

from sigcheck.inference.settle import settle
from sigcheck.planning.box_images import with_image_sizes
from sigcheck.planning.declaration import Declared, find_evidence
from sigcheck.planning.declaration import declare as declare_on
from sigcheck.schema.signature import Endpoint
from sigcheck.stages.pair import Pair


def declare(pair: Pair, facts: Mapping[str, Declared] | None) -> Pair:
    """The pair with these facts, `{side: {name: {fact: value}}}`. Raises UsageError for one that cannot be."""
    facts = facts or {}
    pair, outputs = _declare_given(pair, facts.get("producer", {}))
    inputs = declare_on(pair.inputs, "consumer", facts.get("consumer", {}))
    outputs = with_image_sizes(outputs, [*outputs, *pair.feeds, *(one.endpoint for one in pair.passed)], "producer")
    inputs = with_image_sizes(inputs, inputs, "consumer")
    outputs, inputs = settle(outputs, inputs)
    kept = (*pair.outputs, *pair.inputs)
    if not facts and not pair.evidence and all(map(is_, (*outputs, *inputs), kept)):
        return pair
    evidence = {side: find_evidence(side, named) for side, named in facts.items()}
    return replace(pair, outputs=outputs, inputs=inputs, evidence=evidence)


def _declare_given(pair: Pair, facts: Declared) -> tuple[Pair, tuple[Endpoint, ...]]:
    """The pair with these facts on what the producer and earlier models are fed, `input.image`, and its outputs."""
    spoken = {one.name for one in pair.outputs}
    beside = [one for one in pair.passed if one.name not in spoken]
    if not any(one.name in facts for one in beside):
        return pair, declare_on(pair.outputs, "producer", facts)
    told = declare_on((*pair.outputs, *(one.endpoint for one in beside)), "producer", facts)
    outputs, rest = told[: len(pair.outputs)], told[len(pair.outputs) :]
    known = {one.name: endpoint for one, endpoint in zip(beside, rest, strict=True)}
    passed = tuple(one.model_copy(update={"endpoint": known.get(one.name, one.endpoint)}) for one in pair.passed)
    feeds = pair.feeds
    if pair.giver is not None and feeds == pair.giver.signature.inputs:
        own = {one.tensor: known[one.name].spec for one in pair.giver.passed if one.name in known}
        feeds = tuple(one.model_copy(update={"spec": own.get(one.name, one.spec)}) for one in feeds)
    return replace(pair, passed=passed, feeds=feeds), outputs
