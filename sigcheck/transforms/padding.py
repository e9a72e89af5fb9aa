"""What the value that fills short rows becomes when all values are converted."""

from __future__ import annotations

import math
from collections.abc import Callable

from sigcheck.schema.facts import Facts, Padding


def padding_after(facts: Facts, change: Callable[[float], float] | None) -> Padding | None:
    """The padding after a conversion of every number; None where it is not known any more.

    >>> padding_after(Facts(padding=Padding(value=0)), lambda number: number / 127.5 - 1)
    Padding(value=-1.0, side='post')
    """
    padding = facts.padding
    if padding is None or change is None or isinstance(padding.value, str):
        return None
    value = change(float(padding.value))
    return Padding(value=value, side=padding.side) if math.isfinite(value) else None
