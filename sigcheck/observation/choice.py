"""Choice: which length rows of varying length are cut and padded to, and what each costs."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sigcheck.schema.length_choice import LengthCandidate

# Of a hundred rows; the last is the longest.
_SHARES = (0.95, 0.99, 0.999, 1.0)
# What vector units take at a time.
_MULTIPLE = 8
DEFAULT_SHARE = 0.999
_DIGITS = 12


def candidates(
    lengths: Sequence[tuple[int, int]], share: float = DEFAULT_SHARE, most: int | None = None
) -> tuple[LengthCandidate, ...]:
    """Lengths to choose from, for (length, rows) pairs, in order; none where there is no row.

    The recommended one is the least multiple of eight that cuts at most 1 - `share` of the rows; where the consumer
    takes at most `most`, that at most.
    """
    rows = sum(count for _, count in lengths)
    if not rows:
        return ()
    whys: dict[int, list[str]] = {}
    # A share that was written in percent may be off in its last bit.
    for one in sorted({*_SHARES, round(share, _DIGITS)}):
        why = "longest row" if one == 1 else f"{one:.1%} of rows".replace(".0%", "%")
        whys.setdefault(_quantile(lengths, one), []).append(why)
    wanted = _quantile(lengths, share)
    multiple = max(_MULTIPLE, math.ceil(wanted / _MULTIPLE) * _MULTIPLE)
    whys.setdefault(multiple, []).append(f"multiple of {_MULTIPLE}")
    whys.setdefault(1 << max(0, wanted - 1).bit_length(), []).append("power of two")
    if most is not None:
        whys.setdefault(most, []).append("most that the consumer takes")
    recommended = multiple if most is None else min(multiple, most)
    return tuple(
        _candidate(lengths, length, ", ".join(whys[length]), is_recommended=length == recommended)
        for length in sorted(whys)
        if length > 0 and (most is None or length <= most)
    )


def recommended(lengths: Sequence[tuple[int, int]], share: float) -> int | None:
    """The recommended length; None where there is no row."""
    return next((one.length for one in candidates(lengths, share) if one.is_recommended), None)


def _candidate(lengths: Sequence[tuple[int, int]], length: int, why: str, *, is_recommended: bool) -> LengthCandidate:
    rows = sum(count for _, count in lengths)
    entries = sum(one * count for one, count in lengths)
    kept = sum(min(one, length) * count for one, count in lengths)
    cut = sum(count for one, count in lengths if one > length)
    lost = (entries - kept) / entries if entries else 0.0
    return LengthCandidate(
        length=length,
        why=why,
        cut=cut / rows,
        lost=lost,
        padding=1 - kept / (rows * length),
        is_recommended=is_recommended,
    )


def _quantile(lengths: Sequence[tuple[int, int]], share: float) -> int:
    wanted = math.ceil(share * sum(count for _, count in lengths))
    reached = 0
    for length, count in sorted(lengths):
        reached += count
        if reached >= wanted:
            return length
    return max(length for length, _ in lengths)
