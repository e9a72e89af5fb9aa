"""Why: everything that a model demands of one of its sizes, and the ways on which the size gets there."""

from __future__ import annotations

from typing import Literal

from sigcheck.schema.inferred import Tier
from sigcheck.schema.value import SCHEMA_VERSION, Value


class Step(Value):
    """A node on the way, and what has become of the size there: an expression, or several."""

    operation: str
    place: str
    sizes: tuple[str, ...]


class Reason(Value):
    """What demands it, in words, and for each operand by which the size arrives its way from an input on.

    No way where the file has no graph that is followed.
    """

    demands: str
    ways: tuple[tuple[Step, ...], ...] = ()


class Demand(Value):
    """One constraint that speaks of the size."""

    holds: str
    tier: Tier
    because: tuple[Reason, ...] = ()


class Why(Value):
    """The answer of `sigcheck why`: the axes that are of this size, what is demanded of it, and what it becomes.

    `gives` are the axes of outputs whose sizes follow from it, each as `NAME.AXIS` with the expression.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    source: str
    key: str
    size: str
    axes: tuple[str, ...]
    demands: tuple[Demand, ...] = ()
    gives: tuple[tuple[str, str], ...] = ()
    unfollowed: tuple[str, ...] = ()
