"""How numbers are quantized: what quantize, dequantize and requantize share."""

from __future__ import annotations

import math
from typing import Any

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Facts, Quantization, Range
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import is_of_raw_values
from sigcheck.transforms.parts.channels import can_lie_along

# 64 bits have limits that float64 cannot hold, and no format quantizes to them.
QUANTIZED = frozenset({"int8", "uint8", "int16", "uint16", "int32"})

# Up to 16 bits every stored number, and its distance from the zero point, is exact in float32.
_EXACT_IN_FLOAT32 = frozenset({"int8", "uint8", "int16", "uint16"})


# So near to the middle between two stored numbers it is not said which one a value becomes.
_NEAR_TIE = 1e-3


def compute_dtype(dtype: str | None) -> str:
    """The float in which stored numbers of this dtype are converted."""
    return "float32" if dtype in _EXACT_IN_FLOAT32 else "float64"


def quantized_axis(spec: TensorSpec, numbers: Quantization) -> int | None:
    """The axis of the scales, counted from the front; None for one scale.

    Raises LookupError where the scales do not meet an axis of known size.
    """
    if len(numbers.scale) == 1:
        return None
    if spec.shape is None or numbers.axis is None or not 0 <= numbers.axis < len(spec.shape):
        raise LookupError("no such axis")
    if not can_lie_along(spec, numbers.axis):
        raise LookupError("an axis of rows that are not alike")
    if spec.shape[numbers.axis] != len(numbers.scale):
        raise LookupError("an axis of another size")
    return numbers.axis


def has_place(spec: TensorSpec, numbers: Quantization) -> bool:
    """Whether the scales meet an axis of the spec."""
    try:
        quantized_axis(spec, numbers)
    except LookupError:
        return False
    return True


def held_range(dtype: str, numbers: Quantization) -> Range:
    """The real numbers that can be stored at some index of the axis.

    >>> held_range("uint8", Quantization(scale=0.5, zero_point=0))
    (0.0, 127.5)
    """
    ends = [stored_ends(dtype, scale, zero) for scale, zero in zip(numbers.scale, numbers.zero_point, strict=True)]
    return min(low for low, _ in ends), max(high for _, high in ends)


def stored_ends(dtype: str, scale: float, zero_point: int) -> Range:
    """The least and the greatest real number that can be stored by one scale."""
    limits = DTYPES[dtype]
    return scale * ((limits.lowest or 0) - zero_point), scale * ((limits.highest or 0) - zero_point)


def is_cut(given: Range | None, dtype: str, numbers: Quantization) -> bool:
    """Whether values of a known range are beyond what can be stored at some index, by more than a step of its own.

    >>> is_cut((0, 1), "uint8", Quantization(scale=(0.5, 0.003), zero_point=(0, 0), axis=1))
    True
    """
    if given is None:
        return False
    pairs = zip(numbers.scale, numbers.zero_point, strict=True)
    ends = ((stored_ends(dtype, scale, zero), scale) for scale, zero in pairs)
    return any(given[0] < low - step or given[1] > high + step for (low, high), step in ends)


def cut(facts: Facts, dtype: str, numbers: Quantization) -> Range | None:
    """What is left of a declared range once its values are stored; None where it is not known."""
    given = facts.range
    if given is None or is_of_raw_values(facts) or not is_cut(given, dtype, numbers):
        return given
    low, high = held_range(dtype, numbers)
    low, high = max(low, given[0]), min(high, given[1])
    return (low, high) if low < high else None


def nearest_stored(number: float, numbers: Quantization, dtype: str) -> float:
    """The stored number that is nearest to a real one, by one scale; NaN where it is not known, or not its own.

    Of two that are about as near the last digits of what is computed choose, and what is beyond the limits is
    stored as others are.
    """
    steps = number / numbers.scale[0]
    if not math.isfinite(steps) or abs(steps - math.floor(steps) - 0.5) < _NEAR_TIE:
        return math.nan
    limits, stored = DTYPES[dtype], round(steps) + numbers.zero_point[0]
    return stored if (limits.lowest or 0) <= stored <= (limits.highest or 0) else math.nan


def numbers_of(arguments: dict[str, Any], prefix: str = "") -> Quantization:
    """The quantization that the arguments of a step speak of."""
    return Quantization(
        scale=arguments[f"{prefix}scale"],
        zero_point=arguments[f"{prefix}zero_point"],
        axis=arguments.get(f"{prefix}axis"),
    )


def arguments_of(spec: TensorSpec, numbers: Quantization, prefix: str = "") -> dict[str, Any]:
    """The arguments of a step that speaks of this quantization."""
    axis = quantized_axis(spec, numbers)
    found: dict[str, Any] = {f"{prefix}scale": numbers.scale, f"{prefix}zero_point": numbers.zero_point}
    return found if axis is None else {**found, f"{prefix}axis": axis}
