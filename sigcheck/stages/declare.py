"""Declare: facts that the user states, put on the endpoints; then what graphs show enters, where it can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sigcheck.inference.settle import settle
from sigcheck.planning.box_images import with_image_sizes
from sigcheck.planning.declaration import Declared, find_evidence
from sigcheck.planning.declaration import declare as declare_on
from sigcheck.stages.pair import Pair


def declare(pair: Pair, facts: Mapping[str, Declared] | None) -> Pair:
    """The pair with these facts, `{side: {name: {fact: value}}}`. Raises UsageError for one that cannot be."""
    facts = facts or {}
    outputs = declare_on(pair.outputs, "producer", facts.get("producer", {}))
    inputs = declare_on(pair.inputs, "consumer", facts.get("consumer", {}))
    outputs = with_image_sizes(outputs, [*outputs, *pair.feeds, *(one.endpoint for one in pair.passed)], "producer")
    inputs = with_image_sizes(inputs, inputs, "consumer")
    outputs, inputs = settle(outputs, inputs)
    evidence = {side: find_evidence(side, named) for side, named in facts.items()}
    return replace(pair, outputs=outputs, inputs=inputs, evidence=evidence)
