"""Probabilities: softmax and its logarithm along the last axis."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.graph.view import Node
from sigcheck.inference.domain import INFINITY, Value, unit
from sigcheck.inference.transfer.elementwise import squashed
from sigcheck.inference.transfer.rule import Rule, dtype_of

# Rounded more coarsely than float16 rounds, as bfloat16 does, probabilities add up to 1 only within some thousandths;
# computed in float16 they do so too, within 0.0023 without oneDNN and 0.0004 with it (TensorFlow 2.21).
_COARSEST = 2.0**-11


def adds_up(dtype: str | None) -> bool:
    """Whether probabilities that are rounded to the dtype sum to 1 within 1e-3."""
    return unit(dtype) <= _COARSEST


def _is_computed_so(dtype: str | None) -> bool:
    """Whether probabilities that are computed in the dtype do, whatever kernel computes them."""
    return unit(dtype) < _COARSEST


def _softmax(node: Node, operands: Sequence[Value]) -> Value:
    return squashed(0.0, 1.0, node, operands)._replace(is_softmax=_is_computed_so(dtype_of(node)), has_nan=True)


def _log_softmax(node: Node, operands: Sequence[Value]) -> Value:
    found = Value(-INFINITY, 0.0, dtype=dtype_of(node), width=operands[0].width, rank=operands[0].rank)
    return found._replace(is_log_softmax=_is_computed_so(dtype_of(node))).because(node.op)


RULES: dict[str, Rule] = {"Softmax": _softmax, "LogSoftmax": _log_softmax}
