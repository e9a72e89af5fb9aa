"""Near name: which of the names there are was probably meant by one that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

# More pairs of letters are not compared for a hint.
_MOST_PAIRS = 1_000_000
_MOST_NAMES = 2_000
# Nobody mistypes a name of more letters.
_LONGEST = 100
# As difflib asks for by itself.
NEAR = 0.6


def near_names(name: str, names: Iterable[str], most: int = 1, near: float = NEAR) -> list[str]:
    """The names that are close, the closest first; none where the name is too long to be a mistake of a letter.

    >>> near_names("encodr", ["decoder", "encoder"])
    ['encoder']
    """
    if len(name) > _LONGEST:
        return []
    from difflib import get_close_matches

    count = min(_MOST_NAMES, _MOST_PAIRS // max(1, len(name)) ** 2)
    short = (one for one in names if len(one) <= _LONGEST)
    return get_close_matches(name, list(islice(short, count)), most, near)


def near_name(name: str, names: Iterable[str], near: float = NEAR) -> str | None:
    """The name that was meant, if one is close."""
    return next(iter(near_names(name, names, near=near)), None)
