"""Constraint: what must hold of the sizes of a signature's inputs so that the model runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from sigcheck.schema.inferred import Tier
from sigcheck.schema.size_text import parse_constraint, parse_size
from sigcheck.schema.value import Value

# As of a shape.
_MOST = 2**63 - 1
# More places are no answer to "why".
_MOST_REASONS = 8


def checked_size(size: object) -> object:
    """What an axis has for its size, as it is. Raises ValueError for what is none."""
    if isinstance(size, str):
        parse_size(size)
    elif size is not None and (isinstance(size, bool) or not isinstance(size, int) or not 0 <= size <= _MOST):
        raise ValueError(f"found {size!r:.40}, expected a size: a number from 0 to 2**63 - 1, a text such as 'height'")
    return size


def _comparison(text: str) -> str:
    parse_constraint(text)
    return text


# For each axis its size: a number, an expression over the names of sizes, or None where nothing is known of it.
NamedSizes = tuple[Annotated[int | str | None, BeforeValidator(checked_size)], ...]


class Constraint(Value):
    """A comparison of sizes that holds wherever the model runs: `height % 4 == 0`.

    `because` has the places in the graph that demand it; a file that a person wrote needs none.
    """

    holds: Annotated[str, AfterValidator(_comparison)]
    because: tuple[str, ...] = ()
    tier: Tier = "read"


def told_reasons(reasons: Iterable[str]) -> tuple[str, ...]:
    """The places that demand something, each once, as `because` has them: the first, and how many more there are.

    >>> told_reasons(["MatMul at `a`", "MatMul at `a`", "Conv2D at `b`"])
    ('MatMul at `a`', 'Conv2D at `b`')
    >>> told_reasons(map(str, range(10)))[6:]
    ('6', '7', 'and 2 more')
    """
    told = tuple(dict.fromkeys(reasons))
    more = len(told) - _MOST_REASONS
    return told if more <= 0 else (*told[:_MOST_REASONS], f"and {more} more")
