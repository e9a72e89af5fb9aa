"""Products with weights: of them no bound is known, only the size of the last axis."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.graph.view import Node
from sigcheck.inference.domain import Value
from sigcheck.inference.transfer.rule import Rule, dtype_of

# The axes of what they give, unless the node says otherwise: other formats call a product of more or fewer so, too.
_RANKS = {"MatMul": 2, "Conv2D": 4}


def _linear(node: Node, operands: Sequence[Value]) -> Value:
    """A product with weights. Its last axis is that of the weights, where they are not transposed."""
    weights = operands[1]
    is_last = node.op != "Conv2D" or node.attributes.get("data_format", "NHWC") == "NHWC"
    width = weights.width if is_last and not is_transposed(node) else None
    rank = node.attributes.get("rank", _RANKS.get(node.op))
    return Value(dtype=dtype_of(node), width=width, rank=rank, is_linear=True).because(node.op)


def is_transposed(node: Node) -> bool:
    """Whether the weights are turned first: the last axis of the product is then their last but one."""
    return bool(node.attributes.get("transpose_b") or node.attributes.get("adj_y"))


# Of these all that matters is that they end the walk: what lies behind says nothing about the result.
LINEAR = frozenset({"MatMul", "Conv2D", "BatchMatMulV2"})

RULES: dict[str, Rule] = dict.fromkeys(sorted(LINEAR), _linear)
