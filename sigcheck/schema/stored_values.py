"""Stored values: what the whole numbers of a quantized tensor reach of real values, and as what these are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Range
from sigcheck.schema.value_range import value_range

if TYPE_CHECKING:
    from sigcheck.schema.tensor_spec import TensorSpec

# More than any type has, beside any zero point.
_MOST_STEPS = 2.0**70


def reachable(spec: TensorSpec) -> tuple[float, float, float] | None:
    """The least and the greatest real value that the stored numbers of a quantized spec stand for, and one step.

    None where it is not quantized, or has no whole numbers.

    >>> from sigcheck.schema.facts import Facts, Quantization
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> facts = Facts(quantization=Quantization(scale=0.5, zero_point=10))
    >>> reachable(TensorSpec(dtype="uint8", shape=(None,), facts=facts))
    (-5.0, 122.5, 0.5)
    """
    numbers, dtype = spec.facts.quantization, DTYPES.get(spec.dtype or "")
    if numbers is None or dtype is None or dtype.kind not in {"int", "uint"}:
        return None
    pairs = list(zip(numbers.scale, numbers.zero_point, strict=True))
    low = min(scale * ((dtype.lowest or 0) - zero) for scale, zero in pairs)
    high = max(scale * ((dtype.highest or 0) - zero) for scale, zero in pairs)
    return low, high, max(numbers.scale)


def held_values(spec: TensorSpec) -> Range | None:
    """The range of what the tensor holds: of a quantized one what its stored numbers reach of it.

    >>> from sigcheck.schema.facts import Facts, Quantization
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> facts = Facts(range=(0, 1), quantization=Quantization(scale=0.98 / 255, zero_point=0))
    >>> held_values(TensorSpec(dtype="uint8", shape=(None,), facts=facts))
    (0.0, 0.98)
    """
    ends, reached = spec.facts.range, reachable(spec)
    if ends is None or reached is None:
        return ends
    low, high, step = reached
    return (low if ends[0] < low - step else ends[0]), (high if ends[1] > high + step else ends[1])


def stored_range(spec: TensorSpec) -> Range | None:
    """The range of the numbers that stand in a tensor: of a quantized one those that its values are stored as.

    >>> from sigcheck.schema.facts import Facts, Quantization
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> facts = Facts(range=(0, 1), quantization=Quantization(scale=1 / 255, zero_point=-128))
    >>> stored_range(TensorSpec(dtype="int8", shape=(None,), facts=facts))
    (-128.0, 127.0)
    """
    facts, numbers = spec.facts, spec.facts.quantization
    if numbers is None and facts.normalization is not None and DTYPES[spec.dtype or "variant"].kind in {"int", "uint"}:
        # Normalized values are not whole: whatever these stand for, nobody says by which scale.
        return facts.range if facts.normalization.raw_range is not None else None
    ends = value_range(facts)
    if numbers is None or ends is None:
        return ends
    dtype = DTYPES[spec.dtype or "int8"]
    if dtype.kind not in {"int", "uint"}:
        return None
    pairs = list(zip(numbers.scale, numbers.zero_point, strict=True))
    low = min(_steps(ends[0], scale) + zero for scale, zero in pairs)
    high = max(_steps(ends[1], scale) + zero for scale, zero in pairs)
    low, high = max(low, int(dtype.lowest or 0)), min(high, int(dtype.highest or 0))
    return (float(low), float(high)) if low < high else None


def _steps(end: float, scale: float) -> int:
    """How many steps an end is from 0: of more than any type has it is one of the types' own ends that counts."""
    return round(max(-_MOST_STEPS, min(end / scale, _MOST_STEPS)))
