"""Rule: what is known of a result, of one operation and what is known of its operands in the order of its inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sigcheck.graph.view import Node
from sigcheck.inference.domain import Value

Rule = Callable[[Node, Sequence[Value]], Value]


def dtype_of(node: Node) -> str | None:
    """The dtype of the result of most operations."""
    found = node.attributes.get("T") or node.attributes.get("dtype")
    return found if isinstance(found, str) else None


def product(one: float, other: float) -> float:
    """A product in which nothing times anything is nothing: a NaN that inf * 0 gives is no value."""
    return 0.0 if one == 0 or other == 0 else one * other


def is_constant(value: Value) -> bool:
    """Whether every value is the same number."""
    return value.low == value.high
