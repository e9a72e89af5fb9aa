"""A guard on sizes: a constraint of a consumer that an adapter asserts, because nobody can tell before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

from sigcheck.schema.size_text import parse_constraint
from sigcheck.schema.value import Value


def _comparison(text: str) -> str:
    parse_constraint(text)
    return text


class SizeGuard(Value):
    """What must hold, in words, and as a comparison of the sizes at these places.

    `places` has for each name in `test` the input and the axis whose size it is, after the plan.
    """

    holds: str
    test: Annotated[str, AfterValidator(_comparison)]
    places: Mapping[str, tuple[str, int]]
