"""Conversion: casts between types, and the rounding of quantized training."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sigcheck.graph.view import Node
from sigcheck.inference.domain import Value, interval, is_whole, unknown
from sigcheck.inference.transfer.probabilities import adds_up
from sigcheck.inference.transfer.rule import Rule, is_constant
from sigcheck.schema.dtype import DTYPES


def _cast(node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    source, target = node.attributes.get("SrcT") or value.dtype, node.attributes.get("DstT")
    if target is None or target not in DTYPES or source not in DTYPES:
        return unknown(target)
    told = f"Cast {target}"
    limits = DTYPES[target]
    if is_whole(target):
        # What is NaN, or out of range, becomes anything; a fraction is cut off.
        is_inside = (
            value.is_bounded
            and limits.lowest is not None
            and limits.highest is not None
            and value.low - value.error > limits.lowest - 1
            and value.high + value.error < limits.highest + 1
        )
        if target == "bool" or not is_inside or (value.has_nan and not is_whole(source)):
            return unknown(target)
        low, high = math.trunc(value.low - value.error), math.trunc(value.high + value.error)
        cut = Value(float(low), float(high), 0.0, target, value.width, value.rank, ids=value.ids, has_nan=False)
        return cut._replace(reasons=value.reasons).because(told)
    if limits.kind != "float" or DTYPES[source].kind not in {"float", "int", "uint", "bool"}:
        return unknown(target)
    found = interval(value.low, value.high, target, value.error, has_nan=value.has_nan)
    kept = found._replace(
        width=value.width,
        rank=value.rank,
        is_softmax=value.is_softmax and adds_up(target),
        is_linear=value.is_linear,
        reasons=value.reasons,
    )
    return kept if source == target or DTYPES[source].kind == "float" else kept.because(told)


def _fake_quant(node: Node, operands: Sequence[Value]) -> Value:
    """Ends are nudged so that zero is represented: by less than one step."""
    if node.op.endswith("Args"):
        low, high = float(node.attributes.get("min", -6.0)), float(node.attributes.get("max", 6.0))
    elif len(operands) > 2 and is_constant(operands[1]) and is_constant(operands[2]):  # noqa: PLR2004  # min and max
        low, high = operands[1].low, operands[2].high
    else:
        return unknown("float32")
    bits = node.attributes.get("num_bits", 8)
    if not (low < high and 2 <= bits <= 16):  # noqa: PLR2004  # the bits that the kernel accepts
        return unknown("float32")
    step = (high - low) / (2**bits - 2)
    return interval(min(low, 0.0) - step, max(high, 0.0) + step, "float32").because(node.op)


RULES: dict[str, Rule] = {
    "Cast": _cast,
    "FakeQuantWithMinMaxArgs": _fake_quant,
    "FakeQuantWithMinMaxVars": _fake_quant,
}
