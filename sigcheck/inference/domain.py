"""The abstract domain: what is known of every value of a tensor, whatever is fed to the model.

Each claim is about the values that are not NaN. `low` and `high` are computed in exact
arithmetic; `error` bounds how far rounding may carry a value beyond them, so that a large
intermediate value that cancels out cannot hide its rounding.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from sigcheck.schema.dtype import DTYPES

INFINITY = math.inf
# What is claimed of a range holds to within this part of its width, or two units of rounding.
TOLERANCE = 1e-5
# A chain of reasons of more operations than this says no more.
_MOST_REASONS = 6


# Thousands are made of others: a frozen dataclass takes five times as long.
class Value(NamedTuple):
    """What is known of one tensor.

    `is_softmax`: the values along the last axis are probabilities that sum to 1. `is_log_softmax`:
    their logarithms. `width` is the size of the last axis, `rank` the
    number of axes. `ids` is one more than the largest value
    of an index along an axis. `is_linear`: the last operation was a product with weights, of which
    no bound is known. `has_nan` is false where no value can be NaN. `numbers` are the values
    themselves where they are constant and few. `reasons` names the operations, the first first.
    """

    low: float = -INFINITY
    high: float = INFINITY
    error: float = 0.0
    dtype: str | None = None
    width: int | None = None
    rank: int | None = None
    is_softmax: bool = False
    is_log_softmax: bool = False
    ids: int | None = None
    is_linear: bool = False
    has_nan: bool = True
    numbers: tuple[float, ...] | None = None
    reasons: tuple[str, ...] = ()

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are finite."""
        return self.low > -INFINITY and self.high < INFINITY

    @property
    def largest(self) -> float:
        """The largest magnitude."""
        return max(abs(self.low), abs(self.high))

    def because(self, reason: str) -> Value:
        """The same, one reason longer."""
        return self._replace(reasons=longer(self.reasons, reason))

    def only_range(self) -> Value:
        """The range alone: what becomes of values that are moved, or of which some are taken."""
        return self._replace(
            is_softmax=False, is_log_softmax=False, width=None, numbers=None, is_linear=False, rank=None
        )


def longer(reasons: tuple[str, ...], reason: str) -> tuple[str, ...]:
    """The last reasons, with one more behind them."""
    return (*reasons, reason)[-_MOST_REASONS:]


def unknown(dtype: str | None = None) -> Value:
    """Any value of the dtype. Only those of small whole numbers are bounded enough to be of use.

    >>> unknown("uint8").high, unknown("float32").high
    (255, inf)
    """
    known = DTYPES.get(dtype or "")
    if known is not None and known.kind in {"int", "uint", "bool"} and known.lowest is not None:
        return Value(float(known.lowest), float(known.highest or 0), dtype=dtype, has_nan=False)
    return Value(dtype=dtype)


@lru_cache(maxsize=64)
def unit(dtype: str | None) -> float:
    """The relative rounding of one operation: 2**-digits, that of the coarsest usual type where it is not known."""
    known = DTYPES.get(dtype or "bfloat16", DTYPES["bfloat16"])
    return 2.0**-known.digits if known.kind == "float" else 0.0


@lru_cache(maxsize=64)
def is_whole(dtype: str | None) -> bool:
    """Whether the values are whole numbers, which wrap instead of rounding."""
    return dtype in DTYPES and DTYPES[dtype].kind in {"int", "uint", "bool"}


def interval(low: float, high: float, dtype: str | None, error: float = 0.0, *, has_nan: bool = True) -> Value:
    """A range as the result of an operation of this dtype: rounded, or unknown where it may overflow or wrap."""
    known = DTYPES.get(dtype or "")
    if math.isnan(low) or math.isnan(high) or low > high:
        return unknown(dtype)
    if known is not None and known.lowest is not None and known.highest is not None:
        if is_whole(dtype):
            # Whole numbers wrap: a result beyond the type is anything.
            if low < known.lowest or high > known.highest:
                return unknown(dtype)
            return Value(low, high, 0.0, dtype, has_nan=False)
        # A finite result beyond the type is infinite.
        low = -INFINITY if low < known.lowest else low
        high = INFINITY if high > known.highest else high
    is_low, is_high = math.isfinite(low), math.isfinite(high)
    rounding = unit(dtype) * max(abs(low) if is_low else 0.0, abs(high) if is_high else 0.0)
    return Value(low, high, error + rounding, dtype, has_nan=has_nan or not (is_low and is_high))


def union(*values: Value) -> Value:
    """What is known where the value is one of these."""
    dtype = values[0].dtype
    return Value(
        min(value.low for value in values),
        max(value.high for value in values),
        max(value.error for value in values),
        dtype,
        ids=max((value.ids for value in values if value.ids is not None), default=None)
        if all(value.ids is not None for value in values)
        else None,
        has_nan=any(value.has_nan for value in values),
        reasons=max((value.reasons for value in values), key=len),
    )
