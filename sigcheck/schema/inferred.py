"""Inferred: what the graph of a model shows of one input or output, how sure it is, and why."""

from __future__ import annotations

from math import isfinite
from typing import Any, Literal, get_args

from pydantic import model_validator

from sigcheck.schema.facts import FACT_NAMES, Facts
from sigcheck.schema.meaning import Meaning
from sigcheck.schema.value import MadeValue, all_of

# proved: holds whatever is fed. read: stands in the file. convention: what such a graph usually means.
Tier = Literal["proved", "read", "convention"]

# What is no fact of its own: a softmax that is put on the input at once; an output that is a product with weights,
# without a bound. The sizes are of locks that were written before signatures had constraints.
CLUES = ("softmax_applied", "last_size", "last_size_multiple", "least_sizes", "linear")


class Inferred(MadeValue):
    """One claim: the name of a fact with its value, or one of CLUES.

    A proved range holds for every value that is not NaN, to within 1e-5 of its width or two
    units of rounding of the dtype.
    """

    name: str
    value: Any
    tier: Tier
    reason: str

    def _require(self) -> None:
        is_right = all_of(str, (self.name, self.tier, self.reason)) and self.tier in get_args(Tier)
        if not is_right or not _is_seen(self.name, self.value):
            raise TypeError

    @model_validator(mode="after")
    def _checked(self) -> Inferred:
        if self.name in FACT_NAMES:
            stated = getattr(Facts.model_validate({self.name: self.value}), self.name)
            object.__setattr__(self, "value", stated)
        elif self.name not in CLUES:
            raise ValueError(f"{self.name!r} is neither a fact nor a clue")
        elif isinstance(self.value, list):
            # As JSON has it.
            object.__setattr__(self, "value", tuple(self.value))
        return self


def _is_seen(name: str, value: Any) -> bool:
    """Whether a value is seen in no time to be one of the fact or clue: those that most graphs show."""
    if name == "range":
        return all_of(float, value) and len(value) == 2 and all(map(isfinite, value)) and value[0] < value[1]  # noqa: PLR2004  # two ends
    if name == "meaning":
        return value in get_args(Meaning)
    if name == "id_count":
        return type(value) is int and value > 0
    return name in CLUES
