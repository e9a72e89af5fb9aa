"""Pair: both sides of a check, with the endpoints that are to be connected."""

from __future__ import annotations

from dataclasses import dataclass

from sigcheck.schema.constraint import Constraint
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint


@dataclass(frozen=True)
class Pair:
    """A producer's outputs and a consumer's inputs, as they were read, or declared.

    `constraints` are what must hold of the sizes of the inputs. `feeds` are the producer's own inputs,
    over whose sizes its outputs' are said, and `given` what must hold of these.
    """

    producer: Side
    consumer: Side
    outputs: tuple[Endpoint, ...]
    inputs: tuple[Endpoint, ...]
    constraints: tuple[Constraint, ...] = ()
    feeds: tuple[Endpoint, ...] = ()
    given: tuple[Constraint, ...] = ()
