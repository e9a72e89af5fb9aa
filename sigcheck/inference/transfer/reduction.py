"""Reduction: one value of many: means, indices of the largest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from sigcheck.inference.domain import Value, unit, unknown
from sigcheck.inference.transfer.rule import Rule
from sigcheck.readers.graph_view import Node


def _averaged(node: Node, operands: Sequence[Value]) -> Value:
    """A mean: between the ends where sums of the ends are exact, so that rounding carries none beyond them.

    The mean of no values is NaN. Whole numbers are summed, and may wrap; sums of float16 overflow.
    """
    value = operands[0]
    is_summed_well = value.dtype in {"float32", "float64"} and value.error <= 2 * unit(value.dtype) * value.largest
    if not (value.is_bounded and is_summed_well and _is_short(value.low) and _is_short(value.high)):
        return unknown(value.dtype)
    error = value.error + 2 * unit(value.dtype) * value.largest
    return replace(value.only_range(), error=error, has_nan=True, ids=None).because(node.op)


def _is_short(number: float) -> bool:
    """Whether a number has at most 8 significant bits, so that sums of 2**16 of it are exact in float32."""
    return math.frexp(number)[0] * 2**8 % 1 == 0


def _resized(node: Node, operands: Sequence[Value]) -> Value:
    """Bilinear: a convex combination, always float32."""
    value = operands[0]
    if not value.is_bounded:
        return Value(dtype="float32")
    error = value.error + 8 * unit("float32") * value.largest
    return replace(value.only_range(), dtype="float32", error=error, ids=None).because(node.op)


def _index(node: Node, operands: Sequence[Value]) -> Value:
    """The index of the largest value: below the size of the axis, where that is known."""
    dtype = node.attributes.get("output_type", "int64")
    axis = operands[1].numbers if len(operands) > 1 else None
    width = operands[0].width
    if axis is None or len(axis) != 1 or axis[0] != -1 or width is None or width < 1:
        return Value(0.0, unknown(dtype).high, 0.0, dtype, has_nan=False).because(node.op)
    return replace(Value(0.0, float(width - 1), 0.0, dtype), ids=width, has_nan=False).because(f"{node.op} of {width}")


RULES: dict[str, Rule] = {
    "Mean": _averaged,
    "AvgPool": _averaged,
    "ResizeBilinear": _resized,
    "ArgMax": _index,
    "ArgMin": _index,
}
