"""Obstacle: why nothing leads from a provided spec to a required one, and what would."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value import Value


class Declaration(Value):
    """A fact that a side would have to declare, written as on the command line."""

    side: Literal["producer", "consumer"]
    fact: str
    value: str


class Obstacle(Value):
    """Why a binding is blocked.

    `reached` is the spec nearest to the required one and `differs` says in words what is still
    other there; it is empty where the plan is complete, beyond the policy only. `allow` names what
    the policy would have to allow for it, in the words of the command line. Each of `declare` is
    one way to open a path: the facts that have to be declared together. `told` is all of it in
    other words than those of the command line, where the reader has no options.
    """

    reached: TensorSpec
    differs: tuple[str, ...] = ()
    allow: str = ""
    declare: tuple[tuple[Declaration, ...], ...] = ()
    told: tuple[str, ...] = Field(default=(), exclude=True)
