"""Arithmetic: sums, products and bounds of two or more operands, element by element."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.graph.view import Node
from sigcheck.inference.domain import Value, interval, is_whole, longer, union, unknown
from sigcheck.inference.transfer.rule import Rule, dtype_of, is_constant, product


def _told(node: Node, one: Value, other: Value) -> str:
    """`Mul 0.00784` where an operand is a known number, else `Mul`."""
    for value in (other, one):
        if is_constant(value):
            return f"{node.op} {value.low:.6g}"
    return node.op


def _binary(found: Value, node: Node, operands: Sequence[Value], *, is_linear: bool = False) -> Value:
    one, other = operands[:2]
    widths = {width for width in (one.width, other.width) if width not in {None, 1}}
    return found._replace(
        width=widths.pop() if len(widths) == 1 else None,
        rank=None if one.rank is None or other.rank is None else max(one.rank, other.rank),
        is_linear=is_linear,
        reasons=longer(max((one.reasons, other.reasons), key=len), _told(node, one, other)),
    )


def _add(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    has_nan = one.has_nan or other.has_nan
    found = interval(
        one.low + other.low, one.high + other.high, dtype_of(node), one.error + other.error, has_nan=has_nan
    )
    return _binary(found, node, operands, is_linear=_is_linear(one, other) or _is_linear(other, one))


def _is_linear(one: Value, other: Value) -> bool:
    """Whether the one is a product with weights that has no bound with the other either: one more, or a bias."""
    return one.is_linear and (other.numbers is not None or not other.is_bounded)


def _subtract(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    has_nan = one.has_nan or other.has_nan
    found = interval(
        one.low - other.high, one.high - other.low, dtype_of(node), one.error + other.error, has_nan=has_nan
    )
    return _binary(found, node, operands)


def _multiply(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    ends = [product(a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
    error = product(one.largest, other.error) + product(other.largest, one.error) + product(one.error, other.error)
    has_nan = one.has_nan or other.has_nan
    return _binary(interval(min(ends), max(ends), dtype_of(node), error, has_nan=has_nan), node, operands)


def _divide(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    dtype = dtype_of(node)
    if is_whole(dtype) or not other.is_bounded or other.low - other.error <= 0 <= other.high + other.error:
        return unknown(dtype)
    if not one.is_bounded:
        sign = 1 if other.low > 0 else -1
        ends = [sign * one.low / abs(end) for end in (other.low, other.high)]
        ends += [sign * one.high / abs(end) for end in (other.low, other.high)]
        return _binary(
            interval(min(ends), max(ends), dtype, one.error / min(abs(other.low), abs(other.high))), node, operands
        )
    ends = [a / b for a in (one.low, one.high) for b in (other.low, other.high)]
    least = min(abs(other.low), abs(other.high)) - other.error
    error = one.error / least + one.largest * other.error / least**2
    return _binary(interval(min(ends), max(ends), dtype, error, has_nan=one.has_nan or other.has_nan), node, operands)


def _maximum(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    ends, error = (max(one.low, other.low), max(one.high, other.high)), max(one.error, other.error)
    return _binary(Value(*ends, error, dtype_of(node), has_nan=one.has_nan or other.has_nan), node, operands)


def _minimum(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[:2]
    ends, error = (min(one.low, other.low), min(one.high, other.high)), max(one.error, other.error)
    return _binary(Value(*ends, error, dtype_of(node), has_nan=one.has_nan or other.has_nan), node, operands)


def _clip(node: Node, operands: Sequence[Value]) -> Value:
    value, least, most = operands[:3]
    if least.high > most.low:
        return unknown(dtype_of(node))
    low, high = (
        min(max(end, bound.low), top.low) for end, bound, top in ((value.low, least, most), (value.high, least, most))
    )
    if not (is_constant(least) and is_constant(most)):
        low, high = least.low, most.high
    error = max(value.error, least.error, most.error)
    found = Value(low, high, error, dtype_of(node), value.width, value.rank, has_nan=value.has_nan)
    return found.because(f"{node.op} {least.low:.6g} {most.high:.6g}")


def _sum_of_many(node: Node, operands: Sequence[Value]) -> Value:
    total = operands[0]
    for value in operands[1:]:
        total = _add(node, (total, value))
    return total


def _select(node: Node, operands: Sequence[Value]) -> Value:
    one, other = operands[1:3]
    found = union(one, other)
    # The condition may be wider than both where they are 1.
    return found._replace(width=one.width if one.width == other.width and one.width != 1 else None)


def _bias(node: Node, operands: Sequence[Value]) -> Value:
    """A product with weights has no bound with a bias either, be that a constant, as in frozen graphs."""
    found = _add(node, operands)
    found = found._replace(is_linear=found.is_linear or operands[0].is_linear, rank=operands[0].rank)
    if node.attributes.get("data_format", "NHWC") != "NHWC":
        return found._replace(width=operands[0].width)
    return found._replace(width=operands[0].width or operands[1].width)


def _true_or_false(node: Node, operands: Sequence[Value]) -> Value:
    return Value(0.0, 1.0, 0.0, "bool", has_nan=False).because(node.op)


_COMPARISONS = ("Less", "LessEqual", "Greater", "GreaterEqual", "Equal", "NotEqual")
_LOGIC = ("LogicalAnd", "LogicalOr", "LogicalNot", "IsNan")

RULES: dict[str, Rule] = {
    "Add": _add,
    "AddV2": _add,
    "BiasAdd": _bias,
    "AddN": _sum_of_many,
    "Sub": _subtract,
    "Mul": _multiply,
    "RealDiv": _divide,
    "Maximum": _maximum,
    "Minimum": _minimum,
    "ClipByValue": _clip,
    "SelectV2": _select,
    "Select": _select,
    **dict.fromkeys((*_COMPARISONS, *_LOGIC), _true_or_false),
}
