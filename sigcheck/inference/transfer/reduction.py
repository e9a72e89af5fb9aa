"""Reduction: one value of many: means, indices of the largest."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sigcheck.graph.view import Node
from sigcheck.inference.domain import INFINITY, Value, interval, unit, unknown
from sigcheck.inference.transfer.rule import Rule

# The axes of a batch of pictures, which alone are resized.
_PICTURES = 4


def _extreme(node: Node, operands: Sequence[Value]) -> Value:
    """The largest or the least of an axis: one of its values; of no values it is an end of the type."""
    value = operands[0]
    if _count(operands) is None:
        return unknown(value.dtype)
    return value.only_range()._replace(ids=None).because(node.op)


def _count(operands: Sequence[Value]) -> int | None:
    """How many values become one: known where the last axis alone is reduced and its size is known."""
    width = operands[0].width
    return width if width and _is_last(operands) else None


def _is_last(operands: Sequence[Value]) -> bool:
    """Whether the axis that the second operand names is the last, counted from either end."""
    axes = operands[1].numbers if len(operands) > 1 else None
    rank = operands[0].rank
    return axes is not None and len(axes) == 1 and (axes[0] == -1 or (rank is not None and axes[0] == rank - 1))


def _pooled(node: Node, operands: Sequence[Value]) -> Value:
    """The largest of each window. Of a window of NaN the kernel makes the least number of the type."""
    value = operands[0].only_range()
    return value._replace(low=-INFINITY) if value.has_nan else value


def _summed(node: Node, operands: Sequence[Value]) -> Value:
    """A sum along the last axis: as many times the ends; a float is rounded at each addition, in whatever order."""
    value, count = operands[0], _count(operands)
    if count is None or not value.is_bounded:
        return unknown(value.dtype)
    low, high = value.low * count, value.high * count
    error = count * value.error + count * count * unit(value.dtype) * value.largest
    return interval(low, high, value.dtype, error, has_nan=value.has_nan).because(f"{node.op} of {count}")


def _averaged(node: Node, operands: Sequence[Value]) -> Value:
    """A mean: between the ends where sums of the ends are exact, so that rounding carries none beyond them.

    The mean of no values is NaN. Whole numbers are summed, and may wrap; sums of float16 overflow.
    """
    value = operands[0]
    is_summed_well = value.dtype in {"float32", "float64"} and value.error <= 2 * unit(value.dtype) * value.largest
    if not (value.is_bounded and is_summed_well and _is_short(value.low) and _is_short(value.high)):
        return unknown(value.dtype)
    error = value.error + 2 * unit(value.dtype) * value.largest
    return value.only_range()._replace(error=error, has_nan=True, ids=None).because(node.op)


def _is_short(number: float) -> bool:
    """Whether a number has at most 8 significant bits, so that sums of 2**16 of it are exact in float32."""
    return math.frexp(number)[0] * 2**8 % 1 == 0


def _resized(node: Node, operands: Sequence[Value]) -> Value:
    """Bilinear: a convex combination, always float32. The last of its four axes stays."""
    value = operands[0]
    if not value.is_bounded:
        return Value(dtype="float32", width=value.width, rank=_PICTURES)
    error = value.error + 8 * unit("float32") * value.largest
    kept = value.only_range()._replace(width=value.width, rank=_PICTURES)
    return kept._replace(dtype="float32", error=error, ids=None).because(node.op)


def _index(node: Node, operands: Sequence[Value]) -> Value:
    """The index of the largest value: below the size of the axis, where that is known."""
    dtype = node.attributes.get("output_type", "int64")
    width = operands[0].width
    if not _is_last(operands) or width is None or width < 1:
        return Value(0.0, unknown(dtype).high, 0.0, dtype, has_nan=False).because(node.op)
    return Value(0.0, float(width - 1), 0.0, dtype, ids=width, has_nan=False).because(f"{node.op} of {width}")


RULES: dict[str, Rule] = {
    "MaxPool": _pooled,
    "Max": _extreme,
    "Min": _extreme,
    "Sum": _summed,
    "Mean": _averaged,
    "AvgPool": _averaged,
    "ResizeBilinear": _resized,
    "ArgMax": _index,
    "ArgMin": _index,
}
