"""Elementwise: functions of one number, applied to each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

from sigcheck.graph.view import Node
from sigcheck.inference.domain import INFINITY, Value, interval, unit, unknown
from sigcheck.inference.transfer.rule import Rule, dtype_of, product

# exp overflows float64 above this.
_MOST_EXPONENT = 700.0


def increasing(function: Callable[[float], float], node: Node, operands: Sequence[Value]) -> Value:
    """Functions that never fall, and rise by no more than their operand does."""
    value = operands[0]
    dtype = dtype_of(node)
    low, high = function(value.low), function(value.high)
    if math.isnan(low) or math.isnan(high):
        return unknown(dtype)
    # All of these functions are 1-Lipschitz where they are used.
    found = interval(low, high, dtype, value.error, has_nan=value.has_nan)
    return found._replace(width=value.width, rank=value.rank).because(node.op)


def squashed(low: float, high: float, node: Node, operands: Sequence[Value]) -> Value:
    """Functions whose kernels stay within fixed ends, however large the operand's rounding.

    Every float type represents the ends, so that rounding to a narrow one leaves none of them behind.
    """
    dtype = dtype_of(node)
    rounding = min(unit(dtype), unit("float32")) * max(abs(low), abs(high))
    found = Value(low, high, rounding, dtype, operands[0].width, operands[0].rank)
    return found._replace(has_nan=operands[0].has_nan).because(node.op)


def _relu6(node: Node, operands: Sequence[Value]) -> Value:
    return increasing(lambda value: min(max(value, 0.0), 6.0), node, operands)


def _leaky_relu(node: Node, operands: Sequence[Value]) -> Value:
    alpha = node.attributes.get("alpha", 0.2)
    if not isinstance(alpha, float) or not 0 <= alpha <= 1:
        return unknown(dtype_of(node))
    return increasing(lambda value: value if value > 0 else alpha * value, node, operands)


def _elu(value: float) -> float:
    return value if value > 0 else math.expm1(value)


def _softplus(value: float) -> float:
    return value if value > _MOST_EXPONENT else math.log1p(math.exp(value))


def _exp(node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    dtype = dtype_of(node)
    low = math.exp(value.low) if value.low < _MOST_EXPONENT else INFINITY
    high = math.exp(value.high) if value.high < _MOST_EXPONENT else INFINITY
    error = high * math.expm1(min(value.error, _MOST_EXPONENT)) if value.error else 0.0
    return interval(low, high, dtype, error if math.isfinite(error) else INFINITY).because(node.op)


def _square(node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    ends = (value.low * value.low, value.high * value.high)
    low = 0.0 if value.low <= 0 <= value.high else min(ends)
    error = 2 * product(value.largest, value.error) + value.error**2
    return interval(low, max(ends), dtype_of(node), error, has_nan=value.has_nan).because(node.op)


def _sqrt(node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    if value.error > 0 and value.low - value.error <= 0:
        error = math.sqrt(value.error)
    else:
        error = value.error / (2 * math.sqrt(value.low)) if value.low > 0 and value.error else 0.0
    return interval(math.sqrt(max(value.low, 0.0)), _root(value.high), dtype_of(node), error).because(node.op)


def _root(value: float) -> float:
    return math.sqrt(value) if value > 0 else 0.0


def _abs(node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    low = 0.0 if value.low <= 0 <= value.high else min(abs(value.low), abs(value.high))
    found = interval(low, value.largest, dtype_of(node), value.error, has_nan=value.has_nan)
    return found.because(node.op)


def _negative(node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    return interval(-value.high, -value.low, dtype_of(node), value.error, has_nan=value.has_nan).because(node.op)


def _whole_steps(function: Callable[[float], float], node: Node, operands: Sequence[Value]) -> Value:
    value = operands[0]
    if not value.is_bounded or value.error >= 1:
        return Value(dtype=dtype_of(node))
    # A value that rounding carried over a whole number is a whole step beyond it.
    low, high = function(value.low - value.error), function(value.high + value.error)
    return interval(low, high, dtype_of(node), has_nan=value.has_nan).because(node.op)


RULES: dict[str, Rule] = {
    "Relu": partial(increasing, lambda value: max(value, 0.0)),
    "Relu6": _relu6,
    "LeakyRelu": _leaky_relu,
    "Elu": partial(increasing, _elu),
    "Softplus": partial(increasing, _softplus),
    "Sigmoid": partial(squashed, 0.0, 1.0),
    **dict.fromkeys(("Tanh", "Softsign", "Erf", "Sin", "Cos", "Sign"), partial(squashed, -1.0, 1.0)),
    "Exp": _exp,
    "Square": _square,
    "Sqrt": _sqrt,
    "Abs": _abs,
    "Neg": _negative,
    "Floor": partial(_whole_steps, math.floor),
    "Ceil": partial(_whole_steps, math.ceil),
    "Round": partial(_whole_steps, round),
    "Rint": partial(_whole_steps, round),
}
