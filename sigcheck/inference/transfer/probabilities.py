"""Probabilities: softmax and its logarithm along the last axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sigcheck.inference.domain import INFINITY, Value
from sigcheck.inference.transfer.elementwise import squashed
from sigcheck.inference.transfer.rule import Rule, dtype_of
from sigcheck.readers.graph_view import Node


def _softmax(node: Node, operands: Sequence[Value]) -> Value:
    return replace(squashed(0.0, 1.0, node, operands), is_softmax=True, has_nan=True)


def _log_softmax(node: Node, operands: Sequence[Value]) -> Value:
    return replace(Value(-INFINITY, 0.0, dtype=dtype_of(node), width=operands[0].width), is_log_softmax=True).because(
        node.op
    )


RULES: dict[str, Rule] = {"Softmax": _softmax, "LogSoftmax": _log_softmax}
