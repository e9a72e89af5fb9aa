"""Pair: both sides of a check, with the endpoints that are to be connected."""

from __future__ import annotations

from dataclasses import dataclass

from sigcheck.schema.constraint import Constraint
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint
from sigcheck.stages.read_source import ReadSource


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A producer's outputs and a consumer's inputs, as they were read, or declared.

    `constraints` are what must hold of the sizes of the inputs. `feeds` are the producer's own inputs,
    over whose sizes its outputs' are said, and `given` what must hold of these. `sources` are what was
    read for it, the consumer last; nothing where a config or its lock says what the models hold.
    """

    producer: Side
    consumer: Side
    outputs: tuple[Endpoint, ...]
    inputs: tuple[Endpoint, ...]
    constraints: tuple[Constraint, ...] = ()
    feeds: tuple[Endpoint, ...] = ()
    given: tuple[Constraint, ...] = ()
    sources: tuple[ReadSource, ...] = ()
