"""Outputs: what the value of an output claims of every tensor that the model gives."""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.inference.domain import TOLERANCE, Value, is_whole, unit, unknown
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.inferred import Inferred, Tier
from sigcheck.schema.tensor_spec import TensorSpec

# Scales are float32: 255 times 0.00392157 is 1 to so many digits.
_DIGITS = 6


def claims(value: Value, spec: TensorSpec) -> Iterator[Inferred]:
    """Yields the claims. None where the file says another dtype than the graph does."""
    if spec.dtype not in DTYPES:
        return
    reason = ", then ".join(value.reasons) or "the graph"
    if spec.facts.quantization is not None:
        yield from _stored(value, spec, reason)
        return
    if value.dtype is not None and value.dtype != spec.dtype:
        return
    ends = _range(value, spec.dtype)
    if ends is not None:
        yield Inferred(name="range", value=ends, tier="proved", reason=reason)
    # Along an axis of size 1 a softmax is the constant 1.
    if (value.is_softmax or value.is_log_softmax) and value.width != 1 and DTYPES[spec.dtype].kind == "float":
        meaning = "probabilities" if value.is_softmax else "log_probabilities"
        yield Inferred(name="meaning", value=meaning, tier="proved", reason=f"{reason} along the last axis")
    if value.ids is not None and is_whole(spec.dtype):
        yield Inferred(name="id_count", value=value.ids, tier="proved", reason=reason)
    if value.is_linear and not value.is_bounded:
        yield Inferred(name="linear", value=True, tier="proved", reason=f"{reason}: no bound")


def _range(value: Value, dtype: str | None) -> tuple[float, float] | None:
    """The ends, where rounding leaves them true to within the tolerance."""
    if not value.is_bounded or not value.low < value.high:
        return None
    limits = unknown(dtype)
    if is_whole(dtype):
        is_news = value.low > limits.low or value.high < limits.high
        return (
            (value.low, value.high)
            if is_news and value.low >= limits.low and value.high <= _float_most(dtype)
            else None
        )
    low, high = (float(f"{end:.{_DIGITS}g}") for end in (value.low, value.high))
    moved = max(abs(low - value.low), abs(high - value.high))
    allowed = max(TOLERANCE * (high - low), 2 * unit(dtype) * value.largest)
    return (low, high) if low < high and value.error + moved <= allowed else None


def _stored(value: Value, spec: TensorSpec, reason: str) -> Iterator[Inferred]:
    """The ends of the real values that stored whole numbers stand for; where they are stored is told too."""
    quantization, limits = spec.facts.quantization, unknown(spec.dtype)
    if quantization is None or len(quantization.scale) != 1 or not is_whole(spec.dtype) or not value.is_bounded:
        return
    scale, zero_point = quantization.scale[0], quantization.zero_point[0]
    low, high = (round(end / scale) + zero_point for end in (value.low, value.high))
    ends = (float(f"{value.low:.{_DIGITS}g}"), float(f"{value.high:.{_DIGITS}g}"))
    # A step beyond what can be stored is that of a scale that is rounded, as 1/256 for 0 to 1.
    if limits.low - 1 <= low < high <= limits.high + 1 and ends[0] < ends[1]:
        stored = (max(low, int(limits.low)), min(high, int(limits.high)))
        tier: Tier = "read" if stored == (limits.low, limits.high) else "proved"
        yield Inferred(name="range", value=ends, tier=tier, reason=f"{reason}: stored as {stored[0]} to {stored[1]}")


def _float_most(dtype: str | None) -> float:
    """A bound of 64 bits is no whole float64 any more: it is not claimed."""
    return float(min(int(DTYPES[dtype or ""].highest or 0), 2**53))
