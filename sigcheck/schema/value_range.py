"""Value range: between which ends the real numbers in a tensor lie, normalized ones too.

Beside a normalization that names no raw range, a declared range is of the raw values, and not of what the tensor holds.
"""

from __future__ import annotations

import math

from sigcheck.schema.facts import Facts, Normalization, Range


def own_raw_range(facts: Facts) -> Range | None:
    """The range of the raw values of a normalized tensor: that of its mean and std, else the one that is declared."""
    return None if facts.normalization is None else facts.normalization.raw_range or facts.range


def is_of_raw_values(facts: Facts) -> bool:
    """Whether a declared range is of the values before they were normalized."""
    return facts.normalization is not None and facts.normalization.raw_range is None


def normalized(raw: Range, numbers: Normalization) -> Range:
    """The ends that raw values of a range can reach once they are normalized.

    >>> normalized((0, 255), Normalization(mean=127.5, std=127.5))
    (-1.0, 1.0)
    """
    ends = [(end - mean) / std for end in raw for mean, std in zip(numbers.mean, numbers.std, strict=True)]
    return min(ends), max(ends)


def as_range(ends: Range | None) -> Range | None:
    """Computed ends where they are a range: finite, and still apart once they were rounded.

    >>> as_range((0.0, 1.0)), as_range((1e300, 1e300))
    ((0.0, 1.0), None)
    """
    return ends if ends is not None and all(map(math.isfinite, ends)) and ends[0] < ends[1] else None


def value_range(facts: Facts) -> Range | None:
    """The ends of the real numbers that a tensor holds; None where they are not known.

    >>> numbers = Normalization(mean=127.5, std=127.5)
    >>> value_range(Facts(range=(0, 255))), value_range(Facts(range=(0, 255), normalization=numbers))
    ((0.0, 255.0), (-1.0, 1.0))
    """
    numbers = facts.normalization
    if numbers is None or (facts.range is not None and numbers.raw_range is not None):
        return facts.range
    raw = own_raw_range(facts)
    # Of what is beyond all floats nothing can be computed.
    return as_range(None if raw is None else normalized(raw, numbers))
