"""Stand-ins: TFLite operators as sizes are followed by them, with the attributes that their options say.

Fields of options by number are those of schema.fbs. An operator is told by TensorFlow's operation where its
kernel makes the same of sizes and refuses the same; else by a row `TFLite>NAME` of its own. Where no stand-in
is given, the node that an operator is lowered to has all that is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from sigcheck.graph.view import Attributes, Node, Tensor

if TYPE_CHECKING:
    from sigcheck.encodings.flatbuffer import Table
    from sigcheck.readers.tflite.operator import Operator

_PADDINGS = ("SAME", "VALID")
_MOST_AXES = 64


class Entry(NamedTuple):
    """The operation that stands for an operator, the kind of its options, and what reads the attributes of these."""

    op: str
    kind: int = 0
    read: Callable[[Table], Attributes] | None = None


def stand_in(operator: Operator, operands: Sequence[Tensor | None], name: str) -> Node | None:
    """The node that gives the sizes of what an operator gives, at a place of this name; None where it needs none."""
    entry = _ENTRIES.get(operator.code)
    return None if entry is None else Node(entry.op, tuple(operands), name, partial(_attributes, operator, entry))


def _attributes(operator: Operator, entry: Entry) -> Attributes:
    options = operator.options(entry.kind) if entry.read is not None else None
    # Without options the runtime has none of what they say: nothing is known then.
    return {} if options is None or entry.read is None else entry.read(options)


def _windows(stride: int, dilation: int | None, size: int | None = None) -> Callable[[Table], Attributes]:
    """The options of windows; the fields are those of the width, and those of the height come next."""

    def read(options: Table) -> Attributes:
        found: dict[str, Any] = {"padding": _PADDINGS[options.number(0, "b")]}
        found["strides"] = (1, options.number(stride + 1, "i"), options.number(stride, "i"), 1)
        if dilation is not None:
            # One is what is not written.
            across, down = (options.number(field, "i") or 1 for field in (dilation, dilation + 1))
            found["dilations"] = (1, down, across, 1)
        if size is not None:
            found["ksize"] = (1, options.number(size + 1, "i"), options.number(size, "i"), 1)
        return found

    return read


def _deep_windows(options: Table) -> Attributes:
    """Conv3D: depth, width and height."""
    strides = {axis: options.number(field, "i") for axis, field in (("d", 1), ("w", 2), ("h", 3))}
    gaps = {axis: options.number(field, "i") or 1 for axis, field in (("d", 5), ("w", 6), ("h", 7))}
    return {
        "padding": _PADDINGS[options.number(0, "b")],
        "data_format": "NDHWC",
        "strides": (1, *(strides[axis] for axis in "dhw"), 1),
        "dilations": (1, *(gaps[axis] for axis in "dhw"), 1),
    }


def _numbers(**fields: int) -> Callable[[Table], Attributes]:
    return lambda options: {name: options.number(field, "i") for name, field in fields.items()}


def _activation(options: Table) -> Attributes:
    return {"activation": options.number(0, "b")}


def _flags(**fields: int) -> Callable[[Table], Attributes]:
    return lambda options: {name: options.number(field, "B") != 0 for name, field in fields.items()}


def _squeezed(options: Table) -> Attributes:
    return {"squeeze_dims": options.integers(0, "i", _MOST_AXES) or ()}


_MASKS = _numbers(begin_mask=0, end_mask=1, ellipsis_mask=2, new_axis_mask=3, shrink_axis_mask=4)
_REDUCED = (27, _flags(keep_dims=0))
# What keeps the sizes, and what takes two operands element by element, whatever it computes.
_KEEPING = (6, 11, 13, 14, 19, 20, 21, 25, 28, 50, 73, 76, 98, 108, 114, 117, 128, 150, 152, 158)
_MERGING = {
    54: "Prelu", 78: "Pow", 90: "FloorDiv", 95: "FloorMod", 99: "SquaredDifference", 156: "Atan2",
}  # fmt: skip
# The same with an activation behind it.
_ACTIVATED = {0: ("AddV2", 11), 18: ("Mul", 21), 41: ("Sub", 28), 42: ("RealDiv", 29)}

_ENTRIES: Mapping[int, Entry] = {
    **{code: Entry("TFLite>Same") for code in _KEEPING},
    **{code: Entry(op) for code, op in _MERGING.items()},
    **{code: Entry(op, kind, _activation) for code, (op, kind) in _ACTIVATED.items()},
    1: Entry("AvgPool", 5, _windows(1, None, 3)),
    2: Entry("TFLite>Concatenation", 10, _numbers(axis=0)),
    3: Entry("TFLite>Conv2D", 1, _windows(1, 4)),
    4: Entry("TFLite>DepthwiseConv2D", 2, _windows(1, 5)),
    5: Entry("DepthToSpace", 94, _numbers(block_size=0)),
    9: Entry("TFLite>FullyConnected", 8, _flags(keep_num_dims=2)),
    12: Entry("AvgPool", 5, _windows(1, None, 3)),
    17: Entry("MaxPool", 5, _windows(1, None, 3)),
    23: Entry("ResizeBilinear"),
    26: Entry("SpaceToDepth", 19, _numbers(block_size=0)),
    35: Entry("TFLite>UnidirectionalSequenceRNN", 31, _flags(time_major=0)),
    38: Entry("SpaceToBatchND"),
    40: Entry("Mean", *_REDUCED),
    43: Entry("Squeeze", 30, _squeezed),
    44: Entry("TFLite>UnidirectionalSequenceLSTM", 71, _flags(time_major=3)),
    45: Entry("TFLite>StridedSlice", 32, _MASKS),
    49: Entry("TFLite>Split", 35, _numbers(num_split=0)),
    67: Entry("TFLite>TransposeConv"),
    74: Entry("Sum", *_REDUCED),
    81: Entry("Prod", *_REDUCED),
    82: Entry("Max", *_REDUCED),
    83: Entry("Pack", 59, _numbers(axis=1)),
    85: Entry("OneHot", 61, _numbers(axis=0)),
    88: Entry("Unpack", 64, _numbers(num=0, axis=1)),
    89: Entry("Min", *_REDUCED),
    91: Entry("Any", *_REDUCED),
    94: Entry("Fill"),
    96: Entry("Range"),
    97: Entry("ResizeNearestNeighbor"),
    100: Entry("TFLite>MirrorPad"),
    112: Entry("ReverseSequence"),
    113: Entry("MatrixDiag"),
    126: Entry("BatchMatMulV2", 101, _flags(adj_x=0, adj_y=1)),
    132: Entry("Conv3D", 106, _deep_windows),
    140: Entry("All", *_REDUCED),
    141: Entry("TFLite>TransposeConv"),
    145: Entry("BroadcastArgs"),
}
