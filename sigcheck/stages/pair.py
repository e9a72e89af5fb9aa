"""Pair: both sides of a check, with the endpoints that are to be connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sigcheck.schema.constraint import Constraint
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint
from sigcheck.stages.read_source import ReadSource

if TYPE_CHECKING:
    from sigcheck.schema.evidence import Evidence
    from sigcheck.sizes.carried import Carried


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A producer's outputs and a consumer's inputs, as they were read, or declared.

    `constraints` are what must hold of the sizes of the inputs. `feeds` are the producer's own inputs,
    over whose sizes its outputs' are said, and `given` what must hold of these. `sources` are what was
    read for it, the consumer last; nothing where a config or its lock says what the models hold. `unfollowed`
    are the places of the consumer behind which nothing is known of sizes. `evidence` is what data showed, by side and
    name.
    """

    producer: Side
    consumer: Side
    outputs: tuple[Endpoint, ...]
    inputs: tuple[Endpoint, ...]
    constraints: tuple[Constraint, ...] = ()
    feeds: tuple[Endpoint, ...] = ()
    given: tuple[Constraint, ...] = ()
    unfollowed: tuple[str, ...] = ()
    sources: tuple[ReadSource, ...] = ()
    evidence: Mapping[str, Mapping[str, Evidence]] = field(default_factory=dict)

    def behind(self, carried: Carried) -> Pair:
        """The pair as a link of a pipeline: the producer's sizes are said over the inputs of the first model."""
        return replace(self, outputs=carried.put_in(self.outputs), feeds=carried.inputs, given=carried.constraints)
