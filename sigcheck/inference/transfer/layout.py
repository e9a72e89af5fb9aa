"""Layout: values that are moved, repeated, joined or left out, and stay what they are."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.graph.view import Node
from sigcheck.inference.domain import Value, union, unknown
from sigcheck.inference.transfer.rule import Rule, dtype_of


def _same(node: Node, operands: Sequence[Value]) -> Value:
    return operands[0]


def _moved(node: Node, operands: Sequence[Value]) -> Value:
    """Values that are put elsewhere, repeated or left out."""
    return operands[0].only_range()


def _reshape(node: Node, operands: Sequence[Value]) -> Value:
    """A reshape that keeps a known last axis keeps what holds along it."""
    value = operands[0]
    shape = operands[1].numbers if len(operands) > 1 else None
    if value.width is not None and shape and shape[-1] == value.width:
        return value._replace(numbers=None, rank=len(shape))
    return value.only_range()._replace(rank=len(shape) if shape else None)


def _resized(node: Node, operands: Sequence[Value]) -> Value:
    """Values of pictures are repeated or left out along the second and the third of their four axes."""
    return operands[0].only_range()._replace(width=operands[0].width, rank=4)


def _joined(node: Node, operands: Sequence[Value]) -> Value:
    return union(*operands).only_range()


def _concat(node: Node, operands: Sequence[Value]) -> Value:
    # The axis is the last input of ConcatV2 and the first of Concat.
    parts = operands[1:] if node.op == "Concat" else operands[:-1]
    return union(*parts).only_range() if parts else unknown(dtype_of(node))


def _padded(node: Node, operands: Sequence[Value]) -> Value:
    filler = operands[2] if node.op == "PadV2" else Value(0.0, 0.0, has_nan=False)
    return union(operands[0], filler)._replace(dtype=operands[0].dtype).only_range()


def _gathered(node: Node, operands: Sequence[Value]) -> Value:
    # On a GPU a row that is not there is zeros.
    return union(operands[0], Value(0.0, 0.0, dtype=operands[0].dtype, has_nan=False)).only_range()


def _one_hot(node: Node, operands: Sequence[Value]) -> Value:
    return union(*operands[2:4]).only_range().because(node.op)


_UNCHANGED = ("Identity", "IdentityN", "StopGradient", "PreventGradient", "EnsureShape", "CheckNumerics", "Snapshot")
_MOVES = (
    "Squeeze",
    "ExpandDims",
    "Transpose",
    "StridedSlice",
    "Slice",
    "Unpack",
    "Tile",
    "BroadcastTo",
    "ReverseV2",
    "Reverse",
    "Roll",
    "DepthToSpace",
    "SpaceToDepth",
    "BatchToSpaceND",
    "BatchToSpace",
    "MirrorPad",
    "TopKV2",
)

RULES: dict[str, Rule] = {
    **dict.fromkeys(_UNCHANGED, _same),
    **dict.fromkeys(_MOVES, _moved),
    "Reshape": _reshape,
    "ResizeNearestNeighbor": _resized,
    "ConcatV2": _concat,
    "Concat": _concat,
    "Pack": _joined,
    "Pad": _padded,
    "PadV2": _padded,
    "GatherV2": _gathered,
    "GatherNd": _gathered,
    "OneHot": _one_hot,
}
