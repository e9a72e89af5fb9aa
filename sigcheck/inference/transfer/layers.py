"""Layers: rules for what Keras computes as one layer, and TensorFlow in many operations.

The readers of Keras configs give such a node the name of the layer; no operation of TensorFlow has one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.graph.view import Node
from sigcheck.inference.domain import Value, is_whole, unit, unknown
from sigcheck.inference.transfer.rule import Rule, dtype_of


def _ids(node: Node, operands: Sequence[Value]) -> Value:
    """Ids below `count`, the whole numbers that a table, a hash or a list of boundaries gives."""
    dtype, count = dtype_of(node), node.attributes.get("count")
    if not is_whole(dtype) or not isinstance(count, int) or count < 1:
        return unknown(dtype)
    return Value(0.0, float(count - 1), 0.0, dtype, ids=count, has_nan=False).because(f"{node.op} of {count}")


def _unit_length(node: Node, operands: Sequence[Value]) -> Value:
    """Vectors divided by their length, in float32 or wider: a square never sums to less than itself."""
    dtype = dtype_of(node)
    # The square, the sum, the root, the division: each is off by one rounding.
    return Value(-1.0, 1.0, 4 * unit(dtype), dtype).because(node.op)


RULES: dict[str, Rule] = {
    **dict.fromkeys(("Discretization", "Hashing", "IntegerLookup", "StringLookup", "TextVectorization"), _ids),
    "UnitNormalization": _unit_length,
}
