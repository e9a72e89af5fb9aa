"""Long numbers: Python makes none of thousands of digits, and says so in the words of a setting of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_SETTING = "int_max_str_digits"


@contextmanager
def long_numbers_refused() -> Iterator[None]:
    """Raises ValueError in the words of a file where what is parsed within has such a number."""
    try:
        yield
    except ValueError as error:
        if _SETTING not in str(error):
            raise
        raise ValueError("a number of thousands of digits, expected a shorter one") from None
