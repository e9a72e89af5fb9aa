"""Quantization: real numbers that whole ones stand for, and the activations that quantized models have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sigcheck.graph.view import Node
from sigcheck.inference.domain import Value, interval
from sigcheck.inference.transfer.elementwise import increasing
from sigcheck.inference.transfer.rule import Rule


def _quantized(node: Node, operands: Sequence[Value]) -> Value:
    """What the scale does not reach is cut off, and nothing is NaN: the ends hold whatever the operand is."""
    low, high, scale, zero = (node.attributes.get(name) for name in ("low", "high", "scale", "zero_point"))
    if low is None or high is None or scale is None:
        return Value()
    found = interval(low, high, "float32", has_nan=False)
    told = f"{node.op} {scale:.6g} {zero}"
    return found._replace(width=operands[0].width, rank=operands[0].rank, reasons=operands[0].reasons).because(told)


RULES: dict[str, Rule] = {
    "Quantize": _quantized,
    "Dequantize": _quantized,
    "ReluN1To1": partial(increasing, lambda value: min(max(value, -1.0), 1.0)),
    "Relu0To1": partial(increasing, lambda value: min(max(value, 0.0), 1.0)),
}
