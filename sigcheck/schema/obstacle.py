"""Obstacle: why nothing leads from a provided spec to a required one, and what would."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import Field

from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value import Value


class Declaration(Value):
    """A fact that a side would have to declare, written as on the command line."""

    side: Literal["producer", "consumer"]
    fact: str
    value: str

    def read(self) -> Any:
        """The value as `--fact` reads it: JSON, a list where there are commas or axes, else text."""
        try:
            return json.loads(self.value)
        except ValueError:
            parts = self.value.split(",")
            return [_number(part) for part in parts] if len(parts) > 1 or self.fact == "axes" else self.value


class Opening(Value):
    """What opens a path together: facts to be declared, and what the policy would have to allow besides."""

    declare: tuple[Declaration, ...]
    allow: str


class Obstacle(Value):
    """Why a binding is blocked.

    `reached` is the spec nearest to the required one and `differs` says in words what is still
    other there; it is empty where the plan is complete, beyond the policy only. Whatever is named as
    opening a path was tried. `allow` names what the policy would have to allow, in the words of the
    command line. Each of `declare` is one way: the facts that have to be declared together, what
    settles most first. Each of `together` needs both, where neither does alone. `told` is all of it in
    other words than those of the command line, where the reader has no options.
    """

    reached: TensorSpec
    differs: tuple[str, ...] = ()
    allow: str = ""
    declare: tuple[tuple[Declaration, ...], ...] = ()
    together: tuple[Opening, ...] = ()
    told: tuple[str, ...] = Field(default=(), exclude=True)


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
